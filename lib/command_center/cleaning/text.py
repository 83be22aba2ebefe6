"""Texts as typed: stray and hard spaces, control characters, letters garbled by a wrong encoding.

Repairs only what has one reading, and names each repair; spelling is left alone.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from command_center.cleaning.columns import (
    Distinct,
    Mask,
    Notes,
    as_mask,
    distinct,
    matches,
    per_row,
    replaced,
    rewritten,
)
from command_center.cleaning.missing import missing_marks

HARD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_HARD = f"[{HARD_SPACES}]"
# Line breaks and tabs are white space; the rest of C0 and C1, soft hyphens and zero-width signs are not text.
CONTROL = "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff]"
_STRAY = r"^\s|\s$|\s{2}|[\t\r\n]"
# UTF-8 read as Windows-1252: a lead byte (Â Ã â) followed by what its continuation bytes became.
_CONTINUED = (
    "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
)
_GARBLED = f"[\u00c2\u00c3][{_CONTINUED}]|\u00e2[\u20ac\u0080-\u00bf]"
# Printable ASCII with single spaces inside is clean already.
_NEEDS_A_LOOK = r"[^ -~]|^ | $|  "
_LOST = "\ufffd"
_UNDEFINED_IN_CP1252 = re.compile("[\u0081\u008d\u008f\u0090\u009d]")


@dataclass(frozen=True, eq=False)
class TextColumn:
    """`texts`: the cleaned texts (a text column; missing where empty or marked as missing); `notes` by check.

    Notes: hard_space, stray_space, control_character, mojibake (repaired), lost_character, missing_*.
    """

    texts: "pd.Series[str]"
    notes: Notes


def read_texts(cells: "pd.Series[str]", *, marks_are_missing: bool = True) -> TextColumn:
    """Return the column's texts cleaned, with what was done to which row.

    With `marks_are_missing` a dash, "n/a", "nihil" and the like are missing values.
    """
    column = distinct(cells)
    texts, notes = clean_values(column)
    gone = as_mask(pc.equal(texts, ""))
    if marks_are_missing:
        marks = missing_marks(texts)
        notes |= marks
        gone = np.logical_or.reduce([gone, *marks.values()])
    return TextColumn(rewritten(column, texts, gone), per_row(column, notes))


def clean_values(column: Distinct) -> tuple[pa.Array, dict[str, Mask]]:
    """Return the distinct texts cleaned, as an Arrow array, with the notes on each."""
    texts = column.texts
    if not matches(texts, _NEEDS_A_LOOK).any():
        return texts, {}
    notes = {"mojibake": matches(texts, _GARBLED), "lost_character": matches(texts, _LOST)}
    if notes["mojibake"].any():
        texts, notes["mojibake"] = _ungarble(texts, notes["mojibake"])
    notes["control_character"] = matches(texts, CONTROL)
    if notes["control_character"].any():
        texts = replaced(texts, CONTROL, "")
    notes["hard_space"] = matches(texts, _HARD)
    if notes["hard_space"].any():
        texts = replaced(texts, _HARD, " ")
    notes["stray_space"] = matches(texts, _STRAY)
    if notes["stray_space"].any():
        texts = pc.utf8_trim_whitespace(replaced(texts, r"\s+", " "))
        # A trailing hard space is one fault, not two.
        notes["stray_space"] &= ~notes["hard_space"]
    return texts, notes


def looks_garbled(text: str) -> bool:
    """Return whether the text shows the marks of UTF-8 read as Windows-1252."""
    return re.search(_GARBLED, text) is not None


def _ungarble(texts: pa.Array, suspects: Mask) -> tuple[pa.Array, Mask]:
    mended = texts.to_pylist()
    done = np.zeros(len(mended), dtype=np.bool_)
    for position in np.flatnonzero(suspects):
        text = _redecoded(mended[position])
        if text is not None:
            mended[position], done[position] = text, True
    return pa.array(mended, type=pa.string()), done


def _redecoded(text: str) -> str | None:
    codec = "latin-1" if _UNDEFINED_IN_CP1252.search(text) else "cp1252"
    try:
        return text.encode(codec).decode("utf-8")
    except UnicodeError:
        return None
