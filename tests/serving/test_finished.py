"""Finished pages are read once and kept up to a limit; the one that was not asked for longest leaves."""

import gzip

from command_center.serving.finished import FinishedPage, FinishedPages

BYTES = gzip.compress(b"<html></html>", mtime=0)


class Disk:
    """Hands out pages and remembers which were read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def page(self, pages: FinishedPages, name: str, content: bytes | None = BYTES) -> FinishedPage | None:
        def read() -> bytes | None:
            self.read.append(name)
            return content

        return pages.page(("edition", "publik", name), read)


def test_a_page_is_read_once_and_keeps_its_mark() -> None:
    pages, disk = FinishedPages(), Disk()
    first, second = disk.page(pages, "home"), disk.page(pages, "home")
    assert disk.read == ["home"]
    assert first is second is not None
    assert first.plain == b"<html></html>"
    assert first.etag == FinishedPage.of(BYTES).etag != FinishedPage.of(gzip.compress(b"other")).etag


def test_a_page_that_is_not_made_yet_is_looked_for_again() -> None:
    pages, disk = FinishedPages(), Disk()
    assert disk.page(pages, "home", None) is None
    assert disk.page(pages, "home") is not None


def test_views_and_editions_are_kept_apart() -> None:
    pages = FinishedPages()
    keys = [("one", "publik", "p"), ("one", "semua", "p"), ("two", "publik", "p")]
    found = [pages.page(key, lambda key=key: "".join(key).encode()) for key in keys]
    assert [page.compressed for page in found if page] == [b"onepublikp", b"onesemuap", b"twopublikp"]


def test_beyond_the_limit_the_one_not_asked_for_longest_leaves() -> None:
    pages, disk = FinishedPages(most_bytes=2 * len(BYTES)), Disk()
    for name in ("a", "b", "a", "c", "a", "b"):
        disk.page(pages, name)
    assert disk.read == ["a", "b", "c", "b"]
