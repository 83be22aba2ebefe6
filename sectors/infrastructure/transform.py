"""What the infrastructure item computes from tables of roads, reports, contracts and drought.

Pure: a table in, another table out. Missing stays missing, nothing is filled. Working days are Monday to
Friday; holidays are not deducted.
"""

import numpy as np
import pandas as pd

from command_center.indicators.tidying import per_agency_and_all, per_region_and_above

BILLION = 1_000_000_000
# Rupiah per km by condition: routine, periodic, rehabilitation, reconstruction (a proposal, not DPUPR's).
TREATMENT_COST = {
    "good_km": 0.05 * BILLION,
    "fair_km": 1.5 * BILLION,
    "light_damage_km": 3.5 * BILLION,
    "heavy_damage_km": 7.0 * BILLION,
}
# A contract is critical beyond so many points while the plan is at most 70 percent, and beyond as many above it.
CRITICAL_EARLY, CRITICAL_LATE, LATE_FROM = 10, 5, 70


def road_condition(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `steady_km`: length in good and fair condition, in km.

    Missing where either class is missing: a road not surveyed is never counted as steady.
    """
    return table.assign(steady_km=table[["good_km", "fair_km"]].sum(axis=1, min_count=2))


def kondisi_jalan_kec(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `steady_km` as above and `needed_idr`: rupiah to treat every surveyed km."""
    costs = pd.DataFrame({name: table[name] * cost for name, cost in TREATMENT_COST.items()})
    needed = costs.sum(axis=1, min_count=len(TREATMENT_COST)).round()
    return road_condition(table).assign(needed_idr=needed)


def laporan_kerusakan(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per region and month: reports whose limit fell in the month, and those closed by then.

    Reports on roads of other authorities are forwarded and not counted.
    """
    reports = table[table["authority"].eq("kabupaten")]
    reported, limit = pd.to_datetime(reports["reported_on"]), reports["limit_days"]
    due = pd.Series(
        np.busday_offset(
            reported.to_numpy().astype("datetime64[D]"), limit.to_numpy().astype("int64"), roll="backward"
        ),
        index=reports.index,
    ).astype("datetime64[s]")
    in_time = pd.to_datetime(reports["closed_on"]).le(due).astype("int64")
    counted = reports.assign(period=due.dt.strftime("%Y-%m"), due_reports=1, closed_in_time_reports=in_time)
    counted = counted[counted["period"].isin(table["period"].unique())]
    ends = pd.to_datetime(counted["period"], format="%Y-%m") + pd.offsets.MonthEnd(0)
    return per_region_and_above(counted.assign(as_of=ends), ["due_reports", "closed_in_time_reports"])


def paket_pekerjaan(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per agency and week, and one per week over all (`agency_code` "").

    Rupiah: value of the contracts and of the works behind plan (negative when ahead). Counts: contracts, critical
    ones.
    """
    behind = table["planned_pct"] - table["physical_pct"]
    limit = np.where(table["planned_pct"].gt(LATE_FROM), CRITICAL_LATE, CRITICAL_EARLY)
    packages = table.assign(
        contract_value_idr=table["contract_idr"],
        behind_value_idr=(table["contract_idr"] * behind / 100).round(),
        contracts=1,
        critical_contracts=behind.gt(limit).astype("int64"),
    )
    amounts = ["contract_value_idr", "behind_value_idr", "contracts", "critical_contracts"]
    return per_agency_and_all(packages, amounts)


def kekeringan_desa(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `affected_villages`: one where the village is short of water, else none."""
    return table.assign(affected_villages=table["is_affected"])
