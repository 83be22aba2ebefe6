"""The typeface, served by ourselves: no page asks another host for anything."""

import functools
from collections.abc import Mapping
from pathlib import Path

from tornado.web import HTTPError, RequestHandler

from command_center.theme import font_files

YEAR_SECONDS = 365 * 24 * 3600


class FontHandler(RequestHandler):
    """Sends one of the files the stylesheet names, and no other."""

    async def get(self, name: str) -> None:
        """Send the file, cached for a year."""
        path = _fonts().get(name)
        if path is None:
            raise HTTPError(404)
        self.set_header("Content-Type", "font/ttf")
        self.set_header("Cache-Control", f"public, max-age={YEAR_SECONDS}, immutable")
        self.write(path.read_bytes())


@functools.cache
def _fonts() -> Mapping[str, Path]:
    return font_files()
