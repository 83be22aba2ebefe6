"""SIGKILL at any moment of an intake: the register and the figures are whole, and the next run finishes."""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from command_center.ingest.submissions import Door, open_intake, read_current
from command_center.ingest.submissions.register import Register
from command_center.settings import Settings
from tests.ingest.submissions.conftest import ROWS, table

FULL_KILLS, CI_KILLS = 40, 8
SEED = 20261124


def ingest(settings: Settings, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "command_center.cli", "ingest", *arguments],
        env={**os.environ, **settings.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def figures(settings: Settings) -> pd.DataFrame:
    intake = open_intake(settings)
    dataset = intake.declared("water.supply")[1]
    found = read_current(settings, "water", dataset, intake.regions, frozenset(intake.agencies.codes))
    assert found is not None
    return found.frame.query("period == '2025'")


def killed_intakes(settings: Settings, folder: Path, kills: int, new_door: Callable[[Settings], Door]) -> int:
    """Kill that many intakes at random moments; after each look at everything; return how many were hit."""
    chance = random.Random(SEED)  # noqa: S311 - moments, no secrets
    print(f"seed {SEED}, {kills} kills")
    hit = 0
    for number in range(kills):
        file = folder / f"supply-{number}.csv"
        file.write_bytes(table(*(row.replace(",7", f",{number % 3}", 1) for row in ROWS)) + b"\n" * number)
        process = ingest(settings, str(file), "--dataset", "water.supply")
        try:
            process.wait(chance.uniform(0.2, 2.2))
        except subprocess.TimeoutExpired:
            process.kill()
            hit += 1
        process.wait()
        new_door(settings).finish_received()
        register = open_intake(settings).register
        states = [one.state for one in register.all()]
        assert states.count("accepted") <= 1
        assert set(states) <= {"accepted", "superseded", "checked"}, states
        rows = figures(settings)
        assert len(rows) in (0, 4)
        if register.path.exists():
            assert sqlite3.connect(register.path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return hit


def test_a_killed_intake_leaves_register_and_figures_whole(
    fresh_house: Settings, tmp_path: Path, new_door: Callable[[Settings], Door]
) -> None:
    assert killed_intakes(fresh_house, tmp_path, CI_KILLS, new_door) > 0


@pytest.mark.bench
def test_many_killed_intakes(
    fresh_house: Settings, tmp_path: Path, new_door: Callable[[Settings], Door]
) -> None:
    hit = killed_intakes(fresh_house, tmp_path, FULL_KILLS, new_door)
    print(f"{hit} of {FULL_KILLS} kills hit a running intake; register and figures whole after each")
    assert hit > 0


@pytest.mark.parametrize("left", [b"", None], ids=["an empty file", "a file without tables"])
def test_a_register_whose_making_was_broken_off_counts_as_none(tmp_path: Path, left: bytes | None) -> None:
    path = tmp_path / "submissions.sqlite"
    path.write_bytes(left or b"")
    if left is None:
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 1")
    assert Register(path).all() == []
