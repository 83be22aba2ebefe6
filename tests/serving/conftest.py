"""The real server over the small house, asked in plain HTTP: paths arrive exactly as written, nothing is normalised."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from command_center.editions import open_edition
from command_center.refresh import refresh
from command_center.settings import Settings
from tests.conftest import DAY
from tests.house.builder import build_house


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")


@dataclass(frozen=True)
class Site:
    """A running server, its house and what it logs."""

    settings: Settings
    port: int
    log: Path
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def get(
        self, path: str, *, method: str = "GET", body: str | None = None, timeout: float = 120, **headers: str
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, headers={"Host": f"127.0.0.1:{self.port}", **named})
            answer = connection.getresponse()
            # An answer may set several cookies; every header is kept, those of one name in one line.
            found = {name.lower(): ", ".join(answer.headers.get_all(name, [])) for name in answer.headers}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()


def start(settings: Settings, log: Path, *arguments: str, module: str = "command_center.cli") -> Site:
    """Start `command-center serve` on a free port; `module` may be one that runs the command in another way."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "serve", "--port", str(port), *arguments],
            env={**os.environ, **settings.environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Site(settings, port, log, process)


def wait(site: Site) -> None:
    """Wait until it answers."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert site.process.poll() is None, site.log.read_text()
        try:
            site.get("/edisi/", timeout=5)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(site.log.read_text())


def stop(site: Site) -> None:
    """End it."""
    site.process.send_signal(signal.SIGTERM)
    try:
        site.process.wait(30)
    except subprocess.TimeoutExpired:
        site.process.kill()
        site.process.wait()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over a house with an older edition, a newer one with all pages, and a draft."""
    folder = tmp_path_factory.mktemp("site")
    settings = build_house(folder / "house")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("command_center.refresh.run.pages_of_edition", lambda *_: [])
        refresh(settings, DAY.replace(day=20))
        refresh(settings, DAY.replace(day=28), draft=True)
    refresh(settings, DAY)
    site = start(settings, folder / "serve.log")
    try:
        wait(site)
        yield site
    finally:
        stop(site)


@pytest.fixture
def own_site(own_house: Settings, tmp_path: Path) -> Iterator[Site]:
    """A server over a house that the test may change."""
    site = start(own_house, tmp_path / "serve.log")
    try:
        wait(site)
        yield site
    finally:
        stop(site)


@pytest.fixture(scope="session")
def latest(site: Site) -> str:
    """The id of the latest edition of the site."""
    return open_edition(site.settings).id
