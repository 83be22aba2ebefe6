"""Dates and periods: every spelling gives the same day, and the order of day and month is decided by the column."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from babel.dates import format_date
from hypothesis import assume, given
from hypothesis import strategies as st

from command_center.cleaning import read_dates, read_periods
from command_center.cleaning.dates import order_of
from command_center.cleaning.periods import period_of

DAY = np.datetime64("2022-02-18")


def column(*texts, **options):
    return read_dates(pd.Series(list(texts), dtype="str"), **options)


def noted(read, row=0):
    return {name for name, rows in read.notes.items() if rows[row]}


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("2022-02-18", set()),
        ("2022-02-18 07:30:00", set()),
        ("2022-02-18T07:30:00+07:00", set()),
        ("18 Februari 2022", {"date_spelling"}),
        ("18 Pebruari 2022", {"date_spelling"}),
        ("Jumat, 18 Februari 2022", {"date_spelling"}),
        ("18-Feb-22", {"date_spelling", "two_digit_year"}),
        ("February 18, 2022", {"date_spelling"}),
        ("18/2/22", {"date_spelling", "two_digit_year"}),
        ("18/02/2022", {"date_spelling"}),
        ("18-02-2022", {"date_spelling"}),
        ("18.02.2022 10:15 WIB", {"date_spelling"}),
        ("2/18/2022", {"date_spelling"}),
        ("2022/2/18", {"date_spelling"}),
        ("20220218", {"date_spelling"}),
        ("44610", {"excel_serial"}),
        ("44610.5", {"excel_serial"}),
        (" 18 Februari 2022\u00a0", {"date_spelling", "hard_space"}),
    ],
)
def test_each_spelling_means_the_same_day(text, notes):
    read = column(text)
    assert read.values[0] == DAY
    assert noted(read) == notes


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("7 Agust 2021", 8),
        ("7 Nop. 2021", 11),
        ("7 Mei 2021", 5),
        ("7 Okt 2021", 10),
        ("7 Des 2021", 12),
        ("7 Ags 2021", 8),
    ],
)
def test_short_month_names_are_known(text, month):
    assert column(text).values[0] == np.datetime64(f"2021-{month:02d}-07")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("31 Februari 2022", "date_impossible"),
        ("2022-02-30", "date_impossible"),
        ("31/11/2022", "date_impossible"),
        ("45/13/2022", "date_impossible"),
        ("18 Foo 2022", "date_unreadable"),
        ("kemarin", "date_unreadable"),
        ("12", "date_unreadable"),
        ("-", "missing_dash"),
    ],
)
def test_what_is_no_day_is_left_out_and_named(text, note):
    read = column(text)
    assert np.isnat(read.values[0])
    assert noted(read) == {note}


@pytest.mark.parametrize(
    ("texts", "day", "choice"),
    [
        (["3/4/2022", "25/4/2022"], "2022-04-03", "day first"),
        (["3/4/2022", "4/25/2022"], "2022-03-04", "month first"),
        (["3/4/2022", "5/4/2022", "9/4/2022"], "2022-04-03", "day first"),
    ],
)
def test_day_or_month_first_is_decided_by_the_other_values(texts, day, choice):
    read = column(*texts)
    assert read.values[0] == np.datetime64(day)
    assert read.decision.choice == choice
    assert read.decision.evidence


@pytest.mark.parametrize(
    "texts",
    [
        ["3/4/2022"],
        ["3/4/2022", "25/4/2022", "4/25/2022"],
        # Days of April, or the fourth of three months.
        ["4/3/2022", "4/5/2022", "4/9/2022"],
    ],
)
def test_an_undecided_order_is_not_read_and_says_so(texts):
    read = column(*texts)
    assert np.isnat(read.values[0])
    assert noted(read) == {"date_ambiguous"}
    assert not read.decision.is_made


def test_another_column_of_the_sheet_may_decide_the_order():
    assert order_of(pd.Series(["25/4/2022"], dtype="str")) == "day first"
    assert order_of(pd.Series(["3/4/2022"], dtype="str")) is None
    assert column("3/4/2022", sheet_order="month first").values[0] == np.datetime64("2022-03-04")


def test_the_same_number_twice_needs_no_decision():
    read = column("3/3/2022")
    assert read.values[0] == np.datetime64("2022-03-03")
    assert read.decision is None


@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)), st.sampled_from(["id", "en"]))
def test_any_day_as_babel_writes_it_is_read_back(day, language):
    for style in ("long", "full", "medium"):
        assert column(format_date(day, style, locale=language)).values[0] == np.datetime64(day)
    for text in (day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%d %b %Y}", f"{day:%Y%m%d}"):
        assert column(text).values[0] == np.datetime64(day)


@given(st.dates(date(1955, 1, 1), date(2100, 12, 31)))
def test_any_day_as_a_spreadsheet_counts_it_is_read_back(day):
    assert column(str((day - date(1899, 12, 30)).days)).values[0] == np.datetime64(day)


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=20))
def test_a_column_with_one_telling_day_is_read_whole(offsets):
    days = [date(2018, 1, 1) + timedelta(offset) for offset in offsets] + [date(2024, 5, 31)]
    for form in ("%d/%m/%Y", "%d-%m-%y", "%m/%d/%Y"):
        read = column(*[day.strftime(form) for day in days])
        np.testing.assert_array_equal(read.values, np.array(days, dtype="datetime64[ns]"))


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%d-%m-%y", "%m/%d/%Y", "%d.%m.%Y"])
@given(st.lists(st.dates(date(1970, 1, 1), date(2068, 12, 31)), min_size=1, max_size=12))
def test_a_column_in_one_order_is_read_back_or_said_to_be_ambiguous_never_read_as_another_day(form, days):
    read = column(*[day.strftime(form) for day in days])
    # Days of one month are taken for day first, as this country writes; then no other reading can be proven.
    assume(read.decision is None or read.decision.basis != "all fall into one month")
    for at, day in enumerate(days):
        assert read.values[at] == np.datetime64(day) or "date_ambiguous" in noted(read, at)


@given(st.lists(st.text(max_size=14), max_size=20))
def test_no_text_whatever_is_lost_every_cell_is_read_or_named(texts):
    read = column(*texts)
    named = np.logical_or.reduce([np.zeros(len(texts), dtype=bool), *read.notes.values()])
    assert (named | ~np.isnat(read.values) | np.array([not text.strip() for text in texts], dtype=bool)).all()


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024", "2024"),
        ("Tahun 2024", "2024"),
        ("Semester I 2024", "2024-S1"),
        ("Smt 2/2024", "2024-S2"),
        ("2024-S2", "2024-S2"),
        ("Semester Genap 2024", "2024-S2"),
        ("Triwulan II Tahun 2024", "2024-Q2"),
        ("TW III 2024", "2024-Q3"),
        ("2024 Q3", "2024-Q3"),
        ("Agust 2024", "2024-08"),
        ("bulan Nopember 2024", "2024-11"),
        ("01/2024", "2024-01"),
        ("2024/08", "2024-08"),
        ("31 Desember 2024", "2024-12-31"),
        ("Semester 3 2024", None),
        ("Triwulan II", None),
        ("13/2024", None),
        ("2024-13", None),
        ("44610", None),
    ],
)
def test_each_spelling_of_a_period_has_one_meaning(text, period):
    assert period_of(text) == period


def test_a_column_of_periods_names_what_it_respelled_and_what_it_could_not_read():
    read = read_periods(pd.Series(["2024-S1", "Semester I 2024", "besok", "-", ""], dtype="str"))
    assert list(read.values) == ["2024-S1", "2024-S1", None, None, None]
    assert {name: rows.tolist() for name, rows in read.notes.items()} == {
        "period_spelling": [False, True, False, False, False],
        "period_unreadable": [False, False, True, False, False],
        "missing_dash": [False, False, False, True, False],
    }
