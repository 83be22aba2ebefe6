"""Hours of a server's life in minutes: readers come and go, editions are published, kernels are killed.

Each edition carries a figure of its own, so that a page of one edition with the figure of another cannot hide. What
was heard and measured is kept in a `Soak` for a test to judge.
"""

import asyncio
import os
import random
import re
import sys
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketClosedError

from command_center.editions import latest_id
from tests.conftest import DAY
from tests.house.builder import write_figures
from tests.serving.conftest import Site
from tests.serving.viewers import Viewer, edition_of

PAGES = ("/", "/bidang/water/33.16/", "/bidang/water/33.16.15/", "/wilayah/33.16/", "/indikator/WAT1/33.16/")
PAGE = "/bidang/water/33.16/"
LIVE = f"{PAGE}?live=1"
HOUSEHOLDS = 1000
FIRST_SERVED = 600
_KERNEL_SOCKET = re.compile(r"kernel-([0-9a-f-]{36})")
_SHARE = re.compile(r"(?<![\d.,])(6\d|7\d|8\d),(\d)\s*%")


@dataclass(frozen=True)
class Pace:
    """How long it goes on and how often things happen, in seconds."""

    seconds: float
    publish_every: float
    kill_every: float
    sample_every: float
    live_readers: int = 3
    forsaking_every: float = 10.0
    # Whether each edition is made with all its pages, as a publish does, or with none, which takes a second.
    with_pages: bool = False


@dataclass(frozen=True)
class Sample:
    """Memory at a moment after the start: the server's own and that of the template that forks now, in MiB (PSS)."""

    at: float
    server: float
    template: float


