"""The trial as tables: how much of the register is handled electronically, what it gained, what is still on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from command_center.eventlog.figures import DAY, Desk
from command_center.eventlog.log import MISSING
from command_center.eventlog.trial import difference_in_differences, readiness
from command_center.eventlog.waiting import SMALLEST
from command_center.eventlog.workingtime import local_days

# Cases younger than this may be open because they are young: they say nothing about the trial yet.
RIPE_DAYS = 30
ON_PAPER_BELOW = 0.5


@dataclass(frozen=True)
class Trial:
    """What a trial is: its units, those like each of them, where it began (microseconds UTC), what readiness asks.

    `asked` has by name a threshold and whether it is a floor; names are those of `evidence`.
    """

    like_it: Mapping[str, Sequence[str]]
    starts: Mapping[str, int]
    asked: Mapping[str, tuple[float, bool]]


def trial_tables(
    desk: Desk, cases: pd.DataFrame, trial: Trial, register: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the tables effect, share, paper and verdict, each with a column unit.

    `register` has unit, day (ISO text), letters_in, letters_out of the paper register. effect: see `Effect`, with
    `start` ISO; share: period, electronic, registered, share_pct; paper: step, share_pct of the ripe cases of the
    trial that have the step recorded, is_paper below a half;
    rows of fewer than five letters have no numbers; verdict: criterion, value, threshold, at_least, is_met, readiness.
    """
    ripe = cases[(cases["opened"] < desk.as_of - RIPE_DAYS * DAY) & cases["is_plain"]]
    effects, verdicts = [], []
    share = _electronic(desk, cases, trial, register)
    paper = _on_paper(desk, ripe, trial)
    for unit, like_it in trial.like_it.items():
        effect = difference_in_differences(ripe, unit, like_it, trial.starts[unit])
        effects.append({**vars(effect), "is_clear": effect.is_clear, "start": _day(trial.starts[unit], desk)})
        evidence = _evidence(unit, effect.percent, share, paper, cases, trial.starts[unit])
        verdict = readiness(unit, evidence, trial.asked)
        verdicts += [
            {"unit": unit, "readiness": verdict.readiness, "criterion": one.name, "value": one.value,
             "threshold": one.threshold, "at_least": one.at_least, "is_met": one.is_met}
            for one in verdict.criteria
        ]  # fmt: skip
    return {
        "effect": pd.DataFrame(effects),
        "share": _hidden(share, "registered", ["electronic", "registered", "share_pct"]),
        "paper": paper,
        "verdict": pd.DataFrame(verdicts),
    }


def _hidden(table: pd.DataFrame, count: str, columns: list[str]) -> pd.DataFrame:
    """The table without the numbers of rows that rest on fewer than five letters."""
    return table.assign(**{name: table[name].where(table[count] >= SMALLEST) for name in columns})


def _evidence(
    unit: str, gained: float, share: pd.DataFrame, paper: pd.DataFrame, cases: pd.DataFrame, start: int
) -> dict[str, float | None]:
    own = share[share["unit"].eq(unit)]
    steps = paper[paper["unit"].eq(unit)]
    mine = cases[cases["unit"].astype("str").eq(unit) & (cases["opened"] >= start) & cases["has_term"]]
    due = mine[mine["is_closed"] | mine["is_late"]]
    registered = float(own["registered"].sum())
    return {
        "electronic_pct": 100 * float(own["electronic"].sum()) / registered if registered else None,
        "time_change_pct": None if np.isnan(gained) else gained,
        "recorded_steps_pct": float(steps["share_pct"].min()) if steps["share_pct"].notna().any() else None,
        "on_time_pct": 100 * float((~due["is_late"]).mean()) if len(due) else None,
    }


def _electronic(desk: Desk, cases: pd.DataFrame, trial: Trial, register: pd.DataFrame) -> pd.DataFrame:
    columns = ["unit", "period", "electronic", "registered", "share_pct"]
    if register.empty:
        return pd.DataFrame(columns=columns)
    written = register.assign(
        period=register["day"].astype("str").str[:7],
        registered=register[["letters_in", "letters_out"]].astype(float).sum(axis=1),
    )
    counted = written.groupby(["unit", "period"])["registered"].sum()
    days = local_days(cases["opened"].to_numpy(), desk.clock.timezone).astype("datetime64[D]")
    months = pd.Series(days.astype("datetime64[M]").astype(str), index=cases.index)
    in_register = set(zip(written["unit"], written["day"].astype("str").str[:10], strict=True))
    mine = cases["unit"].astype("str").isin(list(trial.like_it))
    seen = [
        (unit, str(day)) in in_register
        for unit, day in zip(cases.loc[mine, "unit"].astype("str"), days[mine.to_numpy()], strict=True)
    ]
    chosen = cases[mine][np.array(seen, dtype=bool)]
    handled = chosen.groupby([chosen["unit"].astype("str"), months.reindex(chosen.index)]).size()
    table = counted.to_frame().assign(electronic=handled.reindex(counted.index, fill_value=0)).reset_index()
    share = 100 * table["electronic"] / table["registered"].where(table["registered"] > 0)
    return table.assign(share_pct=share)[columns]


def _on_paper(desk: Desk, ripe: pd.DataFrame, trial: Trial) -> pd.DataFrame:
    rows = []
    for unit, start in trial.starts.items():
        own = ripe[ripe["unit"].astype("str").eq(unit) & (ripe["opened"] >= start)]
        for cycle in desk.cycles.by_name.values():
            members = own.index[own["direction"].astype("str").eq(cycle.name)]
            if not len(members):
                continue
            for step in (one for one in cycle.steps if one not in cycle.optional):
                has = _has(desk, step)[members]
                rows.append({"unit": unit, "cycle": cycle.name, "step": step, "cases": len(members),
                             "share_pct": 100 * float(has.mean())})  # fmt: skip
    table = pd.DataFrame(rows, columns=["unit", "cycle", "step", "cases", "share_pct"])
    table = _hidden(table, "cases", ["share_pct", "cases"])
    return table.assign(is_paper=table["share_pct"] < 100 * ON_PAPER_BELOW)


def _has(desk: Desk, step: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    found = np.zeros(desk.log.case_count, dtype=np.bool_)
    code = desk.log.activity.code_of(step)
    if code != MISSING:
        found[desk.log.case[desk.log.activity.codes == code]] = True
    return found


def _day(moment: int, desk: Desk) -> str:
    return str(local_days(np.array([moment]), desk.clock.timezone).astype("datetime64[D]")[0])
