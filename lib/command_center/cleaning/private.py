"""What identifies a person: 16-digit numbers (NIK, family card) and telephone numbers, found in any text.

Finds, masks and replaces by a keyed code. No message and no returned object here holds such a number in clear;
a plain hash would not do, since a NIK encodes region and birth date and is quickly guessed through.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from command_center.cleaning.columns import Distinct, Notes, as_mask, distinct, matches, per_row, rewritten
from command_center.errors import SettingsError

KEY_VARIABLE = "COMMAND_CENTER_PERSON_KEY"
SHORTEST_KEY = 32
IDENTITY, FAMILY_CARD, PHONE = "private_identity_number", "private_family_card", "private_phone"

# What such numbers look like by themselves; what may stand around them is in the patterns below.
_SIXTEEN_DIGITS = "\\d(?:[ .\\-\u00a0\u202f]?\\d){15}"
_MOBILE_NUMBER = r"(?:\(?\+?62\)?|0)[ .\-]{0,2}8[1-9](?:[ .\-]?\d){6,11}"
_FIXED_NUMBER = r"(?:\(0\d{2,3}\)[ \-]?|(?:\+62|0)[ \-]?[2-9]\d{1,2}[ \-])\d{3,4}[ \-]?\d{3,4}"
# Sixteen digits in any grouping, not the end of a decimal fraction and not the beginning of a longer number.
_SIXTEEN = re.compile(rf"(?<!\d)(?<!\d[.,]){_SIXTEEN_DIGITS}(?!\d)(?![.,]\d)")
_SEPARATORS = re.compile(r"[^\d]")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+")
_MOBILE = re.compile(rf"(?<![\d.,]){_MOBILE_NUMBER}(?!\d)")
_FIXED_LINE = re.compile(rf"(?<![\d.,]){_FIXED_NUMBER}(?!\d)")
# Cheap first sieve over all texts, by RE2, which cannot look around; the exact patterns run on what passes.
_SIEVE = "|".join((_SIXTEEN_DIGITS, _MOBILE_NUMBER, _FIXED_NUMBER)).replace(r"\d", r"\p{Nd}")
_FEWEST_DIGITS = 9
_FAMILY_WORD = re.compile(r"\bkk\b|kartu keluarga|family card", re.IGNORECASE)
_FAMILY_HEADER = re.compile(r"\b(?:no\w*\.?\s*)?kk\b|kartu.keluarga|family.card", re.IGNORECASE)
_DIGITS = re.compile(r"\D")
_SPACES = re.compile(r"\s+")


class PersonKey:
    """A secret under which the same person gets the same code, and nobody can compute it without the secret."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        """Keep the secret; SettingsError when it is shorter than 32 bytes."""
        if len(secret) < SHORTEST_KEY:
            raise SettingsError(
                f"The key for personal numbers is shorter than {SHORTEST_KEY} characters",
                where=f"the environment variable {KEY_VARIABLE}",
                who="the administrator",
                next_step="set it to a long random text and keep it: a new key makes all codes new",
            )
        self._secret = secret

    def __repr__(self) -> str:
        return "PersonKey(…)"

    def code(self, text: str) -> str:
        """Return the HMAC-SHA256 of a number or name as 64 hexadecimal digits, however it was spaced or cased."""
        return hmac.new(self._secret, canonical(text).encode("utf-8"), hashlib.sha256).hexdigest()

    def codes(self, cells: "pd.Series[str]") -> npt.NDArray[np.object_]:
        """Return the code of every cell, None where empty."""
        column = distinct(cells)
        coded = np.array([self.code(text) for text in column.values], dtype=object)
        return column.spread(coded, None)


def person_key(environ: Mapping[str, str] | None = None) -> PersonKey | None:
    """Return the key the environment holds, None where it holds none; SettingsError for one too short."""
    secret = (os.environ if environ is None else environ).get(KEY_VARIABLE, "")
    return PersonKey(secret.encode("utf-8")) if secret else None


def canonical(text: str) -> str:
    """Return what a number or name is whatever its spelling: digits only, or single-spaced lower case."""
    digits = _DIGITS.sub("", text)
    letters = any(letter.isalpha() for letter in text)
    return _SPACES.sub(" ", text).strip().casefold() if letters or not digits else digits


@dataclass(frozen=True, eq=False)
class PrivateColumn:
    """`texts`: the column with every personal number masked (a text column); `notes` by check, see the names above."""

    texts: "pd.Series[str]"
    notes: Notes = field(default_factory=dict)


def find_private(cells: "pd.Series[str]", *, header: str = "", numeric: bool = False) -> PrivateColumn:
    """Return the column masked, and which rows held an identity number, a family card or a telephone number.

    `header` tells a family card from a NIK where the text does not. In a `numeric` column only sixteen bare
    digits and numbers written as telephone numbers count, so that amounts stay amounts.
    """
    column = distinct(cells)
    suspects = _suspects(column)
    if not suspects.size:
        return PrivateColumn(cells)
    texts = column.values.to_numpy(dtype=object).copy()
    notes = {name: np.zeros(len(texts), dtype=np.bool_) for name in (IDENTITY, FAMILY_CARD, PHONE)}
    family = bool(_FAMILY_HEADER.search(header))
    for position in suspects:
        text = texts[position]
        kinds = _kinds(text, numeric=numeric)
        if IDENTITY in kinds and (family or _FAMILY_WORD.search(text)):
            kinds = (kinds - {IDENTITY}) | {FAMILY_CARD}
        for kind in kinds:
            notes[kind][position] = True
        if kinds:
            texts[position] = mask(text)
    found = per_row(column, notes)
    return (
        PrivateColumn(rewritten(column, pa.array(texts, type=pa.string())), found)
        if found
        else PrivateColumn(cells)
    )


def mask(text: str) -> str:
    """Return the text with every personal number reduced to its first and last four digits (phones: two last)."""
    text = _SIXTEEN.sub(lambda hit: _shortened(hit) if _is_identity(hit) else hit.group(), text)
    for pattern in (_MOBILE, _FIXED_LINE):
        text = pattern.sub(_mask_phone, text)
    return text


def mask_name(text: str) -> str:
    """Return a name as the first letter of each word."""
    return " ".join(f"{word[0]}***" for word in text.split())


def _kinds(text: str, *, numeric: bool) -> set[str]:
    hits = [hit for hit in _SIXTEEN.finditer(text) if _is_identity(hit)]
    kinds = {IDENTITY} if hits else set()
    rest = _SIXTEEN.sub(lambda hit: " " if _is_identity(hit) else hit.group(), text)
    if any(pattern.search(rest) for pattern in (_MOBILE, _FIXED_LINE)) and not (
        numeric and rest[:1] not in "0+("
    ):
        kinds.add(PHONE)
    return kinds


def _is_identity(hit: re.Match[str]) -> bool:
    """Whether sixteen digits are a number of a person: not an amount in groups of three, not a decimal fraction."""
    separators = _SEPARATORS.findall(hit.group())
    return separators != ["."] and not _GROUPED.fullmatch(hit.group())


def _shortened(hit: re.Match[str]) -> str:
    digits = _DIGITS.sub("", hit.group())
    return f"{digits[:4]}********{digits[-4:]}"


def _mask_phone(found: re.Match[str]) -> str:
    digits = _DIGITS.sub("", found.group())
    return f"{digits[:4]}****{digits[-2:]}"


def _suspects(column: Distinct) -> npt.NDArray[np.intp]:
    """Positions of the distinct texts that may hold a personal number; most columns have none long enough."""
    long = np.flatnonzero(as_mask(pc.greater_equal(pc.binary_length(column.texts), _FEWEST_DIGITS)))
    return long[matches(column.texts.take(pa.array(long)), _SIEVE)]
