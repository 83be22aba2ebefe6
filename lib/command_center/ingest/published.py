"""Read the tables that are committed with the house: figures already published, each with its source.

A published table is complete and sound or it is refused whole; nothing in it is mended or skipped.
"""

import csv
import hashlib
import io
from pathlib import Path

import pandas as pd

from command_center.catalog import Dataset
from command_center.contracts import Fault, SourceTable, check_table
from command_center.errors import PublishedDataError
from command_center.regions import RegionTree
from command_center.settings import Settings

_SHOWN_FAULTS = 10
_BESIDE_SECTOR = "./"


def read_published(
    settings: Settings,
    sector_slug: str,
    dataset: Dataset,
    regions: RegionTree,
    agency_codes: frozenset[str],
) -> SourceTable:
    """Return the table in `dataset.file`, typed as declared, with path and hash.

    The file is comma-separated UTF-8 with one header line; every cell is read as text and an empty one is
    missing. It lies under `data/`, or beside the sector's declaration when written "./name.csv".
    Raises PublishedDataError naming file, row, column and who must act, when it is absent, is not such a
    table, or breaks any rule of its declaration (all faults are counted, the first ten are told).
    """
    path = _locate(settings, sector_slug, dataset)
    reader = _Reader(
        path.relative_to(settings.root.resolve()).as_posix(), _who(sector_slug, dataset), sector_slug
    )
    content = reader.content(path)
    text, lines = reader.table(content)
    checked = check_table(
        text,
        dataset,
        region_codes=frozenset(region.code for region in regions),
        agency_codes=agency_codes,
        lines=lines,
    )
    if checked.errors:
        raise reader.refusal(checked.errors)
    return SourceTable.of_file(dataset, reader.where, hashlib.sha256(content).hexdigest(), checked.frame)


def _who(sector_slug: str, dataset: Dataset) -> str:
    return f"agency {dataset.owner}" if dataset.owner else f"the owner of sector {sector_slug}"


def _locate(settings: Settings, sector_slug: str, dataset: Dataset) -> Path:
    if dataset.file is None:
        raise PublishedDataError(
            f"Dataset {dataset.id!r} has no file yet",
            where=f"sectors/{sector_slug}/sector.yml",
            who=_who(sector_slug, dataset),
            next_step="supply the table and name it under `file`",
        )
    beside = dataset.file.startswith(_BESIDE_SECTOR)
    base = settings.sectors_dir / sector_slug if beside else settings.data_dir
    path = (base / dataset.file).resolve()
    if not path.is_relative_to(base.resolve()):
        raise PublishedDataError(
            f"Dataset {dataset.id!r} names a file outside its folder: {dataset.file}",
            where=f"sectors/{sector_slug}/sector.yml",
            who="the analyst who changed the declaration",
            next_step="name a file under data/, or one beside sector.yml as ./name.csv",
        )
    return path


class _Reader:
    """Reads one file and words its refusals."""

    def __init__(self, where: str, who: str, sector_slug: str) -> None:
        self.where = where
        self._who = who
        self._next_step = f"correct the file, then: command-center check {sector_slug}"

    def content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise self._error(f"The file cannot be read: {error.strerror}") from error

    def table(self, content: bytes) -> tuple[pd.DataFrame, list[int]]:
        """Return the cells as text and the line on which each row ends."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise self._error(f"Line {line} is not UTF-8 text") from error
        rows, lines = self._rows(text)
        if not rows:
            raise self._error("The file is empty")
        header = rows[0]
        repeated = sorted({name for name in header if header.count(name) > 1})
        if repeated:
            raise self._error(f"Line 1: the column {', '.join(repeated)} stands twice")
        return pd.DataFrame(rows[1:], columns=header, dtype="str"), lines[1:]

    def _rows(self, text: str) -> tuple[list[list[str]], list[int]]:
        rows: list[list[str]] = []
        lines: list[int] = []
        # csv and not pandas: it tells a row that is too short or too long, and the line it stands on.
        cells = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            for row in cells:
                if not row:
                    continue
                if rows and len(row) != len(rows[0]):
                    raise self._error(
                        f"Line {cells.line_num}: {len(row)} cells where the header has {len(rows[0])}"
                    )
                rows.append(row)
                lines.append(cells.line_num)
        except csv.Error as error:
            raise self._error(f"Line {cells.line_num}: {error}") from error
        return rows, lines

    def refusal(self, faults: tuple[Fault, ...]) -> PublishedDataError:
        told = [f"{fault.place}: {fault.message}" if fault.place else fault.message for fault in faults]
        hidden = len(told) - _SHOWN_FAULTS
        if hidden > 0:
            told = [*told[:_SHOWN_FAULTS], f"and {hidden} more"]
        return self._error("; ".join(told))

    def _error(self, what: str) -> PublishedDataError:
        return PublishedDataError(what, where=self.where, who=self._who, next_step=self._next_step)
