"""Which roads, once closed, cut the most people from where they must get to (puskesmas, the capital).

The network is the lines themselves: they meet where they share a corner. Closing a road takes all of its edges away.
"""

from collections import Counter
from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

Node = tuple[float, float]
_GRID_M = 1.0


def road_graph(links: gpd.GeoDataFrame) -> nx.MultiGraph:
    """Return the network as a graph; edges carry `road_code` and `metres`.

    Nodes are ends of lines and corners that lines share (to the metre).
    """
    parts: list[tuple[str, list[Node]]] = []
    for code, line in zip(links["road_code"], links.geometry, strict=True):
        for part in shapely.get_parts(line) if line is not None else ():
            corners = (shapely.get_coordinates(part) / _GRID_M).round() * _GRID_M
            parts.append((str(code), [(float(x), float(y)) for x, y in corners]))
    lines_at = Counter(corner for _, corners in parts for corner in set(corners))
    graph = nx.MultiGraph()
    for code, corners in parts:
        begin, metres = corners[0], 0.0
        for before, corner in pairwise(corners):
            metres += float(np.hypot(corner[0] - before[0], corner[1] - before[1]))
            if metres > 0 and (lines_at[corner] > 1 or corner == corners[-1]):
                graph.add_edge(begin, corner, road_code=code, metres=metres)
                begin, metres = corner, 0.0
    return graph


def nearest_nodes(graph: nx.MultiGraph, places: pd.DataFrame) -> list[Node]:
    """Return for each place (x, y in metres) the node nearest to it."""
    nodes = list(graph.nodes)
    _, at = cKDTree(np.array(nodes)).query(places[["x", "y"]].to_numpy())
    return [nodes[position] for position in at]


def criticality(
    links: gpd.GeoDataFrame, people: pd.DataFrame, targets: pd.DataFrame, closed: "pd.Series[str]"
) -> pd.DataFrame:
    """Return for each road of `closed` who loses every way to a target when it is closed, the most people first.

    `people`: x, y, persons; `targets`: x, y. Columns: road_code, people_cut, detour_person_km (further km to the
    nearest target, times persons, of those who still get there). Those who reach none anyway are not counted.
    """
    graph = road_graph(links)
    sources = set(nearest_nodes(graph, targets))
    homes = pd.Series(
        people["persons"].to_numpy(), index=pd.MultiIndex.from_tuples(nearest_nodes(graph, people))
    )
    persons = homes.groupby(level=[0, 1]).sum()
    before = nx.multi_source_dijkstra_path_length(graph, sources, weight="metres")
    edges: dict[str, list[tuple[Node, Node, int, dict[str, object]]]] = {}
    for begin, end, key, data in graph.edges(keys=True, data=True):
        edges.setdefault(str(data["road_code"]), []).append((begin, end, key, data))
    rows = []
    for code in dict.fromkeys(closed):
        graph.remove_edges_from([(begin, end, key) for begin, end, key, _ in edges.get(code, [])])
        after = nx.multi_source_dijkstra_path_length(graph, sources, weight="metres")
        graph.add_edges_from(edges.get(code, []))
        reached = [(node, count) for node, count in persons.items() if node in before]
        cut = sum(int(count) for node, count in reached if node not in after)
        detour = sum((after[node] - before[node]) / 1000 * count for node, count in reached if node in after)
        rows.append({"road_code": code, "people_cut": cut, "detour_person_km": round(float(detour), 1)})
    table = pd.DataFrame(rows, columns=["road_code", "people_cut", "detour_person_km"])
    return table.sort_values(
        ["people_cut", "detour_person_km", "road_code"], ascending=[False, False, True]
    ).reset_index(drop=True)
