"""The register of submissions: a small SQLite file, every change with its event in one transaction.

Holds states, counts and decisions; the files lie beside it (see `files`).
"""

import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from command_center.cleaning import mask
from command_center.ingest.submissions.model import (
    FOLLOWS,
    Delivery,
    Event,
    State,
    Submission,
    SubmissionError,
)

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_SUFFIX = 4
_WAIT_SECONDS = 30.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS submissions (
    receipt TEXT PRIMARY KEY, sector TEXT NOT NULL, dataset TEXT NOT NULL, agency TEXT NOT NULL,
    channel TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, size_bytes INTEGER NOT NULL,
    received_at TEXT NOT NULL, period TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
    refusal TEXT NOT NULL DEFAULT '',
    periods TEXT NOT NULL DEFAULT '', superseded_by TEXT NOT NULL DEFAULT '', counts TEXT NOT NULL DEFAULT '{}',
    metadata TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS by_dataset ON submissions (sector, dataset, state);
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, receipt TEXT NOT NULL REFERENCES submissions, at TEXT NOT NULL, actor TEXT NOT NULL,
    state TEXT NOT NULL, note TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS corrections (
    id INTEGER PRIMARY KEY, receipt TEXT NOT NULL REFERENCES submissions, sheet TEXT NOT NULL, cell TEXT NOT NULL,
    field TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS confirmations (
    id INTEGER PRIMARY KEY, agency TEXT NOT NULL, sector TEXT NOT NULL, dataset TEXT NOT NULL, receipt TEXT NOT NULL,
    kind TEXT NOT NULL, subject TEXT NOT NULL, field TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS recipes (
    id INTEGER PRIMARY KEY, agency TEXT NOT NULL, sector TEXT NOT NULL, dataset TEXT NOT NULL, field TEXT NOT NULL,
    old TEXT NOT NULL, new TEXT NOT NULL, state TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL,
    UNIQUE (agency, sector, dataset, field, old, new));
"""


class Register:
    """The register in one file, made at the first use."""

    def __init__(self, path: Path) -> None:
        """Open nothing yet."""
        self.path = path

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose changes are kept together or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = self._connection()
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.close()

    def add(self, delivery: Delivery, sha256: str, at: datetime) -> Submission:
        """Return a new submission in state "received", under a receipt number of its own."""
        with self.transaction() as connection:
            day = f"{at:%Y%m%d}"
            count = connection.execute(
                "SELECT COUNT(*) FROM submissions WHERE receipt LIKE ?", (f"{day}-%",)
            ).fetchone()[0]
            # The last part keeps a receipt from being guessed.
            suffix = "".join(secrets.choice(_LETTERS) for _ in range(_SUFFIX))
            receipt = f"{day}-{count + 1:04d}-{suffix}"
            connection.execute(
                "INSERT INTO submissions (receipt, sector, dataset, agency, channel, name, sha256, size_bytes,"
                " received_at, period, state, metadata) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    receipt, delivery.sector, delivery.dataset, delivery.agency, delivery.channel,
                    safe_name(delivery.name), sha256, len(delivery.content), at.isoformat(), delivery.period,
                    "received", mask(json.dumps(dict(delivery.metadata), ensure_ascii=False)),
                ),
            )  # fmt: skip
            _note(connection, receipt, Event(at, delivery.channel, "received", ""))
        return self.get(receipt)

    def get(self, receipt: str) -> Submission:
        """Return a submission; SubmissionError for an unknown receipt."""
        found = self.rows("SELECT * FROM submissions WHERE receipt = ?", (receipt,))
        if not found:
            raise SubmissionError(
                f"There is no submission {receipt}",
                where=str(self.path.name),
                who="whoever asked for it",
                next_step="command-center submissions list",
            )
        return _submission(found[0])

    def all(self, *, state: State | None = None, dataset: str = "") -> list[Submission]:
        """Return submissions, the newest first, of one state or one SECTOR.DATASET where asked for."""
        rows = self.rows(
            "SELECT * FROM submissions WHERE state = COALESCE(?, state) AND (? = '' OR sector || '.' || dataset = ?)"
            " ORDER BY received_at DESC, receipt DESC",
            (state, dataset, dataset),
        )
        return [_submission(row) for row in rows]

    def events(self, receipt: str) -> list[Event]:
        """Return what happened to a submission, in order."""
        return [
            Event(datetime.fromisoformat(row["at"]), row["actor"], row["state"], row["note"])
            for row in self.rows("SELECT * FROM events WHERE receipt = ? ORDER BY id", (receipt,))
        ]

    def move(
        self, receipt: str, state: State, event: Event, changes: Mapping[str, str] | None = None
    ) -> Submission:
        """Bring a submission to another state, with other columns changed at once.

        Raises SubmissionError where its state does not lead there.
        """
        with self.transaction() as connection:
            step(connection, receipt, state, event, changes)
        return self.get(receipt)

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        """Return what a query finds; nothing where there is no register yet, nor one whose making was broken off."""
        if not self.path.is_file():
            return []
        connection = self._connection()
        try:
            made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'submissions'").fetchone()
            return connection.execute(query, values).fetchall() if made else []
        finally:
            connection.close()

    def _connection(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys=ON")
        return connection


def of_dataset(connection: sqlite3.Connection, sector: str, dataset: str) -> list[Submission]:
    """Return the submissions for a dataset as a transaction sees them, in no order."""
    query = "SELECT * FROM submissions WHERE sector = ? AND dataset = ?"
    return [_submission(row) for row in connection.execute(query, (sector, dataset))]


def step(
    connection: sqlite3.Connection,
    receipt: str,
    state: State,
    event: Event,
    changes: Mapping[str, str] | None = None,
) -> None:
    """Bring a submission to another state inside a transaction; SubmissionError where that is no next state."""
    row = connection.execute("SELECT state FROM submissions WHERE receipt = ?", (receipt,)).fetchone()
    before = cast("State", row["state"]) if row else None
    require_next(receipt, before, state)
    assigned = {"state": state, **(changes or {})}
    columns = ", ".join(f"{name} = ?" for name in assigned)
    connection.execute(f"UPDATE submissions SET {columns} WHERE receipt = ?", (*assigned.values(), receipt))  # noqa: S608 - names are ours
    _note(connection, receipt, event)


def require_next(receipt: str, before: State | None, state: State) -> None:
    """Raise SubmissionError where a state does not lead to another; the same again is no step."""
    if before is None or (state != before and state not in FOLLOWS[before]):
        raise SubmissionError(
            f"Submission {receipt} is {before or 'unknown'} and cannot become {state}",
            where="the register of submissions",
            who="the walidata",
            next_step=f"command-center submissions show {receipt}",
        )


def safe_name(name: str) -> str:
    """Return a file's name for showing: no folder, no control sign, personal numbers masked, not too long."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return mask("".join(sign for sign in bare if sign.isprintable()))[:120] or "?"


def _note(connection: sqlite3.Connection, receipt: str, event: Event) -> None:
    connection.execute(
        "INSERT INTO events (receipt, at, actor, state, note) VALUES (?,?,?,?,?)",
        (receipt, event.at.isoformat(), event.actor, event.state, mask(event.note)),
    )


def _submission(row: sqlite3.Row) -> Submission:
    values = {name: row[name] for name in row.keys()}  # noqa: SIM118 - a Row iterates over values
    return Submission(
        **values
        | {
            "received_at": datetime.fromisoformat(values["received_at"]),
            "counts": json.loads(values["counts"]),
            "metadata": json.loads(values["metadata"]),
        }
    )
