"""Finished pages as they are sent: read from their edition once, with the mark by which a browser asks whether it changed.

Keeps bytes by edition, view and page, up to a limit. Who may see which view is decided before anybody asks here.
"""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_BYTES = 64 * 1024 * 1024

Key = tuple[str, str, str]


@dataclass(frozen=True)
class FinishedPage:
    """The bytes of a page, compressed, and their ETag."""

    compressed: bytes
    etag: str

    @classmethod
    def of(cls, compressed: bytes) -> "FinishedPage":
        """Return the page of compressed bytes."""
        return cls(compressed, f'"{hashlib.sha256(compressed).hexdigest()[:32]}"')

    @property
    def plain(self) -> bytes:
        """The bytes for a client that takes no compressed ones."""
        return gzip.decompress(self.compressed)


class FinishedPages:
    """The pages that were sent last; the one not asked for longest leaves first. Thread-safe."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most, self._size = most_bytes, 0
        self._pages: OrderedDict[Key, FinishedPage] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, key: Key, read: Callable[[], bytes | None]) -> FinishedPage | None:
        """Return a page by edition, view and file, read when it is not kept; None where it is not made yet.

        An edition's page never changes once it is there, so what is kept is right for ever.
        """
        with self._lock:
            known = self._pages.get(key)
            if known is not None:
                self._pages.move_to_end(key)
                return known
        compressed = read()
        return None if compressed is None else self._keep(key, FinishedPage.of(compressed))

    def _keep(self, key: Key, page: FinishedPage) -> FinishedPage:
        with self._lock:
            if key not in self._pages:
                self._pages[key] = page
                self._size += len(page.compressed)
            while self._size > self._most and len(self._pages) > 1:
                self._size -= len(self._pages.popitem(last=False)[1].compressed)
        return page
