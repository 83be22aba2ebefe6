"""Parents are made of all their parts, from sums, and never over a figure they published themselves."""

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command_center.indicators import can_roll_up, measure_indicator, roll_up

FORMULA = {"numerator": "part", "denominator": "whole", "scale": 100, "published": "printed", "n": "answers"}


@pytest.fixture(scope="session")
def rolled(make):
    def run(rows, tree=None, **changes):
        indicator = make.indicator(**({"formula": FORMULA} | changes))
        sector = make.sector(indicator)
        regions = tree or make.tree([2, 3])
        blank = {
            "period": "2024",
            "method": "",
            "part": np.nan,
            "whole": np.nan,
            "printed": np.nan,
            "answers": np.nan,
        }
        table = make.table([blank | row for row in rows], sector)
        return roll_up(sector, indicator, measure_indicator(sector, indicator, table, regions).rows, regions)

    return run


def villages(tree, **amounts):
    return [{"region_code": village.code, **amounts} for village in tree.villages]


def value(result, code, **where):
    rows = result.rows[result.rows["region_code"].eq(code)]
    for name, wanted in where.items():
        rows = rows[rows[name].eq(wanted)]
    assert len(rows) <= 1
    return rows["value"].iloc[0] if len(rows) else None


counts = st.integers(min_value=0, max_value=10_000)


@st.composite
def worlds(draw):
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    return shape, draw(st.lists(st.tuples(counts, counts), min_size=sum(shape), max_size=sum(shape)))


@settings(max_examples=30, deadline=None)
@given(world=worlds(), seed=st.integers(0, 1000))
def test_every_parent_is_the_ratio_of_the_sums_of_its_villages_in_any_order_of_rows(
    make, rolled, world, seed
):
    shape, amounts = world
    tree = make.tree(shape)
    rows = [
        {"region_code": village.code, "part": part, "whole": whole}
        for village, (part, whole) in zip(tree.villages, amounts, strict=True)
    ]
    known = {row["region_code"]: (row["part"], row["whole"]) for row in rows}
    random.Random(seed).shuffle(rows)  # noqa: S311
    result = rolled(rows, tree)
    for region in (tree.root, *tree.districts):
        below = [known[village.code] for village in tree.descendants(region.code, level=("desa", "kel"))]
        part, whole = (sum(column) for column in zip(*below, strict=True))
        row = result.rows[result.rows["region_code"].eq(region.code)].iloc[0]
        assert (row["numerator"], row["denominator"]) == (part, whole)
        if whole:
            assert row["value"] == pytest.approx(part / whole * 100)
        else:
            assert np.isnan(row["value"])
    assert result.coverage["outcome"].eq("made").all()
    assert result.faults == ()


def test_a_parent_is_not_the_mean_of_the_percentages_of_its_parts(make, rolled):
    tree = make.tree([2])
    first, second = tree.villages
    rows = [
        {"region_code": first.code, "part": 1, "whole": 1},
        {"region_code": second.code, "part": 0, "whole": 99},
    ]
    assert value(rolled(rows, tree), "99.01.01") == 1.0


def test_a_kelurahan_counts_as_a_part_like_a_desa(make, rolled):
    tree = make.tree([3])
    assert [village.level for village in tree.villages] == ["desa", "desa", "kel"]
    without = rolled(villages(tree, part=1, whole=2)[:2], tree)
    assert value(without, "99.01.01") is None
    assert without.coverage["missing"].tolist() == ["99.01.01.2003"]


def test_one_missing_village_leaves_its_kecamatan_and_the_regency_unmade_but_not_the_other_kecamatan(
    make, rolled
):
    tree = make.tree([2, 3])
    result = rolled(villages(tree, part=1, whole=2)[1:], tree)
    assert value(result, "99.01.01") is None
    assert value(result, "99.01") is None
    assert value(result, "99.01.02") == 50.0
    tried = result.coverage.set_index("region_code")
    assert tried.loc["99.01.01", ["have", "expected", "missing", "outcome"]].tolist() == [
        1,
        2,
        "99.01.01.2001",
        "partial",
    ]
    assert tried.loc["99.01", ["level", "have", "expected", "missing"]].tolist() == ["kec", 1, 2, "99.01.01"]


@pytest.mark.parametrize("gap", ["part", "whole"])
def test_a_part_without_its_numbers_is_a_missing_part(make, rolled, gap):
    tree = make.tree([2])
    rows = villages(tree, part=1, whole=2)
    rows[0][gap] = np.nan
    assert value(rolled(rows, tree), "99.01.01") is None


def test_a_village_with_nobody_to_count_is_a_part_all_the_same(make, rolled):
    tree = make.tree([2])
    rows = villages(tree, part=1, whole=2)
    rows[0] |= {"part": 0, "whole": 0}
    assert value(rolled(rows, tree), "99.01.01") == 50.0


def test_villages_by_different_methods_never_complete_each_other(make, rolled):
    tree = make.tree([2])
    rows = villages(tree, part=1, whole=2)
    rows[0]["method"], rows[1]["method"] = "routine", "survey"
    assert value(rolled(rows, tree), "99.01.01") is None


def test_villages_of_different_periods_never_complete_each_other(make, rolled):
    tree = make.tree([2])
    rows = villages(tree, part=1, whole=2)
    rows[0]["period"] = "2023"
    assert value(rolled(rows, tree), "99.01.01") is None


def test_each_method_is_rolled_up_for_itself(make, rolled):
    tree = make.tree([2])
    rows = [
        *villages(tree, part=1, whole=2, method="routine"),
        *villages(tree, part=1, whole=4, method="survey"),
    ]
    result = rolled(rows, tree)
    assert value(result, "99.01", method="routine") == 50.0
    assert value(result, "99.01", method="survey") == 25.0


