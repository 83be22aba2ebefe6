"""Where the figures of one line stand in a measures table, found once per table instead of at every question.

Holds row positions only; values are read from the table itself. A measures table is never changed in place:
a changed one is another table, with an index of its own.
"""

import weakref
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from command_center.locale import parse_period

# Of two periods that end on one day the longer is the later: the year stands for its last month.
_LENGTHS = {"day": 0, "month": 1, "quarter": 2, "semester": 3, "year": 4}

Line = tuple[str, str, str, str]


@dataclass(frozen=True)
class MeasureIndex:
    """Positions of rows, those of one line or one method in time order.

    `lines` is keyed by indicator, region, agency and method; `by_method` by indicator and method; `by_period`
    by indicator, method, agency and period. `methods` has the methods of an indicator, and of an indicator in
    a region, by name.
    """

    lines: Mapping[Line, Sequence[int]]
    by_method: Mapping[tuple[str, str], Sequence[int]]
    by_period: Mapping[Line, Sequence[int]]
    methods: Mapping[tuple[str, str | None], Sequence[str]]
    lines_of: Mapping[str, Sequence[Line]]


def index_of(measures: pd.DataFrame) -> MeasureIndex:
    """Return the index of a measures table, made at the first call and kept as long as the table lives."""
    key = id(measures)
    known = _indexes.get(key)
    if known is not None and known[0]() is measures:
        return known[1]
    index = _index(measures)
    _indexes[key] = (weakref.ref(measures, lambda _: _indexes.pop(key, None)), index)
    return index


_indexes: dict[int, tuple[weakref.ref[pd.DataFrame], MeasureIndex]] = {}


def period_order(periods: pd.Series) -> list[tuple[date, int]]:
    """Return sortable positions of periods: the last day, then the shorter before the longer."""
    parsed = {text: parse_period(text) for text in periods.unique()}
    return [(parsed[text].end, _LENGTHS[parsed[text].grain]) for text in periods]


def _index(measures: pd.DataFrame) -> MeasureIndex:
    names = ("indicator", "region_code", "agency_code", "method", "period")
    indicators, regions, agencies, methods, periods = (measures[name].tolist() for name in names)
    order = period_order(measures["period"])
    lines: dict[Line, list[int]] = defaultdict(list)
    by_method: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_period: dict[Line, list[int]] = defaultdict(list)
    found: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for row in sorted(range(len(order)), key=order.__getitem__):
        indicator, method = indicators[row], methods[row]
        lines[indicator, regions[row], agencies[row], method].append(row)
        by_method[indicator, method].append(row)
        by_period[indicator, method, agencies[row], periods[row]].append(row)
        found[indicator, None].add(method)
        found[indicator, regions[row]].add(method)
    lines_of: dict[str, list[Line]] = defaultdict(list)
    for line in sorted(lines):
        lines_of[line[0]].append(line)
    return MeasureIndex(
        lines=dict(lines),
        by_method=dict(by_method),
        by_period=dict(by_period),
        methods={key: sorted(names) for key, names in found.items()},
        lines_of=dict(lines_of),
    )
