"""How fast, told as ours, the baseline and their ratio, both measured in the same run on the same machine.

The baseline is what a Jupyter house gives without ours: the same notebook under plain Voila, the `papermill` command.
"""

import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from command_center.pages.addresses import sector_page
from command_center.regions import load_profile, load_regions
from tests.bench.conftest import Refreshed
from tests.browser.visiting import free_port, running, wait_until

pytestmark = [pytest.mark.bench, pytest.mark.browser]

SECTOR = "health"
RUNS = 5
PATIENCE_MS = 120_000
# Counts drawings that take up room, once a frame; the page's own clock began when it was asked for.
LAST_CHART = """
(() => {
  const drawn = () => [...document.querySelectorAll(".cc-figure__drawing svg")]
    .filter((drawing) => drawing.getBoundingClientRect().width > 0).length;
  const look = () => {
    if (drawn() >= EXPECTED) window.lastChartMs = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


@pytest.fixture(scope="module")
def ours(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sector's page on our server."""
    base = f"http://127.0.0.1:{(port := free_port())}"
    log = tmp_path_factory.mktemp("ours") / "serve.log"
    arguments = ["command_center.cli", "serve", "--port", str(port)]
    root = load_regions(refreshed.settings).root.code
    with running(arguments, f"{base}/edisi/", log, refreshed.environment):
        yield f"{base}{sector_page(SECTOR, root).url}"


@pytest.fixture(scope="module")
def stock(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the same notebook under plain Voila: its own template, a fresh kernel for every visit."""
    base = f"http://127.0.0.1:{(port := free_port())}/"
    log = tmp_path_factory.mktemp("stock") / "voila.log"
    arguments = ["voila", f"sectors/{SECTOR}/dashboard.ipynb", "--no-browser", f"--port={port}"]
    kept = {name: value for name, value in refreshed.environment.items() if name != "JUPYTER_PATH"}
    with running(arguments, f"{base}voila/static/voila.js", log, kept):
        yield base


def tell(what: str, ours_s: float, baseline_s: float) -> float:
    """Print one line and return the ratio."""
    ratio = baseline_s / ours_s
    print(f"\n{what:<58} ours {ours_s:8.3f} s   baseline {baseline_s:8.3f} s   ratio {ratio:6.1f}")
    return ratio


def charts_on(chromium: Browser, url: str) -> int:
    page = chromium.new_page()
    page.goto(url)
    count: int = page.evaluate(
        "[...document.querySelectorAll('.cc-figure__drawing svg')]"
        ".filter((drawing) => drawing.getBoundingClientRect().width > 0).length"
    )
    page.close()
    return count


def last_chart_s(chromium: Browser, url: str, expected: int) -> float:
    """Return when the last chart of a page stood in a browser that has been nowhere before."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(LAST_CHART.replace("EXPECTED", str(expected)))
    page.goto(url, wait_until="commit", timeout=PATIENCE_MS)
    wait_until(page, "Boolean(window.lastChartMs)", PATIENCE_MS)
    seconds = float(page.evaluate("window.lastChartMs")) / 1000
    context.close()
    return seconds


def complete_s(url: str) -> float:
    """Return when the last byte of a page had come."""
    started = time.perf_counter()
    with urllib.request.urlopen(url, timeout=PATIENCE_MS / 1000) as answer:  # noqa: S310
        assert b"cc-panel" in answer.read()
    return time.perf_counter() - started


def median_of(measured: list[float]) -> float:
    return statistics.median(measured)


def test_the_last_chart_of_a_finished_page_stands_ten_times_sooner_than_under_plain_voila(
    ours: str, stock: str, chromium: Browser
) -> None:
    expected = charts_on(chromium, ours)
    assert expected >= 2, "choose a sector whose page has charts"
    # In turn, so that a busy moment of the machine falls on both.
    pairs = [
        (last_chart_s(chromium, ours, expected), last_chart_s(chromium, stock, expected)) for _ in range(RUNS)
    ]
    mine, theirs = (median_of([pair[side] for pair in pairs]) for side in (0, 1))
    assert tell(f"last of {expected} charts visible, median of {RUNS}", mine, theirs) >= 10


def test_a_live_page_is_complete_in_half_the_time_of_plain_voila(ours: str, stock: str) -> None:
    complete_s(f"{ours}?live=1")  # the server's own first time; the warm template may still be starting
    pairs = [(complete_s(f"{ours}?live=1"), complete_s(stock)) for _ in range(RUNS)]
    mine, theirs = (median_of([pair[side] for pair in pairs]) for side in (0, 1))
    assert tell(f"live page complete, median of {RUNS}", mine, theirs) >= 2


def test_a_page_of_a_refresh_takes_a_fifth_of_the_papermill_command(
    refreshed: Refreshed, tmp_path: Path
) -> None:
    notebook = refreshed.settings.sectors_dir / SECTOR / "dashboard.ipynb"
    command = [sys.executable, "-m", "papermill", str(notebook), str(tmp_path / "executed.ipynb")]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, "--no-progress-bar", "--cwd", str(notebook.parent)],
        env=refreshed.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    papermill_s = time.perf_counter() - started
    assert done.returncode == 0, done.stderr
    assert refreshed.edition.manifest["pages"]["failed"] == []
    per_page = refreshed.seconds / refreshed.page_count
    print(
        f"\nrefresh of {load_profile(refreshed.settings).name}: {refreshed.page_count} pages, "
        f"{len(refreshed.edition.measures)} figures in {refreshed.seconds:.1f} s"
    )
    assert tell("one page, executed and rendered", per_page, papermill_s) >= 5
