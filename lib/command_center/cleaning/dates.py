"""Dates in the spellings of Indonesian and English tables, read per column.

Whether 2/3/2022 begins with the day or the month is decided from all values of the column; what cannot be
decided, and a day that no calendar has, is left out and named.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from command_center.cleaning.columns import (
    Decision,
    Mask,
    Notes,
    as_mask,
    distinct,
    matches,
    per_row,
    replaced,
)
from command_center.cleaning.missing import missing_marks
from command_center.cleaning.months import month_number
from command_center.cleaning.text import clean_values

UNREADABLE, AMBIGUOUS, IMPOSSIBLE = "date_unreadable", "date_ambiguous", "date_impossible"
DAY_FIRST, MONTH_FIRST = "day first", "month first"
_TIME = r"(?:[T ,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:\s?(?:WIB|WITA|WIT|Z|[AaPp][Mm]|[+-]\d{2}:?\d{2}))?)?$"
_WEEKDAY = (
    r"(?:(?i:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad"
    r"|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
)
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_NAME = r"(?P<name>[A-Za-z]{3,10})\.?"
_ISO = r"^(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"
_PATTERNS = {
    "iso": _ISO + _TIME,
    "year_first": r"^(?P<y>\d{4})[-/. ](?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})" + _TIME,
    "numeric": r"^(?P<a>\d{1,2})\s?[-/. ]\s?(?P<b>\d{1,2})\s?[-/. ]\s?(?P<y>\d{4}|'?\d{2})" + _TIME,
    "named": "^" + _WEEKDAY + _DAY + r"[-\s./]*" + _NAME + r",?[-\s./]*(?P<y>\d{4}|'?\d{2})" + _TIME,
    "name_first": "^" + _WEEKDAY + _NAME + r"\s+" + _DAY + r",?\s+(?P<y>\d{4})" + _TIME,
}
_COMPACT = r"^(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)$"
# Excel counts days from 1899-12-30 (its 1900 leap day included): 20000 is 1954, 80000 is 2119.
_SERIAL = r"^[2-7]\d{4}(?:\.\d+)?$"
_SERIAL_ZERO = np.datetime64("1899-12-30")
# Two-digit years as POSIX reads them: 69-99 are 19.., 00-68 are 20...
_CENTURY_TURN = 69
_SHOWN = 3


@dataclass(frozen=True, eq=False)
class DateColumn:
    """`values`: datetime64[ns] per row at midnight, NaT where empty, marked as missing, unreadable or ambiguous.

    `notes`, by check: missing_* · read all the same: date_spelling, excel_serial, two_digit_year, hard_space,
    stray_space · not read: date_unreadable, date_ambiguous, date_impossible. `decision` is on the order of day
    and month, None where no value needed one.
    """

    values: npt.NDArray[np.datetime64]
    notes: Notes
    decision: Decision | None = None


@dataclass(frozen=True, eq=False)
class _Parts:
    """Year, month, day per distinct text, 0 where not read, and the spelling each was read from."""

    year: npt.NDArray[np.int64]
    month: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    spelling: npt.NDArray[np.object_]
    short_year: Mask


def read_dates(cells: "pd.Series[str]", *, sheet_order: str | None = None) -> DateColumn:
    """Return the column's dates with what was seen in which row; a time of day is dropped.

    `sheet_order` is the order the other columns of the sheet agree on, used where this one does not decide.
    """
    column = distinct(cells)
    texts, notes = clean_values(column)
    notes |= missing_marks(texts)
    missing = np.logical_or.reduce([notes[name] for name in notes if name.startswith("missing")])
    missing |= as_mask(pc.equal(texts, ""))
    parts = _taken_apart(texts)
    parts, decision, ambiguous = _ordered(texts, parts, sheet_order)
    values = _assembled(parts)
    values[ambiguous] = np.datetime64("NaT")
    serial = matches(texts, _SERIAL)
    values[serial] = _from_serial(texts.filter(pa.array(serial)))
    shaped = (parts.spelling != "") & ~ambiguous
    notes |= {
        "excel_serial": serial,
        "date_spelling": shaped & (parts.spelling != "iso") & ~np.isnat(values),
        "two_digit_year": parts.short_year & ~np.isnat(values),
        AMBIGUOUS: ambiguous,
        IMPOSSIBLE: shaped & np.isnat(values),
        UNREADABLE: ~missing & ~serial & (parts.spelling == ""),
    }
    return DateColumn(column.spread(values, np.datetime64("NaT")), per_row(column, notes), decision)


def order_of(cells: "pd.Series[str]") -> str | None:
    """Return the order of day and month that a column's own values prove, None where they prove none."""
    texts, _ = clean_values(distinct(cells))
    decision = _ordered(texts, _taken_apart(texts), None)[1]
    return decision.choice or None if decision is not None else None


