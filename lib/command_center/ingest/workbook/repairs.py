"""What to write into a faulty cell: a value where the file itself or the reference tables give one, else an order.

Proposes only what can be read off; where two values are possible it lists them, and a person's number is never
among them.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from command_center.catalog import Dataset, Field
from command_center.catalog.datasets import PartsTotal
from command_center.cleaning import find_private, mask, read_dates, read_numbers, read_periods, read_texts
from command_center.cleaning.marks import Declared
from command_center.errors import CommandCenterError
from command_center.ingest.context import IngestContext
from command_center.ingest.workbook.order import METHOD_FIELD, PERIOD_FIELD, field_to

Order = Literal["value", "clear", "clear_row", "clear_column", "fill", "choose", "keep"]
Value = str | int | float | date
NUMERIC = ("integer", "number")
_LIKELY = 80.0
_MOST_CHOICES = 6
_MASKED = re.compile(r"\d{0,4}\*{3,}\d{0,4}")
_TRUE, _FALSE = (
    frozenset({"true", "ya", "y", "yes", "benar", "1"}),
    frozenset({"false", "tidak", "t", "no", "n", "salah", "0"}),
)


@dataclass(frozen=True)
class Repair:
    """An order for one cell: "value" writes `value`, "choose" one of `choices`, "fill" what only people know.

    "clear" empties the cell, "clear_row" its row, "clear_column" its column from the header down; "keep" means
    that nothing need be changed here.
    """

    order: Order
    value: Value | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ColumnCells:
    """A field and the texts of its column over the data rows, by row of the sheet from 1."""

    field: Field
    texts: "pd.Series[str]"


class RepairBook:
    """Proposes repairs for the cells of one sheet."""

    def __init__(
        self,
        dataset: Dataset,
        columns: Sequence[ColumnCells],
        context: IngestContext | None,
        period: str = "",
        suggested: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the repairs are read off; columns are read when first asked for.

        `period` is the one the workbook was made for, "" where unknown; `suggested` says which field a header
        that is not known may mean.
        """
        self._dataset = dataset
        self._columns = {column.field.name: column for column in columns}
        self._fields = {field.name: field for field in dataset.table.fields}
        self._context = context
        self._period = period or (context.expected_period if context is not None else "")
        self._suggested = suggested or {}
        self._values: dict[str, dict[int, Value]] = {}

    def value(self, name: str, row: int) -> Value | None:
        """Return what the cell of a field can be read as within its limits, None where it cannot."""
        if name not in self._values:
            column = self._columns.get(name)
            self._values[name] = {} if column is None else self._read(column)
        return self._values[name].get(row)

    def without_person(self, text: str) -> Repair:
        """Return the text without the numbers of persons in it, or the order to empty the cell."""
        rest = " ".join(_MASKED.sub("", mask(text)).split()).strip(" :;,.-/()")
        # Words that only announced the number would be left behind.
        return Repair("value", rest) if len(rest.split()) > 2 else Repair("clear")

    def missing(self, name: str, row: int) -> Repair:
        """Return what to write into an empty cell that must be filled."""
        if name == PERIOD_FIELD and (known := self._period or self._only(PERIOD_FIELD)):
            return Repair("value", known)
        if name == METHOD_FIELD and len(self._dataset.methods) == 1:
            return Repair("value", next(iter(self._dataset.methods)))
        if name == field_to(self._dataset, "regions") and (code := self._region_of_row(row)):
            return Repair("value", code)
        column = self._columns.get(name)
        if column is not None and column.field.type == "date" and (known := self._only(name)):
            return Repair("value", date.fromisoformat(known))
        allowed = self.allowed(name)
        return Repair("choose", choices=allowed) if allowed else Repair("fill")

    def unreadable(self, name: str, row: int) -> Repair:
        """Return what to do with a cell whose value cannot be kept as it stands."""
        column = self._columns.get(name)
        if column is None:
            return Repair("fill")
        value = self.value(name, row)
        if value is not None:
            return Repair("value", value)
        choices = self._readings(column, row) or self._nearest(name, column.texts.get(row, ""))
        if choices:
            return Repair("choose", choices=choices)
        return self.unknowable(name)

    def unknowable(self, name: str) -> Repair:
        """Return what to do where nothing in the file says which value is right."""
        if name and not self._is_needed(name):
            return Repair("clear")
        allowed = self.allowed(name)
        return Repair("choose", choices=allowed) if allowed else Repair("fill")

    def from_above(self, name: str, row: int) -> Repair:
        """Return the nearest filled cell above, for a column written once per group."""
        column = self._columns.get(name)
        if column is None:
            return Repair("fill")
        above = column.texts[(column.texts.index <= row) & (column.texts.fillna("").str.strip() != "")]
        value = None if above.empty else self.value(name, int(above.index[-1]))
        return Repair("fill") if value is None else Repair("value", value)

    def hundredfold(self, name: str, row: int) -> Repair:
        """Return a share of one as the percentage it is."""
        value = self.value(name, row)
        if not isinstance(value, int | float):
            return self.unreadable(name, row)
        return Repair("value", _number(self._fields[name], value * 100))

    def either_region(self, name: str, row: int) -> Repair:
        """Return the code written and the code of the name written beside it, one of which is wrong."""
        code_field = field_to(self._dataset, "regions") or ""
        codes = (self.value(code_field, row), self._region_of_row(row))
        choices = tuple(dict.fromkeys(code for code in codes if isinstance(code, str) and code))
        return Repair("choose", choices=choices) if choices else Repair("fill")

    def later_row(self, _name: str, row: int) -> Repair:
        """Return the order to clear a row whose key an earlier one has; the earlier one stays."""
        key = self._dataset.table.primaryKey
        first = self._keys.index[self._keys == self._keys.get(row)] if key else []
        return Repair("keep") if len(first) and first[0] == row else Repair("clear_row")

    def rename(self, name: str, _row: int) -> Repair:
        """Return the declared title for a header that resembles it, else the order to clear the column."""
        field = self._fields.get(self._suggested.get(name, name))
        if field is None:
            return Repair("clear_column")
        return Repair("value", field.title.id if field.title is not None else field.name)

    def total(self, name: str, row: int) -> Repair:
        """Return the sum of the parts for a total that differs from it, else as unknowable."""
        for check in self._dataset.checks:
            if isinstance(check, PartsTotal) and name in (check.total, ""):
                parts = [self.value(part, row) for part in check.parts]
                numbers = [part for part in parts if isinstance(part, int | float)]
                if numbers and (column := self._columns.get(check.total)) is not None:
                    return Repair("value", _number(column.field, sum(numbers)))
        return self.unknowable(name)

    def allowed(self, name: str) -> tuple[str, ...]:
        """Return the values a column may hold where they are few enough to be told, else nothing."""
        column = self._columns.get(name)
        if name == METHOD_FIELD and self._dataset.methods:
            return tuple(self._dataset.methods)[:_MOST_CHOICES]
        if column is None or column.field.constraints.enum is None:
            return ()
        enum = column.field.constraints.enum
        return enum if len(enum) <= _MOST_CHOICES else ()

    def _is_needed(self, name: str) -> bool:
        field = self._fields.get(name)
        return field is None or field.constraints.required or name in self._dataset.table.primaryKey

    @cached_property
    def _keys(self) -> "pd.Series[str]":
        """The key of every data row as one text."""
        names = [name for name in self._dataset.table.primaryKey if name in self._columns]
        keys = {
            name: [str(self.value(name, row) or text) for row, text in self._columns[name].texts.fillna("").items()]
            for name in names
        }
        index = self._columns[names[0]].texts.index if names else []
        return pd.Series(["\0".join(parts) for parts in zip(*keys.values(), strict=True)], index=index, dtype="str")

    def _only(self, name: str) -> str:
        """The one value that all readable cells of a column share, "" where there are several."""
        column = self._columns.get(name)
        if column is None:
            return ""
        self.value(name, 0)
        found = {str(value) for value in self._values[name].values()}
        return next(iter(found)) if len(found) == 1 else ""

    def _region_of_row(self, row: int) -> str:
        source = self._dataset.layout.region_from
        if source is None or self._context is None:
            return ""
        name, within = self._columns.get(source.name), self._columns.get(source.within or "")
        if name is None:
            return ""
        outer = "" if within is None else self._region_code(within.texts.get(row, ""), ("kec",))
        return self._region_code(name.texts.get(row, ""), within=outer or None)

    def _read(self, column: ColumnCells) -> dict[int, Value]:
        texts = column.texts.fillna("")
        field, rows = column.field, list(texts.index)
        if field.type in NUMERIC:
            values = _numbers(field, texts)
        elif field.type == "date":
            moments = read_dates(texts).values
            values = [None if np.isnat(one) else pd.Timestamp(one).date() for one in moments]
        elif field.name == PERIOD_FIELD:
            values = list(read_periods(texts).values)
        else:
            cleaned = read_texts(texts).texts.astype("object")
            values = [self._text(field, text) if isinstance(text, str) else None for text in cleaned]
        return {row: value for row, value in zip(rows, values, strict=True) if value is not None}

    def _text(self, field: Field, text: str) -> Value | None:
        if find_private(pd.Series([text], dtype="str")).notes:
            return None
        if field.type == "boolean":
            word = text.casefold()
            return "true" if word in _TRUE else "false" if word in _FALSE else None
        if field.name == field_to(self._dataset, "regions"):
            return self._region_code(text, self._dataset.layout.region_levels) or None
        if field.name == field_to(self._dataset, "agencies"):
            return self._agency_code(text) or None
        allowed = self._allowed_texts(field)
        if allowed is None:
            pattern = field.constraints.pattern
            return text if pattern is None or re.fullmatch(pattern, text) else None
        return _sure(text, allowed)

    def _allowed_texts(self, field: Field) -> dict[str, str] | None:
        """Every way to write an allowed value, with that value; None where any text is allowed."""
        if field.name == METHOD_FIELD and self._dataset.methods:
            methods = self._dataset.methods
            titles = {text.id: code for code, text in methods.items()}
            titles |= {text.en: code for code, text in methods.items()}
            return {**titles, **{code: code for code in methods}}
        enum = field.constraints.enum
        return None if enum is None else {value: value for value in enum}

    def _region_code(self, text: str, levels: Collection[str] = (), within: str | None = None) -> str:
        if self._context is None or not text.strip():
            return ""
        tree = self._context.regions
        try:
            found = tree.find_code(text)
            return found.code if found else tree.match(text, within, tuple(levels) or None).code
        except CommandCenterError:
            # Unknown or ambiguous: there is nothing to propose.
            return ""

    def _agency_code(self, text: str) -> str:
        if self._context is None:
            return ""
        if text in self._context.agencies.codes:
            return text
        try:
            return self._context.agencies.match(text).code
        except CommandCenterError:
            return ""

    def _readings(self, column: ColumnCells, row: int) -> tuple[str, ...]:
        """The two numbers an undecided sign may mean."""
        text = str(column.texts.get(row, "")).strip()
        if column.field.type not in NUMERIC or not re.fullmatch(r"-?\d{1,3}[.,]\d{3}", text):
            return ()
        thousands, decimals = re.sub("[.,]", "", text), text.replace(",", ".")
        fitting = [one for one in (thousands, decimals) if _fits(column.field, float(one))]
        return tuple(fitting[:1] if column.field.type == "integer" else fitting)

    def _nearest(self, name: str, text: object) -> tuple[str, ...]:
        column = self._columns[name]
        if self._context is not None and name == field_to(self._dataset, "regions"):
            return ()
        allowed = self._allowed_texts(column.field)
        if allowed is None or not isinstance(text, str):
            return ()
        near = process.extract(text.casefold(), {key: key.casefold() for key in allowed}, limit=_MOST_CHOICES)
        return tuple(dict.fromkeys(allowed[key] for _, _, key in near))


