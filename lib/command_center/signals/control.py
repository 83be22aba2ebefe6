"""Control charts for individual values (XmR), over many series at once: limits, and which points are special cause.

The rules are those of the signals specification, provenance "practice" (Shewhart, Wheeler; the run and near-limit
rules as in the English health service's "Making data count"). Judges no series as good or bad and raises no alarm.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LEAST_POINTS = 12
RANGE_CUTOFF = 3.267
LIMIT_FACTOR = 2.66
NEAR_SHARE = 2 / 3
RUN_LENGTH = 7
NEAR_WINDOW, NEAR_COUNT = 3, 2
# Rounding in the last bits must not push a point over a limit that it touches.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class ControlCharts:
    """The charts of many series, one a row; the points after the end of a series are NaN and never flagged.

    `mean` and `spread` (the mean moving range m) are NaN for a series with too few points to have limits.
    """

    values: Numbers
    mean: Numbers
    spread: Numbers

    @cached_property
    def upper(self) -> Numbers:
        """Upper limits, one a series."""
        return self.mean + LIMIT_FACTOR * self.spread

    @cached_property
    def lower(self) -> Numbers:
        """Lower limits, one a series; not cut at zero."""
        return self.mean - LIMIT_FACTOR * self.spread

    @cached_property
    def sides(self) -> npt.NDArray[np.int8]:
        """1 above the mean, -1 below it, 0 on it and where there is no point."""
        return self._beyond(0.0)

    @cached_property
    def outside(self) -> npt.NDArray[np.int8]:
        """1 strictly above the upper limit, -1 strictly below the lower, else 0."""
        return self._beyond(LIMIT_FACTOR)

    @cached_property
    def runs(self) -> npt.NDArray[np.int8]:
        """The side of a point that is part of 7 or more consecutive ones on one side of the mean, else 0."""
        return _both(_covered(self.sides == 1, RUN_LENGTH), _covered(self.sides == -1, RUN_LENGTH))

    @cached_property
    def trends(self) -> npt.NDArray[np.int8]:
        """1 for a point in 7 consecutive rising ones, -1 for falling ones, else 0."""
        steps = np.diff(self.values, axis=1)
        return _both(self._climbs(steps > 0), self._climbs(steps < 0))

    @cached_property
    def near(self) -> npt.NDArray[np.int8]:
        """The side of a point beyond a near limit, not outside, with another such in three on that side, else 0."""
        close = np.where(self.outside == 0, self._beyond(LIMIT_FACTOR * NEAR_SHARE), 0)
        return _both(self._near_on(close, 1), self._near_on(close, -1))

    @cached_property
    def special(self) -> Flags:
        """Whether a point is special cause by any of the rules."""
        flags: Flags = (self.outside != 0) | (self.runs != 0) | (self.trends != 0) | (self.near != 0)
        has_limits: Flags = ~np.isnan(self.mean)[:, None]
        return np.asarray(flags & has_limits)

    @cached_property
    def directions(self) -> npt.NDArray[np.int8]:
        """Where a special cause points: 1 high, -1 low, 0 none; outside goes before run, trend and near."""
        found = self.outside
        for rule in (self.runs, self.trends, self.near):
            found = np.where(found == 0, rule, found)
        return np.where(self.special, found, 0).astype(np.int8)

    def _beyond(self, factor: float) -> npt.NDArray[np.int8]:
        scale = np.nanmax(np.abs(np.where(np.isnan(self.values), 0.0, self.values)), axis=1, initial=0.0)
        away = self.values - self.mean[:, None]
        with np.errstate(invalid="ignore"):
            far = np.abs(away) > (factor * self.spread + _ROUNDING * scale)[:, None]
        return np.where(far, np.sign(np.nan_to_num(away)), 0).astype(np.int8)

    def _climbs(self, steps: Flags) -> Flags:
        """Return the points touched by six consecutive steps."""
        covered = _covered(steps, RUN_LENGTH - 1)
        edge = np.zeros((len(steps), 1), dtype=np.bool_)
        return np.asarray(np.hstack([covered, edge]) | np.hstack([edge, covered]))

    def _near_on(self, close: npt.NDArray[np.int_], side: int) -> Flags:
        if self.values.shape[1] < NEAR_WINDOW:
            return np.zeros(self.values.shape, dtype=np.bool_)
        same_side = np.asarray(sliding_window_view(self.sides == side, NEAR_WINDOW, axis=1).all(axis=2))
        enough = sliding_window_view(close == side, NEAR_WINDOW, axis=1).sum(axis=2) >= NEAR_COUNT
        found: Flags = _spread(same_side & enough, NEAR_WINDOW) & np.asarray(close == side)
        return found


def control_charts(
    values: Numbers, baseline: int | None = None, *, least: int = LEAST_POINTS
) -> ControlCharts:
    """Return the charts of series laid out one a row, oldest first, NaN after the end of a shorter one.

    `baseline` fixes centre and limits to that many first points. A series (or baseline) of fewer than `least`
    points has no limits. Raises ValueError for a gap inside a series: leave missing periods out.
    """
    filled = ~np.isnan(values)
    if (filled[:, 1:] & ~filled[:, :-1]).any():
        raise ValueError("a series has a gap; leave out what is missing")
    based = values if baseline is None else values[:, :baseline]
    counts = (~np.isnan(based)).sum(axis=1)
    has_limits = counts >= least
    mean = np.where(has_limits, _means(based), np.nan)
    return ControlCharts(values, mean, np.where(has_limits, _mean_range(based), np.nan))


def _means(values: Numbers) -> Numbers:
    counts = (~np.isnan(values)).sum(axis=1)
    # Around the first value: the mean of equal values is then that value, to the last bit.
    first = values[:, :1] if values.shape[1] else np.zeros((len(values), 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Numbers = first[:, 0] + np.nansum(values - first, axis=1) / counts
    return means


def _mean_range(values: Numbers) -> Numbers:
    """Return the mean moving range without those that are 3.267 times the mean or more; 0 where none is left."""
    ranges = np.abs(np.diff(values, axis=1))
    scale = np.nanmax(np.abs(np.where(np.isnan(values), 0.0, values)), axis=1, initial=0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        cutoff = RANGE_CUTOFF * _plain_means(ranges) - _ROUNDING * scale
        kept = np.where(ranges >= cutoff[:, None], np.nan, ranges)
    return np.nan_to_num(_plain_means(kept))


def _plain_means(values: Numbers) -> Numbers:
    counts = (~np.isnan(values)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Numbers = np.nansum(values, axis=1) / counts
    return means


def _covered(flags: Flags, length: int) -> Flags:
    """Return the places that lie in a stretch of at least `length` flags."""
    if flags.shape[1] < length:
        return np.zeros(flags.shape, dtype=np.bool_)
    return _spread(np.asarray(sliding_window_view(flags, length, axis=1).all(axis=2)), length)


def _spread(windows: Flags, length: int) -> Flags:
    """Return the places that any of the flagged windows covers."""
    width = windows.shape[1]
    places = np.zeros((len(windows), width + length - 1), dtype=np.bool_)
    for offset in range(length):
        places[:, offset : offset + width] |= windows
    return places


def _both(above: Flags, below: Flags) -> npt.NDArray[np.int8]:
    return above.astype(np.int8) - below.astype(np.int8)
