"""From an openpyxl workbook to bytes: the same for the same content, formulas with the values they had.

openpyxl writes the time of day into every file and leaves formulas without their last result; a reader that
does not calculate would find those cells empty.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.utils.datetime import to_excel
from openpyxl.writer.excel import ExcelWriter

# A workbook says when it was made through its period, not through the clock.
FIXED_MOMENT = datetime(2020, 1, 1)
_ENTRY_MOMENT = (2020, 1, 1, 0, 0, 0)
_FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]+\d+)"([^>]*)>(<f(?:/>|[ >].*?</f>))<v ?(?:/>|></v>)</c>', re.DOTALL
)
_KIND = re.compile(rb' t="[a-zA-Z]+"')

# The last results of the formulas of each sheet, by cell address.
Results = Mapping[str, Mapping[str, object]]


def to_bytes(workbook: Any, results: Results | None = None) -> bytes:
    """Return an openpyxl workbook as .xlsx; equal content gives equal bytes.

    `results` holds the last results of formulas by sheet title and cell address; a formula without one is
    left for the office program to calculate.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        # Not Workbook.save, which sets the time of change.
        ExcelWriter(workbook, archive).write_data()
    by_part = {
        sheet.path.removeprefix("/"): values
        for sheet in workbook.worksheets
        if (values := (results or {}).get(sheet.title))
    }
    return _repacked(buffer, by_part)


def _repacked(buffer: io.BytesIO, results: Mapping[str, Mapping[str, object]]) -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(buffer) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name in results:
                content = _with_results(content, results[name])
            entry = zipfile.ZipInfo(name, _ENTRY_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return packed.getvalue()


def _with_results(part: bytes, results: Mapping[str, object]) -> bytes:
    def filled(cell: re.Match[bytes]) -> bytes:
        address, attributes, formula = cell.groups()
        value = results.get(address.decode("ascii"))
        if value is None:
            return cell.group()
        kind, text = _result(value)
        attributes = _KIND.sub(b"", attributes) + kind
        return b'<c r="%b"%b>%b<v>%b</v></c>' % (address, attributes, formula, text)

    return _FORMULA_CELL.sub(filled, part)


def _result(value: object) -> tuple[bytes, bytes]:
    """Return the type attribute and the text of a formula's result, as SpreadsheetML writes them."""
    if isinstance(value, bool):
        return b' t="b"', b"1" if value else b"0"
    if isinstance(value, int | float):
        return b"", repr(value).encode("ascii")
    if isinstance(value, date | time | timedelta):
        return b"", repr(to_excel(value)).encode("ascii")
    text = str(value)
    kind = b' t="e"' if text.startswith("#") else b' t="str"'
    return kind, escape(text).encode("utf-8")
