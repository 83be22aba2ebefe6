"""Three real files, as their agencies and portals published them, are read whole and every oddity has its place."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from command_center.catalog import Dataset
from command_center.ingest.check import check_file
from command_center.ingest.context import IngestContext
from command_center.ingest.report import FileReport
from command_center.regions import load_agencies, load_regions
from command_center.settings import Settings
from tests.conftest import REPOSITORY

# The files are lent to the project and lie beside the repository, never in it.
LENT = (REPOSITORY.parent / "shared", REPOSITORY.parents[1] / "shared")
DECLARED = yaml.safe_load((Path(__file__).parent / "real_files" / "sector.yml").read_text("utf-8"))[
    "datasets"
]
DATASETS = {declared["id"]: Dataset.model_validate(declared) for declared in DECLARED}


def report(dataset: str, name: str) -> FileReport:
    path = next((folder / "real" / "messy" / name for folder in LENT if folder.is_dir()), None)
    if path is None:
        pytest.fail(f"the lent file {name} is not beside the repository")
    settings = Settings(REPOSITORY)
    context = IngestContext(load_regions(settings), load_agencies(settings), date(2026, 11, 24))
    return check_file(path.read_bytes(), name, DATASETS[dataset], context)


@pytest.fixture(scope="module")
def census() -> FileReport:
    return report("census_villages", "census2010_villages_blora_raw_ragged.csv")


@pytest.fixture(scope="module")
def roads() -> FileReport:
    return report("village_roads", "DATA JALAN DESA.xlsx")


@pytest.fixture(scope="module")
def waste() -> FileReport:
    return report("waste_disposal", "bps_jateng.csv")


def told(found: FileReport, check: str, sheet: int = 0) -> set[tuple[str, str]]:
    """Every (cell, value) of a check."""
    faults = found.sheets[sheet].faults
    chosen = faults[faults["check"] == check]
    return set(zip(chosen["cell"], chosen["value"], strict=True))


def test_the_census_sums_to_its_published_total_once_its_two_repeated_rows_are_out(census):
    (sheet,) = census.sheets
    assert (sheet.read, sheet.accepted, sheet.quarantined, sheet.rejected) == (297, 295, 0, 2)
    assert sheet.balances
    assert census.table["persons"].sum() == 829_728
    assert len(census.table) == census.table["region_code"].nunique() == 295
    repeated = sheet.faults[sheet.faults["check"] == "repeated_rows"]
    assert repeated["row"].tolist() == [4, 5]
    assert repeated["action"].tolist() == ["rejected", "rejected"]


def test_every_cell_filled_from_above_in_the_census_is_told(census):
    (sheet,) = census.sheets
    filled = sheet.faults[sheet.faults["check"] == "filled_down"]
    assert set(filled["column"]) == {"regency_code", "regency_name", "district_code", "district_name"}
    assert set(sheet.counts()) == {"filled_down", "region_spelling", "repeated_rows"}


def test_both_sheets_of_the_village_roads_balance(roads):
    assert [(sheet.read, sheet.balances) for sheet in roads.sheets] == [(8768, True), (2741, True)]


def test_each_oddity_of_the_village_roads_is_a_fault_of_its_own_with_its_cell(roads):
    assert any(value == "650 M" for _, value in told(roads, "unit_in_cell"))
    hard = {place for place in told(roads, "hard_space") if "319,97" in place[1]}
    assert hard
    assert hard <= told(roads, "decimal_comma")
    assert {value.strip().lower() for _, value in told(roads, "missing_nil")} == {"nihil"}
    assert any(value == "/40" for _, value in told(roads, "number_unreadable"))
    breaks = roads.sheets[1].faults.query("check == 'header_line_break'")
    assert breaks["header"].str.contains("JALAN DESA").any()
    for check in ("unit_in_cell", "hard_space", "missing_nil", "number_unreadable"):
        assert all(cell for cell, _ in told(roads, check))


def test_the_oddities_of_the_village_roads_have_the_right_values(roads):
    sheet = roads.sheets[0]
    by_cell = {(fault["check"], fault["value"].strip()): fault for fault in sheet.faults.to_dict("records")}
    written = by_cell["unit_in_cell", "650 M"]
    assert sheet.table.loc[written["row"], written["column"]] == 650
    hard = next(
        fault for (check, value), fault in by_cell.items() if check == "hard_space" and "319,97" in value
    )
    assert sheet.table.loc[hard["row"], hard["column"]] == 319.97
    unread = by_cell["number_unreadable", "/40"]
    assert unread["row"] in sheet.quarantine.index


def test_the_row_of_the_regency_is_read_right_through_three_header_rows(waste):
    (sheet,) = waste.sheets
    assert sheet.balances
    row = waste.table.set_index("regency_name").loc["Blora"]
    read = [None if value is waste.table["drainage_villages"].dtype.na_value else int(value) for value in row]
    assert read == [13, 279, 3, None, None, 295, 28]
    assert {"title_rows", "header_rows", "header_line_break", "column_numbers", "note_row"} <= set(
        sheet.counts()
    )


def test_the_row_of_the_province_is_its_total_and_no_regency(waste):
    (sheet,) = waste.sheets
    assert "JAWA TENGAH" not in set(waste.table["regency_name"])
    assert [value for _, value in told(waste, "total_row_unlabelled")] == ["JAWA TENGAH"]
    assert waste.table["all_villages"].sum() == 8562
    assert sheet.read == 35
