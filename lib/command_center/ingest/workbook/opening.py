"""Any file that was sent, as an openpyxl workbook with its cells at their addresses.

XLSX stays the sender's own workbook; whatever else was sent becomes one, sheet by sheet.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from command_center.catalog import Dataset
from command_center.cleaning.columns import strings
from command_center.ingest.context import IngestContext
from command_center.ingest.layout import SheetLayout
from command_center.ingest.readers import Kind, RawFile, Sheet
from command_center.ingest.refusals import IngestError
from command_center.ingest.workbook import styles
from command_center.ingest.workbook.columns import DATE_FORMAT
from command_center.ingest.workbook.readings import NUMERIC, CellReader, Value, column_cells

_MOST_CELLS = 3_000_000
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
_WIDEST, _NARROWEST, _LOOKED_AT = 42, 9, 200
# A number with nothing about it but its digits.
_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")

# Of each sheet of the file, where its table lies; sheets without one are left out.
Layouts = Mapping[str, SheetLayout]


def open_sent(
    content: bytes, raw: RawFile, dataset: Dataset, layouts: Layouts, context: IngestContext
) -> Any:
    """Return the file as an openpyxl workbook, links to other files, charts and pivots left out.

    Of a text format, cells that are sound numbers become numbers; all else stays the text it was.
    Raises IngestError (file_too_large) above three million cells.
    """
    if sum(sheet.cells.size for sheet in raw.sheets) > _MOST_CELLS:
        raise IngestError(
            "file_too_large",
            "The table is too large to be returned as a workbook",
            where=raw.name,
            next_step="correct the file by the report of the check, or send it in parts",
        )
    if raw.format == "xlsx":
        opened = _opened(content)
        if opened is not None:
            return opened
    return _converted(raw, dataset, layouts, context)


def last_results(workbook: Any, raw: RawFile) -> dict[str, dict[str, object]]:
    """Return the last result of every formula of the workbook, by sheet title and cell address."""
    sheets = {sheet.name: sheet for sheet in raw.sheets}
    results: dict[str, dict[str, object]] = {}
    for worksheet in workbook.worksheets:
        sheet = sheets.get(worksheet.title)
        if sheet is None:
            continue
        results[worksheet.title] = {
            cell.coordinate: value
            for row in worksheet.iter_rows(max_row=sheet.row_count, max_col=sheet.cells.shape[1])
            for cell in row
            if cell.data_type == "f" and (value := _value(sheet, cell.row - 1, cell.column - 1)) is not None
        }
    return results


def _opened(content: bytes) -> Any | None:
    """The sender's workbook, None where openpyxl cannot read what the reader of the check could."""
    try:
        with warnings.catch_warnings():
            # openpyxl warns of parts it does not carry over; none of them holds a cell.
            warnings.simplefilter("ignore", UserWarning)
            workbook = load_workbook(io.BytesIO(content), keep_links=False)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, zipfile.BadZipFile):
        return None
    for sheet in workbook.worksheets:
        # Both keep copies of cells that masking would not reach.
        sheet._charts, sheet._pivots = [], []  # noqa: SLF001 - openpyxl has no public way to drop them
    return workbook


def _converted(raw: RawFile, dataset: Dataset, layouts: Layouts, context: IngestContext) -> Any:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for sheet in raw.sheets:
        layout = layouts.get(sheet.name)
        figures = {} if layout is None else _figures(sheet, layout, dataset, context)
        _fill(workbook.create_sheet(sheet_title(sheet.name)), sheet, figures, layout)
    return workbook


def _figures(
    sheet: Sheet, layout: SheetLayout, dataset: Dataset, context: IngestContext
) -> Mapping[int, Mapping[int, Value]]:
    """By column and row from 1, the numbers of the numeric columns as the check reads them."""
    reader = CellReader(dataset, column_cells(sheet, layout, dataset), context)
    return {
        column.position: reader.values(column.field)
        for column in layout.columns
        if column.field is not None and reader.fields[column.field].type in NUMERIC
    }


def sheet_title(name: str) -> str:
    """Return a name as a sheet may bear it: at most 31 characters, none of those a workbook forbids."""
    return _NOT_IN_TITLE.sub(" ", name).strip("' ")[:_LONGEST_TITLE] or "Data"


def _fill(
    worksheet: Any, sheet: Sheet, figures: Mapping[int, Mapping[int, Value]], layout: SheetLayout | None
) -> None:
    for at in range(sheet.cells.shape[1]):
        texts = strings(sheet.cells[at])
        known = figures.get(at, {}) if sheet.kinds is None else {}
        for row, text in enumerate(texts):
            if text != "":
                value = known.get(row + 1) if _PLAIN.fullmatch(text) else None
                _put(worksheet.cell(row + 1, at + 1), _value(sheet, row, at) if value is None else value)
        longest = max((len(str(text)) for text in texts[:_LOOKED_AT]), default=0)
        worksheet.column_dimensions[get_column_letter(at + 1)].width = min(
            max(longest + 2, _NARROWEST), _WIDEST
        )
    for merge in sheet.merged:
        worksheet.merge_cells(
            start_row=merge.top + 1,
            start_column=merge.left + 1,
            end_row=merge.bottom + 1,
            end_column=merge.right + 1,
        )
    if layout is not None:
        for row in worksheet.iter_rows(min_row=layout.header_from + 1, max_row=layout.header_to + 1):
            for cell in row:
                cell.font, cell.alignment = styles.BOLD_FONT, styles.CENTRED
        worksheet.freeze_panes = worksheet.cell(layout.header_to + 2, 1)


def _put(cell: Any, value: object) -> None:
    cell.value = value
    if isinstance(value, date):
        cell.number_format = DATE_FORMAT
    elif isinstance(value, str):
        # Text stays text, whatever it begins with.
        cell.data_type = "s"


def _value(sheet: Sheet, row: int, at: int) -> object:
    """A cell of the grid as the value it was; None where empty."""
    text = sheet.cells[at].iloc[row]
    if not isinstance(text, str) or text == "":
        return None
    kinds = sheet.kind_of(at)
    kind = Kind.TEXT if kinds is None else Kind(kinds[row])
    if kind == Kind.NUMBER:
        figure = float(text)
        return int(text) if text.lstrip("-").isdigit() else figure
    if kind == Kind.DATE:
        moment = datetime.fromisoformat(text)
        return moment.date() if len(text) == len("2020-01-01") else moment
    if kind == Kind.BOOLEAN:
        return text == "true"
    return text
