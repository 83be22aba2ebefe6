"""A trial against its own past and against units like it: what it gained, with an interval, or that it cannot be said."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import t as student

FEWEST_CASES, FEWEST_UNITS, FEWEST_OF_A_UNIT = 20, 5, 5
Floats = npt.NDArray[np.float64]
Unsaid = Literal["", "no_before", "no_after", "too_few_like_it"]
Readiness = Literal["ready", "not_yet", "cannot_be_said"]


@dataclass(frozen=True)
class Effect:
    """The change of the working time in percent that the units like it did not have; negative is time gained.

    `unsaid` names why there is none: no cases before, none after, or too few units like it.
    """

    unit: str
    percent: float
    low: float
    high: float
    before: int
    after: int
    units_like_it: int
    unsaid: Unsaid = ""

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves no room for no change."""
        return not self.unsaid and (self.high < 0 or self.low > 0)


def difference_in_differences(
    cases: pd.DataFrame, unit: str, like_it: Collection[str], start: int, *, confidence: float = 0.95
) -> Effect:
    """Return the effect of a trial that began at `start` (microseconds UTC) on the working time of closed cases.

    The change of the mean logarithm in the unit, less the mean change in the units like it. Its error has the unit's
    own scatter and that between the units (DerSimonian and Laird); Student's interval with one less than those units.
    `cases` are those to compare, with `unit`, `opened` and `working_s`; zero times count as one second.
    """
    halves = _halves(cases, [unit, *like_it], start)
    own = halves.pop(unit, _Halves())
    usable = [one for one in halves.values() if one.is_usable]
    unsaid: Unsaid = ""
    if own.before < FEWEST_CASES or own.after < FEWEST_CASES:
        unsaid = "no_before" if own.before < FEWEST_CASES else "no_after"
    elif len(usable) < FEWEST_UNITS:
        unsaid = "too_few_like_it"
    if unsaid:
        nothing = float("nan")
        return Effect(unit, nothing, nothing, nothing, own.before, own.after, len(usable), unsaid)
    middle, error, between = _pooled(
        np.array([one.change for one in usable]), np.array([one.variance for one in usable])
    )
    scatter = float(np.sqrt(own.variance + between + error**2))
    width = float(student.ppf(0.5 + confidence / 2, len(usable) - 1)) * scatter
    effect = own.change - middle
    return Effect(
        unit,
        _percent(effect),
        _percent(effect - width),
        _percent(effect + width),
        own.before,
        own.after,
        len(usable),
    )


@dataclass(frozen=True)
class _Halves:
    """The logarithms of a unit's times in both halves: how many, the change of their mean, and its variance."""

    before: int = 0
    after: int = 0
    change: float = float("nan")
    variance: float = float("nan")

    @property
    def is_usable(self) -> bool:
        """Whether both halves have a scatter."""
        return min(self.before, self.after) >= FEWEST_OF_A_UNIT and self.variance > 0


def _halves(cases: pd.DataFrame, units: Collection[str], start: int) -> dict[str, _Halves]:
    closed = cases[cases["is_closed"] & cases["unit"].isin(list(units))]
    logs = np.log(np.maximum(closed["working_s"].to_numpy(dtype=float), 1.0))
    is_after = (closed["opened"] >= start).to_numpy()
    places = closed["unit"].astype("str").to_numpy()
    found = {}
    for unit in dict.fromkeys(units):
        own = places == unit
        before, after = logs[own & ~is_after], logs[own & is_after]
        if min(len(before), len(after)) >= FEWEST_OF_A_UNIT:
            variance = float(after.var(ddof=1) / len(after) + before.var(ddof=1) / len(before))
            found[unit] = _Halves(len(before), len(after), float(after.mean() - before.mean()), variance)
        else:
            found[unit] = _Halves(len(before), len(after))
    return found


def _percent(log_change: float) -> float:
    return float(np.expm1(log_change) * 100)


def _pooled(change: Floats, within: Floats) -> tuple[float, float, float]:
    """The mean change over units, its error, and the variance between them beyond their own scatter."""
    weight = 1.0 / within
    fixed = float((weight * change).sum() / weight.sum())
    excess = float((weight * (change - fixed) ** 2).sum()) - (len(change) - 1)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    between = max(excess / scale, 0.0)
    weight = 1.0 / (within + between)
    return float((weight * change).sum() / weight.sum()), float(weight.sum() ** -0.5), between


@dataclass(frozen=True)
class Criterion:
    """One condition of readiness: what was measured, what is asked, and whether it is met; None where not known."""

    name: str
    value: float | None
    threshold: float
    at_least: bool

    @property
    def is_met(self) -> bool | None:
        """Whether the value is on the right side; None where there is none."""
        if self.value is None or np.isnan(self.value):
            return None
        return self.value >= self.threshold if self.at_least else self.value <= self.threshold


@dataclass(frozen=True)
class Verdict:
    """Whether a unit is ready, on which evidence, and by how much a value would have to move to change it."""

    unit: str
    readiness: Readiness
    criteria: tuple[Criterion, ...]

    @property
    def decisive(self) -> tuple[Criterion, ...]:
        """The conditions that keep it from being ready."""
        return tuple(one for one in self.criteria if one.is_met is not True)


def readiness(
    unit: str, measured: Mapping[str, float | None], asked: Mapping[str, tuple[float, bool]]
) -> Verdict:
    """Return the verdict: ready where every condition is met, not yet where one is missed, else it cannot be said.

    `asked` holds a threshold by name and whether it is a floor. A condition without a value leaves it open.
    """
    criteria = tuple(Criterion(name, measured.get(name), *limit) for name, limit in asked.items())
    met = [one.is_met for one in criteria]
    said: Readiness = "not_yet" if False in met else "cannot_be_said" if None in met else "ready"
    return Verdict(unit, said, criteria)
