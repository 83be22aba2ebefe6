"""A file about to be broken: its rows, what stands around them, and every fault planted so far with its place.

Holds state and small verbs; which fault looks how is told by the modules kinds_*.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from command_center.catalog import Dataset
from command_center.catalog import Field as DeclaredField
from command_center.cleaning import PersonKey
from command_center.ingest.context import IngestContext
from tests.ingest.broken import formats
from tests.ingest.broken.tables import AGENCIES, DATASETS, DAY, REGIONS, Values, due_period, sound_rows

KEY = PersonKey(b"a key that is used in tests alone")
Planted = tuple[str, int | None, str]


class NotApplicable(Exception):  # noqa: N818 (no error: the dataset has no such column)
    """The dataset has nothing that could have this fault."""


@dataclass(eq=False)
class Row:
    """A record: the cells as written, and the values a check must read from them."""

    cells: Values
    truth: Values


@dataclass(eq=False)
class Line:
    """A row that is no record: its cells from the left."""

    cells: list[Any]


@dataclass(eq=False)
class Draft:
    """`titles` stand above `headers` (one list of parts per column, top to bottom); `extra` columns at the right."""

    dataset: Dataset
    file_format: str
    chance: random.Random
    columns: list[str]
    rows: list[Row | Line]
    headers: dict[str, list[str]]
    context: dict[str, Any]
    titles: list[list[Any]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    other_sheets: list[formats.Grid] = field(default_factory=list)
    planted: list[tuple[str, Row | Line | None, str]] = field(default_factory=list)
    finish: Callable[[str], str] = str

    @property
    def is_typed(self) -> bool:
        """True where the format knows numbers and dates."""
        return self.file_format in formats.TYPED

    @property
    def records(self) -> list[Row]:
        """The rows that are records."""
        return [row for row in self.rows if isinstance(row, Row)]

    def declared(self, name: str) -> DeclaredField:
        """Return the declaration of a field."""
        return next(one for one in self.dataset.table.fields if one.name == name)

    def first(self, wanted: Callable[[DeclaredField], bool]) -> str:
        """Return the first field of that kind; NotApplicable where there is none."""
        found = next((one.name for one in self.dataset.table.fields if wanted(one)), None)
        if found is None:
            raise NotApplicable
        return found

    @property
    def count(self) -> str:
        """A column of whole figures that no sum of the dataset uses."""
        return self.first(
            lambda one: one.type == "integer" and one.constraints.minimum == 5 and one.unit is not None
        )

    @property
    def decimal(self) -> str:
        """A column of figures with decimals between 0 and 100."""
        return self.first(lambda one: one.type == "number" and one.constraints.maximum == 100)

    @property
    def percent(self) -> str:
        """A column of percentages."""
        return self.first(lambda one: one.unit == "percent")

    @property
    def money(self) -> str:
        """A column of rupiah that may be empty."""
        return self.first(lambda one: one.unit == "idr" and not one.constraints.required)

    @property
    def choice(self) -> str:
        """A column with allowed values."""
        return self.first(lambda one: one.constraints.enum is not None)

    @property
    def region(self) -> str:
        """The column of region codes, of a table that is not led by names."""
        return self.first(lambda one: one.name == "region_code")

    def some(self, count: int = 3) -> list[Row]:
        """Return some records, chosen by the seed."""
        # The first record holds the letter for which the file needs another encoding.
        return self.chance.sample(self.records[1:], count)

    def plant(self, check: str, row: Row | Line | None = None, column: str = "") -> None:
        """Expect one fault."""
        self.planted.append((check, row, column))

    def spoil(self, row: Row, name: str, written: Any, *checks: str, **truth: Any) -> None:
        """Write something into a cell and expect these faults of it; `value` is what must be read from it."""
        row.cells[name] = written
        if "value" in truth:
            row.truth[name] = truth["value"]
        for check in checks:
            self.plant(check, row, name)

    def insert(self, at: int, cells: Sequence[Any]) -> Line:
        """Put a row that is no record among the rows."""
        line = Line(list(cells))
        self.rows.insert(at, line)
        return line

    def line(self, **cells: Any) -> list[Any]:
        """Return the cells of a row with these fields filled."""
        return [cells.get(name) for name in self.columns]

    def grid(self) -> list[list[Any]]:
        """Return the whole sheet."""
        width = len(self.columns)
        height = max(len(parts) for parts in self.headers.values())
        header = [
            [(*self.headers[name], *[None] * height)[at] for name in self.columns] for at in range(height)
        ]
        body = [
            [row.cells.get(name) for name in self.columns]
            if isinstance(row, Row)
            else row.cells + [None] * (width - len(row.cells))
            for row in self.rows
        ]
        titles = [[*title, *[None] * (width - len(title))] for title in self.titles]
        return [*titles, *header, *body]

    def numbers(self) -> dict[int, int]:
        """Return the row of the sheet, from 1, of every row by its identity."""
        above = len(self.titles) + max(len(parts) for parts in self.headers.values())
        return {id(row): above + at for at, row in enumerate(self.rows, start=1)}

    def expected(self) -> set[Planted]:
        """Return every fault planted, as (check, row of the sheet or None, column)."""
        numbers = self.numbers()
        companions = {(check, None, "") for check in formats.COMPANIONS.get(self.file_format, ())}
        return companions | {
            (check, None if row is None else numbers[id(row)], column) for check, row, column in self.planted
        }

    def content(self) -> bytes:
        """Return the file."""
        written = formats.write(self.grid(), self.file_format, self.merges, self.other_sheets)
        return self.finish_bytes(written)

    def finish_bytes(self, written: bytes) -> bytes:
        """Let a kind change the text of a delimited file after all cells are written."""
        if self.finish is str:
            return written
        return self.finish(written.decode("utf-8")).encode("utf-8")

    def ingest_context(self) -> IngestContext:
        """Return what the check knows beside the file."""
        known = {"person_key": KEY, "expected_period": due_period(self.dataset.id), **self.context}
        return IngestContext(REGIONS, AGENCIES, DAY, **known)


def new_draft(name: str, file_format: str, seed: int) -> Draft:
    """Return a sound file of a dataset; the seed settles every value."""
    chance = random.Random(f"{name} {file_format} {seed}")  # noqa: S311 (test data, nothing secret)
    dataset = DATASETS[name]
    rows = sound_rows(name, chance)
    outside = formats.OUTSIDE_ASCII.get(file_format)
    if outside:
        rows[0]["source"] = f"Rekap {outside} dinas"
    headers = {one.name: [one.title.id if one.title else one.name] for one in dataset.table.fields}
    return Draft(
        dataset, file_format, chance, list(headers), [Row(dict(row), dict(row)) for row in rows], headers, {}
    )
