"""Working days and hours of the offices: weekends, public holidays and government days off.

Reads `data/reference/calendar.yml` and the `holidays` package. Never looks at the clock by itself: whoever
needs today passes the clock.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from command_center.errors import ReferenceDataError
from command_center.regions.profile import load_profile
from command_center.regions.reference import KEEPER, need, read_yaml
from command_center.settings import Settings

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Languages the holidays package names Indonesian holidays in, by ours.
_LANGUAGES = {"id": "id", "en": "en_US"}
_ONE_DAY = timedelta(days=1)

Clock = Callable[[ZoneInfo], datetime]
Hours = tuple[time, time]


def today(timezone: str, clock: Clock = datetime.now) -> date:
    """Return the date in the named zone by the given clock (the machine's when none is given)."""
    return clock(ZoneInfo(timezone)).date()


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of one country and regency.

    `hours` maps a weekday (Monday is 0) to opening and closing time; a weekday without hours is never a
    working day. `extra` holds further days off by language. `provenance` is the tag of the hours. Where
    `observes_holidays` is False, as in a shift, holidays are days like others.
    """

    country: str
    categories: tuple[str, ...]
    hours: Mapping[int, Hours]
    timezone: str
    provenance: str = "proposal"
    extra: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    observes_holidays: bool = True

    def is_working_day(self, day: date) -> bool:
        """Return whether offices are open at all on that day."""
        if day.weekday() not in self.hours:
            return False
        return not self.observes_holidays or self.holiday_name(day) is None

    def holiday_name(self, day: date, language: str = "id") -> str | None:
        """Return the name of the holiday or day off in "id" or "en", None on any other day.

        Days not yet decreed carry the package's own note that they are an estimate.
        """
        if day in self.extra:
            return self.extra[day][language]
        name = self._holidays[language].get(day)
        return str(name) if name is not None else None

    def working_days_between(self, start: date, end: date) -> int:
        """Return the working days after `start` up to and including `end`; negative when `end` is earlier.

        The day something arrives does not count, as in a deadline of n working days.
        """
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(day) for day in _days(start + _ONE_DAY, end))

    def add_working_days(self, start: date, days: int) -> date:
        """Return the n-th working day after `start` (before it when negative); `start` itself for 0."""
        step = _ONE_DAY if days >= 0 else -_ONE_DAY
        left, day = abs(days), start
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def hours_on(self, day: date) -> Hours | None:
        """Return opening and closing time of that day, None when it is not a working day."""
        return self.hours[day.weekday()] if self.is_working_day(day) else None

    def working_hours_between(self, start: datetime, end: datetime) -> float:
        """Return the office hours between two moments; negative when `end` is earlier.

        Times without a zone are read as local time, others are brought to it. Breaks are not deducted.
        """
        begin, finish = self._local(start), self._local(end)
        if finish < begin:
            return -self.working_hours_between(end, start)
        seconds = 0.0
        for day in _days(begin.date(), finish.date()):
            hours = self.hours_on(day)
            if hours is not None:
                opened = max(begin, datetime.combine(day, hours[0]))
                closed = min(finish, datetime.combine(day, hours[1]))
                seconds += max((closed - opened).total_seconds(), 0.0)
        return seconds / 3600

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            return moment
        return moment.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)

    @cached_property
    def _holidays(self) -> dict[str, holidays.HolidayBase]:
        return {
            ours: holidays.country_holidays(self.country, language=theirs, categories=self.categories)
            for ours, theirs in _LANGUAGES.items()
        }


def load_calendar(settings: Settings) -> WorkingCalendar:
    """Return the calendar of `data/reference/calendar.yml`; ReferenceDataError when it cannot be used."""
    path = settings.reference_dir / "calendar.yml"
    content = read_yaml(path)
    profile = load_profile(settings)
    section = need(content, "working_hours", path)
    calendar = WorkingCalendar(
        country=profile.country,
        categories=tuple(need(need(content, "holidays", path), "categories", path)),
        hours=_weekly_hours(section, path),
        timezone=profile.timezone,
        provenance=str(need(section, "provenance", path)),
        extra=dict(_extra_day(entry, path) for entry in content.get("extra_holidays") or ()),
    )
    _check_holidays(calendar, path)
    return calendar


def load_shifts(settings: Settings) -> Mapping[str, WorkingCalendar]:
    """Return the calendars of the units that keep other hours, by code of the unit; empty where all keep the same.

    They stand under `shifts` in `data/reference/calendar.yml`. ReferenceDataError for one that cannot be read and
    for a unit that stands in two shifts.
    """
    path = settings.reference_dir / "calendar.yml"
    found: dict[str, WorkingCalendar] = {}
    usual = load_calendar(settings)
    for shift in read_yaml(path).get("shifts") or ():
        calendar = replace(
            usual,
            hours=_weekly_hours(need(shift, "hours", path), path),
            provenance=str(need(shift, "provenance", path)),
            observes_holidays=not shift.get("works_on_holidays", False),
        )
        for unit in map(str, need(shift, "units", path)):
            if unit in found:
                raise _calendar_fault(f"unit {unit} stands in two shifts", path)
            found[unit] = calendar
    return found


def _weekly_hours(section: dict[str, Any], path: Path) -> dict[int, Hours]:
    hours: dict[int, Hours] = {}
    for number, weekday in enumerate(WEEKDAYS):
        if weekday in section:
            try:
                opened, closed = (time.fromisoformat(str(text)) for text in section[weekday])
            except (TypeError, ValueError) as error:
                raise _calendar_fault(f"the hours of {weekday} cannot be read: {error}", path) from error
            if opened >= closed:
                raise _calendar_fault(f"{weekday} closes before it opens", path)
            hours[number] = (opened, closed)
    if not hours:
        raise _calendar_fault("no weekday has working hours", path)
    return hours


def _extra_day(entry: dict[str, Any], path: Path) -> tuple[date, Mapping[str, str]]:
    day = need(entry, "date", path)
    if not isinstance(day, date):
        raise _calendar_fault(f"'{day}' of extra_holidays is not a date", path)
    names = need(entry, "name", path)
    return day, {language: str(need(names, language, path)) for language in _LANGUAGES}


def _check_holidays(calendar: WorkingCalendar, path: Path) -> None:
    """The package refuses an unknown country or category only when first asked: ask at the door."""
    try:
        calendar.holiday_name(date(2026, 1, 1))
    except (NotImplementedError, ValueError) as error:
        raise _calendar_fault(f"the holidays cannot be had: {error}", path) from error


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + offset * _ONE_DAY


def _calendar_fault(what: str, path: Path) -> ReferenceDataError:
    return ReferenceDataError(
        f"The calendar cannot be used: {what}", where=str(path), who=KEEPER, next_step="correct the entry"
    )
