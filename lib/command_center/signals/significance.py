"""How surprising the latest points of a series are, and which of many series to believe at a controlled error rate.

A chart's rules flag one stable point in twenty; this asks instead: has the level of the last one, two, four or
seven points moved away from the level before? Neighbouring values may depend on each other, by an amount that is
not known: the answer is averaged over it (see `latest_p_values`).
"""

import numpy as np
import numpy.typing as npt
from scipy import special

from command_center.signals.control import LEAST_POINTS, Flags, Numbers

WINDOWS = (1, 2, 3, 4, 5, 6, 8, 10, 12)
# What the dependence of neighbours may be; its likelihood in the series itself weighs each.
_DEPENDENCE = np.linspace(0.0, 0.95, 20)
_LEARNING_STEPS = 60
_EVEN_SERIES = 20.0
_PARAMETERS = 2  # the level before, and the step


def latest_p_values(values: Numbers) -> Numbers:
    """Return one p-value a series (rows, oldest first, NaN after the end): small where the latest level has moved.

    For each window the step between it and what came before is tested in a regression with AR(1) errors. The
    two-sided p-values for each degree of dependence are averaged by how likely that degree is for the series:
    its restricted likelihood times a prior that all series together teach (empirical Bayes, by EM from a flat
    start). The windows are combined by Bonferroni. 1 for series too short to have limits and for those that
    never vary.
    """
    found = np.ones(len(values))
    for window in WINDOWS:
        rows, likelihoods, t_values, freedom = _fitted(values, window)
        weights = _posterior(likelihoods)
        tails = 2 * special.stdtr(freedom[:, None], -np.abs(t_values))
        found[rows] = np.minimum(found[rows], (weights * tails).sum(axis=1) * len(WINDOWS))
    return found


def dependence(values: Numbers) -> Numbers:
    """Return the likeliest dependence of neighbours in each series, 0 to 0.95; 0 for series without limits."""
    found = np.zeros(len(values))
    rows, likelihoods, _, _ = _fitted(values, 0)
    found[rows] = _posterior(likelihoods) @ _DEPENDENCE
    return found


def discoveries(p_values: Numbers, rate: float) -> Flags:
    """Return which hypotheses to reject so that of those at most `rate` are expected false (Benjamini-Hochberg)."""
    count = len(p_values)
    if not count:
        return np.zeros(0, dtype=np.bool_)
    ordered = np.sort(p_values)
    passing = np.flatnonzero(ordered <= rate * np.arange(1, count + 1) / count)
    if not len(passing):
        return np.zeros(count, dtype=np.bool_)
    return np.asarray(p_values <= ordered[passing[-1]], dtype=np.bool_)


def _fitted(values: Numbers, window: int) -> tuple[npt.NDArray[np.intp], Numbers, Numbers, Numbers]:
    """Return the rows of the series that can be tested, with likelihoods, t-values and degrees of freedom."""
    counts = (~np.isnan(values)).sum(axis=1)
    rows, likelihoods, t_values, freedom = [], [], [], []
    for count in np.unique(counts[counts >= max(LEAST_POINTS, 2 * window)]):
        alike = np.flatnonzero(counts == count)
        alike = alike[np.ptp(values[alike, :count], axis=1) > 0]
        if not len(alike):
            continue
        one, other = _fits(values[alike, :count], window)
        rows.append(alike)
        likelihoods.append(one)
        t_values.append(other)
        freedom.append(np.full(len(alike), float(count - _PARAMETERS)))
    if not rows:
        nothing = np.zeros((0, len(_DEPENDENCE)))
        return np.zeros(0, dtype=np.intp), nothing, nothing, np.zeros(0)
    return np.concatenate(rows), np.vstack(likelihoods), np.vstack(t_values), np.concatenate(freedom)


def _posterior(likelihoods: Numbers) -> Numbers:
    """Return for each series how likely each degree of dependence is, with a prior learnt from all of them.

    The prior keeps the weight of a handful of series spread evenly, so that few series teach it little.
    """
    degrees = likelihoods.shape[1]
    prior = np.full(degrees, 1 / degrees)
    weights = likelihoods
    for _ in range(_LEARNING_STEPS):
        weights = likelihoods * prior
        weights = weights / weights.sum(axis=1, keepdims=True)
        prior = (weights.sum(axis=0) + _EVEN_SERIES / degrees) / (len(weights) + _EVEN_SERIES)
    return weights


def _fits(block: Numbers, window: int) -> tuple[Numbers, Numbers]:
    """Return likelihood and t-value of the step, series × degrees of dependence; a window of 0 fits a level alone."""
    series, count = block.shape
    log_weights = np.empty((series, len(_DEPENDENCE)))
    t_values = np.zeros((series, len(_DEPENDENCE)))
    scale = np.ptp(block, axis=1, keepdims=True)
    centred = (block - block.mean(axis=1, keepdims=True)) / scale
    for place, phi in enumerate(_DEPENDENCE):
        design = _whitened(_design(count, window), phi)
        observed = _whitened(centred.T, phi)
        inverse = np.linalg.inv(design.T @ design)
        effects = inverse @ design.T @ observed
        remaining = np.maximum(((observed - design @ effects) ** 2).sum(axis=0), 1e-12)
        freedom = count - design.shape[1]
        if window:
            t_values[:, place] = effects[-1] / np.sqrt(remaining / freedom * inverse[-1, -1])
        log_weights[:, place] = (
            0.5 * np.log1p(-phi * phi)
            + 0.5 * np.log(np.linalg.det(inverse))
            - 0.5 * freedom * np.log(remaining)
        )
    return np.exp(log_weights - log_weights.max(axis=1, keepdims=True)), t_values


def _design(count: int, window: int) -> Numbers:
    level = np.ones((count, 1))
    if not window:
        return level
    step = np.zeros((count, 1))
    step[-window:] = 1.0
    return np.hstack([level, step])


def _whitened(columns: Numbers, phi: float) -> Numbers:
    """Return the columns with the dependence of neighbours taken out (Prais and Winsten)."""
    whitened = columns.copy()
    whitened[1:] -= phi * columns[:-1]
    whitened[0] *= np.sqrt(1 - phi * phi)
    return whitened
