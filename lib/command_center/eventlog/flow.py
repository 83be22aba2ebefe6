"""The flow of cases by day: in, out, in progress; ageing of what is open; and whether L = λW holds, with its reason."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from command_center.eventlog.cases import HOUR
from command_center.eventlog.log import SECOND
from command_center.eventlog.workingtime import WorkingClock, local_days

AGE_EDGES_DAYS = (2, 5, 10)  # 0-2, 3-5, 6-10, more than 10 working days
AGE_NAMES = ("0-2", "3-5", "6-10", ">10")
GROWTH_DAYS = 7
LITTLE_TOLERANCE = 0.10
LittleReason = Literal["holds", "stock_changes", "log_gaps", "too_short"]


def daily_flow(cases: pd.DataFrame, clock: WorkingClock, last_day: int) -> pd.DataFrame:
    """Return one row per local day from the first arrival to `last_day` (numbered since 1970).

    Columns: day, arrived, closed, wip (open at the end of the day), backlog_growth (in less out of the last seven
    days), is_working_day. Cases that arrive after `last_day` do not count.
    """
    opened = local_days(cases["opened"].to_numpy(), clock.timezone)
    ended = local_days(cases["closed"].to_numpy(), clock.timezone)[cases["is_closed"].to_numpy()]
    first = int(opened.min()) if len(opened) else last_day
    size = max(last_day - first + 1, 1)
    arrived, closed = (
        np.bincount(days[days <= last_day] - first, minlength=size)[:size] for days in (opened, ended)
    )
    days = np.arange(first, first + size)
    net = arrived - closed
    growth = np.cumsum(net) - np.concatenate(
        (np.zeros(min(GROWTH_DAYS, size), int), np.cumsum(net)[:-GROWTH_DAYS])
    )
    return pd.DataFrame(
        {
            "day": days,
            "arrived": arrived,
            "closed": closed,
            "wip": np.cumsum(net),
            "backlog_growth": growth,
            "is_working_day": clock.is_working_day(days),
        }
    )


def throughput(flow: pd.DataFrame) -> float:
    """Return the cases closed per working day; NaN without one."""
    days = int(flow["is_working_day"].sum())
    return float(flow["closed"].sum()) / days if days else float("nan")


def ageing(cases: pd.DataFrame, day_seconds: float) -> pd.Series:
    """Return how many open cases are in each class of age, in working days of `day_seconds`; every class is there."""
    ages = cases.loc[~cases["is_closed"], "working_s"].to_numpy() / day_seconds
    places = np.searchsorted(np.array(AGE_EDGES_DAYS, dtype=float) + 1.0, ages, side="right")
    return pd.Series(np.bincount(places, minlength=len(AGE_NAMES)), index=list(AGE_NAMES))


def on_time_share(cases: pd.DataFrame) -> tuple[int, int]:
    """Return the cases closed within their term, and those closed or open past it: the two parts of the share."""
    counted = cases[cases["has_term"]]
    due = counted["is_closed"] | counted["is_late"]
    kept = counted["is_closed"] & ~counted["is_late"]
    return int(kept.sum()), int(due.sum())


@dataclass(frozen=True)
class LittlesLaw:
    """Mean work in progress beside arrivals per day times mean sojourn in days, and why they differ where they do."""

    mean_wip: float
    arrivals_per_day: float
    mean_sojourn_days: float
    reason: LittleReason

    @property
    def expected_wip(self) -> float:
        """λW."""
        return self.arrivals_per_day * self.mean_sojourn_days


def littles_law(cases: pd.DataFrame, start: int, end: int) -> LittlesLaw:
    """Return L = λW over a window of moments (microseconds UTC).

    L is the mean over time, λ the arrivals in the window, W the sojourn of cases that closed in it. They may differ
    by a tenth. Beyond that the reason is `stock_changes` where the stock at both ends explains the gap, and
    `log_gaps` where it does not: events are missing. `too_short` where nothing arrived or closed.
    """
    opened, closed = cases["opened"].to_numpy(), cases["closed"].to_numpy()
    is_closed = cases["is_closed"].to_numpy()
    span = (end - start) / SECOND
    leaves = np.where(is_closed, closed, np.iinfo(np.int64).max)
    inside = np.clip(np.minimum(leaves, end) - np.maximum(opened, start), 0, None) / SECOND
    arrived = (opened >= start) & (opened < end)
    done = is_closed & (closed >= start) & (closed < end)
    if not arrived.any() or not done.any() or span <= 0:
        return LittlesLaw(float(inside.sum() / max(span, 1.0)), 0.0, float("nan"), "too_short")
    day = 24 * HOUR
    mean_wip = float(inside.sum() / span)
    sojourn = float((closed[done] - opened[done]).mean() / SECOND)
    law = LittlesLaw(mean_wip, float(arrived.sum()) / span * day, sojourn / day, "holds")
    if abs(law.expected_wip - mean_wip) <= LITTLE_TOLERANCE * max(mean_wip, 1e-9):
        return law
    at_start, at_end = (int(((opened < moment) & (leaves >= moment)).sum()) for moment in (start, end))
    moved = abs(at_end - at_start) > LITTLE_TOLERANCE * max(mean_wip, 1.0) or arrived.sum() != done.sum()
    return LittlesLaw(
        law.mean_wip, law.arrivals_per_day, law.mean_sojourn_days, "stock_changes" if moved else "log_gaps"
    )
