"""Road treatment, damage reports, contracts and drought made figures."""

import pandas as pd

from sectors.infrastructure.transform import (
    kekeringan_desa,
    kondisi_jalan_kec,
    laporan_kerusakan,
    paket_pekerjaan,
)

KEPT = {"method": "m", "as_of": pd.Timestamp("2026-12-31")}
KM = ("good_km", "fair_km", "light_damage_km", "heavy_damage_km", "unsurveyed_km")
REPORT = ("region_code", "reported_on", "authority", "limit_days", "closed_on")
PACKAGE = ("agency_code", "contract_idr", "planned_pct", "physical_pct")


def reports(*rows: tuple[object, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(REPORT))
    table = table.assign(period=table["reported_on"].str[:7], **KEPT)
    return laporan_kerusakan(table).set_index(["region_code", "period"])


def packages(*rows: tuple[object, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(PACKAGE)).assign(region_code="99.01", period="2026-07-05", **KEPT)
    return paket_pekerjaan(table).set_index("agency_code")


def test_every_surveyed_km_has_its_treatment_and_an_unsurveyed_one_is_never_steady() -> None:
    found = kondisi_jalan_kec(pd.DataFrame([(2.0, 2.0, 1.0, 1.0, 9.0)], columns=list(KM), dtype="float64"))
    assert found["steady_km"].tolist() == [4.0]
    assert found["needed_idr"].tolist() == [0.1e9 + 3e9 + 3.5e9 + 7e9]
    missing = kondisi_jalan_kec(pd.DataFrame([(2.0, None, 1.0, 1.0, 9.0)], columns=list(KM), dtype="float64"))
    assert missing[["steady_km", "needed_idr"]].isna().all(axis=None)


def test_a_report_is_due_in_the_month_of_its_limit_on_roads_of_the_regency_only() -> None:
    found = reports(
        # 5 January 2026 is a Monday: seven working days later is Wednesday the 14th.
        ("99.01.01.2001", "2026-01-05", "kabupaten", 7, "2026-01-14"),
        ("99.01.01.2001", "2026-01-05", "kabupaten", 7, "2026-01-15"),
        ("99.01.02.2001", "2026-01-29", "kabupaten", 7, None),
        ("99.01.02.2001", "2026-01-05", "provinsi", 7, None),
        ("99.01.02.2001", "2026-02-02", "desa", 7, None),
    )
    assert found.loc[("99.01", "2026-01"), ["due_reports", "closed_in_time_reports"]].tolist() == [2, 1]
    assert found.loc[("99.01.02", "2026-02"), ["due_reports", "closed_in_time_reports"]].tolist() == [1, 0]
    assert found.loc[("99.01.02", "2026-01"), "due_reports"] == 0


def test_a_contract_is_critical_beyond_ten_points_and_above_seventy_percent_beyond_five() -> None:
    found = packages(("1", 100, 70, 60), ("1", 100, 70, 59), ("2", 1000, 71, 66), ("2", 1000, 71, 65))
    assert found["critical_contracts"].to_dict() == {"": 2, "1": 1, "2": 1}
    assert found["contracts"].to_dict() == {"": 4, "1": 2, "2": 2}


def test_the_value_behind_plan_is_negative_when_ahead() -> None:
    found = packages(("1", 1000, 10, 30), ("2", 1000, 30, 20))
    assert found["behind_value_idr"].to_dict() == {"": -100, "1": -200, "2": 100}


def test_a_village_short_of_water_is_one_village() -> None:
    assert kekeringan_desa(pd.DataFrame({"is_affected": [1, 0]}))["affected_villages"].tolist() == [1, 0]
