"""The series of an edition: one line per indicator, region and agency, by the method a card would lead with.

Figures counted in two ways are never one series. Missing and suppressed figures are left out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import pandas as pd

from command_center.catalog import SAMPLE_METHOD, Catalog, Indicator, Sector
from command_center.indicators.lookup import MeasureIndex, index_of
from command_center.locale import Period, parse_period
from command_center.signals.control import Numbers


@dataclass(frozen=True)
class SeriesPoint:
    """One figure of a line; `numerator` and `denominator` are None where the source printed none."""

    period: str
    value: float
    as_of: date
    status: str
    numerator: float | None
    denominator: float | None

    @property
    def parsed(self) -> Period:
        return parse_period(self.period)


@dataclass(frozen=True)
class SeriesLine:
    """The usable figures of one indicator in one region (and agency) by one method, oldest first; never empty."""

    sector: Sector
    indicator: Indicator
    region_code: str
    agency_code: str
    method: str
    points: tuple[SeriesPoint, ...]

    @property
    def latest(self) -> SeriesPoint:
        return self.points[-1]

    @property
    def alike(self) -> tuple[SeriesPoint, ...]:
        """The points of the commonest kind of period: months are no neighbours of quarters on a chart."""
        kept = set(alike_periods([point.period for point in self.points]))
        return tuple(point for point in self.points if point.period in kept)


@dataclass(frozen=True)
class _Columns:
    """The measures as plain lists: every line of every indicator is read, and pandas takes its time."""

    index: MeasureIndex
    periods: list[str]
    values: list[float]
    dates: list[pd.Timestamp]
    statuses: list[str]
    numerators: list[float]
    denominators: list[float]
    usable: list[bool]

    @classmethod
    def of(cls, measures: pd.DataFrame) -> Self:
        usable = measures["value"].notna() & ~measures["suppressed"] & measures["as_of"].notna()
        return cls(
            index=index_of(measures),
            periods=measures["period"].tolist(),
            values=measures["value"].tolist(),
            dates=measures["as_of"].tolist(),
            statuses=measures["status"].tolist(),
            numerators=measures["numerator"].tolist(),
            denominators=measures["denominator"].tolist(),
            usable=usable.tolist(),
        )

    def point(self, row: int) -> SeriesPoint:
        return SeriesPoint(
            period=self.periods[row],
            value=self.values[row],
            as_of=self.dates[row].date(),
            status=self.statuses[row],
            numerator=_known(self.numerators[row]),
            denominator=_known(self.denominators[row]),
        )


def series_lines(measures: pd.DataFrame, catalog: Catalog) -> list[SeriesLine]:
    """Return every line of a measures table that has a figure, in the order of the catalog.

    The declared main method goes first, then the one with the newest figure; sample data only where nothing
    else is known.
    """
    columns = _Columns.of(measures)
    return [
        line for sector, indicator in catalog.indicators for line in _lines_of(columns, sector, indicator)
    ]


def _lines_of(columns: _Columns, sector: Sector, indicator: Indicator) -> Iterator[SeriesLine]:
    places: dict[tuple[str, str], dict[str, list[int]]] = {}
    for (region, agency, method), found in columns.index.of(indicator.id).lines.items():
        rows = [row for row in found if columns.usable[row]]
        if rows:
            places.setdefault((region, agency), {})[method] = rows
    for (region, agency), methods in places.items():
        method = max(methods, key=lambda name: _rank(name, indicator, columns.dates[methods[name][-1]]))
        # By the day they stand for; the order of periods settles those of one day.
        rows = sorted(methods[method], key=columns.dates.__getitem__)
        yield SeriesLine(sector, indicator, region, agency, method, tuple(columns.point(row) for row in rows))


def _rank(method: str, indicator: Indicator, newest: pd.Timestamp) -> tuple[bool, bool, pd.Timestamp]:
    return method == indicator.main_method, method != SAMPLE_METHOD, newest


def as_matrix(lines: list[tuple[SeriesPoint, ...]]) -> Numbers:
    """Return the values of series one a row, oldest first, NaN after the end of a shorter one."""
    width = max((len(points) for points in lines), default=0)
    matrix = np.full((len(lines), width), np.nan)
    for row, points in enumerate(lines):
        matrix[row, : len(points)] = [point.value for point in points]
    return matrix


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def alike_periods(periods: Iterable[str]) -> list[str]:
    """Return the periods of the commonest kind, of two equally common ones that of the last; in their order."""
    listed = list(periods)
    grains = {period: parse_period(period).grain for period in listed}
    counts = Counter(grains[period] for period in listed)
    grain = max(counts, key=lambda name: (counts[name], grains[listed[-1]] == name), default="")
    return [period for period in listed if grains[period] == grain]
