"""The road page with the internet cut: filter rusak berat, open a road's strip map, move the budget; by mouse and keys."""

import gzip
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import command_center.refresh.run as refresh_run
import command_center.samples.making as making
from command_center.pages.addresses import roads_page, sector_page
from command_center.refresh import refresh
from command_center.samples.verbs import load_makers
from command_center.settings import Settings
from tests.browser.visiting import Watch, cut_off, free_port, running
from tests.conftest import DAY, REPOSITORY

pytestmark = pytest.mark.browser

SECTOR = "infrastructure"
DATASETS = ("ruas_jalan", "segmen_jalan", "laporan_kerusakan")
AT_MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def roads_house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """This house with the sample roads alone, three budgets, and an edition with the road page."""
    root = tmp_path_factory.mktemp("roads") / "house"
    for name in ("sectors", "notebooks", "voila_templates", "data/reference", "data/published"):
        shutil.copytree(REPOSITORY / name, root / name)
    rules = root / "data/reference/roads.yml"
    text, changed = re.subn(r"frontier_billion: \[.*\]", "frontier_billion: [0, 50, 100]", rules.read_text())
    assert changed == 1
    rules.write_text(text)
    settings = Settings(root)
    pages = [roads_page(SECTOR), roads_page(SECTOR).in_language("en"), sector_page(SECTOR, "33.16")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            making,
            "load_makers",
            lambda house, sector: (
                {name: maker for name, maker in load_makers(house, sector).items() if name in DATASETS}
            ),
        )
        patch.setattr(refresh_run, "pages_of_edition", lambda *_: pages)
        run = making.make_samples(settings, DAY)
        assert run.accepted > 9000
        result = refresh(settings, DAY)
    assert (result.failures, result.failed_pages) == ((), ())
    return settings


