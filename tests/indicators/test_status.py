"""The edges of good, watch and critical, and what goes before them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from command_center.indicators import classify
from command_center.indicators.status import is_latest

REGENCY = {"region_code": "99.01", "part": 1.0, "whole": 2.0}


def bands(make, good, watch):
    return {"good": good, "watch": watch, "provenance": "proposal", "source": make.text}


def target(make, value):
    return {"value": value, "provenance": "published", "source": make.text}


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (88.31, "good"),
        (88.306, "good"),
        (88.304, "watch"),
        (88.30, "watch"),
        (76.61, "watch"),
        (76.604, "critical"),
        (0.0, "critical"),
    ],
)
def test_where_high_is_better_each_edge_belongs_to_the_better_side_and_no_value_falls_between(
    make, value, status
):
    indicator = make.indicator(bands=bands(make, 88.31, 76.61), decimals=2)
    assert classify(pd.Series([value]), indicator, pd.Series([2024])).tolist() == [status]


@pytest.mark.parametrize(
    ("value", "status"),
    [(0.0, "good"), (15.0, "good"), (15.04, "good"), (15.1, "watch"), (30.0, "watch"), (30.1, "critical")],
)
def test_where_low_is_better_each_edge_belongs_to_the_better_side(make, value, status):
    indicator = make.indicator(direction="down", bands=bands(make, 15, 30), decimals=1)
    assert classify(pd.Series([value]), indicator, pd.Series([2024])).tolist() == [status]


@pytest.mark.parametrize(
    ("direction", "value", "status"),
    [
        ("up", 100.0, "good"),
        ("up", 99.995, "good"),
        ("up", 99.99, "watch"),
        ("down", 10.0, "good"),
        ("down", 10.01, "watch"),
    ],
)
def test_a_target_alone_is_reached_or_missed(make, direction, value, status):
    indicator = make.indicator(direction=direction, target=target(make, 100 if direction == "up" else 10))
    assert classify(pd.Series([value]), indicator, pd.Series([2024])).tolist() == [status]


def test_bands_go_before_a_target(make):
    indicator = make.indicator(bands=bands(make, 80, 60), target=target(make, 100))
    assert classify(pd.Series([85.0]), indicator, pd.Series([2024])).tolist() == ["good"]


def test_without_a_yardstick_there_is_no_target_and_without_a_value_no_data(make):
    assert classify(pd.Series([5.0, np.nan]), make.indicator(), pd.Series([2024, 2024])).tolist() == [
        "no_target",
        "no_data",
    ]


def test_a_neutral_indicator_is_never_judged(make):
    indicator = make.indicator(direction="neutral", target=target(make, 100))
    assert classify(pd.Series([5.0]), indicator, pd.Series([2024])).tolist() == ["no_target"]


def statuses(result):
    return dict(zip(result.measures["period"], result.measures["status"], strict=True))


def test_only_the_latest_figure_of_a_line_can_be_stale(measures_of):
    result = measures_of([{**REGENCY, "period": str(year)} for year in (2020, 2021, 2022)], days=730)
    assert statuses(result) == {"2020": "no_target", "2021": "no_target", "2022": "stale"}


@pytest.mark.parametrize(("on", "status"), [(date(2024, 12, 30), "no_target"), (date(2024, 12, 31), "stale")])
def test_a_figure_is_stale_from_the_day_after_its_limit(measures_of, on, status):
    result = measures_of([{**REGENCY, "period": "2022"}], days=730, on=on)
    assert statuses(result) == {"2022": status}


def test_an_empty_later_row_leaves_the_last_good_figure_to_be_marked_stale(measures_of):
    result = measures_of(
        [{**REGENCY, "period": "2022"}, {**REGENCY, "period": "2025", "part": np.nan}], days=730
    )
    assert statuses(result) == {"2022": "stale", "2025": "no_data"}


def test_each_method_has_its_own_latest_figure(measures_of, make):
    rows = [
        {**REGENCY, "period": "2022", "method": "survey"},
        {**REGENCY, "period": "2025", "method": "routine"},
    ]
    result = measures_of(rows, make.indicator(main_method="routine"), days=730)
    assert statuses(result) == {"2022": "stale", "2025": "no_target"}


def test_of_periods_ending_on_one_day_the_longer_is_the_later():
    frame = pd.DataFrame(
        {
            "indicator": "TST1",
            "region_code": "99.01",
            "agency_code": "",
            "method": "",
            "period": ["2024", "2024-12", "2024-S2"],
            "value": 1.0,
        }
    )
    assert is_latest(frame).tolist() == [True, False, False]


def test_a_denominator_of_zero_is_no_data(measures_of):
    assert statuses(measures_of([{**REGENCY, "period": "2024", "part": 0, "whole": 0}])) == {
        "2024": "no_data"
    }


def test_what_a_transform_marks_as_not_comparable_is_so_unless_there_is_no_value(measures_of, make):
    rows = [
        {**REGENCY, "period": "2023", "weighed": 79},
        {**REGENCY, "period": "2024", "weighed": 80},
        {**REGENCY, "period": "2022", "weighed": 79, "part": np.nan},
    ]
    transforms = {"facts": lambda table: table.assign(comparable=table["weighed"].ge(80))}
    indicator = make.indicator(target=target(make, 40))
    result = measures_of(rows, indicator, transforms=transforms)
    assert statuses(result) == {"2022": "no_data", "2023": "not_comparable", "2024": "good"}


def test_a_parent_with_a_part_that_is_not_comparable_is_not_comparable(measures_of, make):
    tree = make.tree([2])
    rows = [
        {"region_code": village.code, "period": "2024", "part": 1, "whole": 2, "comparable": index == 0}
        for index, village in enumerate(tree.villages)
    ]
    measures = measures_of(rows, tree=tree).measures.set_index("region_code")
    assert measures.loc[["99.01", "99.01.01.2001"], "status"].tolist() == ["not_comparable", "no_target"]


def test_a_sector_may_judge_one_indicator_by_another_after_the_roll_up(measures_of, make):
    tree = make.tree([2])
    rows = [
        {"region_code": village.code, "period": "2024", "part": part, "whole": 100}
        for village, part in zip(tree.villages, (70, 95), strict=True)
    ]
    main, other = make.indicator(), make.indicator(id="TST2")

    def covered(figures):
        low = figures[figures["indicator"].eq("TST2") & figures["value"].lt(80)]["region_code"]
        return ~(figures["indicator"].eq("TST1") & figures["region_code"].isin(low))

    measures = measures_of(rows, main, other, tree=tree, comparability=covered).measures
    marked = measures[measures["status"].eq("not_comparable")]
    # The regency as a whole has 82.5 %: one weak village does not spoil it.
    assert marked[["indicator", "region_code"]].to_numpy().tolist() == [["TST1", "99.01.01.2001"]]


@pytest.mark.parametrize(("year", "status"), [(2024, "other_year"), (2025, "good"), (2026, "other_year")])
def test_a_target_of_one_year_judges_that_year_only(make, year, status):
    dated = target(make, 40) | {"year": 2025}
    indicator = make.indicator(target=dated)
    assert classify(pd.Series([50.0]), indicator, pd.Series([year])).tolist() == [status]


def test_the_measures_hold_a_target_only_where_it_judges(make, measures_of):
    dated = target(make, 40) | {"year": 2025}
    rows = [
        {"region_code": "99.01", "period": period, "part": 50, "whole": 100}
        for period in ("2024", "2025-06", "2025")
    ]
    measures = measures_of(rows, make.indicator(target=dated)).measures
    targets = dict(zip(measures["period"], measures["target"], strict=True))
    assert np.isnan(targets["2024"])
    assert (targets["2025"], targets["2025-06"]) == (40.0, 40.0)
