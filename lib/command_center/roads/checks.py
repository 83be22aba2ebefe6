"""What must hold of an inventory and its survey: contiguous, no overlap, lengths of the decree, direction.

Every function returns faults and changes nothing.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from command_center.roads.condition import Numbers, column_of
from command_center.roads.faults import Fault, faults_where
from command_center.roads.inventory import Inventory
from command_center.roads.parameters import Tolerances

_TOUCH_M = 0.5
_KM = 1000.0
# A line is drawn backwards where both its ends lie nearer to the other end's place, by this factor.
_CLEARLY = 0.5


def check_links(inventory: Inventory, tolerances: Tolerances) -> list[Fault]:
    """Return what is wrong with the roads themselves: numbers, decree lengths, lines."""
    links = inventory.links
    codes, length = links["road_code"], links["length_km"]
    repeated = (codes.ne("") & codes.duplicated(keep=False)).to_numpy()
    drawn = links.geometry.length.to_numpy(dtype="float64", na_value=np.nan)
    share = drawn / (length.where(length > 0).to_numpy(dtype="float64") * _KM)
    off = np.abs(share - 1) * 100 > tolerances.geometry_tolerance_pct
    return [
        *faults_where(links, repeated, "repeated_road", "road_code", codes),
        *faults_where(links, codes.eq("").to_numpy(), "no_road_code", "road_code", codes),
        *faults_where(links, ~(length > 0).to_numpy(), "no_length", "length_km", codes),
        *faults_where(links, off, "geometry_differs", "geometry", [f"{each:.1%}" for each in share]),
    ]


def check_direction(links: gpd.GeoDataFrame, places: pd.DataFrame, tolerances: Tolerances) -> list[Fault]:
    """Return the roads whose line runs from their end to their beginning.

    `places`: name, x, y in metres, several rows where a name stands for several places. Only roads whose both
    ends are known places are judged, and only where the lines' ends clearly lie at the other place.
    """
    known = {str(name): part[["x", "y"]].to_numpy() for name, part in places.groupby(_key(places["name"]))}
    starts, ends = _key(links["start"]), _key(links["end"])
    turned = np.zeros(len(links), dtype=np.bool_)
    for at, (start, end, line) in enumerate(zip(starts, ends, links.geometry, strict=True)):
        if line is None or start == end or start not in known or end not in known:
            continue
        corners = shapely.get_coordinates(line)
        as_said = _far(corners[0], known[start]) + _far(corners[-1], known[end])
        backwards = _far(corners[-1], known[start]) + _far(corners[0], known[end])
        turned[at] = backwards < as_said * _CLEARLY and as_said > 2 * tolerances.end_distance_m
    return faults_where(links, turned, "drawn_backwards", "geometry", links["start"] + " → " + links["end"])


def check_segments(
    segments: pd.DataFrame, lengths_km: "pd.Series[float] | None", tolerances: Tolerances
) -> list[Fault]:
    """Return what is wrong with the segments of each road and survey day.

    `lengths_km`: decree lengths by road_code; None checks the segments among themselves alone. Checked: begins at
    0, contiguous, no overlap, no repeat, equal lengths but for the last, sum within the tolerance of the decree.
    """
    faults: list[Fault] = []
    keys = ["road_code", *(["surveyed_on"] if "surveyed_on" in segments else [])]
    for key, part in segments.groupby(keys, sort=True, dropna=False):
        code = str(key[0])
        ordered = part.sort_values(["from_m", "to_m"])
        faults += _neighbours(ordered, code)
        faults += _odd_lengths(ordered, code)
        if lengths_km is None:
            continue
        if code not in lengths_km.index:
            faults.append(_at(ordered, 0, "unknown_road", code, "road_code", code))
        elif lengths_km[code] > 0:
            share = float((ordered["to_m"] - ordered["from_m"]).sum() / (lengths_km[code] * _KM))
            if abs(share - 1) * 100 > tolerances.length_tolerance_pct + 1e-9:
                faults.append(_at(ordered, 0, "length_differs", f"{share:.1%}", "to_m", code))
    return faults


def check_stations(
    points: pd.DataFrame, lengths_km: "pd.Series[float]", column: str = "chainage_m"
) -> list[Fault]:
    """Return bridges or works that lie on no known road or beyond its end; `points`: road_code and the station."""
    limits = points["road_code"].map(lengths_km) * _KM
    beyond = (points[column] > limits).to_numpy()
    return [
        *faults_where(points, limits.isna().to_numpy(), "unknown_road", "road_code", points["road_code"]),
        *faults_where(points, beyond, "beyond_end", column, points[column]),
    ]


def nominal_length(segments: pd.DataFrame) -> "pd.Series[float]":
    """Return for each segment the length in which its road was surveyed that day: the most frequent one."""
    length = pd.Series(
        column_of(segments, "to_m") - column_of(segments, "from_m"), index=segments.index
    ).round(1)
    keys = [segments["road_code"].fillna("")]
    if "surveyed_on" in segments:
        keys.append(segments["surveyed_on"].fillna(pd.Timestamp(0)))
    # Of two equally frequent lengths the longer one: a road of two segments has a full one and a rest.
    return length.groupby(keys).transform(lambda each: each.mode().max() if each.notna().any() else np.nan)


def _neighbours(ordered: pd.DataFrame, code: str) -> list[Fault]:
    begins, ends = column_of(ordered, "from_m"), column_of(ordered, "to_m")
    faults = []
    if begins.size and abs(begins[0]) > _TOUCH_M:
        faults.append(_at(ordered, 0, "not_from_zero", f"{begins[0]:g}", "from_m", code))
    reached = ends[0] if ends.size else 0.0
    for at in range(1, len(ordered)):
        gap = begins[at] - reached
        if begins[at] == begins[at - 1] and ends[at] == ends[at - 1]:
            faults.append(
                _at(ordered, at, "repeated_segment", f"{begins[at]:g}–{ends[at]:g}", "from_m", code)
            )
        elif gap > _TOUCH_M:
            faults.append(_at(ordered, at, "not_contiguous", f"{gap:g}", "from_m", code))
        elif gap < -_TOUCH_M:
            faults.append(_at(ordered, at, "overlap", f"{-gap:g}", "from_m", code))
        reached = max(reached, ends[at])
    return faults


def _odd_lengths(ordered: pd.DataFrame, code: str) -> list[Fault]:
    usual = nominal_length(ordered).to_numpy()
    length = column_of(ordered, "to_m") - column_of(ordered, "from_m")
    odd = np.abs(length - usual) > _TOUCH_M
    if odd.size and length[-1] < usual[-1]:
        odd[-1] = False
    return [
        _at(ordered, at, "odd_length", f"{length[at]:g}", "to_m", code) for at in np.flatnonzero(odd).tolist()
    ]


def _at(ordered: pd.DataFrame, at: int, check: str, value: str, column: str, code: str) -> Fault:
    row = ordered.iloc[at]
    sheet = str(row["sheet"]) if "sheet" in ordered else ""
    return Fault(check, value, sheet, int(row["row"]) if "row" in ordered else at + 1, column, code)


def _far(corner: Numbers, places: Numbers) -> float:
    return float(np.hypot(places[:, 0] - corner[0], places[:, 1] - corner[1]).min())


def _key(names: "pd.Series[str]") -> "pd.Series[str]":
    return names.astype("str").str.casefold().str.strip()
