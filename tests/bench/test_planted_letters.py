"""A hundred seeds: planted bottleneck, backlog and trial effect are found, and nothing where nothing is planted."""

from collections import Counter

import pytest

from sectors.letters.sample_events import SECRETARIAT
from tests.eventlog.planted import NOTHING, PLANTED, look

pytestmark = pytest.mark.bench
SEEDS = range(100)


def test_planted_things_are_found_in_95_of_100_seeds_and_false_ones_in_at_most_5() -> None:
    found: Counter[str] = Counter()
    for seed in SEEDS:
        planted, nothing = look(seed, PLANTED), look(seed, NOTHING)
        found["bottleneck"] += ("didisposisi", SECRETARIAT) in planted.bottlenecks
        found["backlog"] += planted.backlogs > 0
        found["trial"] += planted.trial
        found["all three"] += (
            ("didisposisi", SECRETARIAT) in planted.bottlenecks and planted.backlogs > 0 and planted.trial
        )
        found["false bottleneck"] += bool(nothing.bottlenecks)
        found["false backlog"] += bool(nothing.backlogs)
        found["false trial"] += bool(nothing.clear_trials)
        found["any false"] += bool(nothing.bottlenecks or nothing.backlogs or nothing.clear_trials)
    print(f"\nseeds {SEEDS}: {dict(found)}")
    assert min(found[name] for name in ("bottleneck", "backlog", "trial", "all three")) >= 95
    assert found["any false"] <= 5
