"""The summary of a log: real logs give the published answer, random ones what plain Python counts."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from command_center.cli import app as command
from command_center.cli.app import _add_sector_groups
from command_center.eventlog import arranged, read_log, summarise
from command_center.eventlog.variants import variant_of_cases
from tests.eventlog.brute import cycles, follows, variants
from tests.eventlog.logs import ACTIVITIES, REAL, as_cases, random_events

needs_real_log = pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/real/letters")
KEYS = [
    "events", "cases", "activities", "first_event", "last_event", "cycle_time_s", "throughput_per_day",
    "start_activities", "end_activities", "directly_follows", "variants", "faults",
]  # fmt: skip


@needs_real_log
def test_csv_and_xes_of_a_real_municipality_give_the_same_answer() -> None:
    _add_sector_groups()
    told = []
    for name in ("receipt.csv", "receipt.xes.gz"):
        run = CliRunner().invoke(command, ["letters", str(REAL / name), "--json"])
        assert run.exit_code == 0, run.output
        told.append(json.loads(run.stdout))
    assert told[0] == told[1]
    found = told[0]
    assert list(found) == KEYS
    assert (found["events"], found["cases"], found["activities"]) == (8577, 1434, 27)
    assert len(found["directly_follows"]) == 99
    assert round(found["cycle_time_s"]["median"], 2) == 2868.58
    assert sum(found["start_activities"].values()) == sum(found["end_activities"].values()) == 1434
    assert sum(pair["count"] for pair in found["directly_follows"]) == 8577 - 1434


@needs_real_log
def test_the_columns_taken_are_shown_beside_the_result_and_may_be_chosen() -> None:
    _add_sector_groups()
    run = CliRunner().invoke(
        command, ["letters", str(REAL / "receipt.csv"), "--activity", "org:group", "--json"]
    )
    assert "activity = org:group" in run.stderr
    assert json.loads(run.stdout)["activities"] == 10
    wrong = CliRunner().invoke(command, ["letters", str(REAL / "receipt.csv"), "--unit", "nothing"])
    assert "There is no column 'nothing' for the unit" in str(wrong.exception)


@pytest.mark.parametrize("seed", range(8))
def test_the_summary_equals_plain_python(seed: int) -> None:
    events = random_events(seed)
    found = summarise(as_cases(events))
    assert {(one.source, one.target): (one.count, pytest.approx(one.mean_s), pytest.approx(one.median_s))
            for one in found.directly_follows} == follows(events)  # fmt: skip
    expected = variants(events)
    assert found.variant_count == len(expected)
    assert {one.activities: one.count for one in found.variants}.items() <= expected.items()
    assert [one.count for one in found.variants] == [count for _, count in expected.most_common(10)]
    seconds = cycles(events)
    assert found.cycle_time_s == {
        "median": pytest.approx(np.percentile(seconds, 50)),
        "mean": pytest.approx(np.mean(seconds)),
        "p90": pytest.approx(np.percentile(seconds, 90)),
    }


def test_cases_whose_hash_is_the_same_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    events = random_events(3)
    log = as_cases(events)
    monkeypatch.setattr(
        "command_center.eventlog.variants._keys", lambda _: np.zeros(log.case_count, np.uint64)
    )
    _, _, counts = variant_of_cases(log)
    assert sorted(counts) == sorted(variants(events).values())


def test_events_are_ordered_by_time_and_ties_by_their_place_in_the_source() -> None:
    events = random_events(11)
    log = as_cases(events)
    for case in range(log.case_count):
        part = slice(log.starts[case], log.starts[case + 1])
        keys = list(zip(log.time[part], log.source[part], strict=True))
        assert keys == sorted(keys)
    assert sorted(log.source) == list(range(len(events)))


def test_a_log_of_many_cases_is_grouped_as_a_small_one(tmp_path: Path) -> None:
    """More than 65,536 cases need the second pass of the sort."""
    path = tmp_path / "many.csv"
    count = 70_001
    lines = [f"C{case},{ACTIVITIES[step]},2026-01-0{step + 1}T0{case % 10}:00:00Z"
             for step in range(2) for case in reversed(range(count))]  # fmt: skip
    path.write_text("case_id,activity,timestamp\n" + "\n".join(lines))
    found = summarise(arranged(read_log(path, "Asia/Jakarta")))
    assert (found.cases, found.events) == (count, 2 * count)
    assert found.cycle_time_s["median"] == found.cycle_time_s["p90"] == 86_400
    assert found.variants[0].count == count
