"""Working time equals a count minute by minute, and the way back from working time to the clock is its inverse."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from command_center.calendar import load_calendar
from command_center.eventlog.workingtime import clock_of, local_days, working_clock
from command_center.settings import Settings

CALENDAR = load_calendar(Settings(Path(__file__).resolve().parents[2]))
MINUTE_US = 60_000_000
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)


def micros(moment: datetime) -> int:
    return round(moment.timestamp()) * 1_000_000


def by_minutes(start: int, end: int) -> int:
    """Count the minutes between two moments that begin in office hours, one by one, asking the calendar each day."""
    zone, count = ZoneInfo(CALENDAR.timezone), 0
    for at in range(start, end, MINUTE_US):
        moment = datetime.fromtimestamp(at / 1e6, UTC).astimezone(zone)
        hours = CALENDAR.hours_on(moment.date())
        count += hours is not None and hours[0] <= moment.time() < hours[1]
    return count


@pytest.mark.slow
def test_working_time_equals_a_count_minute_by_minute_over_holidays_and_fridays() -> None:
    seed = 20261124
    print("seed", seed)
    chance = np.random.default_rng(seed)
    base = micros(datetime(2025, 1, 1, tzinfo=UTC))
    starts = base + chance.integers(0, 700 * 1440, 1000) * MINUTE_US
    ends = starts + chance.integers(0, 14 * 1440, 1000) * MINUTE_US
    found = working_clock(CALENDAR, FIRST, LAST).seconds_between(starts, ends) / 60
    expected = [by_minutes(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    days = set(local_days(starts, CALENDAR.timezone))
    assert any(CALENDAR.holiday_name(date(1970, 1, 1) + timedelta(days=int(day))) for day in days)


def test_it_equals_the_calendar_to_the_second() -> None:
    chance = np.random.default_rng(7)
    base = micros(datetime(2025, 3, 20, tzinfo=UTC))
    starts, ends = (base + chance.integers(0, 40 * 86_400, 200) * 1_000_000 for _ in range(2))
    found = clock_of(CALENDAR, np.concatenate((starts, ends))).seconds_between(starts, ends)
    for start, end, seconds in zip(starts, ends, found, strict=True):
        pair = (datetime.fromtimestamp(at / 1e6, UTC) for at in (start, end))
        assert seconds / 3600 == pytest.approx(CALENDAR.working_hours_between(*pair), abs=1e-9)


def test_the_moment_after_some_working_time_lies_in_office_hours() -> None:
    clock = working_clock(CALENDAR, FIRST, LAST)
    worked = np.random.default_rng(3).uniform(1, clock.before[-1], 5_000)
    moments = clock.moments_at(worked)
    np.testing.assert_allclose(clock.worked(moments), worked, rtol=0, atol=1e-5)
    assert clock.is_working_day(local_days(moments, CALENDAR.timezone)).all()
