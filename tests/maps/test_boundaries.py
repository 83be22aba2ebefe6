"""Boundary files of several kinds are installed as one clean coverage, or refused with a reason."""

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from command_center.maps.boundaries import BoundaryError, Shapes, install_boundaries, load_shapes
from command_center.maps.cells import approximate_cells
from command_center.regions import VILLAGE_LEVELS, load_profile, load_regions
from command_center.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "real" / "boundaries"
HERE = Settings(root=ROOT)
REGIONS = load_regions(HERE)
CELLS = approximate_cells(REGIONS, load_profile(HERE))
needs_real = pytest.mark.skipif(
    not REAL.is_dir() and os.environ.get("CI") != "true", reason="the real data are not beside the project"
)


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    """A house of its own with our reference data and no boundaries."""
    shutil.copytree(HERE.reference_dir, tmp_path / "house" / "data" / "reference")
    return Settings(root=tmp_path / "house")


def _villages() -> gpd.GeoDataFrame:
    """A made-up village layer: our approximate cells with columns as offices name them."""
    frame = CELLS[CELLS["level"].isin(VILLAGE_LEVELS)].reset_index(drop=True)
    regions = [REGIONS.get(code) for code in frame["code"]]
    return gpd.GeoDataFrame(
        {
            "OBJECTID": range(1, len(frame) + 1),
            "KDEPUM": frame["code"],
            "KDEBPS": [region.bps_code for region in regions],
            "WADMKD": [region.name.upper() for region in regions],
            "WADMKC": [REGIONS.get(str(region.parent)).name for region in regions],
            "WADMKK": REGIONS.root.name,
        },
        geometry=frame.geometry.values,
        crs=frame.crs,
    ).to_crs(4326)


def _districts() -> gpd.GeoDataFrame:
    frame = CELLS[CELLS["level"] == "kec"].reset_index(drop=True)
    names = [f"Kec. {name}" for name in frame["name"]]
    return gpd.GeoDataFrame({"NAMOBJ": names}, geometry=frame.geometry.values, crs=frame.crs)


def _write(frame: gpd.GeoDataFrame, file: Path) -> Path:
    if file.suffix == ".zip":
        folder = file.with_suffix("")
        folder.mkdir()
        frame.to_file(folder / "batas.shp")
        with zipfile.ZipFile(file, "w") as archive:
            for part in folder.iterdir():
                archive.write(part, f"data/{part.name}")
            archive.writestr("__MACOSX/data/._batas.shp", b"not a shapefile")
    else:
        frame.to_file(file)
    return file


def _wkb(shapes: Shapes) -> list[bytes]:
    return [wkb for part in (shapes.desa, shapes.kec, shapes.kab) for wkb in part.geometry.to_wkb()]


def test_without_an_installation_all_shapes_are_approximate_and_the_same_each_time(house: Settings) -> None:
    shapes = load_shapes(house)
    assert shapes.is_approximate
    assert shapes.approximate_levels == {"desa", "kec", "kab"}
    assert (len(shapes.desa), len(shapes.kec), len(shapes.kab)) == (295, 16, 1)
    assert _wkb(shapes) == _wkb(load_shapes(house))
    assert shapes.sha256 == load_shapes(house).sha256


@pytest.mark.parametrize("name", ["batas.gpkg", "batas.shp", "batas.zip", "batas.geojson"])
def test_a_village_file_of_every_kind_is_installed(house: Settings, tmp_path: Path, name: str) -> None:
    report = install_boundaries(_write(_villages(), tmp_path / name), house)
    assert (report.level, report.column, report.system) == ("desa", "KDEPUM", "kemendagri")
    assert (report.row_count, report.region_count, report.unmatched_count) == (295, 295, 0)
    shapes = load_shapes(house)
    assert not shapes.is_approximate
    assert shapes.source == name
    for part in (shapes.desa, shapes.kec, shapes.kab):
        assert shapely.coverage_is_valid(part.geometry.values)
        assert part.crs.to_epsg() == 32749
        assert part.columns.tolist() == ["code", "name", "level", "parent_code", "geometry"]
    assert shapes.desa["code"].tolist() == [region.code for region in REGIONS.villages]
    # A shape carries the code of the village it is: it lies where that village's own cell lies.
    overlap = shapes.desa.set_index("code").intersection(CELLS.set_index("code").loc[shapes.desa["code"]])
    assert (overlap.area > 0.9 * shapes.desa.set_index("code").area).all()


