"""Delimited text: its encoding and its separator found from the bytes, its records split, its cells left alone."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from command_center.ingest.readers.grid import Sheet, hand_back, text_sheet
from command_center.ingest.readers.guards import Limits, corrupt, too_large
from command_center.ingest.texts import Decoded, first_records, sniff_separator

_HEAD_CHARACTERS = 200_000
# Small blocks need little memory; a record longer than a block needs a larger one.
_BLOCKS_BYTES = (1 << 22, 1 << 24)
# Above this share of different texts in the head, a column is read as plain text.
_MOSTLY = 0.5


def read_delimited(decoded: Decoded, name: str, sheet_name: str, limits: Limits) -> tuple[Sheet, str]:
    """Return the sheet and its separator.

    Records of another length than the others are kept and named as ragged; a blank line is a record without
    cells. Raises IngestError where quotes never close and where a record is wider than any table.
    """
    separator, content = _stated_separator(decoded)
    body = Decoded(content, decoded.encoding, decoded.had_mark)
    head = body.head(_HEAD_CHARACTERS)
    separator = separator or sniff_separator(head)
    records = first_records(head, separator)
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
