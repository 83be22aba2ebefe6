"""A sector's page reads the rows near its region only: it shows the same as with every row of the edition."""

from collections.abc import Iterator

import pytest

from command_center.charts.renderer import ChartRenderer
from command_center.editions import open_edition
from command_center.pages.context import PageContext
from command_center.pages.house import open_house
from command_center.pages.readings import is_told, read
from command_center.pages.sector import SectorPage, open_sector
from command_center.settings import Settings


def places(house) -> dict[str, str]:
    root = house.regions.root.code
    district = house.regions.children(root)[-1].code
    return {"root": root, "district": district, "village": house.regions.children(district)[-1].code}


@pytest.fixture(scope="module")
def drawings() -> Iterator[dict[str, str]]:
    """The environment in which an equal chart is drawn once."""
    with ChartRenderer() as renderer:
        yield dict(renderer.variables)


@pytest.fixture
def contexts(real_house: Settings, drawings: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    """The context of a sector's page as it is opened, and the same with all rows."""
    for name, value in {**real_house.environment, **drawings}.items():
        monkeypatch.setenv(name, value)

    def opened(slug: str, code: str) -> tuple[PageContext, PageContext]:
        near = open_sector(slug, code).context
        whole = open_edition(real_house).seen_by(near.view)
        return near, PageContext(near.house, whole, near.address)

    return opened


@pytest.mark.parametrize("level", ["root", "district", "village"])
def test_whether_there_is_something_to_tell_is_what_a_reading_says(real_house, contexts, level) -> None:
    house = open_house(real_house)
    code = places(house)[level]
    said = []
    for sector in house.catalog.sectors:
        near, _ = contexts(sector.slug, code)
        for indicator in sector.indicators:
            said.append(is_told(near, indicator, code))
            assert said[-1] == read(near, sector, indicator, code).is_shown, indicator.id
    assert not all(said)
    assert any(said)


@pytest.mark.parametrize("level", ["root", "district"])
def test_every_sector_says_the_same_as_with_all_rows(real_house, contexts, level) -> None:
    house = open_house(real_house)
    for sector in house.catalog.sectors:
        near, whole = contexts(sector.slug, places(house)[level])
        assert set(near.measures["region_code"]) <= set(house.regions.near(near.region.code))
        mine, theirs = (SectorPage(one, sector, {}) for one in (near, whole))
        assert str(mine.cards().html) == str(theirs.cards().html)
        assert str(mine.explorer().still().html) == str(theirs.explorer().still().html), sector.slug
        assert str(mine.sources().html) == str(theirs.sources().html)
