"""Kaplan-Meier: how long cases take when those still open are counted as what they are, open so far.

Kaplan and Meier (1958). The median of closed cases alone is too good: the slow ones are the open ones.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """`survival` is the share still open after each of `times`, which rise; it is 1 before the first of them."""

    times: Floats
    survival: Floats
    at_risk: npt.NDArray[np.int64]
    closed: npt.NDArray[np.int64]

    def quantile(self, share_closed: float) -> float:
        """Return the time by which this share is closed; NaN where the curve never falls so far: too many are open."""
        reached = np.flatnonzero(self.survival <= 1 - share_closed + 1e-12)
        return float(self.times[reached[0]]) if reached.size else float("nan")

    def at(self, time: float) -> float:
        """Return the share still open after a time."""
        place = int(np.searchsorted(self.times, time, side="right"))
        return float(self.survival[place - 1]) if place else 1.0


def kaplan_meier(durations: Floats, is_closed: npt.NDArray[np.bool_]) -> SurvivalCurve:
    """Return the curve of cases by how long each took, or has been open so far.

    Cases that close and cases that are open at the same time both count as at risk then. No case, empty curve.
    """
    times, place = np.unique(durations, return_inverse=True)
    leaving = np.bincount(place, minlength=len(times))
    closed = np.bincount(place, weights=is_closed, minlength=len(times)).astype(np.int64)
    at_risk = len(durations) - np.concatenate(([0], np.cumsum(leaving)[:-1])).astype(np.int64)
    survival: Floats = np.cumprod(1.0 - closed / np.maximum(at_risk, 1), dtype=np.float64)
    return SurvivalCurve(times, survival, at_risk.astype(np.int64)[: len(times)], closed)
