"""A tiny web server whose answers a test writes itself, a house without sectors, and clients that never wait."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from command_center.ingest.sources.http import HttpClient
from command_center.ingest.sources.landing import SourcePaths
from command_center.ingest.sources.web import Counterpart, Limits
from tests.ingest.sources.portals import Portal


class Exchange(BaseHTTPRequestHandler):
    """One request; a route answers it with `say` or by hand."""

    protocol_version = "HTTP/1.1"
    server: "Site"

    def do_GET(self):
        parts = urlsplit(self.path)
        self.site = self.server
        self.query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.server.seen.append((parts.path, dict(self.headers)))
        route = self.server.routes.get(parts.path)
        if route is None:
            self.say(b"<!DOCTYPE html><title>none</title>", status=404, content_type="text/html")
        else:
            route(self)

    def say(self, body=b"", status=200, content_type="text/csv", **headers):
        if not isinstance(body, bytes):
            body, content_type = json.dumps(body).encode(), "application/json"
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in {"Content_Length": len(body), **headers}.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Connection", "close")
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


class Site(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.routes: dict[str, Callable[[Exchange], None]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_arguments):
        """A client that hangs up is what some tests are about."""

    def asked(self, path: str) -> int:
        return sum(1 for seen, _ in self.seen if seen == path)


@pytest.fixture
def make_site() -> Iterator[Callable[[], Site]]:
    sites = []

    def make() -> Site:
        site = Site()
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        sites.append((site, thread))
        return site

    yield make
    for site, thread in sites:
        site.shutdown()
        thread.join()
        site.server_close()


@pytest.fixture
def site(make_site) -> Site:
    return make_site()


@pytest.fixture
def portal(site) -> Portal:
    return Portal(site)


@pytest.fixture
def paths(tmp_path) -> SourcePaths:
    return SourcePaths(tmp_path / "data" / "registers" / "sources.sqlite", tmp_path / "data" / "inbox")


@pytest.fixture
def waits() -> list[float]:
    """The seconds that a client would have slept."""
    return []


@pytest.fixture
def make_client(waits):
    clients = []

    def make(url: str, limits: Limits = Limits(), **told) -> HttpClient:  # noqa: B008 (frozen)
        client = HttpClient(
            url, Counterpart("agency 9.99.01", "try again"), limits=limits, sleep=waits.append, **told
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def landed(paths):
    """A function that lists what lies in the inbox, sidecars left out."""

    def listed() -> list[str]:
        return sorted(
            path.relative_to(paths.inbox).as_posix()
            for path in paths.inbox.rglob("*")
            if path.is_file() and not path.name.endswith(".meta.json")
        )

    return listed
