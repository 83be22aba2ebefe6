"""Voila's scripts, which a live page needs about ninety of: compressed once, kept by browsers for a year.

They are sent as one: a browser takes longer for ninety small files than for their words. Webpack's chunks only
register what they hold, so the start script finds those before it in the same file and asks for none of them.

Their names stay the same from one version of Voila to the next, so the address carries a fingerprint of all of
them. Serves files of the given folders only.
"""

import functools
import gzip
import hashlib
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tornado.web import HTTPError, RequestHandler

YEAR_SECONDS = 365 * 24 * 3600
IMMUTABLE = f"public, max-age={YEAR_SECONDS}, immutable"
STATIC, LABEXTENSIONS = "static", "labextensions"
# All chunks a live page needs and the script that starts with them, joined when the server starts.
JOINED = "live.js"
_START = "static/voila.js"
# The containers of the widget extensions, which the start script asks for by name.
_CONTAINER = "/remoteEntry."
# What is compressed already, or so small that a header outweighs it, is sent as it is.
_PAYS = frozenset({".js", ".css", ".json", ".svg", ".ttf", ".html", ".map"})
_SMALLEST_BYTES = 1024
_GZIP_LEVEL = 6


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent; `compressed` is None where compressing does not pay."""

    content: bytes
    compressed: bytes | None
    content_type: str


@functools.lru_cache(maxsize=512)
def read_static(path: Path) -> StaticFile:
    """Return a file, read and compressed at its first use; it may not change while the server runs."""
    return static_file(path.read_bytes(), path.suffix)


def static_file(content: bytes, suffix: str) -> StaticFile:
    """Return content as it is sent, by the suffix of its name; compressed here."""
    pays = suffix in _PAYS and len(content) >= _SMALLEST_BYTES
    guessed = "font/ttf" if suffix == ".ttf" else mimetypes.guess_type(f"a{suffix}")[0]
    return StaticFile(
        content,
        gzip.compress(content, _GZIP_LEVEL, mtime=0) if pays else None,
        guessed or "application/octet-stream",
    )


def send_static(handler: RequestHandler, file: StaticFile) -> None:
    """Write a file to the answer, compressed for a client that takes it; cached for a year."""
    handler.set_header("Content-Type", file.content_type)
    handler.set_header("Cache-Control", IMMUTABLE)
    handler.set_header("Vary", "Accept-Encoding")
    handler.set_header("X-Content-Type-Options", "nosniff")
    if file.compressed is not None and "gzip" in handler.request.headers.get("Accept-Encoding", ""):
        handler.set_header("Content-Encoding", "gzip")
        handler.write(file.compressed)
    else:
        handler.write(file.content)


@dataclass(frozen=True)
class VoilaFiles:
    """The folders of Voila and of its widget extensions, and the scripts that every live page loads."""

    roots: Mapping[str, tuple[Path, ...]]
    preload_names: tuple[str, ...] = ()

    @functools.cached_property
    def fingerprint(self) -> str:
        """Twelve digits that change with any name or size."""
        known = hashlib.sha256()
        for kind, roots in sorted(self.roots.items()):
            for root in roots:
                for path in sorted(root.rglob("*")):
                    if path.is_file():
                        known.update(f"{kind}/{path.relative_to(root)}:{path.stat().st_size}\n".encode())
        return known.hexdigest()[:12]

    def find(self, kind: str, name: str) -> Path | None:
        """Return the file, from the first folder that has it; None for one that is in none of them."""
        for root in self.roots.get(kind, ()):
            path = (root / name).resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
        return None

    def url(self, name: str) -> str:
        """Return the address of `static/…` or `labextensions/…`."""
        kind, _, rest = name.partition("/")
        return f"/voila/{kind}/{self.fingerprint}/{rest}"

    @functools.cached_property
    def preload(self) -> tuple[str, ...]:
        """The addresses of the scripts to load while cells execute: the joined one first, then the containers."""
        containers = [name for name in self.preload_names if _CONTAINER in name and self._path_of(name)]
        return (self.url(f"{STATIC}/{JOINED}"), *(self.url(name) for name in containers))

    @functools.cached_property
    def joined(self) -> StaticFile:
        """The chunks among the names that this Voila has, then its start script; each chunk in a scope of its own."""
        chunks = [name for name in self.preload_names if name != _START and _CONTAINER not in name]
        # A chunk may be strict where the next is not; the line break ends a remark in its last line.
        parts = [b"(()=>{%s\n})();" % path.read_bytes() for name in chunks if (path := self._path_of(name))]
        start = self._path_of(_START)
        return static_file(b"\n".join([*parts, start.read_bytes() if start else b""]), ".js")

    def prepare(self) -> None:
        """Read and compress them, so that the first reader does not wait for it."""
        _ = self.joined
        for name in self.preload_names:
            path = self._path_of(name)
            if _CONTAINER in name and path is not None:
                read_static(path)

    def _path_of(self, name: str) -> Path | None:
        # Some are asked for with a query, and a browser takes only the very address for the same file.
        kind, _, rest = name.partition("?")[0].partition("/")
        return self.find(kind, rest)


def voila_files(static: Iterable[str], labextensions: Iterable[str], preload: Path) -> VoilaFiles:
    """Return the files below the folders that exist; `preload` lists names, one a line, # for remarks."""
    lines: Sequence[str] = preload.read_text(encoding="utf-8").splitlines() if preload.is_file() else ()
    return VoilaFiles(
        {STATIC: _existing(static), LABEXTENSIONS: _existing(labextensions)},
        tuple(line for line in lines if line and not line.startswith("#")),
    )


def _existing(folders: Iterable[str]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(path.resolve() for folder in folders if (path := Path(folder)).is_dir()))


class VoilaFileHandler(RequestHandler):
    """Sends one of Voila's files."""

    def initialize(self, files: VoilaFiles) -> None:
        """Keep the folders."""
        self.files = files

    async def get(self, kind: str, fingerprint: str, name: str) -> None:
        """Send the file; 404 for an unknown one and for an address made by another version."""
        if fingerprint != self.files.fingerprint:
            raise HTTPError(404)
        if (kind, name) == (STATIC, JOINED):
            send_static(self, self.files.joined)
            return
        path = self.files.find(kind, name)
        if path is None:
            raise HTTPError(404)
        send_static(self, read_static(path))

    async def head(self, kind: str, fingerprint: str, name: str) -> None:
        """Answer as `get` does; Tornado leaves the body out."""
        await self.get(kind, fingerprint, name)
