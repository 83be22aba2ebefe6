"""Delimited text: its encoding and its separator found from the bytes, its records split, its cells left alone."""

import csv
import io
from collections import Counter
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from command_center.ingest.readers.grid import Sheet, text_sheet
from command_center.ingest.readers.guards import Limits, corrupt, too_large

SEPARATORS = (",", ";", "\t", "|")
_HEAD_CHARACTERS = 200_000
_HEAD_RECORDS = 200
# Bytes of Windows-1252's own signs; Latin-1 has control characters there.
_WINDOWS_ONLY = bytes(range(0x80, 0xA0))
_UNDEFINED_IN_WINDOWS = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_BLOCK_BYTES = 1 << 24


@dataclass(frozen=True)
class Decoded:
    """A text with the encoding it was read by; `had_mark` where it began with a byte-order mark."""

    text: str
    encoding: str
    had_mark: bool


def decode(content: bytes) -> Decoded:
    """Return the text: UTF-8 if it is valid, UTF-16 by its mark, else Windows-1252 or Latin-1."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Decoded(content.decode("utf-16", errors="replace"), "utf-16", True)
    marked = content.startswith(b"\xef\xbb\xbf")
    try:
        return Decoded(content.decode("utf-8-sig"), "utf-8", marked)
    except UnicodeDecodeError:
        pass
    windows = any(byte in content for byte in _WINDOWS_ONLY)
    undefined = any(byte in content for byte in _UNDEFINED_IN_WINDOWS)
    encoding = "cp1252" if windows and not undefined else "latin-1"
    return Decoded(content.decode(encoding), encoding, marked)


def sniff_separator(text: str) -> str:
    """Return the separator under which most records of the head have the same number of cells, more than one."""
    return max(SEPARATORS, key=lambda separator: _regularity(_head(text, separator)))


def read_delimited(decoded: Decoded, name: str, sheet_name: str, limits: Limits) -> tuple[Sheet, str]:
    """Return the sheet and its separator.

    Records of another length than the others are kept and named as ragged; a blank line is a record without
    cells. Raises IngestError where quotes never close and where a record is wider than any table.
    """
    text = decoded.text
    separator = ""
    if text[:4].lower() == "sep=" and len(text) > 5:
        separator, text = text[4], text.split("\n", 1)[-1]
    separator = separator or sniff_separator(text)
    width = _width(text, separator)
    if width > limits.columns:
        raise too_large(name, text.count("\n"), width, "")
    sheet = _read_fast(text, separator, sheet_name) or _read_whole(text, separator, name, sheet_name, limits)
    return sheet, separator


def _read_fast(text: str, separator: str, sheet_name: str) -> Sheet | None:
    """Read a table whose every record has the same number of cells; None where one has not."""
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text.encode("utf-8")),
            read_options=arrow_csv.ReadOptions(autogenerate_column_names=True, block_size=_BLOCK_BYTES),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator, newlines_in_values='"' in text, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={
                    f"f{at}": pa.dictionary(pa.int32(), pa.string()) for at in range(_width(text, separator))
                },
                strings_can_be_null=False,
                null_values=[],
            ),
        )
    except pa.ArrowInvalid:
        return None
    columns = {at: _categorical(table.column(at)) for at in range(table.num_columns)}
    return Sheet(sheet_name, pd.DataFrame(columns))


def _categorical(column: pa.ChunkedArray) -> "pd.Series[str]":
    merged = column.unify_dictionaries().combine_chunks()
    codes = merged.indices.to_numpy(zero_copy_only=False)
    return pd.Series(
        pd.Categorical.from_codes(codes, categories=pd.Index(merged.dictionary.to_pandas(), dtype="str"))
    )


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


def _head(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text[:_HEAD_CHARACTERS], newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) == _HEAD_RECORDS:
                break
    except csv.Error:
        return rows
    return rows


def _width(text: str, separator: str) -> int:
    head = _head(text, separator)
    return max(map(len, head), default=0)


def _regularity(rows: list[list[str]]) -> tuple[float, int]:
    """Share of records with the most frequent number of cells above one, and that number."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    filled = sum(1 for row in rows if row)
    if not widths:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count / filled, width
