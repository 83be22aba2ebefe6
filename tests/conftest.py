"""What every test may count on: which tests this machine can run, and where Chromium is.

A test that cannot run here is skipped with its reason; where CI=true a missing browser is a failure,
so that a green run never hides it.
"""

import os
import shutil

import pytest

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
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


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
