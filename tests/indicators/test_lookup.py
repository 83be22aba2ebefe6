"""The index of a measures table finds what looking through the whole table would, and belongs to that table only."""

import gc
from itertools import product

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


def test_a_line_has_the_rows_of_one_indicator_region_agency_and_method(measures):
    names = ["indicator", "region_code", "agency_code", "method"]
    expected = {key: sorted(rows.index) for key, rows in measures.groupby(names)}
    assert {line: sorted(rows) for line, rows in index_of(measures).lines.items()} == expected


def test_the_rows_of_a_line_stand_in_time_order_the_year_after_its_last_month(measures):
    rows = index_of(measures).lines["TST1", "99.01", "", "survey"]
    assert measures["period"].iloc[rows].tolist() == ["2023", "2024-12", "2024"]


def test_the_rows_of_a_period_are_those_of_one_method_and_agency(measures):
    rows = index_of(measures).by_period["TST1", "survey", "", "2023"]
    found = measures.iloc[rows]
    assert sorted(found["region_code"]) == ["99.01", "99.01.01", "99.01.02"]
    assert set(found["method"]) == {"survey"}


def test_methods_are_known_for_the_indicator_and_for_each_region(measures):
    methods = index_of(
        measures[measures["region_code"].ne("99.01") | measures["method"].eq("survey")]
    ).methods
    assert methods["TST1", None] == ["routine", "survey"]
    assert methods["TST1", "99.01"] == ["survey"]
    assert ("TST1", "99.99") not in methods


def test_a_table_is_indexed_once_and_a_changed_copy_anew(measures):
    index = index_of(measures)
    assert index_of(measures) is index
    without = measures[measures["method"].eq("survey")]
    assert ("TST1", "99.01", "", "routine") in index.lines
    assert ("TST1", "99.01", "", "routine") not in index_of(without).lines


def test_the_index_goes_with_its_table(measures):
    table = measures.copy()
    index_of(table)
    before = len(lookup._indexes)
    del table
    gc.collect()
    assert len(lookup._indexes) == before - 1
