"""The inventory of roads: one row per ruas with its line, read from any of the usual files.

GeoPackage, shapefile (zipped, or beside its companions), GeoJSON, KML, CSV or workbook with well-known text or with
start and end coordinates. Lines come in degrees and are kept in metres; nothing is mended, what is wrong is named.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from command_center.ingest.readers import read_file
from command_center.ingest.refusals import IngestError
from command_center.roads.columns import LINKS, RoadSheet, read_columns
from command_center.roads.coordinates import read_positions
from command_center.roads.faults import Fault, faults_where
from command_center.roads.parameters import RoadParameters
from command_center.roads.surveys import file_bytes

DEGREES = "EPSG:4326"
AUTHORITIES = {
    "nasional": "nasional", "negara": "nasional", "nas": "nasional", "n": "nasional",
    "provinsi": "provinsi", "prov": "provinsi", "propinsi": "provinsi", "p": "provinsi",
    "kabupaten": "kabupaten", "kab": "kabupaten", "k": "kabupaten", "kota": "kabupaten",
    "desa": "desa", "ds": "desa", "d": "desa", "lingkungan": "desa",
}  # fmt: skip
_MULTI = 5
_TEXTS = ("road_code", "name", "start", "end", "pavement", "function", "region_codes", "authority")
_NUMBERS = ("length_km", "width_m", "daily_traffic", "segment_m")
COLUMNS = (*_TEXTS[:4], "length_km", "width_m", *_TEXTS[4:], "daily_traffic", "segment_m")


@dataclass(frozen=True, eq=False)
class Inventory:
    """Roads and what was wrong with them.

    `links`: COLUMNS, `geometry` (metres, LineString or MultiLineString, missing where there is none), `row`.
    Texts are "" where missing, numbers NaN. `authority` is nasional, provinsi, kabupaten or desa.
    """

    links: gpd.GeoDataFrame
    faults: tuple[Fault, ...]


def read_inventory(path: Path, parameters: RoadParameters) -> Inventory:
    """Return the roads of a file; IngestError where it has none."""
    content = _shapefile(path) if path.suffix.lower() == ".shp" else file_bytes(path)
    return inventory_of(content, path.name, parameters)


def inventory_of(content: bytes, name: str, parameters: RoadParameters) -> Inventory:
    """Return the roads in the bytes of a file; IngestError where no sheet has roads with a place."""
    parts: list[gpd.GeoDataFrame] = []
    faults: list[Fault] = []
    for sheet in read_file(content, name).sheets:
        try:
            read = read_columns(sheet, LINKS, needed=())
        except IngestError:
            continue
        if not {"geometry", "start_lat"} & set(read.table.columns):
            continue
        links, wrong = _links(read, parameters)
        parts.append(links)
        faults += [*(fault for fault in read.faults if fault.column != "geometry"), *wrong]
    if not parts:
        raise IngestError(
            "no_roads",
            "The file has no column with lines, nor start and end coordinates",
            where=name,
            next_step="send a layer of lines, or a table with the column geometry (well-known text)",
        )
    links = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=parts[0].crs)
    return Inventory(links, tuple(faults))


def make_links(table: pd.DataFrame, parameters: RoadParameters) -> Inventory:
    """Return the roads of a table that has these columns already, its `geometry` as well-known text in degrees."""
    read = RoadSheet("", table.assign(row=range(1, len(table) + 1)), pd.DataFrame(), {}, ())
    links, faults = _links(read, parameters)
    return Inventory(links, tuple(faults))


def _links(read: RoadSheet, parameters: RoadParameters) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    table = read.table
    links = pd.DataFrame({"row": table["row"]})
    for name in COLUMNS:
        links[name] = table.get(name, np.nan if name in _NUMBERS else "")
    links[list(_TEXTS)] = links[list(_TEXTS)].fillna("").astype("str")
    faults = _resolve_authority(links, read.name, parameters)
    lines, wrong = _lines(table, links, read.name)
    frame = gpd.GeoDataFrame(links, geometry=lines, crs=DEGREES).to_crs(parameters.placing.metric_crs)
    return frame, [*faults, *wrong]


def _resolve_authority(links: pd.DataFrame, sheet: str, parameters: RoadParameters) -> list[Fault]:
    """Set each road's authority, the own one where the file does not say; tell what is not known."""
    keys = links["authority"].str.strip().str.casefold().str.removeprefix("jalan ")
    known = keys.map(AUTHORITIES)
    unknown = known.isna() & keys.ne("")
    faults = faults_where(
        links.assign(sheet=sheet), unknown.to_numpy(), "unknown_authority", "authority", links["authority"]
    )
    links["authority"] = known.fillna(parameters.own_authority)
    return faults


def _lines(table: pd.DataFrame, links: pd.DataFrame, sheet: str) -> tuple[gpd.GeoSeries, list[Fault]]:
    if "geometry" in table:
        texts = table["geometry"].fillna("").astype("str").to_numpy(dtype="object")
        written = np.array([text or None for text in texts], dtype="object")
        shapes = shapely.from_wkt(written, on_invalid="ignore")
    else:
        shapes, texts = _straight_lines(table)
    kinds = shapely.get_type_id(shapes)
    is_line = np.isin(kinds, (1, _MULTI)) & ~shapely.is_empty(shapes)
    shapes[~is_line] = None
    lines = shapely.force_2d(shapes)
    several = kinds == _MULTI
    lines[several] = shapely.line_merge(lines[several])
    pieces = shapely.get_num_geometries(lines)
    told = links.assign(sheet=sheet)
    absent = np.asarray(texts == "", dtype=np.bool_)
    starts = [str(text)[:40] for text in texts]
    faults = [
        *faults_where(told, absent & ~is_line, "no_geometry", "geometry", links["name"]),
        *faults_where(told, ~absent & ~is_line, "bad_geometry", "geometry", starts),
        *faults_where(told, pieces > 1, "broken_line", "geometry", pieces),
    ]
    return gpd.GeoSeries(lines, index=links.index), faults


def _straight_lines(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return straight lines from start to end coordinates, and for each whether something stood there."""
    begins = read_positions(table["start_lat"], table["start_lon"])
    ends = read_positions(table["end_lat"], table["end_lon"])
    has_both = ~np.isnan(begins.lon) & ~np.isnan(ends.lon)
    shapes = np.full(len(table), None, dtype="object")
    corners = np.stack(
        [np.column_stack([begins.lon, begins.lat]), np.column_stack([ends.lon, ends.lat])], axis=1
    )
    if has_both.any():
        shapes[has_both] = shapely.linestrings(corners[has_both])
    return shapes, np.where(has_both, "x", "").astype("object")


def _shapefile(path: Path) -> bytes:
    """Return a shapefile and its companions as one archive, which is how it is read."""
    buffer = io.BytesIO()
    file_bytes(path)
    with zipfile.ZipFile(buffer, "w") as archive:
        for companion in sorted(path.parent.glob(f"{path.stem}.*")):
            archive.write(companion, companion.name)
    return buffer.getvalue()
