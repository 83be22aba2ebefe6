"""`command-center ingest` and `submissions`: what they print, how they end, that a dry run keeps nothing."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from command_center.cli import app
from command_center.errors import CommandCenterError
from command_center.settings import Settings
from tests.ingest.submissions.conftest import ROWS, table

FAULTY = table(*ROWS[:3], "33.16.16.2011,2025,survey,abc,100,2025-12-31,Survei")


@pytest.fixture
def house(fresh_house: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The small house as the one the commands find."""
    for name, value in fresh_house.environment.items():
        monkeypatch.setenv(name, value)
    return fresh_house


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def ingest(tmp_path: Path, content: bytes, *options: str) -> Result:
    file = tmp_path / "supply.csv"
    file.write_bytes(content)
    return run("ingest", str(file), "--dataset", "water.supply", *options)


def test_a_clean_file_prints_its_balance_and_its_receipt(house: Settings, tmp_path: Path) -> None:
    result = ingest(tmp_path, table(*ROWS))
    assert result.exit_code == 0, result.output
    assert "4 rows read = 4 accepted (0 fixed) + 0 quarantined + 0 rejected; 1 skipped" in result.output
    assert ": accepted" in result.output


def test_the_json_has_the_counts_and_every_fault_with_its_place(house: Settings, tmp_path: Path) -> None:
    said = json.loads(ingest(tmp_path, FAULTY, "--json").output)
    (sheet,) = said["sheets"]
    assert sheet["read"] == sheet["accepted"] + sheet["quarantined"] + sheet["rejected"] == 4
    assert sheet["skipped"] == 1
    (fault,) = [one for one in sheet["faults"] if one["action"] == "quarantined"]
    assert {"check", "sheet", "row", "column", "value", "severity", "action"} <= set(fault)
    assert (fault["check"], fault["row"], fault["column"]) == ("number_unreadable", 5, "served_households")
    assert said["state"] == "checked"


def test_a_dry_run_keeps_nothing(house: Settings, tmp_path: Path) -> None:
    before = sorted(house.data_dir.rglob("*"))
    result = ingest(tmp_path, FAULTY, "--dry-run")
    assert result.exit_code == 0
    assert "nothing was kept" in result.output
    assert sorted(house.data_dir.rglob("*")) == before


def test_a_refused_file_ends_with_its_reason(house: Settings, tmp_path: Path) -> None:
    result = ingest(tmp_path, b"")
    assert isinstance(result.exception, CommandCenterError)
    said = ingest(tmp_path, b"PK\x03\x04", "--json")
    assert said.exit_code == 1
    error = json.loads(said.output)["error"]
    assert error["code"] == "corrupt_file"
    assert error["receipt"]
    assert error["who"]
    assert error["next"]


def test_the_walidata_sees_decides_and_sees_again(house: Settings, tmp_path: Path) -> None:
    receipt = json.loads(ingest(tmp_path, FAULTY, "--json").output)["receipt"]
    assert receipt in run("submissions", "list", "--state", "checked").output
    shown = run("submissions", "show", receipt).output
    assert "number_unreadable" in shown
    corrected = run("submissions", "correct", receipt, "D5", "73", "--reason", "berita acara")
    assert f"Receipt {receipt}: accepted" in corrected.output
    assert "'abc' → '73'" in run("submissions", "show", receipt).output
    assert "No submissions." in run("submissions", "list", "--state", "checked").output
    assert "No recipes." in run("submissions", "recipes").output


def test_a_waiting_file_can_be_accepted_or_returned(house: Settings, tmp_path: Path) -> None:
    receipt = json.loads(ingest(tmp_path, FAULTY, "--json").output)["receipt"]
    assert "returned" in run("submissions", "return", receipt, "--reason", "lengkapi").output
    again = json.loads(ingest(tmp_path, FAULTY, "--json").output)["receipt"]
    assert "accepted" in run("submissions", "accept", again).output


def test_the_original_is_written_out_as_it_came(house: Settings, tmp_path: Path) -> None:
    receipt = json.loads(ingest(tmp_path, FAULTY, "--json").output)["receipt"]
    target = tmp_path / "original.csv"
    assert run("submissions", "original", receipt, "--output", str(target)).exit_code == 0
    assert target.read_bytes() == FAULTY


def test_the_inbox_is_taken_in_and_what_is_refused_ends_with_one(house: Settings) -> None:
    inbox = house.data_dir / "inbox" / "water"
    inbox.mkdir(parents=True)
    (inbox / "supply-a.csv").write_bytes(table(*ROWS))
    assert run("ingest").exit_code == 0
    (inbox / "supply-b.csv").write_bytes(b"")
    result = run("ingest")
    assert result.exit_code == 1
    assert "1 refused" in result.output


def test_an_unknown_state_names_the_known_ones(house: Settings) -> None:
    result = run("submissions", "list", "--state", "lost")
    assert isinstance(result.exception, CommandCenterError)
    assert "superseded" in result.exception.next_step
