"""One full refresh of this house by the command, timed, and a browser that finds no host but this machine."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, sync_playwright

from command_center.editions import Edition, open_edition
from command_center.settings import Settings, load_settings
from tests.conftest import DAY


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


@pytest.fixture(scope="session")
def chromium(chromium_path: str, chromium_arguments: list[str]) -> Iterator[Browser]:
    # By name resolution and not by a handler in between: that would take time for each of Voila's sixty files.
    alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=[*chromium_arguments, alone])
        yield browser
        browser.close()
