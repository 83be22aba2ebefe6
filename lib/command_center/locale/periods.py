"""Periods as text ("2024", "2024-S1", "2024-Q3", "2024-08", "2025-09-30") taken apart for writing and drawing.

Knows how a period is written and where it ends on a time line; working days and cut-off rules live in
calendar.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from command_center.locale.translator import LocaleError

Grain = Literal["year", "semester", "quarter", "month", "day"]
_MONTHS_IN: dict[str, int] = {"S": 6, "Q": 3}
_PATTERN = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<kind>[SQ])(?P<part>[1-4])|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
)


@dataclass(frozen=True)
class Period:
    """One period: its grain, year, number within the year (semester, quarter, month; 1 for a year) and last day."""

    grain: Grain
    year: int
    number: int
    end: date

    @property
    def position(self) -> float:
        """The end of the period in years, for a time axis on which gaps stay visible."""
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        return self.year + ((self.end - first).days + 1) / ((last - first).days + 1)


def parse_period(text: str) -> Period:
    """Return the period that `text` names; raises LocaleError when it is not written in one of the five ways."""
    match = _PATTERN.fullmatch(text)
    try:
        if match:
            return _period(match)
    except ValueError as error:
        raise _unreadable(text) from error
    raise _unreadable(text)


def _period(match: re.Match[str]) -> Period:
    year = int(match["year"])
    if match["day"]:
        end = date(year, int(match["month"]), int(match["day"]))
        return Period("day", year, int(match["month"]), end)
    if match["month"]:
        return Period("month", year, int(match["month"]), _month_end(year, int(match["month"])))
    if match["kind"]:
        number = int(match["part"])
        grain: Grain = "semester" if match["kind"] == "S" else "quarter"
        return Period(grain, year, number, _month_end(year, number * _MONTHS_IN[match["kind"]]))
    return Period("year", year, 1, date(year, 12, 31))


def _month_end(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(f"month {month}")
    return date(year, month, monthrange(year, month)[1])


def _unreadable(text: str) -> LocaleError:
    return LocaleError(
        f"'{text}' is not a period",
        who="the maintainer of the table it came from",
        next_step="write 2024, 2024-S1, 2024-Q3, 2024-08 or 2025-09-30",
    )
