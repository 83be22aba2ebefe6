"""Numbers in every spelling of Indonesian and English tables, read per column.

A text with one reading is read and what was odd about it is named; a text with two readings is decided by
the column (see marks) or left out as ambiguous. No text is read as zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from command_center.cleaning.columns import (
    Decision,
    Distinct,
    Mask,
    Notes,
    as_mask,
    distinct,
    matches,
    per_row,
    replaced,
)
from command_center.cleaning.marks import COMMA, SHAPES, Declared, Mark, decide_mark
from command_center.cleaning.missing import missing_marks
from command_center.cleaning.text import clean_values
from command_center.cleaning.units import unit_factor

UNREADABLE, AMBIGUOUS = "number_unreadable", "number_ambiguous"
# Read as it stands, nothing to name. Three digits after the only point are left to the column.
_PLAIN = r"^-?(?:\d+|0\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d{3})$"
_ERROR = r"^#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$"
_FORMULA = r"^[=@][A-Za-z(+\-]|^[+\-][A-Za-z]+\|"
_SCIENTIFIC = r"^[-+]?\d(?:[.,]\d+)?[eE][-+]?\d{1,3}$"
_FOOTNOTE = r"(?:\*+\)?|[†‡]|\s\d\))$"
_NEVER_MONEY = ("m", "km", "percent", "years", "days", "hours")
_BARE = r"^-?\d(?:[\d.,' ]*\d)?$"
_PARTS = (
    r"^(?P<open>\()?(?P<sign>[-+])?\s?(?P<money>(?i:rp|idr)\.?\s?)?(?P<inner>-)?"
    r"(?P<digits>[\d.,][\d.,' ]*?)(?P<tail>,[-=]+|\.-)?\s?(?P<percent>%|(?i:persen|prosen|percent))?"
    r"\s?(?:(?P<words>\pL[\pL .]*?)\.?)?(?P<close>\))?$"
)


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """`values`: float64 per row, NaN where empty, marked as missing, unreadable or ambiguous.

    `notes`, by check: missing_dash, missing_word, missing_nil · read all the same: thousands_separator,
    decimal_comma, currency_text, percent_sign, unit_in_cell, unit_converted, hard_space, stray_space,
    control_character, footnote_mark, accounting_negative, leading_apostrophe, scientific_notation ·
    not read: number_unreadable, number_ambiguous, spreadsheet_error, formula_text.
    `decision` is on the decimal mark, None where no value needed one.
    """

    values: npt.NDArray[np.float64]
    notes: Notes
    decision: Decision | None = None


def read_numbers(
    cells: "pd.Series[str] | Distinct",
    *,
    unit: str | None = None,
    declared: Declared | None = None,
    sheet_mark: Mark | None = None,
) -> NumberColumn:
    """Return the column's numbers in `unit`, with what was seen in which row.

    Unit words after a number are converted to `unit` (see units); ambiguous signs are decided by
    `marks.decide_mark`, for which `declared` and `sheet_mark` are further evidence.
    """
    column = distinct(cells)
    texts = column.texts
    plain = column.matches(_PLAIN, digits=True)
    values = np.full(len(texts), np.nan)
    values[plain] = _floats(texts.filter(pa.array(plain)))
    # A number beyond all measure is none.
    plain &= ~np.isinf(values)
    if plain.all():
        return NumberColumn(column.spread(values, np.nan), {})
    odd = np.flatnonzero(~plain)
    reading = _read_odd(
        texts.take(pa.array(odd)),
        (texts, plain),
        unit,
        declared or Declared(),
        sheet_mark,
    )
    values[odd] = reading.values
    notes = {name: _placed(mask, odd, len(texts)) for name, mask in reading.notes.items()}
    return NumberColumn(column.spread(values, np.nan), per_row(column, notes), reading.decision)


def sheet_mark(columns: Mapping[str, "pd.Series[str]"]) -> Mark | None:
    """Return the decimal mark all columns of a sheet agree on by values with one reading, None otherwise."""
    votes = set()
    for cells in columns.values():
        texts = pc.utf8_trim_whitespace(_with_more_than_digits(distinct(cells).texts))
        if (
            matches(texts, r"^(?:Rp\.? ?)?\d{1,3}(?:\.\d{3})*,\d+(?: ?%)?$").any()
            and not matches(texts, r"^\d{1,3},\d{3}$").any()
        ):
            votes.add(COMMA)
        if matches(texts, r"^(?:Rp\.? ?)?\d{1,3}(?:,\d{3})+\.\d+$|^\d+\.(?:\d{1,2}|\d{4,})$").any():
            votes.add(".")
    return next(iter(votes)) if len(votes) == 1 else None


def _with_more_than_digits(texts: Any) -> Any:
    return texts.filter(pc.invert(pc.ascii_is_decimal(texts)))


def _read_odd(
    odd: Any, others: tuple[Any, Mask], unit: str | None, declared: Declared, sheet: Mark | None
) -> NumberColumn:
    """Read distinct texts that are not plain; `others` are all texts and which are plain, as evidence."""
    texts, notes = clean_values(Distinct(odd, np.arange(len(odd), dtype=np.int32)))
    notes |= missing_marks(texts)
    missing = np.logical_or.reduce([notes[name] for name in notes if name.startswith("missing")])
    missing |= as_mask(pc.equal(texts, ""))
    notes |= {"spreadsheet_error": matches(texts, _ERROR), "formula_text": matches(texts, _FORMULA)}
    texts = _stripped(texts, notes)
    parts = _taken_apart(texts, unit)
    notes["footnote_mark"] |= parts.trailing
    shapes = _shapes(parts.digits)
    decision = _decide(parts.digits, shapes, others, declared, sheet)
    values, used = _valued(parts.digits, shapes, decision)
    scientific = matches(texts, _SCIENTIFIC)
    values = np.where(scientific, _floats(_scientific(texts)), values * parts.factor)
    values = np.where((parts.negative | parts.bracketed) & ~scientific, -values, values)
    values[missing | (parts.refused & ~scientific) | notes["formula_text"] | np.isinf(values)] = np.nan
    read = ~np.isnan(values)
    notes |= {name: mask & read for name, mask in used.items()}
    notes |= {
        "currency_text": read & parts.money,
        "percent_sign": read & parts.percent,
        "unit_in_cell": read & parts.worded & (parts.factor == 1.0),
        "unit_converted": read & parts.worded & (parts.factor != 1.0),
        "accounting_negative": read & parts.bracketed,
        "scientific_notation": read & scientific,
        "footnote_mark": read & notes["footnote_mark"],
        AMBIGUOUS: used[AMBIGUOUS] & ~parts.refused & ~missing,
    }
    told = notes["spreadsheet_error"] | notes["formula_text"] | notes[AMBIGUOUS]
    notes[UNREADABLE] = ~(read | missing | told)
    return NumberColumn(values, notes, decision)


@dataclass(frozen=True, eq=False)
class _Parts:
    """A number's digits (Arrow) and what stood around them, per text."""

    digits: Any
    negative: Mask
    bracketed: Mask
    money: Mask
    percent: Mask
    worded: Mask
    trailing: Mask
    refused: Mask
    factor: npt.NDArray[np.float64]


