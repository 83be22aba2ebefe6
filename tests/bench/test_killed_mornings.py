"""Fifty schedulers killed at random moments, in two halves of five mornings with five each."""

import random
from pathlib import Path

import pytest

from command_center.settings import Settings
from tests.scheduling.postoffice import Letterbox
from tests.scheduling.test_killed_schedule import killed_morning, mail, morning

__all__ = ["mail", "morning"]
pytestmark = pytest.mark.bench
MORNINGS, KILLS = 5, 5


@pytest.mark.parametrize("half", [1, 2])
def test_fifty_kills_leave_nothing_half_and_lose_nothing(
    half: int,
    morning: Settings,
    tmp_path: Path,
    mail: tuple[Letterbox, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COMMAND_CENTER_SMTP", "")
    chance, box, killed, twice = random.Random(50 + half), mail[0], 0, 0  # noqa: S311
    for number in range(MORNINGS):
        killed += killed_morning(morning, tmp_path / str(number), *mail, chance, KILLS)
        twice += len(box.taken) - 1
    print(
        f"{MORNINGS * KILLS} schedulers, {killed} killed in the middle: {twice} second mails, nothing half, nothing lost"
    )
    assert killed >= MORNINGS
