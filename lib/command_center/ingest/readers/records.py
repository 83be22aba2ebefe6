"""JSON tables: a list of records, columns of values, or either under one key as portals hand them out.

A value that is itself a list or an object is no cell and refuses the file.
"""

import json
from typing import Any

from command_center.ingest.readers.grid import Sheet, typed_sheet
from command_center.ingest.readers.guards import Limits, corrupt, too_large
from command_center.ingest.refusals import IngestError

# Where portals put their rows, outermost first.
_WRAPPERS = ("result", "data", "records", "rows", "items", "results", "features")
_DEPTH = 4


def parse_json(text: str, name: str) -> Any:
    """Return the parsed text; IngestError naming line and column where it is not JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise corrupt(name, f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise corrupt(name, "nested too deeply") from error


def read_records(parsed: Any, name: str, sheet_name: str, limits: Limits) -> Sheet:
    """Return the table with its keys as first row; keys come in order of first appearance."""
    table = _unwrapped(parsed)
    if isinstance(table, dict) and table and all(isinstance(column, list) for column in table.values()):
        _guard(len(next(iter(table.values()))), len(table), name, limits)
        return _sheet(_from_columns(table, name), sheet_name)
    if isinstance(table, list) and table and all(isinstance(row, dict) for row in table):
        keys = list(dict.fromkeys(key for row in table for key in row))
        _guard(len(table), len(keys), name, limits)
        rows = [[_cell(row.get(key), key, at, name) for key in keys] for at, row in enumerate(table, start=1)]
        return _sheet([keys, *rows], sheet_name)
    if isinstance(table, list) and table and all(isinstance(row, list) for row in table):
        width = max(len(row) for row in table)
        _guard(len(table), width, name, limits)
        cells = [[_cell(value, str(at), at, name) for value in row] for at, row in enumerate(table, start=1)]
        return _sheet([[*row, *[None] * (width - len(row))] for row in cells], sheet_name)
    if table in ([], {}):
        raise IngestError(
            "no_rows", "The file holds no rows", where=name, next_step="send the table with its rows"
        )
    raise IngestError(
        "unknown_format",
        "The JSON is not a table",
        where=name,
        next_step="send a list of records, or one list of values for each column",
    )


def _guard(rows: int, columns: int, name: str, limits: Limits) -> None:
    """Keys that differ from record to record would make a grid far larger than the file."""
    if columns > limits.columns or rows * columns > limits.cells:
        raise too_large(name, rows, columns, "")


def _unwrapped(parsed: Any) -> Any:
    for _ in range(_DEPTH):
        if not isinstance(parsed, dict):
            break
        inner = next((parsed[key] for key in _WRAPPERS if isinstance(parsed.get(key), list | dict)), None)
        if inner is None:
            break
        parsed = inner
    return parsed


def _from_columns(table: dict[str, list[Any]], name: str) -> list[list[Any]]:
    lengths = {len(column) for column in table.values()}
    if len(lengths) > 1:
        raise corrupt(name, "its columns have different lengths")
    rows = zip(*table.values(), strict=True)
    keys = list(table)
    return [
        keys,
        *([_cell(v, k, at, name) for k, v in zip(keys, row, strict=True)] for at, row in enumerate(rows, 1)),
    ]


def _cell(value: Any, key: str, row: int, name: str) -> Any:
    if isinstance(value, list | dict):
        raise IngestError(
            "unknown_format",
            f"Record {row}: {key} holds a list or an object, not a value",
            where=name,
            next_step="send one value for each cell",
        )
    return value


def _sheet(rows: list[list[Any]], sheet_name: str) -> Sheet:
    return typed_sheet(sheet_name, rows)
