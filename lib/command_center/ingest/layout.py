"""Where a sheet's table lies: its header rows, its columns, and what each row is.

Titles, header rows, column numbers, blank rows, totals by word and notes are told from data and counted apart;
none is dropped without a role.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from command_center.catalog import Dataset
from command_center.cleaning.columns import Mask, distinct, matches, positions
from command_center.cleaning.missing import MARKS
from command_center.ingest.headers import (
    HeaderCell,
    HeaderNames,
    SourceColumn,
    count_matches,
    match_columns,
    normal_key,
)
from command_center.ingest.readers import Sheet

_SEARCHED_ROWS = 60
_TALLEST_HEADER = 5
_FIRST_TEXT_COLUMNS = 3
_MARKS = frozenset(mark for marks in MARKS.values() for mark in marks)
_NUMBER_LIKE = re.compile(
    r"^[-+(]?\s*(?:rp\.?\s*)?[\d.,\s\u00a0]*\d[\d.,\s\u00a0]*(?:,-)?\s*%?\)?$", re.IGNORECASE
)
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,3})\s*\)?")
_TOTAL = (
    r"^\s*(?i:(?:grand\s+|sub[\s-]*|total\s+)?(?:total|jumlah|jml)(?:\s+(?:total|seluruh\w*|keseluruhan|semua|akhir|umum"
    r"|(?:kabupaten|kab\.?|kecamatan|kec\.?|kota|desa|halaman|per|se)\b.*))?|rata[\s-]*rata|average)\s*[:.]?\s*$"
)
_SENTENCE = r"^.{41,}$|\pL.*,.*\d{4}"
_NOTE = r"^\s*(?i:sumber|source|catatan|keterangan|ket\.|notes?\b|mengetahui|kepala dinas|nip\b|ttd|\*+\s*\)?\s*\pL)"


class Role(IntEnum):
    """What a row of a sheet is; only DATA is read."""

    DATA = 0
    TITLE = 1
    HEADER = 2
    COLUMN_NUMBERS = 3
    BLANK = 4
    TOTAL = 5
    REPEATED_HEADER = 6
    NOTE = 7


@dataclass(frozen=True, eq=False)
class SheetLayout:
    """Header rows `header_from` to `header_to` (grid rows, both included), the columns, the role of every row."""

    header_from: int
    header_to: int
    columns: tuple[SourceColumn, ...]
    roles: npt.NDArray[np.int8]

    @property
    def data(self) -> npt.NDArray[np.intp]:
        """Grid rows that hold data, in order."""
        return np.flatnonzero(self.roles == Role.DATA)

    def position(self, field: str) -> int | None:
        """Return the grid column of a field, None where the sheet lacks it."""
        return next((column.position for column in self.columns if column.field == field), None)


def find_layout(
    sheet: Sheet, dataset: Dataset, confirmed: Mapping[str, str] | None = None
) -> SheetLayout | None:
    """Return where the dataset's table lies in the sheet, None where no rows name enough of its fields.

    `confirmed` are headers the walidata has said yes to, with their fields.
    """
    found = find_header(sheet, dataset, confirmed)
    if found is None:
        return None
    start, stop, columns = found
    return SheetLayout(start, stop - 1, columns, _roles(sheet, dataset, columns, (start, stop)))


def find_header(
    sheet: Sheet, dataset: Dataset, confirmed: Mapping[str, str] | None = None
) -> tuple[int, int, tuple[SourceColumn, ...]] | None:
    """Return the first header row, the first row after it and the columns; None as `find_layout`."""
    names = HeaderNames(dataset, confirmed or {})
    top = sheet.top(_SEARCHED_ROWS)
    rows = _best_rows(top, sheet, names.keys(), _needed(dataset))
    if rows is None:
        return None
    start, stop = rows
    columns = match_columns(_header_cells(top[start:stop], sheet, start), names)
    stop = _grown(top, stop, _numeric_positions(columns, dataset))
    return start, stop, match_columns(_header_cells(top[start:stop], sheet, start), names)


def _best_rows(
    top: Sequence[Sequence[str]], sheet: Sheet, known: Mapping[str, tuple[str, str]], needed: int
) -> tuple[int, int] | None:
    """The rows that name most fields, of these the fewest, of these the highest."""
    words = {word for key in known for word in key.split()}
    # A row without any word of a known header neither begins nor ends one; that spares most rows of data.
    telling = [any(not words.isdisjoint(normal_key(cell).split()) for cell in row) for row in top]
    best: tuple[tuple[int, int, int], int, int] | None = None
    for start in np.flatnonzero(telling).tolist():
        for stop in range(start + 1, min(start + _TALLEST_HEADER, len(top)) + 1):
            if not telling[stop - 1]:
                continue
            score = count_matches(_header_cells(top[start:stop], sheet, start), known)
            rank = (score, start - stop, -start)
            if score >= needed and (best is None or rank > best[0]):
                best = (rank, start, stop)
    return None if best is None else best[1:]


def _needed(dataset: Dataset) -> int:
    """Fields a header must name: two, unless the dataset has fewer that a sender fills in."""
    return min(2, len(dataset.table.fields))


def _header_cells(rows: Sequence[Sequence[str]], sheet: Sheet, start: int) -> list[list[HeaderCell]]:
    """The header parts of every column, parents spanning several columns given to each of them."""
    width = len(rows[0]) if rows else 0
    filled = [list(row) for row in rows]
    shared = [[False] * width for _ in rows]
    for at, row in enumerate(rows):
        for column in range(1, width):
            parent = filled[at][column - 1]
            if not row[column].strip() and parent.strip() and _spans(sheet, rows, (at, column), start):
                filled[at][column] = parent
                shared[at][column] = shared[at][column - 1] = True
    columns: list[list[HeaderCell]] = []
    for column in range(width):
        parts: list[HeaderCell] = []
        for at in range(len(rows)):
            text = filled[at][column]
            if text.strip() and not (parts and parts[-1].text == text):
                parts.append(HeaderCell(text, shared[at][column]))
        columns.append(parts)
    return columns


def _spans(sheet: Sheet, rows: Sequence[Sequence[str]], cell: tuple[int, int], start: int) -> bool:
    """Whether an empty header cell belongs to its left neighbour: merged, or with a header of its own below."""
    at, column = cell
    if sheet.merged:
        return any(
            merge.top <= start + at <= merge.bottom and merge.left < column <= merge.right
            for merge in sheet.merged
        )
    return any(row[column].strip() for row in rows[at + 1 :])


def _numeric_positions(columns: Sequence[SourceColumn], dataset: Dataset) -> list[int]:
    kinds = {field.name: field.type for field in dataset.table.fields}
    return [
        column.position
        for column in columns
        if kinds.get(column.field or "") in ("integer", "number", "date")
    ]


def _grown(top: Sequence[Sequence[str]], stop: int, numeric: Sequence[int]) -> int:
    """Take in rows below that only continue the header: words, and no number, where numbers are due."""
    while stop < len(top) and numeric:
        cells = [top[stop][at].strip() for at in numeric if top[stop][at].strip()]
        words = [cell for cell in cells if not _is_value(cell)]
        if len(words) < max(1, (len(numeric) + 1) // 2) or len(words) < len(cells):
            break
        stop += 1
    return stop


def _is_value(cell: str) -> bool:
    return (
        bool(_NUMBER_LIKE.match(cell) or _COLUMN_NUMBER.fullmatch(cell))
        or cell.casefold() in _MARKS
        or any(letter.isdigit() for letter in cell)
    )


def _roles(
    sheet: Sheet, dataset: Dataset, columns: Sequence[SourceColumn], header: tuple[int, int]
) -> npt.NDArray[np.int8]:
    start, stop = header
    filled = _filled(sheet)
    roles = np.full(sheet.row_count, Role.DATA, dtype=np.int8)
    roles[:start] = Role.TITLE
    roles[start:stop] = Role.HEADER
    blank = ~filled.any(axis=1)
    roles[blank & (roles != Role.HEADER)] = Role.BLANK
    roles[_column_numbers(sheet, stop)] = Role.COLUMN_NUMBERS
    roles[_repeats_of(sheet, range(start, stop), roles)] = Role.REPEATED_HEADER
    roles[_total_rows(sheet, dataset, columns, roles)] = Role.TOTAL
    positions = (_numeric_positions(columns, dataset), _key_positions(columns, dataset))
    roles[_note_rows(sheet, filled, positions, roles)] = Role.NOTE
    return roles


def _key_positions(columns: Sequence[SourceColumn], dataset: Dataset) -> list[int]:
    keys = {field.name for field in dataset.table.fields if field.constraints.required}
    source = dataset.layout.region_from
    keys |= {*dataset.table.primaryKey, *(() if source is None else (source.name,))}
    return [column.position for column in columns if column.field in keys]


def _filled(sheet: Sheet) -> Mask:
    """Rows × columns: True where a cell holds more than white space."""
    filled = np.empty(sheet.cells.shape, dtype=np.bool_, order="F")
    for at in range(sheet.cells.shape[1]):
        column = distinct(sheet.cells[at])
        filled[:, at] = column.spread(column.matches(r"[^\s\x{a0}\x{202f}]", digits=True), False)
    return filled


def _column_numbers(sheet: Sheet, stop: int) -> list[int]:
    """The row under the header that numbers the columns: (1), (2), (3)."""
    for at, row in enumerate(sheet.top(stop + 2)[stop:], start=stop):
        cells = [cell.strip() for cell in row if cell.strip()]
        numbers = [_COLUMN_NUMBER.fullmatch(cell) for cell in cells]
        if len(cells) < _FIRST_TEXT_COLUMNS or not all(numbers):
            continue
        counted = [int(number.group(1)) for number in numbers if number]
        if counted == list(range(counted[0], counted[0] + len(counted))) and counted[0] <= 1:
            return [at]
    return []


def _repeats_of(sheet: Sheet, rows: range, roles: npt.NDArray[np.int8]) -> Mask:
    """Data rows whose cells are those of a header row, as printed again on every page."""
    repeated = np.zeros(sheet.row_count, dtype=np.bool_)
    for row in rows:
        same = np.ones(sheet.row_count, dtype=np.bool_)
        texts = 0
        for at in range(sheet.cells.shape[1]):
            codes = positions(sheet.cells[at])
            same &= codes == codes[row]
            texts += int(codes[row] >= 0)
        if texts > 1:
            repeated |= same
    found: Mask = repeated & (roles == Role.DATA)
    return found


def _total_rows(
    sheet: Sheet, dataset: Dataset, columns: Sequence[SourceColumn], roles: npt.NDArray[np.int8]
) -> Mask:
    """Data rows with JUMLAH, TOTAL or the like where a name is due."""
    fields = {field.name: field for field in dataset.table.fields}
    totals = np.zeros(sheet.row_count, dtype=np.bool_)
    looked_at = 0
    for column in columns:
        field = fields.get(column.field or "")
        if field is not None and field.type != "string":
            continue
        cells = distinct(sheet.cells[column.position])
        worded = cells.matches(_TOTAL, digits=False)
        if field is not None and field.constraints.enum:
            worded &= ~cells.values.isin(field.constraints.enum).to_numpy()
        totals |= cells.spread(worded, False)
        looked_at += 1
        if looked_at == _FIRST_TEXT_COLUMNS:
            break
    found: Mask = totals & (roles == Role.DATA)
    return found


def _note_rows(
    sheet: Sheet, filled: Mask, positions: tuple[Sequence[int], Sequence[int]], roles: npt.NDArray[np.int8]
) -> Mask:
    """Rows without any value due that begin like a note, and rows after the last data that hold a line of text.

    A row with a name in a key column stays data, though it be the last and all else empty.
    """
    numeric, keys = positions
    is_data = roles == Role.DATA
    size = len(filled)
    values = filled[:, list(numeric)].any(axis=1) if numeric else np.zeros(size, dtype=np.bool_)
    keyed = filled[:, list(keys)].any(axis=1) if keys else np.zeros(size, dtype=np.bool_)
    few = filled.sum(axis=1) <= max(1, min(2, filled.shape[1] - 1))
    if not (is_data & few & ~values).any():
        return np.zeros(size, dtype=np.bool_)
    opening, sentence = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    for at in range(sheet.cells.shape[1]):
        cells = distinct(sheet.cells[at])
        opening |= cells.spread(cells.matches(_NOTE, digits=False), False)
        sentence |= cells.spread(matches(cells.texts, _SENTENCE), False)
    notes = is_data & opening & ~values & few
    full = np.flatnonzero(is_data & ~notes & (values | ~few))
    if full.size:
        trailing = np.arange(size) > full[-1]
        notes |= is_data & trailing & ~values & few & (~keyed | sentence)
    told: Mask = notes
    return told
