"""The raw grid: every cell as text, with the type it had where the format knows types."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from command_center.cleaning.columns import strings

_BLOCK_ROWS = 4096


class Kind(IntEnum):
    """What a cell was in its file."""

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3
    BOOLEAN = 4
    ERROR = 5


@dataclass(frozen=True)
class Merge:
    """A merged range: first and last row and column, from 0, in the grid."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of a file.

    `cells`: text columns 0, 1, ... (see cleaning.columns.text_column); a missing cell is empty. Row r of the grid
    is row r + 1 of the sheet as its sender sees it. `kinds`: for each column the Kind of every cell, None where
    the format has only text. `ragged`: grid rows whose number of cells differs from the others.
    """

    name: str
    cells: pd.DataFrame
    kinds: Sequence[npt.NDArray[np.int8]] | None = None
    merged: tuple[Merge, ...] = ()
    ragged: tuple[int, ...] = ()
    is_hidden: bool = False

    @property
    def row_count(self) -> int:
        """Rows of the grid, titles and blanks included."""
        return len(self.cells)

    def top(self, count: int) -> list[list[str]]:
        """Return the first rows as lists of text, "" where empty."""
        head = self.cells.head(count)
        columns = [strings(head[column]).tolist() for column in head.columns]
        return [list(row) for row in zip(*columns, strict=True)]

    def kind_of(self, column: int) -> npt.NDArray[np.int8] | None:
        """Return the kinds of a column, None where the format has only text."""
        return None if self.kinds is None else self.kinds[column]


@dataclass(frozen=True, eq=False)
class RawFile:
    """A file as read: `format` its kind by content, `notes` what was odd about it as (check, value)."""

    name: str
    sha256: str
    size_bytes: int
    format: str
    encoding: str
    sheets: tuple[Sheet, ...]
    notes: tuple[tuple[str, str], ...] = field(default=())


def text_sheet(name: str, rows: Sequence[Sequence[str]], width: int) -> Sheet:
    """Return a sheet of text cells from rows of any length; rows of another length than `width` are ragged."""
    ragged = tuple(at for at, row in enumerate(rows) if row and len(row) != width)
    widest = max((len(row) for row in rows), default=0)
    columns = {
        at: _column([_strings([row[at] if at < len(row) else "" for row in rows])])
        for at in range(max(width, widest))
    }
    return Sheet(name, pd.DataFrame(columns), ragged=ragged)


def hand_back() -> None:
    """Give back the memory that Arrow keeps of what it no longer needs: after reading a multiple of the table."""
    pa.default_memory_pool().release_unused()


def typed_sheet(
    name: str,
    rows: Iterable[Sequence[Any]],
    *,
    merged: tuple[Merge, ...] = (),
    is_hidden: bool = False,
    error_cells: Sequence[tuple[int, int, str]] = (),
) -> Sheet:
    """Return a sheet from rows of Python values of equal length; numbers are written the shortest exact way.

    `rows` are taken block by block, so that they need not all be held. `error_cells` are (row, column, text) of
    cells that hold a spreadsheet's error sign.
    """
    signs = {(row, column): sign for row, column, sign in error_cells}
    texts: dict[int, list[pa.Array]] = {}
    kinds: dict[int, list[npt.NDArray[np.int8]]] = {}
    taken = iter(rows)
    start = 0
    while block := list(islice(taken, _BLOCK_ROWS)):
        wrong = [
            (row - start, at, sign) for (row, at), sign in signs.items() if 0 <= row - start < len(block)
        ]
        for at, values in enumerate(zip(*block, strict=True)):
            written, kind = _typed_column(values)
            for row, column, sign in wrong:
                if column == at:
                    written[row], kind[row] = sign, Kind.ERROR
            texts.setdefault(at, []).append(_strings(written))
            kinds.setdefault(at, []).append(kind)
        start += len(block)
    hand_back()
    columns = {at: _column(texts.pop(at)) for at in sorted(texts)}
    whole = tuple(np.concatenate(kinds[at]) for at in sorted(kinds))
    return Sheet(name, pd.DataFrame(columns), whole, merged, is_hidden=is_hidden)


def _strings(texts: Sequence[str]) -> pa.Array:
    return pa.array([text or None for text in texts], type=pa.string()).dictionary_encode()


def _column(pieces: Sequence[pa.Array]) -> "pd.Series[str]":
    whole = pa.chunked_array(pieces).unify_dictionaries().combine_chunks()
    return pd.Series(pd.arrays.ArrowExtensionArray(whole))


def _typed_column(values: Sequence[Any]) -> tuple[list[str], npt.NDArray[np.int8]]:
    pairs = [_READERS.get(type(value), _as_text)(value) for value in values]
    return [text for text, _ in pairs], np.fromiter((kind for _, kind in pairs), np.int8, len(pairs))


def _as_text(value: Any) -> tuple[str, Kind]:
    text = "" if value is None else str(value)
    return text, Kind.TEXT if text else Kind.EMPTY


def _number(value: float) -> tuple[str, Kind]:
    if value != value:
        return "", Kind.EMPTY
    # 405.0 was typed as 405; repr keeps every digit of what was not whole.
    text = str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    return text, Kind.NUMBER


def _moment(value: datetime) -> tuple[str, Kind]:
    at_midnight = value.time() == time(0)
    return value.date().isoformat() if at_midnight else value.isoformat(
        sep=" ", timespec="seconds"
    ), Kind.DATE


_READERS: dict[type, Callable[[Any], tuple[str, Kind]]] = {
    str: _as_text,
    float: _number,
    int: lambda value: (str(value), Kind.NUMBER),
    bool: lambda value: ("true" if value else "false", Kind.BOOLEAN),
    datetime: _moment,
    date: lambda value: (value.isoformat(), Kind.DATE),
    time: lambda value: (value.isoformat(), Kind.TEXT),
    timedelta: lambda value: (str(value), Kind.TEXT),
}
