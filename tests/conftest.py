"""What every test may count on: which tests this machine can run, and where Chromium is.

A test that cannot run here is skipped with its reason; where CI=true a missing browser is a failure,
so that a green run never hides it.
"""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from command_center.settings import Settings
from tests.lacking import lacking

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # Chromium refuses its sandbox to root, which is who tests in CI
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_chromium() -> str | None:
    """The path of the system's Chromium, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("root") and os.geteuid() != 0:
        pytest.skip("needs to run as root")
    if item.get_closest_marker("browser") and find_chromium() is None:
        reason = "needs Chromium; on Debian and Ubuntu: apt-get install chromium"
        lacking(reason)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The executable for playwright's `launch(executable_path=...)`; for tests marked `browser`."""
    path = find_chromium()
    assert path is not None, "mark the test with pytest.mark.browser"
    return path


@pytest.fixture(scope="session")
def chromium_arguments() -> list[str]:
    """Arguments under which Chromium starts as root and asks nothing of the internet."""
    return list(CHROMIUM_ARGUMENTS)


# --- a small house of its own ------------------------------------------------------------------

DAY = date(2026, 11, 24)
REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture
def fresh_house(tmp_path: Path) -> Settings:
    """A house of two small sectors that has no edition yet; see tests/house/builder.py."""
    from tests.house.builder import build_house

    return build_house(tmp_path / "house")


@pytest.fixture(scope="session")
def published_house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same house with one edition, all pages made; for tests that change nothing."""
    from command_center.refresh import refresh
    from tests.house.builder import build_house

    settings = build_house(tmp_path_factory.mktemp("published") / "house")
    result = refresh(settings, DAY)
    assert (result.failures, result.failed_pages) == ((), ())
    return settings


@pytest.fixture
def own_house(published_house: Settings, tmp_path: Path) -> Settings:
    """A copy of the published house that a test may change."""
    shutil.copytree(published_house.root, tmp_path / "house", symlinks=True)
    return Settings(tmp_path / "house")


@pytest.fixture
def no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let refreshes in this process make no pages, which is most of their time."""
    monkeypatch.setattr("command_center.refresh.run.pages_of_edition", lambda *_: [])


@pytest.fixture(scope="session")
def real_house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """This repository's own sectors with an edition without pages; for tests that change nothing."""
    from command_center.refresh import refresh

    settings = Settings(REPOSITORY, editions_override=tmp_path_factory.mktemp("editions"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("command_center.refresh.run.pages_of_edition", lambda *_: [])
        result = refresh(settings, DAY)
    assert result.failures == ()
    return settings
