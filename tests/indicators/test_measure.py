"""What the engine makes of one table: sums, published values, missing numbers, and what it calls wrong."""

import numpy as np
import pandas as pd
import pytest

from command_center.errors import CatalogError
from command_center.indicators import measure_indicator

ROW = {"region_code": "99.01.01.2001", "period": "2024", "part": 3.0, "whole": 4.0}


@pytest.fixture
def measured(make):
    def run(rows, **changes):
        indicator = make.indicator(**changes)
        sector = make.sector(indicator)
        return measure_indicator(sector, indicator, make.table(rows, sector), make.tree([2, 3]))

    return run


def test_the_value_is_numerator_over_denominator_times_scale(measured):
    result = measured([ROW])
    assert result.rows["value"].tolist() == [75.0]
    assert result.faults == ()


def test_rows_of_one_figure_are_summed_before_they_are_divided(measured):
    result = measured([{**ROW, "part": 1, "whole": 2}, {**ROW, "part": 9, "whole": 10}])
    # The mean of 50 % and 90 % is 70; the ratio of the sums is not.
    assert result.rows["value"].tolist() == [pytest.approx(100 * 10 / 12)]


def test_a_figure_of_one_row_names_its_row_and_one_of_several_only_its_file(measured):
    result = measured([{**ROW, "period": "2023"}, ROW, ROW])
    assert result.rows["source_submission"].tolist() == ["things.facts@01234567#1", "things.facts@01234567"]


def test_a_row_finer_than_the_grain_is_a_fault_only_where_it_says_something(measured):
    silent = {**ROW, "part": np.nan, "whole": np.nan}
    own = {**ROW, "region_code": "99.01.01"}
    assert measured([silent, own], grain="kec", grain_reason={"id": "x", "en": "x"}).faults == ()
    told = measured([ROW, own], grain="kec", grain_reason={"id": "x", "en": "x"})
    assert [fault.check for fault in told.faults] == ["finer_than_grain"]
    assert told.rows["region_code"].tolist() == ["99.01.01"]


