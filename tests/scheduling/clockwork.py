"""A scheduler whose clock is moved by hand and whose jobs are noted instead of run."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from command_center.scheduling import Job, Journal, Scheduler, Timetable
from command_center.scheduling.processes import Ended
from command_center.settings import Settings
from tests.conftest import REPOSITORY

ZONE = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=ZONE)


def job(name: str, cron: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "cron": cron, "command": [name], "timeout_s": 60, **more}


@dataclass
class Clockwork:
    """The clock, what ran when, and how each next run ends (0 where nothing is said)."""

    settings: Settings
    timetable: Timetable
    moment: datetime = MONDAY
    ran: list[tuple[str, str]] = field(default_factory=list)
    endings: list[int] = field(default_factory=list)
    lasts: timedelta = timedelta(0)

    @property
    def scheduler(self) -> Scheduler:
        return Scheduler(
            self.settings, self.timetable, Journal.of(self.settings), self._launch, lambda: self.moment
        )

    def _launch(
        self, one: Job, due: datetime, on_start: Callable[[int], None], on_beat: Callable[[], None]
    ) -> Ended:
        on_start(os.getpid())
        self.moment += self.lasts
        on_beat()
        self.ran.append((one.id, due.astimezone(ZONE).strftime("%a %H:%M")))
        return Ended(self.endings.pop(0) if self.endings else 0, False, 12.5, "said")

    def run_until(self, end: datetime, step: timedelta = timedelta(minutes=5)) -> None:
        """Look at the clock at every step up to a moment."""
        while self.moment < end:
            self.scheduler.tick()
            self.moment += step


def clockwork(root: Path, *jobs: dict[str, Any], **settings: Any) -> Clockwork:
    for folder in ("sectors", "data/published", "notebooks", "voila_templates"):
        (root / folder).mkdir(parents=True)
    shutil.copytree(REPOSITORY / "data" / "reference", root / "data" / "reference")
    table = Timetable.model_validate({"timezone": "Asia/Jakarta", "jobs": list(jobs), **settings})
    return Clockwork(Settings(root), table)
