"""The verb that tells who owes what, and writes the letters."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from command_center.cli import app
from command_center.refresh import refresh
from command_center.settings import Settings
from tests.conftest import DAY


@pytest.fixture
def house(fresh_house: Settings, no_pages: None, monkeypatch: pytest.MonkeyPatch) -> Settings:
    refresh(fresh_house, DAY)
    monkeypatch.setenv("COMMAND_CENTER_ROOT", str(fresh_house.root))
    monkeypatch.delenv("COMMAND_CENTER_EDITIONS", raising=False)
    return fresh_house


def test_it_tells_what_each_agency_owes(house: Settings) -> None:
    result = CliRunner().invoke(app, ["readiness", "--agency", "1.03.01"])
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "owes 2 periods" in said
    assert "water.supply: 2025; due since 2026-03-03" in said
    assert "power.supply: 2025; due since 2026-03-03" in said


def test_it_writes_a_letter_in_three_forms(house: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "surat"
    result = CliRunner().invoke(app, ["readiness", "--letters", str(folder)])
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in folder.iterdir()) == [
        f"surat_permintaan_1.03.01.{form}" for form in ("html", "pdf", "zip")
    ]
    assert (folder / "surat_permintaan_1.03.01.pdf").read_bytes().startswith(b"%PDF")


def test_an_unknown_agency_is_told(house: Settings) -> None:
    result = CliRunner().invoke(app, ["readiness", "--agency", "9.99.99"])
    assert result.exit_code != 0
    assert "9.99.99" in str(result.exception)
