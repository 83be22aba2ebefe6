"""The handler of every page: finished bytes at once, a live kernel when asked for.

An address that names nothing is a 404 in the reader's words. A page that was not rendered at publish
is rendered on the first request and kept, since an edition does not change.
"""

import asyncio
import functools
import logging
import os
from contextlib import aclosing
from typing import Any

from markupsafe import escape
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from voila.tornado.handler import TornadoVoilaHandler

from command_center.access import PUBLIK
from command_center.editions import Edition, keep_page
from command_center.errors import CatalogError, PublishingError, UnknownRegionError
from command_center.kernels.outcome import ExecutionError
from command_center.pages.addresses import PageAddress, UnknownAddressError
from command_center.pages.house import House
from command_center.publishing import PagePlan, plan_page, render_page, sector_shown, shows_figures
from command_center.serving.finished import FinishedPage, FinishedPages
from command_center.serving.guard import Guarded
from command_center.serving.identity_provider import holder_of
from command_center.serving.live import PLAN, known_filters, while_running
from command_center.serving.live_kernels import KernelEndedError, KernelsInUseError
from command_center.serving.owned_kernels import KernelOwner, kernels_for
from command_center.serving.responses import (
    SMALL_CELLS,
    PlainErrors,
    reader_locale,
    set_caching,
    shared_edition,
    shown_edition,
    shows_small_cells,
)
from command_center.serving.warm import WARM

_log = logging.getLogger(__name__)
_finished = FinishedPages()
_rendering: dict[tuple[str, str, str], asyncio.Task[bytes]] = {}


