"""Pages are made one by one: what fails is named, the rest stands; the same page gives the same bytes."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from command_center.editions import open_edition
from command_center.errors import PublishingError, UnknownRegionError
from command_center.pages.addresses import HOME, briefing_page, indicator_page, region_page, sector_page
from command_center.pages.house import open_house
from command_center.publishing import pages_of_edition, plan_page, render_notebook, render_page
from command_center.refresh import refresh
from command_center.settings import Settings

NEXT_DAY = date(2026, 11, 25)
REGENCY, DISTRICT, VILLAGE = "33.16", "33.16.15", "33.16.15.2007"


def text_of(settings: Settings, name: str) -> str:
    content = open_edition(settings).page(Path(name))
    assert content is not None, name
    return gzip.decompress(content).decode()


# --- which pages ---------------------------------------------------------------------------------


def test_an_edition_gets_home_every_sector_profile_and_indicator_and_the_briefing(
    published_house: Settings,
) -> None:
    made = set(open_edition(published_house).manifest["pages"]["files"])
    expected = {
        f"id/sector/{slug}/{code}" for slug in ("water", "power") for code in (REGENCY, DISTRICT, "33.16.16")
    }
    expected |= {f"id/region/{code}" for code in (REGENCY, DISTRICT, "33.16.16")}
    expected |= {"id/indicator/WAT1/33.16", "id/indicator/PWR1/33.16", "id/briefing/2026-11-24", "id/home"}
    expected |= {"id/readiness", "id/readiness/1.03.01"}
    assert made == {f"{name}.html.gz" for name in expected}


def test_a_refresh_of_one_sector_makes_the_pages_of_that_sector_only(published_house: Settings) -> None:
    pages = pages_of_edition(open_house(published_house), NEXT_DAY, ["water"])
    assert {page.subject for page in pages if page.kind in ("sector", "indicator")} == {"water", "WAT1"}


def test_a_plan_hands_the_notebook_its_parameters(published_house: Settings) -> None:
    house = open_house(published_house)
    plan = plan_page(house, sector_page("water", VILLAGE).in_language("en"), "some-id", {"period": "2024"})
    assert plan.notebook == house.settings.sectors_dir / "water" / "dashboard.ipynb"
    assert plan.parameters == {"edition": "some-id", "language": "en", "region": VILLAGE, "period": "2024"}
    assert plan.title.startswith("Water · Bogorejo Village")
    indicator = plan_page(house, indicator_page("WAT1", REGENCY), "some-id")
    assert indicator.parameters["indicator"] == "WAT1"
    assert plan_page(house, briefing_page(NEXT_DAY), "some-id").parameters["date"] == "2026-11-25"


def test_a_page_of_an_unknown_region_cannot_be_planned(published_house: Settings) -> None:
    with pytest.raises(UnknownRegionError):
        plan_page(open_house(published_house), region_page("33.16.99"), "some-id")


def test_a_missing_notebook_is_named_with_its_path_below_the_root(own_house: Settings) -> None:
    (own_house.notebooks_dir / "home.ipynb").unlink()
    with pytest.raises(PublishingError) as caught:
        plan_page(open_house(own_house), HOME, "some-id")
    assert caught.value.where == "notebooks/home.ipynb"


# --- what a page says ----------------------------------------------------------------------------


def test_a_finished_page_is_whole_and_asks_no_other_host_for_anything(published_house: Settings) -> None:
    for name in open_edition(published_house).manifest["pages"]["files"]:
        page = text_of(published_house, name)
        assert page.count("<html") == page.count("</html>") == 1, name
        for source in (
            'src="http',
            "src='http",
            'src="//',
            "url(http",
            'rel="stylesheet" href="http',
            "@import",
        ):
            assert source not in page, (name, source)


def test_no_page_names_a_folder_of_this_machine(published_house: Settings) -> None:
    for name in open_edition(published_house).manifest["pages"]["files"]:
        page = text_of(published_house, name)
        assert str(published_house.root) not in page, name
        assert "site-packages" not in page, name
        assert "Traceback" not in page, name


def test_the_page_of_a_district_shows_its_own_figure_and_title(published_house: Settings) -> None:
    page = text_of(published_house, "id/sector/water/33.16.15.html.gz")
    assert "Kecamatan Bogorejo" in page
    assert 'data-figure="WAT1|33.16.15|2024|survey"' in page


def test_a_page_made_again_has_the_same_bytes(published_house: Settings) -> None:
    house = open_house(published_house)
    edition = open_edition(published_house)
    address = sector_page("water", DISTRICT)
    assert render_page(house, plan_page(house, address, edition.id)) == edition.page(address.file)


def test_rendering_leaves_the_executed_notebook_as_it_was(published_house: Settings) -> None:
    import nbformat

    path = published_house.notebooks_dir / "home.ipynb"
    notebook = nbformat.read(path, as_version=4)
    before = json.dumps(notebook, sort_keys=True)
    html = render_notebook(
        notebook, jupyter_path=published_house.jupyter_path, title="A <title>", language="en"
    )
    assert json.dumps(notebook, sort_keys=True) == before
    assert '<html lang="en"' in html
    assert "<title>A &lt;title&gt;</title>" in html


# --- what can break --------------------------------------------------------------------------------


def fail_in_a_cell(root: Path) -> None:
    path = root / "sectors/water/dashboard.ipynb"
    path.write_text(path.read_text().replace("page.cards()", "page.carts()"))


def damage(root: Path) -> None:
    (root / "sectors/water/dashboard.ipynb").write_text("not a notebook")


def lose(root: Path) -> None:
    (root / "sectors/water/dashboard.ipynb").unlink()


def leave_early(root: Path) -> None:
    path = root / "sectors/water/dashboard.ipynb"
    path.write_text(path.read_text().replace("page.cards()", "raise SystemExit(0)"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (fail_in_a_cell, "no attribute 'carts'"),
        (damage, "cannot be read"),
        (lose, "is missing"),
        (leave_early, ""),
    ],
)
def test_a_page_whose_notebook_fails_is_named_and_the_rest_stands(
    own_house: Settings, broken: Callable[[Path], None], said: str
) -> None:
    broken(own_house.root)
    result = refresh(own_house, NEXT_DAY)
    urls = {page.url for page in result.failed_pages}
    assert urls == {f"/bidang/water/{code}/" for code in (REGENCY, DISTRICT, "33.16.16")}
    assert all(said in page.error for page in result.failed_pages)
    assert not any(str(own_house.root) in page.error for page in result.failed_pages)
    assert open_edition(own_house).as_of == NEXT_DAY.isoformat()
    assert result.failures == ()
    assert result.page_count == 15
    text_of(own_house, "id/sector/power/33.16.15.html.gz")


@pytest.mark.slow
def test_the_pages_of_a_broken_sector_say_so_and_keep_its_words_and_figures(own_house: Settings) -> None:
    path = own_house.sectors_dir / "water" / "sector.yml"
    path.write_text(path.read_text().replace("direction: up", "direktion: up"))
    result = refresh(own_house, NEXT_DAY)
    assert result.failed_pages == ()
    for name in ("id/home", "id/sector/water/33.16", "id/indicator/WAT1/33.16", "id/briefing/2026-11-25"):
        page = text_of(own_house, f"{name}.html.gz")
        assert "Air" in page, name
        assert "angka baik terakhir" in page, name
    other = text_of(own_house, "id/sector/power/33.16.html.gz")
    assert "angka baik terakhir" not in other
    assert 'data-figure="WAT1|33.16|2024|survey"' in text_of(own_house, "id/sector/water/33.16.html.gz")
