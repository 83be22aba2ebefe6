"""The audit log: who saw, downloaded, uploaded or changed what, and when. Entries are added, never changed.

Written by a thread of its own, many at a time, so that no page waits for the disk; what is left is written when
it stops. A reader is named by account id, never by name or number.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from command_center.cleaning import mask
from command_center.identity.register import make_private

_BATCH_SECONDS = 1.0
_WAIT_SECONDS = 30.0
_LONGEST_OBJECT = 300
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, account TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL,
    object TEXT NOT NULL, status INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS by_account ON entries (account, at);
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;
CREATE TRIGGER IF NOT EXISTS never_deleted BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;
"""


@dataclass(frozen=True)
class Entry:
    """One thing somebody did: the account ("" for the public), the role, the action, its object, how it ended."""

    at: str
    account: str
    role: str
    action: str
    object: str
    status: int


class AuditLog:
    """The log at a path; `start` and `stop` frame its life, and what is recorded between is not lost."""

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._now = now
        # A deque and a look at it every second, not a queue: that would wake the thread at every page.
        self._waiting: deque[Entry] = deque()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: Callable[[str], None] = lambda _: None

    def start(self, on_failure: Callable[[str], None]) -> None:
        """Begin to write; `on_failure` hears of what could not be written, in words."""
        self._failure = on_failure
        self._ending.clear()
        self._thread = threading.Thread(target=self._write_all, name="audit", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what is left and end."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(_WAIT_SECONDS)
            self._thread = None

    def record(self, account: str, role: str, action: str, about: str, status: int) -> None:
        """Note one thing; returns at once. Long numbers in `about` are masked."""
        at = self._now().isoformat(timespec="milliseconds")
        self._waiting.append(Entry(at, account, role, action, mask(about)[:_LONGEST_OBJECT], status))

    def entries(self) -> Iterator[Entry]:
        """Yield every entry that is written, oldest first."""
        if not self._path.exists():
            return
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS)
        try:
            for row in connection.execute(
                "SELECT at, account, role, action, object, status FROM entries ORDER BY id"
            ):
                yield Entry(*row)
        finally:
            connection.close()

    def _write_all(self) -> None:
        is_ending = False
        while not is_ending:
            is_ending = self._ending.wait(_BATCH_SECONDS)
            batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if batch:
                try:
                    self._write(batch)
                except (OSError, sqlite3.Error) as error:
                    self._failure(f"{len(batch)} entries of the audit log could not be written: {error}")

    def _write(self, batch: list[Entry]) -> None:
        if not self._path.exists():
            make_private(self._path, _SCHEMA)
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS)
        try:
            with connection:
                connection.executemany(
                    "INSERT INTO entries (at, account, role, action, object, status) VALUES (?, ?, ?, ?, ?, ?)",
                    [astuple(entry) for entry in batch],
                )
        finally:
            connection.close()
