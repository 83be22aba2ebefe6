"""The six scores by hand, the total, grades, due days, expected regions, and what is owed."""

from datetime import date

import pandas as pd
import pytest

from command_center.calendar import load_calendar
from command_center.catalog import load_catalog
from command_center.errors import ReferenceDataError
from command_center.quality import (
    agencies_to_call,
    conform_faults,
    conform_readiness,
    counted_period,
    due_on,
    expected_regions,
    gaps_by_district,
    latest_of_datasets,
    load_readiness_rules,
    metadata_of,
    obligations,
    owed_by,
    score_periods,
    scores_of_agencies,
    unfit_periods,
)
from command_center.regions import load_regions
from command_center.settings import Settings
from tests.conftest import REPOSITORY

SETTINGS = Settings(REPOSITORY)
RULES = load_readiness_rules(SETTINGS)
CALENDAR = load_calendar(SETTINGS)
DAY = date(2026, 11, 24)
NONE = {
    "rows": 0, "expected_regions": 10, "present_regions": 0, "required_cells": 4, "filled_cells": 0, "apart_rows": 0,
    "repeated_rows": 0, "crossed_rows": 0, "late_days": 3.0, "metadata_slots": 10, "metadata_filled": 8,
}  # fmt: skip
WHOLE = NONE | {"rows": 10, "present_regions": 10, "required_cells": 40, "filled_cells": 40, "late_days": 0.0}


def scored(**changes: float) -> pd.Series:
    return score_periods(pd.DataFrame([WHOLE | changes]), RULES).iloc[0]


def test_a_whole_dataset_lacks_only_what_its_metadata_lack() -> None:
    found = scored()
    assert found[["completeness", "timeliness", "validity", "uniqueness", "consistency"]].eq(100).all()
    assert (found["metadata"], found["total"], found["grade"]) == (80, 98, "green")


@pytest.mark.parametrize(
    ("changes", "component", "expected"),
    [
        ({"filled_cells": 30, "present_regions": 8}, "completeness", 100 * 0.75 * 0.8),
        ({"late_days": 4.0}, "timeliness", 80),
        ({"late_days": 30.0}, "timeliness", 0),
        ({"rows": 9, "apart_rows": 1}, "validity", 90),
        ({"rows": 8, "apart_rows": 2, "repeated_rows": 1}, "uniqueness", 90),
        ({"crossed_rows": 3}, "consistency", 70),
        ({"crossed_rows": 30}, "consistency", 0),
        ({"metadata_filled": 5}, "metadata", 50),
    ],
)
def test_each_score_follows_its_rule(changes: dict[str, float], component: str, expected: float) -> None:
    assert scored(**changes)[component] == pytest.approx(expected)


def test_the_total_weighs_25_20_20_10_15_10() -> None:
    found = scored(
        present_regions=5,
        late_days=10.0,
        rows=8,
        apart_rows=2,
        repeated_rows=1,
        crossed_rows=4,
        metadata_filled=10,
    )
    assert found["total"] == pytest.approx(0.25 * 50 + 0.2 * 50 + 0.2 * 80 + 0.1 * 90 + 0.15 * 60 + 0.1 * 100)


def test_what_cannot_be_judged_is_missing_and_weighs_nothing() -> None:
    found = score_periods(pd.DataFrame([NONE]), RULES).iloc[0]
    assert found[["validity", "uniqueness", "consistency"]].isna().all()
    assert found["total"] == pytest.approx((25 * 0 + 20 * 85 + 10 * 80) / 55, abs=1e-5)
    unknown_day = scored(late_days=float("nan"))
    assert unknown_day["total"] == pytest.approx((100 * 70 + 10 * 80) / 80, abs=1e-5)


@pytest.mark.parametrize(
    ("total", "grade"), [(85, "green"), (84.999, "yellow"), (70, "yellow"), (69.999, "red"), (0, "red")]
)
def test_an_edge_belongs_to_the_better_side(total: float, grade: str) -> None:
    assert RULES.grade(total) == grade


def test_the_periods_that_are_due_are_counted_by_working_days() -> None:
    monthly = obligations("monthly", RULES, CALENDAR, DAY)
    assert [one.period for one in monthly] == [str(pd.Period("2025-11", "M") + n) for n in range(12)]
    assert monthly[-1].due_on == CALENDAR.add_working_days(date(2026, 10, 31), 10) == date(2026, 11, 13)
    # The day itself is in time; the day before, the period is not due yet.
    assert obligations("monthly", RULES, CALENDAR, date(2026, 11, 13))[-1].period == "2026-10"
    assert obligations("monthly", RULES, CALENDAR, date(2026, 11, 12))[-1].period == "2026-09"
    assert [one.period for one in obligations("quarterly", RULES, CALENDAR, DAY)][-1] == "2026-Q3"
    assert [one.period for one in obligations("semester", RULES, CALENDAR, DAY)] == [
        "2024-S2", "2025-S1", "2025-S2", "2026-S1",
    ]  # fmt: skip
    assert [one.period for one in obligations("semester", RULES, CALENDAR, date(2026, 3, 2))][-1] == "2025-S2"
    assert [one.period for one in obligations("yearly", RULES, CALENDAR, DAY)] == ["2023", "2024", "2025"]
    assert obligations("irregular", RULES, CALENDAR, DAY) == ()
    assert due_on("2026-10", "irregular", RULES, CALENDAR) is None


def test_a_day_of_a_weekly_table_counts_for_its_month() -> None:
    assert counted_period("2026-10-05", "weekly") == "2026-10"
    assert counted_period("2026-10-05", "yearly") == "2026-10-05"
    assert counted_period("2026-S1", "weekly") == "2026-S1"


