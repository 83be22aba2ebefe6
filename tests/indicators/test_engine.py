"""One sector from tables to measures: columns, sources, faults, and the same bytes every time."""

import hashlib
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command_center.indicators import (
    MEASURE_COLUMNS,
    SOURCE_COLUMNS,
    conform,
    empty_measures,
    measure_sector,
)
from command_center.locale import Translator

ROW = {"region_code": "99.01", "period": "2024", "part": 1.0, "whole": 2.0}


def digest(frame):
    return hashlib.sha256(frame.to_csv().encode()).hexdigest()


def villages_of(tree, **amounts):
    return [{"region_code": village.code, "period": "2024", **amounts} for village in tree.villages]


def test_the_measures_have_the_agreed_columns_and_types(measures_of):
    measures = measures_of([ROW]).measures
    assert tuple(measures.columns) == MEASURE_COLUMNS
    assert measures.dtypes.equals(empty_measures().dtypes)
    assert measures["as_of"].dtype == "datetime64[s]"
    assert measures["suppressed"].tolist() == [False]


def test_conform_fills_missing_text_orders_rows_and_drops_other_columns(measures_of):
    measures = measures_of([ROW, {**ROW, "period": "2023"}]).measures
    disordered = measures.iloc[::-1].assign(method=None, other=1)
    assert conform(disordered).equals(measures)


def test_a_sector_whose_datasets_are_all_awaited_has_no_measures_and_no_faults(make):
    sector = make.sector(make.indicator())
    result = measure_sector(sector, {}, {}, make.tree([1]), make.day, make.limits(None))
    assert result.measures.empty
    assert result.measures.dtypes.equals(empty_measures().dtypes)
    assert tuple(result.sources.columns) == SOURCE_COLUMNS
    assert (result.faults, len(result.coverage)) == ((), 0)


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_the_order_of_the_rows_changes_no_byte_of_a_figure(measures_of, make, data):
    tree = make.tree([2, 3])
    # A share of less than a millionth of something overflows the percentage; no agency counts in such units.
    amounts = st.just(0.0) | st.floats(min_value=1e-6, max_value=1e6)
    rows = [
        {
            "region_code": village.code,
            "period": period,
            "part": data.draw(amounts),
            "whole": data.draw(amounts),
        }
        for village in tree.villages
        for period in ("2023", "2024", "2024", "2024", "2024")
    ]
    shuffled = data.draw(st.permutations(rows))
    first, second = (
        measures_of(order, tree=tree).measures.drop(columns="source_submission") for order in (rows, shuffled)
    )
    assert digest(first) == digest(second)


def test_the_same_inputs_give_identical_tables(measures_of, make):
    tree = make.tree([2, 3])
    first, second = (measures_of(villages_of(tree, part=1 / 3, whole=0.7), tree=tree) for _ in range(2))
    for name in ("measures", "sources", "coverage"):
        assert digest(getattr(first, name)) == digest(getattr(second, name))
    assert first.faults == second.faults


def test_zero_is_written_in_one_way(measures_of):
    measures = measures_of([{**ROW, "part": -0.0}]).measures
    assert not np.signbit(measures["value"]).any()


def test_each_source_quotes_its_row_or_the_whole_file(measures_of, make):
    tree = make.tree([2])
    rows = villages_of(tree, part=1, whole=2)
    rows[0] |= {
        "source": "Report A",
        "note": "page 3",
        "as_of": pd.Timestamp("2024-02-01"),
        "method": "routine",
    }
    rows[1] |= {"source": "Report B", "note": None, "as_of": pd.Timestamp("2024-08-01"), "method": "routine"}
    result = measures_of(rows, tree=tree)
    sources = result.sources.set_index("source_submission")
    whole, first, second = sources.index
    assert (whole, first, second) == tuple(f"things.facts@01234567{end}" for end in ("", "#1", "#2"))
    assert sources.loc[first, ["source", "note", "row", "rows"]].tolist() == ["Report A", "page 3", 1, 1]
    assert sources.loc[second, "note"] == ""
    assert sources.loc[whole, ["source", "rows"]].tolist() == ["Report A; Report B", 2]
    assert sources.loc[whole, "as_of"] == pd.Timestamp("2024-02-01")
    assert pd.isna(sources.loc[whole, "row"])
    assert set(result.measures["source_submission"]) == set(sources.index)


def test_sample_data_stay_marked_as_such(make):
    sector = make.sector(make.indicator(), is_sample=True)
    result = measure_sector(
        sector, {"facts": make.table([ROW], sector)}, {}, make.tree([1]), make.day, make.limits(None)
    )
    assert result.sources["is_sample"].tolist() == [True]


def test_a_transform_that_keeps_row_numbers_keeps_the_way_back_to_the_row(measures_of):
    kept = measures_of([ROW, {**ROW, "period": "2023"}], transforms={"facts": lambda table: table.iloc[::-1]})
    assert kept.measures["source_submission"].tolist() == [
        "things.facts@01234567#2",
        "things.facts@01234567#1",
    ]


