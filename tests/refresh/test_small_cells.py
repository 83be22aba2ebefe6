"""Small cells over two refreshes: a corrected number moves nothing that is out, and the next edition knows what is."""

from pathlib import Path

import pytest

from command_center.editions import Edition
from command_center.refresh import refresh
from command_center.settings import Settings
from tests.access.canaries import build_canaries
from tests.access.test_small_cells import HIDDEN_PLACES, declare
from tests.conftest import DAY

pytestmark = pytest.mark.usefixtures("no_pages")
CORRECTED = "33.16.16.2007"


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    settings = build_canaries(tmp_path / "house")
    declare(settings)
    return settings


def correct(settings: Settings, number: str) -> None:
    """Put a number in the place of the first count of a village in 2023."""
    path = settings.sectors_dir / "water" / "supply.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    (row,) = [row for row in rows if row[:2] == [CORRECTED, "2023"]]
    row[3] = number
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")


def hidden(edition: Edition) -> set[tuple[str, str]]:
    rows = edition.figures[edition.figures["suppressed"]]
    return set(zip(rows["region_code"], rows["period"], strict=True))


def test_a_correction_hides_the_sums_it_changed_since_its_neighbour_is_out(house: Settings) -> None:
    first = refresh(house, DAY).edition
    assert hidden(first) == {(place, year) for place in HIDDEN_PLACES for year in ("2023", "2024")}
    correct(house, "5")
    second = refresh(house, DAY).edition
    # The neighbour's number and the other sub-district's are out: only what changed can still be hidden.
    added = {(code, "2023") for code in (CORRECTED, "33.16.16", "33.16")}
    assert hidden(second) == hidden(first) | added
    assert set(second.disclosed["region_code"]) == {code for code, _ in added}
    assert second.manifest["small_cells"] == {"hidden": 7, "shown_before": 3}
    assert second.manifest["carried_sha256"]


def test_without_a_past_the_neighbour_is_hidden_instead(house: Settings) -> None:
    correct(house, "5")
    only = refresh(house, DAY).edition
    assert (CORRECTED, "2023") in hidden(only)
    assert ("33.16.16.2011", "2023") in hidden(only)
    assert ("33.16", "2023") not in hidden(only)
    assert only.disclosed.empty
    assert only.manifest["carried_sha256"] is None


def test_a_correction_back_opens_nothing_that_was_hidden(house: Settings) -> None:
    refresh(house, DAY)
    correct(house, "5")
    second = refresh(house, DAY).edition
    correct(house, "20000000")
    third = refresh(house, DAY).edition
    assert hidden(third) >= hidden(second)
    assert set(third.disclosed["region_code"]) >= {CORRECTED}


def test_the_same_files_twice_are_one_edition(house: Settings) -> None:
    first = refresh(house, DAY)
    again = refresh(house, DAY)
    assert (again.edition.id, again.is_new) == (first.edition.id, False)
