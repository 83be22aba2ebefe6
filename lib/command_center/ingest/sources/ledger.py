"""What has been read from where: a small SQLite register, so that the next run reads only what changed.

Holds no token, no query string and no person; marks what vanished at its source and never deletes a row.
"""

import fcntl
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from command_center.ingest.sources.failures import LandingError, SourceBusyError
from command_center.ingest.sources.web import Marks

State = Literal["active", "deleted", "withdrawn", "left"]

_SCHEMA = """
create table if not exists datasets (
    source text not null, dataset_id text not null, name text not null, title text not null,
    organisation text not null, metadata_modified text not null, state text not null,
    state_since text not null, metadata text not null,
    primary key (source, dataset_id)
);
create table if not exists resources (
    source text not null, resource_id text not null, dataset_id text not null, name text not null,
    form text not null, fingerprint text not null, etag text, last_modified text, sha256 text not null,
    size_bytes integer not null, row_count integer, file text not null, read_at text not null,
    state text not null default 'active', state_since text,
    primary key (source, resource_id)
);
create table if not exists runs (
    run integer primary key, source text not null, started_at text not null, finished_at text,
    outcome text, counts text
);
"""


@dataclass(frozen=True)
class DatasetRow:
    """A dataset as last listed; `metadata` is what is kept of its description, times are ISO 8601 in UTC."""

    dataset_id: str
    name: str
    title: str
    organisation: str
    metadata_modified: str
    state: State
    state_since: str
    metadata: str


@dataclass(frozen=True)
class ResourceRow:
    """A resource as last read; `fingerprint` tells whether it changed, `file` is relative to the landing folder."""

    resource_id: str
    dataset_id: str
    name: str
    form: str
    fingerprint: str
    etag: str | None
    last_modified: str | None
    sha256: str
    size_bytes: int
    row_count: int | None
    file: str
    read_at: str
    state: State = "active"
    state_since: str | None = None

    @property
    def marks(self) -> Marks:
        return Marks(self.etag, self.last_modified)


def utc_now() -> str:
    """Return the moment as ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Ledger:
    """The register of one run; every write is one transaction that is on disk when the method returns."""

    def __init__(self, connection: sqlite3.Connection, source: str) -> None:
        self._connection = connection
        self._source = source

    # --- runs ----------------------------------------------------------------------------------

    def begin_run(self) -> int:
        """Note the start of a run and return its number."""
        with self._connection as transaction:
            cursor = transaction.execute(
                "insert into runs (source, started_at) values (?, ?)", (self._source, utc_now())
            )
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, outcome: str, counts: Mapping[Any, int]) -> None:
        """Note how a run ended; one that was killed keeps no end."""
        with self._connection as transaction:
            transaction.execute(
                "update runs set finished_at = ?, outcome = ?, counts = ? where run = ?",
                (utc_now(), outcome, json.dumps(dict(counts)), run),
            )

    # --- datasets ------------------------------------------------------------------------------

    def datasets(self) -> dict[str, DatasetRow]:
        """Return all datasets of the source by id, vanished ones included."""
        rows = self._select("datasets", DatasetRow)
        return {row["dataset_id"]: DatasetRow(**row) for row in rows}

    def keep_dataset(self, row: DatasetRow) -> None:
        """Add a dataset or replace what is known of it."""
        with self._connection as transaction:
            self._replace(transaction, "datasets", row)

    def mark_dataset(self, dataset_id: str, state: State) -> None:
        """Mark a dataset and all its resources, keeping everything known of them."""
        moment = utc_now()
        with self._connection as transaction:
            for table in ("datasets", "resources"):
                transaction.execute(
                    f"update {table} set state = ?, state_since = ? "  # noqa: S608 (a name of our own)
                    "where source = ? and dataset_id = ? and state = 'active'",
                    (state, moment, self._source, dataset_id),
                )

    # --- resources -----------------------------------------------------------------------------

    def resources(self) -> dict[str, ResourceRow]:
        """Return all resources of the source by id, vanished ones included."""
        rows = self._select("resources", ResourceRow)
        return {row["resource_id"]: ResourceRow(**row) for row in rows}

    def keep_resource(self, row: ResourceRow) -> None:
        """Add a resource or replace what is known of it."""
        with self._connection as transaction:
            self._replace(transaction, "resources", row)

    def mark_resource(self, resource_id: str, state: State) -> None:
        """Mark one resource, keeping everything known of it."""
        with self._connection as transaction:
            transaction.execute(
                "update resources set state = ?, state_since = ? where source = ? and resource_id = ?",
                (state, utc_now(), self._source, resource_id),
            )

    # --- rows ----------------------------------------------------------------------------------

    def _select(self, table: str, kind: type[DatasetRow] | type[ResourceRow]) -> list[dict[str, Any]]:
        names = [column.name for column in fields(kind)]
        cursor = self._connection.execute(
            f"select {', '.join(names)} from {table} where source = ? order by rowid",  # noqa: S608
            (self._source,),
        )
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def _replace(self, transaction: sqlite3.Connection, table: str, row: DatasetRow | ResourceRow) -> None:
        names = ["source", *(column.name for column in fields(row))]
        values = [self._source, *(getattr(row, column.name) for column in fields(row))]
        transaction.execute(
            f"insert or replace into {table} ({', '.join(names)}) "  # noqa: S608 (names of our own)
            f"values ({', '.join('?' * len(names))})",
            values,
        )


@contextmanager
def open_ledger(path: Path, source: str) -> Iterator[Ledger]:
    """Yield the ledger of one source, made where there is none; only one run at a time may hold it.

    The lock goes with the process, so a killed run leaves none behind. Raises SourceBusyError while another
    run is at work, LandingError when the file is no ledger or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(path.name + ".lock").open("a")
    except OSError as error:
        raise _broken(path, f"cannot be written ({error.strerror})") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SourceBusyError(
                "Another harvest or download is at work",
                where=path.name,
                who="the operator",
                next_step="wait until it has ended, then start this one again",
            ) from error
        try:
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("pragma synchronous = full")
                connection.executescript(_SCHEMA)
                yield Ledger(connection, source)
        except sqlite3.DatabaseError as error:
            raise _broken(path, f"cannot be used ({error})") from error


def _broken(path: Path, what: str) -> LandingError:
    return LandingError(
        f"The ledger of remote sources {what}",
        where=str(path),
        who="the operator",
        next_step="mend the disk or its permissions; without the file the next run reads everything again",
    )
