"""Damage reports from a file to their places: read, positions put right, placed, clustered.

A report that cannot be placed waits for a person, with the reason; none is dropped.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

from command_center.ingest.readers import read_file
from command_center.roads.clusters import cluster
from command_center.roads.columns import REPORTS, read_columns
from command_center.roads.coordinates import Positions, put_right, read_positions
from command_center.roads.faults import Fault, faults_where
from command_center.roads.index import RoadIndex
from command_center.roads.inventory import DEGREES, Inventory
from command_center.roads.parameters import Bounds, Placing, RoadParameters
from command_center.roads.placement import QUEUED, place, segment_number
from command_center.roads.surveys import file_bytes

_MARGIN_DEGREES = 0.02
_REFUSED = ("no_position", "short_link", "outside")
_BY_TEXT = frozenset({"teks", "text", "alamat"})


@dataclass(frozen=True, eq=False)
class LocatedReports:
    """`reports`: one row per report, in the order of the file, see `locate`; `given`: its cells as sent."""

    reports: pd.DataFrame
    given: pd.DataFrame
    faults: tuple[Fault, ...]


def locate_file(path: Path, inventory: Inventory, parameters: RoadParameters) -> LocatedReports:
    """Return the reports of a file placed on the roads of an inventory; IngestError where it names no position."""
    sheet = read_file(file_bytes(path), path.name).sheets[0]
    read = read_columns(sheet, REPORTS, needed=("report_code",))
    reports, faults = locate(read.table, inventory, parameters)
    return LocatedReports(reports, read.given, (*read.faults, *faults))


def locate(
    table: pd.DataFrame, inventory: Inventory, parameters: RoadParameters
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the reports with their places, and what was odd about their positions.

    Reads report_code, lat, lon (text or numbers), place_text, located_by (`teks` for a position found from a text),
    reported_on, reporter_hash. Adds lat, lon (degrees, put right), road_code, road_name, authority, sta_m,
    segment (number from 0), offset_m, runner_up_code, runner_up_name, runner_up_m, confidence, outcome (placed,
    forwarded, queued), reason, cluster (-1 without a place) and cluster_reports.
    """
    table = table.reset_index(drop=True)
    blank = pd.Series("", index=table.index)
    words = table.get("place_text", blank)
    rules = parameters.placing
    positions = put_right(
        read_positions(table.get("lat", blank), table.get("lon", blank), words), bounds_of(inventory, rules)
    )
    faults = [
        fault
        for check, rows in positions.notes.items()
        for fault in faults_where(table, rows, check, "lat", _shown(table, words))
    ]
    refused = np.logical_or.reduce([positions.notes[name] for name in _REFUSED])
    placed = _placed(table, words, positions, refused, inventory, parameters)
    for check in _REFUSED:
        rows = positions.notes[check]
        placed.loc[rows, ["outcome", "reason"]] = [QUEUED, check]
    return _clustered(placed, rules), faults


def bounds_of(inventory: Inventory, rules: Placing) -> Bounds:
    """Return the bounds a report must lie within: the declared ones, or those of roads drawn beyond them."""
    west, south, east, north = inventory.links.geometry.to_crs(DEGREES).total_bounds
    declared = rules.bounds
    if (
        declared.west <= west
        and declared.south <= south
        and east <= declared.east
        and north <= declared.north
    ):
        return declared
    margin = _MARGIN_DEGREES
    return Bounds(west=west - margin, south=south - margin, east=east + margin, north=north + margin)


def _placed(
    table: pd.DataFrame,
    words: "pd.Series[str]",
    positions: Positions,
    refused: np.ndarray[tuple[int], np.dtype[np.bool_]],
    inventory: Inventory,
    parameters: RoadParameters,
) -> pd.DataFrame:
    index = RoadIndex.of(inventory.links)
    rules = parameters.placing
    projected = Transformer.from_crs(DEGREES, rules.metric_crs, always_xy=True)
    x, y = projected.transform(
        np.where(refused, np.nan, positions.lon), np.where(refused, np.nan, positions.lat)
    )
    sound = np.flatnonzero(~refused & np.isfinite(x) & np.isfinite(y))
    by_text = (
        table.get("located_by", pd.Series("", index=table.index)).fillna("").str.casefold().isin(_BY_TEXT)
    )
    found = place(
        index,
        x[sound],
        y[sound],
        rules,
        own_authority=parameters.own_authority,
        by_text=by_text.to_numpy()[sound],
        texts=words.iloc[sound],
    )
    links = inventory.links[["road_code", "name", "authority", "segment_m"]].reset_index(drop=True)
    road = links.reindex(found.road).reset_index(drop=True)
    other = links.reindex(found.runner_up).reset_index(drop=True)
    length = road["segment_m"].fillna(rules.segment_m).to_numpy()
    part = pd.DataFrame(
        {
            "road": found.road,
            "road_code": road["road_code"],
            "road_name": road["name"],
            "authority": road["authority"],
            "sta_m": found.sta_m,
            "segment": segment_number(found.sta_m, length),
            "offset_m": found.offset_m,
            "runner_up_code": other["road_code"],
            "runner_up_name": other["name"],
            "runner_up_m": found.runner_up_m,
            "confidence": found.confidence,
            "outcome": found.outcome,
            "reason": found.reason,
        }
    ).set_index(sound)
    whole = part.reindex(table.index)
    whole["road"] = whole["road"].fillna(-1).astype("int64")
    whole["segment"] = whole["segment"].astype("Int64")
    return (
        table.assign(lat=positions.lat, lon=positions.lon)
        .drop(columns=[name for name in part if name in table])
        .join(whole)
    )


def _clustered(placed: pd.DataFrame, rules: Placing) -> pd.DataFrame:
    days = pd.to_datetime(placed.get("reported_on", pd.Series(pd.NaT, index=placed.index)))
    # Without a date a report is no other's repeat: each gets a time of its own, far from all.
    number = days.to_numpy().astype("datetime64[D]").astype("int64")
    undated = days.isna().to_numpy()
    apart = 10_000_000 * (1 + np.arange(len(placed)))
    known = placed["outcome"].ne(QUEUED).to_numpy()
    found = cluster(
        np.where(known, placed["road"].to_numpy(), -1),
        placed["sta_m"].to_numpy(dtype="float64"),
        np.where(undated, apart, number),
        rules.cluster_m,
        rules.cluster_days,
    )
    sizes = np.bincount(found[found >= 0], minlength=1)
    return placed.drop(columns="road").assign(
        cluster=found, cluster_reports=np.where(found >= 0, sizes[found], 0)
    )


def _shown(table: pd.DataFrame, words: "pd.Series[str]") -> list[str]:
    lat, lon = (table.get(name, pd.Series("", index=table.index)).astype("str") for name in ("lat", "lon"))
    return [f"{y}, {x}" if y or x else str(text)[:60] for y, x, text in zip(lat, lon, words, strict=True)]
