"""Processes of jobs: started in a group of their own, ended whole, measured. Knows no timetable."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

_LONGEST_SAID = 4000
_LOOK_SECONDS = 0.2
_GRACE_SECONDS = 10.0


@dataclass(frozen=True)
class Ended:
    """How a process ended: exit code (negative for a signal), whether its time was up, peak memory, last words."""

    exit_code: int
    is_timeout: bool
    peak_mb: float
    said: str


def started_at(pid: int) -> float:
    """Return when a process began, 0 where there is none."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return 0.0


def is_same_process(pid: int, began: float) -> bool:
    """Return whether the process of that number still is the one that began then."""
    if not pid or not began:
        return False
    try:
        process = psutil.Process(pid)
        return bool(abs(process.create_time() - began) < 2 and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def run_process(
    command: Sequence[str],
    environment: Mapping[str, str],
    timeout_s: float,
    on_start: Callable[[int], None],
    on_beat: Callable[[], None],
) -> Ended:
    """Run a command to its end and return how it ended; `on_start` gets its pid, `on_beat` is called meanwhile.

    When time is up, or an error comes through a callback, the whole group is ended.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        peak = _Peak(process.pid)
        is_timeout = False
        deadline = time.monotonic() + timeout_s
        try:
            on_start(process.pid)
            while process.poll() is None:
                if time.monotonic() > deadline:
                    is_timeout = True
                    break
                peak.look()
                on_beat()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_SECONDS)
        finally:
            end_group(process.pid)
            process.wait()
        output.seek(0)
        said = output.read().decode(errors="replace")[-_LONGEST_SAID:]
    return Ended(process.returncode, is_timeout, peak.megabytes, said.strip())


def end_group(pid: int) -> None:
    """End a process and all of its group and descendants; politely first where it still runs."""
    family = _family(pid)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, sign)
        for one in family:
            with suppress(psutil.Error):
                one.send_signal(sign)
        _, family = psutil.wait_procs(family, timeout=_GRACE_SECONDS if sign == signal.SIGTERM else 1.0)
        if not family:
            return


def _family(pid: int) -> list[psutil.Process]:
    try:
        head = psutil.Process(pid)
        return [one for one in (head, *head.children(recursive=True)) if one.status() != psutil.STATUS_ZOMBIE]
    except psutil.Error:
        return []


class _Peak:
    """The largest memory that a process and its descendants were seen to hold together."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._lock = threading.Lock()
        self.megabytes = 0.0

    def look(self) -> None:
        total = 0
        for one in _family(self._pid):
            with suppress(psutil.Error):
                total += one.memory_info().rss
        with self._lock:
            self.megabytes = max(self.megabytes, total / 1e6)