def _numbers(field: Field, texts: "pd.Series[str]") -> list[Value | None]:
    rules = field.constraints
    declared = Declared(field.type == "integer", rules.minimum, rules.maximum)
    values = read_numbers(texts, unit=field.unit, declared=declared).values
    return [
        _number(field, float(value)) if not np.isnan(value) and _fits(field, float(value)) else None
        for value in values
    ]


def _number(field: Field, value: float) -> Value:
    return int(value) if field.type == "integer" or value.is_integer() else round(value, 10)


def _fits(field: Field, value: float) -> bool:
    low, high = field.constraints.minimum, field.constraints.maximum
    whole = field.type != "integer" or value.is_integer()
    return whole and (low is None or value >= low) and (high is None or value <= high)


def _sure(text: str, allowed: dict[str, str]) -> str | None:
    """The allowed value a text means: written so, or so nearly that no second one comes close."""
    keys = {key: key.casefold() for key in allowed}
    near = process.extract(text.casefold(), keys, scorer=fuzz.ratio, limit=len(keys))
    best: dict[str, float] = {}
    for _, score, key in near:
        best[allowed[key]] = max(score, best.get(allowed[key], 0.0))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < _LIKELY:
        return None
    if len(ranked) > 1 and ranked[0][1] < 100 and ranked[0][1] - ranked[1][1] < 10:
        return None
    return ranked[0][0]
