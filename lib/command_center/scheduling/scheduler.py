"""One look at the clock: what is due, what was missed, what must be tried again; then the runs, one at a time.

`tick` is called at every interval, by APScheduler or by a test with a clock of its own. Due times that were dealt
with are never dealt with again, also when the clock is set back.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

from command_center.editions import latest_id
from command_center.editions.identity import identify
from command_center.errors import CommandCenterError
from command_center.scheduling.journal import Journal, Run, State
from command_center.scheduling.processes import Ended, end_group, is_same_process, run_process
from command_center.scheduling.timetable import Job, Timetable
from command_center.settings import Settings

FAULTS_EXIT = 2  # something was published and something failed
Launch = Callable[[Job, datetime, Callable[[int], None], Callable[[], None]], Ended]


@dataclass(frozen=True)
class Scheduler:
    """The timetable of a house at work. `launch` runs a job, `now` is the clock, both exchanged by tests."""

    settings: Settings
    timetable: Timetable
    journal: Journal
    launch: Launch
    now: Callable[[], datetime]
    stopping: Event = field(default_factory=Event)

    @classmethod
    def of(cls, settings: Settings, timetable: Timetable) -> "Scheduler":
        """Return the scheduler that runs real jobs by the machine's clock."""

        def launch(
            job: Job, due: datetime, on_start: Callable[[int], None], on_beat: Callable[[], None]
        ) -> Ended:
            return run_process(
                command_of(settings, job, due), settings.environment, job.timeout_s, on_start, on_beat
            )

        return cls(settings, timetable, Journal.of(settings), launch, lambda: datetime.now(UTC))

    def tick(self) -> bool:
        """Deal with all that is due now; False where another scheduler holds the lease."""
        if not self._renew():
            return False
        self._end_orphans()
        for job in self.timetable.jobs:
            self._see(job)
        # A run may take long, and others fall due meanwhile: look again after each.
        has_run = False
        while (waiting := self.journal.waiting(self._seconds())) and self._renew():
            if self.stopping.is_set():
                break
            self._run(waiting[0])
            has_run = True
            for job in self.timetable.jobs:
                self._see(job)
        if has_run:
            self.journal.forget(self._seconds() - self.timetable.keep_runs_days * 86_400)
        return True

    def stop(self) -> None:
        """Begin no further run and end the one at work, which is then tried again as after a kill."""
        self.stopping.set()
        if not self._renew():
            return  # what runs is another scheduler's
        for run in self.journal.running():
            if is_same_process(run.pid, run.pid_started):
                end_group(run.pid)

    def _seconds(self) -> float:
        return self.now().timestamp()

    def _renew(self) -> bool:
        return self.journal.take_lease(os.getpid(), self._seconds(), self.timetable.lease_s)

    def _beat(self) -> None:
        """Keep the lease while a job runs."""
        self._renew()

    def _end_orphans(self) -> None:
        """See runs whose scheduler was killed: end what is left of them, say so, and try again."""
        for run in self.journal.running():
            if is_same_process(run.pid, run.pid_started):
                end_group(run.pid)
            self._ended(run.id, run, Ended(-9, False, run.peak_mb, "the scheduler was killed in the middle"))

    def _see(self, job: Job) -> None:
        now = self.now().astimezone(self.timetable.zone)
        until = self.journal.seen_until(job.id)
        if until is None:  # a new job begins with its next time, not with all that never was
            self.journal.see(job.id, now.timestamp(), [], [])
            return
        due = job.due_between(datetime.fromtimestamp(until, self.timetable.zone), now)
        if due:
            wanted, missed = self._sorted(job, due, now)
            stamps = [[moment.timestamp() for moment in moments] for moments in (wanted, missed)]
            self.journal.see(job.id, due[-1].timestamp(), *stamps)

    def _sorted(self, job: Job, due: list[datetime], now: datetime) -> tuple[list[datetime], list[datetime]]:
        """Return which due times run and which are missed, as the job's catch-up declares."""
        late = timedelta(seconds=self.timetable.late_s)
        in_time = [moment for moment in due if now - moment <= late]
        recent = [moment for moment in due if now - moment <= timedelta(hours=job.catch_up_hours)]
        wanted = {"none": in_time[-1:], "latest": recent[-1:], "all": recent}[job.catch_up]
        return wanted, [moment for moment in due if moment not in wanted]

    def _run(self, waiting: Run) -> None:
        job = self.timetable.job(waiting.job)
        if job is None:
            self.journal.end(
                waiting.id, "failed", self._seconds(), said="the job is no longer in the timetable"
            )
            return
        due = datetime.fromtimestamp(waiting.due, self.timetable.zone)
        inputs = _inputs(self.settings, due.date())
        begun: list[int] = []

        def on_start(pid: int) -> None:
            begun.append(self.journal.begin(waiting, pid, self._seconds(), inputs))

        ended = self.launch(job, due, on_start, self._beat)
        self._ended(begun[0], waiting, ended, attempt=waiting.attempt + 1)
        if ended.exit_code in (0, FAULTS_EXIT) and job.retention is not None:
            keep_recent(self.settings.root / job.retention.folder, job.retention.days, due.date())

    def _ended(self, run_id: int, run: Run, ended: Ended, attempt: int | None = None) -> None:
        job, now = self.timetable.job(run.job), self._seconds()
        tried = attempt or run.attempt
        state = _state(ended)
        next_try = 0.0
        if state in ("failed", "killed") and job is not None and tried <= job.retries:
            next_try = now + job.backoff_s * 2 ** (tried - 1)
        said = f"stopped after {job.timeout_s:g} s; {ended.said}" if ended.is_timeout and job else ended.said
        self.journal.end(
            run_id, state, now, exit_code=ended.exit_code, peak_mb=round(ended.peak_mb, 1),
            outputs=latest_id(self.settings) or "", said=said, next_try=next_try,
        )  # fmt: skip


def _inputs(settings: Settings, day: date) -> str:
    try:
        return input_hash(settings, day)
    except CommandCenterError as error:
        # The job will say so too, and better; the timetable goes on.
        return f"unreadable: {error.what}"


def _state(ended: Ended) -> State:
    if ended.is_timeout:
        return "failed"
    if ended.exit_code < 0:
        return "killed"
    return {0: "done", FAULTS_EXIT: "faults"}.get(ended.exit_code, "failed")  # type: ignore[return-value]


def command_of(settings: Settings, job: Job, due: datetime) -> list[str]:
    """Return the command line of a job; `{date}` in it is the day it is due."""
    line = [sys.executable, "-m", "command_center.cli"]
    day = due.date().isoformat()
    if job.command:
        return [*line, *(word.replace("{date}", day) for word in job.command)]
    parameters = [f"{name}={value.replace('{date}', day)}" for name, value in job.parameters.items()]
    output = settings.root / "scheduled" / "output" / day / Path(job.notebook).name
    return [*line, "schedule", "notebook", job.notebook, str(output), *parameters]


def input_hash(settings: Settings, day: date) -> str:
    """Return one hash of all files that a refresh on that day would read."""
    inputs = identify(settings, day).inputs
    return hashlib.sha256(
        "".join(f"{name}\0{one}\n" for name, one in sorted(inputs.items())).encode()
    ).hexdigest()


def keep_recent(folder: Path, days: int, today: date) -> list[str]:
    """Remove the dated entries of a folder that are older than so many days; return their names."""
    oldest, gone = today - timedelta(days=days), []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        try:
            day = date.fromisoformat(path.name[:10])
        except ValueError:  # not dated: not ours to remove
            continue
        if day < oldest:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            gone.append(path.name)
    return gone
