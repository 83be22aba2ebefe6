"""From an accepted file to a figure that names its file and row, and a total that names all its files."""

import pytest

from command_center.editions import open_edition
from command_center.ingest.submissions import Door
from command_center.refresh import refresh
from command_center.settings import Settings
from tests.conftest import DAY
from tests.ingest.submissions.conftest import ROWS, delivery, table


@pytest.mark.usefixtures("no_pages")
def test_a_figure_names_the_submission_and_row_it_rests_on(door: Door, fresh_house: Settings) -> None:
    first = door.receive(delivery(table(*ROWS[:2]))).submission
    second = door.receive(delivery(table(*ROWS[2:]), agency="1.02.01")).submission
    result = refresh(fresh_house, DAY)
    assert result.failures == ()
    measures = result.edition.measures.query("indicator == 'WAT1' and period == '2025'").set_index(
        "region_code"
    )
    assert measures.loc["33.16.15.2001", "value"] == pytest.approx(70)
    assert measures.loc["33.16.15.2001", "source_submission"] == f"water.supply@{first.sha256[:8]}#2"
    assert measures.loc["33.16", "value"] == pytest.approx((70 + 71 + 72 + 73) / 4)
    whole = measures.loc["33.16", "source_submission"]
    assert whole == f"water.supply@{first.sha256[:8]}+{second.sha256[:8]}"
    sources = result.edition.sources.set_index("source_submission")
    assert sources.loc[f"water.supply@{first.sha256[:8]}#2", "file"] == f"{first.receipt} · supply.csv"
    assert sources.loc[whole, "file"] == f"{first.receipt} · supply.csv; {second.receipt} · supply.csv"
    assert sources.loc[whole, "rows"] == 4


@pytest.mark.usefixtures("no_pages")
def test_an_accepted_file_makes_another_edition_and_a_waiting_one_does_not(
    door: Door, fresh_house: Settings
) -> None:
    before = refresh(fresh_house, DAY).edition.id
    door.receive(delivery(table(ROWS[0], "33.16.16.2011,2025,survey,abc,100,2025-12-31,Survei")))
    assert refresh(fresh_house, DAY).edition.id == before
    door.receive(delivery(table(*ROWS)))
    assert refresh(fresh_house, DAY).edition.id != before
    assert open_edition(fresh_house, before).id == before


@pytest.mark.usefixtures("no_pages")
def test_a_dataset_that_only_submissions_supply_is_awaited_no_more(door: Door, fresh_house: Settings) -> None:
    declaration = fresh_house.sectors_dir / "water" / "sector.yml"
    declaration.write_text(declaration.read_text().replace("    file: ./supply.csv\n", ""))
    assert refresh(fresh_house, DAY).edition.catalog.sectors[0].datasets[0].is_awaited
    door.receive(delivery(table(*ROWS)))
    edition = refresh(fresh_house, DAY).edition
    assert not edition.catalog.sectors[0].datasets[0].is_awaited
    assert len(edition.measures.query("indicator == 'WAT1'")) > 0
