"""One row per case: when it opened and closed, how long it took, whether it kept its term, how often it changed hands."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.eventlog.categories import categories
from command_center.eventlog.lifecycles import LifeCycles
from command_center.eventlog.log import MISSING, SECOND
from command_center.eventlog.ordering import CaseLog
from command_center.eventlog.workingtime import WorkingClock, seconds_by_unit

HOUR = 3600.0


@dataclass(frozen=True)
class Terms:
    """The terms that cases are to keep, in hours by urgency; `elapsed` names those that run day and night."""

    hours: Mapping[str, float]
    elapsed: frozenset[str] = frozenset()
    otherwise: float = float("nan")


@dataclass(frozen=True)
class Vocabulary:
    """The activities that carry a meaning of their own: disposition, and return for rework."""

    disposition: str = "didisposisi"
    returned: str = "dikembalikan"
    plain_security: str = "biasa"


def case_table(
    log: CaseLog,
    cycles: LifeCycles,
    clock: WorkingClock,
    as_of: int,
    terms: Terms,
    words: Vocabulary | None = None,
    shifts: Mapping[str, WorkingClock] | None = None,
) -> pd.DataFrame:
    """Return one row per case in the order of the log.

    Columns: direction, urgency, unit (the last that had it; "" where unknown) as categories; is_plain (not
    classified above the plain class); opened, closed (microseconds UTC, `as_of` while open); is_closed; elapsed_s and
    working_s up to then; is_late (over its term, also while open), has_term; handoffs (changes of unit), returns,
    dispositions (counts of events). Working time is by `clock`, of units in `shifts` by their own.
    """
    words = words or Vocabulary()
    closing = np.array([name in cycles.closing for name in log.activity.names], dtype=np.bool_)
    ends = np.flatnonzero(closing[log.activity.codes])[::-1]
    closed = np.full(log.case_count, as_of, dtype=np.int64)
    closed[log.case[ends]] = log.time[ends]  # backwards: the first end counts
    is_closed = np.zeros(log.case_count, dtype=np.bool_)
    is_closed[log.case[ends]] = True
    opened = log.time[log.first]
    unit = log.attributes["unit"].take(log.last) if "unit" in log.attributes else None
    frame = pd.DataFrame(
        {
            "direction": _stated(log, "direction"),
            "urgency": _stated(log, "urgency"),
            "unit": _at(log, "unit", log.last),
            "is_plain": _is_plain(log, words.plain_security),
            "opened": opened,
            "closed": closed,
            "is_closed": is_closed,
            "elapsed_s": (closed - opened) / SECOND,
            "working_s": seconds_by_unit((clock, shifts or {}), opened, closed, unit),
            "handoffs": _changes(log, "unit"),
            "returns": _times(log, words.returned),
            "dispositions": _times(log, words.disposition),
        }
    )
    return frame.assign(**_kept(frame, terms))


def _kept(frame: pd.DataFrame, terms: Terms) -> dict[str, npt.NDArray[np.bool_]]:
    urgency = frame["urgency"].astype("str")
    hours = urgency.map(dict(terms.hours)).fillna(terms.otherwise).to_numpy(dtype=float)
    by_day_and_night = urgency.isin(terms.elapsed).to_numpy()
    taken = np.where(by_day_and_night, frame["elapsed_s"], frame["working_s"])
    return {"has_term": ~np.isnan(hours), "is_late": taken > np.nan_to_num(hours, nan=np.inf) * HOUR}


def _at(log: CaseLog, role: str, places: npt.NDArray[np.intp]) -> "pd.Categorical[str]":
    column = log.attributes.get(role)
    if column is None:
        return categories(np.full(len(places), MISSING), ())
    return categories(column.codes[places], column.names)


def _stated(log: CaseLog, role: str) -> "pd.Categorical[str]":
    """What the first event of a case that states it says: an attribute of the letter, not of the step."""
    column = log.attributes.get(role)
    if column is None:
        return _at(log, role, log.first)
    said = np.full(log.case_count, MISSING, dtype=np.int64)
    places = np.flatnonzero(column.codes != MISSING)[::-1]
    said[log.case[places]] = column.codes[places]
    return categories(said, column.names)


def _is_plain(log: CaseLog, plain: str) -> npt.NDArray[np.bool_]:
    """Cases of the plain class in every event; one marked above it anywhere is above it. Without the column, all are."""
    column = log.attributes.get("security")
    found = np.ones(log.case_count, dtype=np.bool_)
    if column is None:
        return found
    above = np.array(
        [bool(name.strip()) and name.strip().lower() != plain for name in column.names] + [False]
    )
    found[log.case[above[column.codes]]] = False
    return found


def _changes(log: CaseLog, role: str) -> npt.NDArray[np.int64]:
    column = log.attributes.get(role)
    if column is None:
        return np.zeros(log.case_count, dtype=np.int64)
    at = log.follows
    changed = column.codes[at] != column.codes[at - 1]
    return np.bincount(log.case[at[changed]], minlength=log.case_count)


def _times(log: CaseLog, activity: str) -> npt.NDArray[np.int64]:
    code = log.activity.code_of(activity)
    if code == MISSING:
        return np.zeros(log.case_count, dtype=np.int64)
    return np.bincount(log.case[log.activity.codes == code], minlength=log.case_count)
