"""Working time equals a count minute by minute, and the way back from working time to the clock is its inverse."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from command_center.calendar import load_calendar, load_shifts
from command_center.errors import ReferenceDataError
from command_center.eventlog.log import Labels
from command_center.eventlog.workingtime import clock_of, local_days, seconds_by_unit, working_clock
from command_center.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
CALENDAR = load_calendar(Settings(ROOT))
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


SHIFT = """
shifts:
  - units: [U1]
    hours: {saturday: ["06:00", "20:00"], sunday: ["06:00", "20:00"], monday: ["06:00", "20:00"]}
    works_on_holidays: true
    provenance: proposal
"""


def test_a_unit_in_a_shift_keeps_its_own_hours_holidays_included(tmp_path: Path) -> None:
    reference = tmp_path / "data" / "reference"
    reference.mkdir(parents=True)
    for name in ("calendar.yml", "regency.yml"):
        (reference / name).write_text((Settings(ROOT).reference_dir / name).read_text())
    assert load_shifts(Settings(tmp_path)) == {}
    plain = (reference / "calendar.yml").read_text().partition("shifts:")[0]
    (reference / "calendar.yml").write_text(plain + SHIFT)
    shifts = load_shifts(Settings(tmp_path))
    # Saturday 21 March 2026 is a holiday (Idul Fitri) in a week that has more of them.
    start, end = micros(datetime(2026, 3, 21, 1, tzinfo=UTC)), micros(datetime(2026, 3, 21, 4, tzinfo=UTC))
    starts, ends = np.full(3, start), np.full(3, end)
    assert CALENDAR.holiday_name(date(2026, 3, 21)) is not None
    clocks = (
        working_clock(CALENDAR, FIRST, LAST),
        {name: working_clock(shift, FIRST, LAST) for name, shift in shifts.items()},
    )
    unit = Labels(np.array([0, 1, -1], dtype=np.int32), ("U0", "U1"))
    assert list(seconds_by_unit(clocks, starts, ends, unit)) == [0.0, 3 * 3600.0, 0.0]
    assert list(seconds_by_unit(clocks, starts, ends, None)) == [0.0, 0.0, 0.0]
    (reference / "calendar.yml").write_text(plain + SHIFT.replace("[U1]", "[U1, U1]"))
    with pytest.raises(ReferenceDataError, match="two shifts"):
        load_shifts(Settings(tmp_path))
