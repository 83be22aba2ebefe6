"""What pages are made with: the warm template that kernels are forked from, and the renderer of charts.

Both start beside whatever else goes on and are waited for when they are first needed. Makes no page itself.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from command_center.charts.renderer import ChartRenderer
from command_center.kernels.owner import WarmTemplate


class Workshop:
    """A warm template and a chart renderer, used as a context manager: both end with it.

    TemplateError or ChartError is raised where one is needed and could not start.
    """

    def __init__(self) -> None:
        self._template = WarmTemplate()
        self._renderer = ChartRenderer()
        self._starting: tuple[Future[None], Future[None]] | None = None

    @property
    def template(self) -> WarmTemplate:
        """The template, running."""
        self._starts()[0].result()
        return self._template

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of a kernel that has its charts drawn here."""
        self._starts()[1].result()
        return self._renderer.variables

    @property
    def variables(self) -> dict[str, str]:
        """The environment under which a process takes kernels and charts from here."""
        return {**self.template.variables, **self.environment}

    def start(self) -> None:
        """Begin to start both; returns at once. Idempotent."""
        self._starts()

    def stop(self) -> None:
        """End both, however far they came."""
        starting, self._starting = self._starting, None
        for future in starting or ():
            future.exception()
        self._template.stop()
        self._renderer.stop()

    def _starts(self) -> tuple[Future[None], Future[None]]:
        if self._starting is None:
            threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="workshop")
            self._starting = threads.submit(self._template.start), threads.submit(self._renderer.start)
            threads.shutdown(wait=False)
        return self._starting

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
