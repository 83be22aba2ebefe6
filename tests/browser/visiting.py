"""Servers in processes of their own, pages that reach no other host, and what can be read off a page."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from command_center.editions import Edition
from command_center.pages.addresses import PageAddress, sector_page
from command_center.pages.house import House
from command_center.settings import load_settings

START_TIMEOUT_S = 120


@dataclass(frozen=True)
class Published:
    """An edition in a folder of its own and the addresses of one page of every kind, Indonesian first."""

    house: House
    edition: Edition
    pages: Mapping[str, PageAddress]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.house.settings.environment}

    @property
    def kinds(self) -> dict[str, PageAddress]:
        """One page of every kind."""
        names = ("home", "sector", "kecamatan", "profile", "indicator", "briefing")
        return {name: self.pages[name] for name in names}

    @property
    def sector_pages(self) -> dict[str, PageAddress]:
        root = self.house.regions.root.code
        return {sector.slug: sector_page(sector.slug, root) for sector in self.house.catalog.sectors}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running(arguments: list[str], url: str, log: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Run a server until the block ends; it is ready once `url` answers 200."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=dict(environment),
            cwd=load_settings().root,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(url, process, log)
            yield url
        finally:
            # Twice: the first asks Jupyter to stop its kernels, which it does before it goes.
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended:\n{log.read_text()[-3000:]}"
        try:
            with urllib.request.urlopen(url, timeout=START_TIMEOUT_S) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"no answer from {url}:\n{log.read_text()[-3000:]}")


@dataclass
class Watch:
    """What a page asked of others and what went wrong in it."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def complaints(self) -> list[str]:
        return [*(f"asked for {url}" for url in self.outside), *self.errors]


@contextmanager
def cut_off(chromium: Browser, base: str, width: int, height: int) -> Iterator[tuple[Page, Watch]]:
    """Open a page from which only `base` can be reached; requests to others are refused and recorded."""
    context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    watch = Watch()
    _refuse_others(context, base, watch)
    page = context.new_page()
    page.on("pageerror", lambda error: watch.errors.append(f"page error: {error}"))
    page.on(
        "console",
        lambda message: watch.errors.append(f"console: {message.text}") if message.type == "error" else None,
    )
    page.on(
        "response",
        lambda answer: watch.errors.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
    )
    try:
        yield page, watch
    finally:
        context.close()


def _refuse_others(context: BrowserContext, base: str, watch: Watch) -> None:
    own = urlsplit(base).netloc

    def decide(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("data", "blob") or address.netloc == own:
            route.continue_()
        else:
            watch.outside.append(route.request.url)
            route.abort()

    context.route("**/*", decide)


def wait_until(page: Page, condition: str, timeout_ms: float = 30_000) -> None:
    """Wait until a condition holds in the page. Playwright's own way builds code from text, which our policy forbids."""
    deadline = time.monotonic() + timeout_ms / 1000
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"never came true: {condition}"
        page.wait_for_timeout(50)


def figures(page: Page) -> dict[str, list[str]]:
    """Return the texts of every figure on the page by its key, each once."""
    found: list[list[str]] = page.eval_on_selector_all(
        "[data-figure]", "all => all.map(one => [one.dataset.figure, one.textContent.trim()])"
    )
    by_key: dict[str, list[str]] = {}
    for key, text in found:
        by_key.setdefault(key, []).append(" ".join(text.split()))
    return {key: sorted(set(texts)) for key, texts in sorted(by_key.items())}
