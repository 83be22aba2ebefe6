"""Bars rank only what is known; a whole adds up; nothing unknown or hidden is drawn as a value."""

# ruff: noqa: S314  these read drawings the library itself has just made

from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from command_center.charts import (
    ChartError,
    Figure,
    Part,
    bars_by_region,
    composition,
    figure_html,
    legend_html,
)
from command_center.locale import Locale
from command_center.theme import colours

SVG = "{http://www.w3.org/2000/svg}"
INDONESIAN = Locale("id")
NAMES = {"1": "Utara", "2": "Selatan", "3": "Timur", "4": "Barat"}


def drawn(frame: pd.DataFrame, **settings: object) -> Figure:
    return bars_by_region(
        frame,
        **{"locale": INDONESIAN, "title": "Judul", "names": NAMES, "unit": "%", "decimals": 1, **settings},  # type: ignore[arg-type]
    )


def regions(values: list[float | None], **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"region_code": [str(i + 1) for i in range(len(values))], "value": values}).assign(
        **columns
    )


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_regions_are_sorted_and_those_without_a_value_come_last() -> None:
    figure = drawn(regions([64.0, None, 81.5, 70.0]))
    assert [row[0] for row in figure.table.rows] == ["Timur", "Barat", "Utara", "Selatan"]
    assert figure.table.rows[3] == ("Selatan", "belum ada data")
    assert figure.description == (
        "Batang 3 wilayah: tertinggi 81,5% (Timur), terendah 64,0% (Utara). Belum ada data untuk Selatan."
    )


def test_a_rank_is_a_span_and_an_interval_is_drawn_and_told() -> None:
    figure = drawn(
        regions(
            [64.0, 81.5, 80.0],
            interval_low=[60.0, 78.0, 77.0],
            interval_high=[68.0, 84.6, 83.0],
            rank_low=[3, 1, 1],
            rank_high=[3, 2, 2],
        )
    )
    assert [column.heading for column in figure.table.columns][2:] == [
        "Selang (95%)",
        "Peringkat (1 terbaik)",
    ]
    assert [row[2:] for row in figure.table.rows] == [
        ("78,0–84,6%", "1–2"), ("77,0–83,0%", "1–2"), ("60,0–68,0%", "3"),
    ]  # fmt: skip
    assert "tidak dapat dibedakan" in figure.notes[0]
    alike = drawn(regions([1.0, 2.0], interval_low=0, interval_high=9, rank_low=1, rank_high=2))
    assert {row[3] for row in alike.table.rows} == {"tidak dapat dibedakan"}


def test_what_is_not_comparable_stands_last_in_grey_with_word_and_shape_and_is_no_extreme() -> None:
    figure = drawn(regions([95.0, 64.0, None, 70.0], status=["not_comparable", "watch", "no_data", "good"]))
    assert [row[0] for row in figure.table.rows] == ["Barat", "Selatan", "Utara", "Timur"]
    assert "tertinggi 70,0% (Barat)" in figure.description
    assert "△ Tidak dapat dibandingkan, tanpa peringkat: Utara." in figure.description
    assert "△" in texts(figure.svg)
    assert colours.LINE in figure.svg
    assert {row[0]: row[-1] for row in figure.table.rows}["Utara"] == "Tidak dapat dibandingkan"


def test_what_is_unknown_is_hatched_and_said_in_the_drawing() -> None:
    assert "pattern" in drawn(regions([64.0, None])).svg
    assert "belum ada data" in texts(drawn(regions([64.0, None])).svg)
    assert "pattern" not in drawn(regions([64.0, 65.0])).svg


def test_a_suppressed_region_shows_neither_value_nor_count_nor_status() -> None:
    frame = regions([64.0, 33.3], suppressed=[False, True], n=[90, 3], status=["watch", "critical"])
    figure = drawn(frame)
    html = figure_html(figure, INDONESIAN)
    assert "33,3" not in html
    assert "Kritis" not in html
    assert figure.table.rows[1] == ("Selatan", "disembunyikan, jumlah kecil", "–", "–")
    assert "Selatan" in figure.description


def test_the_focus_stands_out_and_the_others_step_back() -> None:
    fills = [
        box.get("fill") for box in ET.fromstring(drawn(regions([1.0, 2.0]), focus="1").svg).iter(f"{SVG}path")
    ]
    assert fills.count(colours.INK) == 1
    assert fills.count(colours.REALISED_OTHER) == 1


def test_a_status_has_its_shape_beside_the_name_and_its_word_in_the_table() -> None:
    figure = drawn(regions([81.0, 60.0], status=["good", "critical"]))
    assert {"●", "■"} <= set(texts(figure.svg))
    assert [row[-1] for row in figure.table.rows] == ["Aman", "Kritis"]


