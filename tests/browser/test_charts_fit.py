"""Nothing is cut off: a number that loses its first digit is a wrong number, a row out of sight is missing."""

import pytest

from tests.browser.visiting import cut_off

pytestmark = pytest.mark.browser

CUT_OFF = """() => {
  const cut = [];
  for (const svg of document.querySelectorAll("svg")) {
    const box = svg.getBoundingClientRect();
    if (!box.width) continue;
    for (const text of svg.querySelectorAll("text")) {
      const place = text.getBoundingClientRect();
      if (place.left < box.left - 0.5 || place.right > box.right + 0.5) cut.push(text.textContent);
    }
  }
  return cut;
}"""


@pytest.mark.parametrize("slug", ["population", "health", "social"])
def test_no_text_of_a_drawing_is_cut_off_at_its_sides(published, site, laptop, slug) -> None:
    page, _ = laptop
    page.goto(f"{site}{published.sector_pages[slug].url}")
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.locator("svg text").count() > 0
    assert page.evaluate(CUT_OFF) == []


def test_a_wall_shows_home_whole_and_drawings_as_wide_as_their_place(published, site, chromium) -> None:
    with cut_off(chromium, site, 3840, 2160) as (page, watch):
        page.goto(f"{site}{published.pages['home'].url}")
        assert page.evaluate("document.documentElement.scrollHeight") <= 2160
        page.goto(f"{site}{published.sector_pages['social'].url}")
        drawing = page.locator(".cc-explorer .cc-figure__drawing--wide svg").first.bounding_box()
        place = page.locator(".cc-explorer__column").first.bounding_box()
        assert drawing is not None
        assert place is not None
        assert drawing["width"] > 0.9 * place["width"]
        assert watch.complaints == []


def test_rows_of_a_region_are_all_in_sight_without_a_scroll_of_their_own(published, site, chromium) -> None:
    # A window so low that a box with a scroll of its own would have one.
    with cut_off(chromium, site, 360, 100) as (page, watch):
        page.goto(f"{site}{published.pages['profile'].url}")
        boxes = page.locator(".cc-scroll:has(> .cc-table--rows)")
        heights = boxes.evaluate_all("all => all.map(one => [one.clientHeight, one.scrollHeight])")
        assert max(whole for _, whole in heights) > 70
        assert [(shown, whole) for shown, whole in heights if whole > shown + 1] == []
        assert watch.complaints == []
