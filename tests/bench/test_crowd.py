"""Fifty readers who open finished pages in the same moment, beside nginx that serves the same bytes."""

import os
import selectors
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import pytest

from tests.bench.conftest import Refreshed, Server
from tests.bench.telling import p95, tell
from tests.browser.visiting import free_port

pytestmark = pytest.mark.bench

READERS = 50
ROUNDS = 20
AT_MOST = 5.0
START_TIMEOUT_S = 10.0
PATIENCE_S = 30.0

CONFIGURATION = """
worker_processes auto;
daemon off;
pid {folder}/pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=1000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=512;
    root {pages};
    default_type "text/html; charset=utf-8";
    add_header Content-Encoding gzip;
    add_header Cache-Control no-cache;
  }}
}}
"""


@pytest.fixture(scope="module")
def pages(refreshed: Refreshed) -> dict[str, Path]:
    """Fifty pages of the edition: their file by their address on our server."""
    folder = refreshed.edition.path / "pages"
    words = {"sector": "bidang", "region": "wilayah", "indicator": "indikator"}
    found: dict[str, Path] = {}
    for file in sorted(folder.glob("id/*/**/*.html.gz")):
        kind, *rest = file.relative_to(folder / "id").parts
        if kind in words:
            found["/" + "/".join([words[kind], *rest]).removesuffix(".html.gz") + "/"] = file
    chosen = list(found.items())[:: len(found) // READERS][:READERS]
    assert len(chosen) == READERS
    return dict(chosen)


@pytest.fixture(scope="module")
def nginx(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port at which nginx serves the compressed files of the edition as they are."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.fail("nginx is missing; on Debian and Ubuntu: apt-get install nginx-light", pytrace=False)
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    port = free_port()
    written = folder / "nginx.conf"
    written.write_text(
        CONFIGURATION.format(
            folder=folder, port=port, pages=_readable(refreshed.edition.path / "pages", folder)
        )
    )
    process = subprocess.Popen([program, "-c", str(written), "-e", str(folder / "error.log")])
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _readable(pages: Path, folder: Path) -> Path:
    """A copy that nginx's workers can read: started by root they run as somebody else."""
    copy = Path(shutil.copytree(pages, folder / "pages"))
    for parent in (copy, *copy.rglob("*")):
        parent.chmod(0o755 if parent.is_dir() else 0o644)
    # The folders above belong to the test run and are closed to others.
    for parent in list(folder.parents)[:3]:
        if parent.owner() == folder.owner() and "pytest" in parent.name:
            parent.chmod(0o711)
    return copy


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "nginx ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


def open_at_once(port: int, paths: Sequence[str]) -> list[tuple[float, bytes]]:
    """Open every path over a connection of its own in the same moment: seconds to the last byte, and the answer.

    One thread and plain sockets, so that what is measured is the server and not the one who asks.
    """
    with selectors.DefaultSelector() as selector:
        answers: list[tuple[float, bytes]] = []
        started = time.perf_counter()
        for path in paths:
            connection = socket.socket()
            connection.setblocking(False)
            connection.connect_ex(("127.0.0.1", port))
            asked = (
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"
            )
            selector.register(connection, selectors.EVENT_WRITE, (asked.encode(), bytearray()))
        while selector.get_map():
            ready = selector.select(PATIENCE_S)
            assert ready, "no answer"
            for key, events in ready:
                connection, (asked_bytes, got) = key.fileobj, key.data
                assert isinstance(connection, socket.socket)
                if events & selectors.EVENT_WRITE:
                    connection.send(asked_bytes)
                    selector.modify(connection, selectors.EVENT_READ, key.data)
                elif part := connection.recv(1 << 20):
                    got.extend(part)
                else:
                    answers.append((time.perf_counter() - started, bytes(got)))
                    selector.unregister(connection)
                    connection.close()
    return answers


def body_of(answer: bytes) -> bytes:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    assert b"content-encoding: gzip" in head.lower()
    return body


def test_fifty_who_open_finished_pages_at_once_wait_no_longer_than_five_times_nginx(
    ours: Server, nginx: int, pages: dict[str, Path], refreshed: Refreshed
) -> None:
    port = int(ours.base.rpartition(":")[2])
    folder = refreshed.edition.path / "pages"
    theirs_paths = [f"/{file.relative_to(folder).as_posix()}" for file in pages.values()]
    sent = {file.read_bytes() for file in pages.values()}
    # Each has served everything once.
    assert {body_of(answer) for _, answer in open_at_once(port, list(pages))} == sent
    assert {body_of(answer) for _, answer in open_at_once(nginx, theirs_paths)} == sent
    mine: list[float] = []
    theirs: list[float] = []
    print(f"\nload of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for _ in range(ROUNDS):
        for measured, at, paths in ((mine, port, list(pages)), (theirs, nginx, theirs_paths)):
            for seconds, answer in open_at_once(at, paths):
                assert answer.startswith(b"HTTP/1.1 200")
                measured.append(seconds * 1000)
    what = f"{READERS} finished pages at once, to the last byte"
    tell(f"{what}, median", median(mine), median(theirs), "ms")
    tell(f"{what}, p95 of {len(mine)}", p95(mine), p95(theirs), "ms")
    rounds = [
        median([p95(measured[at : at + READERS]) for at in range(0, len(measured), READERS)])
        for measured in (mine, theirs)
    ]
    tell(f"{what}, p95 of the median crowd", *rounds, "ms")
    times = p95(mine) / p95(theirs)
    print(f"that is {times:.1f} times nginx; at most {AT_MOST:g} is asked for")
    assert times <= AT_MOST
