"""The figures of a log as tables, made once: by unit, month, urgency, direction and step; the stock and its age.

Cases classified above the plain class are counted and nothing else. Groups of fewer than five show no times.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from command_center.eventlog.cases import HOUR, Terms, case_table
from command_center.eventlog.flow import AGE_EDGES_DAYS, AGE_NAMES, daily_flow, littles_law, throughput
from command_center.eventlog.lifecycles import LifeCycles
from command_center.eventlog.log import SECOND
from command_center.eventlog.ordering import CaseLog
from command_center.eventlog.selecting import of_cases
from command_center.eventlog.survival import kaplan_meier
from command_center.eventlog.waiting import SMALLEST, find_bottlenecks, waiting_by, waits
from command_center.eventlog.workingtime import WorkingClock, local_days

DAY = 86_400 * SECOND
YEAR_DAYS, RECENT_DAYS = 365, 42
_QUANTILE_POINTS = 60


@dataclass(frozen=True, eq=False)
class Desk:
    """A log with all that its figures rest on; `as_of` is the moment (microseconds UTC) up to which it is read."""

    log: CaseLog
    cycles: LifeCycles
    clock: WorkingClock
    as_of: int
    terms: Terms
    day_hours: float
    # The clocks of units with hours of their own.
    shifts: Mapping[str, WorkingClock] = field(default_factory=dict)

    def cases(self) -> pd.DataFrame:
        """Return one row per case: see `case_table`."""
        return case_table(self.log, self.cycles, self.clock, self.as_of, self.terms, shifts=self.shifts)


def plain_log(desk: Desk, cases: pd.DataFrame) -> CaseLog:
    """Return the cases that are not classified above the plain class."""
    return of_cases(desk.log, cases["is_plain"].to_numpy())


def by_group(cases: pd.DataFrame, keys: list[str], since: int) -> pd.DataFrame:
    """Return one row per group of the cases that arrived, closed or were open since a moment (microseconds UTC).

    Columns: the keys; arrived, closed, open, late (open over term), kept and due (the parts of the share on time),
    counts; on_time_pct; median_h and p90_h (working hours of closed plain cases), km_median_h (open ones
    included), handoffs, returns and dispositions per case. Times are NaN in groups of fewer than five.
    """
    recent = cases[(cases["opened"] >= since) | (cases["closed"] >= since) | ~cases["is_closed"]]
    rows = [
        {**dict(zip(keys, name, strict=True)), **_row(group, since)}
        for name, group in recent.groupby(keys, observed=True)
    ]
    found = pd.DataFrame(rows)
    return found.sort_values("arrived", ascending=False, ignore_index=True) if len(found) else found


def whole(cases: pd.DataFrame, since: int) -> pd.DataFrame:
    """Return the row of all cases, columns as `by_group` without keys."""
    return pd.DataFrame([_row(cases, since)])


def _row(group: pd.DataFrame, since: int) -> dict[str, float]:
    is_closed = group["is_closed"].to_numpy()
    arrived = group["opened"].to_numpy() >= since
    closed = is_closed & (group["closed"].to_numpy() >= since)
    late, term = group["is_late"].to_numpy(), group["has_term"].to_numpy()
    open_late = ~is_closed & late
    kept = int((closed & term & ~late).sum())
    due = int((closed & term).sum() + (open_late & term).sum())
    row: dict[str, float] = {
        "arrived": int(arrived.sum()), "closed": int(closed.sum()), "open": int((~is_closed).sum()),
        "late": int(open_late.sum()), "kept": kept, "due": due,
        "on_time_pct": 100 * kept / due if due >= SMALLEST else float("nan"),
    }  # fmt: skip
    return row | _times(group[group["is_plain"]], since)


def _times(group: pd.DataFrame, since: int) -> dict[str, float]:
    nothing = float("nan")
    names = ("median_h", "p90_h", "km_median_h", "km_p90_h", "median_days", "handoffs", "returns", "depth")
    arrived = group[group["opened"] >= since]
    done = group[group["is_closed"] & (group["closed"] >= since)]
    if min(len(done), len(arrived)) < SMALLEST:
        return dict.fromkeys(names, nothing)
    hours = done["working_s"].to_numpy() / HOUR
    curve = kaplan_meier(arrived["working_s"].to_numpy() / HOUR, arrived["is_closed"].to_numpy())
    values = (
        float(np.median(hours)), float(np.quantile(hours, 0.9)), curve.quantile(0.5), curve.quantile(0.9),
        float(np.median(done["elapsed_s"].to_numpy()) / HOUR / 24), float(arrived["handoffs"].mean()),
        float((arrived["returns"] > 0).mean()), float(arrived["dispositions"].mean()),
    )  # fmt: skip
    return dict(zip(names, values, strict=True))


def curve_points(cases: pd.DataFrame, since: int) -> pd.DataFrame:
    """Return hours and still_open_pct of the Kaplan-Meier curve of plain cases that arrived since a moment."""
    chosen = cases[cases["is_plain"] & (cases["opened"] >= since)]
    curve = kaplan_meier(chosen["working_s"].to_numpy() / HOUR, chosen["is_closed"].to_numpy())
    if not len(curve.times):
        return pd.DataFrame({"hours": [], "still_open_pct": []})
    at = np.linspace(0.0, float(np.quantile(chosen["working_s"] / HOUR, 0.99)), _QUANTILE_POINTS)
    return pd.DataFrame({"hours": at, "still_open_pct": [100 * curve.at(float(hour)) for hour in at]})


def monthly(cases: pd.DataFrame, timezone: str, as_of: int) -> pd.DataFrame:
    """Return arrived, closed and open at the end by unit ("" is all) and month; numbers below five are NaN, units' only."""
    opened = _months(cases["opened"].to_numpy(), timezone)
    closed = _months(cases["closed"].to_numpy(), timezone)
    units = cases["unit"].astype("str")
    parts = []
    for name, keys in (("", pd.Series("", index=cases.index)), ("unit", units)):
        arrived = pd.Series(1, index=pd.MultiIndex.from_arrays([keys, opened])).groupby(level=[0, 1]).sum()
        done = cases["is_closed"].to_numpy()
        left = (
            pd.Series(1, index=pd.MultiIndex.from_arrays([keys[done], closed[done]]))
            .groupby(level=[0, 1])
            .sum()
        )
        months = pd.period_range(opened.min(), _months(np.array([as_of]), timezone)[0], freq="M").astype(str)
        grid = pd.MultiIndex.from_product([sorted(set(keys)), months], names=["unit", "period"])
        table = pd.DataFrame(
            {"arrived": arrived.reindex(grid, fill_value=0), "closed": left.reindex(grid, fill_value=0)}
        )
        net = (table["arrived"] - table["closed"]).groupby(level=0).cumsum()
        table = table.assign(open=net).astype(float)
        parts.append((table.where(table >= SMALLEST) if name else table).reset_index())
    return pd.concat(parts, ignore_index=True)


