"""Reports placed on roads: on real lines of known stations, at junctions, and with every fault of a position."""

import csv
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from command_center.cli.app import app
from command_center.roads.clusters import cluster, defects
from command_center.roads.coordinates import link_position, read_positions
from command_center.roads.inventory import Inventory, read_inventory
from command_center.roads.parameters import load_parameters
from command_center.roads.reports import locate
from command_center.settings import load_settings
from tests.lacking import lacking

PARAMETERS = load_parameters(load_settings())
REAL = (
    Path(__file__).resolve().parents[3]
    / "shared"
    / "real"
    / "roads"
    / "bojonegoro_ruas_jalan_kab_pju.geojson"
)
POINTS = 20_000


@pytest.fixture(scope="module")
def real_roads() -> Inventory:
    if not REAL.parent.is_dir():
        lacking("the folder ../shared with the real road lines is not here")
    return read_inventory(REAL, PARAMETERS)


def noisy_points(links: gpd.GeoDataFrame, seed: int = 7) -> pd.DataFrame:
    """Points at known stations of real roads, moved by 0 to 30 m in any direction."""
    chance = np.random.default_rng(seed)
    lengths = links.geometry.length.to_numpy()
    road = chance.choice(len(links), POINTS, p=lengths / lengths.sum())
    along = chance.random(POINTS) * lengths[road]
    true = shapely.line_interpolate_point(links.geometry.to_numpy()[road], along)
    angle, moved = chance.random(POINTS) * 2 * np.pi, chance.random(POINTS) * 30
    x, y = shapely.get_x(true) + moved * np.cos(angle), shapely.get_y(true) + moved * np.sin(angle)
    degrees = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=links.crs).to_crs(4326)
    return pd.DataFrame(
        {
            "report_code": np.arange(POINTS).astype(str),
            "lat": degrees.y,
            "lon": degrees.x,
            "road": road,
            "along": along,
        }
    ).assign(true=true)


def others_within(links: gpd.GeoDataFrame, points: pd.DataFrame, metres: float) -> np.ndarray:
    """Which true places have a line of another road within so many metres; counted by GEOS, not by the code tested."""
    tree = shapely.STRtree(links.geometry.to_numpy())
    point, road = tree.query(points["true"].to_numpy(), predicate="dwithin", distance=metres)
    identity = (links["road_code"] + links["name"]).to_numpy()
    other = identity[road] != identity[points["road"].to_numpy()[point]]
    found = np.zeros(len(points), dtype=bool)
    found[point[other]] = True
    return found


def in_hairpin(links: gpd.GeoDataFrame, points: pd.DataFrame) -> np.ndarray:
    """Which true places have a far stretch of their own road within 60 m: a hairpin, or a road that meets itself."""
    lines, found = links.geometry.to_numpy(), np.zeros(len(points), dtype=bool)
    for at, (place, road, along) in enumerate(
        zip(points["true"], points["road"], points["along"], strict=True)
    ):
        near = shapely.intersection(lines[road], shapely.buffer(place, 60.0))
        corners = shapely.get_coordinates(near)
        stations = shapely.line_locate_point(lines[road], shapely.points(corners))
        found[at] = np.abs(stations - along).max(initial=0.0) > 100.0
    return found


def test_reports_on_real_roads_find_their_road_and_station(real_roads: Inventory) -> None:
    links = real_roads.links
    points = noisy_points(links)
    found, _ = locate(points.drop(columns=["true", "road"]), real_roads, PARAMETERS)
    alone = ~others_within(links, points, 50.0)
    identity = links["road_code"] + "|" + links["name"]
    right = (found["road_code"] + "|" + found["road_name"]).eq(identity.iloc[points["road"]].to_numpy())
    placed = found["outcome"].ne("queued")
    share = (right & placed)[alone].mean()
    straight = alone & right & ~in_hairpin(links, points)
    error = np.abs(found["sta_m"] - points["along"])[straight]
    print(
        f"\n{alone.sum()} points away from junctions: right road {share:.4%}; "
        f"STA error median {error.median():.2f} m, 99th percentile {error.quantile(0.99):.2f} m"
    )
    assert alone.sum() > 10_000
    assert share >= 0.99
    assert error.median() <= 10
    assert error.quantile(0.99) <= 30


