"""What the finance item computes from cash tables: sums per agency and for the regency, and sums of the year to date.

Pure: a table in, another table out. Missing stays missing, nothing is filled.
"""

import pandas as pd

from command_center.indicators.tidying import PLACE, sums_by

_PAD = ("PAD_PAJAK", "PAD_RETRIBUSI")


def realisasi_belanja(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per agency and month, and one per month over all (`agency_code` "").

    Rupiah: `budget_idr`, `planned_idr` and `spent_idr` of the month; `physical_idr` is the budget times reported
    physical progress, missing where one of its parts reports none; `spent_to_date_idr` since January;
    `deviation_idr` as the absolute gap of spent and planned, per agency, so that surplus and shortfall of two
    agencies do not cancel.
    """
    amounts = ["budget_idr", "planned_idr", "spent_idr", "physical_idr"]
    table = table.assign(physical_idr=table["budget_idr"] * table["physical_pct"] / 100)
    agencies = sums_by(table, ["agency_code", *PLACE], amounts)
    agencies = agencies.assign(deviation_idr=(agencies["spent_idr"] - agencies["planned_idr"]).abs())
    whole = sums_by(agencies, PLACE, [*amounts, "deviation_idr"]).assign(agency_code="")
    both = pd.concat([whole, agencies], ignore_index=True)
    return both.assign(spent_to_date_idr=_to_date(both, "spent_idr", ["agency_code", "method"]))


def pendapatan(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per month: own revenue and its target, and oil and gas share, in rupiah since January.

    `oil_gas_allocation_idr` is that of the whole year.
    """
    pad, oil_gas = table["revenue_kind"].isin(_PAD), table["revenue_kind"].eq("DBH_MIGAS")
    parts = {
        "pad_received": table["month_received_idr"].where(pad, 0),
        "pad_target": table["month_target_idr"].where(pad, 0),
        "oil_gas_received": table["month_received_idr"].where(oil_gas, 0),
        "oil_gas_allocation_idr": table["year_target_idr"].where(oil_gas, 0),
    }
    months = sums_by(table.assign(**parts), PLACE, list(parts))
    return months.assign(
        pad_to_date_idr=_to_date(months, "pad_received", ["method"]),
        pad_target_to_date_idr=_to_date(months, "pad_target", ["method"]),
        oil_gas_to_date_idr=_to_date(months, "oil_gas_received", ["method"]),
    )


def _to_date(table: pd.DataFrame, amount: str, by: list[str]) -> pd.Series:
    """Return the sums since January; missing from the first month that is missing onwards."""
    ordered = table.sort_values("period", kind="stable")
    groups = ordered.groupby([*(ordered[name] for name in by), _year(ordered)])[amount]
    month = pd.to_numeric(ordered["period"].astype("str").str[5:7], errors="coerce")
    return groups.cumsum(skipna=False).where((groups.cumcount() + 1).eq(month)).reindex(table.index)


def _year(table: pd.DataFrame) -> pd.Series:
    return table["period"].astype("str").str[:4].rename("year")
