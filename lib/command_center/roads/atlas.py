"""Everything the road page shows, as tables: computed once at a refresh from inventory, survey and reports."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from command_center.maps.roads import rows_of
from command_center.roads.benefit import Needs, needs_of
from command_center.roads.condition import ALL_CLASSES, judge
from command_center.roads.criticality import criticality
from command_center.roads.deterioration import cost_of_waiting
from command_center.roads.inventory import Inventory, make_links
from command_center.roads.lengths import lengths_by_class
from command_center.roads.parameters import RoadParameters
from command_center.roads.placement import QUEUED
from command_center.roads.planning import Plan, frontier, frontier_table
from command_center.roads.reports import locate

_CLOSED_STATUS = "selesai"
_CRITICAL_ROADS = 40
_NAMES = {"road_name": "name", "start_place": "start", "end_place": "end"}


@dataclass(frozen=True, eq=False)
class RoadData:
    """What a network is made of, with the columns of its datasets.

    `people`: lon, lat, persons by village; `targets`: lon, lat of where people must get to.
    """

    links: pd.DataFrame
    segments: pd.DataFrame
    reports: pd.DataFrame
    people: pd.DataFrame
    targets: pd.DataFrame


def road_tables(data: RoadData, parameters: RoadParameters) -> Mapping[str, pd.DataFrame]:
    """Return the tables of a network by name.

    `road_links`: one row per road with km by class, steady_pct, reports (open), `wkb` (metres). `road_segments`: the
    survey with condition, sdi, method, works (budgets of the frontier that treat it, as a bit each).
    `road_reports`: open reports with their place (x, y in metres). `road_frontier`, `road_packages` (per budget),
    `road_waiting`, `road_criticality`, `road_districts` (km by class and steady_pct by region_code).
    """
    inventory = make_links(_latest(data.links).rename(columns=_NAMES), parameters)
    links = inventory.links.drop_duplicates("road_code")
    reports = _open_reports(data.reports, inventory, parameters)
    segments = _segments(_latest(data.segments), data.links, reports, parameters)
    needs = needs_of(segments, parameters)
    plans = frontier(needs, parameters.plan)
    own = links["road_code"].isin(segments["road_code"])
    return {
        "road_links": _links(links, segments, reports),
        "road_segments": segments.assign(works=_works(segments, plans)),
        "road_reports": reports,
        "road_frontier": frontier_table(plans),
        "road_packages": _packages(plans, links),
        "road_districts": lengths_by_class(segments, ["region_code"]),
        "road_waiting": _waiting(needs, parameters),
        "road_criticality": _criticality(links, links[own], segments, data, parameters),
    }


def _latest(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["period"].eq(table["period"].max())].reset_index(drop=True)


def _open_reports(reports: pd.DataFrame, inventory: Inventory, parameters: RoadParameters) -> pd.DataFrame:
    """Return the reports nobody has closed, with their place; x, y are missing where there is none."""
    waiting = reports[reports["status"].ne(_CLOSED_STATUS)].reset_index(drop=True)
    found, _ = locate(waiting.drop(columns=["road_code"], errors="ignore"), inventory, parameters)
    at = gpd.GeoSeries(gpd.points_from_xy(found["lon"], found["lat"]), crs="EPSG:4326").to_crs(
        inventory.links.crs
    )
    kept = [
        "report_code",
        "reported_on",
        "damage_kind",
        "road_code",
        "authority",
        "sta_m",
        "outcome",
        "reason",
    ]
    return found[kept].assign(x=at.x, y=at.y)


def _segments(
    segments: pd.DataFrame, links: pd.DataFrame, reports: pd.DataFrame, parameters: RoadParameters
) -> pd.DataFrame:
    """Return the survey judged, in the order of road and station, with what the priority reads of its road."""
    numbers = segments.assign(
        from_m=segments["from_m"].astype("float64"), to_m=segments["to_m"].astype("float64")
    )
    judged = judge(numbers, parameters.visual_index)
    table = numbers.drop(columns=["condition", "method", "sdi"], errors="ignore").join(judged)
    by_road = _latest(links).drop_duplicates("road_code").set_index("road_code")
    for name, source in (
        ("daily_traffic", "daily_traffic"),
        ("people", "served_persons"),
        ("facilities", "facilities"),
    ):
        table[name] = table["road_code"].map(by_road[source]).astype("float64")
    table = table.sort_values(["road_code", "from_m"]).reset_index(drop=True)
    return table.assign(reports=_reports_on(table, reports))


def _reports_on(
    segments: pd.DataFrame, reports: pd.DataFrame
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    placed = reports[reports["outcome"].ne(QUEUED) & reports["road_code"].isin(segments["road_code"])]
    placed = placed[["road_code", "sta_m"]].dropna().sort_values("sta_m", kind="stable")
    begins = segments.reset_index()[["index", "road_code", "from_m"]].sort_values("from_m", kind="stable")
    met = pd.merge_asof(
        placed.astype({"sta_m": "float64"}), begins, left_on="sta_m", right_on="from_m", by="road_code"
    )
    return np.bincount(met["index"].dropna().astype("int64"), minlength=len(segments)).astype("float64")


def _links(links: gpd.GeoDataFrame, segments: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    km = lengths_by_class(segments, ["road_code"]).set_index("road_code")[[*ALL_CLASSES, "steady_pct"]]
    counted = reports.loc[reports["outcome"].ne(QUEUED), "road_code"].value_counts()
    table = pd.DataFrame(links.drop(columns=["geometry", "row"])).assign(wkb=links.geometry.to_wkb())
    table = table.join(km, on="road_code")
    return table.assign(reports=table["road_code"].map(counted).fillna(0).astype("int64")).reset_index(
        drop=True
    )


def _works(segments: pd.DataFrame, plans: list[Plan]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return for each segment a bit per budget: 1 << position of the plan that treats it."""
    works = np.zeros(len(segments), dtype="int64")
    for number, plan in enumerate(plans):
        for row in rows_of(plan.packages):
            treated = (
                segments["road_code"].eq(row.road_code)
                & segments["from_m"].ge(row.from_m - 0.5)
                & segments["to_m"].le(row.to_m + 0.5)
            )
            works[treated.to_numpy()] |= 1 << number
    return works