@pytest.fixture(scope="module")
def roads_site(roads_house: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    base = f"http://127.0.0.1:{(port := free_port())}"
    log = tmp_path_factory.mktemp("server") / "serve.log"
    environment = {**os.environ, **roads_house.environment}
    with running(["command_center.cli", "serve", "--port", str(port)], f"{base}/edisi/", log, environment):
        yield base


@pytest.fixture
def opened(chromium: Browser, roads_site: str) -> Iterator[tuple[Page, Watch]]:
    with cut_off(chromium, roads_site, 1440, 900) as (page, watch):
        page.goto(f"{roads_site}/jalan/{SECTOR}/")
        yield page, watch


def faded(page: Page) -> tuple[int, int]:
    """How many stretches of heavy damage and of all other classes are faded on the map."""
    counts = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll('.cc-roads__map .cc-road path')];
          const isFaded = (path) => Number(getComputedStyle(path).opacity) < 0.5;
          const heavy = all.filter((path) => path.classList.contains('cc-is-rusak_berat'));
          const others = all.filter((path) => !path.classList.contains('cc-is-rusak_berat'));
          return [heavy.filter(isFaded).length, others.length - others.filter(isFaded).length];
        }"""
    )
    return counts[0], counts[1]


def strips_shown(page: Page) -> list[str]:
    return page.eval_on_selector_all(
        ".cc-strip", "all => all.filter(one => one.getClientRects().length).map(one => one.id)"
    )


def works_on_map(page: Page) -> int:
    return page.locator(".cc-roads__map path.cc-is-works").count()


def test_the_sector_page_leads_to_the_roads(chromium: Browser, roads_site: str) -> None:
    with cut_off(chromium, roads_site, 1440, 900) as (page, watch):
        page.goto(f"{roads_site}/bidang/{SECTOR}/")
        page.get_by_role("link", name=re.compile("^Jalan: peta kondisi")).click()
        page.wait_for_url(re.compile(rf"/jalan/{SECTOR}/$"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Jalan")
        assert watch.complaints == []


def test_by_mouse(opened: tuple[Page, Watch]) -> None:
    page, watch = opened
    rows = page.locator(".cc-roads__table tbody tr")
    assert rows.count() == 250
    page.get_by_role("radio", name=re.compile("Rusak berat")).click()
    assert faded(page) == (0, 0)
    shown = page.locator(".cc-roads__table tbody tr:visible")
    assert 0 < shown.count() < 250
    # The middle of a stretch of heavy damage, clicked where it is drawn on top.
    point = page.evaluate(
        """() => {
          for (const path of document.querySelectorAll('.cc-road path.cc-is-rusak_berat')) {
            const middle = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
            const link = document.elementFromPoint(middle.x, middle.y)?.closest('a.cc-road');
            if (link === path.parentNode) return [middle.x, middle.y, link.getAttribute('href').slice(1)];
          }
          return null;
        }"""
    )
    assert point is not None
    page.mouse.click(point[0], point[1])
    assert strips_shown(page) == [point[2]]
    strip = page.locator(f"#{point[2]}")
    expect(strip.locator("svg")).to_be_visible()
    assert strip.locator("rect.cc-is-rusak_berat").count() > 0
    slider = page.locator("[data-budget-slider]")
    before = works_on_map(page)
    assert before > 0
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 3, box["y"] + box["height"] / 2)
    assert slider.input_value() == "0"
    assert works_on_map(page) == 0
    expect(page.locator("[data-budget]:visible")).to_have_attribute("data-budget", "0")
    assert watch.complaints == []


def test_by_keyboard(opened: tuple[Page, Watch]) -> None:
    page, watch = opened
    page.locator("#kondisi-semua").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert page.locator("#kondisi-rusak_berat").is_checked()
    assert faded(page) == (0, 0)
    link = page.locator(".cc-roads__table tbody tr:visible a").first
    wanted = str(link.get_attribute("href"))[1:]
    link.focus()
    page.keyboard.press("Enter")
    assert strips_shown(page) == [wanted]
    page.keyboard.press("Tab")
    summary = page.locator(f"#{wanted} summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(f"#{wanted} tbody tr:visible").count() > 0
    slider = page.locator("[data-budget-slider]")
    slider.focus()
    page.keyboard.press("Home")
    assert works_on_map(page) == 0
    page.keyboard.press("ArrowRight")
    assert slider.input_value() == "1"
    assert works_on_map(page) > 0
    assert "50" in str(slider.get_attribute("aria-valuetext"))
    whole = page.locator("[data-map]").get_attribute("viewBox")
    page.locator("[data-map]").focus()
    page.keyboard.press("+")
    assert page.locator("[data-map]").get_attribute("viewBox") != whole
    page.keyboard.press("0")
    assert [float(each) for each in str(page.locator("[data-map]").get_attribute("viewBox")).split()] == [
        float(each) for each in str(whole).split()
    ]
    assert watch.complaints == []


def test_without_scripts_filter_and_strips_still_work(chromium: Browser, roads_site: str) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{roads_site}/jalan/{SECTOR}/#ruas-R010")
    expect(page.locator("#ruas-R010 svg")).to_be_visible()
    page.get_by_role("radio", name=re.compile("Rusak berat")).check()
    assert 0 < page.locator(".cc-roads__table tbody tr:visible").count() < 250
    assert page.locator("[data-budget]:visible").count() == 1
    context.close()


@pytest.mark.parametrize("width", [360, 1440, 3840])
def test_nothing_runs_over_the_edge(chromium: Browser, roads_site: str, width: int) -> None:
    with cut_off(chromium, roads_site, width, 900) as (page, watch):
        page.goto(f"{roads_site}/jalan/{SECTOR}/#ruas-R010")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert watch.complaints == []


def test_the_finished_page_is_small_and_stamped(roads_house: Settings) -> None:
    (file,) = Path(roads_house.editions_dir).glob("2*/pages/id/roads/infrastructure.html.gz")
    assert file.stat().st_size <= AT_MOST_BYTES
    html = gzip.decompress(file.read_bytes()).decode()
    assert html.count("DATA CONTOH") > 5
    assert html.count('class="cc-road"') == 250
