"""A letter of request: exactly what is owed, no invented number or person, tagged, with its blank workbooks."""

import io
import zipfile
from datetime import date

import pytest
from pypdf import PdfReader

from command_center.editions import Edition
from command_center.ingest.workbook import read_identity
from command_center.pages.house import House, open_house
from command_center.pages.request_letter import LetterError, RequestLetter, letter_page, request_letter
from command_center.publishing.letter import letter_archive, letter_pdf
from command_center.quality import owed_by
from command_center.settings import Settings

AGENCY = "1.02.01"


@pytest.fixture(scope="module")
def house(real_house: Settings) -> House:
    return open_house(real_house)


@pytest.fixture(scope="module")
def edition(real_house: Settings) -> Edition:
    from command_center.editions import open_edition

    return open_edition(real_house)


@pytest.fixture(scope="module")
def letter(house: House, edition: Edition) -> RequestLetter:
    return request_letter(house, edition, AGENCY)


def test_a_letter_lists_exactly_what_is_owed(letter: RequestLetter, edition: Edition) -> None:
    owed = owed_by(edition.readiness, AGENCY)
    assert [row.target for row in letter.rows] == [f"{one.sector}.{one.dataset}" for one in owed] != []
    by_target = {row.target: row for row in letter.rows}
    monthly = by_target["health.gizi_desa"]
    assert monthly.periods == "November 2025 – Oktober 2026"
    assert monthly.regions == "seluruh 295 wilayah"
    assert monthly.due == "12 Des 2025 – 13 Nov 2026"


def test_a_letter_has_the_parts_of_an_official_one_and_no_number_or_person(letter: RequestLetter) -> None:
    assert dict(letter.facts)["Nomor"] == "......"
    assert [label for label, _ in letter.facts] == ["Nomor", "Sifat", "Lampiran", "Hal"]
    assert letter.recipient[0] == "Yth. Kepala Dinas Kesehatan Daerah"
    assert letter.signatory == ("Kepala Dinas Komunikasi dan Informatika", "(tanda tangan)", "......")
    assert letter.sender == "Dinas Komunikasi dan Informatika"
    assert any("39 Tahun 2019" in text for text in letter.basis)


def test_the_pdf_is_tagged_and_says_what_the_letter_says(letter: RequestLetter) -> None:
    content = letter_pdf(letter)
    reader = PdfReader(io.BytesIO(content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean
    assert reader.trailer["/Root"]["/Lang"].startswith("id")
    assert reader.metadata is not None
    assert reader.metadata.title == letter.title
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert "Nomor" in text
    assert "Dinas Kesehatan Daerah" in text
    for row in letter.rows:
        assert row.title.split()[0] in text, row.title
    fonts = {str(font) for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert letter_pdf(letter) == content, "the same letter gives the same bytes"


def test_the_archive_holds_the_letter_and_a_workbook_for_each_dataset(
    house: House, letter: RequestLetter
) -> None:
    with zipfile.ZipFile(io.BytesIO(letter_archive(house, letter))) as archive:
        names = archive.namelist()
        assert names == [
            "surat_permintaan_2026-11-24.pdf",
            *(f"blangko/{row.target}.xlsx" for row in letter.rows),
        ]
        for row in letter.rows[:2]:
            identity = read_identity(archive.read(f"blangko/{row.target}.xlsx"))
            assert identity is not None
            assert identity.target == row.target


def test_hostile_words_are_shown_and_never_run(house: House, letter: RequestLetter) -> None:
    from dataclasses import replace

    hostile = replace(
        letter, rows=(replace(letter.rows[0], title='<script>x</script> #panic("x") $x$ `#import`'),)
    )
    assert "<script>x" not in letter_page(house, hostile)
    text = PdfReader(io.BytesIO(letter_pdf(hostile))).pages[0].extract_text()
    assert '#panic("x")' in " ".join(text.split())


def test_no_letter_goes_out_of_the_administration_or_without_a_debt(house: House, edition: Edition) -> None:
    with pytest.raises(LetterError, match="outside the administration"):
        request_letter(house, edition, "BPS.3316")
    with pytest.raises(LetterError, match="owes nothing"):
        request_letter(house, edition, "1.05.01")


def test_the_page_of_the_letter_names_its_other_forms(house: House, letter: RequestLetter) -> None:
    html = letter_page(house, letter, pdf_link="surat.pdf", zip_link="surat.zip")
    assert 'href="surat.pdf"' in html
    assert 'href="surat.zip"' in html
    assert date(2026, 11, 24) == letter.day
