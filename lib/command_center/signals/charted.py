"""One series on its control chart, point by point: also where the limits are fixed to the first points or begin anew.

A rebased series is two processes: points before the declared period and points from it on have limits of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from command_center.signals.control import LEAST_POINTS, ControlCharts, Numbers, control_charts

RULES = ("outside", "runs", "trends", "near")


@dataclass(frozen=True)
class ChartPoint:
    """One point: its value (None where it is missing), the limits that hold for it, the rules it meets.

    `pointing` is 1 for a high special cause, -1 for a low one, 0 for common cause.
    """

    period: str
    value: float | None
    mean: float | None
    lower: float | None
    upper: float | None
    pointing: int = 0
    rules: tuple[str, ...] = ()

    @property
    def is_special(self) -> bool:
        return self.pointing != 0


def charted(
    points: Sequence[tuple[str, float | None]], *, first: int | None = None, rebase: str | None = None
) -> tuple[ChartPoint, ...]:
    """Return the points of a series, oldest first, on its chart.

    `first` fixes the limits to that many first points, `rebase` lets them begin anew at that period; both need
    12 points on which the limits rest. While fewer have come since a rebase, the limits before it go on. A
    missing value is passed over by every rule.
    """
    known = [(period, value) for period, value in points if value is not None]
    values = np.array([value for _, value in known], dtype=np.float64)
    begins = _begins(known, rebase)
    drawn: dict[str, ChartPoint] = {}
    for start, end in pairwise((0, *begins, len(known))):
        chart = control_charts(values[None, start:end], first)
        drawn |= {known[start + place][0]: _point(known, chart, start, place) for place in range(end - start)}
    latest = drawn[known[-1][0]] if known else ChartPoint("", None, None, None, None)
    missing = ChartPoint("", None, latest.mean, latest.lower, latest.upper)
    return tuple(
        drawn.get(period) or ChartPoint(period, None, missing.mean, missing.lower, missing.upper)
        for period, _ in points
    )


def _begins(known: Sequence[tuple[str, float]], rebase: str | None) -> tuple[int, ...]:
    if rebase is None:
        return ()
    place = next((number for number, (period, _) in enumerate(known) if period >= rebase), len(known))
    is_enough = place >= LEAST_POINTS and len(known) - place >= LEAST_POINTS
    return (place,) if is_enough else ()


def _point(known: Sequence[tuple[str, float]], chart: ControlCharts, start: int, place: int) -> ChartPoint:
    period, value = known[start + place]
    limits = [_plain(column) for column in (chart.mean, chart.lower, chart.upper)]
    pointing = int(chart.directions[0, place])
    rules = tuple(rule for rule in RULES if pointing and int(getattr(chart, rule)[0, place]))
    return ChartPoint(period, value, limits[0], limits[1], limits[2], pointing, rules)


def _plain(column: Numbers) -> float | None:
    return None if np.isnan(column[0]) else float(column[0])