def _months(moments: "np.ndarray[tuple[int], np.dtype[np.int64]]", timezone: str) -> pd.Index:
    days = local_days(moments, timezone).astype("datetime64[D]")
    months: pd.Index = pd.Index(days.astype("datetime64[M]").astype(str))
    return months


def step_waits(desk: Desk, log: CaseLog) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the waits before each step over the last year by step and unit ("" is all), and the bottlenecks found."""
    gaps = waits(log, desk.clock, desk.shifts)
    recent = gaps[gaps["at"] >= desk.as_of - YEAR_DAYS * DAY]
    of_all = waiting_by(recent, ["step"]).assign(unit="")
    of_units = waiting_by(recent, ["step", "unit"])
    columns = ["step", "unit", "count", "hours", "median_h", "p90_h"]
    table = pd.concat([of_all.astype({"step": "str"}), of_units.astype({"step": "str", "unit": "str"})])[
        columns
    ]
    found = find_bottlenecks(gaps, desk.as_of - RECENT_DAYS * DAY)
    bottlenecks = pd.DataFrame(
        [vars(one) for one in found],
        columns=["step", "unit", "hours", "share", "count", "p90_hours", "p90_before_hours"],
    )
    return table.reset_index(drop=True), bottlenecks


def ageing_tables(desk: Desk, cases: pd.DataFrame, oldest: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the open cases by unit ("" is all) and class of age, and the oldest plain ones with number and unit only."""
    opened = cases[~cases["is_closed"]]
    days = opened["working_s"].to_numpy() / HOUR / desk.day_hours
    place = np.searchsorted(np.array(AGE_EDGES_DAYS, dtype=float) + 1.0, days, side="right")
    age = pd.Series(np.array(AGE_NAMES)[place], index=opened.index)
    units = opened["unit"].astype("str")
    counts = pd.concat(
        [
            pd.crosstab(keys, age).reindex(columns=list(AGE_NAMES), fill_value=0)
            for keys in (pd.Series("", index=opened.index), units)
        ]
    )
    names = pd.Series(np.array(desk.log.case_names, dtype=object)[opened.index], index=opened.index)
    listed = pd.DataFrame({"number": names, "unit": units, "age": age, "days": np.floor(days),
                           "is_late": opened["is_late"]})  # fmt: skip
    plain = listed[opened["is_plain"]].sort_values(["days", "number"], ascending=[False, True])
    counts.index.name = "unit"
    return counts.reset_index(), plain.groupby("unit", sort=False).head(oldest).reset_index(drop=True)


def facts(desk: Desk, cases: pd.DataFrame, head_unit: str, waits_for: str) -> dict[str, float | str]:
    """Return the single figures of the log by name: the strip's, throughput, and Little's law with its reason."""
    last = desk.as_of // DAY
    flow = daily_flow(cases, desk.clock, int(last))
    year = flow.tail(YEAR_DAYS)
    law = littles_law(cases, desk.as_of - YEAR_DAYS * DAY, desk.as_of)
    week = flow.tail(7)
    return {
        "events": float(len(desk.log)), "cases": float(desk.log.case_count),
        "arrived_7d": float(week["arrived"].sum()), "closed_7d": float(week["closed"].sum()),
        "late": float((~cases["is_closed"] & cases["is_late"]).sum()),
        "open": float((~cases["is_closed"]).sum()),
        "waiting_head": float(_waiting(desk, cases, head_unit, waits_for)),
        "throughput": throughput(year), "backlog_growth": float(flow["backlog_growth"].iloc[-1]),
        "mean_wip": law.mean_wip, "expected_wip": law.expected_wip,
        "arrivals_per_day": law.arrivals_per_day, "sojourn_days": law.mean_sojourn_days,
        "little": law.reason,
    }  # fmt: skip


def _waiting(desk: Desk, cases: pd.DataFrame, unit: str, step: str) -> int:
    """Open cases of a unit whose next step in their life cycle is the given one."""
    cycle = next((one for one in desk.cycles.by_name.values() if step in one.steps), None)
    if cycle is None:
        return 0
    before = set(cycle.steps[: cycle.steps.index(step)])
    at = pd.Series(np.array(desk.log.activity.names, dtype=object)[desk.log.activity.codes[desk.log.last]])
    is_there = cases["unit"].astype("str").eq(unit) & cases["direction"].astype("str").eq(cycle.name)
    return int((~cases["is_closed"] & is_there & at.isin(before).to_numpy()).sum())
