"""Inventories from every format, and the checks on roads and segments."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString

from command_center.ingest.refusals import IngestError
from command_center.roads.checks import check_direction, check_links, check_segments, check_stations
from command_center.roads.inventory import Inventory, inventory_of, read_inventory
from command_center.roads.overlay import overlay, segment_lines, station_points
from command_center.roads.parameters import load_parameters
from command_center.settings import load_settings

PARAMETERS = load_parameters(load_settings())


def layer() -> gpd.GeoDataFrame:
    """Two roads of 2 km each, drawn in metres."""
    lines = [
        LineString([(550000, 9230000), (552000, 9230000)]),
        LineString([(552000, 9230000), (552000, 9232000)]),
    ]
    table = {"nomor_ruas": ["001", "002"], "nama_ruas": ["A - B", "B - C"], "panjang_km": [2.0, 2.0]}
    table |= {"kewenangan": ["Kabupaten", "Prov"], "titik_pangkal": ["A", "B"], "titik_ujung": ["B", "C"]}
    return gpd.GeoDataFrame(table, geometry=lines, crs="EPSG:32749")


@pytest.mark.parametrize("ending", ["gpkg", "shp", "geojson", "kml", "csv", "csv_points"])
def test_every_format_gives_the_same_roads(ending: str, tmp_path: Path) -> None:
    frame = layer()
    degrees = frame.to_crs(4326)
    path = tmp_path / f"roads.{ending.removesuffix('_points')}"
    if ending == "csv":
        degrees.assign(wkt=degrees.geometry.to_wkt()).drop(columns="geometry").to_csv(path, index=False)
    elif ending == "csv_points":
        ends = degrees.geometry.apply(lambda line: pd.Series([*line.coords[0], *line.coords[-1]]))
        named = ends.set_axis(["lng_awal", "lat_awal", "lng_akhir", "lat_akhir"], axis=1)
        degrees.drop(columns="geometry").join(named).to_csv(path, index=False)
    elif ending == "kml":
        degrees.to_file(path, driver="KML")
    else:
        # A shapefile's names end after ten letters, which are known too.
        frame.rename(columns={"titik_pangkal": "pangkal", "titik_ujung": "ujung"}).to_file(path)
    inventory = read_inventory(path, PARAMETERS)
    links = inventory.links
    assert links["road_code"].tolist() == ["001", "002"]
    assert links["authority"].tolist() == ["kabupaten", "provinsi"]
    assert links.geometry.length.tolist() == pytest.approx([2000, 2000], abs=1)
    assert [fault.check for fault in (*inventory.faults, *check_links(inventory, PARAMETERS.checks))] == []


def test_what_is_wrong_with_roads_is_named() -> None:
    content = (
        "nomor_ruas,nama_ruas,panjang_km,kewenangan,wkt\n"
        '1,A,2,kab,"LINESTRING (111.4 -7.0, 111.41 -7.0)"\n'
        "1,B,1,kab,\n"
        "2,C,,kab,POINT (1 1)\n"
        '3,D,1,walikota,"MULTILINESTRING ((111.4 -7.0, 111.401 -7.0), (111.5 -7.0, 111.501 -7.0))"\n'
    )
    inventory = inventory_of(content.encode(), "r.csv", PARAMETERS)
    told = [
        (fault.check, fault.row) for fault in (*inventory.faults, *check_links(inventory, PARAMETERS.checks))
    ]
    assert set(told) >= {
        ("unknown_authority", 5), ("no_geometry", 3), ("bad_geometry", 4), ("broken_line", 5),
        ("repeated_road", 2), ("repeated_road", 3), ("no_length", 4), ("geometry_differs", 2),
    }  # fmt: skip


def test_a_file_without_lines_is_refused_with_the_next_step() -> None:
    with pytest.raises(IngestError) as refused:
        inventory_of(b"nomor_ruas,panjang_km\n1,2\n", "r.csv", PARAMETERS)
    assert refused.value.code == "no_roads"
    assert "geometry" in refused.value.next_step


def test_a_line_drawn_from_its_end_is_told() -> None:
    links = Inventory(
        layer().assign(road_code=["1", "2"], start=["A", "C"], end=["B", "B"], row=[2, 3]), ()
    ).links
    places = pd.DataFrame(
        {"name": ["A", "B", "C"], "x": [550000, 552000, 552000], "y": [9230000, 9230000, 9232000]}
    )
    assert [fault.road_code for fault in check_direction(links, places, PARAMETERS.checks)] == ["2"]


def segments(*pairs: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["from_m", "to_m"]).assign(road_code="1", row=range(2, len(pairs) + 2))


@pytest.mark.parametrize(
    ("pairs", "km", "told"),
    [
        ([(0, 100), (100, 200), (200, 250)], 0.25, []),
        ([(0, 100), (100, 200), (200, 250)], 0.2474, ["length_differs"]),
        ([(0, 100), (100, 200), (200, 250)], 0.2476, []),
        ([(0, 100), (120, 200)], 0.18, ["not_contiguous"]),
        ([(0, 100), (80, 180)], 0.2, ["overlap"]),
        ([(0, 100), (0, 100), (100, 200)], 0.3, ["repeated_segment"]),
        ([(100, 200), (200, 300)], 0.2, ["not_from_zero"]),
        ([(0, 100), (100, 150), (150, 250)], 0.25, ["odd_length"]),
        ([(0, 100)], None, ["unknown_road"]),
    ],
)
def test_segments_are_contiguous_without_overlap_and_add_up(pairs, km, told) -> None:
    lengths = pd.Series({"1": km} if km else {"9": 1.0})
    faults = check_segments(segments(*pairs), lengths, PARAMETERS.checks)
    assert [fault.check for fault in faults] == told


def test_bridges_lie_on_a_known_road_and_before_its_end() -> None:
    bridges = pd.DataFrame({"road_code": ["1", "1", "7"], "chainage_m": [100, 2500, 3]})
    faults = check_stations(bridges, pd.Series({"1": 2.0}))
    assert [(fault.check, fault.row) for fault in faults] == [("unknown_road", 3), ("beyond_end", 2)]


def test_overlay_cuts_at_every_station_and_counts_no_metre_twice() -> None:
    left = pd.DataFrame(
        {"road_code": "1", "from_m": [0, 200], "to_m": [200, 400], "condition": ["baik", "sedang"]}
    )
    right = pd.DataFrame({"road_code": "1", "from_m": [150, 350], "to_m": [350, 400], "works": ["x", "y"]})
    met = overlay(left, right)
    assert met[["from_m", "to_m", "condition", "works"]].to_numpy().tolist() == [
        [150, 200, "baik", "x"], [200, 350, "sedang", "x"], [350, 400, "sedang", "y"],
    ]  # fmt: skip


def test_pieces_and_stations_are_calibrated_to_the_decree() -> None:
    links = (
        layer()
        .rename(columns={"nomor_ruas": "road_code", "panjang_km": "length_km"})
        .assign(length_km=[2.1, 2.0])
    )
    parts = pd.DataFrame({"road_code": ["001", "001", "9"], "from_m": [0, 1050, 0], "to_m": [1050, 2100, 5]})
    lines = segment_lines(parts, links)
    assert lines[:2].length.tolist() == pytest.approx([1000, 1000])
    assert lines[2] is None
    place = station_points(pd.DataFrame({"road_code": ["001"], "chainage_m": [1050.0]}), links)
    assert place.x.tolist() == pytest.approx([551000])
