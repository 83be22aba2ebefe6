"""The round-trip workbook: blank from the declaration, back with its faults marked, and read again as it is."""

from command_center.ingest.workbook.blank import blank_workbook
from command_center.ingest.workbook.identity import WorkbookIdentity, read_identity
from command_center.ingest.workbook.marking import faults_of, mark_faults
from command_center.ingest.workbook.order import WorkbookOrder, WorkbookOrderError, prepare_order
from command_center.ingest.workbook.receiving import as_received

__all__ = [
    "WorkbookIdentity",
    "WorkbookOrder",
    "WorkbookOrderError",
    "as_received",
    "blank_workbook",
    "faults_of",
    "mark_faults",
    "prepare_order",
    "read_identity",
]
