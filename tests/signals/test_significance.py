"""What chance alone raises: on stable series at most 5 %, over many series a false-discovery rate of at most 10 %.

The large runs are benches; these are the same runs, smaller, with room for their own error.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import binomtest

from command_center.signals.control import Numbers, control_charts
from command_center.signals.significance import dependence, discoveries, latest_p_values

LONGEST = 60
RATE = 0.1


def stable(rng: np.random.Generator, phi: Numbers) -> tuple[Numbers, Numbers]:
    """Return stable series of 12 to 60 points with AR(1) dependence `phi` and variance 1, and their lengths."""
    lengths = rng.integers(12, LONGEST + 1, len(phi))
    noise = rng.standard_normal((len(phi), LONGEST))
    values = noise.copy()
    for place in range(1, LONGEST):
        values[:, place] = phi * values[:, place - 1] + np.sqrt(1 - phi**2) * noise[:, place]
    values[np.arange(LONGEST) >= lengths[:, None]] = np.nan
    return values, lengths


def alarm_p_values(values: Numbers, lengths: Numbers) -> Numbers:
    """Return what the house judges by: 1 where the chart does not flag the latest point."""
    special = control_charts(values).special[np.arange(len(values)), lengths.astype(int) - 1]
    return np.where(special, latest_p_values(values), 1.0)


@dataclass(frozen=True)
class Outcome:
    """One run over mixed series: discoveries, the false among them, planted shifts, those found."""

    found: int
    false: int
    planted: int
    hit: int


def mixed_run(rng: np.random.Generator, count: int = 1000) -> Outcome:
    """Return the outcome over series half independent, half AR(0.6), 5 % with a last level shift of 2 sigma."""
    phi = np.where(rng.random(count) < 0.5, 0.6, 0.0)
    values, lengths = stable(rng, phi)
    planted = rng.random(count) < 0.05
    lasting = rng.integers(1, 13, count)
    for row in np.flatnonzero(planted):
        values[row, max(0, lengths[row] - lasting[row]) : lengths[row]] += 2.0
    found = discoveries(alarm_p_values(values, lengths), RATE)
    return Outcome(
        int(found.sum()), int((found & ~planted).sum()), int(planted.sum()), int((found & planted).sum())
    )


@pytest.mark.parametrize("phi", [0.0, 0.6])
def test_the_latest_point_of_a_stable_series_alarms_in_at_most_one_of_twenty(phi: float) -> None:
    values, lengths = stable(np.random.default_rng(11), np.full(1500, phi))
    alarms = int((alarm_p_values(values, lengths) < 0.05).sum())
    assert alarms > 0  # a test that can never reject shows nothing
    assert binomtest(alarms, 1500).proportion_ci().low <= 0.05


def test_of_what_is_raised_over_mixed_series_few_are_false() -> None:
    rng = np.random.default_rng(12)
    runs = [mixed_run(rng) for _ in range(20)]
    rates = [run.false / max(run.found, 1) for run in runs]
    error = np.std(rates, ddof=1) / np.sqrt(len(rates))
    assert np.mean(rates) - 1.96 * error <= RATE
    assert sum(run.hit for run in runs) > 0


def test_a_clear_step_is_found_and_a_calm_series_is_not() -> None:
    rng = np.random.default_rng(3)
    calm = rng.normal(0, 1, 40)
    stepped = np.concatenate([rng.normal(0, 1, 33), rng.normal(8, 1, 7)])
    p_values = latest_p_values(np.vstack([calm, stepped]))
    assert p_values[0] > 0.05
    # Two series teach little about dependence: the answer allows for much of it.
    assert p_values[1] < 0.01


def test_short_and_constant_series_have_nothing_to_say() -> None:
    values = np.full((2, 12), np.nan)
    values[0, :11] = np.arange(11.0)
    values[1] = 5.0
    assert latest_p_values(values).tolist() == [1.0, 1.0]
    assert dependence(values).tolist() == [0.0, 0.0]


def test_dependence_is_told_apart_from_independence() -> None:
    rng = np.random.default_rng(5)
    values, _ = stable(rng, np.repeat([0.0, 0.6], 300))
    found = dependence(values)
    assert found[:300].mean() < 0.2
    assert found[300:].mean() > 0.4


def test_benjamini_and_hochberg_on_their_own_example() -> None:
    p_values = np.array(
        [
            0.0001,
            0.0004,
            0.0019,
            0.0095,
            0.0201,
            0.0278,
            0.0298,
            0.0344,
            0.0459,
            0.324,
            0.4262,
            0.5719,
            0.6528,
            0.759,
            1.0,
        ]
    )
    assert discoveries(p_values, 0.05).sum() == 4
    assert discoveries(np.zeros(0), 0.05).tolist() == []
