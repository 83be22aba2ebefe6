"""Samples with and without something planted, and what the engine finds in them."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from command_center.calendar import load_calendar
from command_center.eventlog import arranged, load_life_cycles
from command_center.eventlog.backlogs import find_holiday_backlogs
from command_center.eventlog.cases import Terms, case_table
from command_center.eventlog.flow import daily_flow
from command_center.eventlog.trial import difference_in_differences
from command_center.eventlog.waiting import find_bottlenecks, waits
from command_center.eventlog.workingtime import WorkingClock, working_clock
from command_center.regions import load_agencies, load_regions
from command_center.settings import Settings
from sectors.letters.sample_events import (
    BOTTLENECK_DAYS,
    DAY_US,
    SECRETARIAT,
    TRIAL_DAYS,
    Plants,
    SampleUnit,
    all_plants,
    make_events,
)

SETTINGS = Settings(Path(__file__).resolve().parents[2])
TRIAL = ("33.16.09", "33.16.09.2028")
AS_OF = (date(2026, 11, 24) - date(1970, 1, 1)).days * DAY_US
CYCLES = load_life_cycles(SETTINGS.sectors_dir / "letters" / "life_cycles.yml")
PLANTED = all_plants(SECRETARIAT, TRIAL)
NOTHING = Plants()
# Letters younger than this may be open because they are young: they say nothing about the trial yet.
RIPE_DAYS = 30


@dataclass(frozen=True)
class Found:
    """What was found in a sample."""

    bottlenecks: tuple[tuple[str, str], ...]
    backlogs: int
    trial: bool
    clear_trials: int


@cache
def units() -> tuple[SampleUnit, ...]:
    """45 agencies (those of the reference, then numbered ones), every sub-district, every village."""
    day = date(2026, 11, 24)
    known = [one.code for one in load_agencies(SETTINGS).of_kind("opd", day)]
    opd = [*known, *(f"X.{at:02d}" for at in range(45 - len(known)))]
    regions = load_regions(SETTINGS)
    return (
        *(SampleUnit(code, "opd") for code in opd),
        *(SampleUnit(one.code, "kecamatan") for one in regions.districts),
        *(SampleUnit(one.code, "desa") for one in regions.villages),
    )


@cache
def clock() -> WorkingClock:
    return working_clock(load_calendar(SETTINGS), date(2024, 10, 1), date(2026, 11, 24) + timedelta(days=900))


def sample(seed: int, plants: Plants):
    return make_events(units(), clock(), AS_OF, np.random.default_rng(seed), plants)


def look(seed: int, plants: Plants) -> Found:
    log = arranged(sample(seed, plants))
    cases = case_table(log, CYCLES, clock(), AS_OF, Terms({}))
    gaps = waits(log, clock())
    bottlenecks = find_bottlenecks(gaps, AS_OF - BOTTLENECK_DAYS * DAY_US)
    flow = daily_flow(cases, clock(), AS_OF // DAY_US - 1)
    start = AS_OF - TRIAL_DAYS * DAY_US
    ripe = cases[cases["opened"] < AS_OF - RIPE_DAYS * DAY_US]
    like_it = [one.code for one in units() if one.kind == "kecamatan" and one.code not in TRIAL]
    effect = difference_in_differences(ripe, TRIAL[0], like_it, start, confidence=0.99)
    return Found(
        tuple((one.step, one.unit) for one in bottlenecks),
        len(find_holiday_backlogs(flow)),
        effect.is_clear and effect.high < 0,
        int(effect.is_clear),
    )
