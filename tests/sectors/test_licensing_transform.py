"""Permits counted where and when they are issued, and held against their limit in working days."""

import pandas as pd

from sectors.licensing.transform import izin, lkpm, retribusi_pbg

KEPT = {"method": "m", "as_of": pd.Timestamp("2026-12-31")}
APPLICATION = (
    "region_code", "permit_kind", "received_on", "complete_on", "issued_on", "limit_days", "applicant_days", "status",
)  # fmt: skip
FIRST, SECOND = "99.01.01.2001", "99.01.02.2001"


def permits(*rows: tuple[object, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(APPLICATION))
    table = table.assign(period=table["received_on"].str[:7], **KEPT)
    return izin(table).set_index(["region_code", "period"])


def nib(region: str, issued: str | None) -> tuple[object, ...]:
    return (region, "NIB", "2026-01-05", "2026-01-05", issued, 3, 0, "terbit" if issued else "proses")


def pbg(
    region: str, complete: str, issued: str | None, applicant: int, status: str = "terbit"
) -> tuple[object, ...]:
    return (region, "PBG", "2026-01-02", complete, issued, 28, applicant, status)


LATER = (SECOND, "NIB", "2026-03-02", "2026-03-02", "2026-03-02", 3, 0, "terbit")


def test_a_number_counts_in_the_month_it_is_issued_and_no_number_is_none() -> None:
    found = permits(nib(FIRST, "2026-01-06"), nib(FIRST, "2026-03-03"), LATER)["issued_nib"]
    assert found["99.01", "2026-01"] == found[FIRST, "2026-01"] == 1
    assert found[SECOND, "2026-01"] == found["99.01.02", "2026-01"] == 0
    assert found["99.01", "2026-03"] == 2


def test_the_clock_of_net_days_stops_while_the_applicant_acts() -> None:
    # 5 January to 20 February 2026: 34 working days.
    found = permits(
        pbg(FIRST, "2026-01-05", "2026-02-20", 7), nib(SECOND, "2026-01-06"), (SECOND, *february())
    )
    row = found.loc[("99.01.01", "2026-02")]
    assert row[["in_time_permits", "due_permits"]].tolist() == [1, 1]
    assert row[["in_time_gross_permits", "due_gross_permits"]].tolist() == [0, 1]
    assert found.loc[(FIRST, "2026-02"), ["in_time_permits", "due_permits"]].isna().all()


def february() -> tuple[object, ...]:
    return ("NIB", "2026-02-02", "2026-02-02", "2026-02-02", 3, 0, "terbit")


def test_an_open_permit_past_its_limit_is_due_and_overdue() -> None:
    waiting = pbg(FIRST, "2026-01-02", None, 20, "menunggu_pemohon")
    found = permits(waiting, (SECOND, *february()), LATER)
    march = found.loc[("99.01", "2026-03")]
    assert march[["in_time_permits", "due_permits", "due_gross_permits"]].tolist() == [0, 1, 1]
    assert march[["overdue_applications", "overdue_at_applicant"]].tolist() == [1, 1]
    assert found.loc[("99.01", "2026-02"), "overdue_applications"] == 1
    assert pd.isna(found.loc[("99.01", "2026-02"), "overdue_at_applicant"])


def test_who_did_not_report_is_obliged_and_invests_nothing() -> None:
    rows = [
        {"period": "2026-Q1", "is_reported": 1, "invested_idr": 5.0},
        {"period": "2026-Q1", "is_reported": 0, "invested_idr": None},
        {"period": "2026-Q2", "is_reported": 1, "invested_idr": 2.0},
        {"period": "2025-Q4", "is_reported": 1, "invested_idr": 9.0},
    ]
    found = lkpm(pd.DataFrame(rows).assign(region_code="99.01", **KEPT)).set_index("period")
    assert found.loc["2026-Q1", ["reporting_companies", "obliged_companies"]].tolist() == [1, 2]
    assert found.loc["2026-Q2", "invested_to_date_idr"] == 7
    assert pd.isna(found.loc["2025-Q4", "invested_to_date_idr"])


def test_the_levy_is_summed_since_january() -> None:
    table = pd.DataFrame({"period": ["2026-02", "2026-01"], "month_levy_idr": [3, 4]})
    found = retribusi_pbg(table.assign(region_code="99.01", method="m"))
    assert found["levy_to_date_idr"].tolist() == [7, 4]
