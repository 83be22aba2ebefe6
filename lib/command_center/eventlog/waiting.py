"""Where cases wait: the gap before each step, by step and unit, and the cell that waits longer than it used to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu

from command_center.eventlog.cases import HOUR
from command_center.eventlog.categories import categories
from command_center.eventlog.log import MISSING
from command_center.eventlog.ordering import CaseLog
from command_center.eventlog.workingtime import WorkingClock, seconds_by_unit

SMALLEST = 5
# A finding needs a p90 half as long again as in its own past, and a chance of error of 1 in 100 over all cells.
LONGER, FAMILY_ERROR = 1.5, 0.01
FEWEST_TO_TEST = 20


@dataclass(frozen=True)
class Bottleneck:
    """A step of a unit that waits longer than it used to; hours are working hours."""

    step: str
    unit: str
    hours: float
    share: float
    count: int
    p90_hours: float
    p90_before_hours: float


def waits(
    log: CaseLog, clock: WorkingClock, shifts: Mapping[str, WorkingClock] | None = None
) -> pd.DataFrame:
    """Return one row per event that follows another: step, unit (categories), at, elapsed_h, working_h.

    Working hours are by `clock`, of units in `shifts` by their own.
    """
    at = log.follows
    unit = log.attributes.get("unit")
    units = categories(unit.codes[at], unit.names) if unit else categories(np.full(len(at), MISSING), ())
    return pd.DataFrame(
        {
            "step": categories(log.activity.codes[at], log.activity.names),
            "unit": units,
            "at": log.time[at],
            "elapsed_h": log.gap_seconds / HOUR,
            "working_h": seconds_by_unit(
                (clock, shifts or {}), log.time[at - 1], log.time[at], unit.take(at) if unit else None
            )
            / HOUR,
        }
    )


def waiting_by(gaps: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return count, sum, median and p90 of the working hours waited, by the keys; cells of fewer than five are hidden."""
    grouped = gaps.groupby(keys, observed=True)["working_h"]
    found = grouped.agg(count="size", hours="sum", median_h="median").assign(p90_h=grouped.quantile(0.9))
    found = found[found["count"] >= SMALLEST].reset_index()
    ordered: pd.DataFrame = found.sort_values(
        ["hours", "count"], ascending=False, kind="stable", ignore_index=True
    )
    return ordered


def find_bottlenecks(gaps: pd.DataFrame, since: int) -> tuple[Bottleneck, ...]:
    """Return the steps of units that wait longer since a moment than before it, the most waiting hours first.

    Each cell is compared with its own past by a rank test (Mann and Whitney), Holm-corrected over all cells, and must
    have a p90 half as long again: neither a large unit nor a slow trade is a bottleneck for that alone.
    """
    recent = gaps["at"] >= since
    rows = []
    total = float(gaps.loc[recent, "working_h"].sum())
    groups = gaps.assign(recent=recent).groupby(["step", "unit"], observed=True)
    for (step, unit), cell in groups:
        now = cell.loc[cell["recent"], "working_h"].to_numpy()
        past = cell.loc[~cell["recent"], "working_h"].to_numpy()
        if min(len(now), len(past)) >= FEWEST_TO_TEST:
            chance = float(mannwhitneyu(now, past, alternative="greater").pvalue)
            p90, before = float(np.quantile(now, 0.9)), float(np.quantile(past, 0.9))
            found = Bottleneck(str(step), str(unit), float(now.sum()), float(now.sum()) / total if total else 0.0,
                               len(now), p90, before)  # fmt: skip
            rows.append((chance, found))
    rows.sort(key=lambda row: row[0])
    kept = []
    for rank, (chance, found) in enumerate(rows):
        if chance > FAMILY_ERROR / (len(rows) - rank):
            break
        if found.p90_hours >= LONGER * found.p90_before_hours:
            kept.append(found)
    return tuple(sorted(kept, key=lambda one: -one.hours))
