"""Contracts: a table of text checked against the dataset a sector declares.

Every fault is named with row and column; nothing is corrected, guessed or dropped here.
"""

from command_center.contracts.faults import Fault, Severity
from command_center.contracts.source_table import SourceFile, SourceTable, joined_submissions
from command_center.contracts.table import ROW_INDEX, CheckedTable, check_table

__all__ = [
    "ROW_INDEX",
    "CheckedTable",
    "Fault",
    "Severity",
    "SourceFile",
    "SourceTable",
    "check_table",
    "joined_submissions",
]
