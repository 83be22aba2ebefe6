"""The sources of a page: every figure it shows can be traced, those by other methods included."""

from dataclasses import replace

import pandas as pd
import pytest
from selectolax.lexbor import LexborHTMLParser

from command_center.pages.addresses import indicator_page
from command_center.pages.blocks import Block
from command_center.pages.indicator import IndicatorPage
from command_center.pages.readings import read
from command_center.pages.sources import source_table
from tests.pages.conftest import ROOT


@pytest.fixture
def traced(context_of):
    """A context in which every figure has a submission of its own, named after its period and method."""

    def build(**place: object):
        context = context_of(**place)
        measures = context.measures.copy()
        measures["source_submission"] = measures["period"] + "/" + measures["method"]
        names = sorted(set(measures["source_submission"]))
        sources = pd.DataFrame(
            {
                "source_submission": names,
                "dataset": "",
                "file": "facts.csv",
                "row": range(1, len(names) + 1),
                "sha256": "0" * 64,
                "source": [f"Laporan {name}" for name in names],
                "note": "",
            }
        )
        return replace(context, edition=replace(context.edition, measures=measures, sources=sources))

    return build


def cited(block: Block) -> list[tuple[str, str, str]]:
    """Return (figure, period, citation) of each row."""
    rows = LexborHTMLParser(str(block.html)).css("tbody tr")
    cells = [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in rows]
    return [(row[1], row[2], row[5]) for row in cells]


def test_a_figure_and_the_one_that_contradicts_it_both_name_their_source(traced, sector, indicators) -> None:
    context = traced()
    reading = read(context, sector, indicators["TST1"])
    assert cited(source_table(context, (reading,))) == [
        ("72,25%", "2024", "Laporan 2024/routine"),
        ("65%", "2024", "Laporan 2024/survey"),
    ]


def test_the_page_of_an_indicator_names_the_source_of_every_figure_of_its_table(
    traced, sector, indicators
) -> None:
    context = traced(page=indicator_page("TST1", ROOT))
    page = IndicatorPage(context, sector, indicators["TST1"], {})
    shown = LexborHTMLParser(str(page.table().html)).css("tbody tr")
    assert len(cited(page.sources())) == len(shown) == 3


def test_a_row_of_a_file_is_called_a_row(traced, sector, indicators) -> None:
    context = traced()
    html = str(source_table(context, (read(context, sector, indicators["TST2"]),)).html)
    assert "facts.csv, baris 1" in html


def test_the_table_has_no_columns_for_parts_that_no_source_prints(traced, sector, indicators) -> None:
    context = traced(page=indicator_page("TST1", ROOT))

    def headings(shown) -> list[str]:
        page = IndicatorPage(shown, sector, indicators["TST1"], {})
        return [cell.text() for cell in LexborHTMLParser(str(page.table().html)).css("thead th")]

    assert headings(context) == ["Metode", "Periode", "Angka", "Per tanggal", "Hitung ulang"]
    measures = context.measures.assign(numerator=867.0)
    with_parts = replace(context, edition=replace(context.edition, measures=measures))
    assert headings(with_parts) == ["Metode", "Periode", "Pembilang", "Angka", "Per tanggal", "Hitung ulang"]
