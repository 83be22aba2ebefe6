"""Month names, in full and abbreviated, Indonesian and English, with the old and the common spellings."""

import re

_NAMES: tuple[tuple[str, ...], ...] = (
    ("januari", "january", "jan", "djanuari"),
    ("februari", "february", "feb", "pebruari", "peb", "febuari", "febr"),
    ("maret", "march", "mar", "mrt"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agu", "aug", "agust", "ags", "agt"),
    ("september", "sep", "sept"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov", "nop", "nopember"),
    ("desember", "december", "des", "dec"),
)
MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names}
# The forms a date is expected to use; any other spelling is read and named.
USUAL = frozenset(name for names in _NAMES for name in names[:2])
MONTH_WORD = "|".join(sorted(MONTHS, key=len, reverse=True))
_LETTERS = re.compile(r"[^a-z]")


def month_number(word: str) -> int | None:
    """Return 1-12 for a month's name in any known spelling, None for another word."""
    return MONTHS.get(_LETTERS.sub("", word.casefold()))
