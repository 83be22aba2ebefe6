"""Half an hour of a server's life: no failure, nothing left behind, no stale figure, and memory that does not grow.

`SOAK_MINUTES=10 make bench ARGS=tests/bench/test_soak.py` for less.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_center.settings import Settings
from tests.house.killing import GONE_SECONDS, MARK, marked
from tests.house.loops import run_apart
from tests.kernels.talking import eventually
from tests.serving.conftest import Site, start, stop, wait
from tests.serving.memory import growth
from tests.serving.soak import Pace, Soak

pytestmark = pytest.mark.bench

MINUTES = float(os.environ.get("SOAK_MINUTES", "30"))
PUBLISH_EVERY_S = 120.0
PACE = Pace(
    seconds=MINUTES * 60, publish_every=PUBLISH_EVERY_S, kill_every=20, sample_every=5, with_pages=True
)
# A server fills its caches first.
WARM_UP_S = 240.0
# A minute without a reader, and the round in which that is noticed.
UNWATCHED_S = 75.0
# Below this a slope would fill no machine between two restarts of a month.
NOISE_MB_AN_HOUR = 5.0


@pytest.fixture
def soaked_site(own_house: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv(MARK, uuid.uuid4().hex)
    site = start(own_house, tmp_path / "serve.log")
    try:
        wait(site)
        yield site
    finally:
        stop(site)


def test_half_an_hour_of_opens_closes_publishes_and_kills(soaked_site: Site) -> None:
    soak = Soak(soaked_site, PACE)
    run_apart(soak.run())
    print(f"\nsoak of {MINUTES:g} minutes: {soak.counts}, at most {soak.most_kernels} kernels at once")
    judged = [sample for sample in soak.samples if sample.at >= WARM_UP_S]
    at = [sample.at for sample in judged]
    growths = {}
    for name in ("server", "template"):
        sizes = [getattr(sample, name) for sample in judged]
        growths[name] = growth(at, sizes, PUBLISH_EVERY_S)
        print(f"PSS of the {name}: {sizes[0]:.1f} to {sizes[-1]:.1f} MiB, {growths[name]}")
    assert soak.faults == []
    for name, found in growths.items():
        assert found.low <= NOISE_MB_AN_HOUR, f"the {name} grows by {found}"
    assert eventually(lambda: soak.kernels() == [], timeout=UNWATCHED_S), "kernels without a reader are there"
    stop(soaked_site)
    mark = os.environ[MARK]
    assert eventually(lambda: marked(mark) == {}, timeout=GONE_SECONDS), marked(mark)
