"""From a Vega-Lite specification to SVG text: drawn by the renderer process, or without one in this process.

The words between the two are here: one specification a connection, then the drawing or the reason why not.
vl-convert is imported where it draws: it is large, and a process that has drawn once must not be forked.
"""

import json
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from command_center.charts.figure import ChartError
from command_center.theme import font_directory

RENDERER_VARIABLE = "COMMAND_CENTER_RENDERER"
DRAWN, FAILED = b"+", b"-"
# A figure has at most 2,000 marks and a map its outlines; what is longer is no chart of ours.
_LONGEST_MESSAGE_BYTES = 32 * 1024 * 1024
_CHUNK_BYTES = 65536
_ANSWER_TIMEOUT_S = 30.0


def draw(specification: Mapping[str, Any]) -> str:
    """Return the SVG of a Vega-Lite specification, from the renderer that COMMAND_CENTER_RENDERER names.

    A renderer that cannot be reached costs time and never a chart. Raises ChartError for a specification
    that cannot be drawn.
    """
    text = json.dumps(specification, ensure_ascii=False)
    path = os.environ.get(RENDERER_VARIABLE, "")
    if path:
        with suppress(OSError):
            return _ask(Path(path), text)
    return draw_here(text)


def draw_here(text: str) -> str:
    """Return the SVG of a specification, written as JSON, drawn in this process; ChartError as for `draw`."""
    import vl_convert

    _register_fonts()
    try:
        return str(vl_convert.vegalite_to_svg(text))
    except ValueError as error:
        raise _undrawable(str(error)) from error


def receive_all(connection: socket.socket) -> bytes:
    """Return all that the other side sends until it closes its half; OSError when that is too much."""
    message = bytearray()
    while part := connection.recv(_CHUNK_BYTES):
        message += part
        if len(message) > _LONGEST_MESSAGE_BYTES:
            raise OSError("a message about a chart is too long")
    return bytes(message)


def _ask(path: Path, text: str) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_ANSWER_TIMEOUT_S)
        connection.connect(str(path))
        connection.sendall(text.encode())
        connection.shutdown(socket.SHUT_WR)
        answer = receive_all(connection)
    if answer[:1] == FAILED:
        raise _undrawable(answer[1:].decode())
    if answer[:1] != DRAWN:
        raise ConnectionResetError("the chart renderer hung up")
    return answer[1:].decode()


def _undrawable(reason: str) -> ChartError:
    return ChartError("A chart could not be drawn", where=reason, who="the author of the page")


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(font_directory()))
