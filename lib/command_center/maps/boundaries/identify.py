"""Which row of a boundary file is which region: by a column of codes found by its content, else by names.

Never takes a name for a region outside its kecamatan and never cuts or pads a code.
"""

import math
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from command_center.errors import UnknownRegionError
from command_center.maps.boundaries.reading import SENDER, BoundaryError
from command_center.regions import (
    VILLAGE_LEVELS,
    AmbiguousRegionError,
    RegionMatch,
    RegionTree,
    ResolvedCode,
)

# How a code of any regency looks: dotted Kemendagri, or 6, 7 or 10 digits in either system.
_ANY_CODE = re.compile(r"(\d{2}\.\d{2})\.\d{2}(\.\d{4})?|(\d{2})(\d{2})(\d{2,3}|\d{6})")
_ENOUGH_DIGITS = re.compile(r"\d\D?\d\D?\d\D?\d")


@dataclass(frozen=True)
class NearMatch:
    """A name taken for a region although it is spelled otherwise."""

    text: str
    code: str
    score: float


@dataclass(frozen=True)
class Identification:
    """The region code of each row (None where there is none), and how it was found.

    `level` is "desa" (desa and kelurahan) or "kec"; `system` is "kemendagri", "bps" or "name".
    """

    codes: tuple[str | None, ...]
    level: str
    column: str
    system: str
    near: tuple[NearMatch, ...] = ()

    @property
    def distinct(self) -> int:
        """How many regions were found."""
        return len(set(self.codes) - {None})


def identify(frame: gpd.GeoDataFrame, inside: np.ndarray, regions: RegionTree, where: str) -> Identification:
    """Return the region of each row. Codes are looked for in all rows, names only in those `inside`.

    Village codes are preferred to village names, those to kecamatan codes, those to kecamatan names.
    Raises BoundaryError when the file is of another regency, has no column of codes or names, or when
    nothing in it matches.
    """
    columns = [name for name in frame.columns if name != frame.geometry.name]
    village_codes = _by_codes(frame, columns, regions, VILLAGE_LEVELS, "desa")
    if village_codes is not None:
        return village_codes
    district_codes = _by_codes(frame, columns, regions, ("kec",), "kec")
    district_names = _by_district_names(frame, columns, regions, inside)
    found = _by_village_names(frame, columns, regions, inside, district_codes or district_names)
    found = found or district_codes or district_names
    if found is None:
        raise _nothing_found(frame, columns, regions, where)
    return found


def other_regency_codes(values: Sequence[Any], root: str) -> list[str]:
    """Return the regency codes ("35.22") that codes of other regencies among the values begin with."""
    seen = {prefix for value in values if (prefix := _regency_of(value)) not in (None, root)}
    return sorted(str(prefix) for prefix in seen)


def _by_codes(
    frame: gpd.GeoDataFrame,
    columns: Sequence[str],
    regions: RegionTree,
    levels: Sequence[str],
    level: str,
) -> Identification | None:
    best: Identification | None = None
    for column in columns:
        found = _per_value(frame[column], lambda value: _code_in(value, regions))
        wanted = [one if one is not None and regions.get(one.code).level in levels else None for one in found]
        systems = {one.system for one in wanted if one is not None}
        codes = tuple(one.code if one is not None else None for one in wanted)
        one = Identification(codes, level, str(column), "bps" if systems == {"bps"} else "kemendagri")
        # Ties go to the system the project itself uses: both columns may stand side by side.
        if systems and (best is None or _rank(one) > _rank(best)):
            best = one
    return best


def _rank(found: Identification) -> tuple[int, bool]:
    return found.distinct, found.system == "kemendagri"


def _by_district_names(
    frame: gpd.GeoDataFrame, columns: Sequence[str], regions: RegionTree, inside: np.ndarray
) -> Identification | None:
    best, best_score = None, 0
    for column in _text_columns(frame, columns):
        matches = _per_value(frame[column].where(inside), lambda text: _match(regions, text, None, "kec"))
        codes = tuple(m.code if m is not None and m.how != "fuzzy" else None for m in matches)
        one = Identification(codes, "kec", column, "name")
        # Rows times regions: a column of villages shares a few names with the kecamatan, the regency's own
        # name fits one kecamatan in every row.
        score = one.distinct * sum(code is not None for code in codes)
        if score > best_score:
            best, best_score = one, score
    return best


