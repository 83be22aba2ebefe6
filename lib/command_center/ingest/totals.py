"""Rows that are sums of the rows above: those without a word for it, and printed totals that do not agree.

A total counted as a record doubles a figure; a total that differs says that something else is wrong.
"""

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.catalog import Field
from command_center.cleaning import read_numbers
from command_center.cleaning.columns import Mask, distinct, strings
from command_center.cleaning.marks import Declared
from command_center.ingest.cellvalues import NUMERIC
from command_center.ingest.layout import Role
from command_center.ingest.references import region_fields
from command_center.ingest.sheetwork import SheetWork

_NOT_SUMMED = frozenset(
    {"percent", "index", "years", "per_1000", "per_100000", "days", "hours", "ratio", "points"}
)
_FEWEST_ROWS = 3
# With fewer rows above, a record may be their sum by chance.
_FEWEST_NAMED = 5
_AVERAGE = re.compile(r"rata|average|mean", re.IGNORECASE)
# Printed totals are of rounded figures.
_RELATIVE, _ABSOLUTE = 1e-6, 0.51


def find_unlabelled_totals(work: SheetWork) -> None:
    """Skip rows that name nothing and hold the sums of the rows above them."""
    names = _summed(work)
    if not names:
        return
    nameless = _nameless(work)
    if not nameless.any():
        return
    totals = np.zeros(len(work.rows), dtype=np.bool_)
    start = 0
    for at in np.flatnonzero(nameless):
        if _is_sum(work, names, int(at), start) or (start and _is_sum(work, names, int(at), 0, totals)):
            totals[at] = True
            start = int(at) + 1
    work.set_role(totals, Role.TOTAL, "total_row_unlabelled")


def find_named_totals(work: SheetWork) -> None:
    """Skip rows that hold the sums of the rows above under a name.

    Looked at are regions of the wrong level, such as the regency, and the last row of a table that names no regions.
    """
    names = _summed(work)
    wrong = work.log.rows_of("region_level")[work.rows]
    if not region_fields(work.dataset) and len(work.rows) > _FEWEST_NAMED and len(names) > 1:
        wrong[-1] = True
    if not names or not wrong.any():
        return
    totals = np.zeros(len(work.rows), dtype=np.bool_)
    for at in np.flatnonzero(wrong):
        totals[at] = _is_sum(work, names, int(at), 0, totals)
    work.set_role(totals, Role.TOTAL, "total_row_unlabelled")


def check_printed_totals(work: SheetWork) -> None:
    """Name each printed total that is the sum neither of its own rows nor of all rows."""
    rows = np.flatnonzero(work.layout.roles == Role.TOTAL)
    if not rows.size:
        return
    repeated = work.log.rows_of("repeated_rows")[work.rows]
    for name in _summed(work):
        for row, text in _total_cells(work, name, rows):
            if not _agrees(work, name, (row, text), rows, repeated):
                work.log.cells(
                    "total_mismatch",
                    work.place(name),
                    np.array([row], dtype=np.intp),
                    pd.Series([text], dtype="str"),
                )


def _summed(work: SheetWork) -> list[str]:
    return [name for name, field in work.fields.items() if name in work.values and _is_summed(field, work)]


def _is_summed(field: Field, work: SheetWork) -> bool:
    if field.type not in NUMERIC or field.unit in _NOT_SUMMED or field.name in work.dataset.table.primaryKey:
        return False
    return field.unit is not None


def _nameless(work: SheetWork) -> Mask:
    """Data rows in which every column of words is empty as it came, before filling down."""
    nameless = np.ones(len(work.rows), dtype=np.bool_)
    looked_at = False
    for name, field in work.fields.items():
        position = work.place(name).position
        if position is None or field.type != "string":
            continue
        nameless &= distinct(work.column(position)).empty
        looked_at = True
    return nameless if looked_at else ~nameless


def _is_sum(work: SheetWork, names: list[str], at: int, start: int, without: Mask | None = None) -> bool:
    if at - start < _FEWEST_ROWS:
        return False
    compared = 0
    for name in names:
        values = work.values[name]
        if np.isnan(values[at]):
            continue
        above = values[start:at] if without is None else values[start:at][~without[start:at]]
        expected = np.nansum(above)
        if not _equal(values[at], expected) or expected == 0:
            return False
        compared += 1
    return compared > 0


def _total_cells(work: SheetWork, name: str, rows: npt.NDArray[np.intp]) -> list[tuple[int, str]]:
    position = work.place(name).position
    if position is None:
        return []
    texts = strings(work.sheet.cells[position].iloc[rows])
    first = [
        " ".join(str(work.sheet.cells[at].iloc[row]) for at in range(min(3, work.sheet.cells.shape[1])))
        for row in rows
    ]
    return [
        (int(row), str(text))
        for row, text, label in zip(rows, texts, first, strict=True)
        if str(text).strip() and not _AVERAGE.search(label)
    ]


def _agrees(
    work: SheetWork, name: str, total: tuple[int, str], rows: npt.NDArray[np.intp], repeated: Mask
) -> bool:
    row, text = total
    field = work.fields[name]
    read = read_numbers(
        pd.Series([text], dtype="str"), unit=field.unit, declared=Declared(field.type == "integer")
    ).values[0]
    said = {read, *_both_ways(text)} - {np.nan}
    previous = max((int(other) for other in rows if other < row), default=-1)
    open_ = work.log.cells_of(name, "quarantined")
    grids = work.rows
    for inside in ((grids > previous) & (grids < row), grids < row, np.ones(len(grids), dtype=np.bool_)):
        if not inside.any():
            continue
        if open_[grids[inside]].any():
            return True  # A cell that could not be read is told already; the sum cannot be known.
        values = work.values[name]
        for chosen in (inside, inside & ~repeated):
            if any(_equal(value, np.nansum(values[chosen])) for value in said if value == value):
                return True
    return False


def _both_ways(text: str) -> set[float]:
    """The number a text with one sign may be, whichever sign is the decimal mark."""
    bare = re.sub(r"[^\d.,\-]", "", text)
    ways = set()
    for grouping, decimal in ((".", ","), (",", ".")):
        candidate = bare.replace(grouping, "").replace(decimal, ".")
        if re.fullmatch(r"-?\d+(\.\d+)?", candidate):
            ways.add(float(candidate))
    return ways


def _equal(one: float, other: float) -> bool:
    return bool(abs(one - other) <= max(_ABSOLUTE, _RELATIVE * abs(other)))
