"""How far cases keep to their declared life cycle: steps left out, repeated without leave, taken out of order."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from command_center.eventlog.lifecycles import LifeCycle
from command_center.eventlog.log import MISSING
from command_center.eventlog.ordering import CaseLog

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Conformance:
    """Cases of one life cycle: all, those that keep to it, and those that do not, by how; one case may break several."""

    cases: int
    conforming: int
    skipped: int
    repeated: int
    out_of_order: int
    unknown: int


def conformance(log: CaseLog, cycle: LifeCycle, members: Mask) -> Conformance:
    """Return how the cases marked in `members` keep to the life cycle.

    Skipped: a step that is not optional is missing although a later one was taken. Repeated: a step that may not
    repeat stands twice. Out of order: a step that may not repeat after a later one. Exceptions are no step.
    """
    place = _places(log, cycle)
    unknown = _any(log, place == _UNKNOWN)
    skipped = np.zeros(log.case_count, dtype=np.bool_)
    furthest = np.full(log.case_count, -1, dtype=np.int64)
    is_step = place >= 0
    np.maximum.at(furthest, log.case[is_step], place[is_step])
    repeated = np.zeros(log.case_count, dtype=np.bool_)
    for at, step in enumerate(cycle.steps):
        times = np.bincount(log.case[place == at], minlength=log.case_count)
        if step not in cycle.repeatable:
            repeated |= times > 1
        if step not in cycle.optional:
            skipped |= (times == 0) & (furthest > at)
    strict = np.array([step not in cycle.repeatable for step in cycle.steps])
    late = _behind(log, place) & (place >= 0)
    late[late] = strict[place[late]]
    out = _any(log, late)
    broken = unknown | skipped | repeated | out
    counts = [int((mask & members).sum()) for mask in (~broken, skipped, repeated, out, unknown)]
    return Conformance(int(members.sum()), *counts)


_UNKNOWN, _EXCEPTION = -2, -1


def _places(log: CaseLog, cycle: LifeCycle) -> npt.NDArray[np.int64]:
    """The place of each event's step in the life cycle, or why it has none."""
    steps = {name: at for at, name in enumerate(cycle.steps)}
    known = [
        steps.get(name, _EXCEPTION if name in cycle.exceptions else _UNKNOWN) for name in log.activity.names
    ]
    return np.array([*known, _UNKNOWN], dtype=np.int64)[log.activity.codes]


def _behind(log: CaseLog, place: npt.NDArray[np.int64]) -> Mask:
    """Events whose case had reached a later step before them."""
    span = int(place.max(initial=0)) + 3
    # One running maximum over all cases: each case begins above everything of the one before.
    raised = place + log.case.astype(np.int64) * span
    highest = np.maximum.accumulate(np.where(place >= 0, raised, log.case.astype(np.int64) * span - 1))
    return highest > raised


def _any(log: CaseLog, events: Mask) -> Mask:
    found = np.zeros(log.case_count, dtype=np.bool_)
    found[log.case[events]] = True
    return found


def members_of(log: CaseLog, direction: str) -> Mask:
    """Return which cases state a direction; all where the log states none."""
    column = log.attributes.get("direction")
    if column is None:
        return np.ones(log.case_count, dtype=np.bool_)
    code = column.code_of(direction)
    if code == MISSING:
        return np.zeros(log.case_count, dtype=np.bool_)
    return _any(log, column.codes == code)
