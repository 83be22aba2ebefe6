"""What is odd about where a table lies: titles, header rows, strange columns, rows that are no record."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.cleaning import mask
from command_center.cleaning.columns import distinct, strings
from command_center.ingest.faultlog import Place
from command_center.ingest.headers import SourceColumn, normal_key
from command_center.ingest.layout import Role
from command_center.ingest.sheetwork import SheetWork
from command_center.ingest.supplied import is_supplied

Rows = npt.NDArray[np.intp]
_ROW_CHECKS = {
    Role.COLUMN_NUMBERS: "column_numbers",
    Role.REPEATED_HEADER: "repeated_header",
    Role.TOTAL: "total_row",
    Role.NOTE: "note_row",
}


def name_layout_faults(work: SheetWork) -> None:
    """Name everything about titles, header and skipped rows that a reader of the sheet should know."""
    _name_header(work)
    for role, check in _ROW_CHECKS.items():
        _name_rows(work, check, np.flatnonzero(work.layout.roles == role))
    _name_blank_rows(work)
    ragged = np.array(
        [row for row in work.sheet.ragged if work.layout.roles[row] == Role.DATA], dtype=np.intp
    )
    _name_rows(work, "ragged_row", ragged)


def name_column_faults(work: SheetWork) -> None:
    """Name missing, absent, unknown, repeated and renamed columns."""
    suggested = {column.suggestion: column for column in work.layout.columns if column.suggestion}
    ignored = {normal_key(header) for header in work.dataset.layout.ignore}
    for name, field in work.fields.items():
        if work.has(name) or _is_derived(work, name):
            continue
        is_needed = field.constraints.required or name in work.dataset.table.primaryKey
        if name in suggested:
            column = suggested[name]
            place = Place(name, column.header, column.position)
            work.log.sheet("column_renamed", column.header, place, touches=work.rows)
        elif is_needed:
            work.log.sheet("column_missing", name, Place(name), touches=work.rows)
        elif name in work.context.last_filled - work.context.confirmed_changes:
            work.log.sheet("column_dropped", name, Place(name), touches=work.rows)
        else:
            work.log.sheet("column_absent", name, Place(name))
    for column in work.layout.columns:
        if column.field is None and not column.suggestion:
            _name_strange(work, column, ignored)


def _name_strange(work: SheetWork, column: SourceColumn, ignored: set[str]) -> None:
    cells = work.column(column.position)
    if column.repeats:
        work.log.sheet(
            "column_repeated",
            column.header,
            Place(column.repeats, column.header, column.position),
            touches=_differing(work, column),
        )
    elif normal_key(column.header) not in ignored and (column.header or not distinct(cells).empty.all()):
        work.log.sheet("column_unknown", column.header, Place(column.header, column.header, column.position))


def _differing(work: SheetWork, column: SourceColumn) -> Rows:
    """Data rows in which the repeated column says something else than the first."""
    first = work.place(column.repeats).position
    if first is None:
        return work.rows
    one, other = (strings(work.column(at)).to_numpy() for at in (first, column.position))
    differing: Rows = work.rows[one != other]
    return differing


def _is_derived(work: SheetWork, name: str) -> bool:
    """Whether the field comes from others: a region from its name, the period from the one that is due."""
    source = work.dataset.layout.region_from
    if source is not None and name == source.field and work.has(source.name):
        return True
    return is_supplied(work, name)


def _name_header(work: SheetWork) -> None:
    layout = work.layout
    top = work.sheet.top(layout.header_to + 1)
    titles = [" ".join(cell for cell in row if cell.strip()) for row in top[: layout.header_from]]
    first = next((title for title in titles if title.strip()), "")
    if first:
        work.log.sheet("title_rows", first)
    rows = range(layout.header_from, layout.header_to + 1)
    if len(rows) > 1:
        work.log.sheet("header_rows", str(len(rows)))
    if any(merge.top in rows and merge.right > merge.left for merge in work.sheet.merged):
        work.log.sheet("header_merged", "")
    for column in layout.columns:
        if column.has_line_break:
            place = Place(column.field or column.header, column.header, column.position)
            work.log.sheet("header_line_break", column.header, place)


def _name_rows(work: SheetWork, check: str, rows: Rows) -> None:
    if rows.size:
        work.log.cells(check, Place(), rows, _told(work, rows))


def _name_blank_rows(work: SheetWork) -> None:
    """Blank rows between others; what lies after the last filled row is only the end of the sheet."""
    blank = np.flatnonzero(work.layout.roles == Role.BLANK)
    filled = np.flatnonzero(work.layout.roles != Role.BLANK)
    inside = blank[(blank > work.layout.header_to) & (blank < (filled[-1] if filled.size else 0))]
    _name_rows(work, "blank_row", inside)


def _told(work: SheetWork, rows: Rows) -> "pd.Series[str]":
    """The first filled cell of each row."""
    cells = work.sheet.cells.iloc[rows].apply(strings)
    texts = [
        next((str(cell) for cell in row if str(cell).strip()), "") for row in cells.itertuples(index=False)
    ]
    return pd.Series([mask(text) for text in texts], dtype="str")
