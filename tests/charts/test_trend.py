"""A trend joins nothing that does not belong together and says the numbers it draws."""

# ruff: noqa: S314  these read drawings the library itself has just made

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from command_center.charts import ChartError, Figure, figure_html, sparkline, trend
from command_center.locale import Locale
from command_center.theme import colours

SVG = "{http://www.w3.org/2000/svg}"
INDONESIAN, ENGLISH = Locale("id"), Locale("en")
TWO_METHODS = pd.DataFrame(
    {
        "period": ["2022", "2023", "2022", "2023", "2024"],
        "value": [25.8, 21.2, 7.4, 6.5, 5.94],
        "method": ["survey", "survey", "routine", "routine", "routine"],
    }
)


def drawn(frame: pd.DataFrame, **settings: object) -> Figure:
    return trend(frame, **{"locale": INDONESIAN, "title": "Judul", "unit": "%", "decimals": 2, **settings})  # type: ignore[arg-type]


def paths(figure: Figure, colour: str) -> list[ET.Element]:
    root = ET.fromstring(figure.svg)
    return [
        path for path in root.iter(f"{SVG}path") if path.get("stroke") == colour and path.get("fill") is None
    ]


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def series(values: list[float | None], first_year: int = 2020) -> pd.DataFrame:
    return pd.DataFrame({"period": [str(first_year + i) for i in range(len(values))], "value": values})


def test_the_description_runs_from_first_to_last_with_the_extremes() -> None:
    frame = series([11.96, 12.39, 11.53, 11.49, 11.42, 10.58])
    assert drawn(frame).description == (
        "Garis dari 11,96% (2020) ke 10,58% (2025); terendah 10,58% (2025), tertinggi 12,39% (2021)."
    )
    assert drawn(frame, locale=ENGLISH).description == (
        "The line runs from 11.96% (2020) to 10.58% (2025); lowest 10.58% (2025), highest 12.39% (2021)."
    )


def test_conflicting_methods_are_two_lines_and_the_reader_is_told() -> None:
    figure = drawn(TWO_METHODS, method_labels={"survey": "survei", "routine": "rutin"})
    assert [len(paths(figure, colour)) for colour in colours.METHODS[:3]] == [1, 1, 0]
    assert "tidak disambung" in " ".join(figure.notes)
    assert {"survei", "rutin"} <= set(texts(figure.svg))
    assert [column.heading for column in figure.table.columns] == ["Periode", "survei", "rutin"]
    assert figure.table.rows[0] == ("2022", "25,80%", "7,40%")
    assert figure.table.rows[2] == ("2024", "–", "5,94%")


def test_a_missing_year_breaks_the_line_and_is_said() -> None:
    whole, broken = drawn(series([1.0, 2.0, 3.0, 4.0])), drawn(series([1.0, None, 3.0, 4.0]))
    assert paths(whole, colours.INK)[0].attrib["d"].count("M") == 1
    assert paths(broken, colours.INK)[0].attrib["d"].count("M") == 2
    assert "Belum ada data untuk 2021." in broken.description
    assert broken.table.rows[1] == ("2021", "belum ada data")
    assert "pattern" in broken.svg
    assert "pattern" not in whole.svg


def test_years_without_a_row_keep_their_room_on_the_axis() -> None:
    frame = pd.DataFrame({"period": ["2018", "2019", "2025"], "value": [1.0, 2.0, 3.0]})
    x = [
        float(number)
        for number in re.findall(r"[ML](-?[\d.]+),", paths(drawn(frame), colours.INK)[0].attrib["d"])
    ]
    assert (x[2] - x[1]) / (x[1] - x[0]) == pytest.approx(6, rel=0.02)


def test_a_suppressed_value_is_nowhere_in_the_figure() -> None:
    frame = series([61.25, 62.75, 63.5]).assign(suppressed=[False, True, False])
    html = figure_html(drawn(frame), INDONESIAN)
    assert "63,50" in html
    assert "62,75" not in html


