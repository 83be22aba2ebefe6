"""The one way from a file to a report: read it, find the table, name every fault, account for every row.

Pure: nothing is stored and nothing outside the file and the context is looked at.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.catalog import Dataset
from command_center.ingest.cellvalues import read_private, read_values
from command_center.ingest.context import IngestContext
from command_center.ingest.crosschecks import check_sums
from command_center.ingest.faultlog import FaultLog, worst
from command_center.ingest.filldown import fill_down
from command_center.ingest.knownnames import declared_names
from command_center.ingest.layout import Role, SheetLayout, find_layout
from command_center.ingest.layoutfaults import name_column_faults, name_layout_faults
from command_center.ingest.otherdataset import other_dataset
from command_center.ingest.readers import Limits, RawFile, Sheet, read_file
from command_center.ingest.references import resolve_references
from command_center.ingest.refusals import IngestError
from command_center.ingest.report import FileReport, SheetReport
from command_center.ingest.results import accepted_table, quarantine_table
from command_center.ingest.rules import check_repeats, check_rules
from command_center.ingest.sheetwork import SheetWork
from command_center.ingest.shifts import find_shifts
from command_center.ingest.supplied import supply_absent
from command_center.ingest.timechecks import check_against_last, check_period
from command_center.ingest.totals import check_printed_totals, find_named_totals, find_unlabelled_totals


def check_file(
    content: bytes, name: str, dataset: Dataset, context: IngestContext, limits: Limits | None = None
) -> FileReport:
    """Return the report of a file: each row of each sheet accepted, quarantined or rejected, each fault named.

    Raises IngestError for what cannot be taken in at all: empty_file, file_too_large, password_protected,
    archive_bomb, corrupt_file, unknown_format, no_rows, no_header, other_dataset, resubmitted_file, no_person_key.
    """
    raw = read_file(content, name, limits)
    # A large file is not held in memory beside its table.
    del content
    return check_raw(raw, dataset, context)


def check_raw(raw: RawFile, dataset: Dataset, context: IngestContext) -> FileReport:
    """Return the report of a file already read; raises as `check_file`."""
    _refuse_again(raw, context)
    log = FaultLog("", 0)
    for check, value in raw.notes:
        log.sheet(check, value)
    reports: list[SheetReport] = []
    for sheet in _wanted(raw, dataset):
        layout = find_layout(sheet, dataset, context.confirmed)
        other = other_dataset(sheet, dataset, context.others)
        if other is not None:
            raise _of_another(raw, sheet, dataset, other)
        if layout is None:
            log.sheet("sheet_without_table", sheet.name)
        else:
            reports.append(check_sheet(sheet, layout, dataset, context))
    _refuse_without_header(raw, dataset, reports)
    _refuse_without_rows(raw, reports)
    return FileReport(dataset.id, raw.name, raw.sha256, raw.format, raw.encoding, log.table(), tuple(reports))


def check_sheet(sheet: Sheet, layout: SheetLayout, dataset: Dataset, context: IngestContext) -> SheetReport:
    """Return the report of one sheet whose table was found."""
    names = declared_names(sheet, layout, dataset)
    log = FaultLog(sheet.name, sheet.row_count, names)
    work = SheetWork(sheet, layout, dataset, context, log, names)
    name_layout_faults(work)
    name_column_faults(work)
    read_private(work)
    find_shifts(work)
    fill_down(work)
    read_values(work)
    find_unlabelled_totals(work)
    supply_absent(work)
    resolve_references(work)
    find_named_totals(work)
    check_rules(work)
    check_repeats(work)
    check_against_last(work)
    check_sums(work)
    check_period(work)
    check_printed_totals(work)
    # A shifted row is full of values that do not fit; it is told once, as the shift.
    work.log.drop(work.log.rows_of("shifted_cells"))
    return _report(work)


def _wanted(raw: RawFile, dataset: Dataset) -> Sequence[Sheet]:
    names = dataset.layout.sheets
    return [sheet for sheet in raw.sheets if not names or sheet.name in names] or raw.sheets


def _report(work: SheetWork) -> SheetReport:
    gravest = worst(work.log)
    quarantined, rejected = gravest["quarantined"][work.rows], gravest["rejected"][work.rows]
    accepted = ~(quarantined | rejected)
    apart = quarantine_table(work, ~accepted)
    return SheetReport(
        sheet=work.sheet.name,
        read=len(work.rows),
        accepted=int(accepted.sum()),
        fixed=int((gravest["fixed"][work.rows] & accepted).sum()),
        quarantined=int(quarantined.sum()),
        rejected=int(rejected.sum()),
        skipped=_skipped(work.layout.roles),
        faults=work.log.table(),
        decisions=tuple(work.decisions),
        table=accepted_table(work, accepted),
        quarantine=apart,
    )


def _skipped(roles: npt.NDArray[np.int8]) -> dict[str, int]:
    counts = pd.Series(roles).value_counts()
    return {
        role.name.lower(): int(counts[role]) for role in Role if role != Role.DATA and role in counts.index
    }


def taken_before(name: str, receipt: str) -> IngestError:
    """Return the refusal of a file that came before, byte for byte, under a receipt."""
    return IngestError(
        "resubmitted_file",
        f"The same file was taken in before, under receipt {receipt}",
        where=name,
        next_step="send the table of the period that is due, or nothing: the earlier one counts",
        receipt=receipt,
    )


def _refuse_again(raw: RawFile, context: IngestContext) -> None:
    receipt = context.taken_in.get(raw.sha256)
    if receipt is not None:
        raise taken_before(raw.name, receipt)


def _refuse_without_header(raw: RawFile, dataset: Dataset, reports: Sequence[SheetReport]) -> None:
    if not reports:
        raise IngestError(
            "no_header",
            f"No row names the columns of {dataset.id}",
            where=raw.name,
            next_step=f"use the official workbook: command-center workbook {dataset.id}",
        )


def _refuse_without_rows(raw: RawFile, reports: Sequence[SheetReport]) -> None:
    if not any(report.read for report in reports):
        raise IngestError(
            "no_rows",
            "The table has a header and no data rows",
            where=raw.name,
            next_step="send the table with its rows",
        )


def _of_another(raw: RawFile, sheet: Sheet, dataset: Dataset, other: Dataset) -> IngestError:
    return IngestError(
        "other_dataset",
        f"The file is the table of {other.id}, not of {dataset.id}",
        where=f"{raw.name}, sheet {sheet.name}",
        next_step=f"send it under its own name: command-center ingest FILE --dataset SECTOR.{other.id}",
    )
