"""From a file to a log: the kind is known by content, the columns by their headers or the reader's word."""

import gzip
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from command_center.eventlog.collecting import Piece, collect
from command_center.eventlog.delimited import DelimitedLog
from command_center.eventlog.log import EventLog
from command_center.eventlog.mapping import (
    NEEDED,
    ROLES,
    STARTER,
    ColumnMapping,
    EventLogError,
    guess_mapping,
)
from command_center.eventlog.tables import ParquetLog, WorkbookLog
from command_center.eventlog.xes import XesLog

_GZIP, _ZIP, _OLE, _PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"
_HEAD = 4096
ShowMapping = Callable[[ColumnMapping], None]


class LogSource(Protocol):
    """Where events come from: a file of any kind, a query."""

    @property
    def faults(self) -> Mapping[str, int]:
        """What reading had to tell so far, by check."""
        ...

    def headers(self) -> list[str]:
        """Return the names of its columns."""
        ...

    def pieces(self, mapping: ColumnMapping) -> Iterator[Piece]:
        """Yield its events piece by piece, by role."""
        ...


def open_source(path: Path) -> LogSource:
    """Return the reader for a file, by its first bytes; EventLogError for a missing, empty or unknown file."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise _refused(
            f"The file cannot be opened: {error.strerror}", path, "name a file that exists"
        ) from error
    if head.startswith(_PARQUET):
        return ParquetLog(path)
    if head.startswith((_ZIP, _OLE)):
        return WorkbookLog(path)
    if head.startswith(_GZIP):
        _demand_xes(_unpacked_head(path), path)
        return XesLog(path, is_gzipped=True)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        _demand_xes(head, path)
        return XesLog(path, is_gzipped=False)
    if not head.strip():
        raise _refused("The file is empty", path, "export the log again")
    return DelimitedLog(path)


def read_log(
    path: Path,
    timezone: str,
    *,
    chosen: Mapping[str, str] | None = None,
    roles: Collection[str] = ROLES,
    show: ShowMapping | None = None,
) -> EventLog:
    """Return the events of a CSV, XLSX, Parquet, XES or XES.gz file.

    `chosen` names the columns the reader decided on, by role; the others are guessed, and `show` is told all of
    them before they are used. Times without a zone are local to `timezone`. Raises EventLogError or IngestError.
    """
    return read_source(open_source(path), str(path), timezone, chosen=chosen, roles=roles, show=show)


def read_source(
    source: LogSource,
    where: str,
    timezone: str,
    *,
    chosen: Mapping[str, str] | None = None,
    roles: Collection[str] = ROLES,
    show: ShowMapping | None = None,
) -> EventLog:
    """Return the events of an opened source; see `read_log`. Raises EventLogError where no event can be placed."""
    mapping = guess_mapping(source.headers(), chosen, where=where).only({*NEEDED, *roles, *(chosen or {})})
    if show is not None:
        show(mapping)
    log = collect(source.pieces(mapping), timezone, source.faults)
    if not len(log):
        raise EventLogError(
            "There is no event with a case, an activity and a time",
            where=where,
            who=STARTER,
            next_step="look at the columns chosen for them, and name others with --case, --activity, --time",
        )
    return log


def _unpacked_head(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            return stream.read(_HEAD)
    except (OSError, EOFError) as error:
        raise _refused("The gzip archive is broken", path, "export the log again") from error


def _demand_xes(head: bytes, path: Path) -> None:
    if b"<log" not in head:
        raise _refused("The file is XML but no XES log", path, "export the log as XES (IEEE 1849)")


def _refused(what: str, path: Path, next_step: str) -> EventLogError:
    return EventLogError(what, where=str(path), who=STARTER, next_step=next_step)
