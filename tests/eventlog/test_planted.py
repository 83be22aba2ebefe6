"""What is planted in a sample is found, and where nothing is planted nothing is; `make bench` asks a hundred seeds."""

import time

import numpy as np
import pytest

from sectors.letters.sample_events import SECRETARIAT
from tests.eventlog.planted import NOTHING, PLANTED, look, sample

SEEDS = (11, 12, 13)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_planted_bottleneck_backlog_and_trial_are_found_and_nothing_else(seed: int) -> None:
    print("seed", seed)
    found = look(seed, PLANTED)
    assert found.bottlenecks == (("didisposisi", SECRETARIAT),)
    assert found.backlogs == 1
    assert found.trial
    nothing = look(seed, NOTHING)
    assert (nothing.bottlenecks, nothing.backlogs, nothing.clear_trials) == ((), 0, 0)


def test_the_sample_is_of_the_size_of_a_regency_and_made_in_seconds() -> None:
    began = time.perf_counter()
    log = sample(1, PLANTED)
    seconds = time.perf_counter() - began
    assert seconds < 4
    letters = len(log.case.names)
    assert 2 * 25_000 < letters < 2 * 60_000
    assert 6 <= len(log) / letters <= 10
    units = log.attributes["unit"].names
    assert (sum("." not in one[2:] or one[:2] != "33" for one in units), len(units)) == (45, 45 + 16 + 295)
    again = sample(1, PLANTED)
    assert np.array_equal(log.time, again.time)
