"""An invented log of letters, stamped DATA CONTOH wherever it shows: a calendar's rhythm, and what is planted in it.

Planted, each by itself and each with its place, so that a test can look for it: a bottleneck (disposition at one
unit in the last weeks), a backlog after the longest holiday, an effect of the trial. Nothing else differs by design.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from command_center.calendar import load_calendar
from command_center.eventlog import EventLog, Labels
from command_center.eventlog.workingtime import WorkingClock, working_clock
from command_center.samples import World
from command_center.settings import Settings

DAY_US = 86_400_000_000
HOUR_S = 3_600.0
YEARS, LETTERS_A_YEAR = 2, 40_000
INCOMING = 0.65
# Steps with the median of the wait before them in working hours, and how often a letter takes them.
STEPS_IN = (
    ("diterima", 0.0, 1.0), ("diregistrasi", 0.8, 1.0), ("diverifikasi", 1.2, 1.0), ("diajukan", 1.5, 1.0),
    ("didisposisi", 4.0, 1.0), ("diteruskan", 1.0, 0.5), ("dibaca", 2.0, 0.97), ("ditindaklanjuti", 6.0, 1.0),
    ("dijawab", 4.0, 0.4), ("selesai", 2.0, 1.0), ("diarsipkan", 3.0, 0.8),
)  # fmt: skip
STEPS_OUT = (
    ("dikonsep", 0.0, 1.0), ("diparaf", 2.0, 1.0), ("dikembalikan", 2.0, 0.12), ("diparaf", 1.5, 0.35),
    ("disetujui", 2.0, 1.0), ("ditandatangani TTE", 3.0, 1.0), ("dinomori", 0.5, 1.0), ("dikirim", 0.5, 1.0),
    ("diterima tujuan", 1.0, 0.7), ("diarsipkan", 3.0, 0.8),
)  # fmt: skip
SCATTER, UNIT_SCATTER, SERVING = 0.7, 0.2, 0.02
WEEKDAYS = (1.25, 1.05, 1.0, 0.95, 0.75)
URGENCY = {"biasa": 0.7, "penting": 0.16, "segera": 0.1, "amat segera": 0.04}
SECURITY = {"biasa": 0.95, "terbatas": 0.03, "rahasia": 0.018, "sangat rahasia": 0.002}
WEIGHTS = {"opd": 1.0, "kecamatan": 0.45, "desa": 0.05}
POSTS = ("agendaris", "sekretaris", "pimpinan", "pelaksana")
BOTTLENECK_DAYS, TRIAL_DAYS = 42, 240


@dataclass(frozen=True)
class Plants:
    """What is planted; None or 1 plants nothing. Factors multiply waits; `holiday_days` are days' worth of letters."""

    bottleneck_unit: str | None = None
    bottleneck_factor: float = 3.0
    holiday_days: float = 0.0
    trial_units: tuple[str, ...] = ()
    trial_factor: float = 0.6


def all_plants(bottleneck_unit: str, trial_units: Sequence[str]) -> Plants:
    """Return the plants of the sample that is shown."""
    return Plants(bottleneck_unit, holiday_days=4.0, trial_units=tuple(trial_units))


@dataclass(frozen=True)
class SampleUnit:
    """A unit that letters go through: its code, and opd, kecamatan or desa."""

    code: str
    kind: str


TRIAL_UNITS = ("33.16.09", "33.16.09.2028")
OPD_COUNT = 45


def sample_log(settings: Settings, world: World) -> EventLog:
    """Return the log of the sample that is shown: all agencies, sub-districts and villages, everything planted."""
    as_of = world.as_of
    # Waits that have begun run on after the day; what lies there has not happened yet.
    clock = working_clock(load_calendar(settings), as_of - timedelta(days=800), as_of + timedelta(days=900))
    moment = int(np.datetime64(as_of, "us").astype(np.int64))
    plants = all_plants(SECRETARIAT, TRIAL_UNITS)
    return make_events(sample_units(world), clock, moment, world.chance("letters.events"), plants)


