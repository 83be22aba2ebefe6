"""Which file and row each figure rests on, and what its source says of itself.

One row per submission a figure names. Quotes the table as it was read, before any transform.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from command_center.catalog import Sector
from command_center.contracts import SourceFile, SourceTable
from command_center.indicators.schema import conform_sources

_TEXTS = ("method", "source", "note")
_DATES = ("source_date", "as_of")
_BETWEEN = "; "


def sources_of(sector: Sector, tables: Mapping[str, SourceTable], submissions: Iterable[str]) -> pd.DataFrame:
    """Return the sources table (SOURCE_COLUMNS) of the given `source_submission` values.

    A submission of one row ("…#12") carries that row's method, source, note and dates; one of several rows
    carries each differing text once and the oldest dates. Columns the table lacks are "" or missing.
    """
    wanted = sorted(set(submissions))
    parts = [_said(sector, table, wanted) for table in tables.values()]
    filled = [part for part in parts if not part.empty]
    return conform_sources(
        pd.concat(filled, ignore_index=True).assign(sector=sector.slug) if filled else pd.DataFrame()
    )


def _said(sector: Sector, table: SourceTable, wanted: list[str]) -> pd.DataFrame:
    """What the rows and files of one table say of themselves, for the names that are of this table."""
    rows: dict[SourceFile, list[int]] = {}
    entries = []
    for name in wanted:
        files = table.files_named(sector.slug, name)
        row = name.partition("#")[2]
        if files and row:
            rows.setdefault(files[0], []).append(int(row))
        elif files:
            entries.append(_whole_files(table, files, name))
    entries += [_single_rows(sector, table, file, numbers) for file, numbers in rows.items()]
    return pd.concat(entries, ignore_index=True) if entries else pd.DataFrame()


def _single_rows(sector: Sector, table: SourceTable, file: SourceFile, numbers: list[int]) -> pd.DataFrame:
    labels = pd.Series([table.row_label(file, number) for number in numbers])
    said = table.frame.loc[labels].reindex(columns=[*_TEXTS, *_DATES]).reset_index(drop=True)
    names = table.submissions(sector.slug, labels).tolist()
    filled = said.assign(row=pd.Series(numbers, dtype="Int64"), rows=1, source_submission=names)
    return _filed(filled, table, (file,))


def _whole_files(table: SourceTable, files: tuple[SourceFile, ...], name: str) -> pd.DataFrame:
    said = table.rows_of(files).reindex(columns=[*_TEXTS, *_DATES])
    entry: dict[str, Any] = {text: _BETWEEN.join(said[text].dropna().drop_duplicates()) for text in _TEXTS}
    entry |= {day: said[day].min() for day in _DATES}
    return _filed(
        pd.DataFrame([entry | {"row": pd.NA, "rows": len(said), "source_submission": name}]), table, files
    )


def _filed(entries: pd.DataFrame, table: SourceTable, files: tuple[SourceFile, ...]) -> pd.DataFrame:
    return entries.assign(
        dataset=table.dataset.id,
        file=_BETWEEN.join(file.path for file in files),
        sha256=_BETWEEN.join(file.sha256 for file in files),
        is_sample=any(file.is_sample for file in files),
    )
