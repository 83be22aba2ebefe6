"""What is wrong in a log although it can be read: told as counts per check, the events stay where they are."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from command_center.eventlog.lifecycles import NO_LIFE_CYCLES, BatchRule, LifeCycle, LifeCycles
from command_center.eventlog.log import MISSING, SECOND, FaultCount, Labels
from command_center.eventlog.ordering import CaseLog, grouped

_ACTORS = ("resource", "unit")
Mask = npt.NDArray[np.bool_]


def find_faults(log: CaseLog, cycles: LifeCycles = NO_LIFE_CYCLES) -> tuple[FaultCount, ...]:
    """Return the checks that found something.

    Counts are events, except step_left_out, which counts cases: unknown_activity (in no declared life cycle; kept),
    duplicate_event (same case, activity, moment and actor), negative_duration (completed before it was started),
    batch_clicks (many events of one actor within a minute), before_receipt (events before the first step of their
    case), step_left_out (cases that went on without a step they needed, as reading before acting).
    """
    return tuple(fault for fault in _checks(log, cycles) if fault.count)


def _checks(log: CaseLog, cycles: LifeCycles) -> Iterator[FaultCount]:
    if cycles.by_name:
        known = np.array([name in cycles.activities for name in log.activity.names], dtype=np.bool_)
        yield FaultCount("unknown_activity", int((~known[log.activity.codes]).sum()))
    yield FaultCount("duplicate_event", int(duplicates(log).sum()))
    yield FaultCount("negative_duration", negative_durations(log))
    yield FaultCount("batch_clicks", int(batch_clicks(log, cycles.batch).sum()))
    yield FaultCount("before_receipt", sum(_before_first(log, cycle) for cycle in cycles.by_name.values()))
    yield FaultCount("step_left_out", sum(_left_out(log, cycle) for cycle in cycles.by_name.values()))


def duplicates(log: CaseLog) -> Mask:
    """Return which events repeat an earlier one: same case, activity, moment and actor."""
    same = np.zeros(len(log), dtype=np.bool_)
    # Events stand in time within their case: only neighbours at the same moment can be the same.
    again = log.follows[log.time[log.follows] == log.time[log.follows - 1]]
    places = np.union1d(again, again - 1)
    actor = _actor(log)
    keys = [log.activity.codes[places], log.time[places], log.case[places]]
    if actor is not None:
        keys.insert(0, actor.codes[places])
    order = np.lexsort((places, *keys))
    is_same = np.logical_and.reduce([key[order[1:]] == key[order[:-1]] for key in keys])
    same[places[order[1:][is_same]]] = True
    return same


def negative_durations(log: CaseLog) -> int:
    """Return how many activities were completed before they were started, the n-th start with the n-th completion."""
    transition = log.attributes.get("transition")
    if transition is None:
        return 0
    words = np.array([name.strip().lower() for name in transition.names] + [""])
    word = words[transition.codes]
    starts, ends = np.flatnonzero(word == "start"), np.flatnonzero(word == "complete")
    if not starts.size or not ends.size:
        return 0
    begun, done = _numbered(log, starts), _numbered(log, ends)
    _, first, second = np.intersect1d(begun, done, assume_unique=True, return_indices=True)
    return int((log.time[ends[second]] < log.time[starts[first]]).sum())


def batch_clicks(log: CaseLog, rule: BatchRule) -> Mask:
    """Return which events are part of a batch: at least `rule.events` of one actor within `rule.seconds`."""
    actor = _actor(log)
    found = np.zeros(len(log), dtype=np.bool_)
    if actor is None or len(log) < rule.events:
        return found
    placed = np.flatnonzero(actor.codes != MISSING)
    placed = placed[np.argsort(log.time[placed], kind="stable")]
    order, _ = grouped(actor.codes[placed], len(actor.names))
    line = placed[order]
    ahead = rule.events - 1
    within = log.time[line[ahead:]] - log.time[line[: len(line) - ahead]] < rule.seconds * SECOND
    heads = np.flatnonzero(within & (actor.codes[line[ahead:]] == actor.codes[line[: len(line) - ahead]]))
    # A run of overlapping batches is marked from the head of each to its end, by adding and taking away.
    edges = np.zeros(len(line) + 1, dtype=np.int64)
    np.add.at(edges, heads, 1)
    np.add.at(edges, heads + rule.events, -1)
    found[line] = np.cumsum(edges[:-1]) > 0
    return found


def cases_with(log: CaseLog, activity: str) -> Mask:
    """Return which cases have an activity."""
    has = np.zeros(log.case_count, dtype=np.bool_)
    code = log.activity.code_of(activity)
    if code != MISSING:
        has[log.case[log.activity.codes == code]] = True
    return has


def _before_first(log: CaseLog, cycle: LifeCycle) -> int:
    """Events that stand before the first step of the life cycle in a case that has it."""
    code = log.activity.code_of(cycle.steps[0])
    if code == MISSING:
        return 0
    received = np.full(log.case_count, np.iinfo(np.int64).min, dtype=np.int64)
    places = np.flatnonzero(log.activity.codes == code)[::-1]
    received[log.case[places]] = log.time[places]
    return int((log.time < received[log.case]).sum())


def _left_out(log: CaseLog, cycle: LifeCycle) -> int:
    """Cases that have a step without the one it needs; only in logs that know the needed step at all."""
    return sum(
        int((cases_with(log, step) & ~cases_with(log, needed)).sum())
        for step, needed in (cycle.needed_before or {}).items()
        if log.activity.code_of(needed) != MISSING
    )


def _numbered(log: CaseLog, places: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """A key per event of case, activity and how often both came before, in the order of the source."""
    size = len(log.activity.names)
    key = log.case[places].astype(np.int64) * size + log.activity.codes[places]
    order = np.lexsort((log.source[places], key))
    ordered = key[order]
    is_new = np.r_[True, ordered[1:] != ordered[:-1]]
    begins = np.maximum.accumulate(np.where(is_new, np.arange(len(ordered)), 0))
    nth = np.empty(len(places), dtype=np.int64)
    nth[order] = np.arange(len(ordered)) - begins
    return key + nth * (log.case_count * size)


def _actor(log: CaseLog) -> Labels | None:
    return next((log.attributes[role] for role in _ACTORS if role in log.attributes), None)
