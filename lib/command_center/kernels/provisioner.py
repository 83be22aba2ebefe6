"""How jupyter_client gets a kernel: a fork of the warm template, or else the plain spawn.

Registered as the provisioner `warm-fork`; the kernelspec stays plain `python3`. It starts no template of
its own: COMMAND_CENTER_TEMPLATE_SOCKET or the trait `template_socket` says where one listens.
"""

import asyncio
import os
import resource
import signal
import socket
import threading
import time
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Float, Integer, Unicode

from command_center.kernels.protocol import (
    SMALL_ARENAS,
    SOCKET_VARIABLE,
    Channel,
    KernelRequest,
    TemplateError,
)

PROVISIONER_NAME = "warm-fork"
_ANSWER_TIMEOUT_S = 10.0
_END_TIMEOUT_S = 1.0
_END_POLL_S = 0.005
_MEGABYTE = 1024 * 1024
# What a fork can honour; a request with anything else is spawned.
_FORKABLE_ARGUMENTS = frozenset(
    {"env", "cwd", "stdout", "stderr", "independent", "kernel_id", "extra_arguments"}
)


class ForkedProcess:
    """A kernel forked by the template, with the part of subprocess.Popen that LocalProvisioner uses.

    The template is its parent and sends its exit code; when the template dies, the kernel is killed by the
    operating system, which is reported as the exit code -9.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, channel: Channel) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._channel = channel
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, or None while the kernel runs."""
        with self._lock:
            if self.returncode is None and self._channel.has_news():
                self._take_exit()
            return self.returncode

    def wait(self) -> int:
        """Wait for the end of the kernel and return its exit code."""
        with self._lock:
            return self._take_exit() if self.returncode is None else self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel unless it is known to have ended."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def _take_exit(self) -> int:
        try:
            message = self._channel.receive()
        except (OSError, TemplateError):
            message = None
        self.returncode = int(message["exit"]) if message and "exit" in message else -signal.SIGKILL
        self._channel.close()
        return self.returncode


def fork_kernel(path: Path, request: KernelRequest, output: int, errors: int) -> ForkedProcess:
    """Have the template at `path` fork a kernel whose standard output and error are the two descriptors.

    Raises OSError when the template cannot be reached, TemplateError when it refuses.
    """
    try:
        return _ask(path, request, output, errors)
    except ConnectionError:
        # Replaced between our connecting and our asking: the successor listens on the same path.
        return _ask(path, request, output, errors)


def _ask(path: Path, request: KernelRequest, output: int, errors: int) -> ForkedProcess:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    channel = Channel(connection)
    try:
        connection.settimeout(_ANSWER_TIMEOUT_S)
        connection.connect(str(path))
        channel.send(request.to_message(), (output, errors))
        answer = channel.receive()
        if answer is None:
            raise ConnectionResetError("the warm template hung up")
        if "pid" not in answer:
            raise TemplateError("The warm template refused", where=str(answer.get("error", answer)))
        connection.settimeout(None)
    except (OSError, TemplateError):
        channel.close()
        raise
    return ForkedProcess(int(answer["pid"]), channel)