def test_a_figure_the_parent_published_stands_and_a_difference_is_told(make, rolled):
    tree = make.tree([2])
    rows = [*villages(tree, part=1, whole=2), {"region_code": "99.01.01", "printed": 67.0}]
    result = rolled(rows, tree)
    assert value(result, "99.01.01") == 67.0
    (fault,) = result.faults
    assert (fault.check, fault.value, fault.expected) == ("children_differ_from_parent", "50", "67")
    assert result.coverage.set_index("region_code").loc["99.01.01", "outcome"] == "published"


def test_a_published_figure_equal_up_to_its_rounding_is_no_conflict(make, rolled):
    tree = make.tree([3])
    result = rolled([*villages(tree, part=1, whole=3), {"region_code": "99.01.01", "printed": 33.3}], tree)
    assert value(result, "99.01.01") == 33.3
    assert result.faults == ()


def test_counts_of_a_parent_must_agree_exactly(make, rolled):
    tree = make.tree([2])
    result = rolled(
        [*villages(tree, part=1, whole=2), {"region_code": "99.01.01", "part": 3, "whole": 6}], tree
    )
    # The same 50 %, from other counts.
    assert [(fault.value, fault.expected) for fault in result.faults] == [("2 / 4", "3 / 6")]


def test_lengths_that_were_each_rounded_may_differ_by_their_rounding(make, rolled):
    tree = make.tree([2])
    own = {"region_code": "99.01.01", "part": 1.31, "whole": 2.5}
    assert rolled([*villages(tree, part=0.65, whole=1.25), own], tree).faults == ()
    assert rolled([*villages(tree, part=0.67, whole=1.25), own], tree).faults != ()


def test_a_printed_parent_passes_the_sums_of_its_parts_upwards(make, rolled):
    tree = make.tree([2, 3])
    rows = [*villages(tree, part=1, whole=2), {"region_code": "99.01.01", "printed": 50.0}]
    result = rolled(rows, tree)
    regency = result.rows[result.rows["region_code"].eq("99.01")].iloc[0]
    assert (regency["numerator"], regency["denominator"]) == (5, 10)


def test_a_parent_row_without_any_number_gives_way_to_its_parts(make, rolled):
    tree = make.tree([2])
    result = rolled([*villages(tree, part=1, whole=2), {"region_code": "99.01.01"}], tree)
    assert value(result, "99.01.01") == 50.0


def test_kecamatan_that_only_printed_percentages_do_not_make_a_regency(make, rolled):
    tree = make.tree([1, 1])
    rows = [{"region_code": code, "printed": 50.0} for code in ("99.01.01", "99.01.02")]
    result = rolled(rows, tree, grain="kec")
    assert value(result, "99.01") is None
    assert result.coverage["outcome"].tolist() == ["partial"]


def test_an_indicator_that_is_only_published_is_never_rolled_up(make, rolled):
    tree = make.tree([1, 1])
    rows = [{"region_code": code, "printed": 50.0} for code in ("99.01.01", "99.01.02")]
    result = rolled(rows, tree, grain="kec", formula={"published": "printed"})
    assert result.rows["region_code"].tolist() == ["99.01.01", "99.01.02"]
    assert result.coverage.empty


def test_villages_are_not_made_from_their_kecamatan(make, rolled):
    tree = make.tree([2])
    result = rolled([{"region_code": "99.01.01", "part": 1, "whole": 2}], tree, grain="kec")
    assert set(result.rows["region_code"]) == {"99.01.01", "99.01"}


@pytest.mark.parametrize(
    ("unit", "rolls"), [("persons", True), ("idr", True), ("days", False), ("index", False)]
)
def test_a_number_without_denominator_is_summed_only_in_units_that_add_up(make, unit, rolls):
    indicator = make.indicator(formula={"numerator": "part"}, unit=unit)
    assert can_roll_up(indicator) is rolls


def test_counts_are_summed(make, rolled):
    tree = make.tree([2, 3])
    result = rolled(villages(tree, part=4), tree, formula={"numerator": "part"}, unit="cases")
    assert value(result, "99.01") == 20.0


def test_a_parent_is_as_old_as_its_oldest_part_and_names_the_file(make):
    tree = make.tree([2])
    indicator = make.indicator()
    sector = make.sector(indicator)
    rows = villages(tree, part=1, whole=2, period="2024")
    rows[0]["as_of"], rows[1]["as_of"] = pd.Timestamp("2024-08-01"), pd.Timestamp("2024-02-01")
    own = measure_indicator(sector, indicator, make.table(rows, sector), tree).rows
    parent = roll_up(sector, indicator, own, tree).rows.set_index("region_code").loc["99.01"]
    assert parent["as_of"] == pd.Timestamp("2024-02-01")
    assert parent["source_submission"] == "things.facts@01234567"


def test_the_number_of_answers_is_summed_and_missing_when_one_part_has_none(make, rolled):
    tree = make.tree([2])
    rows = villages(tree, part=1, whole=2, answers=30)
    assert rolled(rows, tree).rows.set_index("region_code").loc["99.01", "n"] == 60
    rows[0]["answers"] = np.nan
    assert np.isnan(rolled(rows, tree).rows.set_index("region_code").loc["99.01", "n"])


def test_agencies_are_rolled_up_apart(make, rolled):
    tree = make.tree([2])
    rows = villages(tree, part=1, whole=2)
    rows[0]["agency_code"], rows[1]["agency_code"] = "1", "2"
    assert value(rolled(rows, tree), "99.01.01") is None
