"""Approximate shapes for when no boundary file is installed: Voronoi cells of the published village points.

A cell says which village is near, not where a border runs; nothing here may be used to measure an area or
to decide in which village a place lies.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from command_center.regions import RegencyProfile, Region, RegionTree

# Chosen so that the outline encloses about the published area of the regency; see the tests.
HULL_RATIO = 0.3
HULL_BUFFER_M = 1500.0
HULL_SMOOTHING_M = 3000.0
OUTLINE_TOLERANCE_M = 50.0
# Coordinates are kept to the decimetre: finer digits only make the files larger.
GRID_M = 0.1
_COLUMNS = ("code", "name", "level", "parent_code")
_WGS84 = 4326


def approximate_cells(regions: RegionTree, profile: RegencyProfile) -> gpd.GeoDataFrame:
    """Return one approximate shape per region: code, name, level, parent_code, geometry, in code order.

    Villages are Voronoi cells of their points inside a smoothed hull of all points; kecamatan and regency
    are their unions. Coordinates in metres (`profile.epsg`); each level is a coverage without gap or overlap.
    """
    villages = regions.villages
    sites = village_sites(villages, profile.epsg)
    cells = voronoi_cells(sites, _outline(sites))
    return stack_levels(villages, cells, regions, profile.epsg)


def village_sites(villages: Sequence[Region], epsg: int) -> np.ndarray:
    """Return the published point of each village, projected, as an array of shapely points."""
    lon, lat = [village.lon for village in villages], [village.lat for village in villages]
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=_WGS84).to_crs(epsg)
    return np.asarray(points.values)


def voronoi_cells(sites: np.ndarray, outline: shapely.Geometry) -> np.ndarray:
    """Return the Voronoi cell of each site clipped to the outline, in the order of the sites.

    A site outside the outline is moved to its nearest place inside, so that no cell is empty. The cells
    are a valid coverage of the outline.
    """
    core = shapely.buffer(outline, -10 * GRID_M)
    inside = np.array([_moved_inside(site, core) for site in sites])
    if len(inside) == 1:
        return np.array([outline])
    spread = shapely.MultiPoint(list(inside))
    ordered = shapely.voronoi_polygons(spread, extend_to=outline.buffer(HULL_SMOOTHING_M), ordered=True)
    clipped = shapely.intersection(shapely.get_parts(ordered), outline)
    cleaned = shapely.coverage_clean(shapely.set_precision(_polygons_only(clipped), GRID_M))
    return np.asarray(shapely.normalize(cleaned))


def stack_levels(
    villages: Sequence[Region], shapes: np.ndarray, regions: RegionTree, epsg: int
) -> gpd.GeoDataFrame:
    """Return villages, kecamatan and regency in one frame: the upper levels are unions of the village shapes.

    A region above without any of the given villages is left out.
    """
    frame = shape_frame(villages, shapes, epsg)
    districts = dissolve(frame, regions, epsg)
    regency = dissolve(districts, regions, epsg)
    stacked = pd.concat([regency, districts, frame]).sort_values("code", ignore_index=True)
    return gpd.GeoDataFrame(stacked, crs=epsg)


def shape_frame(members: Sequence[Region], shapes: np.ndarray, epsg: int) -> gpd.GeoDataFrame:
    """Return regions and their shapes as a frame: code, name, level, parent_code, geometry, in code order."""
    rows = [(region.code, region.name, region.level, region.parent) for region in members]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=list(_COLUMNS)), geometry=list(shapes), crs=epsg)
    return frame.sort_values("code", ignore_index=True)


def dissolve(frame: gpd.GeoDataFrame, regions: RegionTree, epsg: int) -> gpd.GeoDataFrame:
    """Return the level above a coverage: one row per parent, its shape the union of its parts."""
    parents = sorted(set(frame["parent_code"].dropna()))
    shapes = [
        shapely.normalize(shapely.coverage_union_all(frame.geometry.values[frame["parent_code"] == code]))
        for code in parents
    ]
    return shape_frame([regions.get(code) for code in parents], np.array(shapes, dtype=object), epsg)


def _outline(sites: np.ndarray) -> shapely.Geometry:
    hull = shapely.concave_hull(shapely.MultiPoint(list(sites)), ratio=HULL_RATIO)
    grown = shapely.buffer(hull, HULL_BUFFER_M + HULL_SMOOTHING_M)
    return shapely.simplify(shapely.buffer(grown, -HULL_SMOOTHING_M), OUTLINE_TOLERANCE_M)


def _moved_inside(site: shapely.Point, core: shapely.Geometry) -> shapely.Point:
    if core.is_empty or shapely.contains_properly(core, site):
        return site
    return shapely.get_point(shapely.shortest_line(core, site), 0)


def _polygons_only(shapes: np.ndarray) -> np.ndarray:
    """Clipping may leave a stray line or point beside the polygon; a coverage holds polygons only."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return np.array(
        [shapely.union_all(parts[areal & (owners == number)]) for number in range(len(shapes))], dtype=object
    )