def test_the_target_is_dashed_labelled_and_in_the_table() -> None:
    frame = series([12.0, 11.0]).assign(target=[None, 9.5])
    figure = drawn(frame)
    assert "sasaran 9,5%" in texts(figure.svg)
    assert any(path.get("stroke-dasharray") == "5,3" for path in paths(figure, colours.TARGET))
    assert figure.table.rows == (("2020", "12,00%", "–"), ("2021", "11,00%", "9,5%"))
    assert "Sasaran 9,5% (2021)." in figure.description


def test_a_threshold_that_is_tried_out_is_never_called_a_target() -> None:
    figure = drawn(series([12.0, 11.0]).assign(target=9.5), is_what_if=True)
    assert "ambang pengandaian 9,5%" in texts(figure.svg)
    assert "Ambang pengandaian 9,5%." in figure.description
    assert figure.table.columns[-1].heading == "Ambang pengandaian"
    assert "asaran" not in figure_html(figure, INDONESIAN)


def test_last_year_is_lighter_and_lies_under_this_year() -> None:
    months = [f"-{month:02d}" for month in (1, 2, 3)]
    this = pd.DataFrame({"period": [f"2025{month}" for month in months], "value": [1.0, 4.0, 9.0]})
    last = pd.DataFrame({"period": [f"2024{month}" for month in months], "value": [2.0, 5.0, 11.0]})
    figure = drawn(this, last_year=last)
    first_x = [
        re.findall(r"M(-?[\d.]+),", paths(figure, c)[0].attrib["d"])[0]
        for c in (colours.INK, colours.LAST_YEAR)
    ]
    assert float(first_x[0]) == pytest.approx(float(first_x[1]), abs=1.5)
    assert "2024" in texts(figure.svg)
    assert ("Januari 2024", "2,00%") in figure.table.rows


def test_a_forecast_is_hatched_dotted_and_called_so() -> None:
    frame = series([1.0, 2.0, 3.0]).assign(is_forecast=[False, False, True])
    figure = drawn(frame)
    assert any(path.get("stroke-dasharray") == "2,3" for path in paths(figure, colours.INK))
    assert "pattern" in figure.svg
    assert "perkiraan" in texts(figure.svg)
    assert figure.table.rows[2] == ("2022", "3,00% (perkiraan)")


def test_the_number_of_observations_stands_under_its_period() -> None:
    figure = drawn(series([1.0, 2.0]).assign(n=[1250, 30]))
    assert {"n=1.250", "n=30"} <= set(texts(figure.svg))
    assert figure.table.rows[0] == ("2020", "1,00%", "1.250")


def test_an_axis_that_leaves_zero_out_says_so() -> None:
    assert drawn(series([10.0, 11.0])).notes == ("Sumbu tidak mulai dari nol.",)
    assert drawn(series([1.0, 11.0])).notes == ()


@pytest.mark.parametrize("values", [[], [5.0], [5.0, None]])
def test_one_figure_is_not_a_trend(values: list[float | None]) -> None:
    figure = drawn(series(values)) if values else drawn(pd.DataFrame({"period": [], "value": []}))
    assert figure.svg == ""
    assert "deret belum ada" in figure_html(figure, INDONESIAN)


def test_two_methods_of_one_figure_each_are_still_shown_apart() -> None:
    frame = pd.DataFrame({"period": ["2023", "2024"], "value": [21.2, 5.94], "method": ["survei", "rutin"]})
    figure = drawn(frame)
    assert figure.svg
    assert paths(figure, colours.METHODS[1])[0].attrib["d"].count("L") == 0
    assert figure.description == (
        "Baru satu angka menurut survei: 21,20% (2023). Baru satu angka menurut rutin: 5,94% (2024)."
    )


def test_two_values_of_one_method_in_one_period_are_refused() -> None:
    with pytest.raises(ChartError, match="2024"):
        drawn(pd.DataFrame({"period": ["2024", "2024"], "value": [1.0, 2.0]}))


def test_more_methods_than_can_be_told_apart_are_refused() -> None:
    frame = pd.DataFrame({"period": "2024", "value": range(5), "method": list("abcde")})
    with pytest.raises(ChartError, match="at most 4"):
        drawn(frame)


