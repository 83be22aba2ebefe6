"""Faults that a single sheet of villages cannot have: sums between rows, whole columns, other formats, persons."""

import csv
import io
import zipfile
from datetime import date
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from command_center.catalog import Dataset
from command_center.ingest.check import check_file
from command_center.ingest.workbook import as_received, faults_of, mark_faults
from command_center.ingest.workbook.packing import to_bytes
from command_center.regions import load_regions
from command_center.settings import Settings
from tests.ingest.workbook import planted
from tests.ingest.workbook.declared import REPOSITORY, as_sheet, context, services_rows, titles_of
from tests.ingest.workbook.officer import LABEL, Officer

TREE = load_regions(Settings(REPOSITORY))


def saved(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def one_sheet(header: list[str], rows: list[list[Any]], top: list[str] | None = None) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    as_sheet(workbook, "Lembar", header, rows, top or [])
    return saved(workbook)


def round_trip(
    content: bytes, name: str, dataset: Dataset, **known: Any
) -> tuple[pd.DataFrame, bytes, pd.DataFrame, Officer]:
    """The faults of the submission, what went back, and the faults after the officer repaired it."""
    place = context(**known)
    faults = faults_of(check_file(content, name, dataset, place))
    back = mark_faults(content, faults, dataset, context=place, name=name)
    officer = Officer(back)
    again = officer.repair()
    left = faults_of(check_file(again, "kembali.xlsx", as_received(dataset, again), place))
    return faults, back, left, officer


def is_accepted(faults: pd.DataFrame) -> bool:
    return bool(faults["action"].eq("fixed").all())


# --- sums between rows, whole columns ----------------------------------------------------------


def monthly_rows(period: str = "2024-08") -> list[list[Any]]:
    """The regency, its kecamatan, each with cases, money, a share and no reporter."""
    districts = list(TREE.districts)
    rows: list[list[Any]] = [
        [d.code, period, 10 + at, 4_000_000 + at, 60.5 + at, ""] for at, d in enumerate(districts)
    ]
    return [[TREE.root.code, period, sum(row[2] for row in rows), 90_000_000, 70.5, ""], *rows]


def test_sums_between_regions_and_along_the_year_are_brought_right() -> None:
    dataset = planted.monthly()
    rows = monthly_rows()
    rows[0][2] += 7
    earlier = [[row[0], "2024-07", row[2], row[3], row[4], ""] for row in monthly_rows()[1:3]]
    earlier[0][3] = 5_000_000
    content = one_sheet(titles_of(dataset), [*rows, *earlier])
    faults, back, left, _ = round_trip(content, "a.xlsx", dataset, expected_period="")
    assert {"children_sum", "never_falls"} <= set(faults["check"])
    assert is_accepted(left)
    sheet = load_workbook(io.BytesIO(back))["Lembar"]
    assert sheet["C2"].comment.text.endswith(f"{LABEL} [ISI] contoh {rows[0][2] - 7}")
    assert sheet["D3"].comment.text.endswith(f"{LABEL} [ISI] contoh 5000000")


def test_a_column_in_another_scale_is_told_at_its_header() -> None:
    dataset = planted.monthly()
    rows = monthly_rows()
    last = pd.DataFrame(
        {"region_code": [r[0] for r in rows], "period": "2024-07", "cases": [r[2] for r in rows],
         "spent": [float(r[3]) - 1000 for r in rows], "share": [float(r[4]) for r in rows]}
    )  # fmt: skip
    sent = [[*row[:3], row[3] / 1000, *row[4:]] for row in rows]
    faults, back, left, _ = round_trip(
        one_sheet(titles_of(dataset), sent), "a.xlsx", dataset, expected_period="2024-08", last=last
    )
    assert "column_rescaled" in set(faults["check"])
    note = load_workbook(io.BytesIO(back))["Lembar"]["D1"].comment.text
    assert note.endswith(f"{LABEL} [KALIKAN KOLOM] 1000")
    assert is_accepted(left)


def test_shares_of_one_become_percentages() -> None:
    dataset = planted.monthly()
    sent = [[*row[:4], round(row[4] / 100, 4), ""] for row in monthly_rows()]
    faults, _, left, _ = round_trip(
        one_sheet(titles_of(dataset), sent), "a.xlsx", dataset, expected_period="2024-08"
    )
    assert "share_as_fraction" in set(faults["check"])
    assert left.empty


def test_one_share_alone_is_given_both_readings() -> None:
    dataset = planted.monthly()
    rows = monthly_rows()[:2]
    rows[0][4], rows[1][4] = 0.5, ""
    faults, back, left, _ = round_trip(
        one_sheet(titles_of(dataset), rows), "a.xlsx", dataset, expected_period="2024-08"
    )
    assert "share_ambiguous" in set(faults["check"])
    assert '[PILIH] 50 | "0.5 %"' in load_workbook(io.BytesIO(back))["Lembar"]["E2"].comment.text
    assert is_accepted(left)


def test_a_title_of_another_period_is_told_where_it_stands() -> None:
    dataset = planted.monthly()
    header = [title for title in titles_of(dataset) if title != "Periode"]
    rows = [[row[0], *row[2:]] for row in monthly_rows()]
    content = one_sheet(header, rows, ["LAPORAN TAHUN 2022"])
    faults, back, left, _ = round_trip(content, "a.xlsx", dataset, expected_period="2024")
    assert "wrong_period" in set(faults["check"])
    assert load_workbook(io.BytesIO(back))["Lembar"]["A1"].comment.text.endswith(
        f'{LABEL} "LAPORAN TAHUN 2024"'
    )
    assert is_accepted(left)


def test_last_year_s_figures_again_are_sent_back_without_a_repair() -> None:
    dataset = planted.monthly()
    rows = monthly_rows()
    last = pd.DataFrame({"region_code": [r[0] for r in rows], "period": "2024-07", "cases": [r[2] for r in rows],
                         "spent": [float(r[3]) for r in rows], "share": [float(r[4]) for r in rows]})  # fmt: skip
    faults, _, left, officer = round_trip(
        one_sheet(titles_of(dataset), rows), "a.xlsx", dataset, expected_period="2024-08", last=last
    )
    assert "same_as_last" in set(faults["check"])
    assert not is_accepted(left)
    assert officer.undone == ["Lembar: Semua angka sama dengan periode terakhir yang diterima"]


# --- texts with two readings, names ------------------------------------------------------------


def changed_services(changes: dict[int, dict[str, Any]], count: int = 20) -> bytes:
    dataset = planted.services()
    rows = services_rows(count)
    for at, change in changes.items():
        rows[at].update(change)
    return one_sheet(titles_of(dataset), [list(row.values()) for row in rows])


def test_a_number_and_a_day_with_two_readings_offer_both() -> None:
    every: dict[int, dict[str, Any]] = {
        at: {"distance": "", "opened": "", "coverage": 60 + at} for at in range(20)
    }
    every[4] |= {"distance": "1.234"}
    every[5] |= {"opened": "03/04/2019"}
    faults, back, left, _ = round_trip(changed_services(every), "a.xlsx", planted.services())
    assert {"number_ambiguous", "date_ambiguous"} <= set(faults["check"])
    sheet = load_workbook(io.BytesIO(back))["Lembar"]
    assert sheet["M6"].comment.text.endswith(f"{LABEL} [PILIH] 1234 | 1.234")
    assert sheet["P7"].comment.text.endswith(f"{LABEL} [PILIH] 2019-04-03 | 2019-03-04")
    assert is_accepted(left)


def test_names_of_regions_and_agencies_come_back_as_codes_or_official_names() -> None:
    villages = [region for region in TREE if region.level in ("desa", "kel")]
    names = [region.name for region in villages]
    twice = next(r for r in villages if names.count(r.name) > 1)
    elsewhere = next(r for r in reversed(villages) if names.count(r.name) == 1)
    rows = services_rows(20)
    changes: dict[int, dict[str, Any]] = {
        3: {"region_code": "", "district_name": TREE.root.name, "village_name": twice.name},
        4: {"region_code": "", "district_name": rows[4]["district_name"]},
        5: {"region_code": "", "district_name": rows[5]["district_name"], "village_name": elsewhere.name},
        6: {"region_code": "", "district_name": "Kecamatan Antah"},
        7: {"district_name": rows[7]["district_name"], "agency_code": "Dinas Pendidkan"},
        8: {"agency_code": "DINAS PENDIDIKAN"},
        9: {"region_code": TREE.get(rows[9]["region_code"]).bps_code},
        10: {"village_name": rows[10]["village_name"] + "x"},
    }
    faults, _, left, _ = round_trip(changed_services(changes), "a.xlsx", planted.services())
    assert {"region_elsewhere", "region_unknown", "agency_nearly", "agency_spelling"} <= set(faults["check"])
    assert set(faults["check"]) & {"region_ambiguous", "region_nearly"}
    assert is_accepted(left)


# --- other formats -----------------------------------------------------------------------------


@pytest.mark.parametrize(("separator", "encoding"), [(";", "cp1252"), (",", "utf-8-sig"), ("\t", "utf-8")])
def test_a_text_file_comes_back_as_a_workbook_and_passes(separator: str, encoding: str) -> None:
    dataset = planted.services()
    rows = [
        [one.isoformat() if isinstance(one, date) else one for one in row.values()]
        for row in services_rows(20)
    ]
    rows[2][dataset_index("households")] = "banyak"
    rows[3][dataset_index("cost")] = "25.030.000,5"
    rows[4].append("kelebihan")
    rows[5][dataset_index("source")] = "Dinas – é"
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerows([titles_of(dataset), *rows])
    faults, back, left, _ = round_trip(buffer.getvalue().encode(encoding), "layanan desa.csv", dataset)
    assert {"number_unreadable", "decimal_comma", "ragged_row"} <= set(faults["check"])
    sheet = load_workbook(io.BytesIO(back))["layanan desa"]
    assert sheet["I2"].value == 400
    assert sheet["G4"].value == "banyak"
    assert sheet["V6"].comment.text.endswith("[KOSONGKAN]")
    assert left.empty


def dataset_index(name: str) -> int:
    return list(services_rows(1)[0]).index(name)


def test_a_formula_stays_one_with_its_last_result() -> None:
    dataset = planted.services()
    rows = [list(row.values()) for row in services_rows(12)]
    rows[3][dataset_index("source")] = ""
    workbook = load_workbook(io.BytesIO(one_sheet(titles_of(dataset), rows)))
    workbook["Lembar"]["K2"] = "=I2+J2"
    content = to_bytes(workbook, {"Lembar": {"K2": 700}})
    faults, back, _, _ = round_trip(content, "a.xlsx", dataset)
    assert list(faults["check"]) == ["required"]
    assert load_workbook(io.BytesIO(back))["Lembar"]["K2"].value == "=I2+J2"
    assert load_workbook(io.BytesIO(back), data_only=True)["Lembar"]["K2"].value == 700


def test_text_never_becomes_a_formula() -> None:
    dataset = planted.services()
    rows = [list(row.values()) for row in services_rows(12)]
    rows[1][dataset_index("note")] = "=2+5"
    buffer = io.StringIO()
    csv.writer(buffer).writerows([titles_of(dataset), *rows])
    _, back, _, _ = round_trip(buffer.getvalue().encode(), "a.csv", dataset)
    cell = load_workbook(io.BytesIO(back))["a"].cell(3, dataset_index("note") + 1)
    assert (cell.value, cell.data_type) == ("=2+5", "s")


# --- persons -----------------------------------------------------------------------------------


def test_a_column_of_persons_is_emptied_and_asked_for_again() -> None:
    dataset = planted.monthly()
    rows = monthly_rows()
    for row in rows:
        row[5] = planted.NIK
    rows[3][2] = "tiga"
    faults, back, _, _ = round_trip(
        one_sheet(titles_of(dataset), rows), "a.xlsx", dataset, expected_period="2024-08"
    )
    assert "number_unreadable" in set(faults["check"])
    sheet = load_workbook(io.BytesIO(back))["Lembar"]
    assert [row[5].value for row in sheet.iter_rows(min_row=2)] == [None] * len(rows)
    assert "telah dikosongkan" in sheet["F1"].comment.text


def test_numbers_of_persons_go_wherever_they_stood() -> None:
    dataset = planted.services()
    workbook = Workbook()
    sheet = as_sheet(
        workbook, "Lembar", [*titles_of(dataset), "NIK"],
        [[*row.values(), int("9" + planted.NIK[1:])] for row in services_rows(12)], [f"Petugas {planted.PHONE}"],
    )  # fmt: skip
    sheet.oddFooter.left.text = f"NIK {planted.NIK}"
    workbook["Sheet"]["B2"] = f"catatan {planted.NIK}"
    workbook.properties.title = f"milik {planted.NIK}"
    _, back, left, _ = round_trip(saved(workbook), f"data {planted.NIK}.xlsx", dataset)
    assert is_accepted(left)
    with zipfile.ZipFile(io.BytesIO(back)) as archive:
        text = "".join(archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist())
    assert planted.NIK not in text
    assert "9" + planted.NIK[1:] not in text
    assert planted.PHONE not in text
