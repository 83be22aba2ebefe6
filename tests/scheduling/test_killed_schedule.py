"""Schedulers killed at random moments on a house of two sectors: nothing half published, nothing lost."""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_center.scheduling import Journal
from command_center.scheduling.outbox import waiting_count
from command_center.scheduling.processes import is_same_process
from command_center.settings import Settings
from tests.house.killing import Victim
from tests.scheduling.crashes import assert_nothing_half, copied, finish, kill_at_random, make_due, prepare
from tests.scheduling.postoffice import Letterbox, open_letterbox


@pytest.fixture(scope="module")
def morning(published_house: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return prepare(copied(published_house, tmp_path_factory.mktemp("morning") / "house"))


@pytest.fixture
def mail() -> Iterator[tuple[Letterbox, int]]:
    with open_letterbox() as (box, port):
        yield box, port


def killed_morning(
    morning: Settings, folder: Path, box: Letterbox, port: int, chance: random.Random, kills: int
) -> int:
    """Kill the morning's runs so often, let them finish, check all; return how many schedulers were really killed."""
    house = copied(morning, folder / "house")
    make_due(house)
    box.taken.clear()
    killed = 0
    for _ in range(kills):
        killed += kill_at_random(house, chance, 14.0, port)
        assert_nothing_half(house)
    finish(house, port)
    assert_nothing_half(house)
    assert waiting_count(Journal.of(house)) == 0
    ids = Counter(letter["Message-ID"] for letter in box.taken)
    assert len(ids) == 1, ids  # nothing lost, and a second mail only under the same Message-ID
    assert sorted(path.name for path in (house.root / "out").glob("*/*")) == [
        "briefing.html", "briefing.pdf", "briefing.txt",
    ]  # fmt: skip
    return killed


@pytest.mark.slow
def test_a_morning_killed_at_random_moments_ends_whole(
    morning: Settings, tmp_path: Path, mail: tuple[Letterbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMAND_CENTER_SMTP", "")
    assert killed_morning(morning, tmp_path, *mail, random.Random(8), kills=3)  # noqa: S311 >= 1


@pytest.mark.slow
def test_two_schedulers_at_once_run_everything_once(
    morning: Settings, tmp_path: Path, mail: tuple[Letterbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = mail
    monkeypatch.setenv("COMMAND_CENTER_SMTP", f"smtp://127.0.0.1:{port}")
    house = copied(morning, tmp_path / "house")
    make_due(house)
    both = [Victim(house, ["schedule", "run", "--once"]) for _ in range(2)]
    for one in both:
        code, said = one.finish()
        assert code == 0, said
    assert [(run.job, run.attempt, run.state) for run in Journal.of(house).runs()] == [
        ("briefing", 1, "done"),
        ("refresh", 1, "done"),
    ]
    assert len(box.taken) == 1
    assert_nothing_half(house)


@pytest.mark.slow
def test_a_mail_server_that_is_down_in_the_morning_costs_no_mail(
    morning: Settings, tmp_path: Path, mail: tuple[Letterbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = mail
    house = copied(morning, tmp_path / "house")
    make_due(house)
    monkeypatch.setenv("COMMAND_CENTER_SMTP", "smtp://127.0.0.1:1")
    assert Victim(house, ["schedule", "run", "--once"]).finish()[0] == 0
    journal = Journal.of(house)
    assert (waiting_count(journal), box.taken) == (1, [])
    with journal.open() as database:  # the wait is over
        database.execute("UPDATE outbox SET next_try = 0")
    monkeypatch.setenv("COMMAND_CENTER_SMTP", f"smtp://127.0.0.1:{port}")
    assert Victim(house, ["schedule", "run", "--once"]).finish()[0] == 0
    assert (waiting_count(journal), len(box.taken)) == (0, 1)


@pytest.mark.slow
def test_a_timetable_that_is_stopped_ends_its_job_and_goes_on_the_next_time(
    morning: Settings, tmp_path: Path, mail: tuple[Letterbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMAND_CENTER_SMTP", "")
    house = copied(morning, tmp_path / "house")
    make_due(house)
    journal = Journal.of(house)
    for stop in (signal.SIGTERM, signal.SIGINT):
        victim = Victim(house, ["schedule", "run"])
        deadline = time.monotonic() + 60
        while not any(is_same_process(run.pid, run.pid_started) for run in journal.running()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        victim.process.send_signal(stop)
        assert victim.finish()[0] == 0
        assert victim.survivors() == {}
    assert_nothing_half(house)
    finish(house, mail[1])
    assert [run.state for run in journal.runs()][-1] == "done"
    assert "killed" in {run.state for run in journal.runs()}
