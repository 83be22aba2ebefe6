"""From the faults of a sheet to the places of its workbook: each cell once, with all its faults and one repair."""

import re
from math import log10
from typing import Any

import pandas as pd
from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import coordinate_from_string

from command_center.catalog import Dataset, Field
from command_center.ingest.context import IngestContext
from command_center.ingest.headers import SourceColumn
from command_center.ingest.layout import SheetLayout
from command_center.ingest.readers import Sheet
from command_center.ingest.titleperiods import periods_named
from command_center.ingest.workbook.orders import order_for, strongest
from command_center.ingest.workbook.readings import column_cells
from command_center.ingest.workbook.repairs import Repair, RepairBook
from command_center.ingest.workbook.told import CellFault, Told
from command_center.ingest.workbook.words import title_of
from command_center.locale import Locale

# Told once for the sheet; a colour on an empty row would say nothing.
_NO_PLACE = frozenset({"blank_row"})
_OF_REGIONS = frozenset({"region_unknown", "region_ambiguous", "region_level"})
_SHIFT = "shifted_cells"
_YEAR = re.compile(r"(?:19|20)\d{2}")


class FaultLocator:
    """Places the faults of one sheet whose table was found."""

    def __init__(
        self,
        sheet: Sheet,
        layout: SheetLayout,
        dataset: Dataset,
        context: IngestContext,
        period: str,
        locale: Locale,
    ) -> None:
        self._sheet = sheet
        self._layout = layout
        self._dataset = dataset
        self._context = context
        self._locale = locale
        self._fields = {field.name: field for field in dataset.table.fields}
        self._by_field = {column.field: column for column in layout.columns if column.field is not None}
        columns = column_cells(sheet, layout, dataset)
        self._book = RepairBook(dataset, columns, context, period)
        self._places: dict[tuple[int, int], Told] = {}
        self._width = sheet.cells.shape[1]

    def locate(self, faults: pd.DataFrame) -> list[Told]:
        """Return every place with its faults, from top to bottom; those of the whole sheet first."""
        is_shift = faults["check"] == _SHIFT
        for fault in (*faults[is_shift].to_dict("records"), *faults[~is_shift].to_dict("records")):
            self._place(fault)
        told = sorted(self._places.values(), key=lambda one: (one.row, one.column))
        cleared = {one.row for one in told if one.repair.order == "clear_row"}
        for one in told:
            if one.row in cleared:
                one.repair = Repair("clear_row")
            one.meanings = self._meanings(one.repair)
        return told

    def _meanings(self, repair: Repair) -> tuple[str, ...]:
        """What the codes in a repair stand for: regions with the region above, agencies by their names."""
        tree, agencies = self._context.regions, self._context.agencies
        said = []
        for code in (repair.value, repair.example, *repair.choices):
            if isinstance(code, str) and code in tree:
                above = [one.code for one in tree.ancestors(code) if one.level == "kec"]
                said.append(f"{code} = {', '.join(tree.label(one) for one in (code, *above))}")
            elif isinstance(code, str) and code in agencies.codes:
                said.append(f"{code} = {agencies.get(code).name_id}")
        return tuple(said)

    def _place(self, fault: dict[Any, Any]) -> None:
        check = str(fault["check"])
        if pd.isna(fault["row"]):
            self._place_column(check, fault)
            return
        row = int(fault["row"])
        if check == _SHIFT:
            self._place_shift(fault, row)
            return
        name, position = self._cell(fault, row)
        if check in _OF_REGIONS:
            name, row, position = self._outer_cell(name, row, position)
        field = self._fields.get(name)
        if check in _NO_PLACE:
            self._tell(fault, 0, len(self._places) + 1, None, Repair("keep"))
            return
        if check == "ragged_row":
            self._place_surplus(fault, row)
        repair = order_for(check, self._book, name, row, self._raw(row, position))
        self._tell(fault, row, position, field, repair)

    def _cell(self, fault: dict[Any, Any], row: int) -> tuple[str, int]:
        """The field and the column (from 1) in which a fault of a row is told."""
        name = str(fault["column"])
        if fault["cell"]:
            return name, column_index_from_string(coordinate_from_string(str(fault["cell"]))[0])
        source = self._dataset.layout.region_from
        if source is not None and name == source.field and source.name in self._by_field:
            return source.name, self._by_field[source.name].position + 1
        if name in self._by_field:
            return name, self._by_field[name].position + 1
        filled = (at for at in range(self._width) if self._raw(row, at + 1).strip())
        return name, next(filled, 0) + 1

    def _outer_cell(self, name: str, row: int, position: int) -> tuple[str, int, int]:
        """The cell of the kecamatan where it is that which no region is called, filled down or not."""
        source = self._dataset.layout.region_from
        outer = (
            self._by_field.get(source.within or "") if source is not None and name == source.name else None
        )
        if outer is None or outer.field is None or self._book.reader.outer_region(row) is not None:
            return name, row, position
        written = next((at for at in range(row, 0, -1) if self._raw(at, outer.position + 1).strip()), 0)
        if written <= self._layout.header_to + 1:
            return name, row, position
        return outer.field, written, outer.position + 1

    def _place_column(self, check: str, fault: dict[Any, Any]) -> None:
        """A fault of a whole column stands at its header; one of the sheet has no cell."""
        name = str(fault["column"])
        field = self._fields.get(name)
        if check == "column_missing" and field is not None:
            self._add_column(fault, field)
            return
        if check == "wrong_period" and name not in self._by_field:
            self._place_title(fault)
            return
        column = next((one for one in self._layout.columns if _is_meant(one, check, fault)), None)
        if column is None:
            self._tell(fault, 0, len(self._places) + 1, field, order_for(check, self._book, "", 0, ""))
            return
        row = self._header_row(column, with_break=check == "header_line_break")
        self._tell(fault, row, column.position + 1, field, self._header_repair(check, column, fault))

    def _header_repair(self, check: str, column: SourceColumn, fault: dict[Any, Any]) -> Repair:
        field = self._fields.get(column.field or column.suggestion)
        if check in ("column_renamed", "header_line_break"):
            if field is not None:
                return Repair("value", title_of(field, self._locale))
            return Repair("value", " ".join(column.header.split()))
        if check == "wrong_period":
            return Repair("fill_column", self._book.period)
        if check == "column_rescaled":
            factor = float(str(fault["value"]).replace("×", "").strip())
            exponent = -3 * round(log10(factor) / 3)
            return Repair("scale_column", 10**exponent if exponent > 0 else round(10.0**exponent, -exponent))
        return order_for(check, self._book, column.field or "", 0, "")

    def _header_row(self, column: SourceColumn, *, with_break: bool = False) -> int:
        rows = range(self._layout.header_from, self._layout.header_to + 1)
        texts = [(row, self._raw(row + 1, column.position + 1)) for row in rows]
        filled = [row for row, text in texts if text.strip() and (not with_break or "\n" in text.strip())]
        return (filled[-1] if filled else self._layout.header_to) + 1

    def _add_column(self, fault: dict[Any, Any], field: Field) -> None:
        """A missing column is put in at the right end, with its header, for the sender to fill."""
        self._width += 1
        header = self._layout.header_to + 1
        title = title_of(field, self._locale)
        self._tell(fault, header, self._width, field, Repair("cells"), written=title)
        for row in self._layout.data + 1:
            self._tell(
                fault, int(row), self._width, field, self._book.missing(field.name, int(row)), header=title
            )

    def _place_title(self, fault: dict[Any, Any]) -> None:
        """A wrong period in the titles: the cell that names it, with the period due in its place."""
        due = self._locale.period(self._book.period)
        for row, cells in enumerate(self._sheet.top(self._layout.header_from), start=1):
            for column, text in enumerate(cells, start=1):
                named = periods_named(text)
                if named:
                    year = next(iter(named))[:4]
                    swapped = (
                        re.sub(year, self._book.period[:4], text)
                        if _YEAR.fullmatch(next(iter(named)))
                        else due
                    )
                    self._tell(fault, row, column, None, Repair("value", swapped))
                    return
        self._tell(fault, 0, len(self._places) + 1, None, Repair("resend"))

    def _place_shift(self, fault: dict[Any, Any], row: int) -> None:
        """Each cell of a shifted row, with the value that slipped to the cell beside it."""
        moved = max(
            (self._moved(row, step) for step in (1, -1)),
            key=lambda one: sum(v is not None for v in one.values()),
        )
        for name, column in self._by_field.items():
            value = moved.get(name)
            repair = Repair("value", value) if value is not None else self._book.unknowable(name, row)
            if value is not None or self._raw(row, column.position + 1).strip():
                self._tell(fault, row, column.position + 1, self._fields[name], repair)
        for at in range(self._width):
            if self._raw(row, at + 1).strip() and all(one.position != at for one in self._by_field.values()):
                self._tell(fault, row, at + 1, None, Repair("clear"))

    def _moved(self, row: int, step: int) -> dict[str, Any]:
        """What the row's fields would hold if every cell stood one column to the side."""
        read = {}
        for name, column in self._by_field.items():
            text = self._raw(row, column.position + 1 + step) if column.position + step >= 0 else ""
            read[name] = self._book.reader.read_alone(self._fields[name], text, row) if text.strip() else None
        return read

    def _place_surplus(self, fault: dict[Any, Any], row: int) -> None:
        headed = {column.position for column in self._layout.columns if column.header}
        for at in range(self._width):
            if at not in headed and self._raw(row, at + 1).strip():
                self._tell(fault, row, at + 1, None, Repair("clear"))

    def _raw(self, row: int, column: int) -> str:
        """A cell as sent, row and column from 1; "" outside the grid."""
        if not (1 <= row <= self._sheet.row_count and 1 <= column <= self._sheet.cells.shape[1]):
            return ""
        text = self._sheet.cells[column - 1].iloc[row - 1]
        return text if isinstance(text, str) else ""

    def _tell(
        self, fault: dict[Any, Any], row: int, column: int, field: Field | None, repair: Repair, *,
        written: str | None = None, header: str = "",
    ) -> None:  # fmt: skip
        entry = CellFault(str(fault["check"]), fault["action"])
        told = self._places.get((row, column))
        if told is None:
            shown = (
                str(fault["header"]) or header or written or (title_of(field, self._locale) if field else "")
            )
            told = Told(self._sheet.name, row, column, shown, field, [], repair, written)
            self._places[row, column] = told
        if entry not in told.faults:
            told.faults.append(entry)
        told.reasons.append(repair)
        if entry.check == _SHIFT:
            # What slipped here from the next cell is the answer to every other fault of the cell too.
            told.reasons = [repair]
        if told.faults[0].check != _SHIFT or entry.check == _SHIFT:
            told.repair = strongest(told.reasons)


def _is_meant(column: SourceColumn, check: str, fault: dict[Any, Any]) -> bool:
    name, header = str(fault["column"]), str(fault["header"])
    if check == "column_repeated":
        return column.repeats == name and column.header == header
    if check == "column_renamed":
        return column.suggestion == name
    if not name:
        return False
    return column.field == name or (column.field is None and not column.repeats and column.header == header)