def test_a_denominator_of_zero_gives_no_value_and_no_infinity(measured):
    result = measured([{**ROW, "part": 0, "whole": 0}, {**ROW, "period": "2023", "part": 5, "whole": 0}])
    assert result.rows["value"].isna().all()
    assert result.rows["denominator"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("part", ["part", "whole"])
def test_one_missing_number_makes_the_sum_missing_and_is_told(measured, part):
    result = measured([ROW, {**ROW, part: np.nan}])
    assert result.rows["value"].isna().all()
    assert result.rows["numerator" if part == "part" else "denominator"].isna().all()
    fault = result.faults[0]
    assert (fault.check, fault.value, fault.expected, fault.severity) == (
        "incomplete_group",
        "1",
        "2",
        "warning",
    )


def test_a_published_value_is_used_where_a_part_of_the_ratio_is_missing(measured):
    formula = {"numerator": "part", "denominator": "whole", "scale": 100, "published": "printed"}
    result = measured([{**ROW, "whole": np.nan, "printed": 74.9}], formula=formula)
    assert result.rows["value"].tolist() == [74.9]
    assert result.rows["numerator"].tolist() == [3.0]


def test_a_published_value_does_not_stand_in_for_a_denominator_of_zero(measured):
    formula = {"numerator": "part", "denominator": "whole", "published": "printed"}
    result = measured([{**ROW, "whole": 0, "printed": 74.9}], formula=formula)
    assert result.rows["value"].isna().all()


def test_two_printed_values_for_one_figure_are_a_fault_and_none_is_taken(measured):
    formula = {"published": "printed"}
    result = measured([{**ROW, "printed": 5.94}, {**ROW, "printed": 21.2}], formula=formula)
    assert result.rows["value"].isna().all()
    assert [(fault.check, fault.value) for fault in result.faults] == [("several_published_rows", "2")]


def test_the_same_region_and_period_by_two_methods_stay_two_figures(measured):
    formula = {"published": "printed"}
    rows = [{**ROW, "method": "routine", "printed": 5.94}, {**ROW, "method": "survey", "printed": 21.2}]
    result = measured(rows, formula=formula)
    assert dict(zip(result.rows["method"], result.rows["value"], strict=True)) == {
        "routine": 5.94,
        "survey": 21.2,
    }
    assert result.faults == ()


@pytest.mark.parametrize(
    ("part", "printed", "agrees"),
    [
        (75_044, 75.04, True),
        (75_045, 75.05, True),
        (75_044, 75.1, True),
        (75_044, 75.06, False),
        (75_400, 75.0, True),
        (75_500, 75.0, True),
        (75_700, 75.0, False),
    ],
)
def test_a_printed_value_must_agree_with_the_computed_one_up_to_its_rounding(measured, part, printed, agrees):
    formula = {"numerator": "part", "denominator": "whole", "scale": 100, "published": "printed"}
    result = measured([{**ROW, "part": part, "whole": 100_000, "printed": printed}], formula=formula)
    assert [fault.check for fault in result.faults] == ([] if agrees else ["computed_differs_from_published"])


def test_a_difference_from_the_printed_value_tells_both_numbers_and_keeps_the_computed(measured):
    formula = {"numerator": "part", "denominator": "whole", "scale": 100, "published": "printed"}
    result = measured([{**ROW, "printed": 67.2}], formula=formula)
    (fault,) = result.faults
    assert (fault.value, fault.expected, fault.region_code) == ("75.000", "67.2", "99.01.01.2001")
    assert result.rows["value"].tolist() == [75.0]
    assert "67.2" in fault.message


def test_the_date_of_a_figure_is_that_of_its_oldest_row(measured):
    dates = pd.to_datetime(["2024-08-01", "2024-02-01"])
    result = measured([{**ROW, "as_of": day} for day in dates])
    assert result.rows["as_of"].tolist() == [pd.Timestamp("2024-02-01")]


@pytest.mark.parametrize(
    ("source_date", "expected"),
    [("2025-03-01", "2024-12-31"), ("2024-11-15", "2024-11-15"), (None, "2024-12-31")],
)
def test_without_its_own_date_a_figure_is_of_the_end_of_its_period_or_of_its_earlier_publication(
    measured, source_date, expected
):
    result = measured([{**ROW, "source_date": pd.Timestamp(source_date) if source_date else pd.NaT}])
    assert result.rows["as_of"].tolist() == [pd.Timestamp(expected)]


def test_a_table_without_regions_speaks_of_the_whole_regency(measured, make):
    row = {"period": "2024", "agency_code": "9.99.01", "part": 1, "whole": 2}
    result = measured([row])
    assert result.rows["region_code"].tolist() == [make.root]
    assert result.rows["agency_code"].tolist() == ["9.99.01"]


def test_a_missing_agency_is_written_empty(measured):
    result = measured([{**ROW, "agency_code": None}])
    assert result.rows["agency_code"].tolist() == [""]


@pytest.mark.parametrize(
    ("change", "check", "value"),
    [
        ({"region_code": "99.01.77"}, "unknown_region", "99.01.77"),
        ({"region_code": None}, "unknown_region", ""),
        ({"period": "Agust 2024"}, "period_unreadable", "Agust 2024"),
        ({"period": None}, "period_unreadable", ""),
    ],
)
def test_a_row_without_a_place_or_a_time_is_left_out_and_told(measured, change, check, value):
    result = measured([ROW, {**ROW, **change}])
    assert len(result.rows) == 1
    assert [(fault.check, fault.value, fault.count) for fault in result.faults] == [(check, value, 1)]


def test_a_figure_finer_than_the_grain_is_refused(measured):
    result = measured([ROW, {**ROW, "region_code": "99.01"}], grain="kab")
    assert result.rows["region_code"].tolist() == ["99.01"]
    assert [fault.check for fault in result.faults] == ["finer_than_grain"]


def test_a_formula_naming_an_absent_column_says_which_columns_there_are(measured):
    with pytest.raises(CatalogError, match=r"needs the column absent.*region_code, period, part, whole"):
        measured([ROW], formula={"numerator": "absent"})


def test_n_is_summed_and_missing_when_not_declared(measured):
    formula = {"numerator": "part", "denominator": "whole", "n": "answers"}
    assert measured([{**ROW, "answers": 10}, {**ROW, "answers": 5}], formula=formula).rows["n"].tolist() == [
        15
    ]
    assert measured([ROW]).rows["n"].isna().all()


def test_integer_columns_with_gaps_are_numbers_like_any_other(make):
    indicator = make.indicator()
    sector = make.sector(indicator)
    table = make.table([ROW, {**ROW, "period": "2023"}], sector)
    table.frame["part"] = pd.array([3, None], dtype="Int64")
    rows = measure_indicator(sector, indicator, table, make.tree([2])).rows
    assert rows.set_index("period")["value"].to_dict() == pytest.approx(
        {"2024": 75.0, "2023": np.nan}, nan_ok=True
    )