def _taken_apart(texts: Any) -> _Parts:
    size = len(texts)
    year, month, day = (np.zeros(size, dtype=np.int64) for _ in range(3))
    spelling = np.full(size, "", dtype=object)
    short = np.zeros(size, dtype=np.bool_)
    for name, pattern in (*_PATTERNS.items(), ("compact", _COMPACT)):
        rows = np.flatnonzero(matches(texts, pattern) & (spelling == ""))
        if not rows.size:
            continue
        found = pc.extract_regex(texts.take(pa.array(rows)), pattern)
        years = replaced(pc.struct_field(found, "y"), "'", "")
        short[rows] = pc.utf8_length(years).to_numpy(zero_copy_only=False) == 2
        year[rows] = _full_years(_whole(years))
        if name == "numeric":
            day[rows], month[rows] = _whole(pc.struct_field(found, "a")), _whole(pc.struct_field(found, "b"))
        else:
            day[rows] = _whole(pc.struct_field(found, "d"))
            month[rows] = _months(found) if "name" in name else _whole(pc.struct_field(found, "m"))
        read = month[rows] > 0 if "name" in name else np.ones(rows.size, dtype=np.bool_)
        spelling[rows[read]] = name
    return _Parts(year, month, day, spelling, short)


def _ordered(texts: Any, parts: _Parts, sheet_order: str | None) -> tuple[_Parts, Decision | None, Mask]:
    """Settle which of the two small numbers is the day; the last element marks what stays undecided."""
    numeric = parts.spelling == "numeric"
    first, second = parts.day, parts.month
    must_day = numeric & (first > 12) & (second <= 12)
    must_month = numeric & (second > 12) & (first <= 12)
    open_ = numeric & (first <= 12) & (second <= 12) & (first != second)
    decision = (
        _order_decision(texts, parts, (must_day, must_month, open_), sheet_order) if numeric.any() else None
    )
    choice = decision.choice if decision is not None else ""
    swap = must_month | (open_ if choice == MONTH_FIRST else np.zeros_like(open_))
    settled = _Parts(
        parts.year,
        np.where(swap, first, second),
        np.where(swap, second, first),
        parts.spelling,
        parts.short_year,
    )
    return settled, decision, open_ if choice == "" else np.zeros_like(open_)


def _order_decision(
    texts: Any, parts: _Parts, masks: tuple[Mask, Mask, Mask], sheet_order: str | None
) -> Decision | None:
    must_day, must_month, open_ = masks

    def shown(*rows: Mask) -> tuple[str, ...]:
        return tuple(
            text for mask in rows for text in texts.take(pa.array(np.flatnonzero(mask)[:_SHOWN])).to_pylist()
        )

    if must_day.any() and must_month.any():
        return Decision("day or month first", "", "the column writes both", shown(must_day, must_month))
    if must_day.any():
        return Decision("day or month first", DAY_FIRST, "other values", shown(must_day))
    if must_month.any():
        return Decision("day or month first", MONTH_FIRST, "other values", shown(must_month))
    if not open_.any():
        return None
    # Indonesia writes the day first; days of one month then prove it. The other way round proves nothing: 5/1,
    # 5/2, 5/3 may be days of May or the fifth of each month.
    months = [len({*zip(parts.year[open_], part[open_], strict=True)}) for part in (parts.month, parts.day)]
    if months[0] == 1 and months[1] > 2:
        return Decision("day or month first", DAY_FIRST, "all fall into one month", shown(open_))
    if sheet_order is not None:
        return Decision("day or month first", sheet_order, "other columns of the sheet", shown(open_))
    return Decision("day or month first", "", "no value of the column decides", shown(open_))


def _assembled(parts: _Parts) -> npt.NDArray[np.datetime64]:
    """Midnight of each day; NaT for what no calendar has and for years outside 1800-2199."""
    whole = (
        (parts.month >= 1)
        & (parts.month <= 12)
        & (parts.day >= 1)
        & (parts.year >= 1800)
        & (parts.year < 2200)
    )
    months = np.where(whole, (parts.year - 1970) * 12 + parts.month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (np.where(whole, parts.day, 1) - 1)
    whole &= days.astype("datetime64[M]") == months
    days[~whole] = np.datetime64("NaT")
    midnights: npt.NDArray[np.datetime64] = days.astype("datetime64[ns]")
    return midnights


def _from_serial(texts: Any) -> npt.NDArray[np.datetime64]:
    days = np.floor(pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)).astype(np.int64)
    dates: npt.NDArray[np.datetime64] = (_SERIAL_ZERO + days.astype("timedelta64[D]")).astype(
        "datetime64[ns]"
    )
    return dates


def _full_years(years: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    century = np.where(years < _CENTURY_TURN, 2000, 1900)
    return np.where(years < 100, years + century, years)


def _months(found: Any) -> npt.NDArray[np.int64]:
    words = pc.struct_field(found, "name").to_pylist()
    return np.array([month_number(word) or 0 for word in words], dtype=np.int64)


def _whole(texts: Any) -> npt.NDArray[np.int64]:
    numbers: npt.NDArray[np.int64] = pc.cast(texts, pa.int64()).to_numpy(zero_copy_only=False)
    return numbers


def day_of(text: str) -> date | None:
    """Return the day one text with a single reading means, None otherwise; for titles and file names."""
    column = read_dates(pd.Series([text], dtype="str"))
    value = column.values[0]
    return None if np.isnat(value) else pd.Timestamp(value).date()
