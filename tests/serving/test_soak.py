"""Most of a minute in which all befalls a server that may; `make bench` makes half an hour of it."""

import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from command_center.settings import Settings
from tests.house.killing import GONE_SECONDS, MARK, marked
from tests.house.loops import run_apart
from tests.kernels.talking import eventually
from tests.serving.conftest import Site, start, stop, wait
from tests.serving.memory import growth
from tests.serving.soak import Pace, Soak

pytestmark = pytest.mark.slow

PACE = Pace(seconds=50, publish_every=10, kill_every=4, sample_every=1, forsaking_every=3)
# What a server still takes up in its first minutes; half an hour is judged by the slope instead.
GROWTH_MB = 25.0


@pytest.fixture
def soaked_site(own_house: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server that ends kernels without a reader soon; it and all it starts carry a mark in their environment."""
    monkeypatch.setenv(MARK, uuid.uuid4().hex)
    site = start(own_house, tmp_path / "serve.log", module="tests.house.impatient")
    try:
        wait(site)
        yield site
    finally:
        stop(site)


def test_a_server_under_all_that_may_befall_it_fails_nobody_and_leaves_nothing_behind(
    soaked_site: Site,
) -> None:
    soak = Soak(soaked_site, PACE)
    run_apart(soak.run())
    print(soak.counts, "most kernels at once:", soak.most_kernels)
    assert soak.faults == []
    for what in ("finished pages read", "live pages used", "live pages forsaken", "kernels killed"):
        assert soak.counts[what] >= 5, soak.counts
    assert soak.counts["editions published"] >= 4
    # Voila says much on the log of a kernel that was killed; an answer of ours that broke off is told like this.
    assert re.findall(r"Uncaught exception (?:GET|POST).*", soaked_site.log.read_text()) == []
    assert eventually(lambda: soak.kernels() == [], timeout=30), "kernels without a reader are still there"
    half = len(soak.samples) // 2
    for name in ("server", "template"):
        sizes = [getattr(sample, name) for sample in soak.samples]
        assert np.median(sizes[half:]) - np.median(sizes[:half]) < GROWTH_MB, sizes

    stop(soaked_site)
    mark = os.environ[MARK]
    assert eventually(lambda: marked(mark) == {}, timeout=GONE_SECONDS), marked(mark)


def test_a_leak_shows_in_the_slope_and_noise_does_not() -> None:
    at = np.arange(0.0, 1800.0, 5.0)
    noise = np.random.default_rng(1).normal(0, 2, len(at))
    level = growth(at, 150 + noise, window_s=120)
    leaking = growth(at, 150 + noise + at / 3600 * 20, window_s=120)
    assert level.low < 0 < level.high
    assert leaking.low > 10
    assert leaking.per_hour == pytest.approx(20, abs=6)
