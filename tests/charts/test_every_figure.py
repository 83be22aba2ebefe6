"""What holds for every figure: named, described, self-contained, script-free, escaped, with its table."""

# ruff: noqa: S314  these read drawings the library itself has just made

import inspect
import re
import subprocess
import sys
from typing import get_type_hints
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from command_center.charts import (
    ChartError,
    Figure,
    FunnelLines,
    Part,
    bars_by_region,
    composition,
    figure_html,
    funnel_plot,
    sparkline,
    trend,
)
from command_center.locale import Locale
from tests.charts.conftest import MAKERS, SHARES, spans

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("trend", "bars", "funnel", "intervals", "composition", "sparkline")
HOSTILE = "<script>alert(1)</script> \"'&"
INDONESIAN = Locale("id")


def test_every_kind_that_the_charts_can_draw_is_looked_at_here() -> None:
    import command_center.charts as charts

    makers = {name for name in charts.__all__ if drawn_by(getattr(charts, name)) is Figure}
    assert len(makers) == len(KINDS) == len(MAKERS)


def drawn_by(maker: object) -> object:
    return get_type_hints(maker).get("return") if inspect.isfunction(maker) else None


def drawings(figure: Figure) -> list[str]:
    return [svg for svg in (figure.svg, figure.narrow_svg) if svg]


def parsed(figure: Figure) -> list[ET.Element]:
    return [ET.fromstring(svg) for svg in drawings(figure)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_is_an_image_with_title_and_description(kind: str, figures) -> None:
    figure = figures[kind, "id"]
    for root in parsed(figure):
        assert root.get("role") == "img"
        title, description = root[0], root[1]
        assert (title.tag, title.text) == (f"{SVG}title", figure.title)
        assert (description.tag, description.text) == (f"{SVG}desc", figure.description)
        assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_refers_to_nothing_outside_and_runs_nothing(kind: str, figures) -> None:
    for svg in drawings(figures[kind, "id"]):
        assert re.findall(r"https?://[^\"' ]+", svg) == ["http://www.w3.org/2000/svg"]
        assert not re.search(r"<script|javascript:|\son\w+=|xlink|<image|<foreignObject", svg)


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_scales_with_its_box(kind: str, figures) -> None:
    for root in parsed(figures[kind, "id"]):
        assert root.get("viewBox")
        assert "width" not in root.attrib
        assert "max-width" in root.attrib["style"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "sparkline"])
def test_text_stays_text(kind: str, figures) -> None:
    texts = [element.text for root in parsed(figures[kind, "id"]) for element in root.iter(f"{SVG}text")]
    assert any(text and "%" in text for text in texts)


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_not_shared_between_drawings_and_every_reference_is_kept(kind: str, figures) -> None:
    html = "".join(svg for key, figure in figures.items() if key[0] == kind for svg in drawings(figure))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)


def test_the_same_data_give_the_same_bytes() -> None:
    frame = pd.DataFrame({"period": ["2023", "2024"], "value": [1.0, 2.0]})
    first, second = (trend(frame, locale=INDONESIAN, title="Naik") for _ in range(2))
    assert first == second


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_figure_as_html_opens_with_its_title_and_carries_words_and_table(
    kind: str, language: str, figures
) -> None:
    figure = figures[kind, language]
    html = figure_html(figure, Locale(language))
    assert html.startswith('<figure class="cc-figure')
    assert f'<span class="cc-figure__title">{figure.title}</span>' in html
    if figure.table.columns:
        assert ("Uraian dan tabel" if language == "id" else "Text and table") in html
        assert figure.description in html
        assert figure.table_html in html


def test_a_sample_is_stamped_even_where_the_title_is_left_out(figures) -> None:
    figure = figures["trend", "id"]
    assert "DATA CONTOH" in figure_html(figure, INDONESIAN, is_sample=True, heading=False)
    assert "DATA CONTOH" not in figure_html(figure, INDONESIAN)


@pytest.mark.parametrize("kind", KINDS)
def test_descriptions_differ_between_the_languages_and_quote_the_same_figures(kind: str, figures) -> None:
    indonesian, english = figures[kind, "id"].description, figures[kind, "en"].description
    assert indonesian != english
    assert sorted(re.findall(r"\d+", indonesian)) == sorted(re.findall(r"\d+", english))


def hostile_figures() -> dict[str, Figure]:
    frame = pd.DataFrame({"period": ["2023", "2024"], "value": [1.0, 2.0], "method": HOSTILE})
    regions = pd.DataFrame({"region_code": ["1", "2"], "value": [1.0, None]})
    return {
        "trend": trend(frame, locale=INDONESIAN, title=HOSTILE, unit=HOSTILE),
        "bars": bars_by_region(
            regions, locale=INDONESIAN, title=HOSTILE, names={"1": HOSTILE, "2": f"2{HOSTILE}"}, unit=HOSTILE
        ),
        "funnel": funnel_plot(
            SHARES.assign(beyond=99.8),
            share=10.0,
            lines=FunnelLines([50.0, 400.0], {0.95: ([3.0, 7.0], [19.0, 13.0])}),
            locale=INDONESIAN,
            title=HOSTILE,
            names={code: f"{number}{HOSTILE}" for number, code in enumerate(SHARES["region_code"])},
            apart=[HOSTILE],
        ),
        "intervals": spans([f"{number}{HOSTILE}" for number in range(3)], INDONESIAN, HOSTILE, HOSTILE),
        "composition": composition(
            [Part(HOSTILE, 1, "good")], locale=INDONESIAN, title=HOSTILE, unit=HOSTILE
        ),
        "sparkline": sparkline(frame, locale=INDONESIAN, title=HOSTILE, unit=HOSTILE),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_markup_in_names_titles_and_units_is_shown_and_never_run(kind: str) -> None:
    figure = hostile_figures()[kind]
    html = figure_html(figure, INDONESIAN)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    for root in parsed(figure):
        assert root[0].text == HOSTILE
        assert not list(root.iter(f"{SVG}script"))


def test_a_field_or_an_expression_in_a_name_is_only_a_name() -> None:
    name = "datum['value'] + signal('x')"
    frame = pd.DataFrame({"region_code": ["1"], "value": [5.0]})
    figure = bars_by_region(frame, locale=INDONESIAN, title="x", names={"1": name})
    assert figure.table.rows[0][0] == name
    assert "datum[" in figure.svg


def test_more_marks_than_anyone_can_read_are_refused() -> None:
    days = pd.date_range("2018-01-01", periods=2_001).strftime("%Y-%m-%d")
    with pytest.raises(ChartError, match="aggregate first"):
        trend(pd.DataFrame({"period": days, "value": 1.0}), locale=INDONESIAN, title="x")


def test_importing_the_charts_and_maps_loads_neither_altair_nor_the_renderer() -> None:
    code = (
        "import sys, command_center.charts, command_center.maps.draw;"
        "sys.exit(bool({'altair', 'vl_convert'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