class WarmForkProvisioner(LocalProvisioner):
    """Forks the kernel from the warm template; spawns it, with one warning, when that fails.

    The kernel ends when this process ends. Limits are off at 0 and hold for forked and spawned kernels.
    """

    template_socket = Unicode("", config=True, help=f"Socket of the warm template; empty: {SOCKET_VARIABLE}.")
    memory_limit_mb = Integer(
        0,
        config=True,
        help="Private memory (RLIMIT_DATA) a kernel may claim beyond what it starts with; 1500 to draw.",
    )
    cpu_limit_s = Integer(0, config=True, help="Processor time of a kernel; then SIGXCPU ends it.")
    wall_limit_s = Float(0.0, config=True, help="Life of a kernel; then it is killed.")

    wall_clock_ran_out = False
    _warned: ClassVar[set[str]] = set()
    _wall_clock: threading.Timer | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel and return how to connect to it."""
        process = await self._forked(cmd, kwargs)
        if process is None:
            await super().launch_kernel(cmd, **kwargs)
        else:
            self.process = process  # type: ignore[assignment]  # it has all of Popen that is used here
            self.pid = self.pgid = process.pid
            self.cwd = kwargs.get("cwd") or Path.cwd()
        self._set_limits()
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel's group, unless it has ended and its number may be another's.

        A kernel that is being shut down is not interrupted first: that makes an idle one write an error to
        the log, and a busy one hears the request to end on its control channel.
        """
        if signum == signal.SIGINT and getattr(self.parent, "shutting_down", False):
            return
        if self.process and self.process.poll() is None:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel; it is mostly gone on return, so that the manager need not wait for its next look."""
        await super().kill(restart=restart)
        deadline = time.monotonic() + _END_TIMEOUT_S
        while self.process and self.process.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(_END_POLL_S)

    async def cleanup(self, restart: bool = False) -> None:
        """Stop the wall clock and give back the cached ports."""
        if self._wall_clock is not None:
            self._wall_clock.cancel()
        await super().cleanup(restart=restart)

    def _finalize_env(self, env: dict[str, str]) -> None:
        super()._finalize_env(env)
        # A kernel has no business with the template: from there it could take another's environment.
        env.pop(SOCKET_VARIABLE, None)
        env.pop(KernelProvisionerFactory.default_provisioner_name_env, None)
        if self.memory_limit_mb:
            env.update(SMALL_ARENAS)

    async def _forked(self, cmd: list[str], kwargs: dict[str, Any]) -> ForkedProcess | None:
        path = self.template_socket or os.environ.get(SOCKET_VARIABLE, "")
        streams = [_descriptor(kwargs.get("stdout"), 1), _descriptor(kwargs.get("stderr"), 2)]
        if not path or kwargs.get("independent") or not _FORKABLE_ARGUMENTS.issuperset(kwargs):
            return None
        output, errors = streams
        if output is None or errors is None:
            return None
        request = KernelRequest(tuple(cmd), dict(kwargs["env"]), str(kwargs.get("cwd") or Path.cwd()))
        try:
            # In a thread, so that a busy template does not stop the server's event loop.
            process = await asyncio.to_thread(fork_kernel, Path(path), request, output, errors)
        except (OSError, TemplateError) as error:
            if path not in self._warned:
                self._warned.add(path)
                self.log.warning("Kernels are started without the warm template, which is slower: %s", error)
            return None
        self._warned.discard(path)
        return process

    def _set_limits(self) -> None:
        if self.pid is None:
            return
        with suppress(ProcessLookupError):  # it died at once; whoever polls will hear
            if self.memory_limit_mb:
                limit = _private_bytes(self.pid) + self.memory_limit_mb * _MEGABYTE
                resource.prlimit(self.pid, resource.RLIMIT_DATA, (limit, limit))
            if self.cpu_limit_s:
                resource.prlimit(self.pid, resource.RLIMIT_CPU, (self.cpu_limit_s, self.cpu_limit_s + 1))
        if self._wall_clock is not None:
            self._wall_clock.cancel()
        if self.wall_limit_s:
            self._wall_clock = threading.Timer(self.wall_limit_s, self._end_of_time, [self.process])
            self._wall_clock.daemon = True
            self._wall_clock.start()

    def _end_of_time(self, process: Any) -> None:
        if process.poll() is None:
            self.wall_clock_ran_out = True
            self.log.warning("Kernel %s was killed after %s seconds", self.kernel_id, self.wall_limit_s)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def use_warm_kernels() -> None:
    """Make `warm-fork` the provisioner of every kernelspec of this process that names none.

    Works without the installed entry point too, for a checkout that was not installed anew.
    """
    factory = KernelProvisionerFactory.instance()
    factory.provisioners.setdefault(
        PROVISIONER_NAME,
        EntryPoint(PROVISIONER_NAME, f"{__name__}:WarmForkProvisioner", factory.GROUP_NAME),
    )
    factory.default_provisioner_name = PROVISIONER_NAME


def _private_bytes(pid: int) -> int:
    """What RLIMIT_DATA counts of a process, shared pages of a fork included; 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    lines = [line.split() for line in status.splitlines() if line.startswith("VmData:")]
    return int(lines[0][1]) * 1024 if lines else 0


def _descriptor(stream: Any, default: int) -> int | None:
    """The descriptor behind a Popen stream argument, or None for one that a fork cannot be given."""
    if stream is None:
        return default
    if isinstance(stream, int):
        return stream if stream >= 0 else None
    return int(stream.fileno()) if hasattr(stream, "fileno") else None
