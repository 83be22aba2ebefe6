"""Numbers: every spelling of the field is read to the same value, and what was odd about it is named."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_center.cleaning import read_numbers, scale_shares
from command_center.cleaning.marks import Declared
from command_center.cleaning.numbers import sheet_mark


def column(*texts, **options):
    return read_numbers(pd.Series(list(texts), dtype="str"), **options)


def noted(read, row=0):
    return {name for name, rows in read.notes.items() if rows[row]}


@pytest.mark.parametrize(
    ("text", "unit", "value", "notes"),
    [
        ("1234", None, 1234, set()),
        ("-7", None, -7, set()),
        ("12.5", None, 12.5, set()),
        ("1.234,56", None, 1234.56, {"thousands_separator", "decimal_comma"}),
        ("1,234.56", None, 1234.56, {"thousands_separator"}),
        ("1.234.567", None, 1234567, {"thousands_separator"}),
        ("12,5", None, 12.5, {"decimal_comma"}),
        ("0,125", None, 0.125, {"decimal_comma"}),
        ("0.125", None, 0.125, set()),
        ("2 244", None, 2244, {"thousands_separator"}),
        ("1'234'567", None, 1234567, {"thousands_separator"}),
        ("Rp 1.234.567,-", "idr", 1234567, {"thousands_separator", "currency_text"}),
        ("Rp1.234.567,00", "idr", 1234567, {"thousands_separator", "decimal_comma", "currency_text"}),
        ("Rp. 2,61 miliar", "idr", 2.61e9, {"decimal_comma", "currency_text", "unit_converted"}),
        ("12,5 %", "percent", 12.5, {"decimal_comma", "percent_sign"}),
        ("80%", "percent", 80, {"percent_sign"}),
        ("650 M", "m", 650, {"unit_in_cell"}),
        ("0 Meter", "m", 0, {"unit_in_cell"}),
        ("1.5 km", "m", 1500, {"unit_converted"}),
        ("650 m", "km", 0.65, {"unit_converted"}),
        ("12 ribu", "persons", 12000, {"unit_converted"}),
        ("5 juta orang", "persons", 5e6, {"unit_converted"}),
        ("319,97 \u00a0", "m", 319.97, {"hard_space", "decimal_comma"}),
        ("2\u202f244", None, 2244, {"hard_space", "thousands_separator"}),
        ("     32 ", None, 32, {"stray_space"}),
        ("(250)", None, -250, {"accounting_negative"}),
        ("'250", None, 250, {"leading_apostrophe"}),
        ("250*)", None, 250, {"footnote_mark"}),
        ("250.", None, 250, {"footnote_mark"}),
        ("1,5E+03", None, 1500, {"scientific_notation"}),
        ("-", None, math.nan, {"missing_dash"}),
        (".", None, math.nan, {"missing_dash"}),
        ("n/a", None, math.nan, {"missing_word"}),
        ("None", None, math.nan, {"missing_word"}),
        ("NIHIL", None, math.nan, {"missing_nil"}),
        ("/40", None, math.nan, {"number_unreadable"}),
        ("Lainnya", None, math.nan, {"number_unreadable"}),
        ("1.23.456", None, math.nan, {"number_unreadable"}),
        ("12 5", None, math.nan, {"number_unreadable"}),
        ("10-20", None, math.nan, {"number_unreadable"}),
        ("12 km", "persons", math.nan, {"number_unreadable"}),
        ("Rp 500", "km", math.nan, {"number_unreadable"}),
        ("12 %", "persons", math.nan, {"number_unreadable"}),
        ("#REF!", None, math.nan, {"spreadsheet_error"}),
        ("=B2+C2", None, math.nan, {"formula_text"}),
    ],
)
def test_each_spelling_has_one_value_and_its_notes(text, unit, value, notes):
    read = column(text, unit=unit)
    assert noted(read) == notes
    np.testing.assert_equal(read.values[0], value)


@pytest.mark.parametrize(
    ("texts", "value", "choice", "basis"),
    [
        (["1.234", "17,5"], 1234, ",", "other values"),
        (["1.234", "1.234.567"], 1234, ",", "other values"),
        (["1.234", "17.5"], 1.234, ".", "other values"),
        (["1.234", "2,345.50"], 1.234, ".", "other values"),
        (["1,234", "17,5"], 1.234, ",", "other values"),
        (["1,234", "17.5"], 1234, ".", "other values"),
        (["1.234", "950", "12"], 1234, ",", "no larger number without a sign"),
        (["1.234", "5000"], 1.234, ".", "larger numbers without a sign"),
    ],
)
def test_a_sign_with_two_readings_is_decided_by_the_other_values(texts, value, choice, basis):
    read = column(*texts)
    assert read.values[0] == value
    assert (read.decision.choice, read.decision.basis) == (choice, basis)
    assert read.decision.evidence


def test_a_sign_is_decided_by_the_declared_type_range_and_by_the_sheet():
    assert column("1.234", declared=Declared(whole=True)).values[0] == 1234
    assert column("1.234", declared=Declared(maximum=100)).values[0] == 1.234
    assert column("1.234", declared=Declared(minimum=100)).values[0] == 1234
    assert column("1.234", sheet_mark=",").values[0] == 1234
    assert column("1.234", sheet_mark=".").values[0] == 1.234


@pytest.mark.parametrize("texts", [["1.234"], ["1.234", "17,5", "17.5"], ["1.234", "1,234"]])
def test_an_undecided_sign_is_not_read_and_says_so(texts):
    read = column(*texts)
    assert np.isnan(read.values[0])
    assert noted(read) == {"number_ambiguous"}
    assert not read.decision.is_made


def test_the_mark_of_a_sheet_is_what_all_its_columns_agree_on():
    comma = pd.Series(["1.234,5", "12"], dtype="str")
    point = pd.Series(["12.5"], dtype="str")
    assert sheet_mark({"a": comma}) == ","
    assert sheet_mark({"a": point}) == "."
    assert sheet_mark({"a": comma, "b": point}) is None


@pytest.mark.parametrize(
    ("texts", "values", "note"),
    [
        (["0.125", "0.5", "0.75"], [12.5, 50, 75], "share_as_fraction"),
        (["0,125", "1", "0"], [12.5, 100, 0], "share_as_fraction"),
        (["0.125"], [math.nan], "share_ambiguous"),
        (["67.5", "45.2", "52.1", "0.61"], [67.5, 45.2, 52.1, math.nan], "share_mixed"),
        (["67.5", "0.9", "1.2", "3"], [67.5, 0.9, 1.2, 3], None),
        (["0.9 %", "12.5 %"], [0.9, 12.5], None),
    ],
)
def test_shares_are_told_from_percentages_by_the_whole_column(texts, values, note):
    read, _ = scale_shares(column(*texts, unit="percent"))
    np.testing.assert_allclose(read.values, values)
    assert {name for name in read.notes if name.startswith("share")} == ({note} if note else set())


WHOLE = st.integers(min_value=0, max_value=10**12)
FRACTION = st.integers(min_value=0, max_value=99)


def grouped(number, sign):
    return f"{number:,}".replace(",", sign)


@given(WHOLE, FRACTION)
def test_any_number_in_indonesian_spelling_is_read_back(whole, cents):
    text = f"{grouped(whole, '.')},{cents:02d}"
    assert column(text).values[0] == float(f"{whole}.{cents:02d}")
    assert column(f"Rp {text}", unit="idr").values[0] == float(f"{whole}.{cents:02d}")


@given(WHOLE, FRACTION)
def test_any_number_in_english_spelling_is_read_back(whole, cents):
    read = column(f"{whole:,}.{cents:02d}", "17.5")
    assert read.values[0] == float(f"{whole}.{cents:02d}")


SPELLINGS = {
    "plain": lambda whole, cents: f"{whole}{cents and '.'}{cents}",
    "decimal comma": lambda whole, cents: f"{whole}{cents and ','}{cents}",
    "Indonesian": lambda whole, cents: f"{grouped(whole, '.')}{cents and ','}{cents}",
    "English": lambda whole, cents: f"{grouped(whole, ',')}{cents and '.'}{cents}",
    "spaced": lambda whole, cents: f"{grouped(whole, ' ')}{cents and ','}{cents}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(
    st.lists(st.tuples(WHOLE, st.integers(0, 99), st.booleans()), min_size=1, max_size=20), st.integers(0, 2)
)
def test_a_column_in_one_spelling_is_read_back_or_said_to_be_ambiguous_never_read_as_another_number(
    spelling, numbers, digits
):
    cents = [f"{hundredths:02d}"[:digits] for _, hundredths, _ in numbers]
    signs = ["-" if negative else "" for *_, negative in numbers]
    wholes = [whole for whole, *_ in numbers]
    written = [
        sign + SPELLINGS[spelling](whole, cent)
        for sign, whole, cent in zip(signs, wholes, cents, strict=True)
    ]
    meant = [
        float(f"{sign}{whole}.{cent or 0}") for sign, whole, cent in zip(signs, wholes, cents, strict=True)
    ]
    read = column(*written)
    for at, value in enumerate(meant):
        assert read.values[at] == value or noted(read, at) == {"number_ambiguous"}


@pytest.mark.parametrize("text", ["1E400", "-1,5e+999", "9" * 400])
def test_a_number_beyond_all_measure_is_unreadable_and_not_infinite(text):
    read = column(text, "5")
    assert np.isnan(read.values[0])
    assert noted(read) == {"number_unreadable"}
    assert read.values[1] == 5


@given(st.lists(WHOLE, min_size=1, max_size=30))
def test_whole_numbers_grouped_by_points_or_spaces_are_read_in_a_whole_column(numbers):
    for sign in (".", " ", ",", "\u00a0"):
        read = column(*[grouped(number, sign) for number in numbers], declared=Declared(whole=True))
        np.testing.assert_array_equal(read.values, numbers)


@given(st.lists(st.text(max_size=12), max_size=20))
def test_no_text_whatever_is_lost_every_cell_is_read_or_named(texts):
    read = column(*texts)
    named = np.zeros(len(texts), dtype=bool)
    for rows in read.notes.values():
        named |= rows
    assert (named | ~np.isnan(read.values) | np.array([not text.strip() for text in texts], dtype=bool)).all()


@given(st.lists(st.sampled_from(["1.234", "17,5", "2.5", "12", "-", "", "x", "1.234.567"]), max_size=12))
def test_a_row_reads_the_same_wherever_it_stands_in_the_column(texts):
    forward, backward = column(*texts), column(*texts[::-1])
    np.testing.assert_array_equal(forward.values, backward.values[::-1])
