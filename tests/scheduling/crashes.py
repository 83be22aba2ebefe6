"""Kill a scheduler, with all that it started, at any moment, and see what is left."""

import os
import random
import shutil
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

from command_center.identity import Accounts, IdentityRegister
from command_center.scheduling import Journal
from command_center.scheduling.outbox import SERVER_VARIABLE
from command_center.settings import Settings
from tests.house.killing import Victim, assert_latest_whole, marked

TIMETABLE = """
interval_s: 1
lease_s: 5
sender: pusat@localhost
jobs:
  - id: refresh
    cron: "0 5 * * *"
    command: [refresh, --as-of, "2026-11-25"]
    timeout_s: 200
    retries: 9
    backoff_s: 0.01
    catch_up: latest
  - id: briefing
    cron: "1 5 * * *"
    command: [schedule, deliver, --date, "{date}"]
    timeout_s: 200
    retries: 9
    backoff_s: 0.01
    catch_up: latest
    recipients:
      - {login: bupati, mail: bupati@localhost}
      - {folder: out}
"""


def prepare(house: Settings) -> Settings:
    """Give a published house a timetable and a recipient."""
    folder = house.root / "scheduled"
    folder.mkdir(exist_ok=True)
    (folder / "schedule.yml").write_text(TIMETABLE, encoding="utf-8")
    Accounts(IdentityRegister.of(house)).add("bupati", "pimpinan")
    return house


def copied(source: Settings, target: Path) -> Settings:
    """Return a copy of a prepared house."""
    shutil.copytree(source.root, target, symlinks=True)
    return Settings(target)


def make_due(house: Settings) -> float:
    """Let both jobs be due now, as they are in a morning after a night that was missed; return the due time."""
    journal = Journal.of(house)
    due = datetime.now(UTC).timestamp() - 1
    for job in ("refresh", "briefing"):
        journal.see(job, due, [due], [])
    return due


def kill_at_random(house: Settings, chance: random.Random, longest: float, port: int) -> bool:
    """Run the scheduler and kill it after a random time, with its jobs in half of the cases; True if it was killed."""
    os.environ[SERVER_VARIABLE] = f"smtp://127.0.0.1:{port}"
    victim = Victim(house, ["schedule", "run", "--once"])
    was_killed = victim.kill_after(chance.uniform(0.2, longest))
    if chance.random() < 0.5:  # power gone: everything ends at once
        for pid in marked(victim.mark):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
    return was_killed


def finish(house: Settings, port: int) -> None:
    """Let a scheduler that nobody kills do what is left; runs that wait for their next try are looked at again."""
    os.environ[SERVER_VARIABLE] = f"smtp://127.0.0.1:{port}"
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        code, said = Victim(house, ["schedule", "run", "--once"]).finish()
        assert code == 0, said
        journal = Journal.of(house)
        last = {run.job: run.state for run in journal.runs()}
        if not journal.running() and set(last.values()) <= {"done"} and len(last) == 2:
            return
        time.sleep(0.2)
    raise AssertionError(
        [(run.job, run.attempt, run.state, run.said[-300:]) for run in Journal.of(house).runs()]
    )


def assert_nothing_half(house: Settings) -> None:
    """Assert that what is published is whole, and that a briefing has all of its files or none of it is half."""
    assert_latest_whole(house)
    for folder in (house.data_dir / "briefings").glob("20*"):
        for text in folder.rglob("briefing.txt"):
            assert "AGENDA" in text.read_text(encoding="utf-8")
        for pdf in folder.rglob("briefing.pdf"):
            assert pdf.read_bytes().rstrip().endswith(b"%%EOF")