def sample_units(world: World) -> tuple[SampleUnit, ...]:
    """Return 45 agencies (those of the reference, then numbered ones), every sub-district and every village."""
    known = [one.code for one in world.agencies.of_kind("opd", world.as_of)]
    opd = [*known, *(f"X.{at:02d}" for at in range(OPD_COUNT - len(known)))]
    return (
        *(SampleUnit(code, "opd") for code in opd),
        *(SampleUnit(code, "kecamatan") for code in world.districts),
        *(SampleUnit(code, "desa") for code in world.villages),
    )


def make_events(
    units: Sequence[SampleUnit], clock: WorkingClock, as_of: int, chance: np.random.Generator, plants: Plants
) -> EventLog:
    """Return the events of two years up to `as_of` (microseconds UTC); what lies later has not happened yet."""
    first = int(as_of // DAY_US) - 365 * YEARS
    opened = _arrivals(clock, first, int(as_of // DAY_US), chance, plants)
    count = len(opened)
    weights = np.array([WEIGHTS[unit.kind] for unit in units])
    unit = chance.choice(len(units), count, p=weights / weights.sum())
    if plants.bottleneck_unit is not None or any(one.code == SECRETARIAT for one in units):
        unit = _through_secretariat(units, unit, chance)
    incoming = chance.random(count) < INCOMING
    parts = [
        _steps(
            np.flatnonzero(incoming == is_in), steps, (opened, unit), (units, clock, as_of, plants), chance
        )
        for is_in, steps in ((True, STEPS_IN), (False, STEPS_OUT))
    ]
    case, activity, time, post = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    happened = time <= as_of
    order = np.flatnonzero(happened)[np.argsort(time[happened], kind="stable")]
    case, activity, time, post = case[order], activity[order], time[order], post[order]
    kept = np.unique(case)
    case = np.searchsorted(kept, case)
    unit, incoming = unit[kept], incoming[kept]
    attributes = {
        "unit": Labels(unit[case].astype(np.int32), tuple(one.code for one in units)),
        "resource": Labels((unit[case] * len(POSTS) + post).astype(np.int32),
                           tuple(f"{one.code}/{name}" for one in units for name in POSTS)),
        "direction": Labels(np.where(incoming, 0, 1)[case].astype(np.int32), ("masuk", "keluar")),
        "urgency": _drawn(URGENCY, case, len(kept), chance),
        "security": _drawn(SECURITY, case, len(kept), chance),
    }  # fmt: skip
    names = tuple(dict.fromkeys(name for name, _, _ in (*STEPS_IN, *STEPS_OUT)))
    cases = Labels(case.astype(np.int32), tuple(f"CONTOH-{at:06d}" for at in range(len(kept))))
    return EventLog(cases, Labels(activity.astype(np.int32), names), time, attributes)


SECRETARIAT = "4.01.01.03"
SECRETARIAT_SHARE = 0.06


def _through_secretariat(
    units: Sequence[SampleUnit], unit: npt.NDArray[np.intp], chance: np.random.Generator
) -> npt.NDArray[np.intp]:
    """A share of all letters is for the head of the region and waits at the secretariat."""
    place = next((at for at, one in enumerate(units) if one.code == SECRETARIAT), None)
    if place is None:
        return unit
    return np.where(chance.random(len(unit)) < SECRETARIAT_SHARE, place, unit)


def _arrivals(
    clock: WorkingClock, first: int, last: int, chance: np.random.Generator, plants: Plants
) -> npt.NDArray[np.int64]:
    """Moments of arrival: office hours of working days, more on Mondays; in one holiday also, where planted."""
    days = np.arange(first, last + 1)
    working = clock.is_working_day(days)
    weekday = (days + 3) % 7  # 1 January 1970 was a Thursday
    rate = LETTERS_A_YEAR / 365 * 7 / 5 * np.where(working, np.append(WEEKDAYS, (0.0, 0.0))[weekday], 0.0)
    if plants.holiday_days:
        begin, end = longest_run(~working)
        rate[begin:end] = LETTERS_A_YEAR / 365 * 7 / 5 * plants.holiday_days / (end - begin)
    arrived = np.repeat(days, chance.poisson(rate))
    place = arrived - clock.first
    opens = np.where(clock.lasts[place] > 0, clock.opens[place], 8 * HOUR_S)
    lasts = np.where(clock.lasts[place] > 0, clock.lasts[place], 8 * HOUR_S)
    local = (arrived * 86_400.0 + opens + chance.random(len(arrived)) * lasts) * 1e6
    offset = _offset(clock, first)
    return (local - offset).astype(np.int64)


def longest_run(off: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Return where the longest run of days off begins and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], off.astype(int), [0]))))
    starts, ends = edges[::2], edges[1::2]
    at = int(np.argmax(ends - starts))
    return int(starts[at]), int(ends[at])


