"""A table that cannot be read takes only its own figures back to the last good ones; every other byte stays."""

import shutil
from datetime import date

import pytest
import yaml

from command_center.editions import Edition
from command_center.refresh import refresh
from command_center.settings import Settings

DAY, NEXT_DAY = date(2026, 11, 24), date(2026, 11, 25)
pytestmark = pytest.mark.usefixtures("no_pages")


@pytest.fixture
def house(fresh_house: Settings) -> Settings:
    """The small house; its first sector has a second dataset with an indicator of its own."""
    folder = fresh_house.sectors_dir / "water"
    declared = yaml.safe_load((folder / "sector.yml").read_text(encoding="utf-8"))
    dataset, indicator = declared["datasets"][0], declared["indicators"][0]
    declared["datasets"].append(dataset | {"id": "quality", "file": "./quality.csv"})
    declared["indicators"].append(indicator | {"id": "WAT2", "dataset": "quality"})
    (folder / "sector.yml").write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    shutil.copy(folder / "supply.csv", folder / "quality.csv")
    assert refresh(fresh_house, DAY).failures == ()
    return fresh_house


def of(edition: Edition, indicator: str) -> dict[str, str]:
    measures = edition.measures[edition.measures["indicator"].eq(indicator)]
    sources = edition.sources[edition.sources["source_submission"].isin(measures["source_submission"])]
    coverage = edition.coverage[edition.coverage["indicator"].eq(indicator)]
    tables = {"measures": measures, "sources": sources, "coverage": coverage}
    return {name: table.to_csv(index=False) for name, table in tables.items()}


def test_only_the_figures_of_the_broken_table_are_the_last_good_ones(house: Settings) -> None:
    before = refresh(house, DAY).edition
    (house.sectors_dir / "water" / "quality.csv").write_bytes(b"\xff\xfe\x00broken")
    result = refresh(house, DAY)
    after = result.edition
    for indicator in ("WAT1", "PWR1"):
        assert of(after, indicator) == of(before, indicator), indicator
    lost = [edition.measures[edition.measures["indicator"].eq("WAT2")] for edition in (before, after)]
    assert lost[0].drop(columns="status").to_csv(index=False) == lost[1].drop(columns="status").to_csv(
        index=False
    )
    assert set(lost[1]["status"]) == {"stale"}
    assert of(after, "WAT2")["sources"] == of(before, "WAT2")["sources"]
    (failure,) = result.failures
    assert (failure.sector, failure.dataset, failure.who) == ("water", "quality", "agency 1.03.01")


def test_the_last_good_figures_stand_as_long_as_the_table_is_broken(house: Settings) -> None:
    path = house.sectors_dir / "water" / "quality.csv"
    good = path.read_bytes()
    path.write_bytes(b"nonsense\n")
    first, again, later = refresh(house, DAY), refresh(house, DAY), refresh(house, NEXT_DAY)
    assert (again.is_new, again.edition.id) == (False, first.edition.id)
    assert of(later.edition, "WAT2") == of(first.edition, "WAT2")
    path.write_bytes(good)
    mended = refresh(house, NEXT_DAY)
    assert mended.failures == ()
    assert "stale" not in set(mended.edition.measures["status"])
