"""The verb that makes blank workbooks."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from command_center.cli import app
from command_center.ingest.workbook import read_identity
from command_center.ingest.workbook.order import WorkbookOrderError

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COMMAND_CENTER_ROOT", str(REPOSITORY))
    monkeypatch.chdir(tmp_path)


def test_a_workbook_is_written_under_its_dataset_and_period(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["workbook", "health.stunting", "--period", "2026-08"])
    assert result.exit_code == 0, result.output
    path = tmp_path / "health.stunting.2026-08.xlsx"
    assert path.name in result.output
    identity = read_identity(path.read_bytes())
    assert identity is not None
    assert (identity.target, identity.period) == ("health.stunting", "2026-08")


def test_the_file_to_write_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "kosong.xlsx"
    assert CliRunner().invoke(app, ["workbook", "health.stunting", "--output", str(path)]).exit_code == 0
    assert load_workbook(path).sheetnames == ["Petunjuk", "Data", "Kode"]
    assert [one.name for one in tmp_path.iterdir()] == ["kosong.xlsx"]


def test_a_folder_that_is_not_there_is_told_with_the_next_step(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["workbook", "health.stunting", "--output", str(tmp_path / "no" / "a.xlsx")]
    )
    assert isinstance(result.exception, WorkbookOrderError)
    assert "--output FILE" in result.exception.next_step
