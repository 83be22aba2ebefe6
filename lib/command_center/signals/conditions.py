"""How far each figure of a line is beyond the threshold of a rule: what the words of a rule mean in numbers.

A margin above 0 is a breach, in the unit of the figure; None where nothing can be said. Raises no alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import sqrt
from statistics import fmean, stdev

from scipy.stats import norm

from command_center.locale import parse_period
from command_center.signals.lines import SeriesPoint
from command_center.signals.rules import Condition, Curve, Drop, Growth, Limit, Rise, SameSeason

_QUARTER_ENDS = ((1, 1), (3, 31), (6, 30), (9, 30), (12, 31))
# A margin that is 0 but for the last bits of its sum is no breach.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Standing:
    """One figure against a threshold. `p_value` is how often chance alone does this; None where it is no sample."""

    point: SeriesPoint
    margin: float
    threshold: float
    p_value: float | None = None

    @property
    def is_breach(self) -> bool:
        return self.margin > _ROUNDING


def standings(condition: Condition, points: Sequence[SeriesPoint], direction: str) -> list[Standing]:
    """Return the standing of each figure that the condition can judge, oldest first."""
    match condition:
        case Limit():
            return [_limit(condition, point) for point in points]
        case Drop():
            return [_drop(condition, before, after, direction) for before, after in pairwise(points)]
        case Growth():
            return [_growth(condition, before, after) for before, after in pairwise(points)]
        case Rise():
            return [
                _rise(condition, points[last - condition.steps : last + 1])
                for last in range(condition.steps, len(points))
            ]
        case Curve():
            return [_curve(condition, point) for point in points]
        case SameSeason():
            return _same_season(condition, points)


def due_by(curve: Curve, day: date) -> float:
    """Return what a yearly curve asks for on a day, straight between the ends of quarters, 0 on New Year's Day."""
    ends = [date(day.year, month, last) for month, last in _QUARTER_ENDS]
    due = (0.0, *curve.quarters)
    for place in range(1, len(ends)):
        if day <= ends[place]:
            share = (day - ends[place - 1]).days / (ends[place] - ends[place - 1]).days
            return due[place - 1] + share * (due[place] - due[place - 1])
    return due[-1]


def _limit(condition: Limit, point: SeriesPoint) -> Standing:
    if condition.above is not None:
        margin, threshold = point.value - condition.above, condition.above
    else:
        threshold = condition.below if condition.below is not None else 0.0
        margin = threshold - point.value
    if condition.edge and margin == 0:
        margin = _ROUNDING * 2
    return Standing(point, margin, threshold)


def _drop(condition: Drop, before: SeriesPoint, after: SeriesPoint, direction: str) -> Standing:
    sign = -1.0 if direction == "down" else 1.0
    return Standing(
        after,
        sign * (before.value - after.value) - condition.points,
        before.value - sign * condition.points,
    )


def _growth(condition: Growth, before: SeriesPoint, after: SeriesPoint) -> Standing:
    threshold = before.value * (1 + condition.percent / 100)
    # Nothing grows by a share of nothing: a first case is a matter for a limit.
    margin = after.value - threshold if before.value > 0 else -1.0
    return Standing(after, margin, threshold)


def _rise(condition: Rise, window: Sequence[SeriesPoint]) -> Standing:
    first, last = window[0], window[-1]
    is_rising = all(after.value > before.value for before, after in pairwise(window))
    margin = last.value - first.value if is_rising else -abs(last.value - first.value)
    return Standing(last, margin, first.value, _share_p_value(first, last) if is_rising else 1.0)


def _share_p_value(first: SeriesPoint, last: SeriesPoint) -> float:
    """Return how often two samples of one share differ this much upwards; 1 where numbers are missing."""
    parts = (first.numerator, first.denominator, last.numerator, last.denominator)
    if any(part is None for part in parts):
        return 1.0
    one, of_one, other, of_other = (float(part) for part in parts if part is not None)
    if min(of_one, of_other) <= 0:
        return 1.0
    pooled = (one + other) / (of_one + of_other)
    error = sqrt(max(pooled * (1 - pooled), 0.0) * (1 / of_one + 1 / of_other))
    return float(norm.sf((other / of_other - one / of_one) / error)) if error > 0 else 1.0


def _curve(condition: Curve, point: SeriesPoint) -> Standing:
    due = due_by(condition, point.as_of)
    return Standing(point, due - point.value - condition.points, due)


def _same_season(condition: SameSeason, points: Sequence[SeriesPoint]) -> list[Standing]:
    by_slot: dict[tuple[str, int], dict[int, list[float]]] = {}
    found = []
    for point in points:
        slot, year = season_slot(point.period)
        years = by_slot.setdefault(slot, {})
        earlier = [fmean(years[one]) for one in sorted(years) if year - condition.years <= one < year]
        if len(earlier) >= condition.least_years:
            threshold = fmean(earlier) + condition.deviations * stdev(earlier)
            found.append(Standing(point, point.value - threshold, threshold))
        years.setdefault(year, []).append(point.value)
    return found


def season_slot(period: str) -> tuple[tuple[str, int], int]:
    """Return the place of a period in its year, as (grain, number), and the year; days go by ISO week."""
    parsed = parse_period(period)
    if parsed.grain == "day":
        year, week, _ = parsed.end.isocalendar()
        return ("week", week), year
    return (parsed.grain, parsed.number), parsed.year