def test_a_frame_without_periods_is_refused_by_the_column_it_lacks() -> None:
    with pytest.raises(ChartError, match="period"):
        drawn(pd.DataFrame({"value": [1.0]}))


@pytest.mark.parametrize(
    "frame",
    [
        series([0.0, 0.0, 0.0]),
        series([5.0, 5.0]),
        series([-3.0, 4.0]),
        series([99.9, 100.0]),
        series([1e-3, 2e-3]),
        pd.DataFrame({"period": ["2024", "2024-S1", "2024-Q1"], "value": [1.0, 2.0, 3.0]}),
    ],
)
def test_flat_negative_tiny_and_mixed_series_are_drawn(frame: pd.DataFrame) -> None:
    figure = drawn(frame)
    assert "NaN" not in figure.svg
    assert "nan" not in figure.svg.replace("nama", "")
    assert figure.narrow_svg


def test_rupiah_reads_the_same_on_axis_label_and_table() -> None:
    figure = drawn(series([2.21e11, 4.4568e11]), unit="Rp", decimals=None)
    assert "Rp445,68 miliar" in texts(figure.svg)
    assert any(text.startswith("Rp") and "miliar" in text for text in texts(figure.svg))
    assert figure.table.rows[1] == ("2021", "Rp445,68 miliar")


def test_a_sparkline_has_no_text_and_needs_two_points_in_time() -> None:
    figure = sparkline(series([1.0, 2.0]), locale=INDONESIAN, title="Deret")
    assert texts(figure.svg) == []
    assert "Garis dari 1 (2020) ke 2 (2021)" in figure.description
    assert sparkline(series([1.0]), locale=INDONESIAN, title="Deret").svg == ""


def test_a_sparkline_keeps_methods_apart() -> None:
    root = ET.fromstring(sparkline(TWO_METHODS, locale=INDONESIAN, title="Deret").svg)
    strokes = [path.get("stroke") for path in root.iter(f"{SVG}path") if path.get("fill") is None]
    assert strokes == list(colours.METHODS[:2])


def test_each_figure_has_the_decimals_it_was_printed_with() -> None:
    frame = pd.DataFrame({"period": ["2019", "2022"], "value": [60.26973, 67.0], "decimals": [2, 0]})
    figure = drawn(frame)
    assert {"60,27%", "67%"} <= set(texts(figure.svg))
    assert [row[1] for row in figure.table.rows] == ["60,27%", "67%"]
    assert "67,00" not in figure.svg + figure.description


def test_a_target_of_one_year_says_so_and_stands_in_its_own_row() -> None:
    figure = drawn(series([91.0, 97.35]), target_of_year=(2025, 95.0))
    assert "sasaran 95% pada 2025" in texts(figure.svg)
    assert figure.table.rows == (("2020", "91,00%", "–"), ("2021", "97,35%", "–"), ("2025", "–", "95%"))


def test_labels_of_four_methods_do_not_touch() -> None:
    name = "Nama cara hitung yang panjang sekali"
    frame = pd.DataFrame(
        {
            "period": ["2020", "2021", "2022", "2023", "2020", "2021", "2022", "2023"],
            "value": [10.0, 10.1, 10.2, 10.3, 10.05, 10.15, 10.25, 10.35],
            "method": [*"aabbccdd"],
        }
    )
    figure = drawn(frame, method_labels={code: f"{name} {code}" for code in "abcd"})
    for svg in (figure.svg, figure.narrow_svg):
        strong = [text for text in ET.fromstring(svg).iter(f"{SVG}text") if text.get("font-size") == "13px"]
        tops = sorted(
            float(re.search(r"translate\([\d.]+,([\d.]+)\)", str(one.get("transform")))[1]) for one in strong
        )  # type: ignore[index]
        assert len(tops) == 4
        # A value and at least one line of its name, 15 pixels each.
        assert min(later - earlier for earlier, later in pairwise(tops)) >= 30
