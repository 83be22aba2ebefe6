"""The typeface, served by ourselves: no page asks another host for anything."""

import functools
from collections.abc import Mapping
from pathlib import Path

from tornado.web import HTTPError, RequestHandler

from command_center.serving.static_files import read_static, send_static
from command_center.theme import font_files


class FontHandler(RequestHandler):
    """Sends one of the files the stylesheet names, and no other."""

    async def get(self, name: str) -> None:
        """Send the file, cached for a year."""
        path = _fonts().get(name)
        if path is None:
            raise HTTPError(404)
        send_static(self, read_static(path))


@functools.cache
def _fonts() -> Mapping[str, Path]:
    return font_files()
