"""What an agency owes, dataset by dataset: the periods that are due and missing, and the regions missing from others.

Sample data pay no debt. Pure: reads the readiness table, writes nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Owed:
    """One dataset that an agency owes.

    `periods` are missing whole, the earliest first, with the day each was due; `partial` are periods that came with
    regions missing: (period, due day, codes).
    """

    sector: str
    dataset: str
    periods: tuple[tuple[str, date], ...]
    partial: tuple[tuple[str, date, tuple[str, ...]], ...]

    @property
    def first_due(self) -> date:
        """The earliest due day of what is owed."""
        return min(self._days)

    @property
    def last_due(self) -> date:
        """The latest due day of what is owed."""
        return max(self._days)

    @property
    def _days(self) -> list[date]:
        return [day for _, day in self.periods] + [day for _, day, _ in self.partial]


def owed_by(readiness: pd.DataFrame, agency: str) -> tuple[Owed, ...]:
    """Return what an agency owes by the day of an edition, in the order of the table; () where it owes nothing."""
    own = readiness["agency_code"].eq(agency) & readiness["is_due"] & ~readiness["is_sample"].astype("bool")
    rows = readiness[own & (readiness["rows"].eq(0) | readiness["missing_regions"].ne(""))]
    found = []
    for (sector, dataset), part in rows.groupby(["sector", "dataset"], sort=False):
        ordered = part.sort_values("due_on", kind="stable").to_dict("records")
        found.append(
            Owed(
                str(sector),
                str(dataset),
                tuple((row["period"], row["due_on"].date()) for row in ordered if row["rows"] == 0),
                tuple(_partial(row) for row in ordered if row["rows"] > 0),
            )
        )
    return tuple(found)


def _partial(row: dict[Any, Any]) -> tuple[str, date, tuple[str, ...]]:
    return str(row["period"]), row["due_on"].date(), tuple(row["missing_regions"].split(","))
