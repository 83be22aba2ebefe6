"""A text's encoding and its separator, found from its bytes. Light: what only looks at a file's head needs no table."""

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass

SEPARATORS = (",", ";", "\t", "|")
_HEAD_RECORDS = 200
_LONGEST_CHARACTER = 4
# Bytes of Windows-1252's own signs; Latin-1 has control characters there.
_WINDOWS_ONLY = bytes(range(0x80, 0xA0))
_UNDEFINED_IN_WINDOWS = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class Decoded:
    """A text as UTF-8 with the encoding it was read by; `had_mark` where it began with a byte-order mark."""

    content: bytes
    encoding: str
    had_mark: bool

    def text(self) -> str:
        """Return the whole text, which takes as much memory once more."""
        return self.content.decode("utf-8")

    def head(self, characters: int) -> str:
        """Return the first characters."""
        begun = self.content[: characters * _LONGEST_CHARACTER]
        return codecs.getincrementaldecoder("utf-8")().decode(begun)[:characters]


def decode(content: bytes) -> Decoded:
    """Return the text: UTF-8 if it is valid, UTF-16 by its mark, else Windows-1252 or Latin-1."""
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return Decoded(content.decode("utf-16", errors="replace").encode("utf-8"), "utf-16", True)
    marked = content.startswith(codecs.BOM_UTF8)
    if _is_utf8(content):
        return Decoded(content.removeprefix(codecs.BOM_UTF8), "utf-8", marked)
    windows = any(byte in content for byte in _WINDOWS_ONLY)
    undefined = any(byte in content for byte in _UNDEFINED_IN_WINDOWS)
    encoding = "cp1252" if windows and not undefined else "latin-1"
    return Decoded(content.decode(encoding).encode("utf-8"), encoding, marked)


def _is_utf8(content: bytes) -> bool:
    """Whether the bytes are UTF-8, told piece by piece."""
    if content.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _PIECE_BYTES):
            decoder.decode(content[start : start + _PIECE_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def sniff_separator(head: str) -> str:
    """Return the separator under which most records of the head have the same number of cells, more than one."""
    return max(SEPARATORS, key=lambda separator: _regularity(first_records(head, separator)))


def first_records(head: str, separator: str) -> list[list[str]]:
    """Return the first records of the head, as far as they can be split."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) == _HEAD_RECORDS:
                break
    except csv.Error:
        return rows
    return rows


def _regularity(rows: list[list[str]]) -> tuple[float, int]:
    """Share of records with the most frequent number of cells above one, and that number."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    filled = sum(1 for row in rows if row)
    if not widths:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count / filled, width
