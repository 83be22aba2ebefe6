"""What a log says as a whole: counts, cycle times, who follows whom, variants. One pass each, no loop over events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from command_center.eventlog.log import SECOND, FaultCount
from command_center.eventlog.ordering import CaseLog, grouped
from command_center.eventlog.variants import Variant, find_variants

_DAY_SECONDS = 86_400
TOP_VARIANTS = 10


@dataclass(frozen=True)
class Follow:
    """One activity directly after another in the same case: how often, and the time between in seconds."""

    source: str
    target: str
    count: int
    mean_s: float
    median_s: float


@dataclass(frozen=True, eq=False)
class Summary:
    """The measures of a whole log; times elapsed, in seconds. `throughput_per_day` is None for a log of one moment."""

    events: int
    cases: int
    activities: int
    first_event: datetime
    last_event: datetime
    cycle_time_s: Mapping[str, float]
    throughput_per_day: float | None
    start_activities: Mapping[str, int]
    end_activities: Mapping[str, int]
    directly_follows: Sequence[Follow]
    variant_count: int
    variants: Sequence[Variant]
    faults: Sequence[FaultCount]

    def as_json(self) -> dict[str, Any]:
        """Return the summary in the words of the command."""
        return {
            "events": self.events,
            "cases": self.cases,
            "activities": self.activities,
            "first_event": self.first_event.isoformat(),
            "last_event": self.last_event.isoformat(),
            "cycle_time_s": dict(self.cycle_time_s),
            "throughput_per_day": self.throughput_per_day,
            "start_activities": dict(self.start_activities),
            "end_activities": dict(self.end_activities),
            "directly_follows": [vars(follow) for follow in self.directly_follows],
            "variants": {"count": self.variant_count, "top": [vars(one) for one in self.variants]},
            "faults": [vars(fault) for fault in self.faults],
        }


def summarise(log: CaseLog, faults: Sequence[FaultCount] = ()) -> Summary:
    """Return the summary of a log with at least one event.

    Cycle time is from first to last event of a case; percentiles interpolate linearly. Throughput is cases divided
    by the days between the first and the last event of the log.
    """
    first, last = int(log.time.min()), int(log.time.max())
    cycle = log.cycle_seconds
    median, p90 = np.percentile(cycle, (50, 90))
    days = (last - first) / SECOND / _DAY_SECONDS
    variants = find_variants(log)
    return Summary(
        events=len(log),
        cases=log.case_count,
        activities=int(np.count_nonzero(np.bincount(log.activity.codes))),
        first_event=_moment(first),
        last_event=_moment(last),
        cycle_time_s={"median": float(median), "mean": float(cycle.mean()), "p90": float(p90)},
        throughput_per_day=log.case_count / days if days else None,
        start_activities=_counted(log, log.first),
        end_activities=_counted(log, log.last),
        directly_follows=directly_follows(log),
        variant_count=len(variants),
        variants=variants[:TOP_VARIANTS],
        faults=tuple(faults),
    )


def directly_follows(log: CaseLog) -> tuple[Follow, ...]:
    """Return every pair of activities that follow each other in a case, the most frequent first."""
    names = log.activity.names
    size = len(names)
    pair = log.activity.codes[log.follows - 1].astype(np.int64) * size + log.activity.codes[log.follows]
    found, compact = (
        np.unique(pair, return_inverse=True) if size * size > len(pair) else _compacted(pair, size)
    )
    order, starts = grouped(compact.astype(np.int32), len(found))
    gaps = log.gap_seconds[order]
    follows = [
        Follow(
            names[int(code) // size],
            names[int(code) % size],
            int(stop - start),
            float(gaps[start:stop].mean()),
            float(np.median(gaps[start:stop])),
        )
        for code, start, stop in zip(found, starts[:-1], starts[1:], strict=True)
    ]
    return tuple(sorted(follows, key=lambda follow: (-follow.count, follow.source, follow.target)))


def _compacted(pair: npt.NDArray[np.int64], size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """What numpy.unique gives, by counting: there are few pairs of activities and many events."""
    is_there = np.bincount(pair, minlength=size * size) > 0
    return np.flatnonzero(is_there), (np.cumsum(is_there) - 1)[pair]


def _counted(log: CaseLog, places: npt.NDArray[np.intp]) -> dict[str, int]:
    counts = np.bincount(log.activity.codes[places], minlength=len(log.activity.names))
    found = sorted(
        ((-int(count), name) for name, count in zip(log.activity.names, counts, strict=True) if count)
    )
    return {name: -count for count, name in found}


def _moment(micros: int) -> datetime:
    seconds, rest = divmod(micros, SECOND)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
