"""The register of verdicts on signals: their owner confirms them, or rejects them as false alarms.

A signal is the same one as long as its breach began in the same period; of several verdicts the last holds. Entries
are added, never changed. Persons are named by account id.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from command_center.access import Person
from command_center.identity.register import make_private
from command_center.settings import Settings

Judgement = Literal["confirmed", "false_alarm"]
FALSE_ALARM: Judgement = "false_alarm"
_WAIT_SECONDS = 30.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS verdicts (
    id INTEGER PRIMARY KEY, signal TEXT NOT NULL, since TEXT NOT NULL, judgement TEXT NOT NULL
        CHECK (judgement IN ('confirmed', 'false_alarm')),
    reason TEXT NOT NULL, account TEXT NOT NULL, role TEXT NOT NULL, edition TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_signal ON verdicts (signal, since);
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON verdicts
    BEGIN SELECT RAISE(ABORT, 'a verdict is not changed'); END;
CREATE TRIGGER IF NOT EXISTS never_deleted BEFORE DELETE ON verdicts
    BEGIN SELECT RAISE(ABORT, 'a verdict is not changed'); END;
"""


@dataclass(frozen=True)
class Verdict:
    """What somebody said about a signal, in which edition they saw it, and when (ISO, UTC)."""

    signal: str
    since: str
    judgement: Judgement
    reason: str
    account: str
    role: str
    edition: str
    at: str = ""


@dataclass(frozen=True)
class Share:
    """How many of the signals that were judged were false alarms."""

    judged: int
    false: int


def may_judge(person: Person, owner: str, agency: str) -> bool:
    """Return whether somebody may confirm or reject a signal: its owner, the agency it is about, the data steward."""
    if person.role == "walidata":
        return True
    return person.role == "opd" and person.scope[0] in {owner, agency} - {""}


class Verdicts:
    """The register in `data/registers/verdicts.sqlite`; the file is made at the first verdict."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def of(cls, settings: Settings) -> "Verdicts":
        """Return the register of a house."""
        return cls(settings.data_dir / "registers" / "verdicts.sqlite")

    def add(self, verdict: Verdict) -> None:
        """Keep a verdict, dated now."""
        if not self._path.exists():
            make_private(self._path, _SCHEMA)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._open() as connection, connection:
            connection.execute(
                "INSERT INTO verdicts (signal, since, judgement, reason, account, role, edition, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*astuple(verdict)[:-1], at),
            )

    def standing(self) -> dict[tuple[str, str], Verdict]:
        """Return the verdict that holds by signal and the period in which its breach began."""
        if not self._path.exists():
            return {}
        with self._open() as connection:
            rows = connection.execute(
                "SELECT signal, since, judgement, reason, account, role, edition, at FROM verdicts ORDER BY id"
            ).fetchall()
        return {(row[0], row[1]): Verdict(*row) for row in rows}

    def rejected(self) -> frozenset[tuple[str, str]]:
        """Return the signals, by id and since, that hold as false alarms."""
        return frozenset(key for key, one in self.standing().items() if one.judgement == FALSE_ALARM)

    def share(self) -> Share:
        """Return the share of false alarms among all that was judged."""
        standing = self.standing()
        return Share(len(standing), sum(one.judgement == FALSE_ALARM for one in standing.values()))

    def fingerprint(self) -> str:
        """Return a hash of what is rejected, "" where nothing is: an edition leaves it out of its alarms."""
        rejected = sorted(self.rejected())
        return hashlib.sha256(repr(rejected).encode()).hexdigest() if rejected else ""

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS)
        try:
            yield connection
        finally:
            connection.close()
