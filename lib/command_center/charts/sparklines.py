"""A sparkline: the shape of a series in a tile, without axes; the tile and the table say the numbers.

One line per method, as in a trend; never a scale that could be read off.
"""

from collections.abc import Iterator

import pandas as pd

from command_center.charts import marks
from command_center.charts.figure import Figure, Table
from command_center.charts.render import Frame, Layer, finished_svg, rendered
from command_center.charts.series import Series, describe_series, read_series
from command_center.locale import Locale
from command_center.theme import colours

_WIDTH, _HEIGHT, _EDGE = 110.0, 38.0, 5.0


def sparkline(
    frame: pd.DataFrame, *, locale: Locale, title: str, unit: str = "", decimals: int | None = None
) -> Figure:
    """Return the line of `frame` (columns period and value, and if present method, n, suppressed).

    With fewer than two known values the figure's svg is "" and `figure_html` says so in words. The table is
    empty: the full trend has it. Raises ChartError as `trend` does.
    """
    series = read_series(frame)
    description = " ".join(describe_series(one, locale, unit, decimals) for one in series) or locale.t(
        "No data yet."
    )
    return Figure(
        title=title,
        description=description,
        svg=_svg(series, title, description),
        table=Table((), ()),
        kind="spark",
    )


def _svg(series: tuple[Series, ...], title: str, description: str) -> str:
    known = [point for one in series for point in one.known]
    values = [point.value for point in known if point.value is not None]
    if len({point.position for point in known}) < 2:
        return ""
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    frame = Frame(
        width=_WIDTH - 2 * _EDGE,
        height=_HEIGHT - 2 * _EDGE,
        x_low=min(point.position for point in known),
        x_high=max(point.position for point in known),
        y_low=low - spread * 0.05,
        y_high=high + spread * 0.05,
        left=_EDGE,
        right=_EDGE,
        top=_EDGE,
        bottom=_EDGE,
    )
    root = rendered(list(_layers(series, frame)), frame)
    return finished_svg(root, title=title, description=description)


def _layers(series: tuple[Series, ...], frame: Frame) -> Iterator[Layer]:
    line = [
        {
            "x": point.position,
            "y": point.value,
            "colour": colours.METHODS[number % len(colours.METHODS)],
            "group": one.method,
        }
        for number, one in enumerate(series)
        for point in one.points
    ]
    yield marks.lines(line, width=1.75)
    ends = [
        {
            "x": one.known[-1].position,
            "y": one.known[-1].value,
            "colour": colours.METHODS[number % len(colours.METHODS)],
        }
        for number, one in enumerate(series)
        if one.known
    ]
    yield marks.points(ends, size=30)
