"""The rules of the control chart at every edge, on series made by hand."""

import numpy as np
import pytest

from command_center.signals.charted import charted
from command_center.signals.control import ControlCharts, control_charts

# Alternating ±1 around 10: mean 10, every moving range 2, so the limits are 10 ± 5.32 and the near ones 10 ± 3.5467.
CALM = [11.0, 9.0] * 8


def chart(values: list[float], baseline: int | None = None) -> ControlCharts:
    return control_charts(np.array([values], dtype=np.float64), baseline)


def with_limits(values: list[float], mean: float = 10.0, spread: float = 2.0) -> ControlCharts:
    """A chart whose limits are set, so that each edge can be touched exactly: limits 4.68 and 15.32."""
    return ControlCharts(np.array([values]), np.array([mean]), np.array([spread]))


def flagged(values: list[float], **limits: float) -> list[int]:
    return np.flatnonzero(with_limits(values, **limits).special[0]).tolist()


def test_centre_and_limits_are_mean_and_2_66_mean_moving_ranges() -> None:
    found = chart(CALM)
    assert found.mean[0] == pytest.approx(10)
    assert found.upper[0] == pytest.approx(10 + 2.66 * 2)
    assert found.lower[0] == pytest.approx(10 - 2.66 * 2)
    assert not found.special.any()


def test_large_moving_ranges_are_dropped_before_the_mean_is_taken_again() -> None:
    values = [*CALM, 100.0]
    ranges = np.abs(np.diff(values))
    kept = ranges[ranges < 3.267 * ranges.mean()]
    assert len(kept) == len(ranges) - 1
    assert chart(values).spread[0] == pytest.approx(kept.mean())
    assert chart(values).outside[0, -1] == 1


def test_a_range_of_exactly_3_267_means_is_dropped() -> None:
    # n ranges of 1 and one of r: r = 3.267 × (n + r) / (n + 1), solved for r.
    n = 14
    r = 3.267 * n / (n + 1 - 3.267)
    values = np.cumsum([0.0, *([1.0, -1.0] * (n // 2)), r])
    assert chart(values.tolist()).spread[0] == pytest.approx(1.0)


def test_twelve_points_have_limits_and_eleven_have_none() -> None:
    assert not np.isnan(chart(CALM[:12]).upper[0])
    short = chart([*CALM[:10], 1000.0])
    assert np.isnan(short.upper[0])
    assert not short.special.any()


def test_a_point_on_a_limit_is_inside_and_one_beyond_is_outside() -> None:
    upper = 10 + 2.66 * 2.0
    assert flagged([10.0, 9.0, upper]) == []
    assert flagged([10.0, 9.0, upper + 1e-6]) == [2]
    assert flagged([10.0, 11.0, 10 - 2.66 * 2.0]) == []
    assert flagged([10.0, 11.0, 10 - 2.66 * 2.0 - 1e-6]) == [2]


@pytest.mark.parametrize("sign", [1, -1])
def test_seven_on_one_side_are_special_cause_and_six_are_not(sign: int) -> None:
    run = [10 + sign * step for step in (1.0, 2.0, 1.0, 2.0, 1.0, 2.0)]
    before = [10 - sign * 1.0]
    assert flagged([*before, *run]) == []
    assert flagged([*before, *run, 10 + sign * 1.0]) == list(range(1, 8))
    assert flagged([*before, *run, 10 + sign * 1.0, 10 + sign * 2.0, *before]) == list(range(1, 9))


def test_a_point_on_the_mean_breaks_a_run() -> None:
    assert flagged([11.0, 12.0, 11.0, 10.0, 11.0, 12.0, 11.0, 12.0]) == []


def test_seven_rising_points_are_special_cause_six_and_a_tie_are_not() -> None:
    rising = [8.0, 8.6, 9.2, 9.8, 10.4, 11.0]
    assert flagged(rising) == []
    assert flagged([*rising, 11.6]) == list(range(7))
    assert flagged([*rising, 11.0]) == []
    assert flagged([-value + 20 for value in [*rising, 11.6]]) == list(range(7))


def test_two_of_three_beyond_a_near_limit_are_special_cause_the_third_is_not() -> None:
    near = 10 + 2.66 * 2 * 2 / 3
    assert flagged([9.0, near + 0.1, 11.0, near + 0.1, 9.0]) == [1, 3]
    assert flagged([9.0, near + 0.1, near + 0.1, 9.0]) == []  # no window of three on one side
    assert flagged([9.0, near, 11.0, near, 9.0]) == []  # on the near limit is not beyond it
    assert flagged([near + 0.1, 9.0, near + 0.1]) == []  # the one between lies on the other side
    assert flagged([near + 0.1, 11.0, 11.0, near + 0.1]) == []  # four apart


def test_a_point_outside_does_not_count_as_one_of_the_two() -> None:
    near = 10 + 2.66 * 2 * 2 / 3 + 0.1
    assert flagged([near, 11.0, 16.0]) == [2]


def test_equal_values_never_alarm_whatever_their_last_bits() -> None:
    assert not chart([0.1] * 30).special.any()
    assert not chart([1e9 + 0.1] * 30).special.any()


def test_a_fixed_baseline_keeps_the_limits_of_the_first_points() -> None:
    moved = [*CALM, *[value + 20 for value in CALM]]
    found = chart(moved, baseline=12)
    assert found.mean[0] == pytest.approx(10)
    assert (found.outside[0, 16:] == 1).all()
    assert np.isnan(chart(moved, baseline=11).mean[0])


def test_many_series_of_different_length_are_judged_as_each_alone() -> None:
    rng = np.random.default_rng(7)
    lengths = rng.integers(3, 40, 200)
    block = np.full((200, 40), np.nan)
    for row, length in enumerate(lengths):
        block[row, :length] = np.round(rng.normal(50, 5, length), 1)
    together = control_charts(block)
    for row, length in enumerate(lengths):
        alone = control_charts(block[row : row + 1, :length])
        assert (together.special[row, :length] == alone.special[0]).all()
        assert (together.directions[row, :length] == alone.directions[0]).all()
        assert not together.special[row, length:].any()


def test_a_gap_inside_a_series_is_refused() -> None:
    with pytest.raises(ValueError, match="gap"):
        control_charts(np.array([[1.0, np.nan, 2.0]]))


def test_a_rebased_series_is_two_processes_and_keeps_the_old_limits_while_the_new_one_is_short() -> None:
    months = [f"{2024 + number // 12}-{number % 12 + 1:02}" for number in range(28)]
    values = [*CALM[:14], *[value + 20 for value in CALM[:14]]]
    points = charted(list(zip(months, values, strict=True)), rebase=months[14])
    assert (points[0].mean, points[-1].mean) == (pytest.approx(10), pytest.approx(30))
    assert not any(point.is_special for point in points)
    early = charted(list(zip(months[:24], values[:24], strict=True)), rebase=months[14])
    assert early[-1].mean == early[0].mean
    assert early[-1].is_special


def test_missing_periods_are_points_without_value_that_no_rule_counts() -> None:
    points = charted([*((f"2024-{n:02}", v) for n, v in enumerate(CALM[:12], 1)), ("2025-01", None)])
    assert (points[-1].value, points[-1].is_special, points[-1].mean) == (None, False, points[0].mean)
