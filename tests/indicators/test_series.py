"""What pages pick out of the measures, and what changed since when."""

from datetime import date

import numpy as np
import pytest

from command_center.indicators import (
    AmbiguousMethodError,
    by_region,
    changes,
    latest,
    methods_of,
    periods_of,
    series,
)


def row(period, part, **more):
    return {"region_code": "99.01", "period": period, "part": part, "whole": 100.0, **more}


@pytest.fixture
def two_methods(measures_of, make):
    rows = [
        row("2023", 25, method="survey"),
        row("2024", 21, method="survey"),
        row("2024", 6, method="routine"),
        row("2025", 5, method="routine"),
    ]
    indicator = make.indicator(main_method="survey", direction="down")
    return measures_of(rows, indicator).measures, indicator


def test_the_latest_figure_is_of_the_main_method_even_when_another_is_newer(two_methods):
    measures, indicator = two_methods
    found = latest(measures, indicator, "99.01")
    assert (found.period, found.method, found.value) == ("2024", "survey", 21.0)
    assert latest(measures, indicator, "99.01", method="routine").period == "2025"


def test_a_measure_speaks_plain_python(two_methods):
    measures, indicator = two_methods
    found = latest(measures, indicator, "99.01")
    assert found.as_of == date(2024, 12, 31)
    assert type(found.as_of) is date
    assert (found.target, found.n, found.suppressed) == (None, None, False)
    assert type(found.value) is float


def test_the_latest_figure_skips_an_empty_row_but_an_empty_line_says_no_data(measures_of, make):
    indicator = make.indicator()
    rows = [row("2023", 25), row("2024", np.nan), row("2024", np.nan, region_code="99.01.01")]
    measures = measures_of(rows, indicator).measures
    assert latest(measures, indicator, "99.01").period == "2023"
    assert latest(measures, indicator, "99.01.01").status == "no_data"
    assert latest(measures, indicator, "99.01.02") is None


def test_a_line_never_holds_two_methods(two_methods):
    measures, indicator = two_methods
    assert series(measures, indicator, "99.01")["method"].unique().tolist() == ["survey"]


def test_a_line_runs_in_time_order_through_every_kind_of_period(measures_of, make):
    periods = ["2024-Q3", "2024-S1", "2025-01-15", "2023", "2024-08"]
    indicator = make.indicator()
    measures = measures_of([row(period, 1) for period in periods], indicator).measures
    line = series(measures, indicator, "99.01")["period"].tolist()
    assert line == ["2023", "2024-S1", "2024-08", "2024-Q3", "2025-01-15"]


def test_several_methods_and_no_main_one_is_an_error_and_not_a_guess(measures_of, make):
    indicator = make.indicator()
    rows = [row("2024", 1, method="routine"), row("2024", 2, method="survey")]
    measures = measures_of(rows, indicator).measures
    with pytest.raises(AmbiguousMethodError, match="routine, survey"):
        latest(measures, indicator, "99.01")
    assert latest(measures, indicator, "99.01", method="survey").value == 2.0


def test_methods_are_listed_with_the_main_one_first(two_methods, make):
    measures, indicator = two_methods
    assert methods_of(measures, indicator) == ("survey", "routine")
    assert methods_of(measures, indicator, "99.01.01") == ()
    assert methods_of(measures, make.indicator(id="TST9")) == ()


def test_periods_are_those_with_a_value(two_methods):
    measures, indicator = two_methods
    assert periods_of(measures, indicator) == ("2023", "2024")


def test_an_agency_has_its_own_line(measures_of, make):
    indicator = make.indicator()
    measures = measures_of([row("2024", 1), row("2024", 2, agency_code="9.99.01")], indicator).measures
    assert latest(measures, indicator, "99.01").value == 1.0
    assert latest(measures, indicator, "99.01", agency_code="9.99.01").value == 2.0


def test_by_region_shows_every_region_of_the_level_and_the_gaps(measures_of, make):
    tree = make.tree([2, 3])
    indicator = make.indicator()
    measures = measures_of([row("2024", 40, region_code="99.01.01.2002")], indicator, tree=tree).measures
    shown = by_region(measures, indicator, "2024", "desa", tree)
    assert shown["region_code"].tolist() == [village.code for village in tree.villages]
    assert shown["value"].tolist() == pytest.approx([np.nan, 40.0, np.nan, np.nan, np.nan], nan_ok=True)
    assert shown["status"].tolist() == ["no_data", "no_target", *["no_data"] * 3]
    assert shown["region_name"].iloc[0] == "Place 99.01.01.2001"
    assert shown["suppressed"].dtype == bool
    within = by_region(measures, indicator, "2024", "desa", tree, within="99.01.02")
    assert within["region_code"].str.startswith("99.01.02").all()
    assert len(within) == 3
    assert by_region(measures, indicator, "2024", "kec", tree)["region_code"].tolist() == [
        "99.01.01",
        "99.01.02",
    ]


