"""Condition surveys: segments by STA, from a table with one row per segment or a workbook with a sheet per road.

A value outside what is possible is set apart with its place: the segment stays, unjudged, and is never counted
as steady.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from command_center.ingest.readers import Sheet, read_file
from command_center.ingest.refusals import IngestError
from command_center.roads.columns import SEGMENTS, RoadSheet, normal, read_columns
from command_center.roads.condition import (
    ALL_CLASSES,
    FLEXIBLE,
    PAVEMENTS,
    column_of,
    computed_sdi,
    condition_key,
    judge,
    pavement_of,
)
from command_center.roads.faults import Fault, faults_where
from command_center.roads.parameters import RoadParameters

# Column: lowest and highest possible value.
_POSSIBLE = {
    "crack_area_pct": (0.0, 100.0),
    "crack_width_mm": (0.0, 500.0),
    "potholes": (0.0, 10_000.0),
    "rut_depth_cm": (0.0, 100.0),
    "iri": (0.0, 60.0),
    "ikp": (0.0, 100.0),
    "sdi": (0.0, 325.0),
}
_TITLE_WITHIN = 25
_CODE_TITLE = re.compile(r"^\s*(?:nomor|no\.?|kode)\s*ruas\s*[:=]?\s*(?P<code>.*?)\s*$", re.IGNORECASE)
_SDI_AGREES = 0.05


@dataclass(frozen=True, eq=False)
class Survey:
    """Segments as sent (`given`, text under the sender's own headers) and as read and judged (`segments`).

    `segments`: road_code, from_m, to_m and the columns of the survey found, then sdi, condition, method,
    treatment, is_steady, and `row`, `sheet` where it stood. Both have the same order and length.
    """

    segments: pd.DataFrame
    given: pd.DataFrame
    faults: tuple[Fault, ...]


def read_survey(content: bytes, name: str, parameters: RoadParameters) -> Survey:
    """Return a survey file's segments, judged; IngestError where no sheet has stations."""
    sheets = [_with_code(sheet) for sheet in read_file(content, name).sheets]
    read = [sheet for sheet in sheets if sheet is not None]
    if not read:
        raise IngestError(
            "header_not_found",
            "No sheet has the columns nomor_ruas, sta_awal_m and sta_akhir_m",
            where=name,
            next_step="name the columns in one row, or write 'Nomor ruas: …' above the table of each road",
        )
    table = pd.concat([sheet.table.assign(sheet=sheet.name) for sheet in read], ignore_index=True)
    given = pd.concat([sheet.given for sheet in read], ignore_index=True).fillna("")
    faults = [fault for sheet in read for fault in sheet.faults]
    cleaned, wrong = without_impossible(table)
    judged = judge(cleaned, parameters.visual_index)
    segments = cleaned.drop(columns=["sdi", "condition"], errors="ignore").join(judged)
    return Survey(segments, given, (*faults, *wrong, *_sdi_differs(table)))


def read_survey_file(path: Path, parameters: RoadParameters) -> Survey:
    """Return the survey in a file; IngestError where it cannot be read."""
    return read_survey(file_bytes(path), path.name, parameters)


def file_bytes(path: Path) -> bytes:
    """Return the bytes of a file; IngestError (file_not_found) says whose turn it is."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise IngestError(
            "file_not_found",
            f"The file cannot be read: {error.strerror}",
            where=str(path),
            who="the person who started the command",
            next_step="name a file that exists",
        ) from error


def without_impossible(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the table with impossible values made missing, and a fault for each.

    A class is kept apart from a class nobody knows; a pavement nobody knows leaves the segment unjudged by SDI.
    """
    faults: list[Fault] = []
    cleaned = table.copy()
    for name, (lowest, highest) in _POSSIBLE.items():
        values = column_of(table, name)
        wrong = (values < lowest) | (values > highest)
        if wrong.any():
            cleaned[name] = np.where(wrong, np.nan, values)
            faults += faults_where(table, wrong, "impossible_value", name, table[name])
    length = column_of(table, "to_m") - column_of(table, "from_m")
    backwards = ~(length > 0)
    if backwards.any():
        cleaned.loc[backwards, [name for name in (*_POSSIBLE, "condition") if name in cleaned]] = np.nan
        ends = table["from_m"].astype("str") + "–" + table["to_m"].astype("str")
        faults += faults_where(table, backwards, "segment_backwards", "to_m", ends)
    if "condition" in table:
        keys = condition_key(table["condition"])
        unknown = ~keys.isin([*ALL_CLASSES, ""])
        faults += faults_where(
            table, unknown.to_numpy(), "unknown_condition", "condition", table["condition"]
        )
    pavement = pavement_of(table)
    faults += faults_where(
        table, (~pavement.isin(PAVEMENTS)).to_numpy(), "unknown_pavement", "pavement", pavement
    )
    return cleaned, faults


def _with_code(sheet: Sheet) -> RoadSheet | None:
    """Return a sheet of segments, with the road's number from its title where no column holds it."""
    stations = ("from_m", "to_m")
    try:
        read = read_columns(sheet, SEGMENTS, needed=stations)
    except IngestError as error:
        if error.code == "header_not_found":
            return None
        raise
    if "road_code" in read.table:
        return read
    code = _titled_code(sheet)
    if not code:
        return None
    return RoadSheet(read.name, read.table.assign(road_code=code), read.given, read.headers, read.faults)


def _titled_code(sheet: Sheet) -> str:
    for row in sheet.top(_TITLE_WITHIN):
        for at, cell in enumerate(row):
            found = _CODE_TITLE.match(cell)
            if found is None:
                continue
            after = (other.strip(" :=") for other in row[at + 1 :])
            code = found["code"] or next((text for text in after if text), "")
            if code and normal(code) not in {"namaruas", "staawal"}:
                return code
    return ""


def _sdi_differs(table: pd.DataFrame) -> list[Fault]:
    computed, sent = computed_sdi(table), column_of(table, "sdi")
    differs = pavement_of(table).isin(FLEXIBLE).to_numpy() & (np.abs(computed - sent) > _SDI_AGREES)
    return faults_where(table, differs, "sdi_differs", "sdi", table["sdi"]) if differs.any() else []
