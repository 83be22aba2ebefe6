"""What the cells of a sheet can be read as within the limits of their fields, by the same readers as the check.

Nothing is proposed here; a cell that cannot be read has no value.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from command_center.catalog import Dataset, Field
from command_center.cleaning import distinct, find_private, read_dates, read_numbers, read_periods, read_texts
from command_center.cleaning.columns import strings
from command_center.cleaning.dates import order_of
from command_center.cleaning.marks import Declared
from command_center.cleaning.numbers import sheet_mark
from command_center.ingest.context import IngestContext
from command_center.ingest.headers import SourceColumn
from command_center.ingest.layout import SheetLayout
from command_center.ingest.readers import Kind, Sheet
from command_center.ingest.references import settle_agency, settle_region
from command_center.ingest.workbook.order import METHOD_FIELD, PERIOD_FIELD, field_to

Value = str | int | float | date
NUMERIC = ("integer", "number")
BOOLEANS = ("true", "false")
_LIKELY, _CLEARLY_NEARER = 80.0, 10.0
_TRUE = frozenset({"true", "ya", "y", "yes", "ada", "benar", "sudah", "v", "1"})
_FALSE = frozenset({"false", "tidak", "t", "no", "n", "tidak ada", "salah", "belum", "x", "0"})


@dataclass(frozen=True, eq=False)
class ColumnCells:
    """A field and the texts of its column over the data rows (persons' numbers masked), by row from 1.

    `exact` tells which cells were numbers already, `dated` which were dates; None where the format has only text.
    """

    field: Field
    texts: "pd.Series[str]"
    exact: npt.NDArray[np.bool_] | None = None
    dated: npt.NDArray[np.bool_] | None = None


class CellReader:
    """Reads the columns of one sheet, each when first asked for."""

    def __init__(self, dataset: Dataset, columns: Sequence[ColumnCells], context: IngestContext) -> None:
        self.dataset = dataset
        self.context = context
        self.columns = {column.field.name: column for column in columns}
        self.fields = {field.name: field for field in dataset.table.fields}
        self.region_field = field_to(dataset, "regions") or ""
        self.agency_field = field_to(dataset, "agencies") or ""
        self.source = dataset.layout.region_from
        self._values: dict[str, dict[int, Value]] = {}
        # A name takes milliseconds to settle: each distinct one once.
        self._regions: dict[tuple[str, str | None, tuple[str, ...]], str] = {}
        numeric = {name: one.texts for name, one in self.columns.items() if one.field.type in NUMERIC}
        self._mark = sheet_mark(numeric)
        dates = (one.texts for one in self.columns.values() if one.field.type == "date")
        orders = {order_of(texts) for texts in dates} - {None}
        self._order = next(iter(orders)) if len(orders) == 1 else None

    def values(self, name: str) -> dict[int, Value]:
        """Return what the cells of a field can be read as, by row; cells that cannot be read are left out."""
        if name not in self._values:
            column = self.columns.get(name)
            self._values[name] = {} if column is None else self._read(column)
        return self._values[name]

    def value(self, name: str, row: int) -> Value | None:
        """Return what one cell can be read as, None where it cannot."""
        return self.values(name).get(row)

    def text(self, name: str, row: int) -> str:
        """Return a cell as written, persons' numbers masked, "" where empty."""
        column = self.columns.get(name)
        found = None if column is None else column.texts.get(row)
        return found if isinstance(found, str) else ""

    def read_alone(self, field: Field, text: str, row: int) -> Value | None:
        """Return what a text can be read as where it stood in another column of the row."""
        if self.source is not None and field.name in (self.source.name, self.source.within):
            return " ".join(text.split()) or None
        return self._read(ColumnCells(field, pd.Series([text], index=[row], dtype="str"))).get(row)

    def region_named(self, row: int) -> str:
        """Return the code of the region that the names of a row mean, "" where they mean none or several."""
        if self.source is None:
            return ""
        return self._region(self.text(self.source.name, row), self.outer_region(row))

    def outer_region(self, row: int) -> str | None:
        """Return the code of the region within which the row's name is looked for, None where none is named."""
        if self.source is None or self.source.within is None:
            return None
        text = self.text(self.source.within, row)
        return self._settled(text, None, ("kab", "kec")) or None

    def only(self, name: str) -> Value | None:
        """Return the one value that all readable cells of a column share, None where there are several."""
        found = set(self.values(name).values())
        return next(iter(found)) if len(found) == 1 else None

    def allowed(self, name: str) -> dict[str, str] | None:
        """Return every way to write an allowed value, with that value; None where any is allowed."""
        field = self.fields[name]
        if name == METHOD_FIELD and self.dataset.methods:
            titles = {
                title: code for code, text in self.dataset.methods.items() for title in (text.id, text.en)
            }
            return {**titles, **{code: code for code in self.dataset.methods}}
        if field.type == "boolean":
            return {**dict.fromkeys(_TRUE, "true"), **dict.fromkeys(_FALSE, "false")}
        enum = field.constraints.enum
        return None if enum is None else {value: value for value in enum}

    def _read(self, column: ColumnCells) -> dict[int, Value]:
        texts = column.texts.fillna("").astype("str")
        field, rows = column.field, list(texts.index)
        values: Sequence[Value | None]
        if field.type in NUMERIC:
            values = self._numbers(field, column, texts)
        elif field.type == "date":
            days = read_dates(texts, sheet_order=self._order).values
            values = [None if np.isnat(one) else pd.Timestamp(one).date() for one in days]
        elif field.name == PERIOD_FIELD:
            values = list(read_periods(texts).values)
        else:
            values = self._texts(field, texts)
        if column.dated is not None and field.type != "date":
            values = [None if dated else one for one, dated in zip(values, column.dated, strict=True)]
        return {int(row): value for row, value in zip(rows, values, strict=True) if value is not None}

    def _numbers(self, field: Field, column: ColumnCells, texts: "pd.Series[str]") -> Sequence[Value | None]:
        rules = field.constraints
        declared = Declared(field.type == "integer", rules.minimum, rules.maximum)
        read = read_numbers(texts, unit=field.unit, declared=declared, sheet_mark=self._mark).values.copy()
        if column.exact is not None and column.exact.any():
            read[column.exact] = pd.to_numeric(texts[column.exact]).to_numpy(dtype=np.float64)
        return [
            number(field, float(value)) if not np.isnan(value) and fits(field, float(value)) else None
            for value in read
        ]

    def _texts(self, field: Field, texts: "pd.Series[str]") -> Sequence[Value | None]:
        cleaned = read_texts(texts, marks_are_missing=field.type != "boolean").texts.astype("object")
        if self.source is not None and field.name in (self.source.name, self.source.within):
            return [self._official_name(field.name, int(row)) for row in texts.index]
        column = distinct(cleaned)
        meant = np.array([self._meant(field, str(text)) for text in column.values], dtype=object)
        return [one if isinstance(one, str) else None for one in column.spread(meant, None)]

    def _meant(self, field: Field, text: str) -> str | None:
        if field.name == self.region_field:
            return self._region(text) or None
        if field.name == self.agency_field:
            return settle_agency(text, self.context.agencies).code
        allowed = self.allowed(field.name)
        if allowed is not None:
            return _sure(text, allowed)
        pattern = field.constraints.pattern
        return text if pattern is None or re.fullmatch(pattern, text) else None

    def _official_name(self, name: str, row: int) -> str | None:
        text = self.text(name, row)
        is_outer = self.source is not None and name == self.source.within
        code = (self.outer_region(row) or "") if is_outer else self._region(text, self.outer_region(row))
        return self.context.regions.get(code).name if code else None

    def _region(self, text: str, within: str | None = None) -> str:
        return self._settled(text, within, self.dataset.layout.region_levels)

    def _settled(self, text: str, within: str | None, levels: tuple[str, ...]) -> str:
        if not text.strip():
            return ""
        key = (text, within, levels)
        if key not in self._regions:
            self._regions[key] = settle_region(text, self.context.regions, levels, within).code or ""
        return self._regions[key]


def column_cells(sheet: Sheet, layout: SheetLayout, dataset: Dataset) -> list[ColumnCells]:
    """Return the columns of a sheet that hold a field, those written once per group filled down."""
    fields = {field.name: field for field in dataset.table.fields}
    return [
        _cells(sheet, layout, column, fields[column.field], column.field in dataset.layout.fill_down)
        for column in layout.columns
        if column.field is not None
    ]


def _cells(
    sheet: Sheet, layout: SheetLayout, column: SourceColumn, field: Field, is_filled_down: bool
) -> ColumnCells:
    rows = layout.data
    cells = sheet.cells[column.position]
    private = find_private(cells, header=column.header, numeric=field.type in NUMERIC)
    texts = pd.Series(strings(private.texts.iloc[rows]).tolist(), index=rows + 1, dtype="str")
    if is_filled_down:
        texts = texts.where(texts.str.strip() != "").ffill().fillna("")
    kinds = sheet.kind_of(column.position)
    if kinds is None:
        return ColumnCells(field, texts)
    return ColumnCells(
        field, texts, np.asarray(kinds[rows] == Kind.NUMBER), np.asarray(kinds[rows] == Kind.DATE)
    )


def number(field: Field, value: float) -> int | float:
    """Return a figure as the field writes it: whole where it is, without the noise of binary fractions."""
    return int(value) if field.type == "integer" or value.is_integer() else round(value, 10)


def fits(field: Field, value: float) -> bool:
    """Return whether a figure is within the limits of its field."""
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
    if len(ranked) > 1 and ranked[0][1] < 100 and ranked[0][1] - ranked[1][1] < _CLEARLY_NEARER:
        return None
    return ranked[0][0]
