"""Event logs as delimited text, read by Arrow in blocks; only the columns that have a role are kept."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from command_center.eventlog.collecting import CODED, Piece
from command_center.eventlog.mapping import STARTER, ColumnMapping, EventLogError
from command_center.eventlog.timestamps import UTC_TIME
from command_center.ingest.texts import decode, sniff_separator

_HEAD_BYTES = 1 << 20
_ENCODINGS = ("utf8", "cp1252", "latin-1")


class DelimitedLog:
    """One file of delimited text: its headers, and its events piece by piece."""

    def __init__(self, path: Path) -> None:
        """Look at the head of the file."""
        self.path = path
        with path.open("rb") as stream:
            head = decode(stream.read(_HEAD_BYTES))
        self.encodings = (head.encoding,) if head.encoding == "utf-16" else _ENCODINGS
        self.separator = sniff_separator(head.head(_HEAD_BYTES // 4))
        self.faults: Counter[str] = Counter()

    def headers(self) -> list[str]:
        """Return the column names of the first line."""
        with self._open(self.encodings[-1], {}, quoted_lines=True) as reader:
            return list(reader.schema.names)

    def pieces(self, mapping: ColumnMapping) -> Iterator[Piece]:
        """Yield the events block by block; the way of reading that fits the whole file is found by trying.

        Rows of another length than the header are set apart and counted as row_of_another_length.
        """
        names = mapping.columns
        told = ""
        for encoding, quoted_lines, time_type in product(
            self.encodings, (False, True), (UTC_TIME, pa.string())
        ):
            types: Mapping[str, pa.DataType] = {
                name: time_type if role == "time" else CODED for role, name in names.items()
            }
            self.faults.clear()
            try:
                table = arrow_csv.read_csv(
                    self.path, **self._options(encoding, types, quoted_lines=quoted_lines)
                )
            except (pa.ArrowInvalid, UnicodeDecodeError) as error:
                told = str(error)
                continue
            # One dictionary for all blocks, so that no block is copied again.
            for batch in table.to_batches():
                yield {role: batch.column(name) for role, name in names.items()}
            return
        raise EventLogError(
            f"The file cannot be read as a table: {told.splitlines()[0][:200]}",
            where=str(self.path),
            who=STARTER,
            next_step="save it again as CSV in UTF-8, and try again",
        )

    def _open(
        self, encoding: str, types: Mapping[str, pa.DataType], *, quoted_lines: bool
    ) -> arrow_csv.CSVStreamingReader:
        return arrow_csv.open_csv(self.path, **self._options(encoding, types, quoted_lines=quoted_lines))

    def _options(
        self, encoding: str, types: Mapping[str, pa.DataType], *, quoted_lines: bool
    ) -> dict[str, object]:
        def set_apart(_row: object) -> str:
            self.faults["row_of_another_length"] += 1
            return "skip"

        return {
            "read_options": arrow_csv.ReadOptions(encoding=encoding, block_size=1 << 22),
            "parse_options": arrow_csv.ParseOptions(
                delimiter=self.separator, newlines_in_values=quoted_lines, invalid_row_handler=set_apart
            ),
            "convert_options": arrow_csv.ConvertOptions(
                column_types=types, include_columns=list(types.keys()) or None, strings_can_be_null=False,
                null_values=[""],
            ),
        }  # fmt: skip