def _taken_apart(texts: Any, unit: str | None) -> _Parts:
    """Digits alone need one test; only what has more around them is taken apart, which is ten times as dear."""
    texts = replaced(texts, "^[−–]", "-")
    bare = matches(texts, _BARE)
    negative = bare & as_mask(pc.starts_with(texts, "-"))
    rows = np.flatnonzero(~bare)
    found = pc.extract_regex(texts.take(pa.array(rows)), _PARTS)
    size = len(texts)
    negative[rows] = _has(found, "sign", "-") ^ _has(found, "inner", "-")
    opened, closed = _has(found, "open"), _has(found, "close")
    percent, money, words = _has(found, "percent"), _has(found, "money"), _filled(found, "words")
    factor, known = _factors(words, unit)
    refused = ~known | (opened ^ closed) | (percent & (unit not in (None, "percent")))
    refused |= money & (unit in _NEVER_MONEY)
    written = pc.if_else(pa.array(bare), texts, pa.scalar("", pa.string()))
    written = pc.replace_with_mask(written, pa.array(~bare), _filled(found, "digits"))
    trimmed = pc.utf8_rtrim(pc.utf8_ltrim(written, characters="-"), characters=" .,'")
    trailing = as_mask(pc.not_equal(pc.utf8_ltrim(written, characters="-"), trimmed))
    factors = np.ones(size)
    factors[rows] = factor
    return _Parts(
        digits=replaced(trimmed, r"(\d)'(\d)", r"\1 \2"),
        negative=negative,
        bracketed=_placed(opened & closed, rows, size),
        money=_placed(money | _has(found, "tail"), rows, size),
        percent=_placed(percent, rows, size),
        worded=_placed(as_mask(pc.not_equal(words, "")), rows, size),
        trailing=trailing,
        refused=_placed(refused, rows, size),
        factor=factors,
    )


