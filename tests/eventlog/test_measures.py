"""The measures of letters equal what plain Python counts, case by case."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from command_center.calendar import load_calendar
from command_center.eventlog import load_life_cycles
from command_center.eventlog.cases import Terms, case_table
from command_center.eventlog.flow import (
    ageing,
    daily_flow,
    littles_law,
    on_time_share,
    throughput,
)
from command_center.eventlog.trial import difference_in_differences, readiness
from command_center.eventlog.waiting import find_bottlenecks, waiting_by, waits
from command_center.eventlog.workingtime import clock_of, local_days
from command_center.settings import Settings
from tests.eventlog.brute import traces
from tests.eventlog.logs import as_cases, random_events

SETTINGS = Settings(Path(__file__).resolve().parents[2])
CALENDAR = load_calendar(SETTINGS)
CYCLES = load_life_cycles(SETTINGS.sectors_dir / "letters" / "life_cycles.yml")
AS_OF = round(datetime(2026, 3, 20, tzinfo=UTC).timestamp() * 1e6)
TERMS = Terms({"segera": 48.0, "biasa": 20.0}, frozenset({"segera"}))
DAY_US = 86_400_000_000


def letters(seed: int) -> pd.DataFrame:
    events = random_events(seed, cases=80)
    chance = np.random.default_rng(seed)
    cases = events["id_surat"].unique()
    sifat = dict(zip(cases, chance.choice(["segera", "biasa"], len(cases)), strict=True))
    aman = dict(zip(cases, chance.choice(["biasa", "rahasia"], len(cases), p=[0.9, 0.1]), strict=True))
    return events.assign(
        sifat=events["id_surat"].map(sifat), keamanan=events["id_surat"].map(aman), arah="masuk"
    )


@pytest.mark.parametrize("seed", range(6))
def test_every_column_of_the_case_table_equals_plain_python(seed: int) -> None:
    events = letters(seed)
    log = as_cases(events)
    found = case_table(log, CYCLES, clock_of(CALENDAR, np.append(log.time, AS_OF)), AS_OF, TERMS)
    rows = traces(events)
    for number, case in enumerate(log.case_names):
        steps = [
            (moment, place, activity, events["unit"].iloc[place]) for moment, place, activity in rows[case]
        ]
        ends = [moment for moment, _, activity, _ in steps if activity in CYCLES.closing]
        end = ends[0].to_pydatetime() if ends else datetime.fromtimestamp(AS_OF / 1e6, UTC)
        start = steps[0][0].to_pydatetime()
        row = found.iloc[number]
        assert row["is_closed"] == bool(ends)
        assert row["elapsed_s"] == pytest.approx((end - start).total_seconds(), abs=1e-3)
        hours = CALENDAR.working_hours_between(start, end)
        assert row["working_s"] == pytest.approx(hours * 3600, abs=1e-3)
        assert row["unit"] == steps[-1][3]
        assert row["handoffs"] == sum(a[3] != b[3] for a, b in itertools.pairwise(steps))
        assert row["dispositions"] == sum(activity == "didisposisi" for _, _, activity, _ in steps)
        first = events[events["id_surat"].eq(case)].iloc[0]
        assert row["is_plain"] == (first["keamanan"] == "biasa")
        taken = (end - start).total_seconds() / 3600 if first["sifat"] == "segera" else hours
        assert row["is_late"] == (taken > TERMS.hours[first["sifat"]])


@pytest.mark.parametrize("seed", range(4))
def test_the_flow_by_day_equals_plain_python(seed: int) -> None:
    log = as_cases(letters(seed))
    clock = clock_of(CALENDAR, np.append(log.time, AS_OF))
    cases = case_table(log, CYCLES, clock, AS_OF, TERMS)
    last = AS_OF // DAY_US
    flow = daily_flow(cases, clock, last)
    opened = local_days(cases["opened"].to_numpy(), CALENDAR.timezone)
    ended = local_days(cases["closed"].to_numpy(), CALENDAR.timezone)
    done = cases["is_closed"].to_numpy()
    for row in flow.itertuples():
        assert row.arrived == (opened == row.day).sum()
        assert row.closed == ((ended == row.day) & done).sum()
        assert row.wip == ((opened <= row.day) & ~(done & (ended <= row.day))).sum()
        week = range(row.day - 6, row.day + 1)
        assert row.backlog_growth == np.isin(opened, week).sum() - (np.isin(ended, week) & done).sum()
    assert throughput(flow) == pytest.approx(flow["closed"].sum() / flow["is_working_day"].sum())
    classes = ageing(cases, 8.5 * 3600)
    ages = cases.loc[~cases["is_closed"], "working_s"] / (8.5 * 3600)
    edges = ((0, 3), (3, 6), (6, 11), (11, 1e9))
    assert list(classes) == [int(((ages >= low) & (ages < high)).sum()) for low, high in edges]
    kept, due = on_time_share(cases)
    assert kept == int((cases["is_closed"] & ~cases["is_late"]).sum())
    assert due == kept + int(cases["is_late"].sum())


def steady(gap_days: float = 1.0, stay_days: float = 5.0, count: int = 400) -> pd.DataFrame:
    opened = (np.arange(count) * gap_days * DAY_US).astype("int64")
    return pd.DataFrame({"opened": opened, "closed": opened + int(stay_days * DAY_US), "is_closed": True})


def test_littles_law_holds_in_a_steady_flow_and_says_why_where_it_does_not() -> None:
    cases = steady()
    law = littles_law(cases, 100 * DAY_US, 300 * DAY_US)
    assert law.reason == "holds"
    assert law.expected_wip == pytest.approx(law.mean_wip, rel=0.01)
    growing = cases.assign(is_closed=cases["opened"] < 200 * DAY_US)
    assert littles_law(growing, 100 * DAY_US, 390 * DAY_US).reason == "stock_changes"
    # Every third case loses its end and its start long before: a stock that neither grows nor moves.
    gaps = pd.concat(
        [cases, pd.DataFrame({"opened": [-DAY_US] * 60, "closed": [0] * 60, "is_closed": [False] * 60})]
    )
    assert littles_law(gaps, 100 * DAY_US, 300 * DAY_US).reason == "log_gaps"
    assert littles_law(cases, -9 * DAY_US, -5 * DAY_US).reason == "too_short"


def test_waits_by_step_and_unit_hide_small_cells() -> None:
    log = as_cases(letters(1))
    gaps = waits(log, clock_of(CALENDAR, log.time))
    found = waiting_by(gaps, ["step", "unit"])
    for row in found.itertuples():
        cell = gaps[(gaps["step"] == row.step) & (gaps["unit"] == row.unit)]["working_h"]
        assert (row.count, row.hours) == (len(cell), pytest.approx(cell.sum()))
        assert row.p90_h == pytest.approx(np.quantile(cell, 0.9))
        assert row.count >= 5
    sizes = gaps.groupby(["step", "unit"], observed=True).size()
    assert len(found) == int((sizes >= 5).sum()) < len(sizes)


def test_a_large_unit_is_no_bottleneck_for_its_size() -> None:
    chance = np.random.default_rng(5)
    size = 4_000
    gaps = pd.DataFrame({
        "step": pd.Categorical(["didisposisi"] * size),
        "unit": pd.Categorical(chance.choice(["A", "B"], size, p=[0.9, 0.1])),
        "at": chance.integers(0, 100, size), "working_h": chance.exponential(2, size),
    })  # fmt: skip
    assert find_bottlenecks(gaps, 70) == ()
    slow = gaps.assign(
        working_h=gaps["working_h"].where((gaps["unit"] != "B") | (gaps["at"] < 70), gaps["working_h"] * 3)
    )
    assert [(one.step, one.unit) for one in find_bottlenecks(slow, 70)] == [("didisposisi", "B")]


def trial_cases(factor: float, before: int = 200) -> pd.DataFrame:
    chance = np.random.default_rng(2)
    rows = [
        (unit, at, chance.lognormal(9, 0.5) * (factor if unit == "U0" and at >= 50 else 1.0))
        for unit in (f"U{number}" for number in range(12))
        for at in [*chance.integers(0, 50, before if unit == "U0" else 200), *chance.integers(50, 100, 200)]
    ]
    return pd.DataFrame(rows, columns=["unit", "opened", "working_s"]).assign(is_closed=True)


def test_the_trial_says_what_it_gained_or_that_it_cannot_be_said() -> None:
    others = [f"U{number}" for number in range(1, 12)]
    effect = difference_in_differences(trial_cases(0.6), "U0", others, 50)
    assert effect.is_clear
    assert effect.low < -40 < effect.high < 0
    assert not difference_in_differences(trial_cases(1.0), "U0", others, 50).is_clear
    assert difference_in_differences(trial_cases(0.6, before=0), "U0", others, 50).unsaid == "no_before"
    assert difference_in_differences(trial_cases(0.6), "U0", others[:3], 50).unsaid == "too_few_like_it"
    assert difference_in_differences(trial_cases(0.6), "U0", others, 200).unsaid == "no_after"


def test_readiness_rests_on_its_criteria_and_changes_with_its_thresholds() -> None:
    measured = {"electronic_share": 0.7, "time_change_pct": -20.0, "obstacles": None}
    asked = {"electronic_share": (0.8, True), "time_change_pct": (0.0, False)}
    verdict = readiness("U0", measured, asked)
    assert (verdict.readiness, [one.name for one in verdict.decisive]) == ("not_yet", ["electronic_share"])
    assert readiness("U0", measured, {**asked, "electronic_share": (0.6, True)}).readiness == "ready"
    assert readiness("U0", measured, {"obstacles": (3, False)}).readiness == "cannot_be_said"


def test_letters_above_the_plain_class_are_marked_from_any_of_their_events() -> None:
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    events = pd.DataFrame({
        "id_surat": ["S1", "S1", "S2"], "aktivitas": "diterima", "waktu": [moment, moment + timedelta(1), moment],
        "unit": "U", "keamanan": ["biasa", "Rahasia", "biasa"],
    })  # fmt: skip
    log = as_cases(events)
    found = case_table(log, CYCLES, clock_of(CALENDAR, log.time), AS_OF, TERMS)
    assert list(found["is_plain"]) == [False, True]
