"""Kaplan-Meier equals scipy's to 1e-12 here; `make bench` compares with lifelines, which needs an older pandas."""

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from command_center.eventlog import arranged, read_log
from command_center.eventlog.survival import kaplan_meier
from tests.eventlog.logs import REAL


def equals_scipy(durations: np.ndarray, is_closed: np.ndarray) -> None:
    found = kaplan_meier(durations, is_closed)
    expected = ecdf(CensoredData(uncensored=durations[is_closed], right=durations[~is_closed])).sf
    np.testing.assert_allclose(found.survival, expected.evaluate(found.times), rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_curve_equals_scipy_on_random_cases_with_ties(seed: int) -> None:
    chance = np.random.default_rng(seed)
    size = int(chance.integers(2, 400))
    durations = chance.exponential(50, size).round(int(chance.integers(0, 3)))
    is_closed = chance.random(size) < chance.random()
    is_closed[0], is_closed[1] = True, False
    equals_scipy(durations, is_closed)


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/real/letters")
def test_the_curve_equals_scipy_on_a_real_log_cut_in_its_middle() -> None:
    log = arranged(read_log(REAL / "receipt.csv", "Europe/Amsterdam"))
    cut = int(np.median(log.time))
    opened, ended = log.time[log.first], log.time[log.last]
    begun = opened < cut
    durations = (np.minimum(ended, cut) - opened)[begun] / 1e6
    equals_scipy(durations, (ended <= cut)[begun])


def test_open_cases_count_and_the_closed_alone_are_too_good() -> None:
    durations = np.array([1.0, 2.0, 3.0, 10.0, 10.0, 10.0])
    is_closed = np.array([True, True, True, False, False, False])
    curve = kaplan_meier(durations, is_closed)
    assert curve.quantile(0.5) == 3.0 > np.median(durations[is_closed])
    assert np.isnan(curve.quantile(0.9))
    assert (curve.at(0.5), curve.at(2.0)) == (1.0, pytest.approx(4 / 6))
    assert len(kaplan_meier(np.zeros(0), np.zeros(0, bool)).times) == 0
