"""Positions as people send them: decimal commas, both in one cell, axes swapped, links of map services.

Each oddity is put right and named, or named and left alone; a short link holds no position and is never followed.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.roads.parameters import Bounds

Mask = npt.NDArray[np.bool_]
_DEGREES = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"({_DEGREES})\s*[,;/ ]\s*({_DEGREES})")
_PAIR_COMMAS = re.compile(r"([-+]?\d{1,3},\d+)\s*[,;/ ]\s*([-+]?\d{1,3},\d+)")
# The place itself stands before the view of the map, so it is looked for first.
_LINK_PARTS = (
    re.compile(rf"!3d({_DEGREES})!4d({_DEGREES})"),
    re.compile(
        rf"[?&](?:q|query|ll|destination|daddr|center|loc|cp)=(?:loc:)?({_DEGREES})(?:,|%2C|~)\s*({_DEGREES})",
        re.I,
    ),
    re.compile(rf"(?:^|[^a-z])geo:({_DEGREES}),({_DEGREES})", re.I),
    re.compile(rf"/(?:search|place|dir)/({_DEGREES})(?:,|%2C)\+?({_DEGREES})", re.I),
    re.compile(rf"@({_DEGREES}),({_DEGREES})"),
    re.compile(rf"[#&?](?:map=\d+(?:\.\d+)?/)({_DEGREES})/({_DEGREES})", re.I),
    re.compile(rf"[?&]mlat=({_DEGREES})&mlon=({_DEGREES})", re.I),
)
_LINK = re.compile(r"https?://|^geo:|maps\.app\.goo\.gl|goo\.gl/maps", re.IGNORECASE)
_SHORT = re.compile(r"(?:maps\.app\.goo\.gl|goo\.gl/maps|maps\.google\.com/\?cid)", re.IGNORECASE)
_NUMBER = re.compile(r"^[-+−–]?\d{1,3}(?:[.,]\d+)?°?$")


@dataclass(frozen=True, eq=False)
class Positions:
    """`lat`, `lon` in degrees, NaN where there is none; `notes`: check of `faults` -> rows it holds for."""

    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    notes: dict[str, Mask]


def read_positions(
    lat: "pd.Series[str]", lon: "pd.Series[str]", further: "pd.Series[str] | None" = None
) -> Positions:
    """Return positions from two columns of text; `further` may hold a map link where both are empty.

    Notes: decimal_comma, one_cell, map_link, short_link, no_position.
    """
    first, second = _texts(lat), _texts(lon)
    size = len(first)
    notes = {
        name: np.zeros(size, dtype=np.bool_)
        for name in ("decimal_comma", "one_cell", "map_link", "short_link")
    }
    y = pd.to_numeric(first, errors="coerce").to_numpy(dtype="float64").copy()
    x = pd.to_numeric(second, errors="coerce").to_numpy(dtype="float64").copy()
    y[~np.isfinite(y)] = np.nan
    x[~np.isfinite(x)] = np.nan
    others = _texts(further) if further is not None else pd.Series("", index=first.index)
    for at in np.flatnonzero(np.isnan(y) | np.isnan(x)):
        y[at], x[at], seen = _odd_position(first.iloc[at], second.iloc[at], others.iloc[at])
        for name in seen:
            notes[name][at] = True
    notes["no_position"] = np.isnan(y) & ~notes["short_link"]
    return Positions(y, x, notes)


def within(lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64], bounds: Bounds) -> Mask:
    """Return which positions lie within the bounds; a missing one does not."""
    inside: Mask = (lon >= bounds.west) & (lon <= bounds.east) & (lat >= bounds.south) & (lat <= bounds.north)
    return inside


def put_right(positions: Positions, bounds: Bounds) -> Positions:
    """Return the positions with swapped axes put right, where only the swapped reading lies within the bounds.

    Adds the notes axes_swapped and outside.
    """
    lat, lon = positions.lat, positions.lon
    swapped = ~within(lat, lon, bounds) & within(lon, lat, bounds)
    right_lat, right_lon = np.where(swapped, lon, lat), np.where(swapped, lat, lon)
    outside = ~np.isnan(lat) & ~within(right_lat, right_lon, bounds)
    return Positions(right_lat, right_lon, {**positions.notes, "axes_swapped": swapped, "outside": outside})


def link_position(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude a map link holds, None where it holds none."""
    for pattern in _LINK_PARTS:
        found = pattern.search(text)
        if found:
            return float(found[1]), float(found[2])
    return None


def _texts(cells: "pd.Series[str]") -> "pd.Series[str]":
    return cells.astype("object").fillna("").astype("str").str.replace("\xa0", " ").str.strip()


def _odd_position(first: str, second: str, further: str) -> tuple[float, float, tuple[str, ...]]:
    """Return a position that is not just two numbers, and what was odd about it."""
    if _NUMBER.match(first) and _NUMBER.match(second):
        return _degrees(first), _degrees(second), ("decimal_comma",) if "," in first + second else ()
    for text in (first, second, further):
        if _LINK.search(text):
            linked = link_position(text)
            if linked:
                return (*linked, ("map_link",))
            if _SHORT.search(text):
                return np.nan, np.nan, ("short_link",)
    for text in (first, second):
        found = _PAIR_COMMAS.fullmatch(text)
        if found:
            return _degrees(found[1]), _degrees(found[2]), ("one_cell", "decimal_comma")
        found = _PAIR.fullmatch(text)
        if found:
            return float(found[1]), float(found[2]), ("one_cell",)
    return np.nan, np.nan, ()


def _degrees(text: str) -> float:
    return float(text.rstrip("°").replace(",", ".").replace("−", "-").replace("–", "-"))
