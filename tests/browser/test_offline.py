"""From home to a desa with the internet cut, by pointer and by keyboard: all is drawn, nothing is asked of others."""

import re

import pytest
from playwright.sync_api import Page, expect

from command_center.pages.house import House

pytestmark = pytest.mark.browser

# A point of the region's own area: the middle of a bent region may lie in its neighbour.
POINT_INSIDE = """
link => {
  const path = link.querySelector('path'), box = path.getBoundingClientRect();
  for (let i = 1; i < 40; i++) for (let j = 1; j < 40; j++) {
    const x = box.left + box.width * i / 40, y = box.top + box.height * j / 40;
    if (document.elementFromPoint(x, y)?.closest('a') === link) return [x, y];
  }
  return null;
}
"""
EMPTY_DRAWINGS = """
() => [...document.querySelectorAll('.cc-figure__drawing svg, .cc-tile__spark svg')]
  .filter(svg => svg.getClientRects().length)
  .filter(svg => {
    const box = svg.getBoundingClientRect();
    return box.width < 20 || box.height < 20 || !svg.querySelector('path, rect, circle');
  })
  .map(svg => svg.outerHTML.slice(0, 200))
"""


def region_links(page: Page) -> list[str]:
    """The links of the regions of the map that is shown."""
    return page.eval_on_selector_all(
        ".cc-figure--map svg a",
        "all => all.filter(a => a.getClientRects().length).map(a => a.getAttribute('href'))",
    )


def click_region(page: Page, code: str) -> None:
    link = page.locator(f".cc-figure--map svg a[href*='{code}/']:visible").first
    link.scroll_into_view_if_needed()
    point = link.evaluate(POINT_INSIDE)
    assert point is not None, f"region {code} has no visible area of its own"
    page.mouse.click(*point)
    page.wait_for_url(re.compile(rf"/{re.escape(code)}/$"))


def assert_drawn(page: Page, sparks: int, maps: int, regions: int) -> None:
    assert page.evaluate(EMPTY_DRAWINGS) == []
    assert page.locator(".cc-tile__spark svg:visible").count() >= sparks
    assert page.locator(".cc-figure--map svg:visible").count() == maps
    assert len(region_links(page)) == regions


def path_down(house: House) -> tuple[str, str]:
    district = house.regions.districts[0]
    return district.code, house.regions.children(district.code)[0].code


def test_home_to_sector_to_kecamatan_to_desa_by_pointer_asks_nothing_of_others(
    published, site, laptop
) -> None:
    page, watch = laptop
    district, village = path_down(published.house)
    sector = published.house.catalog.sector("infrastructure")
    here = len(published.house.regions.districts)
    below = len(published.house.regions.children(district))

    page.goto(f"{site}/")
    assert_drawn(page, sparks=3, maps=1, regions=here)
    page.get_by_role("link", name=sector.name.id, exact=True).click()
    page.wait_for_url(f"{site}{published.pages['sector'].url}")
    assert_drawn(page, sparks=2, maps=1, regions=here)
    click_region(page, district)
    assert_drawn(page, sparks=0, maps=1, regions=below)
    click_region(page, village)
    assert_drawn(page, sparks=0, maps=1, regions=below)
    expect(page.locator("h1")).to_contain_text(published.house.regions.label(village))
    assert watch.complaints == []


def test_the_drawing_check_sees_an_empty_drawing(site, laptop) -> None:
    page, _ = laptop
    page.goto(f"{site}/")
    page.evaluate(
        "document.querySelectorAll('.cc-figure--map svg *').forEach(mark => mark.remove())",
    )
    assert len(page.evaluate(EMPTY_DRAWINGS)) == 1


def test_a_request_to_another_host_is_refused_and_seen(site, laptop) -> None:
    page, watch = laptop
    page.goto(f"{site}/")
    # The page's own policy stops it before it leaves the browser.
    page.evaluate("fetch('https://example.org/x').catch(() => null)")
    page.wait_for_timeout(100)
    assert watch.outside == []
    assert "example.org/x" in "".join(watch.errors)
    # Without a policy it is the test's own fence that stops and records it.
    page.goto("about:blank")
    page.evaluate("fetch('https://example.org/y').catch(() => null)")
    page.wait_for_timeout(100)
    assert watch.outside == ["https://example.org/y"]


def focused(page: Page) -> dict[str, str]:
    return page.evaluate(
        """() => {
          const here = document.activeElement, style = getComputedStyle(here);
          const path = here.querySelector?.('path');
          const marked = [style, path && getComputedStyle(path)].some(
            one => one && (one.outlineStyle !== 'none' || parseFloat(one.strokeWidth) >= 3));
          return {href: here.getAttribute('href') ?? '', text: here.textContent.trim(), marked: String(marked),
                  map: String(!!here.closest('.cc-figure--map svg'))};
        }"""
    )


def tab_to(page: Page, wanted, limit: int = 200) -> None:
    """Press Tab until the focus is where `wanted` says; every stop on the way must be visible."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        here = focused(page)
        assert here["marked"] == "true", f"no visible focus on {here}"
        if wanted(here):
            return
    pytest.fail("the keyboard never got there")


def test_the_same_way_down_and_back_with_the_keyboard_alone(published, site, laptop) -> None:
    page, watch = laptop
    district, village = path_down(published.house)
    sector = published.house.catalog.sector("infrastructure").name.id
    page.goto(f"{site}/")
    tab_to(page, lambda here: here["text"] == sector)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}{published.pages['sector'].url}")
    for code in (district, village):
        tab_to(page, lambda here, code=code: here["map"] == "true" and f"{code}/" in here["href"])
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(rf"/{re.escape(code)}/$"))
    crumb = published.house.regions.label(district)
    tab_to(page, lambda here: here["text"] == crumb)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}{published.pages['kecamatan'].url}")
    assert watch.complaints == []


def test_the_skip_link_leads_to_the_content(site, laptop) -> None:
    page, _ = laptop
    page.goto(f"{site}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"


def test_a_region_of_a_map_of_figures_leads_to_a_finished_page(published, site, laptop) -> None:
    page, watch = laptop
    village = published.house.regions.children(published.pages["people"].region)[0].code
    page.goto(f"{site}{published.pages['people'].url}")
    assert page.locator(".cc-figure--map .cc-legend li").count() > 1
    click_region(page, village)
    assert page.evaluate("document.body.dataset.page") == "finished"
    assert watch.complaints == []