def _stripped(texts: Any, notes: dict[str, Mask]) -> Any:
    """Take off what stands around a number without meaning anything, and note it."""
    for name, pattern in (("leading_apostrophe", "^['`’]"), ("footnote_mark", _FOOTNOTE)):
        found = matches(texts, rf"\d.*{pattern}" if pattern.endswith("$") else pattern)
        notes[name] = found
        if found.any():
            bare = pc.utf8_trim_whitespace(replaced(texts, pattern, ""))
            texts = pc.if_else(pa.array(found), bare, texts)
    return texts


def _shapes(digits: Any) -> dict[str, Mask]:
    taken = np.zeros(len(digits), dtype=np.bool_)
    shapes: dict[str, Mask] = {}
    for name, pattern in SHAPES.items():
        shapes[name] = matches(digits, pattern) & ~taken
        taken |= shapes[name]
    return shapes


def _decide(
    digits: Any, shapes: dict[str, Mask], others: tuple[Any, Mask], declared: Declared, sheet: Mark | None
) -> Decision | None:
    if not (shapes["one_point"].any() or shapes["one_comma"].any()):
        return None
    texts, plain = others
    known = replaced(texts.filter(pa.array(plain)), "^-", "")
    both = pa.concat_arrays([digits.cast(pa.string()), known.cast(pa.string())])
    return decide_mark(_shapes(both), both.to_numpy(zero_copy_only=False), declared, sheet)


def _valued(
    digits: Any, shapes: dict[str, Mask], decision: Decision | None
) -> tuple[npt.NDArray[np.float64], dict[str, Mask]]:
    """The numbers and how they were written; an undecided sign gives NaN."""
    nothing = np.zeros(len(digits), dtype=np.bool_)
    mark = decision.choice if decision is not None else ""
    point, comma = shapes["one_point"], shapes["one_comma"]
    grouped_point = point if mark == COMMA else nothing
    decimal_comma, grouped_comma = (comma, nothing) if mark == COMMA else (nothing, comma)
    # Digits whose points, or commas, group thousands; what is left is the decimal mark.
    no_points = shapes["points"] | shapes["points_comma"] | grouped_point
    no_commas = shapes["commas"] | shapes["commas_point"] | grouped_comma
    text = replaced(digits, " ", "")
    text = pc.if_else(pa.array(no_points), replaced(text, r"\.", ""), text)
    text = pc.if_else(pa.array(no_commas), replaced(text, ",", ""), text)
    with_comma = shapes["points_comma"] | shapes["spaced_comma"] | shapes["decimal_comma"] | decimal_comma
    text = pc.if_else(pa.array(with_comma), replaced(text, ",", "."), text)
    shaped = np.logical_or.reduce(list(shapes.values()))
    undecided = (point | comma) if mark == "" else nothing
    spaced = shapes["spaced"] | shapes["spaced_comma"] | shapes["spaced_point"]
    values = _floats(pc.if_else(pa.array(shaped & ~undecided), text, pa.scalar(None, pa.string())))
    return values, {
        "thousands_separator": no_points | no_commas | spaced,
        "decimal_comma": with_comma,
        AMBIGUOUS: undecided,
    }


def _factors(words: Any, unit: str | None) -> tuple[npt.NDArray[np.float64], Mask]:
    factors = np.ones(len(words))
    known = np.ones(len(words), dtype=np.bool_)
    for position, text in enumerate(words.to_pylist()):
        if text:
            factor = unit_factor(text, unit)
            factors[position], known[position] = (np.nan, False) if factor is None else (factor, True)
    return factors, known


def _scientific(texts: Any) -> Any:
    matching = pa.array(matches(texts, _SCIENTIFIC))
    return pc.if_else(matching, replaced(texts, ",", "."), pa.scalar(None, pa.string()))


def _floats(texts: Any) -> npt.NDArray[np.float64]:
    values = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray(values, dtype=np.float64).copy()


def _filled(parts: Any, name: str) -> Any:
    return pc.fill_null(pc.struct_field(parts, name), "")


def _has(parts: Any, name: str, sign: str = "") -> Mask:
    """Whether the part is there, or, with a sign, is that sign."""
    part = _filled(parts, name)
    return as_mask(pc.equal(part, sign) if sign else pc.not_equal(part, ""))


def _placed(mask: Mask, positions: npt.NDArray[np.intp], size: int) -> Mask:
    placed = np.zeros(size, dtype=np.bool_)
    placed[positions] = mask
    return placed
