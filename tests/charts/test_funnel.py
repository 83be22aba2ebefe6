"""A funnel plot ranks nobody, names what chance does not explain, and says in words and a table what it draws."""

# ruff: noqa: S314  these read drawings the library itself has just made

from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from command_center.charts import ChartError, Figure, FunnelLines, figure_html, funnel_plot
from command_center.locale import Locale
from tests.charts.conftest import NAMES, SHARES

SVG = "{http://www.w3.org/2000/svg}"
LINES = FunnelLines(
    [50.0, 100.0, 400.0],
    {0.95: ([3.0, 5.0, 7.0], [19.0, 16.0, 13.0]), 0.998: ([0.0, 2.0, 6.0], [25.0, 20.0, 15.0])},
)


def drawn(frame: pd.DataFrame = SHARES, **settings: object) -> Figure:
    return funnel_plot(
        frame,
        **{
            "share": 10.0,
            "lines": LINES,
            "locale": Locale("id"),
            "title": "Judul",
            "names": NAMES,
            **settings,
        },  # type: ignore[arg-type]
    )


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_only_the_region_beyond_the_outer_limits_is_named_in_the_drawing() -> None:
    for svg in (drawn().svg, drawn().narrow_svg):
        assert "Selatan" in texts(svg)
        assert not {"Utara", "Timur"} & set(texts(svg))
        assert {"95%", "99,8%", "10,0%"} <= set(texts(svg))


def test_the_region_of_the_page_is_named_wherever_it_lies() -> None:
    assert "Utara" in texts(drawn(focus="99.01.01").svg)


def test_words_say_who_lies_outside_and_that_the_others_cannot_be_told_apart() -> None:
    assert drawn(apart=["Barat"]).description == (
        "Diagram corong 3 wilayah di sekitar 10,0%. Di luar batas 99,8 persen: Selatan 22,0%. "
        "1 lagi di luar batas 95 persen; satu dari dua puluh begitu karena kebetulan. "
        "Yang lain tidak dapat dibedakan. Tidak dapat dibandingkan dan tidak digambar: Barat."
    )
    none = drawn(SHARES.assign(beyond=0.0))
    assert "Tidak ada wilayah di luar batas 99,8 persen." in none.description


def test_the_table_holds_number_interval_and_what_may_be_said() -> None:
    table = drawn().table
    assert [column.heading for column in table.columns] == [
        "Wilayah", "n", "Nilai", "Selang (95%)", "Terhadap kebetulan",
    ]  # fmt: skip
    assert table.rows == (
        ("Selatan", "200", "22,0%", "16,8–28,2%", "di atas batas 99,8%"),
        ("Utara", "100", "9,0%", "4,8–16,2%", "tidak dapat dibedakan"),
        ("Timur", "380", "6,5%", "4,4–9,4%", "di bawah batas 95%"),
    )


def test_every_group_has_a_shape_a_word_and_a_count() -> None:
    legend = drawn().legend
    assert [(item.shape, item.detail) for item in legend] == [
        ("●", "1 wilayah"), ("◆", "1 wilayah"), ("■", "1 wilayah"),
    ]  # fmt: skip
    assert len({item.colour for item in legend}) == 3
    assert "△ Tidak dapat dibandingkan" in figure_html(drawn(apart=["Barat"]), Locale("id"))


def test_how_many_are_hidden_is_told() -> None:
    assert "⊘ 11 wilayah disembunyikan (jumlah kecil) dan tidak digambar." in drawn(hidden=11).notes
    assert not [note for note in drawn().notes if "⊘" in note]


def test_all_marks_of_three_hundred_regions_are_drawn() -> None:
    many = pd.concat([SHARES.iloc[[0]]] * 295, ignore_index=True)
    many["region_code"] = [f"9.{number}" for number in range(295)]
    names = {code: f"Desa {code}" for code in many["region_code"]}
    svg = ET.fromstring(drawn(many, names=names).svg)
    assert len(list(svg.iter(f"{SVG}path"))) >= 295


def test_a_region_without_a_name_is_refused() -> None:
    with pytest.raises(ChartError, match=r"99\.01\.01"):
        drawn(names={})
