"""Downloads that a spreadsheet reads right and cannot be tricked by; a search that finds what people type."""

import csv
import io

import pandas as pd
import pytest

from command_center.editions import Edition, open_edition
from command_center.locale import Locale
from command_center.pages.house import open_house
from command_center.regions import load_regions
from command_center.serving.downloads import measures_csv
from command_center.serving.search import search
from command_center.settings import Settings
from tests.serving.conftest import Site


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# --- csv -----------------------------------------------------------------------------------------


def test_the_csv_has_a_byte_order_mark_a_name_and_the_region_with_all_below_it(
    site: Site, latest: str
) -> None:
    answer = site.get("/unduh/WAT1/33.16.15.csv")
    assert answer.status == 200
    assert answer.body.startswith(b"\xef\xbb\xbfedition,")
    assert answer.body.count(b"\xef\xbb\xbf") == 1
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="WAT1_33.16.15_{latest}.csv"'
    rows = rows_of(answer.body)
    assert {row["region_code"] for row in rows} == {"33.16.15", "33.16.15.2001", "33.16.15.2007"}
    assert {row["indicator"] for row in rows} == {"WAT1"}
    assert len(rows) == 6


def test_the_csv_gives_each_figure_with_its_source_and_its_date_as_a_date(site: Site, latest: str) -> None:
    row = next(
        row for row in rows_of(site.get("/unduh/WAT1/33.16.15.2007.csv").body) if row["period"] == "2024"
    )
    assert row["edition"] == latest
    assert (float(row["numerator"]), float(row["denominator"]), float(row["value"])) == (60, 100, 60)
    assert (row["as_of"], row["method"], row["status"]) == ("2024-12-31", "survey", "watch")
    assert (row["file"], row["source"], len(row["sha256"])) == ("sectors/water/supply.csv", "Survei", 64)
    assert row["note"] == ""


def test_the_csv_and_the_command_give_the_same_figures(site: Site) -> None:
    measures = open_edition(site.settings).measures
    expected = measures[measures["indicator"].eq("WAT1")]
    rows = rows_of(site.get("/unduh/WAT1/33.16.csv").body)
    told = sorted((row["region_code"], row["period"], float(row["value"])) for row in rows)
    assert told == sorted(zip(expected["region_code"], expected["period"], expected["value"], strict=True))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_defused(real_house: Settings, start: str) -> None:
    edition = open_edition(real_house)
    evil = f"{start}HYPERLINK(1)"
    sources = edition.sources.assign(note=evil, source=evil)
    changed = Edition(edition.path)
    vars(changed).update(measures=edition.measures, sources=sources)
    rows = rows_of(measures_csv(changed, "POP1", ["33.16"]))
    assert rows
    for row in rows:
        assert row["note"] == row["source"] == f"'{evil}"


def test_a_negative_number_stays_a_number(real_house: Settings) -> None:
    edition = open_edition(real_house)
    changed = Edition(edition.path)
    vars(changed).update(measures=edition.measures.assign(value=-1.5), sources=edition.sources)
    assert {row["value"] for row in rows_of(measures_csv(changed, "POP1", ["33.16"]))} == {"-1.5"}


def test_no_figure_is_lost_or_doubled_by_its_sources(real_house: Settings) -> None:
    edition = open_edition(real_house)
    codes = [region.code for region in load_regions(real_house)]
    for _, indicator in edition.catalog.indicators:
        rows = rows_of(measures_csv(edition, indicator.id, codes))
        expected = edition.measures[edition.measures["indicator"].eq(indicator.id)]
        assert len(rows) == len(expected), indicator.id
        figures = sorted(float(row["value"]) for row in rows if row["value"])
        assert figures == sorted(expected["value"].dropna()), indicator.id
        assert all(row["source"] or not row["value"] for row in rows), indicator.id


def test_missing_is_empty_and_not_a_word(real_house: Settings) -> None:
    edition = open_edition(real_house)
    for row in rows_of(measures_csv(edition, "POP1", ["33.16"])):
        assert not {"nan", "NaT", "None", "<NA>"} & set(row.values())
    assert isinstance(edition.measures["as_of"].iloc[0], pd.Timestamp)


# --- notebooks ------------------------------------------------------------------------------------


def test_a_figure_is_sent_as_a_notebook_of_its_own_name(site: Site, latest: str) -> None:
    answer = site.get("/unduh/WAT1/33.16.15.ipynb?periode=2023&metode=survey")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/x-ipynb+json; charset=utf-8"
    name = f"WAT1_33.16.15_2023_{latest}.ipynb"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert "Menghitung ulang" in answer.text
    assert "Recomputing" in site.get("/en/unduh/WAT1/33.16.15.ipynb").text


