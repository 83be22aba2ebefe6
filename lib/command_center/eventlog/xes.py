"""XES (IEEE 1849), plain or gzipped, event by event: the tree is let go as it is read, so memory does not grow.

Attributes of the trace and of the event carry the standard's own names; the trace's are prefixed by "case:".
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import pyarrow as pa
from lxml import etree

from command_center.eventlog.collecting import Piece
from command_center.eventlog.mapping import STARTER, ColumnMapping, EventLogError

_PIECE_EVENTS = 10_000
_TRACE, _EVENT, _LOG = "{*}trace", "{*}event", "{*}log"
_HEAD_EVENTS = 200
# Values of these kinds of attribute stand in `value`; containers and lists have none.
_VALUED = frozenset({"string", "date", "int", "float", "boolean", "id"})
Attributes = dict[str, str]


class XesLog:
    """One XES file: its attribute names, and its events piece by piece."""

    def __init__(self, path: Path, *, is_gzipped: bool) -> None:
        """Remember the file; nothing is read yet."""
        self.path = path
        self.is_gzipped = is_gzipped
        self.faults: dict[str, int] = {}

    def headers(self) -> list[str]:
        """Return the attribute names of the first traces, the trace's own prefixed by "case:"."""
        names: dict[str, None] = {}
        seen = 0
        for trace, events in self._traces():
            names.update(dict.fromkeys(trace))
            for event in events:
                names.update(dict.fromkeys(event))
            seen += len(events)
            if seen > _HEAD_EVENTS:
                break
        return list(names)

    def pieces(self, mapping: ColumnMapping) -> Iterator[Piece]:
        """Yield the events in pieces; a trace without a name gets its number, counted as case_unnamed."""
        roles = mapping.columns
        unnamed = 0
        columns: dict[str, list[str | None]] = {role: [] for role in roles}
        for number, (trace, events) in enumerate(self._traces(), start=1):
            if roles["case"] not in trace and roles["case"].startswith("case:"):
                trace = {**trace, roles["case"]: f"#{number}"}
                unnamed += 1
            for role, name in roles.items():
                of_trace = trace.get(name)
                columns[role] += [event.get(name, of_trace) for event in events]
            if len(columns["time"]) >= _PIECE_EVENTS:
                yield _piece(columns)
                columns = {role: [] for role in roles}
        if unnamed:
            self.faults["case_unnamed"] = unnamed
        yield _piece(columns)

    def _traces(self) -> Iterator[tuple[Attributes, list[Attributes]]]:
        """The attributes of each trace and of its events, in the order of the file."""
        try:
            with self._stream() as stream:
                events: list[Attributes] = []
                # Entities stay unexpanded and no network is asked: the file may come from anywhere.
                parser = etree.iterparse(
                    stream, events=("end",), tag=(_EVENT, _TRACE), resolve_entities=False, no_network=True
                )
                for _, element in parser:
                    if element.tag.endswith("event"):
                        events.append(_attributes(element, ""))
                        element.clear()
                        continue
                    yield _attributes(element, "case:"), events
                    events = []
                    _let_go(element)
        except (etree.XMLSyntaxError, EOFError, gzip.BadGzipFile, OSError) as error:
            raise EventLogError(
                f"The XES file is broken: {str(error).splitlines()[0][:200]}",
                where=str(self.path),
                who=STARTER,
                next_step="export it again from the system it came from",
            ) from error

    def _stream(self) -> IO[bytes]:
        return cast("IO[bytes]", gzip.open(self.path)) if self.is_gzipped else self.path.open("rb")


def _attributes(element: etree._Element, prefix: str) -> Attributes:
    return {
        prefix + child.get("key", ""): child.get("value", "")
        for child in element
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] in _VALUED
    }


def _let_go(element: etree._Element) -> None:
    """Free a trace and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _piece(columns: dict[str, list[str | None]]) -> Piece:
    return {role: pa.array(values, pa.string()) for role, values in columns.items()}
