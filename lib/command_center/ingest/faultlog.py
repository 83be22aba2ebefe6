"""The faults of one sheet as they are found, kept by column and row and never one object per cell.

A fault without a place belongs to the sheet; what it touches decides for whole rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.cleaning import mask
from command_center.cleaning.columns import Mask, strings
from command_center.ingest.checks import ACTIONS, CHECKS, Action
from command_center.ingest.knownnames import Index, masked_names

COLUMNS = ("check", "sheet", "row", "column", "header", "cell", "value", "severity", "action")
_LONGEST_VALUE = 120
# What is told of a row whatever else is wrong with it.
_ALWAYS_TOLD = frozenset(
    {
        "private_identity_number", "private_family_card", "private_phone", "ragged_row", "repeated_rows",
        "shifted_cells",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a fault is told: the field's name (or header), the header as written, the grid column."""

    column: str = ""
    header: str = ""
    position: int | None = None


@dataclass(frozen=True, eq=False)
class _Entry:
    check: str
    place: Place
    rows: npt.NDArray[np.intp] | None
    values: Sequence[str]
    touches: npt.NDArray[np.intp]


class FaultLog:
    """Collects faults of a sheet with `row_count` grid rows."""

    def __init__(self, sheet: str, row_count: int, names: Index | None = None) -> None:
        """Begin with none; `names` are masked in every value that is told."""
        self._names = names or {}
        self._sheet = sheet
        self._row_count = row_count
        self._entries: list[_Entry] = []

    def cells(self, check: str, place: Place, rows: npt.NDArray[np.intp], values: "pd.Series[str]") -> None:
        """Add one fault for each of `rows` (grid rows); `values` are the cells as written, in the same order."""
        if rows.size:
            self._entries.append(_Entry(CHECKS[check].code, place, rows, self._shown(values), rows))

    def sheet(
        self,
        check: str,
        value: str = "",
        place: Place | None = None,
        touches: npt.NDArray[np.intp] | None = None,
    ) -> None:
        """Add one fault of the sheet or of a column; its action falls on the grid rows it `touches`."""
        none = np.empty(0, dtype=np.intp)
        self._entries.append(
            _Entry(
                CHECKS[check].code,
                place or Place(),
                None,
                [self._safe(value)],
                none if touches is None else touches,
            )
        )

    def checks(self) -> list[str]:
        """Return the names of the checks that found something, in order of their first finding."""
        return list(dict.fromkeys(entry.check for entry in self._entries))

    def rows_of(self, *checks: str) -> Mask:
        """Return which grid rows have one of these faults in a cell or as a row."""
        return self._flagged([entry for entry in self._entries if entry.check in checks])

    def cells_of(self, column: str, action: Action) -> Mask:
        """Return which grid rows have a fault with this action in a column."""
        return self._flagged(
            [
                entry
                for entry in self._entries
                if entry.place.column == column and CHECKS[entry.check].action == action
            ]
        )

    def drop(self, rows: Mask, checks: frozenset[str] | None = None) -> None:
        """Take back the faults of these checks in the given grid rows: another fault explains them.

        Without `checks` all but those that no other fault explains, such as a telephone number in clear.
        """
        kept: list[_Entry] = []
        for entry in self._entries:
            stands = entry.check in _ALWAYS_TOLD if checks is None else entry.check not in checks
            if stands or entry.rows is None:
                kept.append(entry)
                continue
            stays = ~rows[entry.rows]
            values = [value for value, stay in zip(entry.values, stays, strict=True) if stay]
            if values:
                kept.append(_Entry(entry.check, entry.place, entry.rows[stays], values, entry.rows[stays]))
        self._entries = kept

    def touched(self, action: Action) -> Mask:
        """Return which grid rows have a fault with this action."""
        return self._flagged([entry for entry in self._entries if CHECKS[entry.check].action == action])

    @property
    def has_open(self) -> bool:
        """True where any fault is more than a repair."""
        return any(CHECKS[entry.check].action != "fixed" for entry in self._entries)

    def table(self) -> pd.DataFrame:
        """Return every fault, one row each, in order of row and column.

        check, sheet, row (from 1, missing for the sheet's own), column, header, cell (A1 style), value (personal
        numbers masked), severity, action.
        """
        parts = [self._rows_of_entry(entry) for entry in self._entries]
        if not parts:
            return pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})
        table = pd.concat(parts, ignore_index=True)
        return table.sort_values(
            ["row", "position", "check"], na_position="first", kind="stable", ignore_index=True
        )[list(COLUMNS)]

    def _shown(self, values: "pd.Series[str]") -> list[str]:
        """The values masked and cut, each distinct one worked on once."""
        texts = strings(values)
        shown = {text: self._safe(str(text)) for text in texts.unique()}
        return [shown[text] for text in texts]

    def _safe(self, value: str) -> str:
        masked = mask(value)
        return _short(masked_names(masked, self._names) or masked)

    def _rows_of_entry(self, entry: _Entry) -> pd.DataFrame:
        check = CHECKS[entry.check]
        position = -1 if entry.place.position is None else entry.place.position
        rows = pd.array([None] if entry.rows is None else entry.rows + 1, dtype="Int64")
        letters = column_letters(position) if position >= 0 else ""
        return pd.DataFrame(
            {
                "check": check.code,
                "sheet": self._sheet,
                "row": rows,
                "column": entry.place.column,
                "header": entry.place.header,
                "cell": [f"{letters}{row}" if letters and row is not pd.NA else "" for row in rows],
                "value": entry.values,
                "severity": check.severity,
                "action": check.action,
                "position": position,
            }
        )

    def _flagged(self, entries: Sequence[_Entry]) -> Mask:
        flags = np.zeros(self._row_count, dtype=np.bool_)
        for entry in entries:
            flags[entry.touches] = True
        return flags


def column_letters(position: int) -> str:
    """Return the letters of a spreadsheet column: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def worst(log: FaultLog) -> dict[Action, Mask]:
    """Return for each action the grid rows on which it is the gravest one."""
    quarantined, rejected = log.touched(ACTIONS[1]), log.touched(ACTIONS[2])
    return {"fixed": log.touched("fixed"), "quarantined": quarantined & ~rejected, "rejected": rejected}


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
