"""Working days and hours on real dates."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_center.calendar import WorkingCalendar, load_calendar, today
from command_center.errors import ReferenceDataError
from command_center.settings import Settings

SETTINGS = Settings(root=Path(__file__).resolve().parents[1])
CALENDAR = load_calendar(SETTINGS)
JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Settings]:
    """Settings of a house whose calendar.yml has one text replaced."""

    def change(old: str, new: str) -> Settings:
        folder = tmp_path / "data" / "reference"
        folder.mkdir(parents=True)
        for name in ("calendar.yml", "regency.yml"):
            text = (SETTINGS.reference_dir / name).read_text(encoding="utf-8")
            (folder / name).write_text(text.replace(old, new), encoding="utf-8")
        return Settings(root=tmp_path)

    return change


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 8, 17), "Hari Kemerdekaan Republik Indonesia"),
        (date(2026, 3, 20), "Cuti Bersama Hari Raya Idul Fitri"),
        (date(2026, 3, 23), "Cuti Bersama Hari Raya Idul Fitri"),
        (date(2026, 3, 24), "Cuti Bersama Hari Raya Idul Fitri"),
        (date(2026, 3, 19), "Hari Suci Nyepi"),
    ],
)
def test_a_holiday_or_day_off_is_no_working_day_and_has_a_name(day: date, name: str) -> None:
    assert day.weekday() < 5
    assert not CALENDAR.is_working_day(day)
    assert CALENDAR.holiday_name(day) == name
    assert CALENDAR.hours_on(day) is None


def test_a_holiday_has_an_english_name_too() -> None:
    assert CALENDAR.holiday_name(date(2026, 8, 17), "en") == "Independence Day"


def test_an_ordinary_weekday_works_and_a_weekend_does_not() -> None:
    assert CALENDAR.is_working_day(date(2026, 8, 18))
    assert not CALENDAR.is_working_day(date(2026, 8, 22))
    assert CALENDAR.holiday_name(date(2026, 8, 22)) is None


def test_the_friday_closes_earlier_and_the_hours_are_marked_as_a_proposal() -> None:
    assert CALENDAR.hours_on(date(2026, 8, 20)) == (time(7, 30), time(16, 0))
    friday = CALENDAR.hours_on(date(2026, 8, 21))
    assert friday is not None
    assert friday[1] < time(16, 0)
    assert CALENDAR.provenance == "proposal"


def test_working_days_over_idul_fitri_2026_leave_out_the_days_off() -> None:
    # 17 March is a Tuesday; 18 to 24 March are Nyepi, Idul Fitri, their days off and a weekend.
    assert CALENDAR.working_days_between(date(2026, 3, 17), date(2026, 3, 25)) == 1
    assert CALENDAR.add_working_days(date(2026, 3, 17), 1) == date(2026, 3, 25)
    assert CALENDAR.add_working_days(date(2026, 3, 25), -1) == date(2026, 3, 17)


def test_the_day_of_receipt_does_not_count() -> None:
    assert CALENDAR.working_days_between(date(2026, 8, 18), date(2026, 8, 18)) == 0
    assert CALENDAR.working_days_between(date(2026, 8, 18), date(2026, 8, 19)) == 1
    assert CALENDAR.working_days_between(date(2026, 8, 19), date(2026, 8, 18)) == -1


@given(st.dates(date(2024, 1, 1), date(2027, 6, 30)), st.integers(min_value=-40, max_value=40).filter(bool))
def test_adding_working_days_lands_on_a_working_day_that_many_days_away(start: date, days: int) -> None:
    end = CALENDAR.add_working_days(start, days)
    assert CALENDAR.is_working_day(end)
    if days > 0 or CALENDAR.is_working_day(start):
        assert CALENDAR.working_days_between(start, end) == days


def test_office_hours_skip_nights_weekends_and_holidays() -> None:
    friday_noon = datetime(2026, 8, 14, 12, 0, tzinfo=JAKARTA)
    tuesday_morning = datetime(2026, 8, 18, 8, 30, tzinfo=JAKARTA)
    # Friday 12:00-14:30, Monday is Independence Day, Tuesday 07:30-08:30.
    assert CALENDAR.working_hours_between(friday_noon, tuesday_morning) == pytest.approx(3.5)
    assert CALENDAR.working_hours_between(tuesday_morning, friday_noon) == pytest.approx(-3.5)


def test_office_hours_read_other_zones_as_local_time() -> None:
    opening, noon = datetime(2026, 8, 18, 0, 30, tzinfo=UTC), datetime(2026, 8, 18, 5, 0, tzinfo=UTC)
    assert CALENDAR.working_hours_between(opening, noon) == pytest.approx(4.5)


def test_today_is_the_local_day_of_the_given_clock() -> None:
    late = datetime(2026, 8, 16, 17, 30, tzinfo=UTC)
    assert today("Asia/Jakarta", clock=lambda zone: late.astimezone(zone)) == date(2026, 8, 17)
    assert today("UTC", clock=lambda zone: late.astimezone(zone)) == date(2026, 8, 16)


def test_a_day_added_in_the_file_is_a_holiday(changed: Callable[[str, str], Settings]) -> None:
    calendar = load_calendar(
        changed(
            "extra_holidays: []",
            "extra_holidays: [{date: 2026-08-18, name: {id: Hari Jadi, en: Anniversary}, source: test}]",
        )
    )
    assert not calendar.is_working_day(date(2026, 8, 18))
    assert calendar.holiday_name(date(2026, 8, 18), "en") == "Anniversary"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('["07:30", "14:30"]', '["14:30", "07:30"]', "closes before it opens"),
        ('["07:30", "14:30"]', '["half past", "14:30"]', "friday cannot be read"),
        ("[public, government]", "[public, none_such]", "holidays cannot be had"),
        ("country: ID", "country: XX", "holidays cannot be had"),
    ],
)
def test_a_calendar_that_cannot_be_used_is_refused(
    changed: Callable[[str, str], Settings], old: str, new: str, why: str
) -> None:
    with pytest.raises(ReferenceDataError, match=why):
        load_calendar(changed(old, new))


def test_a_calendar_without_government_days_off_works_on_them() -> None:
    strict = WorkingCalendar("ID", ("public",), CALENDAR.hours, CALENDAR.timezone)
    assert strict.is_working_day(date(2026, 3, 20))
    assert not strict.is_working_day(date(2026, 8, 17))
