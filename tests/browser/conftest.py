"""One edition with a page of every kind, the real server on a free port, and a browser cut off from the internet."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import command_center.refresh.run as refresh_run
from command_center.pages.addresses import (
    HOME,
    PageAddress,
    briefing_page,
    indicator_page,
    readiness_page,
    region_page,
    sector_page,
)
from command_center.pages.house import House, open_house
from command_center.settings import Settings, load_settings
from tests.browser.visiting import Published, Watch, cut_off, free_port, running

DAY = date(2026, 11, 24)


def _pages(house: House) -> dict[str, PageAddress]:
    root, district = house.regions.root, house.regions.districts[0]
    village = house.regions.children(district.code)[0]
    return {
        "home": HOME,
        "sector": sector_page("infrastructure", root.code),
        "kecamatan": sector_page("infrastructure", district.code),
        "desa": sector_page("infrastructure", village.code),
        "people": sector_page("population", district.code),
        "profile": region_page(district.code),
        "indicator": indicator_page("HLT1", root.code),
        "briefing": briefing_page(DAY),
        "readiness": readiness_page(),
        "readiness-agency": readiness_page("1.02.01"),
    }


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The edition of one day, with the pages the tests open; others are made on first request."""
    settings = Settings(load_settings().root, tmp_path_factory.mktemp("editions"))
    house = open_house(settings)
    pages = _pages(house)
    root = house.regions.root.code
    made = [*pages.values(), *(page.in_language("en") for page in pages.values())]
    made += [sector_page(sector.slug, root) for sector in house.catalog.sectors]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh_run, "pages_of_edition", lambda *_: list(dict.fromkeys(made)))
        result = refresh_run.refresh(settings, DAY)
    assert result.failed_pages == ()
    return Published(house, result.edition, pages)


@pytest.fixture(scope="session")
def site(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `command-center serve` over the edition, without a slash at the end."""
    base = f"http://127.0.0.1:{(port := free_port())}"
    log = tmp_path_factory.mktemp("server") / "serve.log"
    arguments = ["command_center.cli", "serve", "--port", str(port)]
    with running(arguments, f"{base}/edisi/", log, published.environment):
        yield base


@pytest.fixture(scope="session")
def chromium(chromium_path: str, chromium_arguments: list[str]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=chromium_arguments)
        yield browser
        browser.close()


@pytest.fixture
def laptop(chromium: Browser, site: str) -> Iterator[tuple[Page, Watch]]:
    """A page as wide as a laptop, and what it asked for and complained of."""
    with cut_off(chromium, site, 1440, 900) as pair:
        yield pair
