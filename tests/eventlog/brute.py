"""The measures again, event by event in plain Python: what the engine's vectors must equal."""

from collections import Counter, defaultdict
from itertools import pairwise
from statistics import mean, median
from typing import Any

import pandas as pd


def traces(events: pd.DataFrame) -> dict[str, list[tuple[Any, int, str]]]:
    """Events of each case as (time, place in the source, activity), in time, ties by place."""
    found: dict[str, list[tuple[Any, int, str]]] = defaultdict(list)
    for place, row in enumerate(events.itertuples()):
        found[row.id_surat].append((row.waktu, place, row.aktivitas))
    return {case: sorted(rows, key=lambda row: row[:2]) for case, rows in found.items()}


def follows(events: pd.DataFrame) -> dict[tuple[str, str], tuple[int, float, float]]:
    gaps: dict[tuple[str, str], list[float]] = defaultdict(list)
    for rows in traces(events).values():
        for (before, _, source), (after, _, target) in pairwise(rows):
            gaps[source, target].append((after - before).total_seconds())
    return {pair: (len(seconds), mean(seconds), median(seconds)) for pair, seconds in gaps.items()}


def variants(events: pd.DataFrame) -> Counter[tuple[str, ...]]:
    return Counter(tuple(activity for _, _, activity in rows) for rows in traces(events).values())


def cycles(events: pd.DataFrame) -> list[float]:
    return sorted((rows[-1][0] - rows[0][0]).total_seconds() for rows in traces(events).values())


def batch_events(events: pd.DataFrame, size: int, seconds: int) -> int:
    """Events of an actor that lie in some window of `seconds` with at least `size` of its events."""
    count = 0
    for _, rows in events.groupby("aktor_jabatan"):
        times = sorted(moment.timestamp() for moment in rows["waktu"])
        marked = set()
        for at in range(len(times) - size + 1):
            if times[at + size - 1] - times[at] < seconds:
                marked |= set(range(at, at + size))
        count += len(marked)
    return count