def _packages(plans: list[Plan], links: pd.DataFrame) -> pd.DataFrame:
    names = links.set_index("road_code")["name"]
    parts = [plan.packages.assign(budget_idr=plan.budget_idr) for plan in plans if len(plan.packages)]
    table = (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["road_code", "budget_idr"])
    )
    return table.assign(road_name=table["road_code"].map(names))


def _waiting(needs: Needs, parameters: RoadParameters) -> pd.DataFrame:
    km = needs.units.groupby("condition")["length_km"].sum()
    return cost_of_waiting({str(name): float(value) for name, value in km.items()}, parameters)


def _criticality(
    links: gpd.GeoDataFrame,
    own: gpd.GeoDataFrame,
    segments: pd.DataFrame,
    data: RoadData,
    parameters: RoadParameters,
) -> pd.DataFrame:
    """Return the own roads with most heavy damage, by whom their closing would cut off."""
    heavy = segments[segments["condition"].eq("rusak_berat")]
    km = (
        ((heavy["to_m"] - heavy["from_m"]) / 1000)
        .groupby(heavy["road_code"])
        .sum()
        .sort_values(ascending=False)
    )
    people = _in_metres(data.people, parameters).assign(persons=data.people["persons"].to_numpy())
    closed = pd.Series(km.index[:_CRITICAL_ROADS])
    table = criticality(links, people, _in_metres(data.targets, parameters), closed)
    names = own.set_index("road_code")["name"]
    return table.assign(road_name=table["road_code"].map(names), heavy_km=table["road_code"].map(km))


def _in_metres(places: pd.DataFrame, parameters: RoadParameters) -> pd.DataFrame:
    at = gpd.GeoSeries(gpd.points_from_xy(places["lon"], places["lat"]), crs="EPSG:4326").to_crs(
        parameters.placing.metric_crs
    )
    return pd.DataFrame({"x": at.x.to_numpy(), "y": at.y.to_numpy()})
