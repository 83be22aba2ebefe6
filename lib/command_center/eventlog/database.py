"""Event logs from a database by SQLAlchemy URL: read only, streamed, and no credential in any message.

What a driver says may hold a user, a host or a password; it is read for its kind and never passed on.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from command_center.eventlog.collecting import Piece
from command_center.eventlog.mapping import ColumnMapping, EventLogError

PASSWORD_VARIABLE = "COMMAND_CENTER_EVENTLOG_PASSWORD"  # noqa: S105 (a name, no password)
_BATCH_ROWS = 50_000
_CONNECT_SECONDS = 10
ADMINISTRATOR = "the administrator of the database"
# Codes of the servers: MySQL and MariaDB numbers, PostgreSQL SQLSTATE.
_KINDS: Mapping[str, frozenset[int | str]] = {
    "credentials": frozenset({1045, 1044, 1698, "28P01", "28000"}),
    "missing": frozenset({1146, 1049, 1142, "42P01", "3D000", "42501"}),
    "query": frozenset({1064, 1054, "42601", "42703"}),
    "lost": frozenset({2006, 2013, 1927, 1053, "57P01", "57P02", "08006", "08003"}),
}
_SAID = {
    "credentials": ("The database refuses the account", "check the account and its password, then run it again"),
    "missing": ("The table or view does not exist, or may not be read", "name an existing one, or grant SELECT on it"),
    "query": ("The database does not understand the query", "correct the query and its columns"),
    "lost": ("The connection was lost while reading; nothing was taken over", "run it again when the server is back"),
    "unreachable": ("The database cannot be reached", "check that the server runs and is reachable, then run it again"),
    "other": ("The database refuses", "ask for the server's own log; the query was read only"),
}  # fmt: skip


class DatabaseLog:
    """One table, or one SELECT, of a database; the password may come from the environment."""

    def __init__(self, url: str, query: str, environ: Mapping[str, str] | None = None) -> None:
        """Remember what to read; EventLogError for a URL that is none and a query that is no single SELECT."""
        self._url = _parsed(url, os.environ if environ is None else environ)
        self.where = f"{self._url.get_backend_name()} database {self._url.database}"
        self._statement = _statement(query, self.where)
        self.faults: Counter[str] = Counter()

    def __repr__(self) -> str:
        return f"DatabaseLog({self.where})"

    def headers(self) -> list[str]:
        """Return the columns of the result, without asking for a row."""
        with self._connection() as connection:
            return list(connection.execute(_without_rows(self._statement)).keys())

    def pieces(self, mapping: ColumnMapping) -> Iterator[Piece]:
        """Yield the rows in pieces; a connection lost on the way is an EventLogError, and no piece counts."""
        with self._connection() as connection:
            result = connection.execute(
                self._statement, execution_options={"stream_results": True, "max_row_buffer": _BATCH_ROWS}
            )
            cursor = result.cursor
            unread = getattr(cursor, "_result", None)
            names = list(result.keys())
            places = {role: names.index(name) for role, name in mapping.columns.items()}
            is_done = False
            try:
                while rows := result.fetchmany(_BATCH_ROWS):
                    yield {role: _array([row[at] for row in rows], role) for role, at in places.items()}
                is_done = True
            finally:
                if not is_done:
                    _forget(cursor, unread, connection)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        engine = None
        is_connected = False
        failure: EventLogError | None = None
        try:
            engine = sa.create_engine(
                self._url, connect_args=_connect_arguments(self._url), hide_parameters=True
            )
            with engine.connect() as connection:
                is_connected = True
                _read_only(connection)
                yield connection
        except ModuleNotFoundError as error:
            failure = _no_driver(str(error.name), self.where)
        except SQLAlchemyError as error:
            failure = _failure(error, self.where, is_connected=is_connected)
        finally:
            if engine is not None:
                engine.dispose()
        if failure is not None:
            # Outside the handler: the driver's own error, which may name the account, is not even chained.
            raise failure


def _forget(cursor: Any, unread: Any, connection: Connection) -> None:
    """Give up a result half read. Drivers read on, or complain, when they let it go, also on a connection that is lost."""
    if unread is not None:
        unread.unbuffered_active = False  # pymysql would fetch the rest
    elif cursor is not None:
        with suppress(connection.dialect.loaded_dbapi.Error):
            cursor.close()
    connection.invalidate()


def _without_rows(statement: sa.TextClause | sa.Select[Any]) -> sa.TextClause | sa.Select[Any]:
    if isinstance(statement, sa.Select):
        return statement.limit(0)
    return sa.text(f"SELECT * FROM ({statement.text}) AS heads LIMIT 0")  # noqa: S608 (one SELECT, and read only)


def _parsed(url: str, environ: Mapping[str, str]) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        parsed = None
    if parsed is None:
        raise EventLogError(
            "The address of the database cannot be read",
            who="the person who started the command",
            next_step="write it as mysql+pymysql://USER@HOST/DATABASE or postgresql+psycopg://USER@HOST/DATABASE; "
            f"the password may stand in {PASSWORD_VARIABLE}",
        )
    password = environ.get(PASSWORD_VARIABLE)
    return parsed.set(password=password) if password and not parsed.password else parsed


def _statement(query: str, where: str) -> sa.TextClause | sa.Select[Any]:
    """A table by its name, or one SELECT; the transaction is read only besides."""
    text = query.strip().rstrip(";")
    words = text.split()
    if len(words) == 1:
        schema, _, name = text.rpartition(".")
        return sa.select(sa.text("*")).select_from(sa.table(name, schema=schema or None))
    if not words or words[0].lower() not in ("select", "with") or ";" in text:
        raise EventLogError(
            "Only one SELECT is run",
            where=where,
            who="the person who started the command",
            next_step="--query with the name of a table or one SELECT",
        )
    # A colon of the query is text, not the name of a parameter.
    return sa.text(text.replace(":", r"\:"))


def _connect_arguments(url: URL) -> dict[str, Any]:
    return {} if url.get_backend_name() == "sqlite" else {"connect_timeout": _CONNECT_SECONDS}


def _read_only(connection: Connection) -> None:
    backend = connection.dialect.name
    if backend in ("mysql", "mariadb"):
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        connection.commit()
    elif backend == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    elif backend == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")


def _no_driver(name: str, where: str) -> EventLogError:
    return EventLogError(
        f"The driver {name} for this database is not installed",
        where=where,
        who="the person who runs this computer",
        next_step=f"pip install {name}",
    )


def _failure(error: SQLAlchemyError, where: str, *, is_connected: bool) -> EventLogError:
    what, next_step = _SAID[_kind(error, is_connected=is_connected)]
    return EventLogError(what, where=where, who=ADMINISTRATOR, next_step=next_step)


def _kind(error: SQLAlchemyError, *, is_connected: bool) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else None
    told = {getattr(cause, "sqlstate", None), *getattr(cause, "args", ())[:1]}
    for kind, codes in _KINDS.items():
        if told & codes:
            return kind
    if not is_connected:
        said = str(cause)
        return "credentials" if "authentication failed" in said or "no password" in said else "unreachable"
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return "lost"
    if "no such table" in str(cause):
        return "missing"
    return "lost" if type(cause).__name__ in ("OperationalError", "InterfaceError") else "other"


def _array(values: list[Any], role: str) -> pa.Array:
    if role != "time":
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    try:
        made = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        made = pa.array([None if value is None else str(value) for value in values], pa.string())
    return made.cast(pa.string()) if pa.types.is_null(made.type) else made
