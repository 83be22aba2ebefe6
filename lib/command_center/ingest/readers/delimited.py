"""Delimited text: its encoding and its separator found from the bytes, its records split, its cells left alone."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from command_center.ingest.readers.grid import Sheet, hand_back, text_sheet
from command_center.ingest.readers.guards import Limits, corrupt, too_large

SEPARATORS = (",", ";", "\t", "|")
_HEAD_CHARACTERS = 200_000
_HEAD_RECORDS = 200
_LONGEST_CHARACTER = 4
# Bytes of Windows-1252's own signs; Latin-1 has control characters there.
_WINDOWS_ONLY = bytes(range(0x80, 0xA0))
_UNDEFINED_IN_WINDOWS = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
# Small blocks need little memory; a record longer than a block needs a larger one.
_BLOCKS_BYTES = (1 << 22, 1 << 24)
_PIECE_BYTES = 1 << 20
# Above this share of different texts in the head, a column is read as plain text.
_MOSTLY = 0.5


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
    return max(SEPARATORS, key=lambda separator: _regularity(_records(head, separator)))


def read_delimited(decoded: Decoded, name: str, sheet_name: str, limits: Limits) -> tuple[Sheet, str]:
    """Return the sheet and its separator.

    Records of another length than the others are kept and named as ragged; a blank line is a record without
    cells. Raises IngestError where quotes never close and where a record is wider than any table.
    """
    separator, content = _stated_separator(decoded)
    body = Decoded(content, decoded.encoding, decoded.had_mark)
    head = body.head(_HEAD_CHARACTERS)
    separator = separator or sniff_separator(head)
    records = _records(head, separator)
    width = max(map(len, records), default=0)
    if width > limits.columns:
        raise too_large(name, content.count(b"\n"), width, "")
    types = {f"f{at}": _type_of([row[at] for row in records if at < len(row)]) for at in range(width)}
    sheet = _read_fast(content, separator, types, sheet_name)
    return sheet or _read_whole(body.text(), separator, name, sheet_name, limits), separator


def _stated_separator(decoded: Decoded) -> tuple[str, bytes]:
    """The separator a first line "sep=;" states, "" without one, and the text after that line."""
    head = decoded.head(6)
    if head[:4].lower() != "sep=" or len(head) < 6:
        return "", decoded.content
    return head[4], decoded.content.split(b"\n", 1)[-1]


def _type_of(cells: list[str]) -> pa.DataType:
    """As what a column is read: as distinct texts block by block, unless hardly any text comes twice in a block."""
    repeats = len(set(cells)) <= _MOSTLY * len(cells)
    return pa.dictionary(pa.int32(), pa.string()) if repeats else pa.string()


def _read_fast(
    content: bytes, separator: str, types: Mapping[str, pa.DataType], sheet_name: str
) -> Sheet | None:
    """Read a table whose every record has the same number of cells; None where one has not."""
    quoted = b'"' in content
    for block_bytes in _BLOCKS_BYTES:
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(content),
                read_options=arrow_csv.ReadOptions(
                    autogenerate_column_names=True, block_size=block_bytes, use_threads=False
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=separator, newlines_in_values=quoted, ignore_empty_lines=False
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=types, strings_can_be_null=False, null_values=[]
                ),
            )
        except pa.ArrowInvalid:
            continue
        held = table.columns
        del table
        columns = dict(enumerate(_columns(held)))
        hand_back()
        return Sheet(sheet_name, pd.DataFrame(columns))
    return None


def _columns(held: list[pa.ChunkedArray]) -> Iterator["pd.Series[str]"]:
    """The columns with one dictionary each; what the reader held of a column is let go before the next."""
    while held:
        column = held.pop(0)
        merged = column.dictionary_encode() if column.type == pa.string() else column.unify_dictionaries()
        del column
        yield pd.Series(pd.arrays.ArrowExtensionArray(merged.combine_chunks()))


def _read_whole(text: str, separator: str, name: str, sheet_name: str, limits: Limits) -> Sheet:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise corrupt(name, str(error)) from error
    widths = Counter(len(row) for row in rows if row)
    # The usual width; of two as common, the wider, since titles are short.
    width = max(widths, key=lambda size: (widths[size], size), default=0)
    widest = max(widths, default=0)
    if widest > limits.columns or widest * len(rows) > limits.cells:
        raise too_large(name, len(rows), widest, "")
    return text_sheet(sheet_name, rows, width)


def _records(head: str, separator: str) -> list[list[str]]:
    """The first records of the head."""
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
