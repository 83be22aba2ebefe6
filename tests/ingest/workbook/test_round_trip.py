"""A faulty submission comes back marked, is repaired by its own notes alone, and is accepted."""

import io
import zipfile
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from command_center.ingest.check import check_file
from command_center.ingest.checks import CHECKS
from command_center.ingest.report import FileReport
from command_center.ingest.workbook import as_received, faults_of, mark_faults, read_identity, styles
from command_center.locale import Locale
from tests.ingest.workbook import planted
from tests.ingest.workbook.declared import context, services_rows
from tests.ingest.workbook.officer import LABEL, Officer

PLANTED = {*planted.CELLS, *planted.ROWS, *planted.COLUMNS}
COLOURS = {fill.start_color.rgb for fill in styles.FAULT_FILLS.values()}


def open_faults(report: FileReport) -> list[tuple[str, str, str]]:
    faults = faults_of(report)
    return [
        (fault["check"], fault["sheet"], fault["cell"])
        for fault in faults[faults["action"] != "fixed"].to_dict("records")
    ]


def returned(content: bytes, name: str, dataset: Any, known: Any) -> tuple[pd.DataFrame, bytes]:
    faults = faults_of(check_file(content, name, as_received(dataset, content), known))
    return faults, mark_faults(content, faults, dataset, context=known, name=name)


@pytest.fixture(scope="module")
def sent() -> bytes:
    return planted.faulty_services()


@pytest.fixture(scope="module")
def back(sent: bytes) -> tuple[pd.DataFrame, bytes]:
    return returned(sent, "layanan.xlsx", planted.services(), context())


def test_every_planted_kind_is_there_to_be_returned(back: tuple[pd.DataFrame, bytes]) -> None:
    found = set(back[0]["check"])
    assert found >= PLANTED
    assert len(PLANTED) >= 75
    assert sum(CHECKS[check].action != "fixed" for check in PLANTED) >= 35


def test_repaired_by_its_notes_alone_it_is_accepted(back: tuple[pd.DataFrame, bytes]) -> None:
    officer = Officer(back[1])
    again = officer.repair()
    assert officer.undone == []
    assert officer.done > 100
    dataset = planted.services()
    report = check_file(again, "layanan.xlsx", as_received(dataset, again), context())
    assert open_faults(report) == []
    assert report.is_clean
    assert [sheet.sheet for sheet in report.sheets] == ["Sel", "Baris", "Kolom"]
    assert all(sheet.balances and sheet.accepted == sheet.read for sheet in report.sheets)
    # Repairs, not only decisions: of the values none is left that had to be read all the same.
    left = set(faults_of(report)["check"])
    assert left <= {"title_rows", "blank_row", "column_absent", "header_merged", "header_rows"}


def test_the_values_that_can_be_read_off_come_out_right(back: tuple[pd.DataFrame, bytes]) -> None:
    again = Officer(back[1]).repair()
    dataset = planted.services()
    table = check_file(again, "layanan.xlsx", as_received(dataset, again), context()).sheets[0].table
    rows = services_rows(len(planted.CELLS) + 10)
    place = {
        check: 6 + at for at, check in enumerate(planted.CELLS)
    }  # two titles, the header, three clean rows
    for check, (field, value) in {
        "thousands_separator": ("cost", 25_130_000),
        "decimal_comma": ("distance", 12.5),
        "unit_converted": ("distance", 12.5),
        "accounting_negative": ("cost", -25_150_000),
        "share_mixed": ("coverage", 62.0),
        "date_spelling": ("surveyed", pd.Timestamp(2024, 6, 17)),
        "unit_switch": ("cost", 25_400_000),
    }.items():
        assert table.loc[place[check] + 1, field] == value, check
    for check in (
        "region_unknown",
        "region_spelling",
        "region_level",
        "code_name_mismatch",
        "code_as_number",
    ):
        expected = rows[place[check] - 3]["region_code"]
        assert table.loc[place[check] + 1, "region_code"] == expected, check
    total = table.loc[place["parts_total"] + 1]
    assert total["persons"] == total["piped"] + total["wells"]