class PageHandler(PlainErrors, Guarded, TornadoVoilaHandler):  # type: ignore[misc]
    """Answers for home, sectors, regions, indicators and briefings, in both languages and all editions."""

    def initialize(self, house: House, **voila: Any) -> None:
        """Keep the house; Voila's own arguments go on to Voila's handler."""
        super().initialize(**voila)
        self.house = house

    async def get(self, path: str) -> None:
        """Send the finished page, or the live one for `?live=1`."""
        try:
            address = _address(path, self.house.regions.root.code)
        except UnknownAddressError as error:
            raise HTTPError(404, log_message=str(error)) from error
        edition = shown_edition(self.house, address.edition, self.person)
        is_live = bool(self.get_query_argument("live", "")) and self.request.method != "HEAD"
        shared = self._shared(edition, address)
        if shows_small_cells(edition, sector_shown(edition.catalog, address)):
            self.note(SMALL_CELLS)
        finished = None if is_live else _made(shared, address)
        if finished is not None and address.url == path:
            # What was published stays readable, also where its notebook has gone since.
            self._send(finished, shared, is_older=bool(address.edition))
            return
        house = self.house.with_catalog(edition.catalog)
        plan = self._plan(house, address, edition)
        if address.url != path:
            self.redirect(address.url + (f"?{self.request.query}" if self.request.query else ""))
        elif is_live:
            await self._send_live(house, plan, edition, shared)
        else:
            page = await self._rendered(house, address, shared)
            self._send(page, shared, is_older=bool(address.edition))

    async def head(self, path: str) -> None:
        """Answer as `get` does, without a body and without starting a kernel."""
        await self.get(path)

    def _shared(self, edition: Edition, address: PageAddress) -> Edition:
        if not shows_figures(address):
            return edition.seen_by(PUBLIK)
        try:
            return shared_edition(edition, sector_shown(edition.catalog, address))
        except CatalogError as error:
            raise HTTPError(404, log_message=str(error)) from error

    def _plan(self, house: House, address: PageAddress, edition: Edition) -> PagePlan:
        if address.kind == "briefing" and address.subject != edition.as_of:
            raise HTTPError(404, log_message=f"edition {edition.id} has no briefing of {address.subject}")
        if address.kind == "problem" and not edition.signals["id"].eq(address.subject).any():
            raise HTTPError(404, log_message=f"edition {edition.id} has no signal {address.subject}")
        arguments = {name: self.get_query_argument(name) for name in self.request.arguments}
        try:
            return plan_page(house, address, edition.id, known_filters(arguments))
        except (CatalogError, UnknownRegionError, PublishingError) as error:
            raise HTTPError(404, log_message=str(error)) from error

    def _send(self, page: FinishedPage, edition: Edition, *, is_older: bool) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Vary", "Accept-Encoding")
        set_caching(self, edition, is_older=is_older)
        self.set_header("Etag", page.etag)
        if self.check_etag_header():
            self.set_status(304)
        elif "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.write(page.compressed)
        else:
            self.write(page.plain)

    async def _rendered(self, house: House, address: PageAddress, edition: Edition) -> FinishedPage:
        """Render a page once, however many readers ask for it at the same time."""
        key = (edition.id, edition.view.key, str(address.file))
        if key not in _rendering:
            task = asyncio.ensure_future(asyncio.to_thread(_render_and_keep, house, address, edition))
            _rendering[key] = task
            task.add_done_callback(lambda _: _rendering.pop(key, None))
        try:
            return FinishedPage.of(await asyncio.shield(_rendering[key]))
        except PublishingError as error:
            raise HTTPError(500, log_message=str(error)) from error

    async def _send_live(self, house: House, plan: PagePlan, edition: Edition, shared: Edition) -> None:
        setattr(self, PLAN, plan)
        owner = KernelOwner(holder_of(self, self.reader), edition.view)
        # Read for its effect: it sets the cookie without which a page that is left may not end its kernel.
        _ = self.xsrf_token
        notebook = os.path.relpath(plan.notebook, self.house.settings.root)
        await self.settings[WARM].renewed()

        async def is_running() -> bool:
            return not owner.started or await self.kernel_manager.is_running(owner.started[-1])

        try:
            with kernels_for(owner):
                async with aclosing(while_running(self.get_generator(notebook), is_running)) as parts:
                    async for part in parts:
                        self.write(part)
                        await self.flush()
        except StreamClosedError:
            # The reader has gone; the kernel ends as every one without a reader does.
            self.log.info("A reader left before the live page was complete")
        except KernelsInUseError as error:
            # Raised before the first byte. The reader keeps the finished page, whose script says why.
            self.log.info("%s", error)
            await self._send_finished_instead(house, plan, shared)
        except KernelEndedError as error:
            self.log.warning("%s", error)
            if self._headers_written:
                words = reader_locale(self.request.path).t(
                    "The live page has ended; its controls no longer answer."
                )
                self.write(f'<p class="cc-error" role="alert">{escape(words)}</p></body></html>')
            else:
                await self._send_finished_instead(house, plan, shared)

    async def _send_finished_instead(self, house: House, plan: PagePlan, shared: Edition) -> None:
        finished = _made(shared, plan.address) or await self._rendered(house, plan.address, shared)
        self._send(finished, shared, is_older=False)
        self.set_header("Cache-Control", "no-store")


@functools.lru_cache(maxsize=4096)
def _address(path: str, root_region: str) -> PageAddress:
    # What names no page raises and is not kept, so only addresses that there are take room.
    return PageAddress.parse(path, root_region=root_region)


def _made(edition: Edition, address: PageAddress) -> FinishedPage | None:
    """Return the page as the edition's view shows it; None where it is not rendered yet."""
    key = (str(edition.path), edition.view.key, str(address.file))
    return _finished.page(key, lambda: edition.page(address.file, edition.view))


def _render_and_keep(house: House, address: PageAddress, edition: Edition) -> bytes:
    plan = plan_page(house, address, edition.id)
    try:
        compressed = render_page(house, plan, edition.view)
    except ExecutionError as error:
        # Its kernel may have been killed, for memory perhaps; what fails twice fails for a reason of its own.
        _log.warning("A page is rendered once more: %s", error)
        compressed = render_page(house, plan, edition.view)
    keep_page(edition, address.file, compressed, edition.view)
    return compressed
