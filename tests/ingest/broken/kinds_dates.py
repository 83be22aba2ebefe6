"""Days and periods as people write them, and days and periods that cannot be."""

from collections.abc import Callable
from datetime import date, timedelta

from tests.ingest.broken.drafts import Draft
from tests.ingest.broken.registry import kind
from tests.ingest.broken.tables import due_period

NAME = "extracted_on"
MONTHS = (
    "Januari", "Pebruari", "Maret", "April", "Mei", "Juni", "Juli", "Agust", "Sept", "Okt", "Nop", "Des",
)  # fmt: skip


def respell(draft: Draft, spell: Callable[[date], object], *checks: str) -> None:
    for row in draft.some():
        draft.spoil(row, NAME, spell(row.truth[NAME]), *checks)


def misread(draft: Draft, written: object, *checks: str) -> None:
    for row in draft.some():
        draft.spoil(row, NAME, written, *checks, value=None)


@kind()
def date_in_words(draft: Draft) -> None:
    respell(draft, lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}", "date_spelling")


@kind()
def date_with_weekday(draft: Draft) -> None:
    names = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
    respell(
        draft,
        lambda day: f"{names[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}",
        "date_spelling",
    )


@kind()
def date_day_first(draft: Draft) -> None:
    """One day after the twelfth settles the order for the whole column."""
    for row in draft.records:
        draft.spoil(row, NAME, f"{row.truth[NAME]:%d/%m/%Y}", "date_spelling")
    draft.spoil(draft.records[0], NAME, "25/09/2026", value=date(2026, 9, 25))


@kind()
def date_month_first(draft: Draft) -> None:
    for row in draft.records:
        draft.spoil(row, NAME, f"{row.truth[NAME]:%m/%d/%Y}", "date_spelling")
    draft.spoil(draft.records[0], NAME, "09/25/2026", value=date(2026, 9, 25))


@kind()
def date_with_points(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, NAME, "25.9.2026", "date_spelling", value=date(2026, 9, 25))


@kind()
def two_digit_year(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, NAME, "25/9/26", "date_spelling", "two_digit_year", value=date(2026, 9, 25))


@kind()
def excel_serial(draft: Draft) -> None:
    respell(draft, lambda day: (day - date(1899, 12, 30)).days, "excel_serial")


@kind()
def date_ambiguous(draft: Draft) -> None:
    for row, text in zip(draft.some(), ("3/4/2026", "5/6/2026", "7/8/2026"), strict=True):
        draft.spoil(row, NAME, text, "date_ambiguous", value=None)


@kind()
def date_impossible(draft: Draft) -> None:
    misread(draft, "31 Februari 2026", "date_impossible")


@kind()
def date_unreadable(draft: Draft) -> None:
    misread(draft, "minggu lalu", "date_unreadable")


@kind()
def date_in_future(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, NAME, date(2026, 11, 24) + timedelta(400), "date_in_future")


@kind()
def date_missing(draft: Draft) -> None:
    misread(draft, "-", "missing_dash", "required")


@kind()
def period_spelling(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "period", _in_words(row.truth["period"]), "period_spelling")


@kind()
def period_unreadable(draft: Draft) -> None:
    for row in draft.some():
        draft.spoil(row, "period", "masa lalu", "period_unreadable", value=None)


@kind()
def period_unexpected(draft: Draft) -> None:
    draft.context["expected_period"] = due_period(draft.dataset.id) or "2026-01"
    for row in draft.records:
        if row.truth["period"] != draft.context["expected_period"]:
            draft.plant("period_unexpected", row, "period")
    for row in [row for row in draft.records if row.truth["period"] == draft.context["expected_period"]][:3]:
        draft.spoil(row, "period", "2019", "period_unexpected")


def _in_words(period: str) -> str:
    year, _, part = period.partition("-")
    if not part:
        return f"Tahun {year}"
    if part[0] in "SQ":
        words = "Semester" if part[0] == "S" else "Triwulan"
        return f"{words} {('I', 'II', 'III', 'IV')[int(part[1]) - 1]} {year}"
    return f"{MONTHS[int(part) - 1]} {year}"