def test_a_transform_that_sums_rows_names_the_file_only(measures_of):
    def summed(table):
        return table.groupby(["region_code", "period"], as_index=False)[["part", "whole"]].sum()

    result = measures_of([ROW, ROW], transforms={"facts": summed})
    assert result.measures["source_submission"].tolist() == ["things.facts@01234567"]
    assert result.sources["rows"].tolist() == [2]


def test_a_transform_does_not_touch_the_table_it_was_given(make):
    sector = make.sector(make.indicator())
    table = make.table([ROW], sector)
    before = table.frame.copy()

    def greedy(frame):
        frame["part"] = 0.0
        return frame

    measure_sector(sector, {"facts": table}, {"facts": greedy}, make.tree([1]), make.day, make.limits(None))
    assert table.frame.equals(before)


def test_the_target_of_the_declaration_stands_beside_each_figure(measures_of, make):
    target = {"value": 60, "provenance": "law", "source": make.text}
    assert measures_of([ROW], make.indicator(target=target)).measures["target"].tolist() == [60.0]
    assert measures_of([ROW]).measures["target"].isna().all()


def test_several_methods_without_a_main_one_are_a_fault_of_the_declaration(measures_of, make):
    rows = [{**ROW, "method": method} for method in ("routine", "survey")]
    assert [fault.check for fault in measures_of(rows).faults] == ["main_method_missing"]
    assert measures_of(rows, make.indicator(main_method="survey")).faults == ()


def test_figures_dated_after_the_edition_are_told_once_and_kept(measures_of):
    result = measures_of([ROW, {**ROW, "period": "2024-08"}], on=date(2024, 6, 1))
    (fault,) = result.faults
    assert (fault.check, fault.count, fault.value, fault.severity) == (
        "as_of_after_edition",
        2,
        "2024-12-31",
        "warning",
    )
    assert len(result.measures) == 2


def test_a_fault_can_be_said_in_the_readers_language(measures_of):
    (fault,) = measures_of([ROW, {**ROW, "region_code": "99.07"}]).faults
    assert "99.07" in fault.message
    assert fault.say(Translator("en")) == fault.message


@pytest.mark.parametrize("cadence", [None, "monthly"])
def test_the_rhythm_of_the_indicator_goes_before_that_of_its_dataset(make, cadence):
    sector = make.sector(make.indicator(cadence=cadence))
    limits = make.limits(None)
    strict = limits.limits["monthly"].model_copy(update={"days": 75})
    limits = limits.model_copy(update={"limits": {**limits.limits, "monthly": strict}})
    month = {**ROW, "period": f"{ROW['period']}-06"}
    result = measure_sector(
        sector, {"facts": make.table([month], sector)}, {}, make.tree([1]), make.day, limits
    )
    assert result.measures["status"].tolist() == ["stale" if cadence else "no_target"]


def test_a_figure_for_a_whole_year_is_as_fresh_as_a_yearly_one(make):
    sector = make.sector(make.indicator(cadence="monthly"))
    limits = make.limits(None)
    strict = limits.limits["monthly"].model_copy(update={"days": 75})
    limits = limits.model_copy(update={"limits": {**limits.limits, "monthly": strict}})
    result = measure_sector(
        sector, {"facts": make.table([ROW], sector)}, {}, make.tree([1]), make.day, limits
    )
    assert result.measures["status"].tolist() == ["no_target"]


def test_two_indicators_of_one_table_are_measured_alike(measures_of, make):
    measures = measures_of([ROW], make.indicator(), make.indicator(id="TST2")).measures
    assert measures["indicator"].tolist() == ["TST1", "TST2"]
    assert measures["value"].tolist() == [50.0, 50.0]


@pytest.mark.parametrize("change", [{"region_code": "99.07"}, {"period": "soon"}])
def test_a_table_without_one_usable_row_gives_no_figure_and_says_why(measures_of, change):
    result = measures_of([{**ROW, **change}])
    assert result.measures.dtypes.equals(empty_measures().dtypes)
    assert (len(result.measures), len(result.sources), len(result.coverage)) == (0, 0, 0)
    assert len(result.faults) == 1


def test_an_indicator_without_usable_rows_does_not_hinder_its_neighbour(measures_of, make):
    rows = [{**ROW, "region_code": "99.01.01"}, {**ROW, "region_code": "99.01.02"}]
    result = measures_of(rows, make.indicator(grain="kab"), make.indicator(id="TST2"))
    assert result.measures["indicator"].unique().tolist() == ["TST2"]
    assert [fault.check for fault in result.faults] == ["finer_than_grain"]


def test_sums_of_fractions_do_not_depend_on_their_order(measures_of):
    # 1e16 + 1 - 1e16 and its permutations give 0, 1 or 2 when simply added up in turn.
    rows = [{**ROW, "part": part} for part in (1e16, 1.0, -1e16, 1.0, 0.1, 0.2, 0.3)]
    digests = {digest(measures_of(rows[turn:] + rows[:turn]).measures["value"]) for turn in range(len(rows))}
    assert len(digests) == 1
