"""Series from a CSV file: columns series, period, value, and where known target and direction.

Reads what anybody may bring; nothing of the house is needed and nothing is kept.
"""

from collections.abc import Hashable, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from command_center.errors import CommandCenterError
from command_center.locale import LocaleError, parse_period
from command_center.signals.assurance import assurance_of, state_of
from command_center.signals.charted import charted

_NEEDED = ("series", "period", "value")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none"})
_DIRECTIONS = {"": "", "up": "up", "down": "down", "neutral": "", "higher": "up", "lower": "down"}


class SeriesFileError(CommandCenterError):
    """A file of series that cannot be read."""


def signals_of_file(path: Path) -> dict[str, Any]:
    """Return `{"series": [...]}`: per series its points with limits, state of the latest, and assurance.

    Series come in the order of the file. Periods the house knows are put in order of time, others stay as they
    stand. A missing value gives a point without special cause; mean and limits are None below 12 points.
    Raises SeriesFileError naming the row where a cell cannot be read.
    """
    table = _read(path)
    return {
        "series": [_described(str(name), rows, path) for name, rows in table.groupby("series", sort=False)]
    }


def _read(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise _unreadable(f"The series cannot be read: {error}", path.name) from error
    table.columns = [str(name).strip().lower() for name in table.columns]
    absent = [name for name in _NEEDED if name not in table.columns]
    if absent:
        raise _unreadable(f"The file has no column {', '.join(absent)}", path.name)
    return table.map(str.strip)


def _described(name: str, rows: pd.DataFrame, path: Path) -> dict[str, Any]:
    records = _in_order(rows.to_dict("index"))
    values: dict[str, float | None] = {}
    for place, record in records:
        if record["period"] in values:
            raise _unreadable(f"{name} has two values in {record['period']}", _row(path, place))
        values[record["period"]] = _number(record["value"], "value", _row(path, place))
    points = charted(list(values.items()))
    direction, target = _direction(records, path), _target(records, path)
    latest = next((point for point in reversed(points) if point.value is not None), None)
    return {
        "series": name,
        "points": [
            {
                "period": point.period,
                "value": point.value,
                "mean": point.mean,
                "lower": point.lower,
                "upper": point.upper,
                "special_cause": point.is_special,
            }
            for point in points
        ],
        "state": state_of(latest.pointing if latest else 0, direction),
        "assurance": assurance_of(
            target, latest.lower if latest else None, latest.upper if latest else None, direction
        ),
    }


def _in_order(rows: Mapping[Hashable, dict[Hashable, Any]]) -> list[tuple[int, dict[Hashable, Any]]]:
    records = [(int(str(place)), record) for place, record in rows.items()]
    try:
        return sorted(records, key=lambda item: parse_period(item[1]["period"]).position)
    except LocaleError:
        return records


def _target(records: list[tuple[int, dict[Hashable, Any]]], path: Path) -> float | None:
    """Return the latest target that is given."""
    known = [_number(record.get("target", ""), "target", _row(path, place)) for place, record in records]
    return next((value for value in reversed(known) if value is not None), None)


def _direction(records: list[tuple[int, dict[Hashable, Any]]], path: Path) -> str:
    said = [(place, str(record.get("direction", "")).lower()) for place, record in records]
    for place, word in said:
        if word not in _DIRECTIONS:
            raise _unreadable(f"{word!r} is no direction: up, down or neutral", _row(path, place))
    return next((_DIRECTIONS[word] for _, word in reversed(said) if word), "")


def _number(text: str, column: str, where: str) -> float | None:
    if text.lower() in _MISSING:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise _unreadable(f"{column} {text!r} is no number like 12.5", where) from error
    if not isfinite(value):
        raise _unreadable(f"{column} {text!r} is no number like 12.5", where)
    return value


def _row(path: Path, place: int) -> str:
    return f"{path.name}, row {place + 2}"


def _unreadable(what: str, where: str) -> SeriesFileError:
    return SeriesFileError(
        what,
        where=where,
        who="whoever made the file",
        next_step="mend it: columns series, period, value; optional target, direction",
    )
