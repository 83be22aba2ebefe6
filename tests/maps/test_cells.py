"""Approximate cells are a coverage: every region has one shape, none empty, none overlapping."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from command_center.maps.cells import approximate_cells, village_sites, voronoi_cells
from command_center.regions import VILLAGE_LEVELS, load_profile, load_regions
from command_center.settings import Settings

SETTINGS = Settings(root=Path(__file__).resolve().parents[2])
REGIONS = load_regions(SETTINGS)
PROFILE = load_profile(SETTINGS)
CELLS = approximate_cells(REGIONS, PROFILE)
VILLAGES = CELLS[CELLS["level"].isin(VILLAGE_LEVELS)]


def test_every_region_has_one_shape_in_the_metric_system_of_the_profile() -> None:
    assert CELLS["code"].tolist() == [region.code for region in REGIONS]
    assert CELLS.columns.tolist() == ["code", "name", "level", "parent_code", "geometry"]
    assert CELLS.crs.to_epsg() == PROFILE.epsg == 32749


@pytest.mark.parametrize("levels", [VILLAGE_LEVELS, ("kec",), ("kab",)])
def test_each_level_is_a_valid_coverage_of_single_polygons(levels: tuple[str, ...]) -> None:
    shapes = CELLS.geometry.values[CELLS["level"].isin(levels)]
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()
    assert (shapely.area(shapes) > 1e6).all()


def test_the_levels_cover_the_same_ground_without_a_hole() -> None:
    total = {level: CELLS.geometry[CELLS["level"] == level].area.sum() for level in ("kec", "kab")}
    assert VILLAGES.geometry.area.sum() == pytest.approx(total["kab"])
    assert total["kec"] == pytest.approx(total["kab"])
    (regency,) = CELLS.geometry[CELLS["level"] == "kab"]
    assert len(regency.interiors) == 0


def test_the_outline_encloses_about_the_published_area() -> None:
    assert VILLAGES.geometry.area.sum() / 1e6 == pytest.approx(REGIONS.root.area_km2, rel=0.02)


def test_each_village_point_lies_in_its_own_cell() -> None:
    sites = village_sites(REGIONS.villages, PROFILE.epsg)
    assert shapely.contains(VILLAGES.geometry.values, sites).all()


def test_the_same_input_gives_the_same_bytes() -> None:
    again = approximate_cells(REGIONS, PROFILE)
    assert CELLS.geometry.to_wkb().tolist() == again.geometry.to_wkb().tolist()


def test_a_site_outside_the_outline_still_gets_a_cell_inside() -> None:
    outline = shapely.box(0, 0, 1000, 1000)
    cells = voronoi_cells(np.array([shapely.Point(1200, 500), shapely.Point(500, 500)]), outline)
    assert shapely.coverage_is_valid(cells)
    assert (shapely.area(cells) > 0).all()
    assert shapely.area(cells).sum() == pytest.approx(1e6)
    assert shapely.bounds(cells[0])[2] == 1000


def test_a_single_site_takes_the_whole_outline() -> None:
    outline = shapely.box(0, 0, 10, 10)
    (cell,) = voronoi_cells(np.array([shapely.Point(5, 5)]), outline)
    assert cell.equals(outline)