def test_one_target_for_all_is_one_labelled_rule() -> None:
    figure = drawn(regions([81.0, 60.0], target=80.0))
    assert "sasaran 80%" in texts(figure.svg)
    assert "Sasaran 80%." in figure.description


def test_a_threshold_that_is_tried_out_is_never_called_a_target() -> None:
    figure = drawn(regions([81.0, 60.0], target=80.0), is_what_if=True)
    assert "ambang pengandaian 80%" in texts(figure.svg)
    assert "Ambang pengandaian 80%." in figure.description
    assert figure.table.columns[-1].heading == "Ambang pengandaian"


def test_targets_that_differ_are_explained_strokes() -> None:
    figure = drawn(regions([81.0, 60.0], target=[80.0, 70.0]))
    assert not any("sasaran" in text for text in texts(figure.svg))
    assert "sasaran wilayah itu sendiri" in " ".join(figure.notes)
    assert figure.table.rows[0] == ("Utara", "81,0%", "80%")


def test_a_year_earlier_is_lighter_and_in_the_table() -> None:
    figure = drawn(regions([81.0, 60.0], previous_value=[70.0, None]))
    assert colours.LAST_YEAR in figure.svg
    assert figure.table.rows == (("Utara", "81,0%", "70,0%"), ("Selatan", "60,0%", "–"))


def test_too_many_regions_are_refused_for_a_map() -> None:
    names = {str(i): f"R{i}" for i in range(26)}
    frame = pd.DataFrame({"region_code": list(names), "value": 1.0})
    with pytest.raises(ChartError, match="map"):
        drawn(frame, names=names)
    assert drawn(frame.head(25), names=names).svg


def test_a_region_twice_or_without_a_name_is_refused() -> None:
    with pytest.raises(ChartError, match="More than one value for region 1"):
        drawn(pd.DataFrame({"region_code": ["1", "1"], "value": [1.0, 2.0]}))
    with pytest.raises(ChartError, match="No name was given for region 9"):
        drawn(pd.DataFrame({"region_code": ["9"], "value": [1.0]}))


@pytest.mark.parametrize("values", [[0.0, 0.0], [-5.0, 5.0], [-5.0, -1.0], [None, 4.0]])
def test_zeros_and_negative_values_are_drawn(values: list[float | None]) -> None:
    svg = drawn(regions(values)).svg
    assert svg
    assert "NaN" not in svg


def test_regions_without_any_value_have_a_table_and_no_drawing() -> None:
    figure = drawn(regions([None, None]))
    assert figure.svg == ""
    assert figure.description == "Belum ada data untuk Selatan dan Utara."


def test_shares_are_of_the_known_parts_and_an_unknown_part_is_listed() -> None:
    parts = [Part("Baik", 30.0, "good"), Part("Rusak", 10.0, "bad"), Part("Belum disurvei", None, "unknown")]
    figure = composition(parts, locale=INDONESIAN, title="Judul", unit="km", decimals=1)
    assert figure.table.rows == (
        ("Baik", "30,0 km", "75,0%"),
        ("Rusak", "10,0 km", "25,0%"),
        ("Belum disurvei", "belum ada data", "–"),
    )
    assert figure.description == (
        "Dari 40,0 km: Baik 30,0 km (75,0%); Rusak 10,0 km (25,0%); Belum disurvei belum ada data."
    )
    assert {"75%", "25%"} <= set(texts(figure.svg))


def test_a_surveyed_unknown_part_is_hatched_in_bar_and_legend() -> None:
    parts = [Part("Baik", 30.0, "good"), Part("Belum disurvei", 10.0, "unknown")]
    figure = composition(parts, locale=INDONESIAN, title="Judul", unit="km")
    assert "pattern" in figure.svg
    assert "cc-hatched" in legend_html(figure.legend)


def test_a_part_too_thin_for_its_label_keeps_it_in_the_legend() -> None:
    parts = [Part("Baik", 99.0, "good"), Part("Rusak", 1.0, "bad")]
    figure = composition(parts, locale=INDONESIAN, title="Judul", unit="km")
    assert "1%" not in texts(figure.svg)
    assert "1,0%" in legend_html(figure.legend)


def test_negative_parts_are_refused_and_an_empty_whole_is_not_drawn() -> None:
    with pytest.raises(ChartError, match="negative"):
        composition([Part("Baik", -1.0, "good")], locale=INDONESIAN, title="Judul")
    assert composition([Part("Baik", None, "good")], locale=INDONESIAN, title="Judul").svg == ""
