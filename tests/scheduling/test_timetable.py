"""The timetable of the house is sound, and a wrong word in one is named."""

import time
from pathlib import Path

import pytest

from command_center.scheduling import Journal, load_timetable
from command_center.scheduling.processes import run_process
from command_center.scheduling.timetable import Job, ScheduleError
from command_center.settings import Settings, load_settings


def test_the_briefing_of_this_house_is_due_before_half_past_six() -> None:
    timetable = load_timetable(load_settings())
    assert timetable.timezone == "Asia/Jakarta"
    briefing, refresh = timetable.job("briefing"), timetable.job("refresh")
    assert briefing is not None
    assert refresh is not None
    assert refresh.cron == "0 5 * * *"
    assert briefing.cron == "10 6 * * *"
    assert briefing.recipients


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("jobs: [{id: a, cron: 61 * * * *, command: [x], timeout_s: 1}]", "cron"),
        ("jobs: [{id: a, cron: 1 * * * *, timeout_s: 1}]", "command or a notebook"),
        ("jobs: [{id: a, cron: 1 * * * *, command: [x], timeout_s: 1, retry: 2}]", "retry"),
        (
            "jobs: [{id: a, cron: 1 * * * *, command: [x], timeout_s: 1, recipients: [{folder: ../x}]}]",
            "below",
        ),
        ("jobs: [{id: a, cron: 1 * * * *, command: [x], timeout_s: 1, recipients: [{mail: a@b}]}]", "login"),
        ("jobs: [", "read"),
        ("", "read"),
    ],
)
def test_a_timetable_that_cannot_be_read_is_named(fresh_house: Settings, text: str, said: str) -> None:
    (fresh_house.root / "scheduled").mkdir(exist_ok=True)
    (fresh_house.root / "scheduled" / "schedule.yml").write_text(text)
    with pytest.raises(ScheduleError, match=said) as caught:
        load_timetable(fresh_house)
    assert caught.value.where == "scheduled/schedule.yml"


def test_sunday_is_day_zero_and_seven_as_in_crontab() -> None:
    from tests.scheduling.clockwork import MONDAY

    for text in ("0 7 * * 0", "0 7 * * 7"):
        due = Job(id="a", cron=text, command=("x",), timeout_s=1).next_due(MONDAY)
        assert due is not None
        assert due.strftime("%a %d") == "Sun 29"


def test_a_process_that_takes_too_long_is_ended_with_its_children_and_measured() -> None:
    began = time.monotonic()
    pids: list[int] = []
    script = "sleep 60 & exec python3 -c 'x = bytearray(50_000_000); import time; time.sleep(60)'"
    ended = run_process(["sh", "-c", script], {}, 2.0, pids.append, lambda: None)
    assert ended.is_timeout
    assert time.monotonic() - began < 20
    assert ended.peak_mb > 40
    assert not Path(f"/proc/{pids[0]}").exists()


def test_last_words_and_exit_code_are_kept() -> None:
    ended = run_process(
        ["sh", "-c", "echo hello; echo bad >&2; exit 3"], {}, 10, lambda _: None, lambda: None
    )
    assert (ended.exit_code, ended.said, ended.is_timeout) == (3, "hello\nbad", False)


def test_a_register_is_private(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "schedule.sqlite")
    assert journal.runs() == []
    assert journal.path.stat().st_mode & 0o077 == 0