@pytest.mark.parametrize(
    ("rewrite", "column", "system"),
    [
        (lambda f: f.drop(columns="KDEPUM"), "KDEBPS", "bps"),
        (lambda f: f.assign(KDEPUM=f["KDEPUM"].str.replace(".", "")), "KDEPUM", "kemendagri"),
        (lambda f: f.drop(columns="KDEPUM").astype({"KDEBPS": "int64"}), "KDEBPS", "bps"),
        (lambda f: f.drop(columns=["KDEPUM", "KDEBPS"]), "WADMKD", "name"),
    ],
)
def test_the_regions_are_found_by_whatever_the_file_has(
    house: Settings,
    tmp_path: Path,
    rewrite: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame],
    column: str,
    system: str,
) -> None:
    report = install_boundaries(_write(rewrite(_villages()), tmp_path / "batas.gpkg"), house)
    assert (report.level, report.column, report.system, report.region_count) == ("desa", column, system, 295)
    shapes = load_shapes(house).desa.set_index("code")
    overlap = shapes.intersection(CELLS.set_index("code").loc[shapes.index])
    assert (overlap.area > 0.9 * shapes.area).all()


def test_a_misspelled_village_name_is_matched_within_its_kecamatan_and_reported(
    house: Settings, tmp_path: Path
) -> None:
    frame = _villages().drop(columns=["KDEPUM", "KDEBPS"])
    frame["WADMKD"] = frame["WADMKD"].replace({"TLOGOTUWUNG": "TLOGOTUWONG", "NGAMPEL": "QQQ"})
    report = install_boundaries(_write(frame, tmp_path / "batas.gpkg"), house)
    assert [(near.text, near.code) for near in report.near] == [("TLOGOTUWONG", "33.16.02.2001")]
    assert report.unmatched == ("QQQ",)
    assert report.missing == ("33.16.09.2028",)
    assert "33.16.09.2028" not in set(load_shapes(house).desa["code"])


def test_a_kecamatan_file_gives_true_kecamatan_and_approximate_villages_inside_them(
    house: Settings, tmp_path: Path
) -> None:
    frame = _districts()
    frame["IBUKOTA"] = [REGIONS.children(code)[0].name for code in CELLS["code"][CELLS["level"] == "kec"]]
    report = install_boundaries(_write(frame, tmp_path / "kecamatan.gpkg"), house)
    assert (report.level, report.column, report.region_count) == ("kec", "NAMOBJ", 16)
    shapes = load_shapes(house)
    assert shapes.is_approximate
    assert shapes.approximate_levels == {"desa"}
    assert len(shapes.desa) == 295
    assert shapely.coverage_is_valid(shapes.desa.geometry.values)
    assert not shapes.desa.geometry.is_empty.any()
    by_district = shapes.desa.dissolve("parent_code").area
    assert by_district.to_dict() == pytest.approx(shapes.kec.set_index("code").area.to_dict(), rel=1e-4)
    assert _wkb(shapes) == _wkb(load_shapes(house))


def test_a_later_kecamatan_file_takes_the_place_of_the_villages(house: Settings, tmp_path: Path) -> None:
    install_boundaries(_write(_villages(), tmp_path / "desa.gpkg"), house)
    install_boundaries(_write(_districts(), tmp_path / "kec.gpkg"), house)
    assert sorted(path.name for path in house.boundaries_dir.iterdir()) == ["kec.parquet", "report.json"]
    assert load_shapes(house).approximate_levels == {"desa"}


def test_rows_of_other_regencies_are_left_out_and_counted(house: Settings, tmp_path: Path) -> None:
    frame = _villages()
    stranger = frame.iloc[[0, 1]].assign(KDEPUM=["33.17.01.2001", "35.22.01.2001"], KDEBPS="")
    stranger = stranger.set_geometry(stranger.translate(xoff=1.0))
    report = install_boundaries(_write(pd.concat([frame, stranger]), tmp_path / "jateng.gpkg"), house)
    assert (report.row_count, report.region_count, report.other_regency_count) == (297, 295, 2)
    assert report.unmatched_count == 0


def test_several_rows_of_one_village_become_one_shape_and_are_reported(
    house: Settings, tmp_path: Path
) -> None:
    frame = _villages()
    west, south, east, north = frame.geometry[0].bounds
    left = frame.geometry[0].intersection(shapely.box(west, south, (west + east) / 2, north))
    right = frame.geometry[0].difference(left)
    halves = pd.concat([frame.iloc[[0]].set_geometry([left]), frame.iloc[[0]].set_geometry([right])])
    report = install_boundaries(_write(pd.concat([halves, frame.iloc[1:]]), tmp_path / "x.gpkg"), house)
    assert report.repeated == ("33.16.01.2001",)
    assert len(load_shapes(house).desa) == 295


