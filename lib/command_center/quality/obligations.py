"""Which periods of a dataset are due by a day, by the rhythm its agency promised.

Working days come from the calendar; the day is passed in.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from command_center.calendar import WorkingCalendar
from command_center.catalog.words import Cadence
from command_center.locale import parse_period
from command_center.quality.rules import ReadinessRules

# Daily and weekly tables are asked for by the month: a week is in two months, and nobody is written to about a day.
_FREQUENCY: dict[Cadence, str] = {
    "daily": "M",
    "weekly": "M",
    "monthly": "M",
    "quarterly": "Q",
    "semester": "S",
    "yearly": "Y",
}
_BY_MONTH: frozenset[Cadence] = frozenset({"daily", "weekly"})


@dataclass(frozen=True)
class Obligation:
    """One period of a dataset and the last day on which its data are in time."""

    period: str
    due_on: date


def counted_period(period: str, cadence: Cadence) -> str:
    """Return the period under which a row is counted: the month for a day of a daily or weekly table, else its own."""
    return period[:7] if cadence in _BY_MONTH and parse_period(period).grain == "day" else period


def due_on(period: str, cadence: Cadence, rules: ReadinessRules, calendar: WorkingCalendar) -> date | None:
    """Return the last day on which the data of a period are in time; None where the rhythm sets none."""
    days = rules.due[cadence].working_days
    return None if days is None else calendar.add_working_days(parse_period(period).end, days)


def obligations(
    cadence: Cadence, rules: ReadinessRules, calendar: WorkingCalendar, on: date
) -> tuple[Obligation, ...]:
    """Return the last periods that are due by a day, as many as the rules look back, the earliest first."""
    found: list[Obligation] = []
    for period in _periods_before(cadence, on, rules.due[cadence].periods + 2):
        day = due_on(period, cadence, rules, calendar)
        if day is not None and day <= on:
            found.append(Obligation(period, day))
    return tuple(found[: rules.due[cadence].periods][::-1])


def _periods_before(cadence: Cadence, on: date, count: int) -> list[str]:
    """Return the last periods that have ended before a day, the latest first."""
    frequency = _FREQUENCY.get(cadence)
    if frequency is None:
        return []
    if frequency == "S":
        current = 2 * on.year + (on.month > 6)
        return [f"{(current - back) // 2}-S{(current - back) % 2 + 1}" for back in range(1, count + 1)]
    last = pd.Period(on, freq=frequency)
    return [str(last - back).replace("Q", "-Q") for back in range(1, count + 1)]
