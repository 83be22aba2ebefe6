"""The unit words of Indonesian and English tables and what they are worth in a declared unit.

Converts between units of one family only; a word that may mean two things (M: metre, miliar) is read by the
declared unit, and one that does not fit it is refused.
"""

import re
from functools import lru_cache

_SCALES = {
    "ribu": 1e3, "rb": 1e3, "ribuan": 1e3, "thousand": 1e3,
    "juta": 1e6, "jt": 1e6, "jutaan": 1e6, "million": 1e6,
    "miliar": 1e9, "milyar": 1e9, "billion": 1e9, "bn": 1e9,
    "triliun": 1e12, "trilyun": 1e12, "trillion": 1e12,
}  # fmt: skip
_LENGTHS_M = {
    "m": 1.0, "meter": 1.0, "metre": 1.0, "meters": 1.0, "mtr": 1.0, "mt": 1.0,
    "km": 1e3, "kilometer": 1e3, "kilometre": 1e3, "kilo": 1e3,
    "hm": 1e2, "cm": 1e-2, "mm": 1e-3,
}  # fmt: skip
_MONEY = {"rp": 1.0, "rupiah": 1.0, "idr": 1.0}
# In a rupiah column these letters are amounts, in a length column they are not money.
_MONEY_SHORT = {"m": 1e9, "t": 1e12}
_COUNTED = {
    "orang", "jiwa", "org", "anak", "balita", "kk", "rumah", "unit", "buah", "bh", "desa", "kelurahan", "kasus",
    "persons", "people", "person", "households", "household", "ruas", "paket", "lembar", "kpm", "keluarga",
    "murid", "siswa", "guru", "tahun", "years", "hari", "days", "jam", "hours", "titik", "poin",
}  # fmt: skip
_PERCENT = {"%", "persen", "prosen", "percent", "pct"}
_UNIT_LENGTH_M = {"m": 1.0, "km": 1e3}
_HEADER = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|\b(?:dalam|in)\s+(.+)$")
_FILLER = {"satuan", "dalam", "in", "unit", "of", "dlm"}
_WORDS = re.compile(r"[^\W\d_]+|%")


@lru_cache(maxsize=4096)
def unit_factor(words: str, unit: str | None) -> float | None:
    """Return by how much a number with these words after it is multiplied to stand in `unit`.

    "km" in a column of metres gives 1000, "juta" 1e6 in any column of amounts; None where the words are not
    known or belong to another family than `unit`.
    """
    factor = 1.0
    for word in _tokens(words):
        worth = _worth(word, unit)
        if worth is None:
            return None
        factor *= worth
    return factor


def header_unit(header: str, unit: str | None) -> tuple[str, float] | None:
    """Return the unit words a header states in brackets or after "dalam", with their factor to `unit`.

    None where the header states none, or none that fits.
    """
    for found in _HEADER.finditer(" ".join(header.split())):
        words = _tokens(next(part for part in found.groups() if part is not None))
        kept = [word for word in words if word not in _FILLER]
        factor = unit_factor(" ".join(kept), unit) if kept else None
        if factor is not None:
            return " ".join(kept), factor
    return None


def _tokens(words: str) -> list[str]:
    return _WORDS.findall(words.casefold())


def _worth(word: str, unit: str | None) -> float | None:
    if unit in _UNIT_LENGTH_M:
        return _LENGTHS_M[word] / _UNIT_LENGTH_M[unit] if word in _LENGTHS_M else _SCALES.get(word)
    if unit == "percent":
        return 1.0 if word in _PERCENT else None
    if word in _SCALES:
        return _SCALES[word]
    if unit == "idr":
        return _MONEY.get(word, _MONEY_SHORT.get(word))
    return 1.0 if word in _COUNTED else None
