"""Measures by period read into series, one per method, which are never joined with each other.

Takes rows of the measures table; averages nothing, fills no gap.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from command_center.charts.figure import ChartError
from command_center.charts.words import threshold_label
from command_center.locale import Locale, is_missing, parse_period


@dataclass(frozen=True)
class Point:
    """One figure; `value` and `n` are None where nothing is known or may be shown (`is_hidden`).

    `decimals` is how many of them it is shown with, None where all of its figure have the same.
    """

    period: str
    position: float
    value: float | None
    n: int | None
    is_forecast: bool
    decimals: int | None = None
    is_hidden: bool = False


@dataclass(frozen=True)
class Series:
    """The figures of one method in order of time."""

    method: str
    label: str
    points: tuple[Point, ...]

    @property
    def known(self) -> tuple[Point, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)


@dataclass(frozen=True)
class TrendContent:
    """What a trend shows, before any layout."""

    locale: Locale
    unit: str
    decimals: int | None
    series: tuple[Series, ...]
    last_year: tuple[Series, ...]
    targets: tuple[Point, ...]
    is_what_if: bool = False
    target_year: str = ""

    def quantity(self, point: Point) -> str:
        return self.locale.quantity(point.value, self.unit, _decimals(point, self.decimals))

    def threshold(self, value: float | None) -> str:
        """A target as it was set: 80%, not 80,00%."""
        return self.locale.quantity(value, self.unit)

    def target_label(self) -> str:
        """The words at the end of the line of targets."""
        value = self.threshold(self.targets[-1].value)
        return threshold_label(self.locale, value, is_what_if=self.is_what_if, year=self.target_year)

    def figure(self, point: Point) -> str:
        """The value without a unit that is a word: short, for labels at points."""
        figure, word = self.locale.quantity_parts(point.value, self.unit, _decimals(point, self.decimals))
        return f"{figure}%" if word == "%" else f"{figure} {word}" if self.unit == "Rp" and word else figure

    @property
    def points(self) -> list[Point]:
        return [point for series in (*self.series, *self.last_year) for point in series.known]


def read_series(
    frame: pd.DataFrame, method_labels: Mapping[str, str] | None = None, *, years_later: int = 0
) -> tuple[Series, ...]:
    """Return the series of a frame, one per method.

    It has the columns period and value, and if present method, n, suppressed, is_forecast and decimals. A
    suppressed value is treated as unknown. `years_later` moves the points along the time axis, to lay last year
    under this year. Raises ChartError for a missing column or two values of one method in one period.
    """
    absent = {"period", "value"} - set(frame.columns)
    if absent:
        raise ChartError(
            f"A figure by period needs the columns {', '.join(sorted(absent))}", who="the author of the page"
        )
    grouped: dict[str, list[Point]] = {}
    for row in frame.to_dict("records"):
        method = "" if is_missing(row.get("method")) else str(row["method"])
        grouped.setdefault(method, []).append(_point(row, years_later))
    names = method_labels or {}
    return tuple(
        Series(method, names.get(method, method), _ordered(method, points))
        for method, points in grouped.items()
    )


def describe_series(series: Series, locale: Locale, unit: str, decimals: int | None) -> str:
    """Return one sentence: from where to where the line runs, its lowest and its highest value."""
    known = series.known
    if not known:
        return locale.t("No data yet.")

    def said(point: Point) -> str:
        text = locale.quantity(point.value, unit, _decimals(point, decimals))
        return f"{text} ({locale.period(point.period)})"

    if len(known) == 1:
        return (
            locale.t("One figure by {method}: {value}.", method=series.label, value=said(known[0]))
            if series.label
            else locale.t("One figure: {value}.", value=said(known[0]))
        )
    values = {
        "first": said(known[0]),
        "last": said(known[-1]),
        "lowest": said(min(known, key=_value)),
        "highest": said(max(known, key=_value)),
    }
    if series.label:
        return locale.t(
            "The line for {method} runs from {first} to {last}; lowest {lowest}, highest {highest}.",
            method=series.label,
            **values,
        )
    return locale.t("The line runs from {first} to {last}; lowest {lowest}, highest {highest}.", **values)


def _decimals(point: Point, of_all: int | None) -> int | None:
    return of_all if point.decimals is None else point.decimals


def _value(point: Point) -> float:
    return point.value if point.value is not None else float("nan")


def _point(row: Mapping[object, object], years_later: int) -> Point:
    period = str(row["period"])
    value, n = row["value"], row.get("n")
    suppressed = row.get("suppressed") is True or row.get("suppressed") == 1
    hidden = is_missing(value) or suppressed
    forecast = row.get("is_forecast")
    return Point(
        period=period,
        position=parse_period(period).position + years_later,
        value=None if hidden else float(str(value)),
        n=None if is_missing(n) or hidden else int(float(str(n))),
        is_forecast=not is_missing(forecast) and bool(forecast),
        decimals=None if is_missing(row.get("decimals")) else int(str(row["decimals"])),
        is_hidden=suppressed,
    )


def _ordered(method: str, points: list[Point]) -> tuple[Point, ...]:
    ordered = sorted(points, key=lambda point: point.position)
    for earlier, later in pairwise(ordered):
        if earlier.period == later.period:
            raise ChartError(
                f"Two values of one method in {later.period}",
                where=f"method '{method}'",
                who="the author of the page",
                next_step="choose one region and one agency, or give each its own method",
            )
    return tuple(ordered)
