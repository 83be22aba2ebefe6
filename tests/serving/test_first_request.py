"""A page that was not made at publish is made at its first request, once, and kept in the edition."""

import asyncio
import gzip
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import command_center.serving.pages
from command_center.editions import open_edition
from command_center.errors import PublishingError
from command_center.pages.addresses import sector_page
from command_center.pages.house import House, open_house
from command_center.publishing import PagePlan
from command_center.serving.finished import FinishedPage
from command_center.serving.pages import PageHandler
from command_center.settings import Settings
from tests.house.loops import run_apart
from tests.serving.conftest import Site

DESA = "/bidang/water/33.16.15.2007/"
KEPT = Path("id/sector/water/33.16.15.2007.html.gz")


def test_the_page_of_a_desa_is_made_at_the_first_request_and_kept(site: Site) -> None:
    edition = open_edition(site.settings)
    path = edition.path / "pages" / KEPT
    path.unlink(missing_ok=True)
    first = site.get(DESA)
    assert first.status == 200
    assert "Desa Bogorejo" in first.text
    assert 'data-figure="WAT1|33.16.15.2007|2024|survey"' in first.text
    assert gzip.decompress(path.read_bytes()) == first.body
    stamp = path.stat().st_mtime_ns
    began = time.monotonic()
    again = site.get(DESA)
    assert time.monotonic() - began < 1
    assert again.body == first.body
    assert path.stat().st_mtime_ns == stamp


def test_readers_who_ask_at_once_get_the_same_page_and_one_file(site: Site) -> None:
    folder = open_edition(site.settings).path / "pages/id/sector/power"
    path = folder / "33.16.16.2011.html.gz"
    path.unlink(missing_ok=True)
    with ThreadPoolExecutor(4) as readers:
        answers = list(readers.map(lambda _: site.get("/bidang/power/33.16.16.2011/"), range(4)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert [kept.name for kept in folder.iterdir() if kept.name.startswith((".", "33.16.16.2011"))] == [
        path.name
    ]


def test_english_pages_are_made_at_the_first_request(site: Site) -> None:
    page = site.get("/en/bidang/water/33.16.15/")
    assert page.status == 200
    assert '<html lang="en"' in page.text
    assert "Bogorejo Sub-district" in page.text
    assert (open_edition(site.settings).path / "pages/en/sector/water/33.16.15.html.gz").is_file()


def test_a_page_that_cannot_be_made_says_nothing_of_the_inside_and_is_tried_again(own_site: Site) -> None:
    notebook = own_site.settings.sectors_dir / "water" / "dashboard.ipynb"
    sound = notebook.read_text()
    notebook.write_text(sound.replace("page.cards()", "page.carts()"))
    answer = own_site.get(DESA)
    assert answer.status == 500
    assert "Gangguan sudah dicatat" in answer.text
    for word in ("carts", "Traceback", str(own_site.settings.root), "dashboard.ipynb"):
        assert word not in answer.text
    assert open_edition(own_site.settings).page(KEPT) is None
    notebook.write_text(sound)
    assert own_site.get(DESA).status == 200


# --- the same without a server -------------------------------------------------------------------


def handler(house: House) -> PageHandler:
    made = PageHandler.__new__(PageHandler)
    made.house = house
    return made


def test_requests_at_the_same_time_render_once(own_house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    house, edition = open_house(own_house), open_edition(own_house)
    rendered: list[str] = []

    def slow(_: House, plan: PagePlan, *_view: object) -> bytes:
        rendered.append(plan.address.url)
        time.sleep(0.2)
        return b"page"

    async def ask() -> list[FinishedPage]:
        address = sector_page("water", "33.16.15.2007")
        other = sector_page("power", "33.16.15.2007")
        asked = [
            handler(house)._rendered(house, page, edition) for page in (address, address, other, address)
        ]
        return await asyncio.gather(*asked)

    monkeypatch.setattr(command_center.serving.pages, "render_page", slow)
    assert run_apart(ask()) == [FinishedPage.of(b"page")] * 4
    assert sorted(rendered) == ["/bidang/power/33.16.15.2007/", "/bidang/water/33.16.15.2007/"]
    assert command_center.serving.pages._rendering == {}


def test_a_reader_who_leaves_does_not_stop_the_page_of_another(
    own_house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, edition = open_house(own_house), open_edition(own_house)

    def slow(*_: object) -> bytes:
        time.sleep(0.2)
        return b"page"

    async def ask() -> FinishedPage:
        address = sector_page("water", "33.16.15.2007")
        leaving = asyncio.ensure_future(handler(house)._rendered(house, address, edition))
        staying = asyncio.ensure_future(handler(house)._rendered(house, address, edition))
        await asyncio.sleep(0.05)
        leaving.cancel()
        return await staying

    monkeypatch.setattr(command_center.serving.pages, "render_page", slow)
    assert run_apart(ask()) == FinishedPage.of(b"page")


def test_a_failure_is_forgotten_so_that_the_next_reader_may_succeed(
    own_house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, edition = open_house(own_house), open_edition(own_house)
    outcomes = [PublishingError("not today"), b"page"]

    def fickle(*_: object) -> bytes:
        outcome = outcomes.pop(0)
        if isinstance(outcome, PublishingError):
            raise outcome
        return outcome

    async def ask() -> FinishedPage:
        address = sector_page("water", "33.16.15.2007")
        with pytest.raises(Exception, match="500"):
            await handler(house)._rendered(house, address, edition)
        await asyncio.sleep(0)
        return await handler(house)._rendered(house, address, edition)

    monkeypatch.setattr(command_center.serving.pages, "render_page", fickle)
    assert run_apart(ask()) == FinishedPage.of(b"page")