def test_every_faulty_cell_is_coloured_and_commented_in_place(
    sent: bytes, back: tuple[pd.DataFrame, bytes]
) -> None:
    faults, content = back
    marked, before = load_workbook(io.BytesIO(content)), load_workbook(io.BytesIO(sent))
    assert marked.sheetnames == ["Ringkasan", "Sel", "Baris", "Kolom"]
    for fault in faults[faults["cell"] != ""].to_dict("records"):
        cell = marked[fault["sheet"]][fault["cell"]]
        assert cell.fill.start_color.rgb in COLOURS, fault
        assert CHECKS[fault["check"]].say(Locale()) in cell.comment.text, fault
        assert cell.comment.text.splitlines()[-1].startswith(LABEL)
    changed = [
        (name, one.coordinate)
        for name in before.sheetnames
        for row in before[name].iter_rows()
        for one in row
        if one.value != marked[name][one.coordinate].value
    ]
    masked = [
        ("Sel", f"U{6 + list(planted.CELLS).index(check) + 1}")
        for check in planted.CELLS
        if "private" in check
    ]
    assert changed == masked


def test_a_second_return_takes_the_marks_of_the_first_away(back: tuple[pd.DataFrame, bytes]) -> None:
    again = Officer(back[1]).repair()
    workbook = load_workbook(io.BytesIO(again))
    workbook["Sel"]["G8"] = "banyak sekali"
    buffer = io.BytesIO()
    workbook.save(buffer)
    faults, content = returned(buffer.getvalue(), "layanan.xlsx", planted.services(), context())
    assert open_cells(faults) == ["G8"]
    marked = load_workbook(io.BytesIO(content))
    assert marked.sheetnames == ["Ringkasan", "Sel", "Baris", "Kolom"]
    coloured = [
        c.coordinate for row in marked["Sel"].iter_rows() for c in row if c.fill.start_color.rgb in COLOURS
    ]
    commented = [c.coordinate for row in marked["Sel"].iter_rows() for c in row if c.comment is not None]
    assert coloured == commented == ["G8"]


def open_cells(faults: pd.DataFrame) -> list[str]:
    return list(faults[faults["action"] != "fixed"]["cell"])


def test_no_part_of_the_returned_file_holds_a_personal_number_or_an_author(
    back: tuple[pd.DataFrame, bytes],
) -> None:
    with zipfile.ZipFile(io.BytesIO(back[1])) as archive:
        parts = {name: archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist()}
    for secret in (planted.NIK, planted.CARD, planted.PHONE, "Nama Petugas"):
        assert [name for name, text in parts.items() if secret in text] == []
    assert any("0000********0001" in text for text in parts.values())


def test_the_same_submission_is_returned_byte_for_byte_the_same(
    sent: bytes, back: tuple[pd.DataFrame, bytes]
) -> None:
    assert returned(sent, "layanan.xlsx", planted.services(), context())[1] == back[1]


def test_the_returned_workbook_names_its_data_sheets(back: tuple[pd.DataFrame, bytes]) -> None:
    identity = read_identity(back[1])
    assert identity is not None
    assert identity.sheets == ("Sel", "Baris", "Kolom")
    assert identity.target == ""


def test_the_notes_are_english_for_who_reads_english(sent: bytes) -> None:
    dataset, known = planted.services(), context()
    faults = faults_of(check_file(sent, "layanan.xlsx", dataset, known))
    content = mark_faults(sent, faults, dataset, Locale("en"), context=known, name="layanan.xlsx")
    cell = load_workbook(io.BytesIO(content))["Sel"]["T7"]
    assert "The cell must be filled." in cell.comment.text
    assert cell.comment.text.splitlines()[-1].startswith("Perbaikan: [ISI] contoh ")
