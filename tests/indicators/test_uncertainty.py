"""Intervals against scipy's own, funnels against the binomial they come from, ranks that claim no more than is known."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, binomtest

from command_center.catalog import Indicator
from command_center.indicators.uncertainty import (
    SMALL_N,
    funnel,
    funnel_limits,
    funnel_lines,
    has_small_n,
    interval_of,
    is_counted_share,
    wilson,
    with_intervals,
)


def indicator(direction: str = "down", **changes: Any) -> Indicator:
    words = {"id": "a", "en": "a"}
    formula = {"numerator": "sick_children", "denominator": "seen_children", "scale": 100}
    said: dict[str, Any] = {
        "id": "ABC1",
        "name": words,
        "question": words,
        "definition": words,
        "dataset": "d",
        "formula": formula,
        "unit": "percent",
        "direction": direction,
        "grain": "desa",
    }
    return Indicator.model_validate(said | changes)


def shares(*pairs: tuple[float, float], status: list[str] | None = None) -> pd.DataFrame:
    part, whole = (np.array(side, dtype="float64") for side in zip(*pairs, strict=True))
    return pd.DataFrame(
        {
            "region_code": [f"99.01.{number:02d}" for number in range(1, len(pairs) + 1)],
            "numerator": part,
            "denominator": whole,
            "value": part / whole * 100,
            "suppressed": False,
            "status": status or "good",
        }
    )


@pytest.mark.parametrize("whole", [1, 2, 7, 30, 200, 5000])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.5, 0.93, 1.0])
def test_the_interval_is_wilsons_as_scipy_has_it(whole: int, share: float) -> None:
    part = round(share * whole)
    expected = binomtest(part, whole).proportion_ci(confidence_level=0.95, method="wilson")
    low, high = wilson(np.array([float(part)]), np.array([float(whole)]))
    assert low[0] == pytest.approx(expected.low, abs=1e-9)
    assert high[0] == pytest.approx(expected.high, abs=1e-9)


def test_an_interval_of_nothing_is_missing() -> None:
    low, high = wilson(np.array([0.0, np.nan]), np.array([0.0, 5.0]))
    assert np.isnan([*low, *high]).all()


@pytest.mark.parametrize("share", [0.02, 0.06, 0.3, 0.8])
@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_funnel_limits_lie_within_one_count_of_the_binomial_quantile(share: float, confidence: float) -> None:
    sizes = np.array([10.0, 25.0, 80.0, 300.0, 2_000.0, 30_000.0])
    low, high = funnel_limits(share, sizes, confidence)
    tail = (1 - confidence) / 2
    for limits, chance in ((low, tail), (high, 1 - tail)):
        exact = binom.ppf(chance, sizes.astype("int"), share)
        assert (np.abs(limits * sizes - exact) <= 1 + 1e-9).all()
        assert (limits * sizes <= exact + 1e-9).all()
    assert (low < share).all()
    assert (high > share).all()
    assert (np.diff(high - low) < 0).all()


def test_alike_regions_fall_outside_as_rarely_as_the_limits_say() -> None:
    chance = np.random.default_rng(20261124)
    sizes = chance.integers(60, 400, size=20_000).astype("float64")
    part = chance.binomial(sizes.astype("int"), 0.08).astype("float64")
    for confidence in (0.95, 0.998):
        low, high = funnel_limits(0.08, sizes, confidence)
        outside = ((part / sizes < low) | (part / sizes > high)).mean()
        assert outside == pytest.approx(1 - confidence, rel=0.35), confidence


def test_the_funnel_names_the_region_that_stands_out_and_no_other() -> None:
    found = funnel(shares((6, 100), (7, 120), (5, 90), (40, 110), (8, 130)))
    assert found is not None
    assert found.share == pytest.approx(66 / 550 * 100)
    beyond = dict(zip(found.rows["region_code"], found.rows["beyond"], strict=True))
    assert beyond["99.01.04"] == pytest.approx(99.8)
    assert all(value > -99 for value in beyond.values())
    sizes, limits = funnel_lines(found)
    assert sizes[0] == 1
    assert sizes[-1] > 130
    assert set(limits) == {0.95, 0.998}


def test_regions_that_are_not_comparable_or_hidden_are_in_no_funnel_and_have_no_rank() -> None:
    rows = shares((6, 100), (7, 120), (50, 90), (5, 110), status=["good", "good", "not_comparable", "good"])
    found = funnel(rows)
    assert found is not None
    assert "99.01.03" not in set(found.rows["region_code"])
    assert found.share == pytest.approx(18 / 330 * 100)
    ranked = with_intervals(rows, indicator())
    assert ranked["rank_low"].isna().tolist() == [False, False, True, False]
    assert ranked["interval_low"].notna().all()
    hidden = with_intervals(rows.assign(suppressed=[False, False, False, True]), indicator())
    assert hidden.loc[3, ["interval_low", "interval_high", "rank_low", "rank_high"]].isna().all()


def test_the_share_of_the_whole_is_the_middle_where_it_is_known() -> None:
    found = funnel(shares((6, 100), (7, 120), (5, 90)), whole_share=40.0)
    assert found is not None
    assert found.share == 40
    assert (found.rows["beyond"] < -99).all()


def test_two_regions_are_no_funnel() -> None:
    assert funnel(shares((1, 10), (2, 10))) is None


def test_regions_whose_intervals_overlap_share_their_ranks() -> None:
    rows = with_intervals(shares((10, 1000), (12, 1000), (300, 1000), (310, 1000)), indicator())
    assert list(zip(rows["rank_low"], rows["rank_high"], strict=True)) == [(1, 2), (1, 2), (3, 4), (3, 4)]
    up = with_intervals(shares((10, 1000), (12, 1000), (300, 1000), (310, 1000)), indicator("up"))
    assert list(zip(up["rank_low"], up["rank_high"], strict=True)) == [(3, 4), (3, 4), (1, 2), (1, 2)]


def test_what_is_told_apart_has_one_rank_and_what_is_not_has_all() -> None:
    apart = with_intervals(shares((10, 10_000), (900, 10_000), (5_000, 10_000)), indicator())
    assert apart["rank_low"].tolist() == apart["rank_high"].tolist() == [1, 2, 3]
    alike = with_intervals(shares((1, 20), (2, 20), (3, 20)), indicator())
    assert set(alike["rank_low"]) == {1}
    assert set(alike["rank_high"]) == {3}


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": "index"},
        {"formula": {"numerator": "sick_children"}, "unit": "children"},
        {"formula": {"numerator": "spent_idr", "denominator": "budget_idr", "scale": 100}},
        {"formula": {"numerator": "good_km", "denominator": "length_km", "scale": 100}},
        {"formula": {"numerator": "a", "denominator": "b", "scale": 1000}, "unit": "per_1000"},
    ],
)
def test_what_is_no_share_of_counted_things_gets_no_interval(changes: dict[str, Any]) -> None:
    rows = shares((10, 100), (20, 100), (30, 100))
    assert not is_counted_share(indicator(**changes), rows)
    assert with_intervals(rows, indicator(**changes))["interval_low"].isna().all()
    assert interval_of(indicator(**changes), 10, 100) is None


def test_a_part_above_its_whole_or_a_broken_number_is_no_share() -> None:
    assert is_counted_share(indicator(), shares((10, 100)))
    assert not is_counted_share(indicator(), shares((110, 100), (1, 10)))
    assert not is_counted_share(indicator(), shares((1.5, 100)))
    assert interval_of(indicator(), None, 100) is None
    assert interval_of(indicator(), 0, 0) is None


def test_small_is_what_half_of_the_regions_or_more_are() -> None:
    assert has_small_n(shares((1, SMALL_N - 1), (1, SMALL_N - 1), (1, 9 * SMALL_N)))
    assert not has_small_n(shares((1, SMALL_N), (1, SMALL_N), (1, 10)))
