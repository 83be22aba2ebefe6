"""A kernel to talk to, for the tests and for the processes they start."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from command_center.kernels.provisioner import WarmForkProvisioner

START_TIMEOUT_S = 60


class Kernel:
    """A running kernel: its manager, its client, and what it prints."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self.client = client

    @property
    def provisioner(self) -> WarmForkProvisioner:
        provisioner = self.manager.provisioner
        assert isinstance(provisioner, WarmForkProvisioner)
        return provisioner

    @property
    def pid(self) -> int:
        assert self.provisioner.pid is not None
        return self.provisioner.pid

    def run(self, code: str, timeout: float = 60) -> str:
        """Return what `code` prints; a cell that fails fails the test."""
        printed: list[str] = []

        def hook(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = self.client.execute_interactive(code, timeout=timeout, output_hook=hook)
        assert reply["content"]["status"] == "ok", reply["content"].get("traceback")
        return "".join(printed).strip()

    def error_of(self, code: str, timeout: float = 60) -> str:
        """Return the name of the exception that `code` ends with."""
        reply = self.client.execute_interactive(code, timeout=timeout, output_hook=lambda _: None)
        assert reply["content"]["status"] == "error"
        return str(reply["content"]["ename"])


@contextmanager
def kernel(
    socket: Path | None, *, cwd: Path | None = None, env: dict[str, str] | None = None, **traits: Any
) -> Iterator[Kernel]:
    """A kernel forked from the template at `socket`, or spawned when there is none."""
    manager = KernelManager(kernel_name="python3", kernel_id=str(uuid4()))
    manager.provisioner = WarmForkProvisioner(
        kernel_id=manager.kernel_id,
        kernel_spec=manager.kernel_spec,
        parent=manager,
        template_socket=str(socket or ""),
        **traits,
    )
    manager.start_kernel(cwd=str(cwd or Path.cwd()), env={**os.environ, **(env or {})})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=START_TIMEOUT_S)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def is_gone(pid: int) -> bool:
    """Whether the process has ended; a zombie that nobody reaps has."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


def eventually(condition: Callable[[], bool], timeout: float = 10) -> bool:
    """Whether `condition` comes true in time."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
