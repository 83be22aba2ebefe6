"""What to write into a faulty cell: a value where the file itself or the reference tables give one, else an order.

Proposes only what can be read off; where several values are possible it lists them, and a person's number is
never among them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
from rapidfuzz import process

from command_center.catalog import Dataset
from command_center.catalog.datasets import ChildrenSum, NeverFalls, NotAbove, PartsTotal
from command_center.cleaning import mask
from command_center.ingest.context import IngestContext
from command_center.ingest.references import settle_region
from command_center.ingest.workbook.order import METHOD_FIELD, PERIOD_FIELD
from command_center.ingest.workbook.places import (
    agencies_near,
    district_name,
    districts_near,
    regions_meant,
    regions_of,
)
from command_center.ingest.workbook.readings import (
    BOOLEANS,
    NUMERIC,
    CellReader,
    ColumnCells,
    Value,
    fits,
    number,
)

Order = Literal[
    "value", "clear", "clear_row", "clear_column", "fill", "fill_column", "scale_column", "choose", "cells",
    "resend", "keep",
]  # fmt: skip
_MOST_CHOICES = 6
_MASKED = re.compile(r"\d{0,4}\*{3,}\d{0,4}")
_GROUPED = re.compile(r"-?\d{1,3}[.,]\d{3}")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4})")
_LOST = "\ufffd"


@dataclass(frozen=True)
class Repair:
    """An order for one cell: "value" writes `value`, "choose" one of `choices`, "fill" what only people know.

    "clear" empties the cell, "clear_row" its row, "clear_column" its column from the header down;
    "fill_column" writes `value` into every cell of the column, "scale_column" multiplies by it; "cells" sends
    to the notes below or beside; "resend" asks for another file; "keep" asks for nothing. `example` shows the
    form of what is asked for.
    """

    order: Order
    value: Value | None = None
    choices: tuple[Value, ...] = ()
    example: Value | None = None


class RepairBook:
    """Proposes repairs for the cells of one sheet."""

    def __init__(
        self, dataset: Dataset, columns: Sequence[ColumnCells], context: IngestContext, period: str = ""
    ) -> None:
        """Keep what the repairs are read off; `period` is the one the workbook was made for, "" where unknown."""
        self.reader = CellReader(dataset, columns, context)
        self._dataset = dataset
        self._context = context
        self.period = period or context.expected_period
        self._medians: dict[str, float | None] = {}
        self._usuals: dict[str, Value | None] = {}

    def without_person(self, text: str) -> Repair:
        """Return the text without the numbers of persons in it, or the order to empty the cell."""
        rest = " ".join(_MASKED.sub("", mask(text)).split()).strip(" :;,.-/()")
        # Words that only announced the number would be left behind.
        return Repair("value", rest) if len(rest.split()) > 2 else Repair("clear")

    def missing(self, name: str, row: int) -> Repair:
        """Return what to write into an empty cell that must be filled."""
        if name == PERIOD_FIELD and (known := self.period or self.reader.only(name)):
            return Repair("value", known)
        if name == METHOD_FIELD and len(self._dataset.methods) == 1:
            return Repair("value", next(iter(self._dataset.methods)))
        source = self.reader.source
        if name == self.reader.region_field or (source is not None and name == source.name):
            return self.other_region(name, row)
        field = self.reader.fields.get(name)
        if field is not None and field.type == "date" and (known := self.reader.only(name)):
            return Repair("value", known)
        return self._asked(name)

    def unreadable(self, name: str, row: int) -> Repair:
        """Return what to do with a cell whose value cannot be kept as it stands."""
        if name not in self.reader.columns:
            return Repair("fill")
        value = self.reader.value(name, row)
        if value is not None:
            return Repair("value", value)
        if name == PERIOD_FIELD:
            return self.missing(name, row)
        choices = self._readings(name, row) or self._nearest(name, row)
        return Repair("choose", choices=choices) if choices else self.unknowable(name, row)

    def unknowable(self, name: str, row: int) -> Repair:
        """Return what to do where nothing in the file says which value is right."""
        del row
        return Repair("clear") if name and not self._is_needed(name) else self._asked(name)

    def from_above(self, name: str, row: int) -> Repair:
        """Return the nearest filled cell above, for a column written once per group."""
        above = [at for at in self.reader.values(name) if at <= row]
        return Repair("value", self.reader.value(name, max(above))) if above else self.missing(name, row)

    def hundredfold(self, name: str, row: int) -> Repair:
        """Return a share of one as the percentage it is."""
        share = self.reader.value(name, row)
        if not isinstance(share, int | float):
            return self.unreadable(name, row)
        return Repair("value", number(self.reader.fields[name], round(share * 100, 8)))

    def share_or_percent(self, name: str, row: int) -> Repair:
        """Return both readings of a figure below one: a share of one, or a percentage with its sign."""
        share = self.reader.value(name, row)
        if not isinstance(share, int | float):
            return self.unreadable(name, row)
        return Repair(
            "choose", choices=(number(self.reader.fields[name], round(share * 100, 8)), f"{share:g} %")
        )

    def thousandfold(self, name: str, row: int) -> Repair:
        """Return the figure brought to the scale of its column, for the sender to confirm."""
        figure, usual = self.reader.value(name, row), self._median(name)
        if not isinstance(figure, int | float) or not usual:
            return self.unknowable(name, row)
        scaled = figure / 1000 if figure > usual else figure * 1000
        field = self.reader.fields[name]
        scaled = round(scaled) if field.type == "integer" else scaled
        return Repair("fill", example=number(field, float(scaled)))

    def positive(self, name: str, row: int) -> Repair:
        """Return the figure without its minus sign as the likely one."""
        text = self.reader.text(name, row).replace("−", "-").strip()
        try:
            figure = abs(float(text))
        except ValueError:
            return self.unknowable(name, row)
        field = self.reader.fields[name]
        return (
            Repair("fill", example=number(field, figure))
            if fits(field, figure)
            else self.unknowable(name, row)
        )

    def whole(self, name: str, row: int) -> Repair:
        """Return the nearest whole numbers to choose from."""
        try:
            figure = float(self.reader.text(name, row).replace(",", "."))
        except ValueError:
            return self.unknowable(name, row)
        around = dict.fromkeys((round(figure), int(np.floor(figure)), int(np.ceil(figure))))
        field = self.reader.fields[name]
        return Repair("choose", choices=tuple(one for one in around if fits(field, float(one))))

    def not_above(self, name: str, row: int) -> Repair:
        """Return the whole as the most its part can be."""
        limits = [
            one.limit for one in self._dataset.checks if isinstance(one, NotAbove) and one.column == name
        ]
        found = [value for limit in limits if isinstance(value := self.reader.value(limit, row), int | float)]
        return Repair("fill", example=min(found)) if found else self.unknowable(name, row)

    def children(self, name: str, row: int) -> Repair:
        """Return the sum of the regions below, within the same period and method."""
        field, names = self.reader.fields[name], [self.reader.region_field, *self._dataset.table.primaryKey]
        regions = self.reader.values(self.reader.region_field)
        code = regions.get(row)
        if not isinstance(code, str) or not any(isinstance(one, ChildrenSum) for one in self._dataset.checks):
            return self.unknowable(name, row)
        below = {child.code for child in self._context.regions.children(code)}
        others = [one for one in dict.fromkeys(names) if one != self.reader.region_field]
        same = [at for at, one in regions.items() if one in below and self._agree(others, at, row)]
        figures = [value for at in same if isinstance(value := self.reader.value(name, at), int | float)]
        return Repair("fill", example=number(field, float(sum(figures))))

    def cumulative(self, name: str, row: int) -> Repair:
        """Return the highest figure so far within the year as the least this one can be."""
        along = next(
            (one.along for one in self._dataset.checks if isinstance(one, NeverFalls) and one.column == name),
            "",
        )
        others = [one for one in self._dataset.table.primaryKey if one != along]
        here = str(self.reader.value(along, row) or "")
        earlier = [
            value
            for at, value in self.reader.values(name).items()
            if isinstance(value, int | float)
            and self._agree(others, at, row)
            and str(self.reader.value(along, at) or "")[:4] == here[:4]
            and str(self.reader.value(along, at) or "") < here
        ]
        return Repair("fill", example=max(earlier)) if earlier else self.unknowable(name, row)

    def region_of_name(self, name: str, row: int) -> Repair:
        """Return the code of the region that is named beside it."""
        code = self.reader.region_named(row)
        return Repair("value", code) if code else self.unreadable(name, row)

    def other_region(self, name: str, row: int) -> Repair:
        """Return the region the row's other cells mean; else those a name may mean, or the form of a code."""
        source, tree = self.reader.source, self._context.regions
        if source is not None and name == source.within:
            return self._outer(name, row)
        known = self.reader.value(self.reader.region_field, row)
        if source is not None and name == source.name and isinstance(known, str):
            return Repair("value", tree.get(known).name)
        if name == self.reader.region_field and (code := self.reader.region_named(row)):
            return Repair("value", code)
        found = regions_meant(
            self.reader.text(name, row), self._dataset, self._context, self.reader.outer_region(row)
        )
        return Repair("choose", choices=found[:_MOST_CHOICES]) if found else self._asked(name)

    def _outer(self, name: str, row: int) -> Repair:
        """The kecamatan in which the row's region lies or may lie, else the nearest names."""
        tree, source = self._context.regions, self.reader.source
        known = self.reader.value(self.reader.region_field, row)
        if isinstance(known, str):
            return Repair("value", district_name(tree, known))
        text = self.reader.text(source.name, row) if source is not None else ""
        meant = regions_meant(text, self._dataset, self._context)
        names = tuple(dict.fromkeys(district_name(tree, code) for code in meant))
        return Repair("choose", choices=names or districts_near(self.reader.text(name, row), tree))

    def agency(self, name: str, row: int) -> Repair:
        """Return the agencies whose names come nearest."""
        found = agencies_near(self.reader.text(name, row), self._context.agencies)
        return Repair("choose", choices=found)

    def later_row(self, _name: str, row: int) -> Repair:
        """Return the order to clear a row whose key an earlier one has; the earlier one stays."""
        return Repair("keep") if self._first_rows.get(self._key(row)) == row else Repair("clear_row")

    def later_value(self, name: str, row: int) -> Repair:
        """Return the order to change or clear a value that an earlier row has; the earlier one stays."""
        first = [
            at for at, value in self.reader.values(name).items() if value == self.reader.value(name, row)
        ]
        return Repair("keep") if first and first[0] == row else self.unknowable(name, row)

    def without_lost_letters(self, name: str, row: int) -> Repair:
        """Return the value a text with lost letters comes nearest to, else the letters that are left."""
        left = " ".join(self.reader.text(name, row).replace(_LOST, "").split())
        field = self.reader.fields[name]
        meant = self.reader.read_alone(field, left, row)
        if self.reader.source is not None and name == self.reader.source.name:
            outer = self.reader.outer_region(row)
            levels = self._dataset.layout.region_levels
            code = settle_region(left, self._context.regions, levels, outer).code
            return (
                Repair("value", self._context.regions.get(code).name)
                if code
                else self.other_region(name, row)
            )
        return Repair("fill", example=meant if meant is not None else left or self.example(name))

    def total(self, name: str, row: int) -> Repair:
        """Return the sum of the parts for a total that differs from it, else as unknowable."""
        for check in self._dataset.checks:
            if isinstance(check, PartsTotal) and name == check.total:
                parts = [self.reader.value(part, row) for part in check.parts]
                numbers = [part for part in parts if isinstance(part, int | float)]
                if numbers:
                    return Repair("value", number(self.reader.fields[name], float(sum(numbers))))
        return self.unknowable(name, row)

    def example(self, name: str) -> Value | None:
        """Return a value that shows the form of a column: a usual one of it, None where none is known."""
        field = self.reader.fields.get(name)
        if field is None or field.personal is not None:
            return None
        if name == self.reader.region_field or (self.reader.source and name == self.reader.source.name):
            return self._free_region()
        if field.type in NUMERIC:
            usual = self._median(name)
            low = field.constraints.minimum
            return number(field, round(low or 0.0) if usual is None else usual)
        if field.type == "date":
            return self._usual(name) or self._context.received_on
        if name == PERIOD_FIELD:
            return self.period or self._usual(name) or str(self._context.received_on.year)
        if name == self.reader.agency_field:
            return self._usual(name) or self._context.agencies.codes[0]
        is_free = not field.constraints.unique and name not in self._dataset.table.primaryKey
        title = field.title.id if field.title is not None else name
        return (self._usual(name) if is_free else None) or (
            title if field.constraints.pattern is None else None
        )

    def _asked(self, name: str) -> Repair:
        """The order to fill in a cell: from few choices, or freely with an example."""
        field = self.reader.fields.get(name)
        allowed = self.reader.allowed(name) if field is not None else None
        choices = tuple(dict.fromkeys(allowed.values())) if allowed else ()
        if field is not None and field.type == "boolean":
            choices = BOOLEANS
        if choices:
            return Repair("choose", choices=choices[:_MOST_CHOICES])
        return Repair("fill", example=self.example(name))

    def _is_needed(self, name: str) -> bool:
        field = self.reader.fields.get(name)
        source = self._dataset.layout.region_from
        is_key = name in self._dataset.table.primaryKey or (source is not None and name == source.name)
        return field is None or field.constraints.required or is_key

    def _free_region(self) -> str | None:
        """A region of the level asked for that no row has yet; offered once."""
        return next(self._free_regions, None)

    @cached_property
    def _free_regions(self) -> Iterator[str]:
        source = self.reader.source
        column = self.reader.columns.get(source.name) if source is not None else None
        named = (
            {self.reader.region_named(int(row)) for row in column.texts.index}
            if column is not None
            else set()
        )
        used = {*self.reader.values(self.reader.region_field).values(), *named}
        return iter([code for code in regions_of(self._dataset, self._context) if code not in used])

    def _median(self, name: str) -> float | None:
        """The lower of the two middle figures: one that stands in the column."""
        if name not in self._medians:
            figures = sorted(one for one in self.reader.values(name).values() if isinstance(one, int | float))
            self._medians[name] = float(figures[(len(figures) - 1) // 2]) if figures else None
        return self._medians[name]

    def _usual(self, name: str) -> Value | None:
        if name not in self._usuals:
            counted = Counter(self.reader.values(name).values())
            self._usuals[name] = counted.most_common(1)[0][0] if counted else None
        return self._usuals[name]

    def _agree(self, names: Sequence[str], one: int, other: int) -> bool:
        return all(self.reader.value(name, one) == self.reader.value(name, other) for name in names)

    @cached_property
    def _first_rows(self) -> dict[tuple[str, ...], int]:
        """The first row of every key."""
        first: dict[tuple[str, ...], int] = {}
        rows = next(iter(self.reader.columns.values())).texts.index if self.reader.columns else ()
        for row in rows:
            first.setdefault(self._key(int(row)), int(row))
        return first

    def _key(self, row: int) -> tuple[str, ...]:
        source, region = self.reader.source, self.reader.region_field
        parts = []
        for name in self._dataset.table.primaryKey:
            value = self.reader.value(name, row)
            if value is None and source is not None and name == region:
                value = self.reader.region_named(row)
            parts.append(str(value or self.reader.text(name, row)))
        return tuple(parts)

    def _readings(self, name: str, row: int) -> tuple[Value, ...]:
        """The two numbers or days an undecided text may mean."""
        field, text = self.reader.fields[name], self.reader.text(name, row).strip()
        if field.type in NUMERIC and _GROUPED.fullmatch(text):
            both = (float(re.sub("[.,]", "", text)), float(text.replace(",", ".")))
            return tuple(number(field, one) for one in both if fits(field, one))
        if field.type == "date" and (found := _DAY_AND_MONTH.fullmatch(text)):
            first, second, year = (int(part) for part in found.groups())
            days = ((year, second, first), (year, first, second))
            return tuple(date(*one) for one in days if max(one[1:]) <= 12)
        return ()

    def _nearest(self, name: str, row: int) -> tuple[Value, ...]:
        allowed: Mapping[str, str] | None = self.reader.allowed(name)
        if allowed is None or self.reader.fields[name].type == "boolean":
            return BOOLEANS if allowed is not None else ()
        keys = {key: key.casefold() for key in allowed}
        near = process.extract(self.reader.text(name, row).casefold(), keys, limit=_MOST_CHOICES)
        return tuple(dict.fromkeys(allowed[key] for _, _, key in near))
