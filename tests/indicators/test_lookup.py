"""The index of a measures table finds what looking through the whole table would, and belongs to that table only."""

import gc
from itertools import product

import pandas as pd
import pytest

from command_center.indicators import lookup
from command_center.indicators.lookup import index_of


def row(region, period, part, **more):
    return {"region_code": region, "period": period, "part": part, "whole": 100.0, **more}


@pytest.fixture
def measures(measures_of, make):
    rows = [
        row(region, period, number, method=method)
        # Out of time order, and a year beside the month that ends it.
        for number, (region, method, period) in enumerate(
            product(("99.01", "99.01.02", "99.01.01"), ("survey", "routine"), ("2024", "2023", "2024-12"))
        )
    ]
    indicator = make.indicator(main_method="survey")
    return measures_of(rows, indicator).measures


def test_a_line_has_the_rows_of_one_region_agency_and_method(measures):
    names = ["indicator", "region_code", "agency_code", "method"]
    expected = {key: sorted(rows.index) for key, rows in measures.groupby(names)}
    index = index_of(measures)
    found = {
        (indicator, *line): sorted(rows)
        for indicator in measures["indicator"].unique()
        for line, rows in index.of(indicator).lines.items()
    }
    assert found == expected


def test_the_rows_of_a_line_stand_in_time_order_the_year_after_its_last_month(measures):
    rows = index_of(measures).of("TST1").lines["99.01", "", "survey"]
    assert measures["period"].iloc[rows].tolist() == ["2023", "2024-12", "2024"]


def test_the_rows_of_a_period_are_those_of_one_method_and_agency(measures):
    rows = index_of(measures).of("TST1").by_period["survey", "", "2023"]
    found = measures.iloc[rows]
    assert sorted(found["region_code"]) == ["99.01", "99.01.01", "99.01.02"]
    assert set(found["method"]) == {"survey"}


def test_methods_are_known_for_the_indicator_and_for_each_region(measures):
    some = measures[measures["region_code"].ne("99.01") | measures["method"].eq("survey")]
    methods = index_of(some).of("TST1").methods
    assert methods[None] == ["routine", "survey"]
    assert methods["99.01"] == ["survey"]
    assert "99.99" not in methods


def test_rows_are_positions_in_the_whole_table_not_among_those_of_the_indicator(measures):
    doubled = pd.concat([measures.assign(indicator="TST0"), measures], ignore_index=True)
    rows = index_of(doubled).of("TST1").by_method["survey"]
    assert set(doubled["indicator"].iloc[rows]) == {"TST1"}


def test_an_unknown_indicator_has_no_line(measures):
    unknown = index_of(measures).of("TST9")
    assert not unknown.lines
    assert not unknown.methods


def test_a_table_is_indexed_once_and_a_changed_copy_anew(measures):
    index = index_of(measures)
    assert index_of(measures) is index
    without = measures[measures["method"].eq("survey")]
    assert ("99.01", "", "routine") in index.of("TST1").lines
    assert ("99.01", "", "routine") not in index_of(without).of("TST1").lines


def test_the_index_goes_with_its_table(measures):
    table = measures.copy()
    key = id(table)
    index_of(table).of("TST1")
    assert key in lookup._indexes
    del table
    gc.collect()
    assert key not in lookup._indexes
