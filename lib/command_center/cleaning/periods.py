"""Periods as typed ("Triwulan II 2024", "Semester 1/2024", "Agust 2024") in the house's five spellings.

Reads what names one period and its year; a quarter without a year stays unread.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc

from command_center.cleaning.columns import Notes, as_mask, distinct, per_row
from command_center.cleaning.dates import read_dates
from command_center.cleaning.missing import missing_marks
from command_center.cleaning.months import MONTH_WORD, month_number
from command_center.cleaning.text import clean_values

UNREADABLE = "period_unreadable"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "ganjil": 1, "genap": 2}
_OFFICIAL = re.compile(r"(?:19|20)\d{2}(?:-(?:Q[1-4]|S[12]|(?:0[1-9]|1[0-2])))?")
_YEAR = re.compile(r"(?:tahun|th\.?|thn\.?|year|ta\.?)\s*((?:19|20)\d{2})", re.IGNORECASE)
_PART = re.compile(
    r"(?P<kind>semester|smt\.?|sem\.?|triwulan|tri wulan|tw\.?|quarter|kuartal|q|s)[\s.\-]*"
    r"(?:ke[\s-]*)?(?P<part>iv|iii|ii|i|[1-4]|ganjil|genap)"
    r"(?:[\s,/\-]+(?:tahun\s*|th\.?\s*)?(?P<year>(?:19|20)\d{2}))",
    re.IGNORECASE,
)
_PART_AFTER = re.compile(
    r"(?P<year>(?:19|20)\d{2})[\s,/\-]+(?P<kind>semester|smt|sem|triwulan|tw|quarter|kuartal|q|s)[\s.\-]*"
    r"(?P<part>iv|iii|ii|i|[1-4]|ganjil|genap)",
    re.IGNORECASE,
)
_YEAR_DIGITS = r"(?:19|20)\d{2}"
_MONTH = re.compile(
    rf"(?:bulan\s+)?(?P<name>{MONTH_WORD})\.?[\s,/\-']+(?:tahun\s*)?(?P<year>{_YEAR_DIGITS})", re.IGNORECASE
)
_MONTH_AFTER = re.compile(rf"(?P<year>{_YEAR_DIGITS})[\s,/\-]+(?P<name>{MONTH_WORD})\.?", re.IGNORECASE)
_NUMBER = re.compile(
    rf"(?:(?P<month>\d{{1,2}})[/\-.](?P<year>{_YEAR_DIGITS})|(?P<year2>{_YEAR_DIGITS})[/.](?P<month2>\d{{1,2}}))"
)


@dataclass(frozen=True, eq=False)
class PeriodColumn:
    """`values`: the period as text per row ("2024", "2024-S1", "2024-Q3", "2024-08", "2025-09-30"), None if unread.

    `meanings`: the same for each distinct text of the column.
    `notes`, by check: missing_*, hard_space, stray_space, period_spelling (read), period_unreadable.
    """

    values: npt.NDArray[np.object_]
    notes: Notes
    meanings: npt.NDArray[np.object_]


def read_periods(cells: "pd.Series[str]") -> PeriodColumn:
    """Return the column's periods with what was seen in which row."""
    column = distinct(cells)
    texts, notes = clean_values(column)
    notes |= missing_marks(texts)
    missing = np.logical_or.reduce([notes[name] for name in notes if name.startswith("missing")])
    missing |= as_mask(pc.equal(texts, ""))
    written = texts.to_pylist()
    read = np.array([period_of(text) for text in written], dtype=object)
    unread = np.array([value is None for value in read], dtype=np.bool_)
    same = np.array([value == text for value, text in zip(read, written, strict=True)], dtype=np.bool_)
    notes |= {"period_spelling": ~unread & ~same, UNREADABLE: unread & ~missing}
    return PeriodColumn(column.spread(read, None), per_row(column, notes), read)


def period_of(text: str) -> str | None:
    """Return the period a text names, None where it names none or no year."""
    text = text.strip()
    if _OFFICIAL.fullmatch(text):
        return text
    year = _YEAR.fullmatch(text)
    if year:
        return year.group(1)
    for pattern in (_PART, _PART_AFTER):
        part = pattern.fullmatch(text)
        if part:
            return _part(part)
    for pattern in (_MONTH, _MONTH_AFTER):
        month = pattern.fullmatch(text)
        if month:
            return f"{month['year']}-{month_number(month['name']):02d}"
    number = _NUMBER.fullmatch(text)
    if number:
        month_text = number["month"] or number["month2"]
        return (
            f"{number['year'] or number['year2']}-{int(month_text):02d}"
            if 1 <= int(month_text) <= 12
            else None
        )
    return _day(text)


def _part(found: re.Match[str]) -> str | None:
    letter = "S" if found["kind"].casefold().startswith("s") else "Q"
    word = found["part"].casefold()
    number = _ROMAN[word] if word in _ROMAN else int(word)
    if letter == "S" and number > 2:
        return None
    return f"{found['year']}-{letter}{number}"


def _day(text: str) -> str | None:
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return None
    value = read_dates(pd.Series([text], dtype="str")).values[0]
    return None if np.isnat(value) else str(np.datetime_as_string(value, unit="D"))
