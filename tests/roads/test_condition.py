"""Condition of segments: every edge of the rule, from a table written from the rule's text and not from the code."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from command_center.cli.app import app
from command_center.roads.condition import column_of, ikp_class, judge
from command_center.roads.lengths import condition_trend, lengths_by_class, treatment_costs
from command_center.roads.parameters import load_parameters
from command_center.roads.surveys import read_survey
from command_center.settings import load_settings

TABLE = Path(__file__).with_name("sdi_expectations.csv")
PARAMETERS = load_parameters(load_settings())


def expectations() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def survey_csv(rows: list[dict[str, str]]) -> bytes:
    buffer = io.StringIO()
    names = ["tipe_perkerasan", "luas_retak_pct", "lebar_retak_mm", "jumlah_lubang", "bekas_roda_cm", "iri"]
    writer = csv.writer(buffer)
    writer.writerow(["nomor_ruas", "sta_awal_m", "sta_akhir_m", *names, "kondisi"])
    for number, row in enumerate(rows):
        writer.writerow(
            [f"{number:03d}", 0, row["panjang_m"], *(row[name] for name in names), row["kondisi_dilihat"]]
        )
    return buffer.getvalue().encode()


def test_the_table_has_two_hundred_rows_and_both_lengths() -> None:
    rows = expectations()
    assert len(rows) == 200
    assert {row["panjang_m"] for row in rows} >= {"100", "200"}


def test_classify_gives_what_the_table_expects(tmp_path: Path) -> None:
    """Through the command, in order: the 200 expectations."""
    rows = expectations()
    file = tmp_path / "survey.csv"
    file.write_bytes(survey_csv(rows))
    result = CliRunner().invoke(app, ["roads", "classify", str(file), "--json"])
    assert result.exit_code == 0, result.output
    segments = json.loads(result.stdout)["segments"]
    found = [
        (
            "" if one["sdi"] is None else f"{one['sdi']:g}",
            one["condition"],
            one["method"],
            one["treatment"] or "",
            "ya" if one["is_steady"] else "tidak",
        )
        for one in segments
    ]
    expected = [
        tuple(row[name] for name in ("sdi", "kondisi", "metode", "penanganan", "mantap")) for row in rows
    ]
    assert found == expected
    assert [one["nomor_ruas"] for one in segments] == [f"{at:03d}" for at in range(200)]


@pytest.mark.parametrize(
    ("crack", "width", "holes", "rut", "length", "sdi", "condition"),
    [
        (5, 1, 0, 0, 100, 5, "baik"),
        (12, 4, 0, 2, 100, 50, "sedang"),
        (35, 5, 6, 4, 100, 325, "rusak_berat"),
        (0, 0, 1, 0, 100, 75, "sedang"),
        (0, 0, 1, 0, 200, 15, "baik"),
    ],
)
def test_the_vectors_of_the_specification(crack, width, holes, rut, length, sdi, condition) -> None:
    row = {"crack_area_pct": crack, "crack_width_mm": width, "potholes": holes, "rut_depth_cm": rut}
    judged = judge(pd.DataFrame([{**row, "from_m": 0, "to_m": length}]), PARAMETERS.visual_index)
    assert judged.loc[0, ["sdi", "condition"]].tolist() == [sdi, condition]


def test_nobody_looked_is_a_class_of_its_own_and_never_steady() -> None:
    judged = judge(pd.DataFrame({"from_m": [0], "to_m": [100]}), PARAMETERS.visual_index)
    assert judged.iloc[0][["condition", "method", "is_steady"]].tolist() == ["belum_disurvei", "", False]
    assert pd.isna(judged.loc[0, "treatment"])


def test_the_index_of_rigid_roads_has_its_edges_on_the_better_side() -> None:
    values = np.array([100, 70, 69.9, 55, 54.9, 40, 39.9, np.nan])
    assert ikp_class(values, PARAMETERS.visual_index).tolist() == [0, 0, 1, 1, 2, 2, 3, -1]


def test_impossible_and_unreadable_values_are_named_and_leave_the_segment_unjudged() -> None:
    content = (
        b"nomor_ruas;sta_awal_m;sta_akhir_m;luas_retak_pct;lebar_retak_mm;jumlah_lubang;bekas_roda_cm\n"
        b"1;STA 0+000;0+100;120;1;0;0\n1;0+100;0+200;x;1;0;0\n1;0+300;0+200;5;1;0;0\n1;0+300;0+400;12,5;4;0;2\n"
    )
    survey = read_survey(content, "s.csv", PARAMETERS)
    told = [(fault.check, fault.row) for fault in survey.faults]
    assert told == [("unreadable_cell", 3), ("impossible_value", 2), ("segment_backwards", 4)]
    assert survey.segments["condition"].tolist() == ["belum_disurvei"] * 3 + ["sedang"]
    assert survey.segments["sdi"].iloc[3] == 50


def test_a_sent_sdi_that_differs_is_told_and_the_computed_one_stands() -> None:
    content = (
        b"nomor_ruas,sta_awal_m,sta_akhir_m,luas_retak_pct,lebar_retak_mm,jumlah_lubang,bekas_roda_cm,sdi\n"
        b"1,0,100,12,4,0,2,40\n1,100,200,,,,,120\n"
    )
    survey = read_survey(content, "s.csv", PARAMETERS)
    assert [fault.check for fault in survey.faults] == ["sdi_differs"]
    assert survey.segments["sdi"].tolist() == [50, 120]


def test_a_workbook_with_a_sheet_per_road_takes_the_number_from_its_title(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for code, step in (("017", 100), ("018", 200)):
        sheet = book.create_sheet(code)
        sheet.append(["SURVEI KONDISI JALAN"])
        sheet.append(["Nomor ruas", ":", code])
        sheet.append(
            [
                "STA awal",
                "STA akhir",
                "Luas retak (%)",
                "Lebar retak (mm)",
                "Jumlah lubang",
                "Bekas roda (cm)",
            ]
        )
        for at in range(2):
            sheet.append([f"0+{at * step:03d}", f"0+{(at + 1) * step:03d}", 0, 0, 1, 0])
    del book["Sheet"]
    book.save(tmp_path / "survei.xlsx")
    segments = read_survey((tmp_path / "survei.xlsx").read_bytes(), "survei.xlsx", PARAMETERS).segments
    assert segments["road_code"].tolist() == ["017", "017", "018", "018"]
    assert segments["sdi"].tolist() == [75, 75, 15, 15]


def test_surveys_of_two_segment_lengths_are_two_series_in_a_trend() -> None:
    content = b"nomor_ruas,sta_awal_m,sta_akhir_m,tgl_survei,jumlah_lubang,luas_retak_pct,bekas_roda_cm\n"
    for year, step in ((2023, 100), (2024, 200)):
        for begin in range(0, 1000, step):
            content += f"1,{begin},{begin + step},{year}-05-01,1,0,0\n".encode()
    trend = condition_trend(read_survey(content, "s.csv", PARAMETERS).segments)
    assert trend[["segment_m", "year"]].to_numpy().tolist() == [[100, 2023], [200, 2024]]
    assert trend["sedang"].tolist() == [1.0, 0.0]
    assert trend["baik"].tolist() == [0.0, 1.0]


def test_lengths_add_up_and_what_no_segment_covers_is_unsurveyed() -> None:
    segments = pd.DataFrame(
        {
            "road_code": ["1", "1"],
            "from_m": [0, 100],
            "to_m": [100, 200],
            "condition": ["baik", "rusak_berat"],
        }
    )
    table = lengths_by_class(segments, ["road_code"], pd.Series({"1": 0.3, "2": 1.0})).set_index("road_code")
    assert table.loc["1", ["baik", "rusak_berat", "belum_disurvei"]].round(9).tolist() == [0.1, 0.1, 0.1]
    assert table.loc["1", "steady_pct"] == pytest.approx(100 / 3)
    assert table.loc["2", "steady_pct"] == 0


def test_costs_carry_their_provenance() -> None:
    segments = pd.DataFrame({"from_m": [0, 0], "to_m": [500, 1000], "treatment": ["rekonstruksi", "rutin"]})
    costs = treatment_costs(segments, PARAMETERS).set_index("treatment")
    assert costs.loc["rekonstruksi", "cost_idr"] == 3_500_000_000
    assert costs.loc["rutin", "cost_idr"] == 50_000_000
    assert set(costs["provenance"]) == {"proposal"}


def test_a_column_that_is_not_there_is_missing() -> None:
    assert np.isnan(column_of(pd.DataFrame({"a": [1]}), "b")).all()
