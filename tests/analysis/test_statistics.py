"""The statistics on numbers small enough to check by hand."""

import pandas as pd
import pytest

from command_center.analysis import (
    AnalysisError,
    compare_shares,
    concentration,
    contributions,
    pulls,
    rank_association,
    rate_change,
)
from command_center.analysis.shares import parts_for


def counts(*pairs: tuple[float, float]) -> pd.DataFrame:
    names = [f"p{number}" for number in range(len(pairs))]
    return pd.DataFrame(
        {
            "code": names,
            "name": names,
            "numerator": [a for a, _ in pairs],
            "denominator": [b for _, b in pairs],
        }
    )


def test_the_limits_are_those_of_wilson() -> None:
    """10 of 100: Wilson 0.0552 to 0.1744, as in every textbook."""
    row = compare_shares(counts((10, 100), (30, 100))).parts.set_index("code").loc["p0"]
    assert (row["low"], row["high"]) == (pytest.approx(0.05523, abs=1e-5), pytest.approx(0.17437, abs=1e-5))


def test_chi_square_is_that_of_the_two_by_two_table() -> None:
    """10 and 30 of 100, expected 20: 4 cells (10^2 / 20) x 2 + (10^2 / 80) x 2 = 12.5."""
    found = compare_shares(counts((10, 100), (30, 100)))
    assert found.chi_square == pytest.approx(12.5)
    assert (found.degrees, found.dispersion) == (1, pytest.approx(12.5))
    assert found.share == pytest.approx(0.2)
    assert found.differs


def test_equal_shares_differ_by_nothing() -> None:
    found = compare_shares(counts((20, 100), (40, 200), (10, 50)))
    assert found.chi_square == pytest.approx(0)
    assert not found.differs
    assert not found.parts[["beyond_chance", "outlying"]].any(axis=None)


def test_only_the_part_that_differs_stands_out() -> None:
    found = compare_shares(counts(*[(100, 1000)] * 15, (200, 1000)))
    standing = found.parts[found.parts["beyond_chance"] & found.parts["outlying"]]
    assert list(standing["code"]) == ["p15"]


def test_a_wide_spread_of_all_makes_no_outlier_of_each() -> None:
    """Half at 10, half at 20 percent: all beyond chance, none beyond the spread of them all."""
    found = compare_shares(counts(*[(1000, 10000)] * 8, *[(2000, 10000)] * 8))
    assert found.parts["beyond_chance"].all()
    assert not found.parts["outlying"].any()


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([(1.5, 10), (2, 10)], "no count"),
        ([(11, 10), (2, 10)], "above its denominator"),
        ([(1, 10), (float("nan"), 10)], "Fewer than two"),
        ([(0, 10), (0, 10)], "same share"),
    ],
)
def test_what_chance_cannot_judge_is_refused(pairs: list[tuple[float, float]], words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        compare_shares(counts(*pairs))


def test_small_parts_make_the_test_rough() -> None:
    assert compare_shares(counts((1, 10), (30, 100))).is_rough
    assert not compare_shares(counts((20, 100), (30, 100))).is_rough


def test_concentration_adds_up_and_says_how_few_hold_half() -> None:
    found = concentration(counts((10, 1), (60, 1), (30, 1)), "numerator")
    assert list(found["code"]) == ["p1", "p2", "p0"]
    assert list(found["cumulative"]) == pytest.approx([0.6, 0.9, 1.0])
    assert (parts_for(found), parts_for(found, 0.9), parts_for(found, 1.0)) == (1, 2, 3)


def test_pulls_add_up_to_nothing_and_one_is_as_by_hand() -> None:
    """50 of 100 and 240 of 300: the whole 72.5 percent; the first pulls 0.25 x (0.5 - 0.725)."""
    found = pulls(counts((50, 100), (240, 300))).set_index("code")
    assert found.loc["p0", "pull"] == pytest.approx(-0.05625)
    assert found.loc["p0", "remainder"] == 50
    assert found["pull"].sum() == pytest.approx(0)


def test_a_change_of_a_ratio_is_taken_apart_without_a_rest() -> None:
    before, after = counts((50, 100), (90, 100)), counts((60, 100), (270, 300))
    found = rate_change(before, after).set_index("code")
    assert found["effect"].sum() == pytest.approx(330 / 400 - 140 / 200)
    assert found.loc["p0", "within"] == pytest.approx((0.5 + 0.25) / 2 * 0.1)
    assert found.loc["p1", "within"] == pytest.approx(0)
    assert found.loc["p1", "mix"] == pytest.approx(0.25 * (0.9 - (0.7 + 0.825) / 2))


def test_contributions_add_up_to_the_growth() -> None:
    found = contributions(counts((10, 1), (90, 1)), counts((30, 1), (85, 1)))
    assert list(found["contribution"]) == pytest.approx([0.2, -0.05])
    with pytest.raises(AnalysisError, match="growth"):
        contributions(counts((0, 1)), counts((1, 1)))


def test_ranks_that_agree_go_together() -> None:
    first = counts(*[(number, 1) for number in range(6)]).assign(value=range(6))
    second = first.assign(value=[number**3 for number in range(6)])
    assert rank_association(first, second).rho == pytest.approx(1)
    assert rank_association(first, second.assign(value=[-v for v in range(6)])).rho == pytest.approx(-1)
    with pytest.raises(AnalysisError, match="4 parts"):
        rank_association(first.head(4), second)
