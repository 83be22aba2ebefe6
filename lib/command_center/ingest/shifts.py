"""Rows whose cells slipped to the next column, as after a cell was deleted or a separator typed too many.

A row is called shifted only where its cells do not fit their columns and all fit the columns beside them.
"""

import numpy as np
import pandas as pd

from command_center.catalog import Field
from command_center.cleaning.columns import Distinct, Mask, distinct, matches
from command_center.cleaning.missing import MARKS
from command_center.contracts.schema import PERIOD_COLUMN
from command_center.ingest.sheetwork import SheetWork

_NUMBER = (
    r"^\s*[-+(]?\s*(?i:rp\.?)?\s*\d[\d.,\s\x{a0}]*(?:,-)?\s*%?\)?\s*[*)]*\s*$"
    r"|^\s*\d[\d.,\s\x{a0}]*\s*(?i:m|km|jt|juta|ribu|rb|miliar|m2|orang|jiwa|unit|rupiah|persen)\.?\s*$"
)
# The code of a region or an agency has points as a number may have, in groups of two digits.
_CODE = r"^\s*\d{1,2}(?:\.\d{2}){2}(?:\.\d{4})?\s*$"
_DAY = r"\d{1,4}\s*[-/. ]\s*(?:\d{1,2}|\pL{3,})\s*[-/. ]\s*'?\d{1,4}|\pL{3,}\.?\s+\d{1,2},?\s+\d{4}|^\d{5,8}$"
_PERIOD = r"(?:19|20)\d{2}"
_LETTERS = r"\pL{2,}"
_FIRST_MISFITS = 2


def find_shifts(work: SheetWork) -> None:
    """Name every data row whose cells fit only when moved by one column."""
    fields = _judged(work)
    if len(fields) < _FIRST_MISFITS:
        return
    positions = {name: work.place(name).position for name in fields}
    misfits = np.zeros(len(work.rows), dtype=np.int16)
    for name, field in fields.items():
        misfits += ~_fits(work, positions[name], field)
    suspects = np.flatnonzero(misfits >= _FIRST_MISFITS)
    if not suspects.size:
        return
    shifted = np.zeros(len(work.rows), dtype=np.bool_)
    for step in (1, -1):
        moved = [_fits(work, _moved(work, positions[name], step), fields[name])[suspects] for name in fields]
        filled = [_filled(work, _moved(work, positions[name], step))[suspects] for name in fields]
        fits = np.column_stack(moved).all(axis=1) & (np.column_stack(filled).sum(axis=1) >= _FIRST_MISFITS)
        shifted[suspects[fits]] = True
    work.note_rows("shifted_cells", shifted, _first_texts(work, shifted))


def _judged(work: SheetWork) -> dict[str, Field]:
    """The fields whose cells can be told apart by their look: numbers, days, codes, and names with letters."""
    references = {key.fields for key in work.dataset.table.foreignKeys}
    source = work.dataset.layout.region_from
    named = {source.name, source.within} if source is not None else set()
    judged: dict[str, Field] = {}
    for name, field in work.fields.items():
        if name not in work.texts or field.personal is not None:
            continue
        rules = field.constraints
        looks = field.type in ("integer", "number", "date") or name == PERIOD_COLUMN
        if looks or name in named or name in references or rules.enum or rules.pattern:
            judged[name] = field
    return judged


def _fits(work: SheetWork, position: int | None, field: Field) -> Mask:
    """Whether the data cells at a grid position could be values of the field; an empty cell fits."""
    texts = _cells(work, position)
    if texts is None:
        return np.ones(len(work.rows), dtype=np.bool_)
    column = distinct(texts)
    return column.spread(_fitting(column, field, work), True)


def _fitting(column: Distinct, field: Field, work: SheetWork) -> Mask:
    if field.type in ("integer", "number"):
        fits = column.matches(_NUMBER, digits=True) & ~column.matches(_CODE, digits=False)
        rest = np.flatnonzero(~fits)
        fits[rest] = _marks(_bare(column.values.iloc[rest]))
        return fits
    values, arrow = column.values, column.texts
    bare = _bare(values)
    marks = _marks(bare)
    if field.type == "date" or field.name == PERIOD_COLUMN:
        return matches(arrow, _DAY if field.type == "date" else _PERIOD) | marks
    if field.constraints.enum:
        allowed = {one.casefold() for one in field.constraints.enum}
        return bare.isin(allowed).to_numpy() | marks
    if field.constraints.pattern:
        return values.str.strip().str.fullmatch(field.constraints.pattern).to_numpy(dtype=np.bool_) | marks
    letters = matches(arrow, _LETTERS)
    if field.name in {key.fields for key in work.dataset.table.foreignKeys}:
        # A code of either system, or a name.
        return letters | (matches(arrow, r"^\D*(?:\d\D*){4,13}$") & ~matches(arrow, r",\d"))
    return letters | marks


def _bare(values: "pd.Series[str]") -> "pd.Series[str]":
    return values.str.strip().str.casefold()


def _marks(bare: "pd.Series[str]") -> Mask:
    marks: Mask = bare.isin([mark for kind in MARKS.values() for mark in kind]).to_numpy()
    return marks


def _moved(work: SheetWork, position: int | None, step: int) -> int | None:
    at = -1 if position is None else position + step
    return at if 0 <= at < work.sheet.cells.shape[1] else None


def _cells(work: SheetWork, position: int | None) -> "pd.Series[str] | None":
    return None if position is None else work.column(position)


def _filled(work: SheetWork, position: int | None) -> Mask:
    texts = _cells(work, position)
    if texts is None:
        return np.zeros(len(work.rows), dtype=np.bool_)
    return ~distinct(texts).empty


def _first_texts(work: SheetWork, rows: Mask) -> "pd.Series[str]":
    """The first column's texts, for showing; none where a name may have slipped into it."""
    beside = work.beside_personal()
    name = next((one for one in work.texts if one not in beside and work.fields[one].personal is None), None)
    return pd.Series([""] * int(rows.sum()), dtype="str") if name is None else work.texts[name][rows]
