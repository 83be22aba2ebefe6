"""Damage reports placed on roads: candidates, the choice among them, the station, and how sure it is.

Source of the rule: domain specification, section 3. A report near two roads is proposed for one and left to a
person; a report on another body's road is forwarded, not counted.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from command_center.roads.index import Near, Numbers, Positions, RoadIndex
from command_center.roads.parameters import Placing

PLACED, FORWARDED, QUEUED = "placed", "forwarded", "queued"
JUNCTION, TOO_FAR, NO_ROAD = "junction", "too_far", "no_road"
_FULL_GAP_M = 50.0
_NONE = -1
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Placement:
    """One element per point: the road proposed (position in the index, -1 for none) and the runner-up.

    `sta_m` is calibrated to the decree's length, NaN without a road; `confidence` is 0 to 1; `outcome` is placed,
    forwarded or queued; `reason` says why queued, "" otherwise.
    """

    road: Positions
    sta_m: Numbers
    offset_m: Numbers
    runner_up: Positions
    runner_up_m: Numbers
    confidence: Numbers
    outcome: Texts
    reason: Texts


def place(
    index: RoadIndex,
    x: Numbers,
    y: Numbers,
    rules: Placing,
    *,
    own_authority: str,
    by_text: npt.NDArray[np.bool_] | None = None,
    texts: "pd.Series[str] | None" = None,
) -> Placement:
    """Return where points in metres lie on the roads.

    `by_text` marks positions found from a text, which get the wider radius; `texts` are the reporters' words, by
    which roads that are equally near are told apart. A point measured on the spot that has no road within its
    radius is queued, with the nearest road of the wider radius as proposal.
    """
    size = len(x)
    narrow = np.full(size, rules.gps_radius_m)
    if by_text is not None:
        narrow[by_text] = rules.text_radius_m
    near = _candidates(index, x, y, rules, by_text)
    best, second = _two_best(index, near, size)
    if texts is not None:
        best, second = _by_name(index, near, best, second, rules.junction_gap_m, texts, own_authority)
    road = np.where(best >= 0, near.road[best] if near.road.size else _NONE, _NONE)
    offset = _taken(near.distance, best)
    runner_up_m = _taken(near.distance, second)
    gap = np.abs(np.where(np.isnan(runner_up_m), np.inf, runner_up_m) - offset)
    reason = np.select(
        [road < 0, offset > narrow, gap < rules.junction_gap_m], [NO_ROAD, TOO_FAR, JUNCTION], ""
    ).astype("object")
    authority = index.links["authority"].to_numpy(dtype="object")
    other = np.zeros(size, dtype=np.bool_)
    other[road >= 0] = authority[road[road >= 0]] != own_authority
    along = _taken(near.along, best) * np.where(road >= 0, index.calibration[road], np.nan)
    return Placement(
        road=road,
        sta_m=np.clip(along, 0.0, np.where(road >= 0, index.decree_m[road], np.nan)),
        offset_m=offset,
        runner_up=np.where(second >= 0, near.road[second] if near.road.size else _NONE, _NONE),
        runner_up_m=runner_up_m,
        confidence=_confidence(offset, gap, narrow),
        outcome=np.select([reason != "", other], [QUEUED, FORWARDED], PLACED).astype("object"),
        reason=reason,
    )


def segment_number(sta_m: Numbers, segment_m: float | Numbers) -> Numbers:
    """Return the number of the segment a station lies in, from 0; NaN where there is no station."""
    return np.floor(sta_m / segment_m)


def _candidates(
    index: RoadIndex, x: Numbers, y: Numbers, rules: Placing, by_text: npt.NDArray[np.bool_] | None
) -> Near:
    near = index.near(x, y, rules.gps_radius_m)
    wanted = np.ones(len(x), dtype=np.bool_)
    wanted[near.point] = False
    if by_text is not None:
        wanted |= by_text
    rest = np.flatnonzero(wanted)
    if not rest.size:
        return near
    wide = index.near(x[rest], y[rest], rules.text_radius_m)
    kept = ~wanted[near.point]
    point = np.concatenate([near.point[kept], rest[wide.point]])
    order = np.argsort(point, kind="stable")
    return Near(
        point[order],
        np.concatenate([near.road[kept], wide.road])[order],
        np.concatenate([near.distance[kept], wide.distance])[order],
        np.concatenate([near.along[kept], wide.along])[order],
    )


def _two_best(index: RoadIndex, near: Near, size: int) -> tuple[Positions, Positions]:
    """Return the positions in `near` of the nearest road and of the nearest other one, -1 for none.

    Two rows of the inventory with the same number and name are one road drawn in two pieces.
    """
    best = np.full(size, _NONE, dtype="int64")
    second = np.full(size, _NONE, dtype="int64")
    if not near.point.size:
        return best, second
    first = np.flatnonzero(np.diff(near.point, prepend=_NONE) != 0)
    best[near.point[first]] = first
    identity = index.links.groupby(["road_code", "name"], sort=False, dropna=False).ngroup().to_numpy()
    is_other = identity[near.road] != identity[near.road[best[near.point]]]
    others = np.flatnonzero(is_other)
    # Backwards, so that the nearest other road is written last.
    second[near.point[others[::-1]]] = others[::-1]
    return best, second


def _by_name(
    index: RoadIndex,
    near: Near,
    best: Positions,
    second: Positions,
    gap_m: float,
    texts: "pd.Series[str]",
    own_authority: str,
) -> tuple[Positions, Positions]:
    """Exchange best and second where both are equally near and the words, or else the authority, speak for second."""
    close = np.flatnonzero(second >= 0)
    close = close[near.distance[second[close]] - near.distance[best[close]] < gap_m]
    if not close.size:
        return best, second
    names = index.links["name"].to_numpy(dtype="object")
    own = index.links["authority"].eq(own_authority).to_numpy()
    said = texts.fillna("").to_numpy(dtype="object")[close]
    roads = near.road[best[close]], near.road[second[close]]
    first, other = (
        process.cpdist(said, names[road], scorer=fuzz.token_set_ratio, processor=str.casefold)
        for road in roads
    )
    other_wins = (other > first) | ((other == first) & own[roads[1]] & ~own[roads[0]])
    swap = close[other_wins]
    best, second = best.copy(), second.copy()
    best[swap], second[swap] = second[swap], best[swap]
    return best, second


def _taken(values: Numbers, at: Positions) -> Numbers:
    taken = np.full(len(at), np.nan)
    taken[at >= 0] = values[at[at >= 0]]
    return taken


def _confidence(offset: Numbers, gap: Numbers, radius: Numbers) -> Numbers:
    """Nearness times distinctness: 1 on the road with no other within 50 m, 0.5 at the edge of the radius."""
    near = np.clip(1.0 - offset / (2.0 * radius), 0.0, 1.0)
    sure: Numbers = np.where(np.isnan(offset), 0.0, near * np.clip(gap / _FULL_GAP_M, 0.0, 1.0))
    return sure.round(2)
