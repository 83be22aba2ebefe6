"""Kernels of live pages: each belongs to the browser that started it and knows only what that reader may see."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError

from command_center.access import View
from command_center.pages.kept import LIVE_VARIABLE
from command_center.publishing import view_environment

# A live page reads a few small tables; each thread of a pool would take memory for nothing.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "ARROW_IO_THREADS": "1"}


@dataclass(frozen=True)
class KernelOwner:
    """By what a browser is known, what its reader may see, and the ids of the kernels started in its name."""

    holder: str
    view: View
    started: list[str] = field(default_factory=list, compare=False)


_owner: ContextVar[KernelOwner | None] = ContextVar("kernel_owner", default=None)


@contextmanager
def kernels_for(owner: KernelOwner) -> Iterator[None]:
    """Within this, kernels are started for an owner; elsewhere none is."""
    mark = _owner.set(owner)
    try:
        yield
    finally:
        _owner.reset(mark)


class OwnedKernels(AsyncMappingKernelManager):
    """Starts no kernel without an owner, and tells whose one is."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)  # type: ignore[no-untyped-call]
        self._holders: dict[str, str] = {}

    async def start_kernel(self, **arguments: Any) -> str:  # type: ignore[override]
        """Start a kernel for the owner in force and return its id; HTTPError 403 where there is none."""
        owner = _owner.get()
        if owner is None or not owner.holder:
            raise HTTPError(403, log_message="a kernel was asked for by nobody")
        environment = {
            **arguments.pop("env", {}),
            **_ONE_THREAD,
            **view_environment(owner.view),
            LIVE_VARIABLE: "1",
        }
        kernel_id: str = await ensure_async(super().start_kernel(env=environment, **arguments))
        self._holders[kernel_id] = owner.holder
        owner.started.append(kernel_id)
        return kernel_id

    def is_held_by(self, kernel_id: str, holder: str) -> bool:
        """Return whether a kernel runs and is this holder's."""
        return bool(holder) and kernel_id in self and self._holders.get(kernel_id) == holder

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended, and whose it was."""
        self._holders.pop(kernel_id, None)
        return super().remove_kernel(kernel_id)

    async def end_kernels_of(self, holder: str) -> None:
        """End every kernel of a holder, as at a logout."""
        for kernel_id in [one for one, known in self._holders.items() if known == holder]:
            if kernel_id in self:
                await ensure_async(self.shutdown_kernel(kernel_id, now=True))  # type: ignore[no-untyped-call]
