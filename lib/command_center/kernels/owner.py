"""The owner of a warm template: starts it, replaces it without stopping a kernel, ends it.

Knows processes only; which kernels are asked for is the provisioner's business. When the owning process
dies, however it dies, the template and all its kernels end.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from command_center.kernels.protocol import SMALL_ARENAS, SOCKET_VARIABLE, Channel, TemplateError
from command_center.kernels.warmup import DEFAULT_MODULES

# Threads that libraries would start on import: BLAS pools, and jemalloc's helper inside Arrow.
SINGLE_THREAD_ENVIRONMENT: Mapping[str, str] = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
# One heap for the few threads of a kernel, which take turns anyway, instead of one for each; Arrow shares it.
_ONE_HEAP: Mapping[str, str] = {"MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
# Python's own modules are frozen; the debugger that ipykernel brings along would say so at every start.
_QUIET_ENVIRONMENT: Mapping[str, str] = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
_STOP_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class _Running:
    """One template process, its control connection and what it said when it was ready."""

    process: subprocess.Popen[bytes]
    control: Channel
    ready: Mapping[str, Any]

    def stop(self) -> None:
        """End the process and with it its kernels."""
        self.control.close()
        try:
            self.process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class WarmTemplate:
    """A warm template process under a socket path that stays the same when the process is replaced.

    `modules` are imported once, in order; `environment` is added to the owner's for the template itself (a
    kernel gets the environment of its own request). Thread-safe. Usable as a context manager.
    """

    def __init__(
        self,
        modules: Sequence[str] = DEFAULT_MODULES,
        *,
        environment: Mapping[str, str] | None = None,
        start_timeout_s: float = 60.0,
    ) -> None:
        self.modules = tuple(modules)
        self._environment = dict(environment or {})
        self._start_timeout_s = start_timeout_s
        self._lock = threading.Lock()
        self._folder: TemporaryDirectory[str] | None = None
        self._current: _Running | None = None
        self._retired: list[_Running] = []

    @property
    def socket(self) -> Path:
        """The path to ask for kernels; raises TemplateError when the template was not started."""
        if self._folder is None:
            raise TemplateError("The warm template was not started")
        return Path(self._folder.name) / "template.sock"

    @property
    def is_alive(self) -> bool:
        """Whether the process that serves the socket runs."""
        current = self._current
        return current is not None and current.process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process that serves the socket, or None."""
        return self._current.process.pid if self._current else None

    @property
    def absent_modules(self) -> tuple[str, ...]:
        """Modules that were asked for and could not be found."""
        return tuple(self._current.ready["absent"]) if self._current else ()

    @property
    def variables(self) -> dict[str, str]:
        """The environment under which another process takes its kernels from this template."""
        return {SOCKET_VARIABLE: str(self.socket), "JUPYTER_DEFAULT_PROVISIONER_NAME": "warm-fork"}

    def start(self) -> None:
        """Start the process and wait until it serves; raises TemplateError when it cannot. Idempotent."""
        with self._lock:
            if self.is_alive:
                return
            if self._folder is None:
                # mkdtemp makes it 0700, so the socket is private from its first moment.
                self._folder = TemporaryDirectory(prefix="command-center-", ignore_cleanup_errors=True)
            self._current = self._launch()

    def replace(self, environment: Mapping[str, str] | None = None) -> None:
        """Start a new process with the code on disk now, then retire the old one.

        Kernels of the old process live on until they end by themselves. When the new one cannot start,
        TemplateError is raised and the old one goes on serving. `environment` replaces the earlier one.
        """
        with self._lock:
            if self._folder is None:
                raise TemplateError("The warm template was not started")
            if environment is not None:
                self._environment = dict(environment)
            old, self._current = self._current, self._launch()
            self._retired = [running for running in self._retired if running.process.poll() is None]
            if old is None:
                return
            try:
                old.control.send({"do": "retire"})
            except OSError:  # it was dead already, which may be why it is replaced
                old.stop()
            else:
                self._retired.append(old)

    def stop(self) -> None:
        """End the template, its retired predecessors and all their kernels."""
        with self._lock:
            for running in [*self._retired, *([self._current] if self._current else [])]:
                running.stop()
            self._retired, self._current = [], None
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self) -> _Running:
        environment = {
            **os.environ,
            **SMALL_ARENAS,
            **_QUIET_ENVIRONMENT,
            **_ONE_HEAP,
            **self._environment,
            **SINGLE_THREAD_ENVIRONMENT,
        }
        environment.pop("JPY_PARENT_PID", None)
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "command_center.kernels.template"]
        with theirs:
            process = subprocess.Popen(
                [*command, "--socket", str(self.socket), "--modules", *self.modules],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        ours.settimeout(self._start_timeout_s)
        control = Channel(ours)
        try:
            ready = control.receive()
        except OSError as error:
            _Running(process, control, {}).stop()
            raise TemplateError("The warm template did not get ready", where=str(error)) from error
        if ready is None or "error" in ready:
            _Running(process, control, {}).stop()
            reason = ready["error"] if ready else f"exit code {process.returncode}"
            raise TemplateError("The warm template could not be started", where=str(reason))
        return _Running(process, control, ready)
