"""Agencies' own tables, by segment, document, school or person, turned into what the indicators count.

Small tables reckoned by hand; what is missing in one part leaves the whole missing.
"""

import importlib

import pandas as pd
import pytest

PLACE = {"region_code": "33.16.09", "period": "2026-01", "method": "m", "as_of": pd.Timestamp("2026-01-31")}
VILLAGE = "33.16.09.2028"
END = pd.Timestamp("2026-03-15")


def turned(sector: str, dataset: str, table: pd.DataFrame) -> pd.DataFrame:
    before = table.copy(deep=True)
    out = getattr(importlib.import_module(f"sectors.{sector}.transform"), dataset)(table)
    pd.testing.assert_frame_equal(table, before)
    return out


def rows(*given: dict) -> pd.DataFrame:
    return pd.DataFrame([PLACE | row for row in given])


SEGMENTS = [
    {"segment": name, "registered_persons": 10.0, "active_persons": float(at), "population_persons": 60.0}
    for at, name in enumerate(["PBI", "PBPU_PEMDA", "PPU", "PBPU", "BP"])
]


def test_segments_are_summed_and_the_population_stands_once() -> None:
    (row,) = turned("health", "jkn_kec", rows(*SEGMENTS)).to_dict("records")
    amounts = [row[name] for name in ("registered_persons", "active_persons", "population_persons")]
    assert amounts == [50, 10, 60]


def test_a_missing_segment_leaves_the_sum_missing() -> None:
    (row,) = turned("health", "jkn_kec", rows(*SEGMENTS[:4])).to_dict("records")
    assert pd.isna(row["registered_persons"])


def test_segments_that_disagree_on_the_population_leave_it_missing() -> None:
    other = SEGMENTS[4] | {"population_persons": 61.0}
    (row,) = turned("health", "jkn_kec", rows(*SEGMENTS[:4], other)).to_dict("records")
    assert pd.isna(row["population_persons"])
    assert row["registered_persons"] == 50


def weekly(left_out: int | None = None) -> pd.DataFrame:
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2025-01-04", periods=53, freq="7D")]
    return rows(
        *(
            {"region_code": code, "period": day, "disease": disease, "cases": float(at), "deaths": 1.0,
             "population_persons": 900.0}
            for at, day in enumerate(days)
            for code in ("33.16.01", "33.16.02")
            for disease in ("DBD", "TBC")
            if at != left_out or code != "33.16.02"
        )
    )  # fmt: skip


def test_dengue_is_counted_over_the_last_52_weeks_and_no_other_disease() -> None:
    out = turned("health", "kasus_penyakit", weekly())
    last = out[out["period"].eq("2026-01-03")].set_index("region_code")
    assert last.loc["33.16.01", "dengue_cases"] == sum(range(1, 53))
    assert last.loc["33.16", "regency_dengue_cases"] == 2 * sum(range(1, 53))
    assert last.loc["33.16", "regency_dengue_deaths"] == 104
    assert pd.isna(last.loc["33.16", "dengue_cases"])


def test_a_week_nobody_reported_leaves_the_year_around_it_missing() -> None:
    out = turned("health", "kasus_penyakit", weekly(left_out=20))
    assert set(out["region_code"]) == {"33.16.01"}


AGES = [f"{age:02d}-{age + 4:02d}" for age in range(0, 75, 5)] + ["75+"]


def test_ages_are_summed_into_dependants_and_those_of_working_age() -> None:
    table = rows(*({"sex": sex, "age_group": age, "persons": 2.0} for sex in "LP" for age in AGES))
    (row,) = turned("population", "penduduk_dkb", table).to_dict("records")
    assert (row["persons"], row["age_15_64_persons"], row["dependent_persons"]) == (64, 40, 24)
    (lacking,) = turned("population", "penduduk_dkb", table.iloc[1:]).to_dict("records")
    assert pd.isna(lacking["persons"])


