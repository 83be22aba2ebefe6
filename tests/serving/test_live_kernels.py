"""A cap on live pages, beyond which the finished page stays; no kernel outlives its reader for long."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_server._tz import utcnow

from command_center.access import PUBLIK
from command_center.serving.live_kernels import KernelsInUseError, LiveKernels, default_limit
from command_center.serving.owned_kernels import KernelOwner, kernels_for
from command_center.settings import Settings
from tests.house.loops import run_apart
from tests.kernels.talking import eventually, is_gone
from tests.serving.conftest import Site, start, stop, wait

LIVE = "/bidang/water/33.16/?live=1"


@pytest.fixture
def narrow_site(own_house: Settings, tmp_path: Path) -> Iterator[Site]:
    """A server that allows one live page."""
    site = start(own_house, tmp_path / "serve.log", "--live-pages", "1")
    try:
        wait(site)
        yield site
    finally:
        stop(site)


def test_beyond_the_cap_the_reader_gets_the_finished_page(narrow_site: Site) -> None:
    first, second = narrow_site.get(LIVE), narrow_site.get(LIVE)
    assert 'data-page="live"' in first.text
    assert second.status == 200
    assert 'data-page="finished"' in second.text
    assert second.headers["cache-control"] == "no-store"
    assert second.body == narrow_site.get("/bidang/water/33.16/").body


def kernels(**traits: object) -> LiveKernels:
    return LiveKernels(cull_idle_timeout=600, **traits)


async def started(manager: LiveKernels) -> str:
    with kernels_for(KernelOwner("a browser", PUBLIK)):
        return await manager.start_kernel()


def test_no_more_kernels_than_allowed_start_however_many_are_asked_for_at_once() -> None:
    async def ask() -> list[object]:
        manager = kernels(max_kernels=2)
        try:
            return await asyncio.gather(*(started(manager) for _ in range(5)), return_exceptions=True)
        finally:
            await manager.shutdown_all(now=True)

    answers = run_apart(ask())
    refused = [answer for answer in answers if isinstance(answer, KernelsInUseError)]
    assert (len(refused), len([answer for answer in answers if isinstance(answer, str)])) == (3, 2)


def test_a_kernel_without_a_reader_ends_and_one_with_a_reader_stays() -> None:
    async def ask() -> tuple[bool, bool]:
        manager = kernels(unwatched_timeout=1)
        try:
            left, watched = await started(manager), await started(manager)
            manager.notify_connect(watched)
            await asyncio.sleep(2.5)
            await manager.cull_kernels()
            return left in manager, watched in manager
        finally:
            await manager.shutdown_all(now=True)

    assert run_apart(ask()) == (False, True)


def test_a_kernel_that_has_died_gives_its_place_back() -> None:
    async def ask() -> tuple[int, str]:
        manager = kernels(max_kernels=1)
        try:
            first = await started(manager)
            pid = manager.get_kernel(first).provisioner.pid
            os.kill(pid, signal.SIGKILL)
            assert await asyncio.to_thread(eventually, lambda: is_gone(pid))
            return pid, await started(manager)
        finally:
            await manager.shutdown_all(now=True)

    pid, second = run_apart(ask())
    assert second
    assert is_gone(pid)


def test_a_reader_who_has_long_done_nothing_makes_room_for_another() -> None:
    async def ask() -> tuple[bool, bool]:
        manager = kernels(max_kernels=1)
        try:
            old = await started(manager)
            manager.notify_connect(old)
            await asyncio.sleep(1)
            manager.get_kernel(old).last_activity = utcnow().replace(year=2000)
            new = await started(manager)
            return old in manager, new in manager
        finally:
            await manager.shutdown_all(now=True)

    assert run_apart(ask()) == (False, True)


def test_the_cap_of_this_machine_is_said_by_the_command() -> None:
    assert 2 <= default_limit() <= 12 * (os.cpu_count() or 1)
    said = subprocess.run(
        [sys.executable, "-m", "command_center.cli", "serve", "--help"],
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--live-pages" in said.stdout


def test_limits_of_memory_hold_for_the_kernel_of_a_live_page(own_site: Site) -> None:
    import psutil

    own_site.get(LIVE)
    # Kernels are those processes of the server that have a limit on their data.
    limits = [
        (Path("/proc") / str(child.pid) / "limits").read_text()
        for child in psutil.Process(own_site.process.pid).children(recursive=True)
    ]
    rows = [line.split()[3] for text in limits for line in text.splitlines() if line.startswith("Max data")]
    assert [row for row in rows if row != "unlimited"] != []
