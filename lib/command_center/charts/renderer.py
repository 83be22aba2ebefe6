"""One long-lived process that draws the charts of every kernel: it starts vl-convert and its fonts once.

A forked kernel would wait half a second for its own. It reads no file and no address, only specifications, and
answers an equal one with the drawing made before. It ends when its owner does, however that ends.
"""

import argparse
import hashlib
import json
import os
import select
import socket
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from command_center.charts.drawing import DRAWN, FAILED, RENDERER_VARIABLE, draw_here, receive_all
from command_center.charts.figure import ChartError

_READY = b"ready\n"
_REQUEST_TIMEOUT_S = 5.0
_START_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 5.0
# The map of the regency stands on hundreds of pages; this holds all drawings of a refresh.
_KEPT_BYTES = 64 * 1024 * 1024
_FIRST = {"data": {"values": [{"a": "1"}]}, "mark": "text", "encoding": {"text": {"field": "a"}}}


class ChartRenderer:
    """The owner of a renderer process; usable as a context manager."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The renderer's process, None when it does not run."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    @property
    def variables(self) -> dict[str, str]:
        """The environment under which another process has its charts drawn here; empty before the start."""
        return {} if self._folder is None else {RENDERER_VARIABLE: str(_socket_in(self._folder.name))}

    def start(self) -> None:
        """Start the process and wait until it draws; raises ChartError when it does not. Idempotent."""
        if self.pid is not None:
            return
        self.stop()
        # mkdtemp makes it 0700, so the socket is private from its first moment.
        self._folder = TemporaryDirectory(prefix="command-center-", ignore_cleanup_errors=True)
        # -P: the owner's folder is no place to import from.
        command = [sys.executable, "-P", "-m", "command_center.charts.renderer"]
        self._process = subprocess.Popen(
            [*command, "--socket", str(_socket_in(self._folder.name))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is the owner's, who then stops us
        )
        if not _says_ready(self._process):
            self.stop()
            raise ChartError(
                "The chart renderer did not start",
                who="the operator",
                next_step="python -m command_center.charts.renderer --socket FILE says why",
            )

    def stop(self) -> None:
        """End the process; harmless when it has ended."""
        process, self._process = self._process, None
        if process is not None:
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
            try:
                process.wait(_STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _socket_in(folder: str) -> Path:
    return Path(folder) / "renderer.sock"


def _says_ready(process: subprocess.Popen[bytes]) -> bool:
    answer = process.stdout
    if answer is None or not select.select([answer], [], [], _START_TIMEOUT_S)[0]:
        return False
    return answer.readline() == _READY


class _Drawings:
    """Answers by the hash of their request; the one that was not asked for longest leaves first."""

    def __init__(self, limit_bytes: int = _KEPT_BYTES) -> None:
        self._limit, self._size = limit_bytes, 0
        self._answers: OrderedDict[bytes, bytes] = OrderedDict()

    def answer(self, request: bytes) -> bytes:
        """Return the answer to a request, drawn only when it is not kept."""
        key = hashlib.blake2b(request, digest_size=16).digest()
        known = self._answers.get(key)
        if known is not None:
            self._answers.move_to_end(key)
            return known
        answer = _answer(request)
        self._answers[key] = answer
        self._size += len(answer)
        while self._size > self._limit:
            self._size -= len(self._answers.popitem(last=False)[1])
        return answer


def _answer(request: bytes) -> bytes:
    try:
        return DRAWN + draw_here(request.decode()).encode()
    except ChartError as error:
        return FAILED + error.where.encode()
    except UnicodeDecodeError as error:
        return FAILED + str(error).encode()


def _serve(listener: socket.socket) -> None:
    """Answer one request after another until standard input closes, which is when the owner is gone."""
    drawings = _Drawings()
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        connection, _ = listener.accept()
        with connection, suppress(OSError):  # a kernel that is gone needs no drawing
            connection.settimeout(_REQUEST_TIMEOUT_S)
            connection.sendall(drawings.answer(receive_all(connection)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the renderer; returns the exit code when its owner has gone."""
    parser = argparse.ArgumentParser(prog="command_center.charts.renderer", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True, help="unix socket in a private folder")
    path = parser.parse_args(arguments).socket
    # The first drawing starts the engine; whoever waits for us waits for that too.
    draw_here(json.dumps(_FIRST))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        mask = os.umask(0o177)  # from its first moment the socket is the owner's alone
        try:
            listener.bind(str(path))
        finally:
            os.umask(mask)
        listener.listen(128)
        sys.stdout.buffer.write(_READY)
        sys.stdout.flush()
        _serve(listener)
    # The owner may have been killed, and then cleans nothing up.
    with suppress(OSError):
        path.unlink()
        path.parent.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
