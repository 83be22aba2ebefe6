"""The explorer: what filters choose, what they cannot choose, and what the panel does with both."""

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from command_center.pages.explorer import Explorer
from command_center.pages.panel import Panel
from tests.pages.conftest import NORTH, ROOT


@pytest.fixture
def explorer(context_of, sector):
    def build(region: str = ROOT, language: str = "id") -> Explorer:
        return Explorer(context_of(region, language), sector, sector.indicators)

    return build


def text(panel: Panel) -> str:
    return " ".join(LexborHTMLParser(str(panel.still().html)).css_first(".cc-panel__body").text().split())


def test_without_filters_the_first_indicator_is_compared_with_the_period_before(explorer) -> None:
    panel = explorer().panel({})
    assert panel.filters == {"indicator": "TST1", "period": "", "comparison": "previous", "threshold": ""}
    assert "naik 1,75 poin dari 2023" in text(panel)


@pytest.mark.parametrize(
    "filters",
    [
        {"indicator": "NONE1"},
        {"indicator": "<script>alert(1)</script>"},
        {"period": "1850"},
        {"comparison": "everything"},
        {"region": NORTH, "language": "en", "edition": "x"},
        {"period": "2010"},  # a period of another indicator
    ],
)
def test_foreign_filters_give_the_page_of_no_filters(explorer, filters) -> None:
    assert str(explorer().panel(filters).still().html) == str(explorer().panel({}).still().html)


def test_filters_choose_indicator_period_and_comparison(explorer) -> None:
    assert "12.345" in text(explorer().panel({"indicator": "TST2"}))
    assert "70,5" in text(explorer().panel({"period": "2023"}))
    assert "Sumber lain, tidak dirata-ratakan: Survei: 65% (2024)." in text(
        explorer().panel({"comparison": "methods"})
    )
    assert "Kecamatan Utara: 91%; seluruh kabupaten: 72,25% (2024)." in text(
        explorer(NORTH).panel({"comparison": "regency"})
    )


def test_the_regency_is_not_offered_a_comparison_with_itself(explorer) -> None:
    def offered(region: str) -> list[str]:
        panel = explorer(region).panel({})
        found = LexborHTMLParser(str(panel.still().html)).css("[data-filter=comparison] option")
        return [option.attributes["value"] or "" for option in found]

    assert offered(ROOT) == ["previous", "year", "methods"]
    assert offered(NORTH) == ["previous", "year", "methods", "regency"]
    assert explorer().panel({"comparison": "regency"}).filters["comparison"] == "previous"


@pytest.mark.parametrize(
    ("language", "typed", "sentence"),
    [
        ("id", "80", "Andai: 72,25% (2024) tidak memenuhi ambang 80%."),
        ("id", "72,25", "Andai: 72,25% (2024) memenuhi ambang 72,25%."),
        ("id", "3.5", "Andai: 72,25% (2024) memenuhi ambang 3,5%."),
        ("id", "1.000", "Andai: 72,25% (2024) tidak memenuhi ambang 1.000%."),
        ("en", "72.5", "What if: 72.25% (2024) would miss a threshold of 72.5%."),
        ("en", "1,000", "What if: 72.25% (2024) would miss a threshold of 1,000%."),
        ("id", "abc", "“abc” bukan angka."),
        ("id", "nan", "“nan” bukan angka."),
        ("id", "1e400", "“1e400” bukan angka."),
    ],
)
def test_a_threshold_is_read_as_the_reader_writes_it(explorer, language, typed, sentence) -> None:
    panel = explorer(ROOT, language).panel({"threshold": typed})
    found = LexborHTMLParser(str(panel.still().html)).css_first("[role=status]")
    assert " ".join(found.text().split()) == sentence


def test_a_threshold_counts_the_regions_on_the_wrong_side(explorer) -> None:
    assert "1 dari 2 wilayah di bawah 80%: Cakupan, 2024" in text(explorer().panel({"threshold": "80"}))


def test_a_threshold_that_is_tried_out_is_never_shown_as_the_target(explorer) -> None:
    shown = text(explorer().panel({"threshold": "75"}))
    assert "ambang pengandaian 75" in shown
    assert "sasaran 75" not in shown.lower()


def test_a_single_figure_stands_beside_the_other_sources(explorer, context_of, sector) -> None:
    context = context_of()
    measures = context.measures
    lone = measures[~(measures["region_code"].eq(ROOT) & measures["period"].eq("2023"))]
    alone = replace(context, edition=replace(context.edition, measures=lone))
    shown = text(Explorer(alone, sector, sector.indicators).panel({}))
    assert "Angka dari cara ukur yang berbeda tidak disambung dan tidak dirata-ratakan." in shown
    # Where there is a line, the other sources come only when asked for.
    assert "Angka dari cara ukur yang berbeda" not in text(explorer().panel({}))


def test_a_map_without_figures_says_why(explorer) -> None:
    assert "Belum ada angka per wilayah" in text(explorer().panel({"indicator": "TST3"}))
    assert "Belum ada angka per wilayah" not in text(explorer().panel({}))


def test_the_panel_carries_the_choice_for_the_address(explorer) -> None:
    def query(filters: dict[str, str]) -> str | None:
        tree = LexborHTMLParser(str(explorer().panel(filters).still().html))
        return tree.css_first("[data-query]").attributes["data-query"]

    assert query({}) == ""
    assert query({"comparison": "methods", "threshold": "3,5"}) == "comparison=methods&threshold=3%2C5"


def test_what_a_reader_types_is_never_markup(explorer) -> None:
    panel = explorer().panel({"threshold": "<b onclick=x>5</b>"})
    tree = LexborHTMLParser(str(panel.still().html))
    assert tree.css("b") == []
    assert "<b onclick=x>5</b>" in tree.css_first("[role=status]").text()


def test_an_indicator_without_figures_says_who_is_to_supply_it(explorer) -> None:
    assert "Dishal" in text(explorer().panel({"indicator": "TST3"}))
