"""Many notebooks in a few worker processes, each of which imports papermill once.

Processes, not threads: papermill is not thread-safe. A worker that dies costs the notebook it had and is
replaced; no failure stops another notebook.
"""

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from command_center.errors import CommandCenterError
from command_center.kernels.execution import DEFAULT_TIMEOUT_S, GRACE_S, execute_notebook
from command_center.kernels.outcome import ExecutionError
from command_center.kernels.owner import WarmTemplate

_STOP_TIMEOUT_S = 5.0
# Beyond what execute_notebook allows itself, so that its own, better message comes first.
_WORKER_GRACE_S = GRACE_S + 30.0


@dataclass(frozen=True)
class Job:
    """One notebook to execute, with what `execute_notebook` wants to know."""

    source: Path
    output: Path
    parameters: Mapping[str, Any]
    cwd: Path
    timeout_s: float = DEFAULT_TIMEOUT_S
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of a job: how long it took, and the error when it failed."""

    job: Job
    seconds: float
    error: ExecutionError | None

    @property
    def ok(self) -> bool:
        """Whether the output is in place."""
        return self.error is None


class _Worker:
    """A worker process, the pipe to it, and the job it has."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=_work, args=(theirs, dict(variables)), daemon=True, name="notebook-worker"
        )
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self._started = 0.0

    def give(self, job: Job) -> None:
        """Hand a job over; a worker that has died is noticed when its outcome is collected."""
        self.job, self._started = job, time.monotonic()
        with suppress(OSError):
            self.connection.send(job)

    def is_overdue(self) -> bool:
        """Whether the job has had all its time, and the time to say so."""
        return (
            self.job is not None and time.monotonic() > self._started + self.job.timeout_s + _WORKER_GRACE_S
        )

    def collect(self, job: Job) -> tuple[Outcome, bool]:
        """Return the outcome of the finished job, and whether the worker can go on."""
        self.job = None
        seconds = time.monotonic() - self._started
        try:
            return Outcome(job, seconds, self.connection.recv()), True
        except (EOFError, OSError):
            self.process.join(_STOP_TIMEOUT_S)
            error = ExecutionError(
                f"The process that executed the notebook ended (exit code {self.process.exitcode})",
                where=job.source.name,
                who="the operator",
                next_step="run it again; exit code -9 often means that memory ran out",
            )
            return Outcome(job, seconds, error), False

    def stop(self) -> None:
        """End the process; a kernel it still has ends with it."""
        self.connection.close()
        if self.job is not None:
            self.process.terminate()
        self.process.join(_STOP_TIMEOUT_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


def execute_many(
    jobs: Iterable[Job], workers: int = 2, template: WarmTemplate | None = None
) -> Iterator[Outcome]:
    """Execute `jobs` in up to `workers` processes and yield each outcome as it comes, in no fixed order.

    Kernels come from `template`, or from the one this process's environment names, or are spawned. Every job
    yields exactly one outcome; none raises. Leaving the iteration early ends what still runs. The caller's
    main module must be importable without side effects, as for every spawned process.
    """
    # One folder for whatever they leave behind, kernels that were killed included.
    with TemporaryDirectory(prefix="command-center-", ignore_cleanup_errors=True) as scratch:
        variables = {"TMPDIR": scratch, **(template.variables if template is not None else {})}
        yield from _run(deque(jobs), workers, variables)


def _run(waiting: deque[Job], workers: int, variables: Mapping[str, str]) -> Iterator[Outcome]:
    crew: list[_Worker] = []
    try:
        while waiting or any(worker.job for worker in crew):
            while len(crew) < workers and sum(worker.job is None for worker in crew) < len(waiting):
                crew.append(_Worker(variables))
            for worker in crew:
                if worker.job is None and waiting:
                    worker.give(waiting.popleft())
            yield from _collect(crew)
    finally:
        for worker in crew:
            worker.stop()


def _collect(crew: list[_Worker]) -> Iterator[Outcome]:
    busy = {worker.connection: worker for worker in crew if worker.job is not None}
    for connection in wait(list(busy), timeout=1.0):
        if not isinstance(connection, Connection):
            continue
        worker = busy[connection]
        if worker.job is None:
            continue
        outcome, usable = worker.collect(worker.job)
        if not usable:
            crew.remove(worker)
            worker.stop()
        yield outcome
    for worker in crew:
        if worker.is_overdue():
            worker.process.kill()  # the next round finds the pipe closed


def _work(connection: Connection, variables: Mapping[str, str]) -> None:
    """Execute jobs until the pipe closes; runs in the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's, who then stops us
    os.environ.update(variables)
    with suppress(EOFError, OSError):
        while True:
            job: Job = connection.recv()
            connection.send(_error_of(job))


def _error_of(job: Job) -> ExecutionError | None:
    try:
        execute_notebook(job.source, job.output, job.parameters, job.cwd, job.timeout_s, job.environment)
    except ExecutionError as error:
        return error
    except (CommandCenterError, OSError) as error:
        return ExecutionError(
            "The executed notebook could not be kept",
            where=f"{job.output}: {error}",
            who="the operator",
            next_step="look at the disk and its permissions",
        )
    return None
