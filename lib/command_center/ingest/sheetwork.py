"""The workbench of one sheet: its data rows as columns of text, the values read so far, the faults found.

Shared by the stages of a check; holds state and small verbs on it, no rule of its own.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.catalog import Dataset, Field
from command_center.cleaning.columns import Decision, Mask, strings
from command_center.cleaning.private import mask_name
from command_center.ingest.context import IngestContext
from command_center.ingest.faultlog import FaultLog, Place
from command_center.ingest.fieldvalues import FieldValues
from command_center.ingest.knownnames import Index
from command_center.ingest.layout import Role, SheetLayout
from command_center.ingest.readers import Kind, Sheet


@dataclass(eq=False)
class SheetWork:
    """`rows`: grid rows of the data. `texts`: by field, masked text of the data rows. `values`: by field, typed.

    `names` are persons' names that the sheet declares, to be masked wherever they stand.
    """

    sheet: Sheet
    layout: SheetLayout
    dataset: Dataset
    context: IngestContext
    log: FaultLog
    names: Index = field(default_factory=dict)
    texts: "dict[str, pd.Series[str]]" = field(default_factory=dict)
    values: FieldValues = field(default_factory=FieldValues)
    decisions: list[tuple[str, Decision]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = self.layout.data
        self.fields: dict[str, Field] = {one.name: one for one in self.dataset.table.fields}
        self._places = {
            column.field: Place(column.field, column.header, column.position)
            for column in self.layout.columns
            if column.field is not None
        }

    def has(self, name: str) -> bool:
        """Return whether the sheet has a column for the field."""
        return name in self._places

    def place(self, name: str) -> Place:
        """Return where the faults of a field are told."""
        return self._places.get(name, Place(name))

    def of_data(self, cells: "pd.Series[str]") -> "pd.Series[str]":
        """Return the data cells of a grid column."""
        rows = self.rows
        # Mostly all rows from one to the last are data; a slice of a column takes no memory.
        whole = rows.size > 0 and rows[-1] - rows[0] + 1 == rows.size
        return cells.iloc[slice(rows[0], rows[-1] + 1) if whole else rows]

    def column(self, position: int) -> "pd.Series[str]":
        """Return the data cells at a position of the grid."""
        return self.of_data(self.sheet.cells[position])

    def kinds(self, name: str) -> npt.NDArray[np.int8] | None:
        """Return the kinds of a field's data cells, None where the format has only text."""
        position = self._places[name].position
        kinds = None if position is None else self.sheet.kind_of(position)
        return None if kinds is None else kinds[self.rows]

    def is_kind(self, name: str, *wanted: Kind) -> Mask:
        """Return which data cells of a field are of one of these kinds; none where the format has only text."""
        kinds = self.kinds(name)
        if kinds is None:
            return np.zeros(len(self.rows), dtype=np.bool_)
        return np.isin(kinds, wanted)

    def written(self, name: str, mask: Mask) -> "pd.Series[str]":
        """Return the cells of a field as their sender wrote them, for the data rows of the mask."""
        position = self._places[name].position if name in self._places else None
        if position is None:
            return pd.Series([""] * int(mask.sum()), dtype="str")
        cells = strings(self.sheet.cells[position].iloc[self.rows[mask]])
        declared = self.fields.get(name)
        if declared is not None and declared.personal is not None:
            return cells.map(mask_name)
        return cells

    def beside_personal(self) -> frozenset[str]:
        """Return the fields whose column stands next to one that identifies persons."""
        personal = [
            self._places[name].position
            for name, one in self.fields.items()
            if one.personal is not None and name in self._places
        ]
        near = {at + step for at in personal if at is not None for step in (-1, 1)}
        return frozenset(name for name, place in self._places.items() if place.position in near)

    def note(self, check: str, name: str, mask: Mask) -> None:
        """Record a fault in every data cell of a field for which the mask holds."""
        if mask.any():
            self.log.cells(check, self.place(name), self.rows[mask], self.written(name, mask))

    def note_rows(self, check: str, mask: Mask, values: "pd.Series[str] | None" = None) -> None:
        """Record a fault of whole data rows."""
        shown = pd.Series([""] * int(mask.sum()), dtype="str") if values is None else values
        self.log.cells(check, Place(), self.rows[mask], shown)

    def set_role(self, mask: Mask, role: Role, check: str) -> None:
        """Turn data rows into rows that are skipped, and leave them out of all columns."""
        if not mask.any():
            return
        flags = np.zeros(self.sheet.row_count, dtype=np.bool_)
        flags[self.rows[mask]] = True
        self.log.drop(flags)
        label = next(iter(self._places))
        self.log.cells(check, Place(), self.rows[mask], self.written(label, mask))
        self.layout.roles[self.rows[mask]] = role
        self.rows = self.rows[~mask]
        self.texts = {name: cells[~mask].reset_index(drop=True) for name, cells in self.texts.items()}
        self.values.keep(~mask)
