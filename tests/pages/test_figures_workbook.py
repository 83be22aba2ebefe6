"""The Excel download: numbers are numbers, dates are dates, and no text of an agency becomes a formula."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from command_center.catalog import SAMPLE_METHOD
from command_center.editions import Edition, open_edition
from command_center.locale import Language
from command_center.pages.addresses import indicator_page
from command_center.pages.context import PageContext
from command_center.pages.figures_workbook import figures_workbook, put
from command_center.pages.house import open_house
from command_center.serving.downloads import measures_csv
from command_center.settings import Settings

HEADER = 5
HOSTILE = (
    "=HYPERLINK(\"http://x\",\"y\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|'/c calc'!A0",
    "<script>alert(1)</script>", "a\x00b\x0bc",
)  # fmt: skip


def made(
    settings: Settings, indicator: str, edition: Edition | None = None, language: Language = "id"
) -> tuple[bytes, pd.DataFrame]:
    opened = edition or open_edition(settings)
    address = indicator_page(indicator, "33.16").in_language(language)
    context = PageContext(open_house(settings).with_catalog(opened.catalog), opened, address)
    sector, declared = opened.catalog.indicator(indicator)
    rows = opened.measures[opened.measures["indicator"].eq(indicator)]
    return figures_workbook(context, sector, declared, rows), rows


def opened_book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def changed(settings: Settings, **columns: object) -> Edition:
    """The edition with columns of its sources or figures replaced."""
    edition = open_edition(settings)
    other = Edition(edition.path)
    figures = {name: value for name, value in columns.items() if name in ("value", "method")}
    said = {name: value for name, value in columns.items() if name not in figures}
    vars(other).update(measures=edition.measures.assign(**figures), sources=edition.sources.assign(**said))
    return other


def test_every_figure_stands_in_its_row_as_a_number_and_every_date_as_a_date(real_house: Settings) -> None:
    content, rows = made(real_house, "POP1")
    sheet = opened_book(content).worksheets[0]
    names = [cell.value for cell in sheet[HEADER]]
    found = [
        dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=HEADER + 1, values_only=True)
    ]
    assert len(found) == len(rows) > 300
    for row, expected in zip(found, rows.to_dict("records"), strict=True):
        assert row["Kode wilayah"] == expected["region_code"]
        if pd.isna(expected["value"]):
            assert row["Angka"] is None
        else:
            assert isinstance(row["Angka"], int | float)
            assert row["Angka"] == expected["value"]
        assert isinstance(row["Per tanggal"], datetime)
        assert row["Per tanggal"].date() == expected["as_of"].date()
        assert row["Metode"]
        assert row["Status"]
        assert row["Kunci sumber"] == expected["source_submission"]


def test_the_other_sheet_says_what_the_figure_is_and_where_it_comes_from(real_house: Settings) -> None:
    content, rows = made(real_house, "INF1")
    sheet = opened_book(content).worksheets[1]
    text = "\n".join(
        str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    )
    for word in (
        "Definisi",
        "Rumus",
        "Ambang",
        "Keterbatasan yang diketahui",
        "SHA-256",
        "Asal angka ini",
    ):
        assert word in text, word
    sources = open_edition(real_house).sources
    behind = sources[sources["source_submission"].isin(rows["source_submission"])]
    assert len(behind) > 0
    for sha256 in behind["sha256"]:
        assert sha256 in text
    assert isinstance(
        next(cell.value for row in sheet.iter_rows() for cell in row if cell.is_date), datetime | date
    )


def test_words_are_in_the_readers_language(real_house: Settings) -> None:
    assert opened_book(made(real_house, "POP1")[0]).sheetnames == ["Angka-angka", "Penjelasan"]
    assert opened_book(made(real_house, "POP1", language="en")[0]).sheetnames == ["Figures", "Explanation"]


@pytest.mark.parametrize("evil", HOSTILE)
def test_text_of_an_agency_is_never_a_formula(real_house: Settings, evil: str) -> None:
    edition = changed(real_house, source=evil, note=evil, file=evil)
    content, _ = made(real_house, "POP1", edition)
    book = opened_book(content)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in part or b"<f " in part for part in parts)
    shown = evil.replace("\x00", "").replace("\x0b", "")
    told = [cell for cell in cells if isinstance(cell.value, str) and cell.value.strip() == shown.strip()]
    assert told
    if shown[0] in "=+-@\t\r":
        assert all(cell.quotePrefix for cell in told)
    csv = measures_csv(edition, "POP1", ["33.16"]).decode("utf-8-sig")
    if shown[0] in "=+-@\t\r":
        assert f"'{evil}".replace('"', '""') in csv


def test_sample_data_is_stamped_in_its_rows_and_at_the_head_of_both_sheets(real_house: Settings) -> None:
    book = opened_book(made(real_house, "POP1", changed(real_house, method=SAMPLE_METHOD))[0])
    assert [sheet["A3"].value for sheet in book.worksheets] == ["DATA CONTOH"] * 2
    first = book.worksheets[0]
    stamps = {row[0] for row in first.iter_rows(min_row=HEADER + 1, values_only=True)}
    assert stamps == {"DATA CONTOH"}
    real = opened_book(made(real_house, "POP1", changed(real_house, method="kepmendagri"))[0])
    assert [sheet["A3"].value for sheet in real.worksheets] == [None] * 2


def test_equal_figures_give_equal_bytes(real_house: Settings) -> None:
    assert made(real_house, "SOS1")[0] == made(real_house, "SOS1")[0]


def test_a_negative_number_stays_a_number(real_house: Settings) -> None:
    sheet = opened_book(made(real_house, "SOS1", changed(real_house, value=-1.5))[0]).worksheets[0]
    assert {row[8] for row in sheet.iter_rows(min_row=HEADER + 1, values_only=True)} == {-1.5}


def test_missing_is_an_empty_cell() -> None:
    sheet = openpyxl.Workbook().active
    for column, missing in enumerate((None, float("nan"), pd.NaT, pd.NA), start=1):
        put(sheet, 1, column, missing)
        assert sheet.cell(1, column).value is None
