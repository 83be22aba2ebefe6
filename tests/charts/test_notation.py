"""The arithmetic of layout: round ticks, labels that do not overlap, paths without waste."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_center.charts.notation import shortened, spread, text_width, tick_decimals, ticks, wrapped
from command_center.charts.render import compact_path

FINITE = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


@given(FINITE, FINITE)
def test_ticks_cover_the_range_in_equal_steps(first: float, second: float) -> None:
    low, high = sorted((first, second))
    if high - low < 1e-3:
        return
    steps = ticks(low, high)
    slack = (steps[1] - steps[0]) * 1e-6
    assert steps[0] <= low + slack
    assert steps[-1] >= high - slack
    assert 2 <= len(steps) <= 7


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 100, [0, 25, 50, 75, 100]), (9.2, 12.8, [9, 10, 11, 12, 13]), (0, 0, [0, 0.25, 0.5, 0.75, 1])],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == expected
    assert tick_decimals([0, 0.25, 0.5]) == 2


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(10, 40)), min_size=1, max_size=5))
def test_labels_in_a_gutter_never_overlap_and_keep_their_order(labels: list[tuple[float, float]]) -> None:
    wanted, heights = [y for y, _ in labels], [height for _, height in labels]
    centres = spread(wanted, heights, 0, 240)
    order = sorted(range(len(labels)), key=lambda index: wanted[index])
    for above, below in pairwise(order):
        assert centres[below] - centres[above] >= (heights[above] + heights[below]) / 2 - 1e-6
    assert all(centre - height / 2 >= -1e-6 for centre, height in zip(centres, heights, strict=True))


def test_labels_with_room_stay_where_they_are_wanted() -> None:
    assert spread([100, 20], [15, 15], 0, 200) == [100, 20]


def test_long_texts_wrap_or_end_in_an_ellipsis_and_fit() -> None:
    assert wrapped("penimbangan rutin di posyandu", 125) == ["penimbangan rutin", "di posyandu"]
    cut = shortened("Randublatung Kidul", 60)
    assert cut.endswith("…")
    assert text_width(cut) <= 60
    assert shortened("Jati", 60) == "Jati"


def test_a_path_keeps_its_corners_to_a_tenth_of_a_pixel() -> None:
    assert compact_path("M0.04,10L3.26,10L3.24,10L3.24,6.5Z") == "M0,10l3.3,0-.1,0,0-3.5z"
    assert compact_path("M1,1L1.01,1.02Z") == ""
    assert compact_path("M0,0L10,0L10,10ZM2,2L4,2L4,4Z").count("M") == 2
