"""Check a table of text against its declaration and hand back typed values with every fault.

Never repairs: a cell that breaks a rule is named, and the caller decides to refuse or to set its row apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from command_center.catalog import Dataset, Field
from command_center.contracts.cells import as_text, reads_as, typed_table
from command_center.contracts.faults import Fault
from command_center.contracts.schema import duplicates_of, failures, text_schema, typed_schema

ROW_INDEX = "source_row"


@dataclass(frozen=True, eq=False)
class CheckedTable:
    """Typed values and what is wrong with them.

    `frame` has the declared columns in their order (types: see `cells.typed`) and is indexed by the data row,
    from 1, under the name `source_row`. A cell that does not read is missing there and always has its fault.
    """

    frame: pd.DataFrame
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that forbid publication."""
        return tuple(fault for fault in self.faults if fault.severity == "error")

    @property
    def faulty_rows(self) -> frozenset[int]:
        """Data rows with at least one error; a fault of the whole table names no row."""
        return frozenset(fault.row for fault in self.errors if fault.row is not None)

    @property
    def sound_rows(self) -> pd.DataFrame:
        """The rows without an error, under their own row numbers."""
        return self.frame[~self.frame.index.isin(self.faulty_rows)]


def check_table(
    text_table: pd.DataFrame,
    dataset: Dataset,
    *,
    region_codes: frozenset[str],
    agency_codes: frozenset[str],
    lines: Sequence[int] | None = None,
) -> CheckedTable:
    """Return the table typed, with all its faults in order of row and column.

    `text_table` holds text; an empty or blank cell is missing. `lines` gives the file line of each row, for
    files in which quoted cells span lines; by default row 1 is line 2. Rules and their names:
    `faults.TEMPLATES`, after Frictionless Table Schema. Raises CatalogError for a declaration without sense.
    """
    text = as_text(text_table).set_axis(pd.RangeIndex(1, len(text_table) + 1, name=ROW_INDEX), axis="index")
    frame = typed_table(text, dataset.table.fields)
    codes = {"regions": region_codes, "agencies": agency_codes}
    found = failures(text_schema(dataset, codes), text) + failures(typed_schema(dataset), frame)
    reader = _FaultWriter(dataset, text, frame, lines)
    faults = [reader.fault(check, column, row) for check, column, row in found]
    faults += reader.key_faults()
    if text.empty:
        faults.append(Fault("empty_table"))
    order = {name: place for place, name in enumerate([field.name for field in dataset.table.fields])}
    return CheckedTable(frame, tuple(sorted(faults, key=lambda fault: _sort_key(fault, order))))


class _FaultWriter:
    """Turns failures into faults that quote the cell and the rule."""

    def __init__(
        self, dataset: Dataset, text: pd.DataFrame, frame: pd.DataFrame, lines: Sequence[int] | None
    ) -> None:
        self._dataset = dataset
        self._text = text
        self._frame = frame
        self._lines = lines or range(2, len(text) + 2)
        self._fields = {field.name: field for field in dataset.table.fields}
        self._first: dict[str, Mapping[int, int]] = {}

    def fault(self, check: str, column: str, row: int | None) -> Fault:
        if row is None:
            return Fault(check, column)
        limit = (
            self._first_row(column, row) if check == "unique" else self._limit(check, self._fields[column])
        )
        return Fault(check, column, int(row), self._lines[row - 1], self._written(row, column), limit)

    def key_faults(self) -> list[Fault]:
        """Rows that repeat a primary key. Rows whose key does not read already have a fault of type."""
        keys = [name for name in self._dataset.table.primaryKey if name in self._text.columns]
        if not keys:
            return []
        readable = pd.Series(True, index=self._text.index)
        for name in keys:
            readable &= reads_as(self._text[name], self._fields[name].type)
        repeated = duplicates_of(self._frame[readable], keys)
        return [
            Fault(
                "primary_key",
                ", ".join(keys),
                row,
                self._lines[row - 1],
                " · ".join(self._written(row, name) for name in keys),
                str(first),
            )
            for row, first in zip(repeated.index.tolist(), repeated.tolist(), strict=True)
        ]

    def _written(self, row: int, column: str) -> str:
        cell = self._text.at[row, column]
        return cell if isinstance(cell, str) else ""

    def _first_row(self, column: str, row: int) -> str:
        if column not in self._first:
            repeated = duplicates_of(self._frame, [column])
            self._first[column] = dict(zip(repeated.index.tolist(), repeated.tolist(), strict=True))
        return str(self._first[column][row])

    def _limit(self, check: str, field: Field) -> str:
        rules = field.constraints
        if check == "foreign_key":
            leads_to = [key.reference for key in self._dataset.table.foreignKeys if key.fields == field.name]
            return ", ".join(reference.resource for reference in leads_to)
        limits = {
            "type": field.type,
            "minimum": f"{rules.minimum:g}" if rules.minimum is not None else "",
            "maximum": f"{rules.maximum:g}" if rules.maximum is not None else "",
            "enum": ", ".join(rules.enum or ()),
            "pattern": rules.pattern or "",
            "method": ", ".join(self._dataset.methods),
        }
        return limits.get(check, "")


def _sort_key(fault: Fault, order: Mapping[str, int]) -> tuple[int, int, str, str]:
    return fault.row or 0, order.get(fault.column, len(order)), fault.column, fault.check
