"""The audit log: nothing is lost, nothing is changed, nobody's number is in it."""

import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_center.identity import AuditLog


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def log(tmp_path: Path, complaints: list[str]) -> Iterator[AuditLog]:
    made = AuditLog(tmp_path / "registers" / "audit.sqlite")
    made.start(complaints.append)
    yield made
    made.stop()


def test_what_was_recorded_is_there_after_the_stop_in_its_order(log: AuditLog, complaints: list[str]) -> None:
    for number in range(5_000):
        log.record("abc", "analis", "page", f"/bidang/{number}/", 200)
    log.stop()
    assert [entry.object for entry in log.entries()] == [f"/bidang/{number}/" for number in range(5_000)]
    assert complaints == []


def test_recording_waits_for_no_disk(log: AuditLog) -> None:
    began = time.perf_counter()
    for _ in range(1_000):
        log.record("", "publik", "page", "/", 200)
    assert time.perf_counter() - began < 0.5


def test_entries_are_written_while_others_come(log: AuditLog) -> None:
    deadline = time.monotonic() + 10
    while not list(log.entries()) and time.monotonic() < deadline:
        log.record("", "publik", "page", "/", 200)
        time.sleep(0.05)
    assert list(log.entries())


def test_an_entry_can_be_neither_changed_nor_taken_out(log: AuditLog, tmp_path: Path) -> None:
    log.record("abc", "analis", "download", "/unduh/X1/33.16.csv", 200)
    log.stop()
    database = sqlite3.connect(tmp_path / "registers" / "audit.sqlite")
    for change in ("UPDATE entries SET account = 'x'", "DELETE FROM entries"):
        with pytest.raises(sqlite3.IntegrityError, match="not changed"):
            database.execute(change)
    database.close()
    (entry,) = log.entries()
    assert (entry.account, entry.role, entry.action, entry.status) == ("abc", "analis", "download", 200)
    assert entry.at.endswith("+00:00")
    assert stat.S_IMODE((tmp_path / "registers" / "audit.sqlite").stat().st_mode) == 0o600


def test_a_personal_number_in_an_address_is_masked(log: AuditLog) -> None:
    log.record("", "publik", "page", "/wilayah/9999999999999999/", 404)
    log.record("", "publik", "page", "x" * 5_000, 404)
    log.stop()
    objects = [entry.object for entry in log.entries()]
    assert "9999999999999999" not in "".join(objects)
    assert max(map(len, objects)) <= 300


@pytest.mark.parametrize(
    "path",
    [
        "/edisi/2026-11-24-0123456789ab/unduh/INF1/33.16.15.2001.csv",
        "/bidang/water/33.16.15.2001/",
        "/kirim/20261124-0001-ABCD/",
        "/briefing/2026-11-24/",
    ],
)
def test_an_address_stays_as_it_is(log: AuditLog, path: str) -> None:
    log.record("", "publik", "page", path, 200)
    log.stop()
    assert [entry.object for entry in log.entries()] == [path]


def test_a_log_that_cannot_be_written_is_told_of(tmp_path: Path, complaints: list[str]) -> None:
    (tmp_path / "file").write_text("")
    log = AuditLog(tmp_path / "file" / "audit.sqlite")
    log.start(complaints.append)
    log.record("", "publik", "page", "/", 200)
    log.stop()
    assert len(complaints) == 1
    assert "could not be written" in complaints[0]
