"""The kernels of live pages: no more than the machine carries, and none that nobody looks at.

Ends kernels and refuses new ones; what a kernel executes is none of its business.
"""

import asyncio
import os
from datetime import timedelta
from typing import Any

import psutil
from jupyter_core.utils import ensure_async
from jupyter_server._tz import utcnow
from traitlets import Integer

from command_center.errors import CommandCenterError
from command_center.serving.owned_kernels import OwnedKernels

KERNELS_PER_CORE = 12
# Twice what a viewer was measured to take: one that asks for much is not to push the others out.
_BYTES_PER_KERNEL = 100 * 1024 * 1024
_SHARE_OF_MEMORY = 0.5
# Where places are scarce: a browser on a busy machine opens its websocket within a few seconds of the last cell.
_SOON_UNWATCHED_SECONDS = 20


class KernelsInUseError(CommandCenterError):
    """As many live pages are open as may be; a finished page needs no kernel."""


class KernelEndedError(CommandCenterError):
    """The kernel of a live page ended before the page was complete."""


def default_limit() -> int:
    """Return how many live pages this machine carries: 12 a processor, and half the memory at 100 MB each."""
    by_memory = int(psutil.virtual_memory().total * _SHARE_OF_MEMORY / _BYTES_PER_KERNEL)
    return max(2, min(KERNELS_PER_CORE * (os.cpu_count() or 1), by_memory))


class LiveKernels(OwnedKernels):
    """Owned kernels under a cap; dead ones and those without a reader leave soon.

    A reader is a websocket. A client that never opens one, or is gone, leaves its kernel `unwatched_timeout`
    seconds after the last cell; a page left open keeps it until another reader needs the place.
    """

    max_kernels = Integer(default_limit(), config=True, help="How many kernels may live at once.")
    unwatched_timeout = Integer(60, config=True, help="Seconds a kernel without websocket stays.")
    _starting = 0

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._endings: dict[str, asyncio.Future[None]] = {}

    async def start_kernel(self, **options: Any) -> str:  # type: ignore[override]
        """Start a kernel and return its id; KernelsInUseError where there is no place for one."""
        if self._taken >= self.max_kernels:
            await self._make_room()
        if self._taken >= self.max_kernels:
            raise KernelsInUseError(
                f"{self.max_kernels} live pages are open, and no more may be",
                who="the operator",
                next_step="command-center serve --live-pages N allows more, if the memory does",
            )
        self._starting += 1
        try:
            return await super().start_kernel(**options)
        finally:
            self._starting -= 1

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that has died or that nobody looks at; called for each every few seconds."""
        if not await self._is_alive(kernel_id) or self._is_unwatched(kernel_id, self.unwatched_timeout):
            await self._end(kernel_id)

    async def is_running(self, kernel_id: str) -> bool:
        """Return whether a kernel is there and alive."""
        return kernel_id in self and await self._is_alive(kernel_id)

    @property
    def _taken(self) -> int:
        return len(self._kernels) + self._starting

    async def _make_room(self) -> None:
        """End the dead and the forsaken now; else the one whose reader has done nothing for longest."""
        for kernel_id in list(self._kernels):
            if not await self._is_alive(kernel_id) or self._is_unwatched(kernel_id, _SOON_UNWATCHED_SECONDS):
                await self._end(kernel_id)
        idle = sorted(
            (self._kernels[kernel_id].last_activity, kernel_id)
            for kernel_id in self._kernels
            if self._is_idle_for(kernel_id, self.cull_idle_timeout)
        )
        if idle and self._taken >= self.max_kernels:
            await self._end(idle[0][1])

    async def _is_alive(self, kernel_id: str) -> bool:
        kernel = self._kernels.get(kernel_id)
        return kernel is None or bool(await ensure_async(kernel.is_alive()))

    def _is_unwatched(self, kernel_id: str, seconds: int) -> bool:
        connected = self._kernel_connections.get(kernel_id, 0) > 0
        return not connected and self._is_idle_for(kernel_id, min(seconds, self.unwatched_timeout))

    def _is_idle_for(self, kernel_id: str, seconds: int) -> bool:
        kernel = self._kernels.get(kernel_id)
        # Jupyter sets both once the kernel has come up; before that it is not idle.
        if kernel is None or not kernel.trait_has_value("last_activity"):
            return False
        if getattr(kernel, "execution_state", "busy") == "busy":
            return False
        return bool(utcnow() - kernel.last_activity > timedelta(seconds=seconds))

    def notify_disconnect(self, kernel_id: str) -> None:
        """Count the time without a reader from when the last one left."""
        super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call]
        if kernel_id in self._kernels:
            self._kernels[kernel_id].last_activity = utcnow()

    async def shutdown_kernel(self, kernel_id: str, now: bool = False, restart: bool = False) -> None:  # type: ignore[override]
        """End a kernel once, also where its reader leaves, its place is needed and it is found dead at the same time."""
        ending = self._endings.get(kernel_id)
        if ending is None:
            ending = asyncio.ensure_future(super().shutdown_kernel(kernel_id, now=now, restart=restart))  # type: ignore[no-untyped-call]
            self._endings[kernel_id] = ending
            ending.add_done_callback(lambda _: self._endings.pop(kernel_id, None))
        await asyncio.shield(ending)

    async def _end(self, kernel_id: str) -> None:
        if kernel_id in self._kernels:
            self.log.info("Kernel %s has no reader or has died, and is ended", kernel_id)
            await self.shutdown_kernel(kernel_id, now=True)
