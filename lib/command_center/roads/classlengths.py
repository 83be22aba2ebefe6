"""Roads sent with their lengths by class instead of segments: read through a mapping that is declared, not guessed.

Which of the sender's classes stands for which class here is in `data/reference/roads.yml` (class_lengths).
"""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from command_center.ingest.readers import read_file
from command_center.ingest.refusals import IngestError
from command_center.roads.columns import Column, RoadSheet, read_columns
from command_center.roads.condition import CLASSES
from command_center.roads.coordinates import Positions, read_positions
from command_center.roads.faults import Fault, faults_where
from command_center.roads.inventory import DEGREES
from command_center.roads.parameters import RoadParameters
from command_center.roads.surveys import file_bytes

_PLACES = (
    Column("regency", aliases=("kabupaten",)),
    Column("district", aliases=("kecamatan",)),
    Column("village", aliases=("desa",)),
    Column("name", aliases=("nama ruas jalan desa", "nama_ruas", "nama ruas")),
    Column("pavement", aliases=("jenis perkerasan", "tipe_perkerasan")),
    Column("total_m", "number", "m", ("total panjang jalan", "total panjang jalan desa", "panjang")),
    Column("start_lat", "raw", None, ("lat awal", "titik koordinat awal jalan desa")),
    Column("start_lon", "raw", None, ("lng awal", "lon awal")),
    Column("end_lat", "raw", None, ("lat akhir", "titik koordinat akhir jalan desa")),
    Column("end_lon", "raw", None, ("lng akhir", "lon akhir")),
)
_NEEDED = ("name", "total_m")
_TOTAL_TOLERANCE_M = 1.0
_NO_NOTE = ("decimal_comma", "one_cell", "map_link")


@dataclass(frozen=True, eq=False)
class ClassLengths:
    """`roads`: regency, district, village, name, pavement, metres by class (CLASSES), total_m, sheet, row, geometry.

    Metres of a class with an empty cell are 0 where the road has others, missing where a cell could not be read.
    Geometry in degrees, a straight line, missing without both ends. `faults`: every cell that could not be read.
    """

    roads: gpd.GeoDataFrame
    faults: tuple[Fault, ...]


def read_class_lengths(path: Path, parameters: RoadParameters) -> ClassLengths:
    """Return the roads of every sheet that has the declared classes; IngestError where none has."""
    classes = parameters.class_lengths.columns
    sent = tuple(Column(f"class_{at}", "number", "m", (header,)) for at, header in enumerate(classes))
    parts: list[pd.DataFrame] = []
    faults: list[Fault] = []
    for sheet in read_file(file_bytes(path), path.name).sheets:
        try:
            read = read_columns(
                sheet, (*_PLACES, *sent), needed=(*_NEEDED, *(column.name for column in sent))
            )
        except IngestError:
            continue
        roads, wrong = _roads(read, list(classes.values()))
        parts.append(roads)
        faults += [*read.faults, *wrong]
    if not parts:
        raise IngestError(
            "header_not_found",
            f"No sheet has the columns {', '.join(classes)}",
            where=path.name,
            next_step="declare the sender's classes under class_lengths in data/reference/roads.yml",
        )
    table = pd.concat(parts, ignore_index=True)
    return ClassLengths(gpd.GeoDataFrame(table, geometry="geometry", crs=DEGREES), tuple(faults))


def _roads(read: RoadSheet, classes: list[str]) -> tuple[pd.DataFrame, list[Fault]]:
    table = read.table.assign(sheet=read.name)
    unread = {(fault.row, fault.column) for fault in read.faults}
    metres = pd.DataFrame(0.0, index=table.index, columns=list(CLASSES))
    for at, name in enumerate(classes):
        header = " ".join(read.headers[f"class_{at}"].split())
        values = table[f"class_{at}"]
        is_unread = pd.Series([(row, header) in unread for row in table["row"]], index=table.index)
        metres[name] += values.fillna(0.0).mask(is_unread)
    summed = metres.sum(axis=1, skipna=False)
    differs = (summed - table["total_m"]).abs().gt(_TOTAL_TOLERANCE_M).to_numpy()
    lines, notes = _lines(table)
    told = [f"{total:g} / {sum_m:g}" for total, sum_m in zip(table["total_m"], summed, strict=True)]
    faults = [*faults_where(table, differs, "total_differs", "total", told), *notes]
    kept = table.reindex(
        columns=["regency", "district", "village", "name", "pavement", "total_m", "sheet", "row"]
    )
    return kept.join(metres).assign(geometry=lines), faults


def _lines(table: pd.DataFrame) -> tuple["np.ndarray[tuple[int], np.dtype[np.object_]]", list[Fault]]:
    """Return straight lines between the ends, and what was odd or could not be read about the positions."""
    blank = pd.Series("", index=table.index)
    faults: list[Fault] = []
    ends: list[Positions] = []
    for end in ("start", "end"):
        lat, lon = table.get(f"{end}_lat", blank), table.get(f"{end}_lon", blank)
        found = read_positions(lat, lon)
        ends.append(found)
        sent = [" ".join(pair).strip() for pair in zip(lat.astype("str"), lon.astype("str"), strict=True)]
        has_text = np.array([bool(text) for text in sent])
        short = found.notes["short_link"]
        no_place = np.isnan(found.lat) | np.isnan(found.lon)
        faults += faults_where(table, short, "short_link", f"{end}", sent)
        faults += faults_where(table, has_text & no_place & ~short, "unreadable_cell", f"{end}", sent)
        for check in _NO_NOTE:
            faults += faults_where(table, found.notes[check], check, f"{end}", sent)
    begin, end_at = ends
    known = ~np.isnan(begin.lat) & ~np.isnan(begin.lon) & ~np.isnan(end_at.lat) & ~np.isnan(end_at.lon)
    lines = np.full(len(table), None, dtype="object")
    if known.any():
        corners = np.stack(
            [np.column_stack([begin.lon, begin.lat]), np.column_stack([end_at.lon, end_at.lat])], axis=1
        )
        lines[known] = shapely.linestrings(corners[known])
    return lines, faults
