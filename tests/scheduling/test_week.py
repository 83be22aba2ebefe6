"""A week by a clock of our own: every job at its time, missed nights as declared, retries, leases, retention."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from command_center.locale import Locale
from command_center.scheduling import Journal
from command_center.scheduling.trouble import trouble_sentences
from tests.scheduling.clockwork import MONDAY, ZONE, clockwork, job

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@pytest.mark.slow
def test_every_job_of_a_week_runs_at_its_time_once(tmp_path: Path) -> None:
    house = clockwork(
        tmp_path / "h", job("refresh", "0 5 * * *"), job("briefing", "10 6 * * 1-5"), job("week", "0 7 * * 0")
    )
    house.run_until(MONDAY + timedelta(days=7))
    expected = []
    for number, day in enumerate(DAYS):
        expected.append(("refresh", f"{day} 05:00"))
        if number < 5:
            expected.append(("briefing", f"{day} 06:10"))
    assert house.ran == [*expected, ("week", "Sun 07:00")]
    states = {run.state for run in Journal.of(house.settings).runs()}
    assert states == {"done"}


@pytest.mark.parametrize(
    ("catch_up", "ran", "missed"),
    [("none", [], 3), ("latest", ["Thu 05:00"], 2), ("all", ["Tue 05:00", "Wed 05:00", "Thu 05:00"], 0)],
)
def test_nights_that_nobody_was_there_for_are_caught_up_as_declared(
    tmp_path: Path, catch_up: str, ran: list[str], missed: int
) -> None:
    house = clockwork(tmp_path / "h", job("refresh", "0 5 * * *", catch_up=catch_up, catch_up_hours=100))
    house.run_until(MONDAY + timedelta(hours=6))
    house.ran.clear()
    house.moment = MONDAY + timedelta(days=3, hours=8)  # Thursday, 08:00
    house.scheduler.tick()
    assert [when for _, when in house.ran] == ran
    states = [run.state for run in Journal.of(house.settings).runs()]
    assert states.count("missed") == missed
    house.ran.clear()
    house.run_until(MONDAY + timedelta(days=4, hours=6))
    assert house.ran == [("refresh", "Fri 05:00")]


def test_what_is_older_than_the_catch_up_is_missed_and_told(tmp_path: Path) -> None:
    house = clockwork(
        tmp_path / "h", job("refresh", "0 5 * * *", catch_up="latest", catch_up_hours=2, who="Dinkominfo")
    )
    house.run_until(MONDAY + timedelta(hours=1))
    house.moment = MONDAY + timedelta(hours=8)
    house.scheduler.tick()
    assert house.ran == []
    journal, now = Journal.of(house.settings), house.moment.timestamp()
    assert trouble_sentences(journal, house.timetable, Locale("en"), now) == (
        "Job refresh of 05.00 was missed; Dinkominfo is to act.",
    )


def test_a_failed_run_is_tried_again_after_a_time_that_doubles(tmp_path: Path) -> None:
    house = clockwork(tmp_path / "h", job("refresh", "0 5 * * *", retries=2, backoff_s=600))
    house.run_until(MONDAY + timedelta(hours=4, minutes=59))
    house.endings = [1, 1, 1]
    house.run_until(MONDAY + timedelta(hours=12))
    runs = Journal.of(house.settings).runs()
    assert [(run.attempt, run.state) for run in runs] == [(1, "failed"), (2, "failed"), (3, "failed")]
    waits = [later.started - before.ended for before, later in pairwise(runs)]
    assert waits == [600, 1200]
    assert runs[0].peak_mb == 12.5
    assert len(runs[0].inputs) == 64
    words = trouble_sentences(
        Journal.of(house.settings), house.timetable, Locale("en"), house.moment.timestamp()
    )
    assert words == ("Job refresh of 05.00 failed; the analyst is to act.",)


def test_a_run_with_faults_is_no_failure_and_is_not_tried_again(tmp_path: Path) -> None:
    house = clockwork(tmp_path / "h", job("refresh", "0 5 * * *", retries=2))
    house.run_until(MONDAY + timedelta(hours=4, minutes=59))
    house.endings = [2]
    house.run_until(MONDAY + timedelta(hours=8))
    assert [run.state for run in Journal.of(house.settings).runs()] == ["faults"]


def test_a_clock_set_back_an_hour_repeats_nothing_and_skips_nothing(tmp_path: Path) -> None:
    house = clockwork(tmp_path / "h", job("refresh", "*/30 * * * *"))
    house.run_until(MONDAY + timedelta(hours=2, minutes=10))
    before = list(house.ran)
    house.moment -= timedelta(hours=1)
    house.run_until(MONDAY + timedelta(hours=3, minutes=10))
    assert house.ran[: len(before)] == before
    assert [when for _, when in house.ran] == [
        (MONDAY + timedelta(minutes=30 * n)).strftime("%a %H:%M") for n in range(1, 7)
    ]


def test_jobs_that_fall_due_while_one_runs_come_next_and_none_runs_beside_it(tmp_path: Path) -> None:
    house = clockwork(tmp_path / "h", job("long", "0 5 * * *"), job("short", "1 5 * * *"))
    house.run_until(MONDAY + timedelta(hours=4, minutes=59))
    house.lasts = timedelta(minutes=3)
    house.moment = MONDAY + timedelta(hours=5)
    house.scheduler.tick()
    assert house.ran == [("long", "Mon 05:00"), ("short", "Mon 05:01")]
    long, short = Journal.of(house.settings).runs()
    assert short.started >= long.ended


def test_a_second_scheduler_does_nothing_while_the_first_is_alive(tmp_path: Path) -> None:
    house = clockwork(tmp_path / "h", job("refresh", "* * * * *"))
    journal = Journal.of(house.settings)
    assert journal.take_lease(1, house.moment.timestamp(), 60)  # process 1 is always alive
    assert house.scheduler.tick() is False
    assert house.ran == []


def test_the_lease_of_a_process_that_has_ended_is_free_and_one_of_another_machine_expires(
    tmp_path: Path,
) -> None:
    house = clockwork(tmp_path / "h", job("refresh", "* * * * *"))
    journal, now = Journal.of(house.settings), house.moment.timestamp()
    assert journal.take_lease(999_999_999, now, 3600)
    assert house.scheduler.tick() is True
    with journal.open() as database:
        database.execute("UPDATE lease SET host = 'elsewhere', pid = 1, until = ?", (now + 60,))
    assert house.scheduler.tick() is False
    house.moment += timedelta(seconds=61)
    assert house.scheduler.tick() is True


def test_a_run_whose_scheduler_was_killed_is_seen_and_tried_again(tmp_path: Path) -> None:
    house = clockwork(tmp_path / "h", job("refresh", "0 5 * * *", retries=1, backoff_s=60))
    house.run_until(MONDAY + timedelta(hours=4, minutes=59))
    journal = Journal.of(house.settings)
    due = (MONDAY + timedelta(hours=5)).timestamp()
    journal.see("refresh", due, [due], [])
    (waiting,) = journal.waiting(due)
    journal.begin(waiting, 999_999_999, due, "")
    house.moment = MONDAY + timedelta(hours=5, seconds=30)
    house.run_until(MONDAY + timedelta(hours=5, minutes=10))
    assert [(run.attempt, run.state) for run in journal.runs()] == [(1, "killed"), (2, "done")]


@pytest.mark.slow
def test_dated_entries_older_than_the_retention_go_and_others_stay(tmp_path: Path) -> None:
    keep = {"folder": "out", "days": 3}
    house = clockwork(tmp_path / "h", job("briefing", "0 6 * * *", retention=keep), keep_runs_days=3)
    out = house.settings.root / "out"
    out.mkdir()
    (out / "README").write_text("stays")
    for number in range(1, 24):
        (out / f"2026-11-{number:02}").mkdir()
    house.run_until(MONDAY + timedelta(days=7))
    assert sorted(path.name for path in out.iterdir()) == ["README"]
    oldest = min(run.due for run in Journal.of(house.settings).runs())
    assert datetime.fromtimestamp(oldest, ZONE) >= MONDAY + timedelta(days=3)
