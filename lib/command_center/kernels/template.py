"""The warm template: imports the stack once, then forks a kernel for every request.

It renders nothing, runs no thread and holds no database: what it would hold, every fork would share. It
refuses to fork when a thread or a foreign file is open, and ends with its owner; its kernels end with it.
Started by `command_center.kernels.owner`; standard input is the control connection to the owner.
"""

import argparse
import atexit
import gc
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from command_center.errors import CommandCenterError
from command_center.kernels.fork import (
    Leave,
    adopt,
    die_with_parent,
    kernel_arguments,
    reseed,
    reset_signals,
    run_kernel,
)
from command_center.kernels.holes import fill_holes
from command_center.kernels.protocol import Channel, KernelRequest, TemplateError
from command_center.kernels.warmup import DEFAULT_MODULES, check_single_thread, import_modules

# PROJ opens its own database read-only on import and opens it anew after a fork (SQLiteHandleCache in PROJ).
_FORK_SAFE_FILES = frozenset({"proj.db"})
_REQUEST_TIMEOUT_S = 2.0
_OWNER_CHECK_S = 1.0


@dataclass
class _Kernel:
    """A forked kernel as the template sees it: its pid, its pidfd and the connection that asked for it."""

    pid: int
    pidfd: int
    channel: Channel


