"""How many decimals a figure may show: those of its print, or the indicator's where it was computed here."""

import numpy as np
import pandas as pd
import pytest

from command_center.indicators.rounding import shown_decimals, with_decimals


@pytest.mark.parametrize(
    ("value", "decimals"), [(67.0, 0), (53.39, 2), (12.6, 1), (70.0, 0), (60.26973, 2), (0.1 + 0.2, 1)]
)
def test_a_printed_value_shows_no_more_than_was_printed(make, value, decimals):
    assert shown_decimals(make.indicator(decimals=2), value, None, None) == decimals
    assert shown_decimals(make.indicator(decimals=2), value, None, 910.0) == decimals


def test_a_ratio_computed_here_has_the_decimals_of_its_indicator(make):
    assert shown_decimals(make.indicator(decimals=2), 50.0, 1.0, 2.0) == 2


def test_a_sum_of_printed_numbers_is_no_ratio(make):
    indicator = make.indicator(formula={"numerator": "part"}, unit="km", decimals=2)
    assert shown_decimals(indicator, 775.8, 775.8, np.nan) == 1


def test_rupiah_are_left_to_the_locale_and_a_missing_value_to_the_indicator(make):
    assert shown_decimals(make.indicator(unit="idr", decimals=0), 1.26e11, 1.26e11, None) is None
    assert shown_decimals(make.indicator(decimals=2), None, None, None) == 2


def test_rows_carry_their_decimals_to_the_drawings(make, measures_of):
    indicator = make.indicator()
    rows = [{"region_code": "99.01", "period": "2024", "part": 1, "whole": 2}]
    measures = measures_of(rows, indicator).measures
    printed = measures.assign(value=67.0, numerator=np.nan)
    framed = with_decimals(pd.concat([measures, printed], ignore_index=True), indicator)
    assert framed["decimals"].tolist() == [indicator.decimals, 0]
