"""An edition is published while ten live pages are open: none shows a mixture, and all hear of it."""

import asyncio
import json
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Page, async_playwright, expect

from command_center.refresh import refresh
from tests.conftest import DAY
from tests.house.builder import write_figures
from tests.house.loops import run_apart
from tests.serving.conftest import Site
from tests.serving.viewers import Viewer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = "/bidang/water/33.16/"
LIVE = f"{PAGE}?live=1"
PLAIN_READERS = 9
# What the page says of the households served, before and after.
OLD, NEW = "60,0", "71,0"
READY_MS = 60_000


async def asks_again(page: Page) -> None:
    """Let the page ask for the latest edition as it does when somebody comes back to it, not after its 45 seconds."""
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


async def heard_latest(reader: Viewer) -> dict[str, object]:
    answer: dict[str, object] = json.loads(
        (await reader.fetch(f"/edisi/terbaru.json?kernel={reader.kernel}")).body
    )
    return answer


def test_new_pages_show_the_new_edition_at_once_and_open_ones_say_that_it_exists(
    own_site: Site, no_pages: None, chromium_path: str, chromium_arguments: list[str]
) -> None:
    base = f"http://127.0.0.1:{own_site.port}"

    async def scenario() -> None:
        async with AsyncExitStack() as stack:
            playwright = await stack.enter_async_context(async_playwright())
            browser = await playwright.chromium.launch(executable_path=chromium_path, args=chromium_arguments)
            stack.push_async_callback(browser.close)
            page = await browser.new_page()
            await page.goto(f"{base}{LIVE}")
            readers = [Viewer(base, LIVE) for _ in range(PLAIN_READERS)]
            for reader in readers:
                stack.callback(reader.leave)
            await asyncio.gather(*(reader.use() for reader in readers))
            await expect(page.locator("body")).to_have_attribute("data-ready", "yes", timeout=READY_MS)
            old = readers[0].edition
            note = page.locator("[data-newer-edition]")
            await asks_again(page)
            assert {(await heard_latest(reader))["edition"] for reader in readers} == {old}
            await expect(note).to_be_hidden()

            write_figures(own_site.settings.sectors_dir / "water", {"2023": (50, 100), "2024": (71, 100)})
            new = (await asyncio.to_thread(refresh, own_site.settings, DAY)).edition.id
            assert new != old

            finished, live = Viewer(base, PAGE), Viewer(base, LIVE)
            await asyncio.gather(finished.open(), live.use())
            stack.callback(live.leave)
            for text in (finished.text, live.text, live.shown):
                assert NEW in text
                assert OLD not in text
            assert (finished.edition, live.edition) == (new, new)

            await asks_again(page)
            await expect(note).to_be_visible()
            await expect(note.locator("a")).to_have_count(1)
            for reader in readers:
                assert await heard_latest(reader) == {"edition": new, "live": True}
                await reader.turn()
                assert OLD in reader.shown
                assert NEW not in reader.shown
            await note.locator("a").click()
            await expect(page.locator("[data-older-edition]")).to_have_attribute("data-older-edition", new)
            await expect(page.locator("[data-newer-edition]")).to_be_hidden()

    run_apart(scenario())
