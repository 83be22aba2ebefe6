"""How far a workbook's sheets reach, read from its XML in pieces before any grid is laid out.

A grid is as large as its farthest cell: one value at XFD1048576 would ask for half a terabyte. What the file
says of its own dimensions is not believed; only cells with a value count.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from command_center.ingest.readers.guards import Limits, too_large
from command_center.ingest.refusals import IngestError

_CHUNK = 1 << 20
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d+)[\"']")
_WIDE = re.compile(rb"\br=[\"']([A-Z]{2,})\d+[\"']")
_VALUED = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*(?<!/)>(?!\s*</)")
_ODS_TOKEN = re.compile(
    rb"<table:table-row\b|</table:table-row>|<table:(?:covered-)?table-cell\b|</table:table>"
    rb"|table:number-(rows|columns)-repeated=[\"'](\d+)[\"']|office:value-type=|<text:p\b"
)


# Below this many rows a gap is only a gap; above, a sheet nearly all empty is one with a stray cell.
_TALL, _FEWEST_FILLED = 100_000, 0.1


@dataclass
class _Extent:
    """Rows and columns up to the farthest values, how many rows hold any, and the cells farthest down and right."""

    rows: int = 0
    columns: int = 0
    filled: int = 0
    lowest: str = ""
    rightmost: str = ""

    def fits(self, limits: Limits) -> bool:
        """Return whether a grid of this size is laid out."""
        is_sparse = self.rows > _TALL and self.filled < _FEWEST_FILLED * self.rows
        return self.columns <= limits.columns and self.rows * self.columns <= limits.cells and not is_sparse

    def refusal(self, where: str, limits: Limits) -> IngestError:
        """Return the error that names the cell farthest out."""
        cell = self.rightmost if self.columns > limits.columns else self.lowest
        return too_large(where, self.rows, self.columns, cell)


def guard_xlsx(archive: zipfile.ZipFile, sheets: dict[str, str], name: str, limits: Limits) -> None:
    """Raise IngestError (sheet_too_large) where a sheet's values span more cells than are read.

    `sheets` maps each sheet's name to its file in the archive.
    """
    for sheet, member in sheets.items():
        if not _rough(archive, member).fits(limits):
            exact = _exact(archive, member)
            if not exact.fits(limits):
                raise exact.refusal(f"{name}, sheet {sheet}", limits)


def guard_ods(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Raise IngestError (sheet_too_large) where repeated cells of a sheet make more cells than are read."""
    for extent in _ods_extents(archive):
        if not extent.fits(limits):
            raise extent.refusal(name, limits)


def _rough(archive: zipfile.ZipFile, member: str) -> _Extent:
    """An upper bound, from the rows' numbers and the columns of two letters and more."""
    rows, filled, letters = 0, 0, {b"Z"}
    for piece in pieces(archive, member):
        numbers = [int(digits) for digits in _ROW.findall(piece)]
        rows, filled = max([rows, *numbers]), filled + len(numbers)
        letters.update(_WIDE.findall(piece))
    return _Extent(rows, max(map(column_number, letters)), filled)


def _exact(archive: zipfile.ZipFile, member: str) -> _Extent:
    """The farthest row and column that hold a value; a cell with a format only is none."""
    extent, filled = _Extent(), set()
    for piece in pieces(archive, member):
        for letters, digits in _VALUED.findall(piece):
            row, column = int(digits), column_number(letters)
            filled.add(row)
            if row > extent.rows:
                extent.rows, extent.lowest = row, f"{letters.decode()}{digits.decode()}"
            if column > extent.columns:
                extent.columns, extent.rightmost = column, f"{letters.decode()}{digits.decode()}"
    extent.filled = len(filled)
    return extent


def _ods_extents(archive: zipfile.ZipFile) -> Iterator[_Extent]:
    extent, rows = _Extent(), 0
    rows_repeated, columns, cells_repeated = 1, 0, 1
    filled = 0
    in_cell = False
    for piece in pieces(archive, "content.xml"):
        for found in _ODS_TOKEN.finditer(piece):
            token = found.group()
            if token.startswith(b"<table:table-row"):
                rows_repeated, columns, cells_repeated, filled, in_cell = 1, 0, 1, 0, False
            elif token.startswith(b"<table:"):
                columns += cells_repeated if in_cell else 0
                cells_repeated, in_cell = 1, True
            elif found.group(1) == b"columns" and in_cell:
                cells_repeated = int(found.group(2))
            elif found.group(1) == b"rows":
                rows_repeated = int(found.group(2))
            elif token.startswith((b"office:", b"<text:")) and in_cell:
                filled = columns + cells_repeated
            elif token == b"</table:table-row>":
                rows += rows_repeated
                if filled:
                    extent.rows, extent.columns = rows, max(extent.columns, filled)
                    extent.filled += rows_repeated
                in_cell = False
            elif token == b"</table:table>":
                yield extent
                extent, rows = _Extent(), 0


def pieces(archive: zipfile.ZipFile, member: str, begins: bytes = b"<") -> Iterator[bytes]:
    """Yield the member unpacked piece by piece, cut only before what `begins` an element, never before an end tag."""
    rest = b""
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            cut = rest.rfind(begins)
            while cut > 0 and rest[cut + 1 : cut + 2] in (b"/", b""):
                cut = rest.rfind(begins, 0, cut)
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


def column_number(letters: bytes) -> int:
    """Return the number of a spreadsheet column, from 1: A is 1, XFD is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
