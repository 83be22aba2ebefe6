"""Event logs as Parquet files and as workbooks."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from command_center.eventlog.collecting import Piece
from command_center.eventlog.mapping import STARTER, ColumnMapping, EventLogError

_BATCH_ROWS = 1 << 20
_HEADER_WITHIN = 30
_FEWEST_COLUMNS = 3


class ParquetLog:
    """One Parquet file, read by row groups, texts as codes."""

    def __init__(self, path: Path) -> None:
        """Open the footer; EventLogError where there is none."""
        self.path = path
        self.faults: Counter[str] = Counter()
        try:
            self.names = pq.read_schema(path).names
        except (pa.ArrowInvalid, OSError) as error:
            raise EventLogError(
                f"The Parquet file is broken: {str(error).splitlines()[0][:200]}",
                where=str(path),
                who=STARTER,
                next_step="write it again",
            ) from error

    def headers(self) -> list[str]:
        """Return the column names."""
        return list(self.names)

    def pieces(self, mapping: ColumnMapping) -> Iterator[Piece]:
        """Yield the events row group by row group."""
        texts = [name for role, name in mapping.columns.items() if role != "time"]
        file = pq.ParquetFile(self.path, read_dictionary=texts, pre_buffer=False)
        for batch in file.iter_batches(_BATCH_ROWS, columns=list(mapping.columns.values())):
            yield {role: batch.column(name) for role, name in mapping.columns.items()}


class WorkbookLog:
    """The first sheet of a workbook; its header is the first row with at least three cells."""

    def __init__(self, path: Path) -> None:
        """Read the workbook; IngestError where it is locked, broken or too large."""
        from command_center.ingest.readers.read import read_file  # half a second, and only workbooks need it

        self.path = path
        self.faults: Counter[str] = Counter()
        self.cells = read_file(path.read_bytes(), path.name).sheets[0].cells
        self.top = next(
            (at for at in range(min(_HEADER_WITHIN, len(self.cells))) if self._filled(at) >= _FEWEST_COLUMNS),
            0,
        )

    def headers(self) -> list[str]:
        """Return the texts of the header row."""
        return [str(value) if isinstance(value, str) else "" for value in self.cells.iloc[self.top]]

    def pieces(self, mapping: ColumnMapping) -> Iterator[Piece]:
        """Yield the rows below the header; a blank row is no event."""
        headers = self.headers()
        below = self.cells.iloc[self.top + 1 :]
        below = below[below.notna().any(axis=1)]
        places = {role: headers.index(name) for role, name in mapping.columns.items()}
        yield {role: _text(below[at]) for role, at in places.items()}

    def _filled(self, row: int) -> int:
        return int(self.cells.iloc[row].notna().sum())


def _text(column: object) -> pa.Array:
    made = pa.array(column)
    whole = made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made
    return whole.cast(pa.string())