@pytest.mark.parametrize(
    "path",
    [
        "/unduh/NONE1/33.16.ipynb",
        "/unduh/WAT1/99.99.ipynb",
        "/unduh/WAT1/33.16.ipynb?periode=1999",
        "/unduh/WAT1/33.16.ipynb?metode=guess%0d%0aX-Y:%20z",
        "/edisi/2020-01-01-000000000000/unduh/WAT1/33.16.ipynb",
    ],
)
def test_a_notebook_of_nothing_is_not_found(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status == 404
    assert "Traceback" not in answer.text


def test_every_card_and_every_figure_of_the_table_leads_to_its_notebook(site: Site) -> None:
    assert "33.16.ipynb?periode=2024&amp;metode=survey" in site.get("/bidang/water/33.16/").text
    page = site.get("/indikator/WAT1/33.16/").text
    for period in ("2023", "2024"):
        assert f"unduh/WAT1/33.16.ipynb?periode={period}&amp;metode=survey" in page
    assert "buka sebagai notebook" in page


# --- search --------------------------------------------------------------------------------------


def links(settings: Settings, query: str, language: str = "id") -> list[str]:
    found = search(open_house(settings), Locale("en" if language == "en" else "id"), query)
    return [link for _, link, _ in found]


@pytest.mark.parametrize(
    ("query", "link"),
    [
        ("jalan", "/indikator/INF1/33.16/"),
        ("Bogorejo", "/wilayah/33.16.15/"),
        ("bogorejo", "/wilayah/33.16.15/"),
        ("kecamatan bogorejo", "/wilayah/33.16.15/"),
        ("DPUPR", "/bidang/infrastructure/33.16/"),
        ("Pekerjaan Umum", "/bidang/infrastructure/33.16/"),
        ("INF1", "/indikator/INF1/33.16/"),
        ("stunting", "/indikator/HLT1/33.16/"),
        ("kesehatan", "/bidang/health/33.16/"),
        ("kemiskinan", "/indikator/SOS1/33.16/"),
        ("Bogorejoo", "/wilayah/33.16.15/"),
        ("BPBD", "/bidang/infrastructure/33.16/"),
        ("33.16.15", "/wilayah/33.16.15/"),
        ("3316080", "/wilayah/33.16.15/"),
    ],
)
def test_the_words_people_use_find_the_page(real_house: Settings, query: str, link: str) -> None:
    assert link in links(real_house, query)


def test_both_places_called_bogorejo_are_told_apart(real_house: Settings) -> None:
    found = search(open_house(real_house), Locale("id"), "Bogorejo")
    places = {link: (label, detail) for label, link, detail in found if link.startswith("/wilayah/")}
    assert places["/wilayah/33.16.15/"][0] == "Kecamatan Bogorejo"
    assert "Kecamatan Bogorejo" in places["/wilayah/33.16.15.2007/"][1]
    assert "Kecamatan Japah" in places["/wilayah/33.16.16.2011/"][1]


def test_english_words_find_english_pages(real_house: Settings) -> None:
    assert "/en/bidang/health/33.16/" in links(real_house, "health", "en")
    assert all(link.startswith("/en/") for link in links(real_house, "roads", "en"))


@pytest.mark.parametrize("query", ["", "   ", "?!", "..", "qqqqxxxxzzzz"])
def test_what_means_nothing_finds_nothing(real_house: Settings, query: str) -> None:
    assert links(real_house, query) == []


def test_the_search_page_lists_links_and_says_where_nothing_fits(site: Site) -> None:
    page = site.get("/cari/?q=bogorejo")
    assert page.status == 200
    assert 'href="/wilayah/33.16.15/"' in page.text
    assert "Kecamatan Bogorejo" in page.text
    assert "Tidak ada yang cocok" in site.get("/cari/?q=qqqqxxxxzzzz").text
    empty = site.get("/cari/")
    assert empty.status == 200
    assert "Tidak ada yang cocok" not in empty.text
    assert "Ketik nama indikator" in empty.text
    english = site.get("/en/cari/?q=water").text
    assert 'href="/en/bidang/water/33.16/"' in english
    assert '<html lang="en"' in english


def test_a_query_is_shown_as_text_and_cut(site: Site) -> None:
    page = site.get("/cari/?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "x" * 81 not in site.get(f"/cari/?q={'x' * 5000}").text


@pytest.mark.parametrize("query", ["%ff%fe", "%00", "%F0%9F%98%80"])
def test_bytes_that_are_no_words_break_nothing(site: Site, query: str) -> None:
    answer = site.get(f"/cari/?q={query}")
    assert answer.status in (200, 400)
    assert "Traceback" not in answer.text