def test_documents_stand_side_by_side_and_a_missing_one_stays_missing() -> None:
    names = ["KTP", "KK", "LAHIR", "MATI", "KIA", "IKD"]
    table = rows(
        *(
            {
                "document": name,
                "target_count": 9.0,
                "owned_count": 7.0,
                "completed_count": 5.0,
                "on_time_count": 4.0,
            }
            for name in names
        )
    )
    (row,) = turned("population", "dokumen_dukcapil", table).to_dict("records")
    assert (row["ktp_owned"], row["ktp_lacking"], row["completed_documents"]) == (7, 2, 30)
    (lacking,) = turned("population", "dokumen_dukcapil", table[table["document"].ne("KTP")]).to_dict(
        "records"
    )
    assert pd.isna(lacking["ktp_owned"])
    assert pd.isna(lacking["completed_documents"])
    assert lacking["kia_owned"] == 7


def test_aid_is_that_of_the_two_programmes_paid_to_families() -> None:
    table = rows(
        *(
            {"program": name, "decreed_households": 9.0, "paid_households": 8.0, "decile_1_4_households": 7.0}
            for name in ("PKH", "SEMBAKO", "PBI")
        )
    )
    (row,) = turned("social", "bansos_salur", table).to_dict("records")
    assert (row["aid_decreed"], row["aid_paid"], row["aid_decile_1_4"]) == (18, 16, 14)
    (lacking,) = turned("social", "bansos_salur", table.iloc[1:]).to_dict("records")
    assert pd.isna(lacking["aid_paid"])


REGISTERS = [
    ("social", "pbi_nonaktif", "deactivated_on", "unresolved_persons", ("buka", "reaktivasi")),
    ("education", "ats", "verified_on", "open_children", ("belum_sekolah", "kembali")),
]


@pytest.mark.parametrize(("sector", "dataset", "begins", "amount", "states"), REGISTERS)
def test_a_register_gives_what_is_open_at_the_end_of_every_month(
    sector: str, dataset: str, begins: str, amount: str, states: tuple[str, str]
) -> None:
    still, closed = states
    cases = [
        ("2026-01-05", None, still),
        ("2026-01-06", "2026-02-10", closed),
        ("2026-02-07", "2026-02-20", closed),
        ("2026-02-08", None, closed),  # no day stated: by the end of the register
    ]
    table = rows(
        *(
            {"region_code": VILLAGE, begins: begun, "resolved_on": ended, "status": status, "as_of": END}
            for begun, ended, status in cases
        )
    )
    out = turned(sector, dataset, table)
    district = out[out["region_code"].eq("33.16.09")].set_index("period")
    assert district[amount].to_dict() == {"2026-01": 2, "2026-02": 2, "2026-03": 1}
    assert str(district.loc["2026-03", "as_of"].date()) == "2026-03-15"
    assert str(district.loc["2026-02", "as_of"].date()) == "2026-02-28"


def test_schools_are_summed_by_village_and_district_and_nurseries_left_out() -> None:
    def school(level: str, village: str, pupils: float, heavy: float | None) -> dict:
        return {
            "region_code": village, "school_level": level, "pupils": pupils, "teachers": 2.0,
            "good_classrooms": 3.0, "moderate_damage_classrooms": 1.0, "heavy_damage_classrooms": heavy,
        }  # fmt: skip

    table = rows(
        school("SD", VILLAGE, 20, 2), school("SMP", VILLAGE, 30, 0), school("PAUD", VILLAGE, 40, 0),
        school("SD", "33.16.09.2001", 50, None),
    )  # fmt: skip
    out = turned("education", "satuan_pendidikan", table).set_index("region_code")
    assert out.loc[VILLAGE, ["classrooms", "damaged_classrooms"]].tolist() == [10, 4]
    assert out.loc["33.16.09", ["sd_pupils", "sd_teachers", "smp_pupils"]].tolist() == [70, 4, 30]
    assert pd.isna(out.loc["33.16.09", "classrooms"])
