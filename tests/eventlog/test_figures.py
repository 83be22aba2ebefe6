"""The tables of a report equal what plain Python counts; classified letters are counted and nothing else."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from command_center.errors import CommandCenterError
from command_center.eventlog import arranged, read_log
from command_center.eventlog.cases import Terms
from command_center.eventlog.conformance import conformance, members_of
from command_center.eventlog.figures import (
    DAY,
    Desk,
    ageing_tables,
    by_group,
    curve_points,
    facts,
    monthly,
    plain_log,
    step_waits,
)
from command_center.eventlog.keeping import keep_log, log_path, read_kept
from command_center.eventlog.lifecycles import LifeCycle
from command_center.eventlog.pilot import Trial, trial_tables
from command_center.eventlog.process import process_tables
from command_center.settings import Settings
from tests.eventlog.logs import as_log, random_events, write
from tests.eventlog.planted import AS_OF, CYCLES, NOTHING, PLANTED, TRIAL, clock, sample
from tests.eventlog.planted import units as sample_units

TERMS = Terms({"biasa": 41.0, "segera": 48.0}, frozenset({"segera"}), otherwise=41.0)
YEAR = AS_OF - 365 * DAY


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(arranged(sample(4, PLANTED)), CYCLES, clock(), AS_OF, TERMS, 8.2)


@pytest.fixture(scope="module")
def cases(desk: Desk) -> pd.DataFrame:
    return desk.cases()


def test_units_are_counted_one_by_one(cases: pd.DataFrame) -> None:
    table = by_group(cases, ["unit"], YEAR).set_index("unit")
    for unit in ("4.01.01.03", "33.16.09", "33.16.09.2028"):
        mine = cases[cases["unit"].astype(str).eq(unit)]
        row = table.loc[unit]
        closed = mine[mine["is_closed"] & (mine["closed"] >= YEAR)]
        assert row["arrived"] == int((mine["opened"] >= YEAR).sum())
        assert row["closed"] == len(closed)
        assert row["open"] == int((~mine["is_closed"]).sum())
        plain = closed.loc[closed["is_plain"], "working_s"] / 3600
        assert row["median_h"] == pytest.approx(np.median(plain))
        assert row["p90_h"] == pytest.approx(np.quantile(plain, 0.9))


def test_fewer_than_five_letters_show_no_times(cases: pd.DataFrame) -> None:
    few = pd.concat([part.head(4) for _, part in cases.groupby("unit", observed=True)])
    assert (
        by_group(few, ["unit"], 0)[["median_h", "p90_h", "km_median_h", "on_time_pct"]].isna().all(axis=None)
    )


def test_letters_above_plain_are_counted_and_change_no_time(desk: Desk, cases: pd.DataFrame) -> None:
    slower = cases.assign(working_s=cases["working_s"].where(cases["is_plain"], 1e9))
    assert not cases["is_plain"].all()
    timed = ["median_h", "p90_h", "km_median_h", "km_p90_h"]
    pd.testing.assert_frame_equal(
        by_group(cases, ["unit"], YEAR)[timed], by_group(slower, ["unit"], YEAR)[timed]
    )
    pd.testing.assert_frame_equal(curve_points(cases, YEAR), curve_points(slower, YEAR))
    secret = {desk.log.case_names[at] for at in np.flatnonzero(~cases["is_plain"])}
    _, oldest = ageing_tables(desk, cases, 10_000)
    assert len(oldest)
    assert not secret & set(oldest["number"])
    assert not secret & set(plain_log(desk, cases).case_names)


def test_ages_add_up_and_the_list_has_number_unit_and_age_only(desk: Desk, cases: pd.DataFrame) -> None:
    ages, oldest = ageing_tables(desk, cases, 3)
    names = ["0-2", "3-5", "6-10", ">10"]
    whole = ages[ages["unit"].eq("")][names].to_numpy().sum()
    assert whole == ages[ages["unit"].ne("")][names].to_numpy().sum() == int((~cases["is_closed"]).sum())
    assert list(oldest.columns) == ["number", "unit", "age", "days", "is_late"]
    assert oldest.groupby("unit").size().max() == 3


def test_months_add_up_and_small_numbers_of_units_are_hidden(cases: pd.DataFrame) -> None:
    table = monthly(cases, "Asia/Jakarta", AS_OF)
    whole = table[table["unit"].eq("")]
    assert whole["arrived"].sum() == len(cases)
    assert whole["open"].iloc[-1] == int((~cases["is_closed"]).sum())
    parts = table[table["unit"].ne("")][["arrived", "closed", "open"]]
    assert parts.min().min() >= 5
    assert parts.isna().any().all()


def test_the_planted_bottleneck_stands_in_the_table(desk: Desk, cases: pd.DataFrame) -> None:
    waits, found = step_waits(desk, plain_log(desk, cases))
    assert list(found[["step", "unit"]].itertuples(index=False, name=None)) == [("didisposisi", "4.01.01.03")]
    assert waits["count"].min() >= 5
    said = facts(desk, cases, "4.01.01.03", "didisposisi")
    assert said["waiting_head"] > facts(desk, cases, "1.01.01", "didisposisi")["waiting_head"]
    assert facts(desk, cases, "4.01.01.03", "no such step")["waiting_head"] == 0


def by_hand(steps: list[str], cycle: LifeCycle) -> tuple[bool, bool, bool, bool]:
    known = [step for step in steps if step in cycle.steps]
    places = [cycle.steps.index(step) for step in known]
    furthest = max(places, default=-1)
    skipped = any(
        at < furthest and step not in known and step not in cycle.optional
        for at, step in enumerate(cycle.steps)
    )
    repeated = any(known.count(step) > 1 and step not in cycle.repeatable for step in known)
    order = any(
        places[at] < max(places[:at], default=-1) and known[at] not in cycle.repeatable
        for at in range(len(known))
    )
    return skipped, repeated, order, any(step not in cycle.activities for step in steps)


@pytest.mark.parametrize("seed", range(4))
def test_conformance_is_that_of_every_case_by_hand(seed: int) -> None:
    log = arranged(as_log(random_events(seed, cases=200)))
    cycle = CYCLES.by_name["masuk"]
    found = conformance(log, cycle, members_of(log, "masuk"))
    names = log.activity.names
    told = [
        by_hand([names[code] for code in log.activity.codes[first:last]], cycle)
        for first, last in zip(log.starts[:-1], log.starts[1:], strict=True)
    ]
    counts = [sum(column) for column in zip(*told, strict=True)]
    assert [found.skipped, found.repeated, found.out_of_order, found.unknown] == counts
    assert found.conforming == sum(not any(one) for one in told)
    assert min(counts) > 0


def test_the_process_has_a_part_per_life_cycle(desk: Desk, cases: pd.DataFrame) -> None:
    tables = process_tables(plain_log(desk, cases), CYCLES)
    assert set(tables["conformance"]["cycle"]) == {"masuk", "keluar"}
    first = tables["activities"].sort_values("place").groupby("cycle")["activity"].first()
    assert dict(first) == {"masuk": "diterima", "keluar": "dikonsep"}
    starts = tables["activities"].groupby("cycle")["starts"].sum()
    assert dict(starts) == dict(tables["conformance"].set_index("cycle")["cases"])


ASKED = {"electronic_pct": (60.0, True), "time_change_pct": (0.0, False)}
LIKE_IT = [one.code for one in sample_units() if one.kind == "kecamatan" and one.code not in TRIAL]
START = AS_OF - 240 * DAY


def trial_of(desk: Desk, register: pd.DataFrame) -> dict[str, pd.DataFrame]:
    trial = Trial({TRIAL[0]: LIKE_IT, TRIAL[1]: LIKE_IT}, dict.fromkeys(TRIAL, START), ASKED)
    return trial_tables(desk, desk.cases(), trial, register)


def test_the_trial_says_what_it_gained_and_what_cannot_be_said(desk: Desk) -> None:
    made = trial_of(desk, pd.DataFrame())
    effect = made["effect"].set_index("unit")
    assert effect.loc[TRIAL[0], "high"] < 0
    assert effect.loc[TRIAL[1], "unsaid"] in ("no_after", "no_before")
    verdict = made["verdict"].groupby("unit")["readiness"].first()
    assert dict(verdict) == dict.fromkeys(TRIAL, "cannot_be_said")
    few = made["paper"].groupby("unit")["cases"].max()
    assert made["paper"]["cases"].min() >= 5
    assert few[TRIAL[0]] > 5
    flat = Desk(arranged(sample(4, NOTHING)), CYCLES, clock(), AS_OF, TERMS, 8.2)
    assert not trial_of(flat, pd.DataFrame())["effect"]["is_clear"].any()


def test_the_electronic_share_counts_the_days_of_the_register_alone(desk: Desk) -> None:
    cases = desk.cases()
    days = pd.date_range("2026-06-01", "2026-06-30").strftime("%Y-%m-%d")
    register = pd.DataFrame({"unit": TRIAL[0], "day": days, "letters_in": 2, "letters_out": 1})
    made = trial_of(desk, register)
    row = made["share"].set_index("unit").loc[TRIAL[0]]
    opened = pd.to_datetime(cases["opened"], unit="us", utc=True).dt.tz_convert("Asia/Jakarta")
    mine = cases["unit"].astype(str).eq(TRIAL[0]) & opened.dt.strftime("%Y-%m").eq("2026-06")
    assert (row["period"], row["registered"], row["electronic"]) == ("2026-06", 90.0, int(mine.sum()))
    assert row["share_pct"] == pytest.approx(100 * int(mine.sum()) / 90)
    said = made["verdict"].set_index(["unit", "criterion"])
    assert said.loc[(TRIAL[0], "electronic_pct"), "value"] == pytest.approx(row["share_pct"])


def test_a_kept_log_comes_back_whole_and_a_bad_one_leaves_the_last_good_one(tmp_path: Path) -> None:
    settings, zone = Settings(tmp_path), "Asia/Jakarta"
    assert read_kept(settings, "letters", zone, uses_samples=True) is None
    log = sample(1, NOTHING)
    keep_log(log, log_path(settings, "letters", samples=True))
    kept = read_kept(settings, "letters", zone, uses_samples=True)
    assert kept is not None
    assert kept.is_sample
    assert np.array_equal(kept.log.time, log.time)
    for role, column in log.attributes.items():
        names = np.array(kept.log.attributes[role].names)[kept.log.attributes[role].codes]
        assert np.array_equal(names, np.array(column.names)[column.codes]), role
    assert read_kept(settings, "letters", zone, uses_samples=False) is None
    events = random_events(3)
    write(events, tmp_path / "log.csv")
    keep_log(read_log(tmp_path / "log.csv", zone), log_path(settings, "letters"))
    (tmp_path / "bad.csv").write_text("a;b\n1;2\n")
    with pytest.raises(CommandCenterError):
        keep_log(read_log(tmp_path / "bad.csv", zone), log_path(settings, "letters"))
    real = read_kept(settings, "letters", zone, uses_samples=True)
    assert real is not None
    assert (real.is_sample, len(real.log)) == (False, len(events))
