"""A trend: one line per method over time, with target, last year and the number of observations.

Conflicting methods stay apart and are never joined or averaged; gaps stay gaps; at most four methods.
"""

from collections.abc import Mapping

import pandas as pd

from command_center.charts.figure import ChartError, Column, Figure, Table
from command_center.charts.series import Point, Series, TrendContent, describe_series, read_series
from command_center.charts.trend_drawing import NARROW, WIDE, starts_at_zero, trend_svg
from command_center.charts.words import joined, sentence, threshold_heading
from command_center.locale import Locale, is_missing, parse_period
from command_center.theme import colours


def trend(
    frame: pd.DataFrame,
    *,
    locale: Locale,
    title: str,
    unit: str = "",
    decimals: int | None = None,
    method_labels: Mapping[str, str] | None = None,
    last_year: pd.DataFrame | None = None,
    is_what_if: bool = False,
    target_of_year: tuple[int, float] | None = None,
) -> Figure:
    """Return the trend of one region's measures.

    `frame` has the columns period and value and, where known, method, n, target, suppressed, is_forecast (bool)
    and decimals (of one figure, instead of `decimals`); `last_year` has period and value and is drawn lighter, a
    year later. `is_what_if` says that the target is a threshold the reader tries out; `target_of_year` is a
    target that only one year has, instead of those of the frame. A missing value breaks the line. With fewer than two known
    values there is nothing to draw: the figure's svg is "". Raises ChartError for two values in one period of
    one method, for more than four methods and for more marks than a figure may have.
    """
    series = read_series(frame, method_labels)
    if len(series) > len(colours.METHODS):
        raise ChartError(
            f"{len(series)} methods in one figure cannot be told apart",
            who="the author of the page",
            next_step=f"show at most {len(colours.METHODS)}",
        )
    content = TrendContent(
        locale=locale,
        unit=unit,
        decimals=decimals,
        series=series,
        last_year=() if last_year is None else read_series(last_year, method_labels, years_later=1),
        targets=_targets(frame, target_of_year),
        is_what_if=is_what_if,
        target_year="" if target_of_year is None else str(target_of_year[0]),
    )
    description, svg, narrow = _description(content), "", ""
    if len(content.points) > 1:
        svg = trend_svg(content, *WIDE, title=title, description=description)
        narrow = trend_svg(content, *NARROW, title=title, description=description)
    return Figure(
        title=title,
        description=description,
        svg=svg,
        narrow_svg=narrow,
        table=_table(content),
        notes=_notes(content),
        kind="trend",
    )


def _targets(frame: pd.DataFrame, of_year: tuple[int, float] | None) -> tuple[Point, ...]:
    if of_year is not None:
        period = str(of_year[0])
        return (Point(period, parse_period(period).position, of_year[1], None, False),)
    if "target" not in frame.columns:
        return ()
    known = {
        str(row["period"]): float(row["target"])
        for row in frame.to_dict("records")
        if not is_missing(row["target"])
    }
    return tuple(
        Point(period, parse_period(period).position, value, None, False)
        for period, value in sorted(known.items(), key=lambda item: parse_period(item[0]).position)
    )


def _description(content: TrendContent) -> str:
    said = [
        describe_series(series, content.locale, content.unit, content.decimals) for series in content.series
    ]
    blank = [point for series in content.series for point in series.points if point.value is None]
    missing = _periods(content, [point for point in blank if not point.is_hidden])
    hidden = _periods(content, [point for point in blank if point.is_hidden])
    if missing:
        said.append(content.locale.t("No data yet for {names}.", names=missing))
    if hidden:
        said.append(content.locale.t("Not shown because the count is small: {names}.", names=hidden))
    if content.targets:
        target = content.targets[-1]
        said.append(
            sentence(content.target_label())
            if content.is_what_if
            else content.locale.t(
                "Target {value} ({period}).",
                value=content.threshold(target.value),
                period=content.locale.period(target.period),
            )
        )
    return " ".join(said) or sentence(content.locale.missing)


def _periods(content: TrendContent, points: list[Point]) -> str:
    periods = sorted({point.period for point in points}, key=lambda period: parse_period(period).position)
    return joined(content.locale, [content.locale.period(period) for period in periods])


def _notes(content: TrendContent) -> tuple[str, ...]:
    notes = []
    if len(content.series) > 1:
        notes.append(content.locale.t("Figures measured in different ways are not joined and not averaged."))
    if content.points and not starts_at_zero(content):
        notes.append(content.locale.t("The axis does not start at zero."))
    if any(point.is_forecast for point in content.points):
        notes.append(content.locale.t("Dotted line and hatched points: forecast."))
    return tuple(notes)


def _table(content: TrendContent) -> Table:
    locale = content.locale
    several = len(content.series) > 1
    columns = [Column(locale.t("Period"))]
    cells: list[dict[str, str]] = []
    for series in content.series:
        columns.append(Column(series.label or locale.t("Value"), is_number=True))
        cells.append({point.period: _value_text(content, point) for point in series.points})
        if any(point.n is not None for point in series.points):
            columns.append(Column(f"n, {series.label}" if several else "n", is_number=True))
            cells.append({point.period: locale.number(point.n) for point in series.points})
    if content.targets:
        columns.append(Column(threshold_heading(locale, is_what_if=content.is_what_if), is_number=True))
        cells.append({point.period: content.threshold(point.value) for point in content.targets})
    periods = {point.period for series in content.series for point in series.points}
    periods |= {point.period for point in content.targets}
    rows = [
        (locale.period(period), *(column.get(period, "–") for column in cells))
        for period in sorted(periods, key=lambda period: parse_period(period).position)
    ]
    rows += [
        (locale.period(point.period), content.quantity(point), *["–"] * (len(columns) - 2))
        for point in _only_last_year(content.last_year, periods)
        if len(columns) > 1
    ]
    return Table(tuple(columns), tuple(rows))


def _value_text(content: TrendContent, point: Point) -> str:
    if point.is_hidden:
        return content.locale.t("hidden, small count")
    text = content.quantity(point)
    return f"{text} ({content.locale.t('forecast')})" if point.is_forecast else text


def _only_last_year(last_year: tuple[Series, ...], shown: set[str]) -> list[Point]:
    return [point for series in last_year for point in series.points if point.period not in shown]
