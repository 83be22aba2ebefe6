"""Records become figures: sums per agency and place, gaps told apart from none."""

import numpy as np
import pandas as pd

from command_center.indicators.tidying import per_agency_and_all, per_region_and_above, sums_by

KEY = {"region_code": "99.01", "period": "2026-01", "method": "m", "as_of": pd.Timestamp("2026-01-31")}


def of(frame: pd.DataFrame, **wanted: str) -> pd.DataFrame:
    return frame[np.logical_and.reduce([frame[name].eq(value) for name, value in wanted.items()])]


def test_a_missing_number_makes_its_sum_missing() -> None:
    table = pd.DataFrame([{**KEY, "a": 1.0}, {**KEY, "a": None}, {**KEY, "period": "2026-02", "a": 2.0}])
    assert sums_by(table, ["period"], ["a"])["a"].isna().tolist() == [True, False]


def test_records_without_an_agency_count_in_the_whole_only() -> None:
    table = pd.DataFrame(
        [{**KEY, "agency_code": "1", "a": 1}, {**KEY, "agency_code": "2", "a": 2}, {**KEY, "a": 4}]
    )
    assert per_agency_and_all(table, ["a"]).set_index("agency_code")["a"].to_dict() == {"": 7, "1": 1, "2": 2}


def test_a_region_without_a_record_has_none_and_its_parents_have_the_sums() -> None:
    table = pd.DataFrame(
        [
            {**KEY, "region_code": "99.01.01.2001", "a": 1},
            {**KEY, "region_code": "99.01.02.2001", "a": 2, "period": "2026-02"},
            {**KEY, "region_code": "99.01", "a": 4},
        ]
    )
    found = per_region_and_above(table, ["a"]).set_index(["region_code", "period"])["a"]
    assert found["99.01", "2026-01"] == 5
    assert found["99.01.01", "2026-01"] == 1
    assert found["99.01.02", "2026-01"] == 0
    assert found["99.01.02.2001", "2026-02"] == 2
    assert found["99.01.01.2001", "2026-02"] == 0


def test_nothing_in_nothing_out() -> None:
    table = pd.DataFrame({name: pd.Series(dtype="float64") for name in (*KEY, "a")})
    assert per_region_and_above(table, ["a"]).empty