def test_which_regions_are_expected() -> None:
    catalog, regions = load_catalog(SETTINGS), load_regions(SETTINGS)
    health = catalog.sector("health")
    villages = expected_regions(health.dataset("gizi_desa"), pd.DataFrame(), regions)
    assert len(villages) == 295
    assert len(expected_regions(health.dataset("jkn_kec"), pd.DataFrame(), regions)) == 16
    # A list of single records: a village without a permit is no gap.
    assert (
        expected_regions(catalog.sector("licensing").dataset("izin"), pd.DataFrame(), regions) == frozenset()
    )
    rows = pd.DataFrame(
        {"region_code": ["33.16", "33.16", "33.16", "33.16.09"], "counted": ["1", "2", "3", "3"]}
    )
    assert expected_regions(health.dataset("stunting"), rows, regions) == {"33.16"}


def test_metadata_name_what_is_not_filled() -> None:
    for sector in load_catalog(SETTINGS).sectors:
        for dataset in sector.datasets:
            found = metadata_of(sector, dataset)
            assert 0 < found.filled <= found.slots, dataset.id
            assert (found.filled == found.slots) == (found.missing == ()), dataset.id


def test_rules_whose_weights_are_no_whole_are_refused(tmp_path) -> None:
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    text = (SETTINGS.reference_dir / "readiness.yml").read_text(encoding="utf-8")
    (folder / "readiness.yml").write_text(
        text.replace("completeness: 25", "completeness: 26"), encoding="utf-8"
    )
    with pytest.raises(ReferenceDataError, match="do not add up to 100"):
        load_readiness_rules(Settings(tmp_path))


# --- put together ------------------------------------------------------------------------------


def readiness(*rows: dict[str, object]) -> pd.DataFrame:
    base = {
        "sector": "s", "dataset": "d", "agency_code": "1.01.01", "is_sample": False, "is_due": True,
        "due_on": pd.Timestamp("2026-11-13"), "supplied_on": pd.NaT, "missing_regions": "", "metadata_missing": "",
    }  # fmt: skip
    table = pd.DataFrame([base | NONE | row for row in rows])
    return conform_readiness(score_periods(table, RULES))


OLDER = WHOLE | {"period": "2026-09", "due_on": pd.Timestamp("2026-10-14")}
NEWEST = {"period": "2026-10"}


def test_a_dataset_is_judged_by_its_newest_period_that_is_due() -> None:
    (row,) = latest_of_datasets(readiness(OLDER, NEWEST)).to_dict("records")
    assert (row["period"], row["owed_periods"], row["grade"]) == ("2026-10", 1, "red")


def test_real_and_sample_data_are_never_in_one_mean() -> None:
    table = readiness(NEWEST, WHOLE | {"period": "2026-10", "is_sample": True, "is_due": False})
    found = scores_of_agencies(table, RULES).set_index("is_sample")
    assert found.loc[False, "total"] < 70 < 85 < found.loc[True, "total"]
    assert found.loc[False, "unsent"] == 1
    assert found.loc[True, "owed_periods"] == 0


def test_whom_to_call_is_first_who_has_a_file_held() -> None:
    table = readiness(
        NEWEST, *({"period": "2026-10", "dataset": f"d{n}", "agency_code": "1.02.01"} for n in range(3))
    )
    held = {
        "sector": "s", "dataset": "d", "agency_code": "1.01.01", "is_sample": False, "state": "checked",
        "received_on": pd.Timestamp("2026-11-20"), "check": "negative", "action": "quarantined", "files": 1, "count": 9,
    }  # fmt: skip
    faults = conform_faults(pd.DataFrame([held, held | {"check": "stray_space"}, held | {"is_sample": True}]))
    found = agencies_to_call(table, faults)
    assert found.to_dict("records") == [
        {"agency_code": "1.01.01", "held": 1, "waiting": 1, "late_days": 3},
        {"agency_code": "1.02.01", "held": 0, "waiting": 3, "late_days": 3},
    ]
    assert agencies_to_call(table, conform_faults(pd.DataFrame()))["agency_code"].tolist() == [
        "1.02.01",
        "1.01.01",
    ]


def test_what_is_owed_names_whole_periods_and_regions() -> None:
    partial = OLDER | {"present_regions": 8, "missing_regions": "33.16.09.2001,33.16.09.2002"}
    sample = WHOLE | {"period": "2026-10", "is_sample": True, "is_due": False}
    (owed,) = owed_by(readiness(partial, NEWEST, sample), "1.01.01")
    assert owed.periods == (("2026-10", date(2026, 11, 13)),)
    assert owed.partial == (("2026-09", date(2026, 10, 14), ("33.16.09.2001", "33.16.09.2002")),)
    assert (owed.first_due, owed.last_due) == (date(2026, 10, 14), date(2026, 11, 13))
    assert owed_by(readiness(OLDER), "1.01.01") == ()


def test_only_data_that_are_there_can_be_unfit() -> None:
    poor = WHOLE | {"period": "2026-09", "present_regions": 1, "late_days": 40.0}
    found = unfit_periods(readiness(poor, NEWEST), RULES)
    assert found["period"].tolist() == ["2026-09"]


def test_gaps_are_counted_by_district() -> None:
    district_of = {"a.1": "a", "a.2": "a", "b.1": "b"}
    assert gaps_by_district("a.1,a.2,b.1,c", district_of) == {"a": 2, "b": 1, "c": 1}
    assert gaps_by_district("", district_of) == {}
