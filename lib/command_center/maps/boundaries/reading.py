"""Opens a boundary file as somebody sent it: GeoJSON, GeoPackage or shapefile, also inside a zip.

Reads polygons and their columns, finds out where they lie and changes nothing.
"""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import geopandas as gpd
import numpy as np
import pyogrio
import pyogrio.errors
import pyproj
import shapely

from command_center.errors import CommandCenterError
from command_center.regions import Bounds, RegencyProfile

SENDER = "the sender of the boundary file"
SUFFIXES = (".geojson", ".json", ".gpkg", ".shp")
_WGS84 = 4326


class BoundaryError(CommandCenterError):
    """A boundary file that cannot be read, placed or matched to the regions, or a broken installation."""


@dataclass(frozen=True)
class BoundaryFile:
    """A file as read: `frame` has its own columns and coordinate system, polygons only.

    `is_crs_assumed` tells that the file named no system and its coordinates were taken for degrees.
    """

    name: str
    sha256: str
    layer: str
    frame: gpd.GeoDataFrame
    is_crs_assumed: bool


def read_boundary_file(file: Path, profile: RegencyProfile, layer: str | None = None) -> BoundaryFile:
    """Return the polygons of a boundary file with its hash.

    Raises BoundaryError when the file cannot be read, holds no polygon, holds several polygon layers and
    `layer` names none, or says nothing of its coordinate system that could be understood.
    """
    if not file.is_file():
        raise BoundaryError(
            "There is no such boundary file",
            where=str(file),
            who="the person who installs it",
            next_step="check the path; a shapefile must be a .shp beside its .dbf and .shx, or their zip",
        )
    source = _source(file)
    try:
        chosen = _polygon_layer(pyogrio.list_layers(source), layer, file)
        frame = pyogrio.read_dataframe(source, layer=chosen)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError) as error:
        raise _unreadable(file, str(error)) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise _unreadable(file, "it holds a table without shapes")
    frame = _polygons(frame, file)
    is_assumed = frame.crs is None
    if is_assumed:
        frame = _degrees_assumed(frame, profile.bounds, file)
    return BoundaryFile(file.name, file_sha256(file), chosen, frame, is_assumed)


def lonlat_centres(frame: gpd.GeoDataFrame) -> np.ndarray:
    """Return the centre of each shape's extent as an array (n, 2) of decimal degrees."""
    degrees = np.asarray(frame.geometry.to_crs(_WGS84).bounds)
    return np.column_stack([(degrees[:, 0] + degrees[:, 2]) / 2, (degrees[:, 1] + degrees[:, 3]) / 2])


def rows_inside(centres: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Return a mask of the centres that may lie in the regency."""
    return np.array([bounds.contains(lon, lat) for lon, lat in centres], dtype=bool)


def refuse_swapped_axes(centres: np.ndarray, bounds: Bounds, where: str) -> None:
    """Raise BoundaryError when most shapes fit the regency only with longitude and latitude exchanged."""
    swapped = sum(bounds.looks_swapped(lon, lat) for lon, lat in centres)
    if swapped * 2 > len(centres):
        lon, lat = centres[0]
        raise BoundaryError(
            f"Longitude and latitude are exchanged: the first shape lies at longitude {lon:.3f}, "
            f"latitude {lat:.3f}",
            where=where,
            who=SENDER,
            next_step="export the file again with longitude (x) first",
        )


def file_sha256(file: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _source(file: Path) -> str:
    """A zip is read where it lies: the one boundary file inside it, in whatever folder."""
    if file.suffix.lower() in SUFFIXES:
        return str(file)
    if file.suffix.lower() != ".zip":
        raise _unreadable(file, f"its kind is not one of {', '.join((*SUFFIXES, '.zip'))}")
    try:
        with zipfile.ZipFile(file) as archive:
            inner = [name for name in archive.namelist() if _is_boundary_member(name)]
    except (zipfile.BadZipFile, OSError) as error:
        raise _unreadable(file, str(error)) from error
    if len(inner) != 1:
        raise _unreadable(file, f"it must hold one of {', '.join(SUFFIXES)}, it holds {len(inner)}")
    return f"/vsizip/{file.resolve()}/{inner[0]}"


def _is_boundary_member(name: str) -> bool:
    path = PurePosixPath(name)
    # __MACOSX/._x.shp is a resource fork, not a shapefile.
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _polygon_layer(layers: np.ndarray, wanted: str | None, file: Path) -> str:
    names = [str(name) for name, _ in layers]
    if wanted is not None:
        if wanted in names:
            return wanted
        raise _unreadable(file, f"it has no layer '{wanted}', only {', '.join(names)}")
    # A layer of mixed kinds reports no type; its polygons are picked out after reading.
    polygons = [str(name) for name, kind in layers if kind is not None and "Point" not in kind]
    polygons = [name for name in polygons if "Line" not in dict(layers)[name]]
    if len(polygons) == 1:
        return polygons[0]
    if not polygons:
        raise _unreadable(file, "it holds no layer of polygons")
    raise BoundaryError(
        f"The file holds several layers: {', '.join(polygons)}",
        where=str(file),
        who="the person who installs it",
        next_step="name the layer of villages or kecamatan",
    )


def _polygons(frame: gpd.GeoDataFrame, file: Path) -> gpd.GeoDataFrame:
    flat = frame.set_geometry(shapely.force_2d(frame.geometry.values), crs=frame.crs)
    kinds = {shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON}
    areal = np.isin(shapely.get_type_id(flat.geometry.values), list(kinds)) & ~flat.geometry.is_empty.values
    if not areal.any():
        raise _unreadable(file, "it holds no polygon")
    return flat[areal].reset_index(drop=True)


def _degrees_assumed(frame: gpd.GeoDataFrame, bounds: Bounds, file: Path) -> gpd.GeoDataFrame:
    west, south, east, north = frame.total_bounds
    centre = ((west + east) / 2, (south + north) / 2)
    if not (bounds.contains(*centre) or bounds.looks_swapped(*centre)):
        raise BoundaryError(
            "The file does not say in which coordinate system it is, and its numbers are no degrees "
            f"of this regency (centre {centre[0]:.3f}, {centre[1]:.3f})",
            where=str(file),
            who=SENDER,
            next_step="send the .prj along, or export as GeoJSON in WGS 84",
        )
    return frame.set_crs(pyproj.CRS.from_epsg(_WGS84))


def _unreadable(file: Path, why: str) -> BoundaryError:
    return BoundaryError(
        f"The boundary file cannot be used: {why}",
        where=str(file),
        who=SENDER,
        next_step="send GeoJSON, GeoPackage or a complete shapefile (zipped) of desa or kecamatan",
    )