@dataclass
class Soak:
    """A soak of one server over the small house, and all that it brought to light."""

    site: Site
    pace: Pace
    figures: dict[str, str] = field(default_factory=dict)
    # What is wrong with an answer, in words.
    faults: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    most_kernels: int = 0

    def __post_init__(self) -> None:
        self._base = f"http://127.0.0.1:{self.site.port}"
        self._order: list[str] = []
        self._dice = random.Random(20261124)  # noqa: S311  # the same soak each time
        self._started = time.monotonic()
        self._killed: set[str] = set()

    @property
    def _is_over(self) -> bool:
        return time.monotonic() - self._started >= self.pace.seconds

    async def run(self) -> None:
        """Do it all until the time is up; faults of the readers are kept, not raised."""
        await self._publish()
        self._started = time.monotonic()
        await asyncio.gather(
            *(self._read_finished() for _ in range(2)),
            *(self._read_live() for _ in range(self.pace.live_readers)),
            self._every(self.pace.forsaking_every, self._forsake),
            self._every(self.pace.publish_every, self._publish),
            self._every(self.pace.kill_every, self._kill),
            self._every(self.pace.sample_every, self._sample),
        )

    def kernels(self) -> list[psutil.Process]:
        """The kernels that run: the children of the templates."""
        found = []
        for template in self._templates():
            with suppress(psutil.NoSuchProcess):  # a template that was replaced ends with its last kernel
                found += template.children()
        return found

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    async def _every(self, seconds: float, act: Any) -> None:
        while not self._is_over:
            await asyncio.sleep(
                min(seconds, max(0.1, self.pace.seconds - (time.monotonic() - self._started)))
            )
            if not self._is_over:
                await act()

    async def _publish(self) -> None:
        """Publish an edition with a figure that no other has, as the command does."""
        number = len(self._order)
        served = FIRST_SERVED + number
        write_figures(
            self.site.settings.sectors_dir / "water",
            {"2023": (500, HOUSEHOLDS), "2024": (served, HOUSEHOLDS)},
        )
        module = "command_center.cli" if self.pace.with_pages else "tests.house.without_pages"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, "refresh", "--as-of", DAY.isoformat()),
            env={**os.environ, **self.site.settings.environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        if process.returncode != 0:
            self.faults.append(f"the refresh failed: {said.decode()}")
            return
        edition = latest_id(self.site.settings) or ""
        self.figures[edition] = f"{served / HOUSEHOLDS * 100:.1f}".replace(".", ",")
        self._order.append(edition)
        self._count("editions published")

    def _check(self, text: str, asked_for: str, newest: int, *, edition: str = "") -> None:
        """Note where a page shows an older edition than the one that was the latest when it was asked for."""
        edition = edition or edition_of(text)
        if edition not in self.figures:
            # Published while this page came, and not noted yet.
            if edition != latest_id(self.site.settings):
                self.faults.append(f"{asked_for}: an unknown edition {edition!r}")
            return
        if self._order.index(edition) < newest:
            self.faults.append(f"{asked_for}: edition {edition} after a newer one was published")
        if asked_for.split("?")[0] != PAGE:
            return
        shares = {f"{whole},{part}" for whole, part in _SHARE.findall(text)}
        others = {figure for known, figure in self.figures.items() if known != edition}
        if self.figures[edition] not in shares or shares & others:
            self.faults.append(f"{asked_for}: edition {edition} shows {sorted(shares)}")

    async def _read_finished(self) -> None:
        while not self._is_over:
            path, newest = self._dice.choice(PAGES), len(self._order) - 1
            reader = Viewer(self._base, path)
            await reader.open()
            self._count("finished pages read")
            if reader.status != 200:
                self.faults.append(f"{path}: {reader.status}")
            else:
                self._check(reader.text, path, newest)
            await asyncio.sleep(self._dice.uniform(0.05, 0.5))

    async def _read_live(self) -> None:
        while not self._is_over:
            newest = len(self._order) - 1
            reader = Viewer(self._base, LIVE)
            await reader.open()
            if reader.status != 200:
                self.faults.append(f"{LIVE}: {reader.status}")
            elif 'class="cc-error"' in reader.text and reader.text.endswith("</html>"):
                self._count("live pages that ended while they came")
            elif not reader.kernel:
                self._count("finished pages instead of live ones")
                self._check(reader.text, LIVE, newest)
            else:
                await self._use(reader, newest)
            await asyncio.sleep(self._dice.uniform(0.05, 0.5))

    async def _use(self, reader: Viewer, newest: int) -> None:
        """Turn controls for a while; only a kernel that was killed may keep the page from working."""
        try:
            await asyncio.wait_for(self._turn_for_a_while(reader, newest), 60)
            self._count("live pages used")
        except (OSError, HTTPClientError, TimeoutError, WebSocketClosedError) as error:
            self._count("live pages lost")
            if isinstance(error, HTTPClientError) and error.code >= 500:
                self.faults.append(f"the websocket of a live page: {error.code}")
            if not self._was_killed(reader):
                self.faults.append(f"{LIVE}: lost without its kernel being killed: {error!r}")
        finally:
            reader.leave()

    async def _turn_for_a_while(self, reader: Viewer, newest: int) -> None:
        await reader.connect()
        self._check(reader.text, LIVE, newest)
        for _ in range(self._dice.randint(1, 4)):
            await reader.turn()
            self._check(reader.shown, LIVE, newest, edition=reader.edition)
            await asyncio.sleep(self._dice.uniform(0.1, 1.0))
        if self._dice.random() < 0.5:  # the others are gone without a word
            status = await reader.end()
            if status >= 500:
                self.faults.append(f"the end of a live page: {status}")

    def _was_killed(self, reader: Viewer) -> bool:
        return reader.kernel in self._killed

    async def _forsake(self) -> None:
        """Ask for a live page and never open its websocket; every other time hang up in the middle."""
        reader = Viewer(self._base, LIVE)
        self._count("live pages forsaken")
        opening: Coroutine[Any, Any, None] = reader.open()
        if self._dice.random() < 0.5:
            await opening
            if reader.status != 200:
                self.faults.append(f"{LIVE}: {reader.status}")
            return
        _, writer = await asyncio.open_connection("127.0.0.1", self.site.port)
        opening.close()
        writer.write(f"GET {LIVE} HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\n\r\n".encode())
        await asyncio.sleep(self._dice.uniform(0.1, 1.0))
        writer.close()

    async def _kill(self) -> None:
        kernels = self.kernels()
        if kernels:
            victim = self._dice.choice(kernels)
            self._count("kernels killed")
            self._killed |= kernel_ids(victim)
            with suppress(psutil.NoSuchProcess):  # it has just ended by itself
                victim.kill()

    async def _sample(self) -> None:
        templates = self._templates()
        self.most_kernels = max(self.most_kernels, len(self.kernels()))
        if templates:
            newest = max(templates, key=_started)
            at = time.monotonic() - self._started
            self.samples.append(Sample(at, pss_mb(self.site.process.pid), pss_mb(newest.pid)))

    def _templates(self) -> list[psutil.Process]:
        children = psutil.Process(self.site.process.pid).children()
        return [child for child in children if "command_center.kernels.template" in _command(child)]


def kernel_ids(process: psutil.Process) -> set[str]:
    """The id of a kernel, as the sockets it listens at are called."""
    try:
        names = [str(one.laddr) for one in process.net_connections(kind="unix")]
    except psutil.Error:
        return set()
    return {found[1] for name in names if (found := _KERNEL_SOCKET.search(name))}


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def pss_mb(pid: int) -> float:
    """The memory of a process, what it shares with others divided among them (PSS), in MiB; 0 once it has ended."""
    try:
        rows = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return float(next((row[1] for row in rows if row[0] == "Pss:"), 0)) / 1024


def _started(process: psutil.Process) -> float:
    try:
        return process.create_time()
    except psutil.Error:
        return 0.0
