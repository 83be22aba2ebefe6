"""How urgent a segment is, part by part, and what treating it costs. The weights are a proposal (see `roads.yml`)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from command_center.roads.condition import FAIR, GOOD, UNSURVEYED, column_of
from command_center.roads.parameters import RoadParameters

_KM = 1000.0
_BILLION = 1_000_000_000
PARTS = ("severity", "traffic", "people", "reports", "access")


@dataclass(frozen=True, eq=False)
class Needs:
    """One row per segment a plan may treat, in the order of road and station.

    `units`: the segment's columns with length_km, cost_idr, benefit, priority, steady_years and one column per part
    (0 to 1), `is_open` False where nobody has surveyed. `total_km` and `steady_km` are of the whole network.
    """

    units: pd.DataFrame
    total_km: float
    steady_km: float


def needs_of(segments: pd.DataFrame, parameters: RoadParameters) -> Needs:
    """Return what each segment of the own roads needs and gains.

    Needs road_code, from_m, to_m, condition, treatment, region_code; reads daily_traffic, people, reports (number on
    the segment) and facilities (on the road) where they are there; a missing one counts as none. Benefit is km x
    severity x priority: the priority is the weighted sum of the parts, and a good road gains nothing.
    """
    units = segments.sort_values(["road_code", "from_m"]).reset_index(drop=True)
    rules = parameters.priority
    km = (units["to_m"] - units["from_m"]).to_numpy(dtype="float64") / _KM
    severity = units["condition"].map(rules.severity).fillna(0.0).to_numpy(dtype="float64")
    per_km = np.nan_to_num(column_of(units, "reports")) / km
    parts = {
        "severity": severity,
        "traffic": _part(column_of(units, "daily_traffic"), rules.full_traffic),
        "people": _part(column_of(units, "people"), rules.full_people),
        "reports": _part(per_km, rules.full_reports_per_km),
        "access": _part(column_of(units, "facilities"), rules.full_facilities),
    }
    weights = rules.weights.model_dump()
    priority = np.sum([weights[name] * parts[name] for name in PARTS], axis=0)
    works = {name: parameters.work(name) for name in ("rutin", "berkala", "rehabilitasi", "rekonstruksi")}
    cost = units["treatment"].map({name: work.billion_per_km * _BILLION for name, work in works.items()})
    years = units["treatment"].map({name: work.steady_years for name, work in works.items()})
    table = units.assign(
        length_km=km,
        cost_idr=np.nan_to_num(km * cost.to_numpy(dtype="float64")),
        steady_years=years.fillna(0.0).to_numpy(dtype="float64"),
        **parts,
        priority=priority,
        benefit=km * severity * priority,
        is_open=units["condition"].ne(UNSURVEYED),
    )
    return Needs(table, float(km.sum()), float(km[units["condition"].isin([GOOD, FAIR])].sum()))


def _part(
    values: "np.ndarray[tuple[int], np.dtype[np.float64]]", full: float
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.clip(np.nan_to_num(values) / full, 0.0, 1.0)