def _by_village_names(
    frame: gpd.GeoDataFrame,
    columns: Sequence[str],
    regions: RegionTree,
    inside: np.ndarray,
    districts: Identification | None,
) -> Identification | None:
    within = districts.codes if districts is not None else (None,) * len(frame)
    in_scope = sum(code is not None for code in within) if districts is not None else int(inside.sum())
    best: Identification | None = None
    for column in _text_columns(frame, columns):
        codes: list[str | None] = []
        near: list[NearMatch] = []
        for text, parent, is_inside in zip(frame[column], within, inside, strict=True):
            scoped = is_inside and (districts is None or parent is not None)
            found = _match(regions, text, parent, VILLAGE_LEVELS) if scoped else None
            if found is not None and found.how == "fuzzy":
                # A near miss is believed only inside a known kecamatan, and is reported.
                if parent is None:
                    found = None
                else:
                    near.append(NearMatch(str(text), found.code, round(found.score, 1)))
            codes.append(found.code if found is not None else None)
        one = Identification(tuple(codes), "desa", column, "name", tuple(near))
        if best is None or one.distinct > best.distinct:
            best = one
    # Each kecamatan has a capital that is a village: a column of capitals must not pass for villages.
    if best is None or best.distinct <= len(regions.districts) or best.distinct * 2 < in_scope:
        return None
    return best


def _match(
    regions: RegionTree, text: Any, within: str | None, level: str | tuple[str, ...]
) -> RegionMatch | None:
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        return regions.match(text, within=within, level=level)
    except (UnknownRegionError, AmbiguousRegionError):
        return None


def _code_in(value: Any, regions: RegionTree) -> ResolvedCode | None:
    if not isinstance(value, str | int | float) or not _ENOUGH_DIGITS.search(str(value)):
        return None
    try:
        return regions.find_code(value)
    except AmbiguousRegionError:
        return None


def _per_value(values: pd.Series, function: Callable[[Any], Any]) -> list[Any]:
    """Apply to each distinct value once: a national file repeats its names thousands of times."""
    seen: dict[Hashable, Any] = {}
    plain = [_plain(value) for value in values]
    for value in plain:
        if value not in seen:
            seen[value] = function(value)
    return [seen[value] for value in plain]


def _plain(value: Any) -> Any:
    """A cell as Python's own number or text; None for a missing or a nested one."""
    value = value.item() if isinstance(value, np.generic) else value
    is_missing = isinstance(value, float) and math.isnan(value)
    return value if isinstance(value, str | int | float) and not is_missing else None


def _text_columns(frame: gpd.GeoDataFrame, columns: Sequence[str]) -> list[str]:
    return [name for name in columns if any(isinstance(value, str) for value in frame[name])]


def _regency_of(value: Any) -> str | None:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    found = _ANY_CODE.fullmatch(text)
    if found is None:
        return None
    return found.group(1) or f"{found.group(3)}.{found.group(4)}"


def _nothing_found(
    frame: gpd.GeoDataFrame, columns: Sequence[str], regions: RegionTree, where: str
) -> BoundaryError:
    for column in columns:
        values = [_plain(value) for value in frame[column]]
        others = other_regency_codes(values, regions.root.code)
        if others and sum(_regency_of(value) is not None for value in values) * 2 >= len(values):
            return BoundaryError(
                f"The file is of another regency: column '{column}' holds codes of {', '.join(others[:5])}",
                where=where,
                who=SENDER,
                next_step=f"send the boundaries of {regions.label(regions.root.code)} ({regions.root.code})",
            )
    listed = ", ".join(str(column) for column in columns) or "none"
    what = "No row matches a region" if _text_columns(frame, columns) else "No column holds codes or names"
    return BoundaryError(
        f"{what}; the columns are: {listed}",
        where=where,
        who=SENDER,
        next_step="add a column with the Kemendagri or BPS code of each desa or kecamatan",
    )