def _offset(clock: WorkingClock, day: int) -> int:
    """Microseconds that local time is ahead of UTC; the sample's zone keeps no summer time."""
    noon = clock.before[day - clock.first]
    moment = int(clock.moments_at(np.array([noon + 1.0]))[0])
    place = int(np.searchsorted(clock.before, noon, side="right")) - 1
    return int((place + clock.first) * DAY_US + (clock.opens[place] + 1.0) * 1e6) - moment


def _steps(
    cases: npt.NDArray[np.intp],
    steps: Sequence[tuple[str, float, float]],
    drawn: tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]],
    world: tuple[Sequence[SampleUnit], WorkingClock, int, Plants],
    chance: np.random.Generator,
) -> tuple[npt.NDArray[np.intp], ...]:
    """Case, activity, moment and post of every step of letters of one direction."""
    units, clock, as_of, plants = world
    opened, unit = drawn[0][cases], drawn[1][cases]
    pace = np.exp(chance.normal(0.0, UNIT_SCATTER, len(units)))[unit]
    medians = np.array([median for _, median, _ in steps])
    shape = (len(cases), len(steps))
    waits = medians * HOUR_S * np.exp(chance.normal(0.0, SCATTER, shape)) * pace[:, None]
    taken = chance.random(shape) < np.array([share for _, _, share in steps])
    waits = np.where(taken, waits, 0.0)
    codes = [one.code for one in units]
    on_trial = np.isin(unit, [codes.index(code) for code in plants.trial_units if code in codes])
    waits[on_trial & (opened >= as_of - TRIAL_DAYS * DAY_US)] *= plants.trial_factor
    names = [name for name, _, _ in steps]
    if plants.bottleneck_unit in codes and "didisposisi" in names:
        slow = (unit == codes.index(plants.bottleneck_unit)) & (opened >= as_of - BOTTLENECK_DAYS * DAY_US)
        waits[slow, names.index("didisposisi")] *= plants.bottleneck_factor
    worked = clock.worked(opened)[:, None] + np.cumsum(waits, axis=1)
    # A few letters stop somewhere and wait for good.
    stops = np.where(
        chance.random(len(cases)) < SERVING, chance.integers(1, len(steps), len(cases)), len(steps)
    )
    keep = taken & (np.arange(len(steps)) < stops[:, None])
    keep[:, 0] = True
    moments = clock.moments_at(worked.ravel()).reshape(shape).copy()
    moments[:, 0] = opened
    row, step = np.nonzero(keep)
    every = tuple(dict.fromkeys(name for name, _, _ in (*STEPS_IN, *STEPS_OUT)))
    activity = np.array([every.index(name) for name in names])[step]
    post = np.minimum(step * len(POSTS) // len(steps), len(POSTS) - 1)
    return cases[row], activity, moments[row, step], post


def _drawn(
    shares: dict[str, float], case: npt.NDArray[np.intp], count: int, chance: np.random.Generator
) -> Labels:
    of_case = chance.choice(len(shares), count, p=list(shares.values()))
    return Labels(of_case[case].astype(np.int32), tuple(shares))
