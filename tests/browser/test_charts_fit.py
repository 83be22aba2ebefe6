"""Every text of a drawing lies within it: a number that loses its first digit is a wrong number."""

import pytest

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
