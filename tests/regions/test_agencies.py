"""An agency keeps its code when its name changes, and each name counts on its own days."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from command_center.errors import ReferenceDataError
from command_center.regions import AgencyBook, UnknownAgencyError, load_agencies
from command_center.settings import Settings


@pytest.fixture(scope="module")
def book() -> AgencyBook:
    return load_agencies(Settings(root=Path(__file__).resolve().parents[2]))


@pytest.mark.parametrize(
    ("code", "before", "after"), [("1.02.01", "Dinkes", "Dinkesda"), ("5.01.01", "Bappeda", "Bapperida")]
)
def test_a_renamed_agency_is_found_under_the_name_of_the_day(
    book: AgencyBook, code: str, before: str, after: str
) -> None:
    assert book.get(code, on=date(2024, 12, 31)).short_name == before
    assert book.get(code, on=date(2025, 1, 1)).short_name == after
    assert book.get(code).short_name == after
    assert [agency.short_name for agency in book.history(code)] == [before, after]
    assert book.match(before).code == book.match(after).code == code


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("DPUPR", "1.03.01", "exact"),
        ("dinas pekerjaan umum dan penataan ruang", "1.03.01", "exact"),
        ("DinsosP3A", "1.06.01", "exact"),
        ("Dinsos P3A", "1.06.01", "exact"),
        ("Diskominfo", "2.16.01", "exact"),
        ("DPM-PTSP", "2.18.01", "exact"),
        ("SATPOL  PP", "1.05.01", "exact"),
        ("Setda Bagian Organisasi", "4.01.01.02", "exact"),
        ("Camat Blora", "7.01.09", "exact"),
        ("Dinas Pekerjan Umum dan Penataan Ruang", "1.03.01", "fuzzy"),
        ("BPS Blora", "BPS.3316", "exact"),
    ],
)
def test_a_name_or_abbreviation_finds_its_agency(book: AgencyBook, text: str, code: str, how: str) -> None:
    found = book.match(text)
    assert (found.code, found.how) == (code, how)


def test_no_two_agencies_share_a_name(book: AgencyBook) -> None:
    for code in book.codes:
        for agency in book.history(code):
            for name in agency.names:
                assert book.match(name).code == code, name


@pytest.mark.parametrize("text", ["", "Dinas", "Dinas Kehutanan", "-"])
def test_an_unknown_agency_is_an_error_not_a_guess(book: AgencyBook, text: str) -> None:
    with pytest.raises(UnknownAgencyError, match="use the code"):
        book.match(text)


def test_an_unknown_code_or_a_day_without_a_name_is_an_error(book: AgencyBook) -> None:
    with pytest.raises(UnknownAgencyError, match="No agency has the code"):
        book.get("9.99.99")
    lapsed = AgencyBook([replace(book.get("1.03.01"), valid_to=date(2020, 12, 31))])
    with pytest.raises(UnknownAgencyError, match="no name on 2021-01-01"):
        lapsed.get("1.03.01", on=date(2021, 1, 1))


def test_two_names_of_one_code_on_the_same_day_are_refused(book: AgencyBook) -> None:
    agency = book.get("1.03.01")
    with pytest.raises(ReferenceDataError, match="same day"):
        AgencyBook([agency, replace(agency, short_name="PU")])


def test_every_code_is_marked_as_a_proposal(book: AgencyBook) -> None:
    assert all(book.get(code).provenance.startswith("proposal") for code in book.codes)


def test_the_statistics_office_is_a_source_but_not_an_agency_of_the_regency(book: AgencyBook) -> None:
    assert [agency.short_name for agency in book.of_kind("outside")] == ["BPS Blora"]
    assert len(book.of_kind("kecamatan")) == 16
