"""From the text of a column to the values its field declares, with every oddity named.

One function per type of field; each leaves unread what it cannot read and says so in the log.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.catalog import Field
from command_center.cleaning import (
    NumberColumn,
    distinct,
    find_private,
    header_unit,
    read_dates,
    read_numbers,
    read_periods,
    read_texts,
    scale_shares,
)
from command_center.cleaning.columns import EMPTY, Distinct, Mask
from command_center.cleaning.dates import order_of
from command_center.cleaning.marks import Declared
from command_center.cleaning.numbers import sheet_mark
from command_center.contracts.schema import PERIOD_COLUMN
from command_center.ingest.faultlog import Place
from command_center.ingest.headers import normal_key
from command_center.ingest.knownnames import mask_known
from command_center.ingest.readers import Kind
from command_center.ingest.refusals import IngestError
from command_center.ingest.sheetwork import SheetWork

NUMERIC = ("integer", "number")
_PLAIN_NUMBER = r"^-?\d+(?:\.\d+)?$"
_YES = frozenset({"true", "1", "ya", "yes", "y", "ada", "v", "✓", "√", "benar", "sudah"})
_NO = frozenset({"false", "0", "tidak", "no", "n", "t", "tidak ada", "x", "belum", "salah"})
_OFFICIAL_BOOLEAN = frozenset({"true", "false", "True", "False", "TRUE", "FALSE", "1", "0"})
_ERROR_SIGN = r"^#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A)$"
# Also the forms by which a cell starts a program when it is opened in a spreadsheet.
_FORMULA = r"^[=@][A-Za-z(+\-]|^[=@+\-][A-Za-z]+\|"
# Above this share of unreadable cells the column, not the cells, is wrong.
_ALMOST_ALL = 0.8


def read_private(work: SheetWork) -> None:
    """Take every column's text into the work with personal numbers masked; name them wherever they stood.

    Names that the file's own columns of names declare are masked in its other texts too.
    Raises IngestError when a personal column must be coded and no key is set.
    """
    names = work.names
    for column in work.layout.columns:
        cells = work.sheet.cells[column.position]
        declared = work.fields.get(column.field or "")
        numeric = declared is not None and declared.type in NUMERIC
        if declared is not None and declared.personal is not None:
            work.texts[declared.name] = work.of_data(cells).reset_index(drop=True)
            continue
        found = find_private(cells, header=column.header, numeric=numeric)
        place = (
            work.place(declared.name)
            if declared is not None
            else Place(column.header, column.header, column.position)
        )
        for check, rows in found.notes.items():
            at = np.flatnonzero(rows)
            work.log.cells(check, place, at, cells.iloc[at])
        if declared is not None:
            texts = found.texts
            if names and _is_free_text(work, declared.name):
                texts, named = mask_known(texts, names)
                at = np.flatnonzero(named)
                work.log.cells("private_name", place, at, texts.iloc[at])
            work.texts[declared.name] = work.of_data(texts).reset_index(drop=True)


def read_values(work: SheetWork) -> None:
    """Read every field the sheet has, in the order of the declaration."""
    numeric = [name for name in work.texts if work.fields[name].type in NUMERIC]
    mark = sheet_mark({name: work.texts[name] for name in numeric})
    orders = {order_of(work.texts[name]) for name in work.texts if work.fields[name].type == "date"} - {None}
    order = next(iter(orders)) if len(orders) == 1 else None
    for name in work.texts:
        field = work.fields[name]
        if field.personal is not None:
            work.values[name] = _coded(work, name)
        elif field.type in NUMERIC:
            work.values[name] = _numbers(work, field, mark)
        elif field.type == "date":
            work.values[name] = _dates(work, name, order)
        elif field.type == "boolean":
            work.values[name] = _booleans(work, name)
        elif name == PERIOD_COLUMN:
            _periods(work, name)
        else:
            _strings(work, field)


def _coded(work: SheetWork, name: str) -> npt.NDArray[np.object_]:
    key = work.context.person_key
    if key is None:
        raise IngestError(
            "no_person_key",
            f"The column {name} identifies persons and there is no key to replace it by",
            where=work.sheet.name,
            who="the administrator",
            next_step="set COMMAND_CENTER_PERSON_KEY to a long random text and take the file in again",
        )
    cleaned = read_texts(work.texts[name])
    _note_all(work, name, cleaned.notes)
    return key.codes(cleaned.texts)


def _note_all(work: SheetWork, name: str, notes: Mapping[str, Mask]) -> None:
    for check, rows in notes.items():
        work.note(check, name, rows)


def _numbers(work: SheetWork, field: Field, mark: Any) -> npt.NDArray[np.float64]:
    name, cells = field.name, work.texts[field.name]
    exact, wrong = work.is_kind(name, Kind.NUMBER), work.is_kind(name, Kind.DATE)
    if exact.any():
        exact &= ~_is_masked(cells)
    rules = field.constraints
    declared = Declared(field.type == "integer", rules.minimum, rules.maximum)
    if exact.any() or wrong.any():
        column = distinct(cells)
        as_text = Distinct(column.texts, np.where(exact | wrong, np.int32(EMPTY), column.codes))
        read = read_numbers(as_text, unit=field.unit, declared=declared, sheet_mark=mark)
        read.values[exact] = pd.to_numeric(cells[exact].astype("str")).to_numpy(dtype=np.float64)
        endless = np.isinf(read.values)
        read.values[endless] = np.nan
        work.note("number_unreadable", name, endless)
    else:
        read = read_numbers(cells, unit=field.unit, declared=declared, sheet_mark=mark)
    if read.decision is not None:
        work.decisions.append((name, read.decision))
    work.note("date_for_number", name, wrong)
    work.note("number_as_text", name, _plain_text_in_workbook(work, name, cells, read))
    if field.unit == "percent":
        read, share = scale_shares(read)
        if share is not None:
            work.decisions.append((name, share))
    values = _in_declared_unit(work, field, read)
    _note_all(work, name, read.notes)
    if field.type == "integer":
        broken = _is_broken(values)
        work.note("not_whole", name, broken)
        values = np.where(broken, np.nan, values)
    _note_retyped(work, name, read)
    return values


def _is_free_text(work: SheetWork, name: str) -> bool:
    """Whether any words may stand in a field: no number, no code, no name of a region or agency, no fixed choice."""
    field, source = work.fields[name], work.dataset.layout.region_from
    led = {key.fields for key in work.dataset.table.foreignKeys}
    led |= {source.name, source.within or ""} if source is not None else set()
    return field.type in ("string", "any") and field.constraints.enum is None and name not in led


def _is_masked(cells: "pd.Series[str]") -> Mask:
    """Cells in which a personal number stood: what is left of it is no number."""
    column = distinct(cells)
    return column.spread(column.matches(r"\*", digits=False), False)


def _is_broken(values: npt.NDArray[np.float64]) -> Mask:
    """Which numbers are not whole."""
    broken: Mask = ~np.isnan(values) & (values != np.round(values))
    return broken


def _plain_text_in_workbook(work: SheetWork, name: str, cells: "pd.Series[str]", read: NumberColumn) -> Mask:
    """Cells of a typed format that hold a sound number as text."""
    if work.kinds(name) is None:
        return np.zeros(len(cells), dtype=np.bool_)
    column = distinct(cells)
    plain = column.spread(column.matches(_PLAIN_NUMBER, digits=True), False)
    # 1.234 read as 1234 is told as such, not as a number that only lost its type.
    told = read.notes.get("thousands_separator", np.zeros(len(cells), dtype=np.bool_))
    found: Mask = plain & ~told & work.is_kind(name, Kind.TEXT) & ~np.isnan(read.values)
    return found


def _in_declared_unit(work: SheetWork, field: Field, read: NumberColumn) -> npt.NDArray[np.float64]:
    """Convert a column whose header states another unit; a cell with a unit of its own keeps to that."""
    stated = header_unit(work.place(field.name).header, field.unit)
    if stated is None or stated[1] == 1.0:
        return read.values
    none = np.zeros(len(read.values), dtype=np.bool_)
    own = read.notes.get("unit_in_cell", none) | read.notes.get("unit_converted", none)
    turned = ~own & ~np.isnan(read.values)
    work.log.sheet("unit_in_header", stated[0], work.place(field.name), touches=work.rows[turned])
    # 150123.456 thousands are 150123456, not 150123456.00000001.
    return np.where(turned, np.round(read.values * stated[1], 6), read.values)


def _note_retyped(work: SheetWork, name: str, read: NumberColumn) -> None:
    """A number column in which hardly anything is a number is a fault of the column, not of every cell."""
    unreadable = read.notes.get("number_unreadable")
    if unreadable is None:
        return
    filled = int((~np.isnan(read.values)).sum()) + int(unreadable.sum())
    if filled >= 3 and unreadable.sum() >= _ALMOST_ALL * filled:
        work.log.sheet(
            "column_retyped", work.place(name).header, work.place(name), touches=work.rows[unreadable]
        )


def _dates(work: SheetWork, name: str, order: str | None) -> npt.NDArray[np.datetime64]:
    read = read_dates(work.texts[name], sheet_order=order)
    if read.decision is not None:
        work.decisions.append((name, read.decision))
    _note_all(work, name, read.notes)
    if not work.fields[name].is_planned:
        work.note("date_in_future", name, _is_late(read.values, work.context.received_on))
    return read.values


def _is_late(days: npt.NDArray[np.datetime64], received_on: date) -> Mask:
    """Which days lie after the one on which the file came."""
    late: Mask = days > np.datetime64(received_on)
    return late


def _booleans(work: SheetWork, name: str) -> npt.NDArray[np.object_]:
    read = read_texts(work.texts[name], marks_are_missing=False)
    _note_all(work, name, read.notes)
    column = distinct(read.texts)
    lower = column.values.str.casefold()
    meaning = np.full(len(lower), None, dtype=object)
    meaning[lower.isin(_YES).to_numpy()] = True
    meaning[lower.isin(_NO).to_numpy()] = False
    unusual = ~column.values.isin(_OFFICIAL_BOOLEAN).to_numpy()
    known = np.array([value is not None for value in meaning], dtype=np.bool_)
    work.note("boolean_spelling", name, column.spread(unusual & known, False))
    work.note("type", name, column.spread(~known, False))
    return column.spread(meaning, None)


def _periods(work: SheetWork, name: str) -> None:
    read = read_periods(work.texts[name])
    _note_all(work, name, read.notes)
    work.values.put(name, distinct(work.texts[name]), read.meanings)


def _strings(work: SheetWork, field: Field) -> None:
    name = field.name
    read = read_texts(work.texts[name])
    _note_all(work, name, read.notes)
    column = distinct(read.texts)
    errors = column.spread(column.matches(_ERROR_SIGN, digits=False), False)
    work.note("spreadsheet_error", name, errors)
    work.note("formula_text", name, column.spread(column.matches(_FORMULA, digits=False), False))
    if name not in {key.fields for key in work.dataset.table.foreignKeys}:
        work.note("date_for_text", name, work.is_kind(name, Kind.DATE))
    values = column.values.to_numpy(dtype=object)
    if field.constraints.enum is not None:
        values = _enum(work, name, column, field.constraints.enum)
    work.values.put(name, column, values)


def _enum(work: SheetWork, name: str, column: Any, allowed: tuple[str, ...]) -> npt.NDArray[np.object_]:
    """Allowed values under another case or spacing are respelled; anything else is left for the contract."""
    keys = {normal_key(value): value for value in reversed(allowed)}
    values = column.values.to_numpy(dtype=object)
    meant = np.array(
        [text if text in allowed else keys.get(normal_key(text), text) for text in values], dtype=object
    )
    work.note("enum_spelling", name, column.spread(np.asarray(meant != values, dtype=np.bool_), False))
    return meant
