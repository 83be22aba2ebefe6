"""The same notebook under plain Voila and in JupyterLab's preview shows the figures of the finished page."""

import os
import re

import pytest
from playwright.sync_api import Browser, Page

from command_center.catalog import load_catalog
from command_center.settings import load_settings
from tests.browser.visiting import Published, cut_off, figures, free_port, running

pytestmark = pytest.mark.browser

SLUGS = [sector.slug for sector in load_catalog(load_settings()).sectors]
# Each takes the start of a server and of a kernel; the rest run under `-m slow`.
QUICK = ("infrastructure", "health", "social_media")
EXECUTED_MS = 120_000


def stock(published: Published) -> dict[str, str]:
    """The environment without anything of ours but the editions."""
    kept = {name: value for name, value in published.environment.items() if name != "JUPYTER_PATH"}
    return {**kept, "COMMAND_CENTER_EDITIONS": str(published.house.settings.editions_dir)}


def shown_figures(page: Page, url: str, expected: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the figures of a page that executes its notebook, once its panel and as many figures are there."""
    page.goto(url)
    page.wait_for_selector(".cc-panel .cc-panel__body :is(h2, p)", timeout=EXECUTED_MS)
    page.wait_for_function(
        "count => new Set([...document.querySelectorAll('[data-figure]')].map(one => one.dataset.figure)).size >= count",
        arg=len(expected),
        timeout=EXECUTED_MS,
    )
    return figures(page)


def finished_figures(chromium: Browser, site: str, published: Published, slug: str) -> dict[str, list[str]]:
    with cut_off(chromium, site, 1440, 900) as (page, _):
        page.goto(f"{site}{published.sector_pages[slug].url}")
        return figures(page)


@pytest.mark.parametrize(
    "slug", [slug if slug in QUICK else pytest.param(slug, marks=pytest.mark.slow) for slug in SLUGS]
)
def test_plain_voila_shows_the_figures_of_the_finished_page(
    published, site, chromium, tmp_path, slug
) -> None:
    finished = finished_figures(chromium, site, published, slug)
    measures = published.edition.measures
    has_data = measures.loc[measures["sector"].eq(slug), "value"].notna().any()
    assert bool(finished) == bool(has_data)
    base = f"http://127.0.0.1:{(port := free_port())}/"
    arguments = ["voila", f"sectors/{slug}/dashboard.ipynb", "--no-browser", f"--port={port}"]
    with (
        running(arguments, f"{base}voila/static/voila.js", tmp_path / "voila.log", stock(published)),
        cut_off(chromium, base, 1440, 900) as (page, _),
    ):
        assert shown_figures(page, base, finished) == finished


def test_the_preview_in_jupyterlab_shows_the_figures_of_the_finished_page(
    published, site, chromium, tmp_path
) -> None:
    finished = finished_figures(chromium, site, published, "health")
    base = f"http://127.0.0.1:{(port := free_port())}"
    arguments = [
        "jupyterlab",
        "--no-browser",
        f"--port={port}",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
    ]
    arguments += ["--allow-root"] if os.geteuid() == 0 else []
    with (
        running(arguments, f"{base}/lab", tmp_path / "lab.log", stock(published)),
        cut_off(chromium, base, 1440, 900) as (page, _),
    ):
        shown = shown_figures(page, f"{base}/voila/render/sectors/health/dashboard.ipynb", finished)
        assert re.search(r"/voila/render/", page.url)
    assert shown == finished
