"""What is told about one place of a returned workbook: its faults and the repair they call for."""

from dataclasses import dataclass
from dataclasses import field as with_default

from openpyxl.utils import get_column_letter

from command_center.catalog import Field
from command_center.ingest.checks import ACTIONS, Action
from command_center.ingest.workbook.repairs import Repair


@dataclass(frozen=True)
class CellFault:
    """One fault of a place: the check that found it and what was done."""

    check: str
    action: Action


@dataclass
class Told:
    """A cell (row and column from 1) or, with row 0, a whole sheet; `written` is text that intake puts there.

    `meanings` say what the codes in the repair stand for.
    """

    sheet: str
    row: int
    column: int
    header: str
    field: Field | None
    faults: list[CellFault]
    repair: Repair
    written: str | None = None
    reasons: list[Repair] = with_default(default_factory=list)
    meanings: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The cell in A1 style, "" for a whole sheet."""
        return f"{get_column_letter(self.column)}{self.row}" if self.row else ""

    @property
    def action(self) -> Action:
        """The gravest thing done."""
        return max((fault.action for fault in self.faults), key=ACTIONS.index)

    @property
    def is_open(self) -> bool:
        """Whether the fault keeps the row, column or sheet from being accepted."""
        return self.action != "fixed"
