"""The columns of road tables: their names here, and under which headers agencies write them.

Finds the header row of a sheet and reads each column by its kind; a cell that cannot be read becomes a fault
with its row and column, never a zero.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.cleaning import read_dates, read_numbers, read_texts
from command_center.cleaning.columns import Mask, strings
from command_center.cleaning.numbers import AMBIGUOUS, UNREADABLE
from command_center.ingest.readers import Sheet
from command_center.ingest.refusals import IngestError
from command_center.roads.faults import Fault
from command_center.roads.stations import parse_stations

Kind = Literal["text", "number", "date", "station", "raw"]
_HEADER_WITHIN = 25
_NOT_LETTER = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@dataclass(frozen=True)
class Column:
    """One column: its name, what its cells are, the unit wanted, other headers it comes under."""

    name: str
    kind: Kind = "text"
    unit: str | None = None
    aliases: tuple[str, ...] = ()


LINKS = (
    Column("road_code", aliases=("nomor_ruas", "no_ruas", "kode_ruas", "nomor", "no ruas jalan")),
    Column("name", aliases=("nama_ruas", "ruas", "nama ruas jalan", "nama")),
    Column("start", aliases=("titik_pangkal", "pangkal", "awal")),
    Column("end", aliases=("titik_ujung", "ujung", "akhir")),
    Column("length_km", "number", "km", ("panjang_km", "panjang", "panjang ruas")),
    Column("width_m", "number", "m", ("lebar_m", "lebar")),
    Column("pavement", aliases=("tipe_perkerasan", "perkerasan", "jenis perkerasan")),
    Column("function", aliases=("fungsi",)),
    Column("region_codes", aliases=("kode_wilayah", "region_code")),
    Column("daily_traffic", "number", None, ("lhr",)),
    Column("authority", aliases=("kewenangan", "status jalan", "status", "wilayah")),
    Column("segment_m", "number", "m", ("panjang_segmen_m",)),
    Column("geometry", "raw", None, ("wkt", "geometry_wkt", "geom", "the_geom")),
    Column("start_lat", "raw", None, ("lat awal", "lat_pangkal", "lintang awal")),
    Column("start_lon", "raw", None, ("lng awal", "lon awal", "lon_pangkal", "bujur awal")),
    Column("end_lat", "raw", None, ("lat akhir", "lat_ujung", "lintang akhir")),
    Column("end_lon", "raw", None, ("lng akhir", "lon akhir", "lon_ujung", "bujur akhir")),
)

SEGMENTS = (
    Column("road_code", aliases=("nomor_ruas", "no_ruas", "kode_ruas", "no ruas")),
    Column("from_m", "station", "m", ("sta_awal_m", "sta_awal", "sta awal", "dari sta", "dari")),
    Column("to_m", "station", "m", ("sta_akhir_m", "sta_akhir", "sta akhir", "ke sta", "sampai")),
    Column("surveyed_on", "date", None, ("tgl_survei", "tanggal survei", "tanggal")),
    Column("surveyor", aliases=("penyurvei", "petugas")),
    Column("pavement", aliases=("tipe_perkerasan", "perkerasan", "jenis perkerasan")),
    Column("crack_area_pct", "number", "percent", ("luas_retak_pct", "luas retak")),
    Column("crack_width_mm", "number", None, ("lebar_retak_mm", "lebar retak")),
    Column("potholes", "number", None, ("jumlah_lubang", "jumlah lubang", "lubang")),
    Column("rut_depth_cm", "number", None, ("bekas_roda_cm", "bekas roda", "kedalaman bekas roda")),
    Column("iri", "number", None, ("nilai iri",)),
    Column("ikp", "number", None, ("pci", "nilai ikp")),
    Column("sdi", "number", None, ("nilai sdi",)),
    Column("condition", aliases=("kondisi", "kelas kondisi")),
)

REPORTS = (
    Column("report_code", aliases=("id", "kode laporan", "nomor laporan")),
    Column("reported_on", "date", None, ("waktu", "reported_at", "tanggal", "tgl_lapor")),
    Column("lat", "raw", None, ("lintang", "latitude")),
    Column("lon", "raw", None, ("bujur", "lng", "longitude")),
    Column("place_text", aliases=("teks_lokasi", "lokasi", "alamat", "tautan", "link")),
    Column("damage_kind", aliases=("jenis", "jenis kerusakan")),
    Column("reporter_hash", aliases=("pelapor_hash",)),
    Column("located_by", aliases=("sumber_lokasi", "cara_lokasi")),
    Column("status"),
)

BRIDGES = (
    Column("bridge_code", aliases=("id", "nomor_jembatan", "kode_jembatan")),
    Column("name", aliases=("nama_jembatan", "nama")),
    Column("road_code", aliases=("nomor_ruas", "no_ruas", "kode_ruas")),
    Column("chainage_m", "station", "m", ("sta", "sta_m")),
    Column("length_m", "number", "m", ("panjang_m", "panjang", "bentang")),
    Column("bridge_type", aliases=("tipe", "jenis", "tipe_jembatan")),
    Column("condition_value", "number", None, ("nilai_kondisi", "nk", "kondisi")),
)


@dataclass(frozen=True, eq=False)
class RoadSheet:
    """One sheet read by its columns.

    `table`: the known columns found, in their own kinds, with `row` (as the sender counts). `given`: every
    column as text under the header it came with. `faults`: cells that could not be read.
    """

    name: str
    table: pd.DataFrame
    given: pd.DataFrame
    headers: Mapping[str, str]
    faults: tuple[Fault, ...]


def read_columns(sheet: Sheet, columns: Sequence[Column], *, needed: Sequence[str]) -> RoadSheet:
    """Return a sheet's rows by the columns known here; blank rows are left out.

    Raises IngestError (header_not_found) where no row names every one of `needed`.
    """
    found, header_row = _header(sheet, columns)
    lacking = [name for name in needed if name not in found.values()]
    if lacking:
        raise IngestError(
            "header_not_found",
            f"No row names the columns {', '.join(lacking)}",
            where=sheet.name,
            next_step=f"name them, for example: {', '.join(_example(columns, lacking))}",
        )
    cells = sheet.cells.iloc[header_row + 1 :]
    texts = pd.DataFrame({at: strings(cells[at]).to_numpy() for at in cells.columns}, dtype="object")
    texts["row"] = np.arange(header_row + 2, header_row + 2 + len(texts))
    filled = texts.drop(columns="row").apply(lambda column: column.str.strip().ne("")).any(axis=1)
    texts = texts[filled].reset_index(drop=True)
    heads = sheet.top(header_row + 1)[header_row]
    by_name = {column.name: column for column in columns}
    table = pd.DataFrame({"row": texts["row"]})
    faults: list[Fault] = []
    headers: dict[str, str] = {}
    for at, name in found.items():
        values, wrong = _read(texts[at].astype("str"), by_name[name])
        table[name] = values
        headers[name] = heads[at]
        faults += _faults(texts, at, wrong, sheet.name, heads[at])
    # A column that neither has a header nor holds anything is the edge of the sheet.
    texts = texts.drop(
        columns=[at for at, head in enumerate(heads) if not head.strip() and texts[at].eq("").all()]
    )
    heads = [head for at, head in enumerate(heads) if at in texts.columns]
    given = texts.drop(columns="row").set_axis(
        [head.strip() or f"column_{at + 1}" for at, head in enumerate(heads)], axis=1
    )
    return RoadSheet(sheet.name, table, given, headers, tuple(faults))


def normal(header: str) -> str:
    """Return a header as letters and digits alone: `STA Awal (m)` and `sta_awal` are the same."""
    return _NOT_LETTER.sub("", _BRACKETS.sub("", header.casefold()))


def _header(sheet: Sheet, columns: Sequence[Column]) -> tuple[dict[int, str], int]:
    """Return position -> column name of the row that names most of them, and that row."""
    known: dict[str, str] = {}
    for column in columns:
        for way in (column.name, *column.aliases):
            known.setdefault(normal(way), column.name)
    best: dict[int, str] = {}
    best_row = 0
    for number, row in enumerate(sheet.top(_HEADER_WITHIN)):
        found: dict[int, str] = {}
        for at, cell in enumerate(row):
            name = known.get(normal(cell))
            if name is not None and name not in found.values():
                found[at] = name
        if len(found) > len(best):
            best, best_row = found, number
    return best, best_row


def _example(columns: Sequence[Column], names: Sequence[str]) -> list[str]:
    return [
        column.aliases[0] if column.aliases else column.name for column in columns if column.name in names
    ]


def _read(cells: "pd.Series[str]", column: Column) -> tuple[npt.NDArray[Any], Mask]:
    nothing = np.zeros(len(cells), dtype=np.bool_)
    if column.kind == "raw":
        return cells.to_numpy(dtype="object"), nothing
    if column.kind == "number":
        read = read_numbers(cells, unit=column.unit)
        wrong = nothing.copy()
        for note in (UNREADABLE, AMBIGUOUS, "spreadsheet_error", "formula_text"):
            wrong |= read.notes.get(note, nothing)
        return read.values, wrong
    if column.kind == "station":
        metres = parse_stations(cells)
        return metres, np.isnan(metres) & cells.str.strip().ne("").to_numpy()
    texts = strings(read_texts(cells).texts)
    if column.kind == "date":
        days = pd.Series(read_dates(cells).values)
        return days.to_numpy(), (days.isna() & pd.Series(texts).ne("")).to_numpy()
    return texts.to_numpy(dtype="object"), nothing


def _faults(texts: pd.DataFrame, at: int, wrong: Mask, sheet: str, header: str) -> list[Fault]:
    rows = texts.loc[wrong]
    return [
        Fault("unreadable_cell", str(value), sheet=sheet, row=int(row), column=" ".join(header.split()))
        for row, value in zip(rows["row"], rows[at], strict=True)
    ]
