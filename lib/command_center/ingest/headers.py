"""Which column of a sheet is which field of the declaration, told from its header cells.

Names, titles in both languages and declared aliases are known; a header that only resembles one is suggested
and waits for a yes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process

from command_center.catalog import Dataset, Field
from command_center.cleaning import mask

SUGGESTED_FROM = 80.0
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NOT_WORD = re.compile(r"[^\w%]+")
_PIECES = re.compile(r"[\n/]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class HeaderCell:
    """One part of a column's header; `is_shared` where the cell spans other columns too."""

    text: str
    is_shared: bool = False


@dataclass(frozen=True)
class SourceColumn:
    """A column of the sheet: its header as one line (personal numbers masked) and the field it holds.

    `field` is None for a column not known; then `suggestion` is the field it may be, "" for none, with its
    likeness in per cent. `how`: name, title, alias, confirmed, or "".
    """

    position: int
    header: str
    field: str | None = None
    how: str = ""
    suggestion: str = ""
    score: float = 0.0
    has_line_break: bool = False
    repeats: str = ""


@dataclass(frozen=True)
class HeaderNames:
    """Every way the headers of one dataset may be written, as normal keys."""

    dataset: Dataset
    confirmed: Mapping[str, str] = field(default_factory=dict)

    def keys(self) -> dict[str, tuple[str, str]]:
        """Return normal key -> (field, how); of two fields with one key the earlier declared keeps it."""
        known: dict[str, tuple[str, str]] = {}
        for header, name in self.confirmed.items():
            known.setdefault(normal_key(header), (name, "confirmed"))
        for how in ("name", "title", "alias"):
            for one in self.dataset.table.fields:
                for text in _written(one, how):
                    known.setdefault(normal_key(text), (one.name, how))
        # Without the unit in brackets a key is weaker, so it never displaces a full one.
        for how in ("title", "alias"):
            for one in self.dataset.table.fields:
                for text in _written(one, how):
                    known.setdefault(normal_key(_BRACKETS.sub(" ", text)), (one.name, how))
        known.pop("", None)
        return known


@lru_cache(maxsize=1 << 16)
def normal_key(text: str) -> str:
    """Return a header as words only: lower case, no punctuation, single spaces."""
    return _NOT_WORD.sub(" ", _CAMEL.sub(" ", text).replace("_", " ").casefold()).strip()


def header_line(parts: Sequence[HeaderCell]) -> str:
    """Return a column's header as one line, its rows joined, personal numbers masked."""
    return mask(" ".join(" ".join(part.text.split()) for part in parts))


def match_columns(columns: Sequence[Sequence[HeaderCell]], names: HeaderNames) -> tuple[SourceColumn, ...]:
    """Return the columns in order, each field given to at most one of them.

    `columns` holds each column's header parts from top to bottom. The longest key wins; a second column with the
    same header is left without field and says which field it `repeats`.
    """
    known = names.keys()
    claims = sorted(
        (-len(key), at, *known[key])
        for at, parts in enumerate(columns)
        for key in candidate_keys(parts)
        if key in known
    )
    taken: dict[int, tuple[str, str]] = {}
    given: set[str] = set()
    repeats: dict[int, str] = {}
    for _, at, name, how in claims:
        if at in taken:
            continue
        if name in given:
            repeats.setdefault(at, name)
            continue
        taken[at] = (name, how)
        given.add(name)
    open_fields = [one for one in names.dataset.table.fields if one.name not in given]
    return tuple(
        _column(at, parts, taken.get(at), repeats.get(at, ""), open_fields)
        for at, parts in enumerate(columns)
    )


def count_matches(columns: Sequence[Sequence[HeaderCell]], known: Mapping[str, tuple[str, str]]) -> int:
    """Return how many fields these headers name."""
    return len({known[key][0] for parts in columns for key in candidate_keys(parts) if key in known})


def candidate_keys(parts: Sequence[HeaderCell]) -> list[str]:
    """Return the keys a column may be known by: runs of its header rows, halves of bilingual cells.

    A cell spanning several columns names none of them alone.
    """
    own = [not part.is_shared for part in parts]
    if not any(own):
        own = [True] * len(parts)
    keys: dict[str, None] = {}
    for start in range(len(parts)):
        for stop in range(start + 1, len(parts) + 1):
            if any(own[start:stop]):
                text = " ".join(part.text for part in parts[start:stop])
                keys.update(dict.fromkeys((normal_key(text), normal_key(_BRACKETS.sub(" ", text)))))
    for part, is_own in zip(parts, own, strict=True):
        if is_own:
            keys.update((normal_key(piece), None) for piece in _bilingual(part.text))
    keys.pop("", None)
    return list(keys)


def _bilingual(text: str) -> list[str]:
    """The pieces of a cell written in two languages, also where each half has a slash of its own."""
    pieces = [piece for piece in _PIECES.split(text) if piece.strip()]
    joined = [f"{one} {other}" for one, other in pairwise(pieces)]
    return [*text.split("\n"), *pieces, *joined]


def _written(one: Field, how: str) -> tuple[str, ...]:
    if how == "name":
        return (one.name,)
    if how == "title":
        return (one.title.id, one.title.en) if one.title else ()
    return one.aliases


def _column(
    at: int,
    parts: Sequence[HeaderCell],
    taken: tuple[str, str] | None,
    repeats: str,
    open_fields: Sequence[Field],
) -> SourceColumn:
    header = header_line(parts)
    has_break = any("\n" in part.text.strip() for part in parts)
    if taken is not None:
        return SourceColumn(at, header, taken[0], taken[1], has_line_break=has_break)
    suggestion, score = _suggest(parts, open_fields) if not repeats else ("", 0.0)
    return SourceColumn(at, header, None, "", suggestion, score, has_break, repeats)


def _suggest(parts: Sequence[HeaderCell], open_fields: Sequence[Field]) -> tuple[str, float]:
    """The open field whose writing resembles the header most, "" below SUGGESTED_FROM."""
    choices = {
        normal_key(text): one.name
        for one in open_fields
        for how in ("alias", "title", "name")
        for text in _written(one, how)
    }
    best: tuple[str, float] = ("", 0.0)
    for key in candidate_keys(parts):
        found = process.extractOne(
            key, list(choices), scorer=fuzz.token_sort_ratio, score_cutoff=SUGGESTED_FROM
        )
        if found is not None and found[1] > best[1]:
            best = (choices[found[0]], float(found[1]))
    return best