def test_junctions_are_queued_and_never_guessed(real_roads: Inventory) -> None:
    """No report within 15 m of being another road's is placed; and junctions do occur."""
    links = real_roads.links
    points = noisy_points(links, seed=8)
    found, _ = locate(points.drop(columns=["true", "road"]), real_roads, PARAMETERS)
    placed = found[found["outcome"].eq("placed")]
    assert (found["reason"].eq("junction")).sum() > 50
    gap = (placed["runner_up_m"] - placed["offset_m"]).abs()
    assert not (gap < 15).any()
    queued = found[found["reason"].eq("junction")]
    assert queued["runner_up_code"].notna().all()


def test_the_calibration_follows_the_decree(real_roads: Inventory) -> None:
    links = real_roads.links.assign(length_km=real_roads.links.geometry.length / 1000 * 1.05)
    points = noisy_points(links).head(500)
    plain, _ = locate(points.drop(columns=["true", "road"]), real_roads, PARAMETERS)
    longer, _ = locate(points.drop(columns=["true", "road"]), Inventory(links, ()), PARAMETERS)
    assert np.allclose(longer["sta_m"], plain["sta_m"] * 1.05, equal_nan=True)


# --- a small crossing of our own ---------------------------------------------------------------


@pytest.fixture
def crossing(tmp_path: Path) -> Path:
    """A regency road from west to east and a provincial one that crosses it at its middle."""
    path = tmp_path / "network.csv"
    path.write_text(
        "nomor_ruas,nama_ruas,panjang_km,kewenangan,wkt\n"
        '001,Satu - Dua,2.2,kabupaten,"LINESTRING (111.40 -7.0, 111.42 -7.0)"\n'
        '002,Tiga - Empat,2.2,provinsi,"LINESTRING (111.41 -7.01, 111.41 -6.99)"\n',
        encoding="utf-8",
    )
    return path


def located(network: Path, rows: list[list[str]]) -> list[dict[str, object]]:
    file = network.with_name("reports.csv")
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "waktu", "lat", "lon", "teks_lokasi", "jenis", "pelapor_hash"])
        writer.writerows([[at, "2026-05-01", *row] for at, row in enumerate(rows, start=1)])
    result = CliRunner().invoke(app, ["roads", "locate", str(file), "--network", str(network), "--json"])
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    return said["reports"] + [{"faults": said["faults"]}]


def test_a_report_on_another_bodys_road_is_forwarded(crossing: Path) -> None:
    own, other, _ = located(
        crossing, [["-7.0001", "111.405", "", "lubang", "a"], ["-6.995", "111.41", "", "lubang", "a"]]
    )
    assert (own["outcome"], own["nomor_ruas"], own["segment"]) == ("placed", "001", 5)
    assert (other["outcome"], other["nomor_ruas"], other["authority"]) == ("forwarded", "002", "provinsi")


def test_at_a_junction_words_choose_the_proposal_and_a_person_decides(crossing: Path) -> None:
    named, unnamed, _ = located(
        crossing, [["-7.0", "111.41", "jalan Tiga Empat", "lubang", ""], ["-7.0", "111.41", "", "lubang", ""]]
    )
    assert (named["outcome"], named["reason"], named["nomor_ruas"]) == ("queued", "junction", "002")
    # Without words the own road is proposed.
    assert (unnamed["outcome"], unnamed["nomor_ruas"], unnamed["runner_up"]["nomor_ruas"]) == (
        "queued",
        "001",
        "002",
    )


