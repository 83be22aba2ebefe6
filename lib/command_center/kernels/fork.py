"""What a fork of the template does to itself to become a kernel like one that was spawned.

Everything here runs in the fork, or judges a command before it; the template's own state is `template`'s.
"""

import ctypes
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any
from unittest.mock import patch

from command_center.kernels.idle_memory import release_when_idle
from command_center.kernels.protocol import KernelRequest, TemplateError

_LAUNCHERS = frozenset({"ipykernel_launcher", "ipykernel"})
_PR_SET_PDEATHSIG = 1


def kernel_arguments(command: Sequence[str]) -> list[str]:
    """Return the arguments for IPKernelApp in a command such as `python -m ipykernel_launcher -f FILE`.

    Raises TemplateError when the command starts another interpreter or no Python kernel.
    """
    if not command or not _is_this_python(command[0]):
        raise TemplateError("The kernel belongs to another Python than the warm template")
    if "-m" not in command:
        raise TemplateError("The kernel is no Python module")
    launcher = command.index("-m") + 1
    if launcher >= len(command) or command[launcher] not in _LAUNCHERS:
        raise TemplateError("The kernel is no ipykernel")
    return list(command[launcher + 1 :])


def run_kernel(request: KernelRequest) -> None:
    """Become the requested kernel; returns when the kernel is shut down."""
    from ipykernel.kernelapp import IPKernelApp

    arguments = kernel_arguments(request.command)
    sys.argv = ["ipykernel_launcher", *arguments]
    # Nobody types into these kernels: a history of commands costs a thread, a database and memory for nothing.
    arguments = [*arguments, "--HistoryManager.enabled=False"]
    # ipykernel read JPY_PARENT_PID at import time; the process whose end must end us is the template.
    app = IPKernelApp.instance()
    with _no_list_of_modules():
        app.initialize([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])  # type: ignore[no-untyped-call]
    release_when_idle(app.shell)
    app.start()  # type: ignore[no-untyped-call]


@contextmanager
def _no_list_of_modules() -> Iterator[None]:
    """Keep ipykernel from listing the files of all modules, for a debugger that nobody attaches to these kernels.

    Looking at thousands of modules writes to each, and so copies 7 MB that this fork shares with the template.
    """
    from ipykernel import ipkernel

    class WithoutModules:
        modules: Mapping[str, ModuleType] = MappingProxyType({})

        def __getattr__(self, name: str) -> Any:
            return getattr(sys, name)

    with patch.object(ipkernel, "sys", WithoutModules()):
        yield


def die_with_parent(parent: int) -> bool:
    """Have the system kill this process when its parent ends; False when `parent` has ended already."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    return os.getppid() == parent


def reset_signals() -> None:
    """Give every signal the meaning it has at the start of a Python process."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def adopt(request: KernelRequest) -> None:
    """Take over the environment and the folder; what Python reads only at start is read again."""
    os.environ.clear()
    os.environ.update(request.environment)
    os.chdir(request.cwd)
    time.tzset()
    for entry in reversed(request.environment.get("PYTHONPATH", "").split(os.pathsep)):
        if entry and entry not in sys.path:
            sys.path.insert(0, entry)


def reseed() -> None:
    """Give this fork random numbers of its own; uuid4 and secrets ask the system each time anyway."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


@dataclass
class Leave:
    """The last thing to run at exit: leaves without Python's final clean-up.

    That would touch, and so copy, every page a fork shares, only to free it. Threads have been joined and
    the other exit functions have run by then.
    """

    code: int = 1

    def __call__(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(self.code)


def _is_this_python(executable: str) -> bool:
    # Two environments may link to one interpreter: file and folder have to agree.
    other, own = Path(executable).absolute(), Path(sys.executable).absolute()
    return other.parent == own.parent and other.exists() and other.samefile(own)
