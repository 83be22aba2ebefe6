"""An edition's name is its content: the same files, code and date give the same id, any change another."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from command_center.editions import identify
from command_center.settings import Settings
from tests.house.builder import build_house

DAY = date(2026, 11, 24)


def add_a_byte(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\n")


CHANGES: dict[str, Callable[[Path], None]] = {
    "a table beside a sector": lambda root: add_a_byte(root / "sectors/water/supply.csv"),
    "a table of another kind": lambda root: (root / "sectors/water/roads.geojson").write_text("{}"),
    "a published table": lambda root: (root / "data/published/new.csv").write_text("a\n"),
    "a declaration": lambda root: add_a_byte(root / "sectors/power/sector.yml"),
    "reference data": lambda root: add_a_byte(root / "data/reference/regions.csv"),
    "boundaries": lambda root: _write(root / "data/boundaries/report.json"),
    "a dashboard": lambda root: add_a_byte(root / "sectors/water/dashboard.ipynb"),
    "a hall": lambda root: add_a_byte(root / "notebooks/home.ipynb"),
    "a sector's code": lambda root: add_a_byte(root / "sectors/water/transform.py"),
    "the page template": lambda root: add_a_byte(next((root / "voila_templates").rglob("index.html.j2"))),
    "a new sector": lambda root: shutil.copytree(root / "sectors/water", root / "sectors/wind"),
    "a file taken away": lambda root: (root / "sectors/water/supply.csv").unlink(),
    "a file renamed": lambda root: (root / "sectors/water/supply.csv").rename(root / "sectors/water/s.csv"),
}


def _write(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("{}")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_anything_that_decides_the_content_gives_another_id(
    fresh_house: Settings, change: Callable[[Path], None]
) -> None:
    before = identify(fresh_house, DAY)
    change(fresh_house.root)
    after = identify(fresh_house, DAY)
    assert after.edition_id != before.edition_id


def test_the_same_files_in_another_place_give_the_same_id(tmp_path: Path) -> None:
    one, other = build_house(tmp_path / "one"), build_house(tmp_path / "other" / "deep")
    assert identify(one, DAY) == identify(other, DAY)


@pytest.mark.parametrize("name", ["README.md", "__pycache__/x.pyc", ".ipynb_checkpoints/dashboard.ipynb"])
def test_what_no_page_shows_does_not_change_the_id(fresh_house: Settings, name: str) -> None:
    before = identify(fresh_house, DAY)
    path = fresh_house.sectors_dir / "water" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("something else")
    assert identify(fresh_house, DAY) == before


def test_another_day_another_selection_and_other_carried_figures_give_other_ids(
    fresh_house: Settings,
) -> None:
    ids = {
        identify(fresh_house, DAY).edition_id,
        identify(fresh_house, date(2026, 11, 25)).edition_id,
        identify(fresh_house, DAY, ["water"]).edition_id,
        identify(fresh_house, DAY, ["water", "power"]).edition_id,
        identify(fresh_house, DAY, ["water"], carried="abc").edition_id,
        identify(fresh_house, DAY, carried="abc").edition_id,
    }
    assert len(ids) == 6
    assert all(edition_id.startswith("2026-11-2") for edition_id in ids)


def test_the_order_in_which_sectors_are_named_does_not_matter(fresh_house: Settings) -> None:
    assert identify(fresh_house, DAY, ["water", "power"]) == identify(fresh_house, DAY, ["power", "water"])


def test_the_manifest_can_name_every_input_by_a_path_below_the_root(fresh_house: Settings) -> None:
    identity = identify(fresh_house, DAY)
    assert {"sectors/water/supply.csv", "data/reference/regions.csv"} <= identity.inputs.keys()
    assert {"notebooks/home.ipynb", "sectors/power/dashboard.ipynb"} <= identity.notebooks.keys()
    assert not any(name.startswith("/") or ".." in name for name in (*identity.inputs, *identity.notebooks))
