"""An invented network of roads between real places: planar, its roads meet at the places, with bends as roads have.

Lines join neighbours of the Gabriel graph, whose straight edges never cross; named roads run along shortest paths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import Delaunay, cKDTree

from command_center.samples.world import Chance

Points = npt.NDArray[np.float64]
Edge = tuple[int, int]
_CORNER_M = 60.0
_BENDS = 7
# Standard deviation of the first bend, as a part of the distance; the following ones are ever smaller.
_BEND = 0.045
_MERGE_ANGLE = 100.0


@dataclass(frozen=True)
class NamedRoad:
    """A road that is known by name: the places it passes in order, its body, its length where that is known."""

    name: str
    through: tuple[str, ...]
    authority: str
    length_km: float | None = None


@dataclass(frozen=True, eq=False)
class DrawnRoad:
    """A road on the map: the places it passes (positions in the table of places) and its line in metres."""

    name: str
    authority: str
    places: tuple[int, ...]
    line: shapely.LineString
    length_km: float | None = None


def draw_network(
    places: pd.DataFrame,
    named: Sequence[NamedRoad],
    chance: Chance,
    *,
    own_authority: str,
    own_km: float,
    roads: int,
) -> list[DrawnRoad]:
    """Return about `roads` roads between places (name, x, y in metres), those of the own body `own_km` in all.

    Named roads come first. The others are the least tree that joins all places and then the shortest links, until
    the length is reached; links that run on straight are joined to one road.
    """
    points = places[["x", "y"]].to_numpy(dtype="float64")
    links = gabriel_edges(points)
    lines = _bent(points, links, chance)
    graph = nx.Graph()
    for edge in links:
        graph.add_edge(*edge, metres=lines[edge].length)
    paths = [(road, _path(graph, _found(places, road.through))) for road in named]
    used: set[Edge] = set()
    drawn: list[DrawnRoad] = []
    for road, path in paths:
        rest = _unused_stretch(path, used)
        if len(rest) > 1:
            used |= {_edge(*pair) for pair in pairwise(rest)}
            drawn.append(
                DrawnRoad(road.name, road.authority, tuple(rest), _joined(rest, lines), road.length_km)
            )
    own = sum(road.line.length for road in drawn if road.authority == own_authority)
    chosen = _chosen(graph, lines, used, own_km * 1000 - own)
    names = places["name"].astype("str").to_list()
    for chain in _chains(points, chosen, lines, max(1, roads - len(drawn))):
        name = f"{names[chain[0]]}-{names[chain[-1]]}"
        drawn.append(DrawnRoad(name, own_authority, tuple(chain), _joined(chain, lines)))
    return drawn


def gabriel_edges(points: Points) -> list[Edge]:
    """Return the pairs of points whose circle over their distance holds no third one: a planar, connected graph."""
    triangles = Delaunay(points).simplices
    pairs = np.unique(
        np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]), 1), axis=0
    )
    middle = points[pairs].mean(axis=1)
    radius = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1) / 2
    nearest, _ = cKDTree(points).query(middle)
    kept = pairs[nearest >= radius * (1 - 1e-9)]
    return [(int(begin), int(end)) for begin, end in kept]


def _bent(points: Points, links: Sequence[Edge], chance: Chance) -> dict[Edge, shapely.LineString]:
    """Return a bent line for each link; lines that would cross are drawn straighter until none does."""
    bends = {edge: chance.normal(0, 1, _BENDS) * _BEND / np.arange(1, _BENDS + 1) for edge in links}
    strength = dict.fromkeys(links, 1.0)
    while True:
        lines = {edge: _line(points, edge, bends[edge] * strength[edge]) for edge in links}
        crossing = _crossing(links, lines)
        if not crossing:
            return lines
        for edge in crossing:
            # Below a tenth a link is straight, and straight links do not cross.
            strength[edge] = strength[edge] / 2 if strength[edge] > 0.1 else 0.0


def _line(points: Points, edge: Edge, bends: Points) -> shapely.LineString:
    begin, end = points[edge[0]], points[edge[1]]
    length = float(np.linalg.norm(end - begin))
    along = np.linspace(0, 1, max(3, int(length / _CORNER_M) + 1))
    aside = (bends[:, None] * np.sin(np.pi * np.arange(1, _BENDS + 1)[:, None] * along)).sum(axis=0) * length
    across = np.array([begin[1] - end[1], end[0] - begin[0]]) / length
    return shapely.LineString(begin + along[:, None] * (end - begin) + aside[:, None] * across)


def _crossing(links: Sequence[Edge], lines: Mapping[Edge, shapely.LineString]) -> set[Edge]:
    """Return the links whose lines meet elsewhere than at a place they share, or cross themselves."""
    shapes = np.array([lines[edge] for edge in links])
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    meeting = shapely.intersection(shapes[one], shapes[other])
    shared = np.array([len({*links[a]} & {*links[b]}) for a, b in zip(one, other, strict=True)])
    apart = (shapely.get_num_coordinates(meeting) != shared) | (shapely.get_type_id(meeting) != 0)
    wrong = np.concatenate([one[apart], other[apart], np.flatnonzero(~shapely.is_simple(shapes))])
    return {links[int(at)] for at in wrong}


def _found(places: pd.DataFrame, through: Sequence[str]) -> list[int]:
    """Return the positions of the places of these names; a name that is no place is passed over."""
    at = {str(name).casefold(): number for number, name in reversed(list(enumerate(places["name"])))}
    return [at[name.casefold()] for name in through if name.casefold() in at]


def _path(graph: nx.Graph, stops: Sequence[int]) -> list[int]:
    path: list[int] = list(stops[:1])
    for begin, end in pairwise(stops):
        path += nx.shortest_path(graph, begin, end, weight="metres")[1:]
    return path


def _unused_stretch(path: Sequence[int], used: set[Edge]) -> list[int]:
    """Return the longest stretch of a path on links that no road has yet."""
    best: list[int] = []
    stretch: list[int] = list(path[:1])
    for begin, end in pairwise(path):
        stretch = [begin, end] if _edge(begin, end) in used or end in stretch else [*stretch, end]
        if _edge(begin, end) in used:
            stretch = [end]
        best = max(best, stretch, key=len)
    return best


def _chosen(
    graph: nx.Graph, lines: Mapping[Edge, shapely.LineString], used: set[Edge], metres: float
) -> list[Edge]:
    """Return links that make the network one and then the shortest others, up to a length."""
    weighted = graph.copy()
    for edge in used:
        weighted.edges[edge]["metres"] = 0.0
    tree = {_edge(*pair) for pair in nx.minimum_spanning_edges(weighted, weight="metres", data=False)}
    chosen = sorted(tree - used)
    left = metres - sum(lines[edge].length for edge in chosen)
    others = sorted(set(lines) - tree - used, key=lambda edge: lines[edge].length)
    for edge in others:
        if lines[edge].length <= left:
            chosen.append(edge)
            left -= lines[edge].length
    return chosen


def _chains(
    points: Points, links: Sequence[Edge], lines: Mapping[Edge, shapely.LineString], count: int
) -> list[list[int]]:
    """Return the links joined, the shortest pairs that run on first, until `count` roads are left."""
    chains = {number: list(edge) for number, edge in enumerate(links)}
    length = {number: lines[edge].length for number, edge in enumerate(links)}
    while len(chains) > count:
        pair = min(
            _pairs(points, chains), key=lambda two: (length[two[0]] + length[two[1]], two), default=None
        )
        if pair is None:
            break
        one, other = pair
        chains[one] = _together(chains[one], chains.pop(other))
        length[one] += length.pop(other)
    return list(chains.values())


def _pairs(points: Points, chains: Mapping[int, list[int]]) -> list[Edge]:
    ends: dict[int, list[int]] = {}
    for number, chain in chains.items():
        for node in {chain[0], chain[-1]}:
            ends.setdefault(node, []).append(number)
    return [
        (one, other)
        for node, numbers in ends.items()
        for one, other in combinations(numbers, 2)
        if {*chains[one]} & {*chains[other]} == {node} and _runs_on(points, node, chains[one], chains[other])
    ]


def _runs_on(points: Points, node: int, one: list[int], other: list[int]) -> bool:
    ways = [points[chain[1] if chain[0] == node else chain[-2]] - points[node] for chain in (one, other)]
    cosine = ways[0] @ ways[1] / (np.linalg.norm(ways[0]) * np.linalg.norm(ways[1]))
    return bool(np.degrees(np.arccos(np.clip(cosine, -1, 1))) > _MERGE_ANGLE)


def _together(one: list[int], other: list[int]) -> list[int]:
    if one[0] in (other[0], other[-1]):
        one = one[::-1]
    if other[0] != one[-1]:
        other = other[::-1]
    return [*one, *other[1:]]


def _joined(chain: Sequence[int], lines: Mapping[Edge, shapely.LineString]) -> shapely.LineString:
    corners: list[Points] = []
    for begin, end in pairwise(chain):
        edge = _edge(begin, end)
        part = shapely.get_coordinates(lines[edge])
        part = part if edge[0] == begin else part[::-1]
        corners.append(part[1:] if corners else part)
    return shapely.LineString(np.concatenate(corners))


def _edge(begin: int, end: int) -> Edge:
    return (begin, end) if begin < end else (end, begin)
