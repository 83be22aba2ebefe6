"""Faults that a log can have and still be read: each counted, and counted as plain Python does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from command_center.errors import ReferenceDataError
from command_center.eventlog import find_faults, load_life_cycles
from command_center.eventlog.faults import batch_clicks
from command_center.eventlog.lifecycles import BatchRule
from tests.eventlog.brute import batch_events
from tests.eventlog.logs import as_cases, random_events

CYCLES = load_life_cycles(Path(__file__).resolve().parents[2] / "sectors" / "letters" / "life_cycles.yml")
START = datetime(2026, 11, 24, 1, tzinfo=UTC)


def told(*rows: tuple[str, str, float], **more: list[str]) -> dict[str, int]:
    events = pd.DataFrame([(case, activity, START + timedelta(minutes=minute)) for case, activity, minute in rows],
                          columns=["id_surat", "aktivitas", "waktu"])  # fmt: skip
    return {fault.check: fault.count for fault in find_faults(as_cases(events.assign(**more)), CYCLES)}


def test_a_sound_letter_has_no_fault() -> None:
    assert told(("S1", "diterima", 0), ("S1", "dibaca", 5), ("S1", "ditindaklanjuti", 9)) == {}


def test_each_fault_is_told() -> None:
    assert told(("S1", "diterima", 0), ("S1", "dicap", 5)) == {"unknown_activity": 1}
    assert told(("S1", "diregistrasi", 0), ("S1", "diterima", 5)) == {"before_receipt": 1}
    assert told(("S1", "diterima", 0), ("S1", "ditindaklanjuti", 5), ("S2", "dibaca", 1)) == {
        "step_left_out": 1
    }
    assert told(("S1", "diterima", 0), ("S1", "diterima", 0)) == {"duplicate_event": 1}
    assert told(("S1", "dibaca", 9), ("S1", "dibaca", 5), siklus=["start", "complete"]) == {
        "negative_duration": 1
    }
    assert told(("S1", "dibaca", 5), ("S1", "dibaca", 9), siklus=["start", "complete"]) == {}
    ten = [(f"S{at}", "diterima", at / 20) for at in range(10)]
    assert told(*ten, unit=["U"] * 10) == {"batch_clicks": 10}
    assert told(*ten[:9], unit=["U"] * 9) == {}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("size", "seconds"), [(2, 60), (3, 4_000), (5, 90_000)])
def test_batches_equal_plain_python(seed: int, size: int, seconds: int) -> None:
    events = random_events(seed)
    found = int(batch_clicks(as_cases(events), BatchRule(size, seconds)).sum())
    assert found == batch_events(events, size, seconds)


def test_a_life_cycle_that_names_an_unknown_step_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cycles.yml"
    path.write_text("life_cycles:\n  masuk: {steps: [diterima], closing: [selesai]}\n")
    with pytest.raises(ReferenceDataError, match="selesai"):
        load_life_cycles(path)
