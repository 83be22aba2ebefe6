"""The register of runs: what was due, what ran, how it ended; and the lease by which one scheduler acts at a time.

A small SQLite database that only its owner can read. A run is one row per job, due time and attempt.
"""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from command_center.identity.register import make_private
from command_center.scheduling.processes import is_same_process, started_at
from command_center.settings import Settings

State = Literal["running", "done", "faults", "failed", "killed", "missed"]
_WAIT_SECONDS = 30.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY, job TEXT NOT NULL, due REAL NOT NULL, attempt INTEGER NOT NULL, state TEXT NOT NULL,
    started REAL NOT NULL DEFAULT 0, ended REAL NOT NULL DEFAULT 0, next_try REAL NOT NULL DEFAULT 0,
    pid INTEGER NOT NULL DEFAULT 0, pid_started REAL NOT NULL DEFAULT 0, exit_code INTEGER,
    peak_mb REAL NOT NULL DEFAULT 0, inputs TEXT NOT NULL DEFAULT '', outputs TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL DEFAULT '', UNIQUE (job, due, attempt));
CREATE TABLE IF NOT EXISTS seen (job TEXT PRIMARY KEY, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS lease (
    name TEXT PRIMARY KEY, host TEXT NOT NULL, pid INTEGER NOT NULL, pid_started REAL NOT NULL, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (
    message_id TEXT PRIMARY KEY, recipient TEXT NOT NULL, mail BLOB NOT NULL, made REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, next_try REAL NOT NULL DEFAULT 0, sent REAL NOT NULL DEFAULT 0,
    said TEXT NOT NULL DEFAULT '');
"""
_COLUMNS = (
    "id, job, due, attempt, state, started, ended, next_try, pid, pid_started, exit_code, peak_mb,"
    " inputs, outputs, said"
)


@dataclass(frozen=True)
class Run:
    """One attempt at a job; times are seconds since 1970, 0 where they are not known yet."""

    id: int
    job: str
    due: float
    attempt: int
    state: State
    started: float
    ended: float
    next_try: float
    pid: int
    pid_started: float
    exit_code: int | None
    peak_mb: float
    inputs: str
    outputs: str
    said: str

    @property
    def seconds(self) -> float:
        return max(self.ended - self.started, 0.0) if self.ended else 0.0


class Journal:
    """The register at a path; made at the first use."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, settings: Settings) -> "Journal":
        """Return the register of a house."""
        return cls(settings.data_dir / "registers" / "schedule.sqlite")

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose changes are kept together, or not at all where an error comes through."""
        if not self.path.exists():
            make_private(self.path, _SCHEMA)
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection
        finally:
            connection.close()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for reading alone, which waits for nobody."""
        if not self.path.exists():
            make_private(self.path, _SCHEMA)
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()

    def take_lease(self, pid: int, now: float, seconds: float) -> bool:
        """Take or renew the right to act; False where another scheduler holds it.

        On this machine a holder that has ended holds nothing; on another its lease must have expired.
        """
        host, began = socket.gethostname(), started_at(pid)
        with self.open() as database:
            row = database.execute(
                "SELECT host, pid, pid_started, until FROM lease WHERE name = 'schedule'"
            ).fetchone()
            if row is not None and (row[0], row[1], row[2]) != (host, pid, began):
                is_held = is_same_process(row[1], row[2]) if row[0] == host else row[3] > now
                if is_held:
                    return False
            elif row is not None and now <= row[3] - seconds / 2 <= now + seconds:
                return True  # fresh enough: a write at every look would keep the disk busy
            database.execute(
                "INSERT OR REPLACE INTO lease VALUES ('schedule', ?, ?, ?, ?)",
                (host, pid, began, now + seconds),
            )
        return True

    def leave_lease(self, pid: int) -> None:
        """Give the right to act back."""
        with self.open() as database:
            database.execute("DELETE FROM lease WHERE pid = ? AND host = ?", (pid, socket.gethostname()))

    def seen_until(self, job: str) -> float | None:
        """Return up to when the due times of a job have been dealt with; None for a job never seen."""
        with self.read() as database:
            row = database.execute("SELECT until FROM seen WHERE job = ?", (job,)).fetchone()
        return None if row is None else float(row[0])

    def see(self, job: str, until: float, due: list[float], missed: list[float]) -> None:
        """Note in one step which due times wait to run and which are missed; what is noted already stays."""
        with self.open() as database:
            for state, moments in (("failed", due), ("missed", missed)):
                # A due time waits as attempt 0, "failed" with its next try now.
                database.executemany(
                    "INSERT OR IGNORE INTO runs (job, due, attempt, state, next_try, said) VALUES (?, ?, 0, ?, ?, ?)",
                    [(job, moment, state, moment if state == "failed" else 0, "") for moment in moments],
                )
            database.execute(
                "INSERT INTO seen VALUES (?, ?) ON CONFLICT (job) DO UPDATE SET until = MAX(until, excluded.until)",
                (job, until),
            )

    def begin(self, run: Run, pid: int, now: float, inputs: str) -> int:
        """Note that an attempt has begun, and return its id; the row it follows asks for no further try."""
        with self.open() as database:
            database.execute("UPDATE runs SET next_try = 0 WHERE id = ?", (run.id,))
            made = database.execute(
                "INSERT INTO runs (job, due, attempt, state, started, pid, pid_started, inputs)"
                " VALUES (?, ?, ?, 'running', ?, ?, ?, ?)",
                (run.job, run.due, run.attempt + 1, now, pid, started_at(pid), inputs),
            )
            return int(made.lastrowid or 0)

    def end(
        self, run_id: int, state: State, now: float, *, exit_code: int | None = None, peak_mb: float = 0.0,
        outputs: str = "", said: str = "", next_try: float = 0.0,
    ) -> None:  # fmt: skip
        """Note how an attempt ended, and when the next one begins (0 for none)."""
        with self.open() as database:
            database.execute(
                "UPDATE runs SET state = ?, ended = ?, exit_code = ?, peak_mb = ?, outputs = ?, said = ?, next_try = ?"
                " WHERE id = ?",
                (state, now, exit_code, peak_mb, outputs, said, next_try, run_id),
            )

    def waiting(self, now: float) -> list[Run]:
        """Return what is to be tried now, the longest due first."""
        return self._runs("next_try > 0 AND next_try <= ? ORDER BY due, job", now)

    def running(self) -> list[Run]:
        """Return the attempts that are noted as running."""
        return self._runs("state = 'running' ORDER BY id")

    def runs(self, since: float = 0.0) -> list[Run]:
        """Return the attempts and missed runs due since then, oldest first; those only waiting are left out."""
        return self._runs("due >= ? AND (attempt > 0 OR state = 'missed') ORDER BY due, job, attempt", since)

    def forget(self, before: float) -> int:
        """Remove what was due before then and return how many rows that were; mail that was sent goes too."""
        with self.open() as database:
            gone = database.execute(
                "DELETE FROM runs WHERE due < ? AND state != 'running'", (before,)
            ).rowcount
            database.execute("DELETE FROM outbox WHERE sent > 0 AND sent < ?", (before,))
        return int(gone)

    def _runs(self, where: str, *values: float) -> list[Run]:
        with self.read() as database:
            rows = database.execute(f"SELECT {_COLUMNS} FROM runs WHERE {where}", values).fetchall()  # noqa: S608
        return [Run(*row) for row in rows]
