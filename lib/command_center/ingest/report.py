"""What became of a file: every row of every sheet accounted for, every fault told, as objects and as JSON.

read = accepted + quarantined + rejected; fixed is part of accepted; skipped rows stand apart.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from command_center.cleaning.columns import Decision

SOURCE_ROW = "source_row"
REASON = "reason"


@dataclass(frozen=True, eq=False)
class SheetReport:
    """The result for one sheet.

    `table`: accepted rows, the declared columns typed, indexed by `source_row` (row of the sheet, from 1).
    `quarantine`: the other rows as text with personal numbers masked, and a column `reason` naming the checks.
    `faults`: one row per fault (see FaultLog.table). `skipped`: rows that are no data, by role.
    """

    sheet: str
    read: int
    accepted: int
    fixed: int
    quarantined: int
    rejected: int
    skipped: Mapping[str, int]
    faults: pd.DataFrame
    decisions: tuple[tuple[str, Decision], ...]
    table: pd.DataFrame
    quarantine: pd.DataFrame

    @property
    def is_clean(self) -> bool:
        """True where nothing waits for a decision: all faults were repairs."""
        return bool(self.faults["action"].eq("fixed").all())

    @property
    def balances(self) -> bool:
        """True where every row read is accepted, quarantined or rejected, and the tables hold just these."""
        return (
            self.read == self.accepted + self.quarantined + self.rejected
            and self.fixed <= self.accepted == len(self.table)
            and len(self.quarantine) == self.quarantined + self.rejected
        )

    def counts(self) -> dict[str, int]:
        """Return the number of faults by check."""
        return {str(check): int(count) for check, count in self.faults["check"].value_counts().items()}

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values; `row` is null for a fault of the whole sheet."""
        return {
            "sheet": self.sheet,
            "read": self.read,
            "accepted": self.accepted,
            "fixed": self.fixed,
            "quarantined": self.quarantined,
            "rejected": self.rejected,
            "skipped": sum(self.skipped.values()),
            "skipped_rows": dict(self.skipped),
            "decisions": [
                {
                    "column": column,
                    "about": decision.about,
                    "choice": decision.choice,
                    "basis": decision.basis,
                    "evidence": list(decision.evidence),
                }
                for column, decision in self.decisions
            ],
            "faults": [
                {**fault, "row": None if pd.isna(fault["row"]) else int(fault["row"])}
                for fault in self.faults.to_dict("records")
            ],
        }


@dataclass(frozen=True, eq=False)
class FileReport:
    """The result for a file: what it was, and one report per sheet that holds the dataset's table."""

    dataset: str
    file: str
    sha256: str
    format: str
    encoding: str
    faults: pd.DataFrame
    sheets: tuple[SheetReport, ...]

    @property
    def is_clean(self) -> bool:
        """True where nothing of the file waits for a decision."""
        return bool(self.faults["action"].eq("fixed").all()) and all(sheet.is_clean for sheet in self.sheets)

    @property
    def table(self) -> pd.DataFrame:
        """The accepted rows of all sheets, one under the other, with a first index level for the sheet."""
        return pd.concat({sheet.sheet: sheet.table for sheet in self.sheets}, names=["sheet"])

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "dataset": self.dataset,
            "file": self.file,
            "sha256": self.sha256,
            "format": self.format,
            "encoding": self.encoding,
            "is_clean": self.is_clean,
            "faults": [{**fault, "row": None} for fault in self.faults.to_dict("records")],
            "sheets": [sheet.to_dict() for sheet in self.sheets],
        }

    def to_json(self) -> str:
        """Return the report as JSON, letters outside ASCII as they are."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)