@pytest.mark.parametrize(
    ("lat", "lon", "text", "outcome", "check"),
    [
        ("111.405", "-7.0", "", "placed", "axes_swapped"),
        ("-7,0", "111,405", "", "placed", "decimal_comma"),
        ("-7.0, 111.405", "", "", "placed", "one_cell"),
        ("", "", "https://www.google.com/maps?q=-7.0,111.405", "placed", "map_link"),
        ("https://www.google.com/maps/@-6.9,111.3,17z/data=!3d-7.0!4d111.405", "", "", "placed", "map_link"),
        ("", "", "https://maps.app.goo.gl/dKZy1DS3FnHQ5rUUA", "queued", "short_link"),
        ("-6.2", "106.8", "", "queued", "outside"),
        ("0", "0", "", "queued", "outside"),
        ("", "", "depan balai desa", "queued", "no_position"),
    ],
)
def test_every_fault_of_a_position_is_handled_and_named(crossing, lat, lon, text, outcome, check) -> None:
    one, last = located(crossing, [[lat, lon, text, "lubang", ""]])
    assert one["outcome"] == outcome
    assert check in [fault["check"] for fault in last["faults"]]
    if outcome == "placed":
        assert one["nomor_ruas"] == "001"
        assert one["sta_m"] == pytest.approx(550, abs=2)
    else:
        assert one["reason"] == check


def test_beyond_the_radius_a_report_is_queued_with_the_nearest_road(crossing: Path) -> None:
    near, far, _ = located(
        crossing, [["-7.001", "111.405", "", "lubang", ""], ["-7.004", "111.405", "", "lubang", ""]]
    )
    assert (near["outcome"], near["reason"], near["nomor_ruas"]) == ("queued", "too_far", "001")
    assert (far["outcome"], far["reason"], far["nomor_ruas"]) == ("queued", "no_road", None)


def test_links_of_several_map_services_hold_a_position() -> None:
    for link in (
        "https://maps.google.com/?q=-6.5132967,106.7629500&entry=gps",
        "https://www.google.com/maps/search/-6.5132967,+106.7629500",
        "https://www.openstreetmap.org/?mlat=-6.5132967&mlon=106.7629500",
        "geo:-6.5132967,106.7629500?z=17",
    ):
        assert link_position(link) == (-6.5132967, 106.76295)
    assert link_position("https://maps.app.goo.gl/x") is None


def test_text_that_only_looks_like_a_number_is_no_position() -> None:
    read = read_positions(pd.Series(["nan", "inf", "-7.0"]), pd.Series(["1", "1", "abc"]))
    assert np.isnan(read.lat).all()
    assert read.notes["no_position"].all()


def test_reports_of_one_defect_are_counted_once_whatever_their_order() -> None:
    road = np.array([0, 0, 0, 0, 1, 0, -1])
    sta = np.array([100, 149, 199.5, 120, 100, 105, np.nan])
    day = np.array([0, 10, 10, 50, 0, 75, 0])
    found = cluster(road, sta, day, 50, 30)
    # 100 and 149 are 49 m apart; 149 and 199.5 more than 50; days 50 and 75 are within 30 of each other only.
    assert found[0] == found[1]
    assert len({found[0], found[2], found[3], found[4]}) == 4
    assert found[3] == found[5]
    assert found[6] == -1
    order = np.random.default_rng(1).permutation(7)
    again = cluster(road[order], sta[order], day[order], 50, 30)
    assert {tuple(sorted(order[again == at])) for at in set(again) - {-1}} == {
        tuple(sorted(np.flatnonzero(found == at))) for at in set(found) - {-1}
    }


def test_a_defect_tells_reports_and_reporters() -> None:
    reports = pd.DataFrame(
        {
            "cluster": [0, 0, 0, -1],
            "road_code": ["1"] * 4,
            "sta_m": [10.0, 30.0, 20.0, np.nan],
            "reported_on": pd.to_datetime(["2026-01-01", "2026-01-03", "2026-01-02", "2026-01-02"]),
            "reporter_hash": ["a", "a", None, "b"],
        }
    )
    one = defects(reports).iloc[0]
    assert one[["from_m", "to_m", "reports", "reporters"]].tolist() == [10, 30, 3, 2]
