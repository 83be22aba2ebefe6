"""Live pages: a Voila kernel at the same URL as the finished page, with the filters the reader chose.

The parameters reach the notebook the way papermill gives them, so both lives of a page are one notebook.
Only values known to the catalog pass; nothing of a query string is ever executed.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from nbformat import NotebookNode
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from command_center.publishing import PagePlan
from command_center.serving.live_kernels import KernelEndedError
from command_center.serving.static_files import LABEXTENSIONS, STATIC, VoilaFiles

PLAN = "command_center_plan"
PRELOAD = "preload"
_LOOK_SECONDS = 1.0
FILTERS = ("indicator", "period", "comparison", "threshold")
_FILTER_VALUE = re.compile(r"[A-Za-z0-9.,_-]{0,24}")


def known_filters(arguments: Mapping[str, str]) -> dict[str, str]:
    """Return the filters among a query's arguments whose values could be one; the page checks them again."""
    return {
        name: arguments[name]
        for name in FILTERS
        if arguments.get(name) and _FILTER_VALUE.fullmatch(arguments[name])
    }


def inject_parameters(handler: Any, notebook: NotebookNode, cwd: str) -> NotebookNode:
    """Return the notebook with the page's parameters after its parameters cell (Voila's prelaunch hook)."""
    plan: PagePlan = getattr(handler, PLAN)
    # Read by papermill's own reader, which prepares what its parameterization expects.
    ready: NotebookNode = parameterize_notebook(load_notebook_node(str(plan.notebook)), dict(plan.parameters))
    ready.metadata.update(title=plan.title, language=plan.address.language)
    return ready


async def while_running(
    parts: AsyncIterator[str], is_running: Callable[[], Awaitable[bool]]
) -> AsyncGenerator[str, None]:
    """Yield the parts of a live page as they come; KernelEndedError once its kernel has ended.

    Voila does not hear of a kernel that dies before its first answer, and would wait for ever.
    """
    while True:
        step = asyncio.ensure_future(anext(parts))
        while not (await asyncio.wait({step}, timeout=_LOOK_SECONDS))[0]:
            if not await is_running():
                step.cancel()
                await asyncio.wait({step})
                raise KernelEndedError("The kernel of a live page ended before the page was complete")
        try:
            part = step.result()
        except StopAsyncIteration:
            return
        yield part


def page_config_of(files: VoilaFiles) -> Callable[..., dict[str, Any]]:
    """Return Voila's hook that tells a live page where its scripts are, and which to load while cells execute."""

    def changed(page_config: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {
            **page_config,
            "fullStaticUrl": files.url(f"{STATIC}/").rstrip("/"),
            "fullLabextensionsUrl": files.url(f"{LABEXTENSIONS}/").rstrip("/"),
            PRELOAD: files.preload,
        }

    return changed