def test_overlaps_and_slivers_between_neighbours_are_closed(house: Settings, tmp_path: Path) -> None:
    frame = _villages().to_crs(32749)
    torn = frame.set_geometry(frame.buffer([15.0 if row % 2 else -15.0 for row in range(len(frame))]))
    report = install_boundaries(_write(torn, tmp_path / "torn.gpkg"), house)
    shapes = load_shapes(house)
    assert shapely.coverage_is_valid(shapes.desa.geometry.values)
    assert report.gap_count == 0
    assert sum(len(polygon.interiors) for polygon in shapes.kab.explode().geometry) == 0


def test_a_missing_village_leaves_a_gap_that_is_reported(house: Settings, tmp_path: Path) -> None:
    frame = _villages()
    border = CELLS.geometry[CELLS["level"] == "kab"].iloc[0].boundary
    inland = frame["KDEPUM"][frame.to_crs(CELLS.crs).distance(border) > 5000].iloc[0]
    report = install_boundaries(_write(frame[frame["KDEPUM"] != inland], tmp_path / "x.gpkg"), house)
    assert report.missing == (inland,)
    assert report.gap_count == 1


def test_the_areas_are_compared_with_the_published_ones(house: Settings, tmp_path: Path) -> None:
    report = install_boundaries(_write(_villages(), tmp_path / "x.gpkg"), house)
    checks = {check.code: check for check in report.areas}
    assert len(checks) == 17
    assert checks["33.16"].is_close
    district = checks["33.16.05"]
    assert district.published_km2 == 49.04
    assert district.difference_pct == pytest.approx(100 * (district.area_km2 / 49.04 - 1), abs=0.01)
    assert not district.is_close, "an approximate cell is not the border"


def test_the_report_is_kept_beside_the_layers_with_the_hash_of_the_source(
    house: Settings, tmp_path: Path
) -> None:
    report = install_boundaries(_write(_villages(), tmp_path / "desa.geojson"), house)
    kept = json.loads((house.boundaries_dir / "report.json").read_text(encoding="utf-8"))
    assert (kept["file_name"], kept["sha256"]) == ("desa.geojson", report.sha256)
    assert kept["files"].keys() == {"desa.parquet", "kec.parquet"}
    assert str(tmp_path) not in json.dumps(kept)


def test_installing_the_same_file_twice_gives_the_same_shapes_and_hash(
    house: Settings, tmp_path: Path
) -> None:
    file = _write(_villages(), tmp_path / "desa.geojson")
    install_boundaries(file, house)
    first = load_shapes(house)
    install_boundaries(file, house)
    again = load_shapes(house)
    assert (_wkb(first), first.sha256) == (_wkb(again), again.sha256)


def test_a_shapefile_without_prj_is_taken_for_degrees_and_says_so(house: Settings, tmp_path: Path) -> None:
    file = _write(_villages(), tmp_path / "batas.shp")
    file.with_suffix(".prj").unlink()
    report = install_boundaries(file, house)
    assert report.is_crs_assumed
    assert report.region_count == 295


def _swapped(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry(shapely.transform(frame.geometry.values, lambda xy: xy[:, ::-1]), crs=4326)


@pytest.mark.parametrize(
    ("rewrite", "why"),
    [
        (_swapped, "Longitude and latitude are exchanged"),
        (lambda f: f[["geometry"]], "No column holds codes or names"),
        (lambda f: f[["OBJECTID", "geometry"]], "No column holds codes or names; the columns are: OBJECTID"),
        (lambda f: f[["WADMKK", "geometry"]].assign(WADMKK="?"), "No row matches a region"),
        (
            lambda f: f[["KDEPUM", "geometry"]].assign(KDEPUM=f["KDEPUM"].str.replace("33.16", "35.22")),
            "of another regency: column 'KDEPUM' holds codes of 35.22",
        ),
        (lambda f: f.set_geometry(f.translate(xoff=2.0)), "295 shapes lie outside the regency"),
        (lambda f: f.head(100), "holds 100 of 295 regions"),
        (lambda f: f.set_geometry(f.to_crs(32749).centroid.to_crs(4326)), "no layer of polygons"),
    ],
)
def test_a_file_that_cannot_be_placed_or_identified_is_refused_and_nothing_is_written(
    house: Settings, tmp_path: Path, rewrite: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame], why: str
) -> None:
    file = _write(rewrite(_villages()), tmp_path / "x.gpkg")
    with pytest.raises(BoundaryError, match=why) as caught:
        install_boundaries(file, house)
    assert caught.value.where
    assert caught.value.who
    assert caught.value.next_step
    assert not house.boundaries_dir.exists()