def test_a_change_names_its_base_and_is_told_in_points_for_percentages(two_methods):
    measures, indicator = two_methods
    found = changes(measures, indicator, "99.01", "2024")
    change = found.on_previous
    assert (change.base_period, change.base_value, change.difference) == ("2023", 25.0, -4.0)
    assert (change.in_points, change.relative_pct, change.verdict) == (True, None, "better")
    assert found.on_last_year == change


def test_nothing_is_compared_across_methods(two_methods):
    measures, indicator = two_methods
    assert changes(measures, indicator, "99.01", "2024", method="routine").on_previous is None


def test_months_are_held_against_the_month_before_and_the_same_month_last_year(measures_of, make):
    indicator = make.indicator(formula={"numerator": "part"}, unit="cases", direction="down")
    rows = [row("2024-02", 10), row("2025-01", 8), row("2025-02", 12), row("2024", 99), row("2025-02-10", 98)]
    measures = measures_of(rows, indicator).measures
    found = changes(measures, indicator, "99.01", "2025-02")
    assert (found.on_previous.base_period, found.on_previous.relative_pct) == ("2025-01", 50.0)
    assert (found.on_last_year.base_period, found.on_last_year.relative_pct) == ("2024-02", 20.0)
    assert found.on_last_year.verdict == "worse"


def test_without_a_base_there_is_no_change(measures_of, make):
    indicator = make.indicator()
    measures = measures_of([row("2023", np.nan), row("2024", 5)], indicator).measures
    for period in ("2023", "2024", "2025"):
        found = changes(measures, indicator, "99.01", period)
        assert (found.on_previous, found.on_last_year) == (None, None)


def test_a_base_of_zero_gives_a_difference_and_no_percentage(measures_of, make):
    indicator = make.indicator(formula={"numerator": "part"}, unit="cases")
    change = changes(
        measures_of([row("2023", 0), row("2024", 5)], indicator).measures, indicator, "99.01", "2024"
    )
    assert (change.on_previous.difference, change.on_previous.relative_pct) == (5.0, None)


def test_a_figure_that_is_not_comparable_is_neither_compared_nor_a_base(measures_of, make):
    indicator = make.indicator()
    rows = [row("2022", 1), row("2023", 9, comparable=False), row("2024", 3)]
    measures = measures_of(rows, indicator).measures
    assert changes(measures, indicator, "99.01", "2024").on_previous.base_period == "2022"
    assert changes(measures, indicator, "99.01", "2023").on_previous is None


@pytest.mark.parametrize(
    ("direction", "part", "verdict"),
    [
        ("up", 51, "better"),
        ("up", 49, "worse"),
        ("down", 49, "better"),
        ("neutral", 51, "neutral"),
        ("up", 50, "same"),
    ],
)
def test_the_verdict_follows_the_direction(measures_of, make, direction, part, verdict):
    indicator = make.indicator(direction=direction)
    measures = measures_of([row("2023", 50), row("2024", part)], indicator).measures
    assert changes(measures, indicator, "99.01", "2024").on_previous.verdict == verdict


def test_shares_of_two_targets_name_both_targets(measures_of, make):
    rows = [row("2023", 205.63) | {"whole": 80.0}, row("2024", 798.38) | {"whole": 620.0}]
    indicator = make.indicator(share_of_target=True)
    measures = measures_of(rows, indicator).measures
    assert changes(measures, indicator, "99.01", "2024").on_previous.targets == (80.0, 620.0)
    assert changes(measures, make.indicator(), "99.01", "2024").on_previous.targets is None


def test_a_change_shows_the_decimals_of_the_finer_figure(measures_of, make):
    measures = measures_of([row("2023", 1), row("2024", 2)], make.indicator()).measures
    printed = measures.assign(value=[53.0, 67.5], numerator=np.nan)
    assert changes(printed, make.indicator(), "99.01", "2024").on_previous.decimals == 1
