"""From a name as people write it to a region: case, prefixes, spacing, recorded spellings, near misses.

Never chooses between two regions that fit equally well, and never leaves the scope it was given.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from rapidfuzz import fuzz, process

from command_center.errors import CommandCenterError, UnknownRegionError

# One changed letter in a name of six scores 83, in a name of eight 88: short names must agree.
FUZZY_CUTOFF = 86.0
# Both within one letter of the text: that much apart two short names score, so neither may be chosen.
FUZZY_MARGIN = 8.0

_VILLAGES = frozenset({"desa", "kel"})
_PREFIX_LEVELS = {
    "kabupaten": frozenset({"kab"}),
    "kab": frozenset({"kab"}),
    "kecamatan": frozenset({"kec"}),
    "kec": frozenset({"kec"}),
    # Sources write "desa" before a kelurahan and the other way round: either word means a village.
    "desa": _VILLAGES,
    "ds": _VILLAGES,
    "kelurahan": _VILLAGES,
    "kel": _VILLAGES,
}
_PREFIX = re.compile(rf"^({'|'.join(_PREFIX_LEVELS)})(?:\.\s*|\s+)(?=\S)")
_SPACES = re.compile(r"\s+")


class _Named(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def spellings(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class RegionMatch:
    """The region a text means: `how` is "exact", "spelling" or "fuzzy", `score` 0-100.

    `runner_up` is the next best code of a fuzzy match, None where there is none or it was not needed.
    """

    code: str
    how: str
    score: float
    runner_up: str | None = None


class AmbiguousRegionError(CommandCenterError):
    """A name or code that means more than one region; `candidates` are their codes."""

    def __init__(self, what: str, *, candidates: Sequence[str], where: str = "", next_step: str = "") -> None:
        self.candidates = tuple(candidates)
        super().__init__(what, where=where, who="the sender of the file", next_step=next_step)

    def __reduce__(self) -> tuple[object, ...]:
        return (*super().__reduce__(), {"candidates": self.candidates})


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """Return a name in lower case with single spaces, without trailing marks such as * or a full stop."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _SPACES.sub(" ", folded).strip().rstrip("*.,;:† ").strip()


def split_prefix(name: str) -> tuple[str, frozenset[str] | None]:
    """Return a normalised name without its title (kec., desa, ...) and the levels the title allows."""
    found = _PREFIX.match(name)
    return (name[found.end() :], _PREFIX_LEVELS[found.group(1)]) if found else (name, None)


def match_region(
    text: str,
    scope: Sequence[_Named],
    *,
    label: Callable[[str], str],
    within: str | None = None,
    elsewhere: Sequence[_Named] = (),
) -> RegionMatch:
    """Return the one region of `scope` the text means; see RegionTree.match.

    `label` titles a code in messages, `within` is the title of the scope, `elsewhere` the regions outside it.
    """
    whole = normalise(str(text))
    bare, levels = split_prefix(whole)
    if levels is not None:
        scope = [region for region in scope if region.level in levels]
    known = _by_name(whole, bare, scope)
    if known is not None:
        how, found = known
        return _settle(text, how, found, scope, label)
    near = _nearest(bare, scope)
    best, runner_up = (*near, None, None)[:2]
    if best is not None and best[1] >= FUZZY_CUTOFF:
        if runner_up is not None and best[1] - runner_up[1] < FUZZY_MARGIN:
            raise _ambiguous(text, [best[0], runner_up[0]], label)
        return RegionMatch(best[0], "fuzzy", best[1], runner_up[0] if runner_up else None)
    raise _unknown(text, near, within, _by_name(whole, bare, elsewhere), label)


def _by_name(whole: str, bare: str, scope: Sequence[_Named]) -> tuple[str, list[_Named]] | None:
    """The first kind of agreement that finds a region: official name, recorded spelling, spacing only."""
    squeezed = bare.replace(" ", "")
    tests: tuple[tuple[str, Callable[[_Named], bool]], ...] = (
        ("exact", lambda region: normalise(region.name) == bare),
        ("spelling", lambda region: any(normalise(one) in (whole, bare) for one in region.spellings)),
        ("spelling", lambda region: squeezed in {_squeeze(one) for one in (region.name, *region.spellings)}),
    )
    if not squeezed:
        return None
    for how, agrees in tests:
        found = [region for region in scope if agrees(region)]
        if found:
            return how, found
    return None


def _settle(
    text: str, how: str, found: list[_Named], scope: Sequence[_Named], label: Callable[[str], str]
) -> RegionMatch:
    names = {_squeeze(region.name) for region in found}
    # A variant of a name that two regions bear is as ambiguous as the name itself.
    bearers = [region for region in scope if region in found or _squeeze(region.name) in names]
    if how == "spelling" and len(found) == 1:
        bearers = [r for r in bearers if r is found[0] or r.level in _peers(found[0].level)]
    if len(bearers) > 1:
        raise _ambiguous(text, [region.code for region in bearers], label)
    return RegionMatch(found[0].code, how, 100.0)


def _peers(level: str) -> frozenset[str]:
    return _VILLAGES if level in _VILLAGES else frozenset({level})


@lru_cache(maxsize=8192)
def _squeeze(name: str) -> str:
    return split_prefix(normalise(name))[0].replace(" ", "")


def _nearest(bare: str, scope: Sequence[_Named]) -> list[tuple[str, float]]:
    """The three nearest regions as (code, score), best first; a region scores by its best spelling."""
    names: list[tuple[str, str]] = [
        (region.code, _squeeze(one)) for region in scope for one in (region.name, *region.spellings)
    ]
    hits: list[tuple[Any, float, int]] = process.extract(
        bare.replace(" ", ""), [name for _, name in names], scorer=fuzz.ratio, limit=12
    )
    best: dict[str, float] = {}
    for _, score, position in hits:
        best.setdefault(names[position][0], float(score))
    return list(best.items())[:3]


def _ambiguous(text: str, codes: Sequence[str], label: Callable[[str], str]) -> AmbiguousRegionError:
    listed = ", ".join(f"{code} {label(code)}" for code in codes)
    return AmbiguousRegionError(
        f"'{text}' may be {listed}",
        candidates=codes,
        next_step="give the level, the kecamatan or the code",
    )


def _unknown(
    text: str,
    near: Sequence[tuple[str, float]],
    within: str | None,
    outside: tuple[str, list[_Named]] | None,
    label: Callable[[str], str],
) -> UnknownRegionError:
    advice = f"nearest names: {', '.join(label(code) for code, _ in near)}" if near else "give the code"
    if outside is not None:
        advice += f"; the name occurs outside: {', '.join(f'{r.code} {label(r.code)}' for r in outside[1])}"
    return UnknownRegionError(
        f"No region is called '{text}'" + (f" in {within}" if within else ""),
        who="the sender of the file",
        next_step=advice,
    )
