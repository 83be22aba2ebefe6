"""What the words of a rule mean, at their edges, and when a breach becomes an alarm and ends."""

from datetime import date

import pytest

from command_center.signals.conditions import Standing, due_by, standings
from command_center.signals.lines import SeriesPoint
from command_center.signals.raising import raised
from command_center.signals.rules import Curve, Drop, Growth, Limit, Rise, SameSeason

CURVE = Curve(kind="curve", quarters=(15, 40, 65, 95), points=10)


def point(value: float, period: str = "2025-01", day: str = "2025-01-31", **parts: float) -> SeriesPoint:
    return SeriesPoint(
        period, value, date.fromisoformat(day), "good", parts.get("numerator"), parts.get("denominator")
    )


def months(*values: float) -> list[SeriesPoint]:
    return [point(value, f"2025-{number:02}") for number, value in enumerate(values, 1)]


def breaches(*values: float, condition: Limit | Drop | Growth | Rise, direction: str = "up") -> list[bool]:
    return [one.is_breach for one in standings(condition, months(*values), direction)]


def test_a_limit_is_beyond_its_value_and_an_edge_counts_only_where_it_is_said() -> None:
    assert breaches(79.99, 80.0, 80.01, condition=Limit(kind="limit", below=80)) == [True, False, False]
    assert breaches(76.6, 76.61, condition=Limit(kind="limit", below=76.6, edge=True)) == [True, False]
    assert breaches(0.0, 0.1, condition=Limit(kind="limit", above=0)) == [False, True]


def test_a_drop_is_for_the_worse_and_by_more_than_the_points() -> None:
    assert breaches(80, 75, 69.9, condition=Drop(kind="drop", points=5)) == [False, True]
    assert breaches(5, 7, condition=Drop(kind="drop", points=1), direction="down") == [True]
    assert breaches(7, 5, condition=Drop(kind="drop", points=1), direction="down") == [False]


def test_growth_is_a_share_of_the_period_before_and_nothing_grows_from_nothing() -> None:
    assert breaches(10, 12, 14.5, condition=Growth(kind="growth", percent=20)) == [False, True]
    assert breaches(0, 5, condition=Growth(kind="growth", percent=20)) == [False]


def test_a_rise_is_unbroken_and_says_what_chance_would_do() -> None:
    rise = Rise(kind="rise", steps=2)
    assert breaches(1, 2, 3, 3, condition=rise) == [True, False]
    few = [point(v, f"2025-0{n}", numerator=v, denominator=40) for n, v in enumerate((1.0, 2.0, 3.0), 1)]
    many = [
        point(v, f"2025-0{n}", numerator=v * 100, denominator=4000) for n, v in enumerate((1.0, 2.0, 3.0), 1)
    ]
    (small,), (large,) = standings(rise, few, "down"), standings(rise, many, "down")
    assert small.p_value is not None
    assert large.p_value is not None
    assert small.p_value > 0.05 > 0.001 > large.p_value
    assert standings(rise, months(1, 2, 3), "down")[0].p_value == 1.0


@pytest.mark.parametrize(
    ("day", "due"),
    [("2025-03-31", 15), ("2025-06-30", 40), ("2025-09-30", 65), ("2025-12-31", 95), ("2025-01-01", 0),
     ("2025-11-15", 80), ("2024-02-29", 15 * 59 / 90)],
)  # fmt: skip
def test_the_curve_is_straight_between_the_ends_of_quarters(day: str, due: float) -> None:
    assert due_by(CURVE, date.fromisoformat(day)) == pytest.approx(due)


def test_absorption_of_more_than_ten_points_below_the_curve_is_a_breach() -> None:
    at_end = [point(value, "2025-Q3", "2025-09-30") for value in (55.0, 54.99, 53.39, 10.97)]
    found = standings(CURVE, at_end, "up")
    assert [one.is_breach for one in found] == [False, True, True, True]
    assert found[2].margin == pytest.approx(1.61)


def test_a_season_is_judged_by_earlier_years_only_and_needs_enough_of_them() -> None:
    season = SameSeason(kind="same_season", years=5, least_years=3, deviations=2)
    line = [
        point(value, f"{year}-03") for year, value in ((2021, 10.0), (2022, 12.0), (2023, 14.0), (2024, 30.0))
    ]
    found = standings(season, line, "down")
    assert [one.point.period for one in found] == ["2024-03"]
    assert found[0].threshold == pytest.approx(12 + 2 * 2)
    assert found[0].is_breach


def history(*margins: float) -> list[Standing]:
    return [Standing(one, margin, 0.0) for one, margin in zip(months(*margins), margins, strict=True)]


def test_one_breach_is_no_alarm_two_in_a_row_are() -> None:
    assert raised(history(-1, 1), periods=2, severe=None, clear=0) is None
    found = raised(history(-1, 1, 1), periods=2, severe=None, clear=0)
    assert found is not None
    assert (found.since, found.is_new, found.is_severe) == ("2025-02", True, False)
    assert raised(history(1, -1, 1), periods=2, severe=None, clear=0) is None


def test_one_severe_breach_is_an_alarm_at_once() -> None:
    assert raised(history(-1, 5), periods=2, severe=5, clear=0) is None
    found = raised(history(-1, 5.1), periods=2, severe=5, clear=0)
    assert found is not None
    assert found.is_severe


def test_an_alarm_ends_only_well_within_the_threshold() -> None:
    kept = raised(history(1, 1, -0.5, -2), periods=2, severe=None, clear=2)
    assert kept is not None
    assert (kept.is_ended, kept.is_new, kept.since) == (False, False, "2025-01")
    over = raised(history(1, 1, -0.5, -2.1), periods=2, severe=None, clear=2)
    assert over is not None
    assert over.is_ended
    assert raised(history(1, 1, -3, -3), periods=2, severe=None, clear=2) is None


def test_a_new_breach_after_an_end_begins_its_own_story() -> None:
    found = raised(history(1, 1, -3, 1, 1), periods=2, severe=None, clear=2)
    assert found is not None
    assert (found.since, found.is_new) == ("2025-04", True)
