"""Pages that anybody can use: the rules of axe, and the widths of a phone, a laptop and a wall."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.visiting import cut_off

pytestmark = pytest.mark.browser

KINDS = ("home", "sector", "kecamatan", "people", "profile", "indicator", "briefing")
SERIOUS = {"serious", "critical"}
BEYOND_THE_EDGE = """
() => [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.cc-scroll, .cc-visually-hidden'))
  .slice(0, 5).map(one => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 60)}`)
"""


def violations(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("kind", ["home", "sector", "people", "profile", "indicator", "briefing"])
def test_a_page_breaks_no_serious_rule_of_accessibility(published, site, laptop, kind) -> None:
    page, _ = laptop
    page.goto(f"{site}{published.pages[kind].url}")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page) == []


def test_search_and_the_list_of_editions_break_no_serious_rule(site, laptop) -> None:
    page, watch = laptop
    for path in ("/cari/?q=jalan", "/en/cari/?q=road", "/edisi/", "/en/edisi/"):
        page.goto(f"{site}{path}")
        assert page.locator(".cc-results a").count() > 0
        assert violations(page) == []
    assert watch.complaints == []


def test_an_address_that_names_nothing_says_so_in_the_readers_language(site, laptop) -> None:
    page, _ = laptop
    for path, word in (("/bidang/nothing/", "tidak ada"), ("/en/bidang/nothing/", "does not exist")):
        assert page.goto(f"{site}{path}").status == 404
        assert word in page.locator("h1").inner_text()
        assert violations(page) == []


@pytest.mark.parametrize("width", [360, 3840])
def test_no_page_is_wider_than_the_screen(published, site, chromium, width) -> None:
    with cut_off(chromium, site, width, 800) as (page, _):
        for kind in KINDS:
            page.goto(f"{site}{published.pages[kind].url}")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, kind
            assert page.evaluate(BEYOND_THE_EDGE) == [], kind
        page.goto(f"{site}/cari/?q=jalan")
        assert page.evaluate(BEYOND_THE_EDGE) == []


def test_text_grows_on_a_wall_and_a_phone_keeps_its_readable_size(site, chromium) -> None:
    sizes = {}
    for width in (360, 1440, 3840):
        with cut_off(chromium, site, width, 800) as (page, _):
            page.goto(f"{site}/")
            size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
            value = page.evaluate(
                "parseFloat(getComputedStyle(document.querySelector('.cc-value')).fontSize)"
            )
            sizes[width] = (size, value)
    assert sizes[360] == sizes[1440]
    assert sizes[360][0] >= 16
    assert sizes[3840][0] >= 1.5 * sizes[1440][0]
    assert sizes[3840][1] >= 2 * sizes[1440][1]


def test_targets_on_a_phone_are_large_enough_for_a_thumb(published, site, chromium) -> None:
    with cut_off(chromium, site, 360, 800) as (page, _):
        page.goto(f"{site}{published.pages['sector'].url}")
        small = page.eval_on_selector_all(
            ".cc-controls select, .cc-controls input, .cc-header button, .cc-links a, .cc-region-switch a",
            "all => all.filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML.slice(0, 80))",
        )
    assert small == []
