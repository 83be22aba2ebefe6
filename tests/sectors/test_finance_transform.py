"""The cash tables of the finance item: sums to date, and deviations that do not cancel."""

import pandas as pd

from sectors.finance.transform import pendapatan, realisasi_belanja

KEPT = {"region_code": "99.01", "method": "m", "as_of": pd.Timestamp("2026-12-31")}
SPENT = ("agency_code", "period", "budget_idr", "planned_idr", "spent_idr")
RECEIVED = ("period", "revenue_kind", "year_target_idr", "month_target_idr", "month_received_idr")


def spending(*rows: tuple[object, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(SPENT)).assign(physical_pct=50, **KEPT)
    return realisasi_belanja(table).set_index(["agency_code", "period"])


def test_surplus_and_shortfall_of_two_agencies_do_not_cancel() -> None:
    found = spending(("1", "2026-01", 100, 10, 14), ("1", "2026-01", 100, 10, 8), ("2", "2026-01", 50, 10, 7))
    assert found.loc[("1", "2026-01"), "deviation_idr"] == 2
    assert found.loc[("", "2026-01"), "deviation_idr"] == 5
    assert found.loc[("", "2026-01"), "budget_idr"] == 250


def test_spending_to_date_begins_anew_each_year_and_stops_at_a_missing_month() -> None:
    found = spending(
        ("1", "2025-01", 9, 1, 1),
        ("1", "2025-02", 9, 1, 2),
        ("1", "2026-01", 9, 1, 4),
        ("1", "2026-03", 9, 1, 4),
    )["spent_to_date_idr"]
    assert found["", "2025-02"] == 3
    assert found["1", "2026-01"] == 4
    assert pd.isna(found["1", "2026-03"])


def test_own_revenue_is_taxes_and_levies_and_the_oil_share_is_held_against_the_year() -> None:
    rows = [
        ("2026-01", "PAD_PAJAK", 100, 10, 9),
        ("2026-01", "PAD_RETRIBUSI", 50, 5, 6),
        ("2026-01", "DBH_MIGAS", 40, 0, 0),
        ("2026-02", "PAD_PAJAK", 100, 10, 10),
        ("2026-02", "DAU", 900, 90, 90),
        ("2026-02", "DBH_MIGAS", 40, 20, 8),
    ]
    found = pendapatan(pd.DataFrame(rows, columns=list(RECEIVED)).assign(**KEPT)).set_index("period")
    assert found.loc["2026-02", ["pad_to_date_idr", "pad_target_to_date_idr"]].tolist() == [25, 25]
    assert found.loc["2026-02", ["oil_gas_to_date_idr", "oil_gas_allocation_idr"]].tolist() == [8, 40]


def test_physical_progress_is_weighted_by_budget_and_missing_where_a_part_reports_none() -> None:
    rows = [("1", "2026-01", 100, 1, 1), ("2", "2026-01", 300, 1, 1), ("3", "2026-01", 50, 1, 1)]
    table = pd.DataFrame(rows, columns=list(SPENT)).assign(physical_pct=[10, 30, None], **KEPT)
    found = realisasi_belanja(table).set_index(["agency_code", "period"])["physical_idr"]
    assert (found["1", "2026-01"], found["2", "2026-01"]) == (10, 90)
    assert pd.isna(found["3", "2026-01"])
    assert pd.isna(found["", "2026-01"])
