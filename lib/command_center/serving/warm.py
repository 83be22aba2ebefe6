"""Warm kernels for the server: they start beside it, are renewed when an edition is published, end with it.

Nothing waits for them and nothing depends on them: without them kernels are spawned and draw for themselves.
"""

import asyncio
import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from command_center.editions import latest_id
from command_center.errors import CommandCenterError
from command_center.kernels.provisioner import use_warm_kernels
from command_center.publishing import Workshop
from command_center.settings import Settings

WARM = "command_center_warm"
PUBLISHED_CHECK_SECONDS = 5
# A template starts in three seconds; a live page rather begins with the old code than waits for ever.
_RENEWAL_SECONDS = 15.0


class WarmKernels:
    """The workshop of one server process, whose environment names it once it is ready."""

    def __init__(self, settings: Settings, log: logging.Logger) -> None:
        self._settings = settings
        self._log = log
        self._workshop = Workshop()
        # One thread: what was asked for first is done first.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="warm-kernels")
        self._edition = latest_id(settings)
        self._renewal: Future[None] | None = None

    def start(self) -> None:
        """Begin to start; returns at once."""
        use_warm_kernels()
        self._workshop.start()
        self._thread.submit(self._furnish)

    def renew_when_published(self) -> None:
        """Replace the template where another edition has become the latest: its code and reference data may differ."""
        latest = latest_id(self._settings)
        if latest != self._edition:
            self._edition = latest
            self._renewal = self._thread.submit(self._renew)

    async def renewed(self) -> None:
        """Return when kernels know of the latest edition: none that is asked for after a publish shows yesterday."""
        self.renew_when_published()
        if self._renewal is not None and not self._renewal.done():
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    asyncio.shield(asyncio.wrap_future(self._renewal)), timeout=_RENEWAL_SECONDS
                )

    def stop(self) -> None:
        """End template, renderer and all kernels."""
        self._thread.shutdown(cancel_futures=True)
        self._workshop.stop()

    def _furnish(self) -> None:
        try:
            os.environ.update(self._workshop.variables)
        except CommandCenterError as error:
            self._log.warning("Kernels are started without warm template and renderer: %s", error)

    def _renew(self) -> None:
        try:
            self._workshop.template.replace()
        except CommandCenterError as error:
            self._log.warning("The warm template could not be renewed and stays as it was: %s", error)
