"""A table of figures and the files its rows came from, so that each figure can name file and row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd

from command_center.catalog import Dataset

# Rows of the second file are numbered from here, of the third from twice this; no sheet is longer.
FILE_STRIDE = 10_000_000
_HASH = 8
_JOIN = "+"


@dataclass(frozen=True)
class SourceFile:
    """One file: `path` relative to the root (or a receipt), the number of its rows in use.

    `part` counts the sheets of a workbook from 0, since a row number means nothing without its sheet.
    `is_sample` says that the rows were invented to show how the house works.
    """

    path: str
    sha256: str
    rows: int
    part: int = 0
    is_sample: bool = False

    @property
    def short_hash(self) -> str:
        """The hash as figures write it."""
        return f"{self.sha256[:_HASH]}.{self.part}" if self.part else self.sha256[:_HASH]


@dataclass(frozen=True, eq=False)
class SourceTable:
    """The rows of one dataset from one or several files, typed as declared.

    `frame` is indexed by `source_row`: the row of the file, plus FILE_STRIDE for each file before it.
    """

    dataset: Dataset
    files: tuple[SourceFile, ...]
    frame: pd.DataFrame

    @classmethod
    def of_file(cls, dataset: Dataset, path: str, sha256: str, frame: pd.DataFrame) -> Self:
        """Return the table of a single file."""
        return cls(dataset, (SourceFile(path, sha256, len(frame), is_sample=dataset.is_sample),), frame)

    @property
    def sample_rows(self) -> "pd.Series[bool]":
        """Return for each row of `frame` whether it comes from a sample file."""
        at = pd.Series(self.frame.index // FILE_STRIDE, index=self.frame.index)
        return at.isin([number for number, file in enumerate(self.files) if file.is_sample])

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.frame)

    def submission(self, sector_slug: str) -> str:
        """Return the name under which figures refer to all files together."""
        return self._name(sector_slug, self.files)

    def submissions(self, sector_slug: str, rows: "pd.Series[Any]") -> "pd.Series[str]":
        """Return for each row number of `frame` the name of its file and row ("…#12"); the whole where missing."""
        whole = self.submission(sector_slug)
        names = [whole if pd.isna(row) else self._of_row(sector_slug, int(row)) for row in rows]
        return pd.Series(names, index=rows.index, dtype="str")

    def files_named(self, sector_slug: str, submission: str) -> tuple[SourceFile, ...]:
        """Return the files a name speaks of, () where it is of another table."""
        place, _, hashes = submission.partition("#")[0].partition("@")
        if place != f"{sector_slug}.{self.dataset.id}":
            return ()
        wanted = hashes.split(_JOIN)
        return tuple(file for file in self.files if file.short_hash in wanted)

    def row_label(self, file: SourceFile, row: int) -> int:
        """Return the number under which `frame` holds a row of a file."""
        return self.files.index(file) * FILE_STRIDE + row

    def rows_of(self, files: Sequence[SourceFile]) -> pd.DataFrame:
        """Return the rows of `frame` that came from these files."""
        at = self.frame.index // FILE_STRIDE
        return self.frame[at.isin([self.files.index(file) for file in files])]

    def _of_row(self, sector_slug: str, row: int) -> str:
        file = self.files[row // FILE_STRIDE]
        return f"{self._name(sector_slug, (file,))}#{row % FILE_STRIDE}"

    def _name(self, sector_slug: str, files: Sequence[SourceFile]) -> str:
        return f"{sector_slug}.{self.dataset.id}@{_JOIN.join(file.short_hash for file in files)}"


def joined_submissions(names: Sequence[str]) -> str:
    """Return one name for figures that rest on several rows: their files, each once, and no row."""
    parts = dict.fromkeys(name.partition("#")[0] for name in names)
    if len(parts) == 1:
        return next(iter(parts))
    place = next(iter(parts)).partition("@")[0]
    hashes = dict.fromkeys(one for part in parts for one in part.partition("@")[2].split(_JOIN))
    return f"{place}@{_JOIN.join(hashes)}"
