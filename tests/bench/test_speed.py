"""How fast, told as ours, the baseline and their ratio, both measured in the same run on the same machine.

The baseline is what a Jupyter house gives without ours: the same notebook under plain Voila, the `papermill` command.
"""

import time
import urllib.request
from statistics import median

import pytest
from playwright.sync_api import Browser

from tests.bench.conftest import Server
from tests.bench.telling import p95, tell
from tests.browser.visiting import wait_until

pytestmark = [pytest.mark.bench, pytest.mark.browser]

RUNS = 30
BASELINE_RUNS = 10
COMPLETE_RUNS = 5
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


def test_the_last_chart_of_a_finished_page_stands_ten_times_sooner_than_under_plain_voila(
    ours: Server, stock: Server, chromium: Browser
) -> None:
    expected = charts_on(chromium, ours.page)
    assert expected >= 2, "choose a sector whose page has charts"
    mine: list[float] = []
    theirs: list[float] = []
    for number in range(RUNS):
        mine.append(last_chart_s(chromium, ours.page, expected))
        # In between, so that a busy moment of the machine falls on both.
        if number % (RUNS // BASELINE_RUNS) == 0:
            theirs.append(last_chart_s(chromium, stock.page, expected))
    what = f"last of {expected} charts visible"
    tell(f"{what}, p95 of {RUNS} and {BASELINE_RUNS}", p95(mine), p95(theirs))
    assert tell(f"{what}, median of {RUNS} and {BASELINE_RUNS}", median(mine), median(theirs)) >= 10


def test_a_live_page_is_complete_in_half_the_time_of_plain_voila(ours: Server, stock: Server) -> None:
    complete_s(f"{ours.page}?live=1")  # the server's own first time; the warm template may still be starting
    pairs = [(complete_s(f"{ours.page}?live=1"), complete_s(stock.page)) for _ in range(COMPLETE_RUNS)]
    mine, theirs = (median([pair[side] for pair in pairs]) for side in (0, 1))
    assert tell(f"live page complete, median of {COMPLETE_RUNS}", mine, theirs) >= 2
