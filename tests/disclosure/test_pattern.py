"""Patterns of small tables reckoned by hand, and patterns of random ones judged by linear programming."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command_center.disclosure import Tree, Unknown, bounds_of, choose_pattern

NAN = float("nan")


def tree_of(*sizes: int) -> Tree:
    districts = [f"1.1.{number}" for number in range(len(sizes))]
    below = [
        [f"{code}.{place}" for place in range(size)] for code, size in zip(districts, sizes, strict=True)
    ]
    return Tree.from_codes("1.1", districts, below)


def table(tree: Tree, villages: Sequence[Sequence[float]]) -> np.ndarray:
    """One period: the regency, the kecamatan and their desa, each sum made from its parts."""
    sums = [float(sum(group)) for group in villages]
    return np.array([[sum(sums), *sums, *(count for group in villages for count in group)]])


def hidden_of(tree: Tree, counts: np.ndarray, k: float = 5, **more: np.ndarray) -> set[str]:
    primary = counts < k
    primary[:, 0] = False
    pattern = choose_pattern(tree, [counts], [k], primary, name="t", **more)
    return {code for code, is_hidden in zip(tree.codes, pattern.hidden[0], strict=True) if is_hidden}


def widths(tree: Tree, counts: np.ndarray, hidden: np.ndarray, k: float = 5) -> np.ndarray:
    return bounds_of(tree, counts[0], hidden[0], k).width


def test_a_table_without_small_cells_is_shown_whole() -> None:
    tree = tree_of(3, 2)
    assert hidden_of(tree, table(tree, [[20, 30, 40], [10, 10]])) == set()


def test_a_small_cell_takes_one_more_with_it_since_the_sum_would_give_it_away() -> None:
    tree = tree_of(3, 2)
    hidden = hidden_of(tree, table(tree, [[2, 30, 40], [10, 10]]))
    assert "1.1.0.0" in hidden
    assert len(hidden) == 2
    assert hidden < {"1.1.0.0", "1.1.0.1", "1.1.0.2"}


def test_zero_is_a_value_and_as_small_as_any() -> None:
    tree = tree_of(3)
    assert "1.1.0.0" in hidden_of(tree, table(tree, [[0, 30, 40]]))


def test_small_cells_that_hide_each_other_need_no_further_one() -> None:
    tree = tree_of(4)
    assert hidden_of(tree, table(tree, [[4, 3, 40, 50]])) == {"1.1.0.0", "1.1.0.1"}


def test_small_cells_with_too_small_a_sum_need_a_further_one() -> None:
    # 1 + 2 = 3: each would lie between 0 and 3.
    tree = tree_of(4)
    assert len(hidden_of(tree, table(tree, [[1, 2, 40, 50]]))) == 3


def test_where_all_desa_are_small_the_kecamatan_goes_and_another_with_a_desa_of_its_own() -> None:
    tree = tree_of(2, 3)
    hidden = hidden_of(tree, table(tree, [[1, 1], [20, 30, 40]]))
    assert {"1.1.0", "1.1.0.0", "1.1.0.1", "1.1.1"} <= hidden
    # The other kecamatan is no secret while all its desa are shown.
    assert any(code.startswith("1.1.1.") for code in hidden)
    assert "1.1" not in hidden


def test_the_regency_goes_last_and_never_where_the_law_publishes_it() -> None:
    tree = tree_of(0, 0, 0)
    counts = np.array([[4.0, 1.0, 2.0, 1.0]])
    assert "1.1" in hidden_of(tree, counts)
    law = np.array([[True, False, False, False]])
    assert "1.1" not in hidden_of(tree, counts, never=law)


def test_a_cell_nobody_reported_is_no_cover() -> None:
    tree = tree_of(0, 0, 0)
    counts = np.array([[60.0, 2.0, NAN, 40.0]])
    # 2 + unknown = 20 bounds nothing, but the one cell that is hidden is the small one: the rule says so.
    assert hidden_of(tree, counts) == {"1.1.0", "1.1.2"}


def test_a_small_cell_without_any_sum_takes_another_with_it_too() -> None:
    tree = tree_of(3, 3)
    counts = np.array([[NAN, NAN, NAN, 2.0, 30.0, 40.0, 50.0, 60.0, 70.0]])
    hidden = hidden_of(tree, counts)
    assert len(hidden) == 2
    assert all(code.startswith("1.1.0.") for code in hidden)


def test_a_sum_reported_a_little_wrong_protects_no_less_than_a_right_one() -> None:
    tree = tree_of(3)
    counts = np.array([[73.0, 73.0, 2.0, 30.0, 40.0]])
    assert len(hidden_of(tree, counts)) == 2


def test_a_period_does_not_change_the_pattern_of_another() -> None:
    tree = tree_of(3, 2)
    first, second = table(tree, [[2, 30, 40], [10, 10]]), table(tree, [[20, 1, 40], [3, 10]])
    both = np.concatenate([first, second])
    alone = choose_pattern(tree, [first], [5], first < 5, name="t").hidden
    together = choose_pattern(tree, [both], [5], both < 5, name="t").hidden
    assert (together[:1] == alone).all()


def test_a_corrected_number_moves_no_further_cell() -> None:
    tree = tree_of(5)
    before, after = table(tree, [[2, 30, 40, 50, 60]]), table(tree, [[1, 60, 50, 40, 30]])
    assert hidden_of(tree, before) == hidden_of(tree, after)


def test_what_is_out_already_protects_nothing() -> None:
    tree = tree_of(4)
    counts = table(tree, [[2, 30, 40, 50]])
    out = np.array([[False, False, False, True, True, False]])
    assert hidden_of(tree, counts, never=out) == {"1.1.0.0", "1.1.0.3"}


def test_both_counts_of_a_share_keep_their_width() -> None:
    tree = tree_of(4)
    cases, all_cases = table(tree, [[2, 9, 40, 50]]), table(tree, [[2, 9, 40, 50]]) + 1
    pattern = choose_pattern(tree, [cases, all_cases], [5, 5], cases < 5, name="t")
    for counts in (cases, all_cases):
        assert (widths(tree, counts, pattern.hidden) >= 5).all()


def test_where_every_sum_is_hidden_a_desa_elsewhere_stands_beside_the_only_small_one() -> None:
    tree = tree_of(2, 2)
    counts = np.array([[5.0, 0.0, 5.0, np.nan, 0.0, np.nan, 5.0]])
    assert hidden_of(tree, counts) == {"1.1", "1.1.0", "1.1.1", "1.1.0.1", "1.1.1.1"}


# --- bounds -------------------------------------------------------------------------------------------


def test_the_bounds_of_a_lone_hidden_cell_are_its_number() -> None:
    tree = tree_of(3)
    found = bounds_of(tree, table(tree, [[2, 30, 40]])[0], np.array([False, False, True, False, False]), 5)
    assert (found.low.tolist(), found.high.tolist()) == ([2], [2])


def test_the_rule_itself_is_known_to_the_reader() -> None:
    # 2 + 9 = 11, and one of the two is below 5: neither can be 5 or 6, yet each may be the small one.
    tree = tree_of(3)
    hidden = np.array([False, False, True, True, False])
    found = bounds_of(tree, table(tree, [[2, 9, 40]])[0], hidden, 5)
    assert (found.low.tolist(), found.high.tolist()) == ([0, 0], [11, 11])


def test_nothing_bounds_a_cell_whose_sums_are_hidden_too() -> None:
    tree = tree_of(0, 0)
    found = bounds_of(tree, np.array([4.0, 1.0, 3.0]), np.array([True, True, True]), 5)
    assert np.isinf(found.high).all()


# --- random trees -------------------------------------------------------------------------------------

COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 200))


@st.composite
def tables(draw: st.DrawFn) -> tuple[Tree, np.ndarray, np.ndarray]:
    sizes = draw(st.lists(st.integers(0, 6), min_size=1, max_size=5))
    tree = tree_of(*sizes)
    groups = [[float(draw(COUNTS)) for _ in range(size)] for size in sizes]
    counts = table(tree, groups)
    for number, size in enumerate(sizes):
        if not size:  # reported by the kecamatan itself
            counts[0, 1 + number] = draw(COUNTS)
    counts[0, 0] = counts[0, tree.kec].sum()
    missing = draw(st.lists(st.integers(0, len(tree) - 1), max_size=2))
    counts[0, missing] = np.nan
    old = draw(st.lists(st.integers(1, len(tree) - 1), max_size=2))
    held = np.zeros(counts.shape, dtype=bool)
    held[0, old] = ~np.isnan(counts[0, old])
    return tree, counts, held


def places(tree: Tree, counts: np.ndarray) -> int:
    """How many regions were reported of which no part was."""
    reported = ~np.isnan(counts[0])
    with_parts = {
        tree.codes[1 + number] for number, row in enumerate(tree.children) if reported[row[row >= 0]].any()
    }
    return sum(
        bool(is_reported) and code not in with_parts
        for code, is_reported in zip(tree.codes[1:], reported[1:], strict=True)
    )


@settings(max_examples=400, deadline=None)
@given(tables(), st.sampled_from([5.0, 10.0]))
def test_every_hidden_cell_of_any_tree_keeps_its_width(
    given_table: tuple[Tree, np.ndarray, np.ndarray], k: float
) -> None:
    tree, counts, held = given_table
    primary = counts < k
    primary[:, 0] = False
    pattern = choose_pattern(tree, [counts], [k], primary, name="random", held=held)
    assert (pattern.hidden >= (primary | held)).all()
    assert not pattern.hidden[np.isnan(counts)].any()
    # Where one place alone was reported, nothing can stand beside it.
    if places(tree, counts) > 1 or not pattern.hidden[:, 1:].any():
        assert (widths(tree, counts, pattern.hidden, k) >= k - 1e-6).all()


@settings(max_examples=150, deadline=None)
@given(tables(), st.data())
def test_the_quick_bounds_are_those_of_linear_programming(
    given_table: tuple[Tree, np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    tree, counts, _ = given_table
    chosen = data.draw(st.lists(st.integers(0, len(tree) - 1), max_size=6))
    hidden = np.zeros(counts.shape, dtype=bool)
    hidden[0, chosen] = ~np.isnan(counts[0, chosen])
    low, high = Unknown(tree, counts, hidden).intervals()
    # Below 0 no cell is small, so that the rule adds nothing.
    found = bounds_of(tree, counts[0], hidden[0], 0)
    assert found.low == pytest.approx(low[0, found.columns], abs=1e-6)
    assert found.high == pytest.approx(high[0, found.columns], abs=1e-6)
