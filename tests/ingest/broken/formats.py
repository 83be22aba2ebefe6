"""One grid of values written in every format agencies send: delimited text, workbooks, JSON.

Delimited text holds only texts; workbooks and JSON keep numbers, dates and truth values as such.
"""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlwt

Grid = Sequence[Sequence[Any]]
Merges = Sequence[tuple[int, int, int, int]]

TEXT = ("csv", "csv_bom", "semicolon", "tab", "latin1", "cp1252")
TYPED = ("xlsx", "ods", "xls", "json")
BOOKS = ("xlsx", "ods", "xls")
# What a sender's program leaves in the file beside the cells; each is a fault of the file by itself.
COMPANIONS = {
    "csv_bom": ("byte_order_mark",),
    "semicolon": ("other_separator",),
    "tab": ("other_separator",),
    "latin1": ("other_encoding",),
    "cp1252": ("other_encoding",),
}
_SEPARATORS = {"semicolon": ";", "tab": "\t"}
_ENCODINGS = {"csv_bom": "utf-8-sig", "latin1": "latin-1", "cp1252": "cp1252"}
# A letter that is written with other bytes than in UTF-8.
OUTSIDE_ASCII = {"latin1": "é", "cp1252": "–"}


def write(grid: Grid, file_format: str, merges: Merges = (), other_sheets: Sequence[Grid] = ()) -> bytes:
    """Return the bytes of a file; `merges` (XLSX, ODS) are top, left, bottom, right from 0."""
    if file_format == "xlsx":
        return _xlsx([grid, *other_sheets], merges)
    if file_format == "ods":
        return _ods(grid)
    if file_format == "xls":
        return _xls(grid)
    if file_format == "json":
        header, *rows = grid
        records = [dict(zip(header, map(_json, row), strict=True)) for row in rows]
        return json.dumps(records, ensure_ascii=False).encode()
    return delimited(grid, _SEPARATORS.get(file_format, ",")).encode(_ENCODINGS.get(file_format, "utf-8"))


def delimited(grid: Grid, separator: str = ",") -> str:
    """Return the grid as delimited text."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
    for row in grid:
        writer.writerow([plain(value) for value in row])
    return stream.getvalue()


def plain(value: Any) -> str:
    """Return a value as a program writes it into delimited text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _xlsx(grids: Sequence[Grid], merges: Merges) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for at, grid in enumerate(grids):
        sheet = book.create_sheet(f"Data {at + 1}" if at else "Data")
        for row, values in enumerate(grid, start=1):
            for column, value in enumerate(values, start=1):
                if value is not None and value != "":
                    cell = sheet.cell(row, column, value)
                    # What openpyxl would make a formula or an error sign is a text its sender typed.
                    if isinstance(value, str):
                        cell.data_type = "s"
        if not at:
            for top, left, bottom, right in merges:
                sheet.merge_cells(
                    start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
                )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _xls(grid: Grid) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, values in enumerate(grid):
        for column, value in enumerate(values):
            if value is not None and value != "":
                sheet.write(row, column, value, *([day] if isinstance(value, date) else []))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml"/></manifest:manifest>'
)


def _ods(grid: Grid) -> bytes:
    rows = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in grid)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES}><office:body>'
        f'<office:spreadsheet><table:table table:name="Data">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return stream.getvalue()


def _ods_cell(value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{plain(value)}"/>'
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    # OpenDocument folds runs of spaces unless they are written as elements.
    text = (
        escape(value)
        .replace("\t", "<text:tab/>")
        .replace("\n", "</text:p><text:p>")
        .replace(" ", "<text:s/>")
    )
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
