"""One full refresh of this house by the command, timed, and a browser that finds no host but this machine."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
import pytest
from playwright.sync_api import Browser, sync_playwright

from command_center.editions import Edition, open_edition
from command_center.pages.addresses import sector_page
from command_center.regions import load_regions
from command_center.settings import Settings, load_settings
from tests.browser.visiting import free_port, running
from tests.conftest import DAY

SECTOR = "health"


@dataclass(frozen=True)
class Refreshed:
    """A full edition in a folder of its own, and how long the command took to make it."""

    settings: Settings
    edition: Edition
    seconds: float

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.settings.environment}

    @property
    def page_count(self) -> int:
        return int(self.edition.manifest["pages"]["count"])


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    settings = Settings(load_settings().root, tmp_path_factory.mktemp("editions"))
    command = [sys.executable, "-m", "command_center.cli", "refresh", "--as-of", DAY.isoformat()]
    started = time.perf_counter()
    done = subprocess.run(
        command, env={**os.environ, **settings.environment}, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    assert done.returncode == 0, done.stderr
    return Refreshed(settings, open_edition(settings), seconds)


@dataclass(frozen=True)
class Server:
    """A running server: its address without a slash at the end, the address of the sector's page, its process."""

    base: str
    page: str
    pid: int


@pytest.fixture(scope="session")
def ours(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Our server over the full edition."""
    base = f"http://127.0.0.1:{(port := free_port())}"
    log = tmp_path_factory.mktemp("ours") / "serve.log"
    arguments = ["command_center.cli", "serve", "--port", str(port)]
    page = sector_page(SECTOR, load_regions(refreshed.settings).root.code)
    with running(arguments, f"{base}/edisi/", log, refreshed.environment):
        yield Server(base, f"{base}{page.url}", _listening(port))


@pytest.fixture(scope="session")
def stock(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same notebook under plain Voila: its own template, a fresh kernel for every visit."""
    base = f"http://127.0.0.1:{(port := free_port())}"
    log = tmp_path_factory.mktemp("stock") / "voila.log"
    arguments = ["voila", f"sectors/{SECTOR}/dashboard.ipynb", "--no-browser", f"--port={port}"]
    kept = {name: value for name, value in refreshed.environment.items() if name != "JUPYTER_PATH"}
    with running(arguments, f"{base}/voila/static/voila.js", log, kept):
        yield Server(base, f"{base}/", _listening(port))


def _listening(port: int) -> int:
    """The child of this process that listens at a port."""
    for child in psutil.Process().children():
        if any(
            one.laddr.port == port and one.status == psutil.CONN_LISTEN for one in child.net_connections()
        ):
            return int(child.pid)
    raise AssertionError(f"nobody listens at port {port}")


@pytest.fixture(scope="session")
def chromium(chromium_path: str, chromium_arguments: list[str]) -> Iterator[Browser]:
    # By name resolution and not by a handler in between: that would take time for each of Voila's sixty files.
    alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=[*chromium_arguments, alone])
        yield browser
        browser.close()
