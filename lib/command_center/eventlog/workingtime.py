"""Working time between moments, for millions of pairs at once: office hours, holidays and days off by the calendar.

Rests on the house's working calendar alone; breaks are not deducted, as there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from command_center.calendar import WorkingCalendar
from command_center.eventlog.log import SECOND, Labels, Micros

_DAY_SECONDS = 86_400
Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WorkingClock:
    """The office hours of a run of days, laid end to end.

    `first` is the number of the first day since 1970; `opens` and `lasts` are seconds of the local day, `before` the
    working seconds of all earlier days.
    """

    first: int
    timezone: str
    opens: Seconds
    lasts: Seconds
    before: Seconds

    def worked(self, moments: Micros) -> Seconds:
        """Return the working seconds from the first day up to each moment; moments outside the days are at their ends."""
        local = _local_seconds(moments, self.timezone)
        day = np.clip((local // _DAY_SECONDS).astype(np.int64) - self.first, 0, len(self.opens) - 1)
        of_day = local - (day + self.first) * _DAY_SECONDS
        return self.before[day] + np.clip(of_day - self.opens[day], 0.0, self.lasts[day])

    def seconds_between(self, starts: Micros, ends: Micros) -> Seconds:
        """Return the working seconds from each start to its end; negative where the end is earlier."""
        return self.worked(ends) - self.worked(starts)

    def moments_at(self, worked: Seconds) -> Micros:
        """Return the moments at which so many working seconds have passed since the first day, in microseconds UTC."""
        day = np.clip(np.searchsorted(self.before, worked, side="right") - 1, 0, len(self.opens) - 1)
        # Days without hours begin with the same sum as the next one; `right` finds the last of them, which works.
        local = (day + self.first) * float(_DAY_SECONDS) + self.opens[day] + (worked - self.before[day])
        naive = pa.array((local * SECOND).round().astype(np.int64)).cast(pa.timestamp("us"))
        placed = pc.assume_timezone(naive, self.timezone, ambiguous="earliest", nonexistent="latest")
        moments: Micros = placed.cast(pa.int64()).to_numpy(zero_copy_only=False)
        return moments

    def is_working_day(self, days: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return which days (numbered since 1970) have hours; days outside the clock have none."""
        place = days - self.first
        inside = (place >= 0) & (place < len(self.lasts))
        found: npt.NDArray[np.bool_] = inside & (self.lasts[np.where(inside, place, 0)] > 0)
        return found


def seconds_by_unit(
    clocks: tuple[WorkingClock, Mapping[str, WorkingClock]], starts: Micros, ends: Micros, unit: Labels | None
) -> Seconds:
    """Return the working seconds of each pair by the clock of its unit: that of its shift, else the usual one.

    `unit` is the unit of each pair; without it all keep the usual hours.
    """
    usual, shifts = clocks
    found = usual.seconds_between(starts, ends)
    if unit is None:
        return found
    for name, clock in shifts.items():
        mine = (
            unit.codes == unit.code_of(name) if name in unit.names else np.zeros(len(starts), dtype=np.bool_)
        )
        found[mine] = clock.seconds_between(starts[mine], ends[mine])
    return found


def working_clock(calendar: WorkingCalendar, first: date, last: date) -> WorkingClock:
    """Return the clock of the days from `first` to `last`, both included."""
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    hours = [calendar.hours_on(day) for day in days]
    opens = np.array([_seconds(pair[0]) if pair else 0.0 for pair in hours])
    lasts = np.array([_seconds(pair[1]) - _seconds(pair[0]) if pair else 0.0 for pair in hours])
    before = np.concatenate(([0.0], np.cumsum(lasts)[:-1]))
    return WorkingClock((first - date(1970, 1, 1)).days, calendar.timezone, opens, lasts, before)


def clock_of(calendar: WorkingCalendar, moments: Micros) -> WorkingClock:
    """Return the clock that covers all given moments, with a week to spare on both sides."""
    spare = timedelta(days=7)
    first, last = (
        datetime(1970, 1, 1) + timedelta(seconds=int(at) / SECOND) for at in (moments.min(), moments.max())
    )
    return working_clock(calendar, first.date() - spare, last.date() + spare)


def local_days(moments: Micros, timezone: str) -> npt.NDArray[np.int64]:
    """Return the local day of each moment, numbered since 1970."""
    return (_local_seconds(moments, timezone) // _DAY_SECONDS).astype(np.int64)


def _local_seconds(moments: Micros, timezone: str) -> Seconds:
    placed = pa.array(moments, pa.timestamp("us", tz=timezone))
    local = pc.local_timestamp(placed).cast(pa.int64()).to_numpy(zero_copy_only=False)
    seconds: Seconds = local / SECOND
    return seconds


def _seconds(clock: time) -> float:
    return clock.hour * 3600.0 + clock.minute * 60 + clock.second
