"""A refresh measures what it can, keeps the last good figures of what it cannot, and says who must act."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from command_center.editions import list_editions, open_edition
from command_center.errors import CatalogError, EditionError
from command_center.refresh import SectorFailure, refresh
from command_center.settings import Settings
from tests.house.builder import write_figures

DAY, NEXT_DAY = date(2026, 11, 24), date(2026, 11, 25)

pytestmark = pytest.mark.usefixtures("no_pages")


@pytest.fixture
def house(fresh_house: Settings) -> Settings:
    """The small house with one edition without pages."""
    refresh(fresh_house, DAY)
    return fresh_house


def figures(settings: Settings, sector: str) -> pd.DataFrame:
    measures = open_edition(settings).measures
    return measures[measures["sector"].eq(sector)].reset_index(drop=True)


def latest_value(settings: Settings, sector: str) -> float:
    rows = figures(settings, sector)
    return float(rows.loc[rows["region_code"].eq("33.16") & rows["period"].eq("2024"), "value"].item())


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- the same again ----------------------------------------------------------------------------


def test_the_same_inputs_make_no_second_edition(house: Settings) -> None:
    first = open_edition(house)
    stamp = (first.path / "manifest.json").stat().st_mtime_ns
    again = refresh(house, DAY)
    assert (again.is_new, again.edition.id) == (False, first.id)
    assert (first.path / "manifest.json").stat().st_mtime_ns == stamp
    assert len(list_editions(house)) == 1


def test_going_back_to_earlier_inputs_makes_their_edition_the_latest_again(house: Settings) -> None:
    first = open_edition(house).id
    path = house.sectors_dir / "water" / "supply.csv"
    before = path.read_bytes()
    write_figures(path.parent, {"2024": (70, 100)})
    assert refresh(house, DAY).is_new
    path.write_bytes(before)
    assert refresh(house, DAY).is_new is False
    assert open_edition(house).id == first


def test_the_same_inputs_give_the_same_bytes_in_another_place(house: Settings, tmp_path: Path) -> None:
    other = Settings(house.root, editions_override=tmp_path / "elsewhere")
    one, two = open_edition(house), refresh(other, DAY).edition
    assert one.id == two.id
    for name in ("measures.parquet", "sources.parquet", "coverage.parquet", "catalog.json"):
        assert (one.path / name).read_bytes() == (two.path / name).read_bytes(), name


def test_the_manifest_says_what_the_edition_was_made_from(house: Settings) -> None:
    manifest = open_edition(house).manifest
    assert manifest["rows"]["measures"] == len(open_edition(house).measures) == 28
    assert len(manifest["inputs"]["sectors/water/supply.csv"]) == 64
    assert manifest["failures"] == manifest["faults"] == []
    assert set(manifest["timings_s"]["measure"]) == {"water", "power"}


# --- one sector only ---------------------------------------------------------------------------


def test_a_refresh_of_one_sector_changes_only_its_figures(house: Settings) -> None:
    before = open_edition(house)
    for slug in ("water", "power"):
        write_figures(house.sectors_dir / slug, {"2024": (70, 100)})
    edit(house.sectors_dir / "power" / "sector.yml", "en: Power", "en: Current")
    result = refresh(house, NEXT_DAY, sectors=["water"])
    assert result.failures == ()
    assert latest_value(house, "water") == 70
    for table in ("measures", "sources", "coverage"):
        old, new = (getattr(edition, table) for edition in (before, result.edition))
        old, new = (frame[frame["sector"].eq("power")].to_csv(index=False) for frame in (old, new))
        assert old == new, table
    # Words and figures belong together: the other sector keeps its old declaration too.
    assert result.edition.catalog.sector("power").name.en == "Power"
    assert result.edition.manifest["carried_from"] == before.id


def test_a_refresh_of_one_sector_twice_makes_one_edition(house: Settings) -> None:
    write_figures(house.sectors_dir / "water", {"2024": (70, 100)})
    first = refresh(house, DAY, sectors=["water"])
    again = refresh(house, DAY, sectors=["water"])
    assert (first.is_new, again.is_new, again.edition.id) == (True, False, first.edition.id)


def test_the_failure_of_a_sector_stays_named_when_another_is_refreshed(house: Settings) -> None:
    (house.sectors_dir / "power" / "supply.csv").write_text("nonsense\n")
    assert refresh(house, NEXT_DAY).failures[0].sector == "power"
    write_figures(house.sectors_dir / "water", {"2024": (70, 100)})
    result = refresh(house, NEXT_DAY, sectors=["water"])
    assert [failure.sector for failure in result.failures] == ["power"]
    assert set(figures(house, "power")["status"]) == {"stale"}


def test_one_sector_cannot_be_refreshed_before_there_is_an_edition(fresh_house: Settings) -> None:
    with pytest.raises(EditionError, match="no edition yet"):
        refresh(fresh_house, DAY, sectors=["water"])


def test_an_unknown_sector_is_answered_with_the_nearest(house: Settings) -> None:
    with pytest.raises(CatalogError, match="did you mean 'water'"):
        refresh(house, DAY, sectors=["watter"])


# --- what can break in a sector ----------------------------------------------------------------


def break_table(root: Path) -> None:
    edit(root / "sectors/water/supply.csv", "33.16.15.2007,2023,survey,50", "33.16.15.2007,2023,survey,fifty")


def break_table_whole(root: Path) -> None:
    (root / "sectors/water/supply.csv").write_bytes(b"\xff\xfe\x00broken")


def lose_table(root: Path) -> None:
    (root / "sectors/water/supply.csv").unlink()


def raise_in_transform(root: Path) -> None:
    edit(
        root / "sectors/water/transform.py", "return table.assign(checked=True)", 'return table[["nowhere"]]'
    )


def break_transform(root: Path) -> None:
    (root / "sectors/water/transform.py").write_text("def supply(table:\n")


def import_in_transform(root: Path) -> None:
    (root / "sectors/water/transform.py").write_text("import nowhere_to_be_found\n")


def return_nothing(root: Path) -> None:
    edit(root / "sectors/water/transform.py", "return table.assign(checked=True)", "return None")


def break_declaration(root: Path) -> None:
    edit(root / "sectors/water/sector.yml", "direction: up", "direktion: up")


def break_yaml(root: Path) -> None:
    (root / "sectors/water/sector.yml").write_text("slug: [water\n")


def declare_no_text(root: Path) -> None:
    (root / "sectors/water/sector.yml").write_bytes(b"slug: \xff\xfe\n")


def declare_nothing(root: Path) -> None:
    (root / "sectors/water/sector.yml").write_text("")


def declare_an_impossible_date(root: Path) -> None:
    edit(root / "sectors/water/sector.yml", "decimals: 1", "decimals: 2026-02-31")


def claim_anothers_indicator(root: Path) -> None:
    # The later in the menu gives way; water is first, so it is moved behind.
    edit(root / "sectors/water/sector.yml", "order: 1", "order: 9")
    edit(root / "sectors/water/sector.yml", "WAT1", "PWR1")


BREAKS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a cell": (break_table, "served_households", "sectors/water/supply.csv"),
    "a table": (break_table_whole, "UTF-8", "sectors/water/supply.csv"),
    "a missing table": (lose_table, "cannot be read", "sectors/water/supply.csv"),
    "a KeyError in a transform": (raise_in_transform, "KeyError", "transform.py, line 8"),
    "a transform that is no Python": (break_transform, "SyntaxError", ""),
    "a transform that imports what is not there": (
        import_in_transform,
        "ModuleNotFoundError",
        "transform.py",
    ),
    "a transform that returns nothing": (return_nothing, "supply returns NoneType", "water/transform.py"),
    "an unknown key": (break_declaration, "did you mean 'direction'?", "sectors/water/sector.yml"),
    "a declaration that is no YAML": (break_yaml, "not YAML", "sectors/water/sector.yml"),
    "a declaration that is no text": (declare_no_text, "not YAML", "sectors/water/sector.yml"),
    "an empty declaration": (declare_nothing, "", "sectors/water/sector.yml"),
    "an impossible date": (declare_an_impossible_date, "", "sectors/water/sector.yml"),
    "another sector's indicator": (
        claim_anothers_indicator,
        "PWR1 is claimed by both",
        "sectors/*/sector.yml",
    ),
}


@pytest.mark.parametrize(("broken", "what", "where"), BREAKS.values(), ids=BREAKS)
def test_a_broken_sector_keeps_its_last_good_figures_and_stops_no_other(
    house: Settings, broken: Callable[[Path], None], what: str, where: str
) -> None:
    before = figures(house, "water")
    broken(house.root)
    write_figures(house.sectors_dir / "power", {"2024": (160, 200)})
    result = refresh(house, NEXT_DAY)

    assert latest_value(house, "power") == 80
    assert set(figures(house, "power")["status"]) == {"good"}
    after = figures(house, "water")
    assert set(after["status"]) == {"stale"}
    pd.testing.assert_frame_equal(after.drop(columns="status"), before.drop(columns="status"))
    assert not result.edition.sources[result.edition.sources["sector"].eq("water")].empty
    assert result.edition.catalog.sector("water").indicator("WAT1").unit == "percent"

    (failure,) = result.failures
    assert failure.sector == "water"
    assert what in failure.what
    assert where in failure.where
    assert failure.who
    assert failure.next_step.startswith(("command-center", "correct", "mend", "choose", "return"))


def test_a_broken_cell_is_named_by_file_line_column_and_who_must_act(house: Settings) -> None:
    break_table(house.root)
    (failure,) = refresh(house, NEXT_DAY).failures
    lines = (house.root / "sectors/water/supply.csv").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "fifty" in text)
    assert failure.where == "sectors/water/supply.csv"
    assert f"{line}" in failure.what
    assert "served_households" in failure.what
    assert "fifty" in failure.what
    assert failure.who == "agency 1.03.01"


@pytest.mark.parametrize("broken", [break_table, break_declaration])
def test_a_sector_that_was_never_good_shows_no_figure_and_is_named(
    fresh_house: Settings, broken: Callable[[Path], None]
) -> None:
    broken(fresh_house.root)
    result = refresh(fresh_house, DAY)
    assert [failure.sector for failure in result.failures] == ["water"]
    assert set(result.edition.measures["sector"]) == {"power"}


def test_what_failed_is_told_again_when_the_edition_exists_already(house: Settings) -> None:
    break_table(house.root)
    first, again = refresh(house, NEXT_DAY), refresh(house, NEXT_DAY)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.edition.id == again.edition.id
    assert again.failures == first.failures != ()


def test_a_sector_that_is_broken_again_shows_its_newest_good_figures(house: Settings) -> None:
    """An edition made when it was broken the first time may not come back with the figures of then."""
    table = house.sectors_dir / "water" / "supply.csv"
    good = table.read_bytes()
    broken = b"nonsense\n"
    table.write_bytes(broken)
    first = refresh(house, NEXT_DAY)
    assert latest_value(house, "water") == 60
    write_figures(table.parent, {"2024": (75, 100)})
    assert refresh(house, NEXT_DAY).failures == ()
    table.write_bytes(broken)
    second = refresh(house, NEXT_DAY)
    assert latest_value(house, "water") == 75
    assert second.edition.id != first.edition.id
    table.write_bytes(good)
    assert refresh(house, DAY).failures == ()


def test_a_sector_broken_at_the_first_refresh_and_again_later_shows_its_last_good_figures(
    fresh_house: Settings,
) -> None:
    table = fresh_house.sectors_dir / "water" / "supply.csv"
    good = table.read_bytes()
    table.write_bytes(b"nonsense\n")
    refresh(fresh_house, DAY)
    table.write_bytes(good)
    refresh(fresh_house, DAY)
    table.write_bytes(b"nonsense\n")
    refresh(fresh_house, DAY)
    assert latest_value(fresh_house, "water") == 60


def test_a_mended_sector_is_no_longer_stale(house: Settings) -> None:
    table = house.sectors_dir / "water" / "supply.csv"
    good = table.read_bytes()
    table.write_bytes(b"nonsense\n")
    refresh(house, NEXT_DAY)
    table.write_bytes(good)
    result = refresh(house, NEXT_DAY)
    assert result.failures == ()
    assert "stale" not in set(figures(house, "water")["status"])


def test_two_sectors_may_fail_in_one_refresh(house: Settings) -> None:
    break_declaration(house.root)
    (house.sectors_dir / "power" / "supply.csv").unlink()
    result = refresh(house, NEXT_DAY)
    assert {failure.sector for failure in result.failures} == {"water", "power"}
    assert set(result.edition.measures["status"]) == {"stale"}
    assert len(result.edition.measures) == 28


def test_a_sector_taken_away_is_no_failure_and_leaves_the_edition(house: Settings) -> None:
    shutil.rmtree(house.sectors_dir / "water")
    result = refresh(house, NEXT_DAY)
    assert result.failures == ()
    assert set(result.edition.measures["sector"]) == {"power"}


def test_a_failure_survives_the_way_through_the_manifest(house: Settings) -> None:
    break_table(house.root)
    result = refresh(house, NEXT_DAY)
    assert isinstance(result.failures[0], SectorFailure)
    assert result.edition.manifest["failures"][0]["sector"] == "water"
