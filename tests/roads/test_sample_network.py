"""The invented network: planar, joined, of the lengths that are known, and judged as its makers meant."""

from datetime import date

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from command_center.catalog import load_sound_catalog
from command_center.maps.roads import runs
from command_center.roads.atlas import RoadData, road_tables
from command_center.roads.checks import check_segments
from command_center.roads.condition import judge
from command_center.roads.criticality import road_graph
from command_center.roads.inventory import make_links
from command_center.roads.parameters import load_parameters
from command_center.samples.verbs import load_makers
from command_center.samples.world import World, open_world
from command_center.settings import load_settings

SETTINGS = load_settings()
PARAMETERS = load_parameters(SETTINGS)
DAY = date(2026, 11, 24)
NAMES = {"road_name": "name", "start_place": "start", "end_place": "end"}


@pytest.fixture(scope="module")
def world() -> World:
    return open_world(SETTINGS, DAY)


@pytest.fixture(scope="module")
def made(world: World) -> dict[str, pd.DataFrame]:
    makers = load_makers(SETTINGS, load_sound_catalog(SETTINGS).sector("infrastructure"))
    return {name: makers[name](world) for name in ("ruas_jalan", "segmen_jalan", "laporan_kerusakan")}


def test_lengths_and_bodies_are_the_known_ones(made: dict[str, pd.DataFrame]) -> None:
    roads = made["ruas_jalan"]
    assert len(roads) == 250
    assert roads["road_code"].is_unique
    km = roads.groupby("authority")["length_km"].sum()
    assert km["kabupaten"] == pytest.approx(910.0)
    assert km["provinsi"] == pytest.approx(99.08)
    known = roads.set_index("road_name")["length_km"]
    assert known["Cabak-Bleboh"] == 12.59
    assert known["Singget-Doplang-Randublatung-Cepu"] == 46.0


def test_roads_meet_at_places_and_cross_nowhere_else(made: dict[str, pd.DataFrame]) -> None:
    inventory = make_links(made["ruas_jalan"].rename(columns=NAMES), PARAMETERS)
    assert inventory.faults == ()
    graph = road_graph(inventory.links)
    assert nx.is_connected(graph)
    lines = inventory.links.geometry.to_numpy()
    assert shapely.is_simple(lines).all()
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    once = one < other
    meeting = shapely.intersection(lines[one[once]], lines[other[once]])
    nodes = shapely.union_all(shapely.points(np.array(list(graph.nodes))))
    # Written to five decimals of a degree, about a metre.
    assert shapely.distance(meeting, nodes).max() < 2.0


def test_roads_bend_as_roads_do(made: dict[str, pd.DataFrame]) -> None:
    links = make_links(made["ruas_jalan"].rename(columns=NAMES), PARAMETERS).links
    ends = links.geometry.apply(
        lambda line: shapely.Point(line.coords[0]).distance(shapely.Point(line.coords[-1]))
    )
    sinuosity = links.geometry.length / ends
    assert 1.005 < sinuosity.median() < 1.5


def test_the_survey_is_sound_and_two_thirds_of_the_base_is_steady(made: dict[str, pd.DataFrame]) -> None:
    segments = made["segmen_jalan"].astype({"from_m": "float64", "to_m": "float64"})
    lengths = made["ruas_jalan"].set_index("road_code")["length_km"]
    assert check_segments(segments, lengths, PARAMETERS.checks) == []
    judged = judge(segments, PARAMETERS.visual_index)
    km = ((segments["to_m"] - segments["from_m"]) / 1000).groupby(judged["condition"]).sum()
    assert km.sum() == pytest.approx(910, abs=0.01)
    assert (km["baik"] + km["sedang"]) / 910 == pytest.approx(0.66, abs=0.02)
    assert km["rusak_berat"] > 4 * km["rusak_ringan"]
    assert set(judged["method"]) >= {"sdi", "iri"}


def test_the_same_world_gives_the_same_network(made: dict[str, pd.DataFrame]) -> None:
    makers = load_makers(SETTINGS, load_sound_catalog(SETTINGS).sector("infrastructure"))
    again = makers["ruas_jalan"](open_world(SETTINGS, DAY))
    pd.testing.assert_frame_equal(again, made["ruas_jalan"])


@pytest.fixture(scope="module")
def tables(made: dict[str, pd.DataFrame], world: World) -> dict[str, pd.DataFrame]:
    villages = [world.regions.get(code) for code in world.villages]
    people = pd.DataFrame(
        {
            "lon": [v.lon for v in villages],
            "lat": [v.lat for v in villages],
            "persons": world.persons.to_numpy(),
        }
    )
    centres = pd.DataFrame(
        {"lon": [d.lon for d in world.regions.districts], "lat": [d.lat for d in world.regions.districts]}
    )
    rules = PARAMETERS.plan.model_copy(update={"frontier_billion": (0.0, 50.0)})
    data = RoadData(
        made["ruas_jalan"],
        made["segmen_jalan"],
        made["laporan_kerusakan"].assign(
            reported_on=pd.to_datetime(made["laporan_kerusakan"]["reported_on"])
        ),
        people,
        centres,
    )
    return dict(road_tables(data, PARAMETERS.model_copy(update={"plan": rules})))


def test_works_on_the_map_are_those_of_the_plans(tables: dict[str, pd.DataFrame]) -> None:
    segments, packages = tables["road_segments"], tables["road_packages"]
    treated = segments[segments["works"] & 2 > 0]
    km = (treated["to_m"] - treated["from_m"]).sum() / 1000
    assert km == pytest.approx(packages["length_km"].sum())
    assert not (segments["works"] & 1).any()
    stretches = runs(segments)
    assert (stretches["to_m"] - stretches["from_m"]).sum() == pytest.approx(910_000, abs=10)
    assert len(stretches) < len(segments) / 2


def test_open_reports_are_placed_and_those_of_others_forwarded(tables: dict[str, pd.DataFrame]) -> None:
    reports = tables["road_reports"]
    outcomes = reports["outcome"].value_counts()
    assert outcomes["placed"] > 50
    assert outcomes["forwarded"] > 50
    placed = reports[reports["outcome"].eq("placed")]
    assert placed["authority"].eq("kabupaten").all()
    assert tables["road_segments"]["reports"].sum() == len(placed)


def test_closing_a_road_cuts_people_off_and_waiting_costs(tables: dict[str, pd.DataFrame]) -> None:
    critical = tables["road_criticality"]
    assert critical["people_cut"].is_monotonic_decreasing
    assert critical["people_cut"].iloc[0] > 0
    assert tables["road_waiting"]["waiting_idr"].is_monotonic_increasing
