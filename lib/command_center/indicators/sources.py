"""Which file and row each figure rests on, and what its source says of itself.

One row per submission a figure names. Quotes the table as it was read, before any transform.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from command_center.catalog import Sector
from command_center.contracts import SourceTable
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
    names = {table.submission(sector.slug): table for table in tables.values()}
    parts = []
    for name, table in names.items():
        rows = [int(text.partition("#")[2]) for text in wanted if text.startswith(f"{name}#")]
        parts.append(_single_rows(table, name, rows))
        if name in wanted:
            parts.append(_whole_file(table, name))
    return conform_sources(
        pd.concat(parts, ignore_index=True).assign(sector=sector.slug) if parts else pd.DataFrame()
    )


def _single_rows(table: SourceTable, name: str, rows: list[int]) -> pd.DataFrame:
    said = table.frame.loc[rows].reindex(columns=[*_TEXTS, *_DATES]).reset_index(drop=True)
    numbers = pd.Series(rows, dtype="Int64")
    return _filed(
        said.assign(row=numbers, rows=1, source_submission=[f"{name}#{row}" for row in rows]), table
    )


def _whole_file(table: SourceTable, name: str) -> pd.DataFrame:
    said = table.frame.reindex(columns=[*_TEXTS, *_DATES])
    entry: dict[str, Any] = {text: _BETWEEN.join(said[text].dropna().drop_duplicates()) for text in _TEXTS}
    entry |= {day: said[day].min() for day in _DATES}
    return _filed(pd.DataFrame([entry | {"row": pd.NA, "rows": len(said), "source_submission": name}]), table)


def _filed(entries: pd.DataFrame, table: SourceTable) -> pd.DataFrame:
    return entries.assign(
        dataset=table.dataset.id, file=table.path, sha256=table.sha256, is_sample=table.dataset.is_sample
    )
