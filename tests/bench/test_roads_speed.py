"""100,000 reports on 9,000 segments, candidates to clusters, beside geopandas' nearest join alone in the same run."""

import time
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pytest
import shapely

from command_center.roads.benefit import needs_of
from command_center.roads.clusters import cluster
from command_center.roads.index import RoadIndex
from command_center.roads.parameters import load_parameters
from command_center.roads.placement import QUEUED, place
from command_center.roads.planning import plan
from command_center.settings import load_settings
from tests.bench.telling import tell
from tests.roads.planning_cases import full_network

SEGMENTS_A_ROAD, ROADS, CORNERS = 36, 250, 4
RULES = load_parameters(load_settings()).placing


def network(roads: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Roads of bent lines, and the same cut into segments of about 100 m."""
    chance = np.random.default_rng(5)
    steps = SEGMENTS_A_ROAD * CORNERS
    heading = chance.random((roads, 1)) * 2 * np.pi + np.cumsum(
        chance.normal(0, 0.12, (roads, steps)), axis=1
    )
    start = chance.random((roads, 1, 2)) * [50_000, 40_000] + [530_000, 9_210_000]
    moves = 25.0 * np.stack([np.cos(heading), np.sin(heading)], axis=2)
    corners = np.concatenate([start, start + np.cumsum(moves, axis=1)], axis=1)
    codes = [f"{at:03d}" for at in range(roads)]
    links = gpd.GeoDataFrame(
        {"road_code": codes, "name": codes, "authority": "kabupaten", "length_km": np.nan},
        geometry=shapely.linestrings(corners), crs="EPSG:32749",
    )  # fmt: skip
    cuts = np.arange(0, steps, CORNERS)[:, None] + np.arange(CORNERS + 1)
    pieces = shapely.linestrings(corners[:, cuts].reshape(-1, CORNERS + 1, 2))
    return links, gpd.GeoDataFrame({"segment": np.arange(len(pieces))}, geometry=pieces, crs=links.crs)


def reports_on(links: gpd.GeoDataFrame, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(6)
    lines = links.geometry.to_numpy()[chance.integers(0, len(links), count)]
    true = shapely.line_interpolate_point(lines, chance.random(count), normalized=True)
    x = shapely.get_x(true) + chance.normal(0, 12, count)
    y = shapely.get_y(true) + chance.normal(0, 12, count)
    return x, y, chance.integers(0, 700, count)


def ours(links: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray, day: np.ndarray) -> np.ndarray:
    found = place(RoadIndex.of(links), x, y, RULES, own_authority="kabupaten")
    known = np.where(found.outcome == QUEUED, -1, found.road)
    return cluster(known, found.sta_m, day, RULES.cluster_m, RULES.cluster_days)


def best_of(times: int, work: Callable[[], object]) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def compare(roads: int, count: int, times: int) -> tuple[float, float]:
    links, segments = network(roads)
    x, y, day = reports_on(links, count)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=links.crs)
    joined = best_of(times, lambda: gpd.sjoin_nearest(points, segments, max_distance=RULES.gps_radius_m))
    return best_of(times, lambda: ours(links, x, y, day)), joined


@pytest.mark.bench
def test_placing_and_clustering_take_less_than_the_nearest_join_alone() -> None:
    taken, joined = compare(ROADS, 100_000, 5)
    tell("100,000 reports on 9,000 segments, candidates to clusters", taken, joined)
    assert taken <= 0.9 * joined


def test_a_small_network_gives_every_report_near_one_road_its_road() -> None:
    """The bench's own work, small enough for every run: what is placed is what the nearest join finds."""
    links, segments = network(30)
    x, y, day = reports_on(links, 3000)
    found = place(RoadIndex.of(links), x, y, RULES, own_authority="kabupaten")
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=links.crs)
    joined = gpd.sjoin_nearest(points, segments, max_distance=RULES.gps_radius_m, distance_col="metres")
    nearest = joined[~joined.index.duplicated()].reindex(range(3000))
    placed = found.outcome != QUEUED
    assert placed.sum() > 2500
    assert (found.road[placed] == nearest["segment"].to_numpy()[placed] // SEGMENTS_A_ROAD).all()
    assert np.allclose(found.offset_m[placed], nearest["metres"].to_numpy()[placed])
    assert ours(links, x, y, day).max() > 100


@pytest.mark.bench
def test_the_plan_of_the_full_network_is_within_a_thousandth() -> None:
    parameters = load_parameters(load_settings())
    needs = needs_of(full_network(), parameters)
    for billion in (50, 115, 250):
        began = time.perf_counter()
        found = plan(needs, billion * 1e9, parameters.plan, floors_idr={}, gap=1e-3)
        taken = time.perf_counter() - began
        gap = found.bound / found.objective - 1
        tell(
            f"plan of {len(needs.units)} segments without floors, Rp{billion} miliar, gap {gap:.4%}",
            taken,
            10.0,
        )
        assert gap <= 1e-3


@pytest.mark.bench
def test_the_plan_with_floors_keeps_them_and_says_how_far_from_the_best_it_may_be() -> None:
    """Floors smaller than a package leave the solver a gap; it is told, not hidden."""
    parameters = load_parameters(load_settings())
    needs = needs_of(full_network(), parameters)
    began = time.perf_counter()
    found = plan(needs, 115e9, parameters.plan)
    taken = time.perf_counter() - began
    gap = found.bound / found.objective - 1
    tell(f"plan of {len(needs.units)} segments with floors, Rp115 miliar, gap {gap:.4%}", taken, 10.0)
    assert found.shortfall_idr == {}
    assert gap <= 1e-2
