"""Lengths by class, and the shares made of them: kemantapan, cost, trend. Roads of different bodies stay apart."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from command_center.roads.checks import nominal_length
from command_center.roads.condition import ALL_CLASSES, CLASSES, FAIR, GOOD, TREATMENT, UNSURVEYED
from command_center.roads.parameters import RoadParameters

_KM = 1000.0
_BILLION = 1_000_000_000


def lengths_by_class(
    segments: pd.DataFrame, by: Sequence[str], lengths_km: "pd.Series[float] | None" = None
) -> pd.DataFrame:
    """Return km in each class for every combination of `by`, with `length_km`, `steady_km`, `steady_pct`.

    `lengths_km` are decree lengths by road_code, used where `by` is road_code alone: what no segment covers
    counts as belum_disurvei. `steady_pct` is over the whole length, unsurveyed included.
    """
    km = (segments["to_m"] - segments["from_m"]) / _KM
    wide = (
        segments.assign(km=km)
        .pivot_table(index=list(by), columns="condition", values="km", aggfunc="sum", observed=True)
        .reindex(columns=list(ALL_CLASSES))
        .fillna(0.0)
    )
    if lengths_km is not None:
        wide = wide.reindex(wide.index.union(lengths_km.index)).fillna(0.0)
        missing = lengths_km.reindex(wide.index) - wide.sum(axis=1)
        wide[UNSURVEYED] += missing.clip(lower=0.0).fillna(0.0)
    wide["length_km"] = wide[list(ALL_CLASSES)].sum(axis=1)
    wide["steady_km"] = wide[GOOD] + wide[FAIR]
    wide["steady_pct"] = 100 * wide["steady_km"] / wide["length_km"].where(wide["length_km"] > 0)
    wide.columns.name = None
    return wide.reset_index(names=list(by))


def treatment_costs(segments: pd.DataFrame, parameters: RoadParameters) -> pd.DataFrame:
    """Return one row per treatment: km, rupiah per km, rupiah, provenance and source of the unit cost."""
    km = ((segments["to_m"] - segments["from_m"]) / _KM).groupby(segments["treatment"]).sum()
    names = [TREATMENT[name] for name in CLASSES]
    per_km = np.array([parameters.work(name).billion_per_km * _BILLION for name in names])
    lengths = km.reindex(names).fillna(0.0).to_numpy()
    return pd.DataFrame(
        {
            "treatment": names,
            "length_km": lengths,
            "cost_per_km_idr": per_km.round().astype("int64"),
            "cost_idr": (lengths * per_km).round().astype("int64"),
            "provenance": parameters.treatment.provenance,
            "source": parameters.treatment.source,
        }
    )


def condition_trend(segments: pd.DataFrame) -> pd.DataFrame:
    """Return lengths by class for each year and segment length: `year, segment_m` and the columns above.

    The length of a segment changes its class, so surveys of 100 m and of 200 m are two series, never one.
    """
    years = pd.to_datetime(segments["surveyed_on"]).dt.year
    return lengths_by_class(
        segments.assign(year=years, segment_m=nominal_length(segments)), ["segment_m", "year"]
    )
