"""Where the figures of one line stand in a measures table, found once per table instead of at every question.

Holds row positions only; values are read from the table itself. A measures table is never changed in place:
a changed one is another table, with an index of its own.
"""

import weakref
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from command_center.locale import parse_period

# Of two periods that end on one day the longer is the later: the year stands for its last month.
_LENGTHS = {"day": 0, "month": 1, "quarter": 2, "semester": 3, "year": 4}

Line = tuple[str, str, str]


@dataclass(frozen=True)
class LineIndex:
    """Positions of the rows of one indicator, those of one line or one method in time order.

    `lines` is keyed by region, agency and method; `by_method` by method; `by_period` by method, agency and
    period. `methods` has the methods by name, of the indicator (None) and of the indicator in a region.
    """

    lines: Mapping[Line, Sequence[int]]
    by_method: Mapping[str, Sequence[int]]
    by_period: Mapping[Line, Sequence[int]]
    methods: Mapping[str | None, Sequence[str]]


class MeasureIndex:
    """Where the rows of each indicator stand; those of one are put in order when somebody asks for it."""

    def __init__(self, measures: pd.DataFrame) -> None:
        self._columns = {
            name: measures[name].to_numpy(dtype=object)
            for name in ("region_code", "agency_code", "method", "period")
        }
        found = measures.groupby("indicator", sort=False).indices
        self._rows = {str(indicator): np.asarray(rows) for indicator, rows in found.items()}
        self._known: dict[str, LineIndex] = {}

    def of(self, indicator: str) -> LineIndex:
        """Return the index of an indicator, without any line where the table does not know it."""
        if indicator not in self._known:
            rows = self._rows.get(indicator, np.empty(0, dtype=np.intp))
            self._known[indicator] = _index(
                {name: column[rows] for name, column in self._columns.items()}, rows
            )
        return self._known[indicator]


def index_of(measures: pd.DataFrame) -> MeasureIndex:
    """Return the index of a measures table, made at the first call and kept as long as the table lives."""
    key = id(measures)
    known = _indexes.get(key)
    if known is not None and known[0]() is measures:
        return known[1]
    index = MeasureIndex(measures)
    _indexes[key] = (weakref.ref(measures, lambda _: _indexes.pop(key, None)), index)
    return index


_indexes: dict[int, tuple[weakref.ref[pd.DataFrame], MeasureIndex]] = {}


def period_order(periods: Iterable[str]) -> list[tuple[date, int]]:
    """Return sortable positions of periods: the last day, then the shorter before the longer."""
    texts = list(periods)
    parsed = {text: parse_period(text) for text in set(texts)}
    places = {text: (period.end, _LENGTHS[period.grain]) for text, period in parsed.items()}
    return [places[text] for text in texts]


def _index(columns: Mapping[str, np.ndarray], rows: np.ndarray) -> LineIndex:
    order = period_order(columns["period"])
    lines: dict[Line, list[int]] = defaultdict(list)
    by_method: dict[str, list[int]] = defaultdict(list)
    by_period: dict[Line, list[int]] = defaultdict(list)
    found: dict[str | None, set[str]] = defaultdict(set)
    regions, agencies, methods, periods = (
        columns[name].tolist() for name in ("region_code", "agency_code", "method", "period")
    )
    positions = rows.tolist()
    for at in sorted(range(len(order)), key=order.__getitem__):
        row, method = positions[at], methods[at]
        lines[regions[at], agencies[at], method].append(row)
        by_method[method].append(row)
        by_period[method, agencies[at], periods[at]].append(row)
        found[None].add(method)
        found[regions[at]].add(method)
    return LineIndex(
        lines=dict(sorted(lines.items())),
        by_method=dict(by_method),
        by_period=dict(by_period),
        methods={key: sorted(names) for key, names in found.items()},
    )
