"""What a kernel freed goes back to the machine once it has nothing to do: many readers share its memory.

The C library keeps freed memory for the next request; drawing a page leaves several megabytes so.
"""

import ctypes
from collections.abc import Callable
from typing import Any

from tornado.ioloop import IOLoop

_IDLE_S = 0.5


def release_when_idle(shell: Any) -> None:
    """Have freed memory given back half a second after the last cell of an IPython shell; nothing without glibc."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        shell.events.register("post_run_cell", _after_the_last(lambda: trim(0)))


def _after_the_last(release: Callable[[], object]) -> Callable[[Any], None]:
    """Return a listener that calls `release` when it has not been called again for the idle time."""
    waiting: list[object] = []

    def listen(_: Any) -> None:
        loop = IOLoop.current()
        while waiting:
            loop.remove_timeout(waiting.pop())
        waiting.append(loop.call_later(_IDLE_S, release))

    return listen
