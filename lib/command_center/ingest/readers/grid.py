"""The raw grid: every cell as text, with the type it had where the format knows types."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


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

    `cells`: categorical text columns 0, 1, ...; a missing cell is empty. Row r of the grid is row r + 1 of the
    sheet as its sender sees it. `kinds`: for each column the Kind of every cell, None where the format has only
    text. `ragged`: grid rows whose number of cells differs from the others.
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
        columns = [head[column].astype("object").fillna("").tolist() for column in head.columns]
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
        at: _categorical([row[at] if at < len(row) else "" for row in rows])
        for at in range(max(width, widest))
    }
    return Sheet(name, pd.DataFrame(columns), ragged=ragged)


def typed_sheet(
    name: str,
    rows: Sequence[Sequence[Any]],
    *,
    merged: tuple[Merge, ...] = (),
    is_hidden: bool = False,
    error_cells: Sequence[tuple[int, int, str]] = (),
) -> Sheet:
    """Return a sheet from rows of Python values of equal length; numbers are written the shortest exact way.

    `error_cells` are (row, column, text) of cells that hold a spreadsheet's error sign.
    """
    columns: dict[int, pd.Series[str]] = {}
    kinds: list[npt.NDArray[np.int8]] = []
    for at, values in enumerate(zip(*rows, strict=True)):
        texts, kind = _typed_column(values)
        for row, column, sign in error_cells:
            if column == at and row < len(texts):
                texts[row], kind[row] = sign, Kind.ERROR
        columns[at] = _categorical(texts)
        kinds.append(kind)
    return Sheet(name, pd.DataFrame(columns), tuple(kinds), merged, is_hidden=is_hidden)


def _categorical(texts: Sequence[str]) -> "pd.Series[str]":
    codes, found = pd.factorize(pd.Series(texts, dtype="str").replace("", None))
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(found, dtype="str")))


def _typed_column(values: Sequence[Any]) -> tuple[list[str], npt.NDArray[np.int8]]:
    readers = [_READERS.get(type(value), _as_text) for value in values]
    pairs = [reader(value) for reader, value in zip(readers, values, strict=True)]
    return [text for text, _ in pairs], np.array([kind for _, kind in pairs], dtype=np.int8)


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
