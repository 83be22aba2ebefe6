"""Numbers, money, dates and periods come out as people in the country write them, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from command_center.locale import Locale, LocaleError

INDONESIAN, ENGLISH = Locale("id"), Locale("en")
MISSING = [None, float("nan"), np.float64("nan"), pd.NA, pd.NaT]


@pytest.mark.parametrize(
    ("value", "decimals", "indonesian", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1234.5, None, "1.234,5", "1,234.5"),
        (1234.0, None, "1.234", "1,234"),
        (0.285, 2, "0,29", "0.29"),
        (2.5, 0, "3", "3"),
        (-0.5, 1, "-0,5", "-0.5"),
        (Decimal("99.995"), 2, "100,00", "100.00"),
        (np.int64(21630), 0, "21.630", "21,630"),
    ],
)
def test_numbers_use_the_separators_of_the_language(
    value: float, decimals: int | None, indonesian: str, english: str
) -> None:
    assert INDONESIAN.number(value, decimals) == indonesian
    assert ENGLISH.number(value, decimals) == english


def test_a_percentage_is_given_as_percent_not_as_ratio() -> None:
    assert INDONESIAN.percent(10.58, decimals=2) == "10,58%"
    assert ENGLISH.percent(10.58, decimals=2) == "10.58%"
    assert INDONESIAN.percent(104.18) == "104,18%"
    assert INDONESIAN.percent(67, decimals=0) == "67%"


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (2.61e9, "Rp2,61 miliar", "Rp2.61 billion"),
        (125_050_000_000, "Rp125,05 miliar", "Rp125.05 billion"),
        (1.5e6, "Rp1,5 juta", "Rp1.5 million"),
        (2.66105e12, "Rp2,66 triliun", "Rp2.66 trillion"),
        (450_000, "Rp450.000", "Rp450,000"),
        (999_999_999, "Rp1 miliar", "Rp1 billion"),
        (-3e9, "-Rp3 miliar", "-Rp3 billion"),
        (0, "Rp0", "Rp0"),
    ],
)
def test_rupiah_takes_the_scale_word_that_fits(value: float, indonesian: str, english: str) -> None:
    assert INDONESIAN.rupiah(value) == indonesian
    assert ENGLISH.rupiah(value) == english


def test_rupiah_in_full_names_every_rupiah() -> None:
    assert INDONESIAN.rupiah(2.61e9, full=True) == "Rp2.610.000.000"


def test_dates_are_written_day_month_year() -> None:
    assert INDONESIAN.date(date(2022, 2, 18)) == "18 Februari 2022"
    assert ENGLISH.date(date(2022, 2, 18)) == "18 February 2022"


def test_a_moment_names_its_time_zone_and_assumes_none() -> None:
    moment = datetime(2026, 11, 24, 5, 42, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert INDONESIAN.moment(moment) == "24 November 2026, 05.42 WIB"
    assert ENGLISH.moment(moment) == "24 November 2026, 05:42 WIB"
    assert INDONESIAN.moment(moment.astimezone(UTC)).startswith("23 November 2026, 22.42 ")
    assert INDONESIAN.moment(moment.replace(tzinfo=None)) == "24 November 2026, 05.42"


@pytest.mark.parametrize(
    ("period", "indonesian", "english", "short"),
    [
        ("2024", "2024", "2024", "2024"),
        ("2024-S1", "Semester I 2024", "Semester I 2024", "Sem I 2024"),
        ("2024-Q3", "Triwulan III 2024", "Quarter III 2024", "Tw III 2024"),
        ("2024-08", "Agustus 2024", "August 2024", "Agu 2024"),
        ("2025-09-30", "30 September 2025", "30 September 2025", "30 Sep 2025"),
    ],
)
def test_periods_are_said_in_words(period: str, indonesian: str, english: str, short: str) -> None:
    assert INDONESIAN.period(period) == indonesian
    assert ENGLISH.period(period) == english
    assert INDONESIAN.period(period, short=True) == short


@pytest.mark.parametrize(
    "text", ["", "24", "2024-S3", "2024-Q5", "2024-13", "2024-02-30", "2024-8", "Agustus"]
)
def test_what_is_not_a_period_is_refused_with_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(LocaleError, match="2024-Q3"):
        INDONESIAN.period(text)


@pytest.mark.parametrize("value", MISSING)
def test_a_missing_value_becomes_words_everywhere(value: float | None) -> None:
    written = [INDONESIAN.number, INDONESIAN.percent, INDONESIAN.rupiah, INDONESIAN.quantity, INDONESIAN.date]
    assert {write(value) for write in written} == {"belum ada data"}  # type: ignore[operator]
    assert INDONESIAN.quantity_parts(value, "%") == ("belum ada data", "")
    assert INDONESIAN.change(value) == "belum ada pembanding"
    assert INDONESIAN.period(None) == "belum ada data"
    assert ENGLISH.number(value) == "no data yet"


def test_a_change_between_percentages_is_said_in_points() -> None:
    assert INDONESIAN.change(-0.84, "%", 2) == "turun 0,84 poin"
    assert INDONESIAN.change(0.84, "%", 2, since="2024") == "naik 0,84 poin dari 2024"
    assert INDONESIAN.change(-61, "anak", 0, since="2025-02") == "turun 61 anak dari Februari 2025"
    assert INDONESIAN.change(1.2e9, "Rp") == "naik Rp1,2 miliar"
    assert ENGLISH.change(-0.84, "%", 2, since="2024") == "down 0.84 points from 2024"


def test_a_change_that_rounds_to_nothing_is_no_change() -> None:
    assert INDONESIAN.change(0.004, "%", 2) == "tetap"
    assert INDONESIAN.change(0, "%", 2, since="2024") == "tetap dari 2024"


def test_a_card_gets_figure_and_unit_apart() -> None:
    assert INDONESIAN.quantity_parts(10.58, "%", 2) == ("10,58", "%")
    assert INDONESIAN.quantity_parts(2.61e9, "Rp") == ("Rp2,61", "miliar")
    assert INDONESIAN.quantity_parts(3769, "anak", 0) == ("3.769", "anak")
    assert INDONESIAN.quantity(3769, "anak", 0) == "3.769 anak"
    assert INDONESIAN.quantity(10.58, "%", 2) == "10,58%"
