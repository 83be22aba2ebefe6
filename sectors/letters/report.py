"""The figures of the letters, made once at a refresh: tables by unit, step and month, the process, the trial."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import yaml

from command_center.calendar import WorkingCalendar, load_calendar, load_shifts
from command_center.eventlog import arranged, find_faults, load_life_cycles
from command_center.eventlog.backlogs import find_holiday_backlogs
from command_center.eventlog.cases import Terms
from command_center.eventlog.figures import (
    DAY,
    YEAR_DAYS,
    Desk,
    ageing_tables,
    by_group,
    curve_points,
    facts,
    monthly,
    plain_log,
    step_waits,
    whole,
)
from command_center.eventlog.flow import daily_flow
from command_center.eventlog.keeping import KeptLog, read_kept
from command_center.eventlog.pilot import Trial, trial_tables
from command_center.eventlog.process import process_tables
from command_center.eventlog.workingtime import working_clock
from command_center.regions import load_profile, load_regions
from command_center.settings import Settings

_HERE = Path(__file__).parent
_SPARE = timedelta(days=7)
_OLDEST = 20


def report(settings: Settings, tables: Mapping[str, pd.DataFrame], as_of: date) -> Mapping[str, pd.DataFrame]:
    """Return the tables of the report by name, none where there is no event log."""
    profile = load_profile(settings)
    kept = read_kept(settings, "letters", profile.timezone, uses_samples=profile.uses_samples)
    if kept is None:
        return {}
    rules = yaml.safe_load((_HERE / "terms_and_trial.yml").read_text(encoding="utf-8"))
    desk = _desk(settings, kept, rules, as_of)
    cases = desk.cases()
    plain = plain_log(desk, cases)
    since = desk.as_of - YEAR_DAYS * DAY
    waits, bottlenecks = step_waits(desk, plain)
    ages, oldest = ageing_tables(desk, cases, _OLDEST)
    flow = daily_flow(cases, desk.clock, int(desk.as_of // DAY))
    said = facts(desk, cases, rules["head"]["unit"], rules["head"]["waits_for"])
    said |= {"is_sample": float(kept.is_sample)}
    made = {
        "facts": pd.DataFrame([said]),
        "whole": whole(cases, since),
        "units": by_group(cases, ["unit"], since),
        "urgencies": by_group(cases, ["direction", "urgency"], since),
        "months": monthly(cases, profile.timezone, desk.as_of),
        "curve": curve_points(cases, since),
        "steps": waits,
        "bottlenecks": bottlenecks,
        "backlogs": pd.DataFrame([asdict(one) for one in find_holiday_backlogs(flow)]).astype(str),
        "ages": ages,
        "oldest": oldest,
        "faults": pd.DataFrame(
            [vars(one) for one in (*kept.log.faults, *find_faults(desk.log, desk.cycles))],
            columns=["check", "count"],
        ),
    }
    return made | process_tables(plain, desk.cycles) | _trial(settings, desk, cases, rules, tables)


def _desk(settings: Settings, kept: KeptLog, rules: Mapping[str, Any], as_of: date) -> Desk:
    calendar = load_calendar(settings)
    log = arranged(kept.log)
    end = datetime.combine(as_of, time(0), tzinfo=ZoneInfo(calendar.timezone)) + timedelta(days=1)
    moment = min(int(end.timestamp() * 1e6), int(log.time.max()))
    first = datetime.fromtimestamp(int(log.time.min()) / 1e6, ZoneInfo(calendar.timezone)).date()
    last = datetime.fromtimestamp(int(log.time.max()) / 1e6, ZoneInfo(calendar.timezone)).date()
    clock = working_clock(calendar, first - _SPARE, last + _SPARE)
    day = _day_hours(calendar)
    hours = {
        name: float(term["hours"]) if "hours" in term else term["working_days"] * day
        for name, term in rules["terms"]["by_urgency"].items()
    }
    elapsed = frozenset(name for name, term in rules["terms"]["by_urgency"].items() if "hours" in term)
    terms = Terms(hours, elapsed, otherwise=hours[rules["terms"]["otherwise"]])
    shifts = {
        unit: working_clock(shift, first - _SPARE, last + _SPARE)
        for unit, shift in load_shifts(settings).items()
    }
    return Desk(log, load_life_cycles(_HERE / "life_cycles.yml"), clock, moment, terms, day, shifts)


def _day_hours(calendar: WorkingCalendar) -> float:
    """Hours of a working day, on the average of a week."""
    spans = [
        (datetime.combine(date.min, shut) - datetime.combine(date.min, opened)).total_seconds() / 3600
        for opened, shut in calendar.hours.values()
    ]
    return sum(spans) / len(spans)


def _trial(
    settings: Settings,
    desk: Desk,
    cases: pd.DataFrame,
    rules: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
) -> Mapping[str, pd.DataFrame]:
    regions, said = load_regions(settings), rules["trial"]
    units = [str(code) for code in said["units"]]
    of_level = {
        "kec": [one.code for one in regions.districts],
        "desa": [one.code for one in regions.villages if one.level == "desa"],
    }
    like_it = {
        unit: [code for code in of_level[regions.get(unit).level] if code not in units] for unit in units
    }
    form = tables.get("eoffice_trial", pd.DataFrame())
    zone = ZoneInfo(desk.clock.timezone)
    begun = dict(zip(form["region_code"], form["period"], strict=True)) if len(form) else {}
    starts = {
        unit: int(
            datetime.combine(date.fromisoformat(str(begun.get(unit, said["start"]))), time(0), tzinfo=zone)
            .timestamp()
            * 1e6
        )
        for unit in units
    }  # fmt: skip
    asked = {name: (float(one["value"]), bool(one["at_least"])) for name, one in said["asked"].items()}
    register = tables.get("paper_register", pd.DataFrame())
    if len(register):
        register = register.rename(columns={"region_code": "unit", "period": "day"})
        register = register[register["unit"].isin(units)]
    made = trial_tables(desk, cases, Trial(like_it, starts, asked), register)
    obstacles = form[[name for name in ("region_code", "period", "mode", "obstacles") if name in form]]
    return made | {"form": obstacles.astype(str).reset_index(drop=True)}