class Template:
    """Serves fork requests on a unix socket until its owner goes away, or until retired and childless."""

    def __init__(self, path: Path, control: Channel) -> None:
        self._path = path
        self._control = control
        self._pid = os.getpid()
        self._owner = os.getppid()
        self._kernels: dict[int, _Kernel] = {}
        self._waiting: set[Channel] = set()
        self._retired = False
        # poll needs no descriptor of its own, so a fork cannot disturb the template's set.
        self._selector = selectors.PollSelector()
        self._listener, self._inode = _listen(path)
        self._selector.register(control, selectors.EVENT_READ, self._on_control)
        self._selector.register(self._listener, selectors.EVENT_READ, self._on_connect)

    def serve(self) -> KernelRequest | None:
        """Serve requests. Returns the request in a forked kernel, and None in the template at its end."""
        while not self._finished():
            for key, _ in self._selector.select(_OWNER_CHECK_S):
                if self._selector.get_map().get(key.fd) is not key:
                    continue  # an earlier event of this round closed it
                request: KernelRequest | None = key.data(key.fileobj)
                if request is not None:
                    return request
        self._end()
        return None

    def check_forkable(self) -> None:
        """Raise TemplateError unless this process has one thread and no foreign open file."""
        check_single_thread(where="before a fork")
        own = self._own_descriptors()
        for entry in Path("/proc/self/fd").iterdir():
            try:
                target = entry.readlink()
            except FileNotFoundError:  # the descriptor that listed the folder
                continue
            if int(entry.name) > 2 and int(entry.name) not in own and target.name not in _FORK_SAFE_FILES:
                raise TemplateError("The warm template holds a foreign open file", where=str(target))

    def _finished(self) -> bool:
        if os.getppid() != self._owner:
            return True
        return self._control.fileno() < 0 or (self._retired and not self._kernels and not self._waiting)

    def _own_descriptors(self) -> set[int]:
        channels = [self._control, *self._waiting, *(kernel.channel for kernel in self._kernels.values())]
        own = {channel.fileno() for channel in channels} | {self._listener.fileno()}
        own.update(descriptor for channel in channels for descriptor in channel.descriptors)
        own.update(kernel.pidfd for kernel in self._kernels.values())
        return own

    def _on_control(self, control: Channel) -> None:
        # A socket that is reset says the same as one that is closed: the owner is gone.
        with suppress(OSError, TemplateError):
            message = control.receive()
            if message == {"do": "retire"}:
                self._retire()
                return
        self._selector.unregister(control)
        control.close()

    def _retire(self) -> None:
        # Whoever connected before the successor took over the path is still served.
        self._selector.unregister(self._listener)
        while self._accept():
            pass
        self._listener.close()
        self._retired = True

    def _on_connect(self, _: socket.socket) -> None:
        self._accept()

    def _accept(self) -> bool:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # nobody is waiting, or the caller has gone again
            return False
        connection.settimeout(_REQUEST_TIMEOUT_S)
        channel = Channel(connection)
        self._waiting.add(channel)
        self._selector.register(channel, selectors.EVENT_READ, self._on_request)
        return True

    def _on_request(self, channel: Channel) -> KernelRequest | None:
        self._selector.unregister(channel)
        try:
            message = channel.receive()
            if message is not None:
                request = KernelRequest.from_message(message)
                kernel_arguments(request.command)
                if self._fork(request, channel):
                    return request
        except (OSError, CommandCenterError) as error:
            # The client falls back to a plain spawn and says why.
            with suppress(OSError):
                channel.send({"error": str(error)})
            channel.close()
        finally:
            self._waiting.discard(channel)
            for descriptor in channel.descriptors:
                os.close(descriptor)
            channel.descriptors.clear()
        return None

    def _fork(self, request: KernelRequest, channel: Channel) -> bool:
        """Fork; True in the child. Raises TemplateError or OSError when that cannot be done."""
        if not Path(request.cwd).is_dir():
            raise TemplateError("The folder of the kernel does not exist", where=request.cwd)
        if len(channel.descriptors) != 2:
            raise TemplateError("A kernel request brings its standard output and its standard error")
        self.check_forkable()
        pid = os.fork()
        if pid == 0:
            self._become_child(request, channel)
            return True
        try:
            kernel = _Kernel(pid=pid, pidfd=os.pidfd_open(pid), channel=channel)
        except OSError:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise
        self._kernels[pid] = kernel
        self._selector.register(kernel.pidfd, selectors.EVENT_READ, lambda _: self._on_exit(kernel))
        self._selector.register(channel, selectors.EVENT_READ, lambda _: self._on_hang_up(kernel))
        with suppress(OSError):  # a client that is gone already: its hanging up comes next
            channel.send({"pid": pid})
        return False

    def _become_child(self, request: KernelRequest, channel: Channel) -> None:
        """Cut every tie to the template but its death; a child that fails here ends, it never serves."""
        finished = False
        try:
            if not die_with_parent(self._pid):
                return
            os.setsid()
            self._close_and_redirect(channel)
            reset_signals()
            adopt(request)
            reseed()
            gc.enable()
            finished = True
        finally:
            if not finished:
                traceback.print_exc()
                os._exit(1)

    def _close_and_redirect(self, own: Channel) -> None:
        null = os.open(os.devnull, os.O_RDONLY)
        kernels = list(self._kernels.values())
        for channel in [self._control, own, *self._waiting, *(kernel.channel for kernel in kernels)]:
            channel.close()
        self._listener.close()
        for kernel in kernels:
            os.close(kernel.pidfd)
        for source, target in zip((null, *own.descriptors), (0, 1, 2), strict=True):
            os.dup2(source, target)
        os.close(null)

    def _on_hang_up(self, kernel: _Kernel) -> None:
        # Nothing is ever said after the request: news on the connection means that the client is gone.
        self._selector.unregister(kernel.channel)
        _kill_group(kernel.pid)

    def _on_exit(self, kernel: _Kernel) -> None:
        # Not reaped yet, so the group's number cannot have been given to anyone else.
        _kill_group(kernel.pid)
        _, status = os.waitpid(kernel.pid, 0)
        self._selector.unregister(kernel.pidfd)
        os.close(kernel.pidfd)
        if kernel.channel in {key.fileobj for key in self._selector.get_map().values()}:
            self._selector.unregister(kernel.channel)
        with suppress(OSError):
            kernel.channel.send({"exit": os.waitstatus_to_exitcode(status)})
        kernel.channel.close()
        del self._kernels[kernel.pid]

    def _end(self) -> None:
        for kernel in self._kernels.values():
            _kill_group(kernel.pid)
        # The path may belong to a successor by now.
        with suppress(OSError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
                self._path.parent.rmdir()


def _listen(path: Path) -> tuple[socket.socket, int]:
    """Return a listening socket that took over `path` in one step, and its inode."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    mask = os.umask(0o177)  # from its first moment the socket is the owner's alone
    try:
        listener.bind(str(new))
    finally:
        os.umask(mask)
    listener.listen(128)
    listener.setblocking(False)
    inode = new.stat().st_ino
    new.replace(path)
    return listener, inode


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # the fork has not reached setsid yet
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the template, and in its forks the kernel; returns the exit code."""
    parser = argparse.ArgumentParser(prog="command_center.kernels.template", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True, help="unix socket in a private folder")
    parser.add_argument("--modules", nargs="*", default=list(DEFAULT_MODULES), help="modules to import once")
    options = parser.parse_args(arguments)
    if not sys.flags.safe_path and sys.path[0] == str(Path.cwd()):
        # `python -m` put the owner's folder there, which is no kernel's. The flag -P would keep it away, but
        # forks inherit the flag, and with it IPython leaves out the kernel's own folder as well.
        del sys.path[0]
    control = Channel(socket.socket(fileno=0))
    gc.disable()  # a collection would write to pages that forks share
    try:
        started = time.monotonic()
        imported, absent = import_modules(options.modules)
        gc.collect()
        fill_holes()
        gc.freeze()
        template = Template(options.socket, control)
        template.check_forkable()
    except (CommandCenterError, ImportError, OSError) as error:
        control.send({"error": str(error)})
        return 1
    control.send({"ready": imported, "absent": absent, "seconds": round(time.monotonic() - started, 3)})
    request = template.serve()
    if request is not None:
        run_kernel(request)
    return 0


if __name__ == "__main__":
    leave = Leave()
    atexit.register(leave)
    leave.code = main()
