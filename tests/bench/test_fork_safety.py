"""Five hundred forks that draw, query, map and read files; the same suite under plain spawn."""

import time

import pytest

from command_center.kernels.owner import WarmTemplate
from tests.bench.telling import tell
from tests.kernels.working import assert_sound_kernels

pytestmark = pytest.mark.bench

FORKS = 500
SPAWNS = 25


def test_five_hundred_forks_hang_never_and_share_no_random_number() -> None:
    with WarmTemplate() as template:
        started = time.perf_counter()
        assert_sound_kernels(template.socket, FORKS)
        forked_s = (time.perf_counter() - started) / FORKS
        assert template.is_alive
    started = time.perf_counter()
    assert_sound_kernels(None, SPAWNS)
    spawned_s = (time.perf_counter() - started) / SPAWNS
    print(f"\n{FORKS} forks and {SPAWNS} spawns: none hung, no random number twice")
    tell("a kernel with its work, two at a time", forked_s, spawned_s)
