"""Verbs that read what people type: numbers, dates, periods, texts, and what identifies a person.

Pure and per column: a column in, values and named notes out. Nothing is guessed; what cannot be decided from
the column's own values says so.
"""

from command_center.cleaning.columns import Distinct, Notes, distinct
from command_center.cleaning.dates import DateColumn, read_dates
from command_center.cleaning.numbers import NumberColumn, read_numbers
from command_center.cleaning.periods import PeriodColumn, read_periods
from command_center.cleaning.private import PersonKey, PrivateColumn, find_private, mask, person_key
from command_center.cleaning.shares import scale_shares
from command_center.cleaning.text import TextColumn, read_texts
from command_center.cleaning.units import header_unit, unit_factor

__all__ = [
    "DateColumn",
    "Distinct",
    "Notes",
    "NumberColumn",
    "PeriodColumn",
    "PersonKey",
    "PrivateColumn",
    "TextColumn",
    "distinct",
    "find_private",
    "header_unit",
    "mask",
    "person_key",
    "read_dates",
    "read_numbers",
    "read_periods",
    "read_texts",
    "scale_shares",
    "unit_factor",
]
