"""A faulty submission as the workbook its sender gets back: coloured, commented, with a summary in front.

Nothing in it is corrected: values stay as sent, except that numbers of persons are masked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from command_center.catalog import Dataset, Field
from command_center.cleaning import mask
from command_center.ingest.context import IngestContext
from command_center.ingest.layout import SheetLayout, find_layout
from command_center.ingest.readers import RawFile, read_file
from command_center.ingest.report import FileReport
from command_center.ingest.workbook import styles
from command_center.ingest.workbook.comments import AUTHOR, note_text
from command_center.ingest.workbook.identity import WorkbookIdentity, as_laid_out, read_identity, stamp
from command_center.ingest.workbook.locating import FaultLocator
from command_center.ingest.workbook.masking import anchor_of, commented_cells, mask_sheet, mask_surroundings
from command_center.ingest.workbook.opening import last_results, open_sent, sheet_title
from command_center.ingest.workbook.packing import to_bytes
from command_center.ingest.workbook.repairs import Repair
from command_center.ingest.workbook.summary import SUMMARY_SHEET, write_summary
from command_center.ingest.workbook.told import CellFault, Told
from command_center.ingest.workbook.words import title_of
from command_center.locale import Locale

# Office programs grow slow beyond; the rest is coloured and counted.
_MOST_NOTES = 10_000
_NOTE_WIDTH, _LINE_HEIGHT, _LETTERS_IN_LINE = 380, 17, 52
_MARKS = {fill.start_color.rgb for fill in styles.FAULT_FILLS.values()}


def faults_of(report: FileReport) -> pd.DataFrame:
    """Return all faults of a file, those of the file itself first; columns as in SheetReport.faults."""
    return pd.concat([report.faults, *(sheet.faults for sheet in report.sheets)], ignore_index=True)


def mark_faults(
    content: bytes,
    faults: pd.DataFrame,
    dataset: Dataset,
    locale: Locale | None = None,
    *,
    context: IngestContext,
    name: str,
) -> bytes:
    """Return the submission as an .xlsx with each faulty cell coloured and commented and a summary sheet.

    `content` is the file as sent, in any format; `faults` as faults_of gives them, `dataset` and `context` as
    the check had them. Addresses stay those of the file; a missing required column is put in at the right end.
    Personal numbers are masked in every cell, note and property; columns declared personal are emptied. Marks
    of an earlier return are taken away. Raises IngestError for a file that cannot be read, or is too large for
    a workbook.
    """
    locale = locale or Locale()
    identity = read_identity(content)
    raw = _without_summary(read_file(content, name), identity)
    laid_out = as_laid_out(dataset, content)
    layouts = {
        sheet.name: layout
        for sheet in raw.sheets
        if (layout := find_layout(sheet, laid_out, context.confirmed)) is not None
    }
    workbook = open_sent(content, raw, laid_out, layouts, context)
    if identity is not None:
        _take_away_marks(workbook, {sheet.name for sheet in raw.sheets})
    told = _locate(raw, faults, (laid_out, context, layouts, identity), locale)
    titles = _mask(workbook, raw, (laid_out, layouts), told, locale)
    mask_surroundings(workbook, AUTHOR)
    results = last_results(workbook, raw)
    told = sorted(told, key=lambda one: (not one.is_open, one.sheet, one.row, one.column))
    for number, one in enumerate(told):
        one.sheet = titles.get(one.sheet, one.sheet)
        if one.row:
            _mark(workbook[one.sheet], one, (dataset, locale), with_note=number < _MOST_NOTES)
    summary = workbook.create_sheet(_free_title(workbook), 0)
    write_summary(summary, told, dataset, mask(name), locale)
    workbook.active = 0
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = sheet is summary
    stamp(workbook, _identity(identity, laid_out, titles))
    return to_bytes(workbook, results)


def _locate(
    raw: RawFile,
    faults: pd.DataFrame,
    known: tuple[Dataset, IngestContext, Mapping[str, SheetLayout], WorkbookIdentity | None],
    locale: Locale,
) -> list[Told]:
    """Every place of every sheet; a fault of the file or of a sheet without table has no cell."""
    dataset, context, layouts, identity = known
    ours = identity is not None and bool(identity.dataset)
    if ours:
        # Titles and headers of the official workbook are as they must be.
        faults = faults[~faults["check"].isin(["title_rows", "header_rows", "column_absent"])]
    told: list[Told] = []
    for sheet in raw.sheets:
        layout = layouts.get(sheet.name)
        own = faults[faults["sheet"] == sheet.name]
        if layout is not None and len(own):
            period = identity.period if identity is not None else ""
            told += FaultLocator(sheet, layout, dataset, context, period, locale).locate(own)
    for fault in faults[~faults["sheet"].isin(list(layouts))].to_dict("records"):
        repair = Repair("keep" if fault["action"] == "fixed" else "resend")
        place = str(fault["sheet"] or raw.sheets[0].name)
        told.append(Told(place, 0, 0, "", None, [CellFault(str(fault["check"]), fault["action"])], repair))
    return told


def _mask(
    workbook: Any,
    raw: RawFile,
    known: tuple[Dataset, Mapping[str, SheetLayout]],
    told: list[Told],
    locale: Locale,
) -> dict[str, str]:
    """Mask all sheets and return the title of each sheet of the file in the workbook."""
    dataset, layouts = known
    fields = {field.name: field for field in dataset.table.fields}
    titles: dict[str, str] = {}
    for sheet in raw.sheets:
        found = sheet.name if sheet.name in workbook.sheetnames else sheet_title(sheet.name)
        worksheet = workbook[found]
        layout = layouts.get(sheet.name)
        emptied = mask_sheet(worksheet, sheet, layout, dataset)
        told += [_emptied(sheet.name, layout, fields[name], locale) for name in emptied]
        worksheet.title = sheet_title(mask(found))
        titles[sheet.name] = worksheet.title
    return titles


def _emptied(sheet: str, layout: SheetLayout | None, field: Field, locale: Locale) -> Told:
    """What is told at the header of a column that identifies persons."""
    position = layout.position(field.name) if layout is not None else None
    row = 0 if layout is None else layout.header_to + 1
    return Told(sheet, row, (position or 0) + 1, title_of(field, locale), field,
                [CellFault("personal_emptied", "quarantined")], Repair("cells"))  # fmt: skip


def _without_summary(raw: RawFile, identity: WorkbookIdentity | None) -> RawFile:
    """The file without the summary of an earlier return."""
    if identity is None:
        return raw
    kept = (
        one for one in raw.sheets if one.name in identity.sheets or not one.name.startswith(SUMMARY_SHEET)
    )
    return replace(raw, sheets=tuple(kept))


def _take_away_marks(workbook: Any, kept: set[str]) -> None:
    """Remove the summary, colours and notes of an earlier return."""
    for title in workbook.sheetnames:
        if title.startswith(SUMMARY_SHEET) and title not in kept:
            workbook.remove(workbook[title])
    for worksheet in workbook.worksheets:
        for cell in commented_cells(worksheet):
            if cell.comment.author == AUTHOR:
                cell.comment = None
        for row in worksheet.iter_rows():
            for cell in row:
                if cell.fill.fill_type == "solid" and cell.fill.start_color.rgb in _MARKS:
                    cell.fill = PatternFill()


def _mark(worksheet: Any, one: Told, said: tuple[Dataset, Locale], *, with_note: bool) -> None:
    dataset, locale = said
    cell = anchor_of(worksheet, one.row, one.column)
    if one.written is not None:
        cell.value, cell.data_type = one.written, "s"
        cell.font, cell.alignment, cell.border = styles.BOLD_FONT, styles.CENTRED, styles.GRID
        worksheet.column_dimensions[cell.column_letter].width = 22
    cell.fill = styles.FAULT_FILLS[one.action]
    if worksheet.protection.sheet:
        cell.protection = styles.UNLOCKED
        if one.repair.order in ("clear_row", "clear_column", "fill_column", "scale_column"):
            _unlock(worksheet, one)
    if with_note:
        text = mask(note_text(one, dataset, locale))
        lines = sum(1 + len(line) // _LETTERS_IN_LINE for line in text.split("\n"))
        cell.comment = Comment(text, AUTHOR, width=_NOTE_WIDTH, height=_LINE_HEIGHT * (lines + 1))


def _unlock(worksheet: Any, one: Told) -> None:
    is_row = one.repair.order == "clear_row"
    area: Sequence[Sequence[Any]] = (
        list(worksheet.iter_rows(min_row=one.row, max_row=one.row))
        if is_row
        else list(worksheet.iter_rows(min_row=one.row, min_col=one.column, max_col=one.column))
    )
    for row in area:
        for cell in row:
            cell.protection = styles.UNLOCKED


def _free_title(workbook: Any) -> str:
    taken = set(workbook.sheetnames)
    return next(
        title
        for title in (SUMMARY_SHEET, *(f"{SUMMARY_SHEET} {n}" for n in range(2, 999)))
        if title not in taken
    )


def _identity(
    before: WorkbookIdentity | None, dataset: Dataset, titles: Mapping[str, str]
) -> WorkbookIdentity:
    """What the returned workbook says it is: the same official workbook, or the sheets its sender sent."""
    if before is not None and before.dataset:
        return before
    read = tuple(title for name, title in titles.items() if name in dataset.layout.sheets)
    ignored = before.ignored if before is not None else ()
    return WorkbookIdentity(sheets=read or tuple(titles.values()), ignored=ignored)
