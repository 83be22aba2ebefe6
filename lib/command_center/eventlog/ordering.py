"""Events brought together by case, in time; ties keep the order of the source. Linear in the number of events."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from command_center.eventlog.log import SECOND, Codes, EventLog, Labels, Micros

Positions = npt.NDArray[np.intp]
_LOW, _HALF = 0xFFFF, 16


@dataclass(frozen=True, eq=False)
class CaseLog:
    """The events case by case, each in time.

    `starts` has one entry per case and the number of events at its end; `case` is the case number of each event,
    `case_names` the case's own id; `source` the place of each event in the source.
    """

    case: Codes
    case_names: tuple[str, ...]
    activity: Labels
    time: Micros
    attributes: Mapping[str, Labels]
    starts: Positions
    source: Positions

    def __len__(self) -> int:
        return len(self.time)

    @property
    def case_count(self) -> int:
        """How many cases there are."""
        return len(self.starts) - 1

    @cached_property
    def first(self) -> Positions:
        """The position of the first event of each case."""
        return self.starts[:-1]

    @cached_property
    def last(self) -> Positions:
        """The position of the last event of each case."""
        return self.starts[1:] - 1

    @cached_property
    def follows(self) -> Positions:
        """The positions of the events that have one before them in their case."""
        is_first = np.zeros(len(self), dtype=np.bool_)
        is_first[self.first] = True
        return np.flatnonzero(~is_first)

    @cached_property
    def gap_seconds(self) -> npt.NDArray[np.float64]:
        """The seconds since the event before, for each of `follows`."""
        return (self.time[self.follows] - self.time[self.follows - 1]) / SECOND

    @cached_property
    def cycle_seconds(self) -> npt.NDArray[np.float64]:
        """The seconds from first to last event of each case."""
        return (self.time[self.last] - self.time[self.first]) / SECOND


def arranged(log: EventLog) -> CaseLog:
    """Return the log ordered by case and time; cases are numbered by their first event in the source."""
    order, starts = grouped(log.case.codes, len(log.case.names))
    order = _in_time(order, starts, log.case.codes, log.time)
    return CaseLog(
        log.case.codes[order],
        log.case.names,
        log.activity.take(order),
        log.time[order],
        {role: column.take(order) for role, column in log.attributes.items()},
        starts,
        order,
    )


def grouped(codes: Codes, count: int) -> tuple[Positions, Positions]:
    """Return positions ordered by code, ties by position, and where each code begins (with the end added).

    Two passes over 16 bits, which numpy sorts by counting; one where the codes are in order already.
    """
    starts = np.zeros(count + 1, dtype=np.intp)
    np.cumsum(np.bincount(codes, minlength=count), out=starts[1:])
    if not len(codes) or bool(np.all(codes[1:] >= codes[:-1])):
        return np.arange(len(codes), dtype=np.intp), starts
    order = np.argsort((codes & _LOW).astype(np.uint16), kind="stable")
    if count > _LOW + 1:
        order = order[np.argsort((codes[order] >> _HALF).astype(np.uint16), kind="stable")]
    return order, starts


def _in_time(order: Positions, starts: Positions, case: Codes, time: Micros) -> Positions:
    """Return the order with every case in time; only cases that are not so are sorted."""
    moments = time[order]
    falls = np.flatnonzero(moments[1:] < moments[:-1]) + 1
    falls = falls[case[order[falls]] == case[order[falls - 1]]]
    if not falls.size:
        return order
    is_mixed = np.zeros(len(starts) - 1, dtype=np.bool_)
    is_mixed[case[order[falls]]] = True
    places = np.flatnonzero(is_mixed[case[order]])
    mixed = order[places]
    # Both keys rise together: the places of a case stay its own.
    order[places] = mixed[np.lexsort((mixed, time[mixed], case[mixed]))]
    return order