def test_a_shapefile_without_prj_in_metres_is_refused(house: Settings, tmp_path: Path) -> None:
    file = _write(_villages().to_crs(32749), tmp_path / "batas.shp")
    file.with_suffix(".prj").unlink()
    with pytest.raises(BoundaryError, match="does not say in which coordinate system"):
        install_boundaries(file, house)


@pytest.mark.parametrize("name", ["none.gpkg", "broken.geojson", "broken.zip", "empty.zip", "table.txt"])
def test_an_unreadable_file_is_refused_with_its_name(house: Settings, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name == "empty.zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("readme.txt", "nothing")
    elif name != "none.gpkg":
        file.write_text("{ not a boundary", encoding="utf-8")
    with pytest.raises(BoundaryError) as caught:
        install_boundaries(file, house)
    assert name in caught.value.where


def test_a_file_of_several_layers_asks_for_one(house: Settings, tmp_path: Path) -> None:
    file = tmp_path / "batas.gpkg"
    _villages().to_file(file, layer="desa")
    _districts().to_file(file, layer="kecamatan")
    with pytest.raises(BoundaryError, match="several layers: desa, kecamatan"):
        install_boundaries(file, house)
    assert install_boundaries(file, house, layer="kecamatan").level == "kec"
    with pytest.raises(BoundaryError, match="no layer 'rw'"):
        install_boundaries(file, house, layer="rw")


def test_an_altered_installation_is_refused(house: Settings, tmp_path: Path) -> None:
    install_boundaries(_write(_villages(), tmp_path / "x.gpkg"), house)
    (house.boundaries_dir / "desa.parquet").write_bytes(b"altered")
    with pytest.raises(BoundaryError, match="not those of their report"):
        load_shapes(house)


def test_a_refused_file_leaves_the_earlier_installation_as_it_was(house: Settings, tmp_path: Path) -> None:
    install_boundaries(_write(_villages(), tmp_path / "good.gpkg"), house)
    before = {path.name: path.read_bytes() for path in house.boundaries_dir.iterdir()}
    with pytest.raises(BoundaryError):
        install_boundaries(_write(_swapped(_villages()), tmp_path / "bad.gpkg"), house)
    assert {path.name: path.read_bytes() for path in house.boundaries_dir.iterdir()} == before


@needs_real
def test_the_real_village_file_becomes_a_valid_coverage_of_295_with_the_published_area(
    house: Settings,
) -> None:
    report = install_boundaries(REAL / "blora_desa_33.16_wilayah_boundaries.geojson", house)
    assert (report.level, report.column, report.region_count, report.missing) == ("desa", "kode", 295, ())
    assert report.gap_count == 0
    assert all(check.is_close for check in report.areas)
    assert {c.code: c.area_km2 for c in report.areas}["33.16"] == pytest.approx(1955.82, abs=0.1)
    shapes = load_shapes(house)
    assert (len(shapes.desa), len(shapes.kec), len(shapes.kab)) == (295, 16, 1)
    for part in (shapes.desa, shapes.kec):
        assert shapely.coverage_is_valid(part.geometry.values)
    assert not shapes.is_approximate
    assert (house.boundaries_dir / "desa.parquet").stat().st_size < 600_000


@needs_real
@pytest.mark.parametrize(
    "name",
    [
        "blora_kecamatan_33.16_dissolved_from_desa.geojson",
        "blora_kecamatan_33.16_wilayah_boundaries_simplified.geojson",
    ],
)
def test_a_real_kecamatan_file_is_installed_with_approximate_villages(house: Settings, name: str) -> None:
    report = install_boundaries(REAL / name, house)
    assert (report.level, report.region_count) == ("kec", 16)
    shapes = load_shapes(house)
    assert shapes.approximate_levels == {"desa"}
    assert len(shapes.desa) == 295
    assert shapely.coverage_is_valid(shapes.desa.geometry.values)


@needs_real
def test_the_real_regency_outline_alone_is_refused(house: Settings) -> None:
    with pytest.raises(BoundaryError, match="No row matches a region"):
        install_boundaries(REAL / "blora_kabupaten_33.16_wilayah_boundaries_simplified.geojson", house)
