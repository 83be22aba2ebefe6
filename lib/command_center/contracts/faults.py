"""What can be wrong with a table, by name, in words that can be translated.

A fault states; whether it stops anything is decided by whoever reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from command_center.locale import Translator, translatable

Severity = Literal["error", "warning"]

TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "empty_table": translatable("The table has no rows"),
        "missing_column": translatable("The column {column} is missing"),
        "unknown_column": translatable("The column {column} is not declared"),
        "type": translatable("'{value}' is not a value of type {limit}"),
        "required": translatable("{column} must be filled"),
        "unique": translatable("'{value}' stands in {column} more than once, first in row {limit}"),
        "minimum": translatable("{value} is below the minimum {limit}"),
        "maximum": translatable("{value} is above the maximum {limit}"),
        "enum": translatable("'{value}' is not one of {limit}"),
        "pattern": translatable("'{value}' does not fit the pattern {limit}"),
        "primary_key": translatable("The key '{value}' stands in more than one row, first in row {limit}"),
        "foreign_key": translatable("'{value}' is not a code in {limit}"),
        "method": translatable("'{value}' is not a declared method: {limit}"),
        "period": translatable("'{value}' is not a period"),
    }
)


@dataclass(frozen=True)
class Fault:
    """One rule broken in one place.

    `row` is the data row counted from 1 and `line` the line of the file; both are None for a fault of the
    whole table. `value` is the cell as it was written, "" where empty; `limit` is what the rule allows.
    """

    check: str
    column: str = ""
    row: int | None = None
    line: int | None = None
    value: str = ""
    limit: str = ""
    severity: Severity = "error"

    @property
    def message(self) -> str:
        """The fault in English, without its place."""
        return TEMPLATES[self.check].format_map(self._values)

    def say(self, translator: Translator) -> str:
        """Return the fault in the reader's language, without its place."""
        return translator.t(TEMPLATES[self.check], **self._values)

    @property
    def place(self) -> str:
        """Row, line and column in English, "" for a fault of the whole table."""
        where = [] if self.row is None else [f"row {self.row} (line {self.line})"]
        return ", ".join([*where, *([f"column {self.column}"] if self.column else [])])

    @property
    def _values(self) -> dict[str, str]:
        return {"column": self.column, "value": self.value, "limit": self.limit}
