"""The doctor: a server of its own, every item of the menu opened, what works and what does not."""

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from command_center.editions import Edition, open_edition
from command_center.errors import CommandCenterError
from command_center.pages.addresses import HOME, PageAddress, indicator_page, region_page, sector_page
from command_center.pages.house import House

# A loaded machine takes its time to start the warm template.
START_SECONDS = 90.0
ANSWER_SECONDS = 60.0
_FIGURE = re.compile(rb'data-figure="')


@dataclass(frozen=True)
class PageResult:
    """What one page answered."""

    path: str
    status: int
    seconds: float
    figures: int
    problem: str = ""

    @property
    def works(self) -> bool:
        return not self.problem


def examine(house: House) -> list[PageResult]:
    """Return the result of every menu item, the profile, one indicator a sector, in both languages for home.

    Raises EditionError before the first edition, CommandCenterError when the server does not start.
    """
    edition = open_edition(house.settings)
    with _server() as base:
        return [_open(base, path) for path in _paths(house.with_catalog(edition.catalog), edition)]


def _paths(house: House, edition: Edition) -> Iterator[str]:
    root = house.regions.root.code
    yield HOME.url
    yield HOME.in_language("en").url
    for sector in house.catalog.sectors:
        yield sector_page(sector.slug, root).url
        yield sector_page(sector.slug, house.regions.districts[0].code).url
        yield indicator_page(sector.page.headline, root).url
    yield region_page(root).url
    yield region_page(house.regions.villages[0].code).url
    yield PageAddress("briefing", edition.as_of).url
    yield "/cari/?q=jalan"
    yield "/edisi/"


def _open(base: str, path: str) -> PageResult:
    started = time.perf_counter()
    try:
        with urllib.request.urlopen(base + path, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - our own server
            body, status = answer.read(), answer.status
    except urllib.error.HTTPError as error:
        return PageResult(path, error.code, time.perf_counter() - started, 0, f"answers {error.code}")
    except OSError as error:
        return PageResult(path, 0, time.perf_counter() - started, 0, str(error))
    seconds, figures = time.perf_counter() - started, len(_FIGURE.findall(body))
    problem = "a part of the page failed" if b'class="cc-error"' in body else ""
    return PageResult(path, status, seconds, figures, problem)


@contextmanager
def _server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "command_center.cli", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, process)
        yield base
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(base: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(base + "/edisi/", timeout=2).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise CommandCenterError(
        "The server did not start", where=base, who="the analyst", next_step="command-center serve shows why"
    )
