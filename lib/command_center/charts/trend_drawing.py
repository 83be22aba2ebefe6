"""How a trend is laid out and drawn: axes, lines, and labels that stand at their lines instead of a legend.

Knows pixels; what the lines say is settled before.
"""

from collections.abc import Iterator, Sequence

from command_center.charts import marks, notation
from command_center.charts.notation import (
    FORECAST_DASH,
    HATCH_FORECAST,
    HATCH_NO_DATA,
    SMALL_FONT_SIZE,
    TARGET_DASH,
    WIDEST_NARROW,
)
from command_center.charts.render import Frame, Layer, finished_svg, rendered
from command_center.charts.series import Point, Series, TrendContent
from command_center.charts.trend_labels import (
    LABEL_GAP,
    LABEL_OVERHANG,
    EndLabel,
    end_labels,
    end_layers,
    point_labels,
)
from command_center.theme import colours

WIDE, NARROW = (640.0, 264.0), (340.0, 236.0)
_SHAPES = ("circle", "square", "triangle-up", "diamond")
_TOP, _BOTTOM, _N_LINE = 22.0, 26.0, 16.0


def trend_svg(content: TrendContent, width: float, height: float, *, title: str, description: str) -> str:
    """Return the drawing of a trend in a size of pixels, labels included."""
    frame, steps, ends = _layout(content, width, height)
    missing = sum(end.height for end in ends) - frame.height - 2 * LABEL_OVERHANG
    if missing > 0:
        # Many methods with long names: a taller drawing, rather than labels over each other.
        frame, steps, ends = _layout(content, width, height + missing)
    layers = [
        *_axes(content, frame, steps),
        *_target_layers(frame, content.targets),
        *_last_year_layers(content, frame),
        *_series_layers(content, frame),
        *point_labels(content, frame, ends),
        *end_layers(frame, ends),
    ]
    root = rendered(layers, frame)
    return finished_svg(root, title=title, description=description, widest=max(width, WIDEST_NARROW))


def _layout(content: TrendContent, width: float, height: float) -> tuple[Frame, list[float], list[EndLabel]]:
    steps = _steps(content)
    left = max(notation.text_width(text, SMALL_FONT_SIZE) for text in _step_labels(content, steps)) + 10
    positions = [point.position for point in content.points]
    low, high = min(positions), max(positions)
    margin = (high - low) * 0.02 or 0.5
    bottom = _BOTTOM + (_N_LINE if _has_n(content) else 0)
    room = width * 0.34

    def frame(right: float) -> Frame:
        return Frame(
            width=width - left - right,
            height=height - _TOP - bottom,
            x_low=low - margin,
            x_high=high + margin,
            y_low=steps[0],
            y_high=steps[-1],
            left=left,
            right=right,
            top=_TOP,
            bottom=bottom,
        )

    # The room at the right depends on labels whose place depends on that room: one correction is enough.
    first = frame(0)
    needed = max(
        first.x_pixel(end.x) + LABEL_GAP + end.width - first.width for end in end_labels(content, first, room)
    )
    inside = frame(min(max(needed + 4, 12), room + 24))
    return inside, steps, end_labels(content, inside, room)


def starts_at_zero(content: TrendContent) -> bool:
    """Return whether zero is on the vertical axis."""
    steps = _steps(content)
    return steps[0] <= 0 <= steps[-1]


def _steps(content: TrendContent) -> list[float]:
    values = [point.value for point in (*content.points, *content.targets) if point.value is not None]
    low, high = min(values), max(values)
    if 0 <= low < high * 0.5:
        return notation.ticks(0, high)
    pad = (high - low) * 0.08 or abs(high) * 0.05 or 1
    padded_low = max(low - pad, 0) if low >= 0 else low - pad
    padded_high = min(high + pad, 100) if content.unit == "%" and high <= 100 else high + pad
    return notation.ticks(padded_low, padded_high)


def _step_labels(content: TrendContent, steps: Sequence[float]) -> list[str]:
    places = notation.tick_decimals(steps)
    if content.unit in ("%", "Rp"):
        return [
            content.locale.quantity(step, content.unit, places if content.unit == "%" else 1)
            for step in steps
        ]
    return [content.locale.number(step, places) for step in steps]


def _axes(content: TrendContent, frame: Frame, steps: Sequence[float]) -> Iterator[Layer]:
    grid = [
        {"x": frame.x_low, "x2": frame.x_high, "y": step, "y2": step, "colour": colours.LINE}
        for step in steps
    ]
    yield marks.rules(grid)
    texts = [
        {"x": frame.x_low, "y": step, "text": text, "colour": colours.MUTED}
        for step, text in zip(steps, _step_labels(content, steps), strict=True)
    ]
    yield marks.labels(texts, align="right", dx=-8, size=SMALL_FONT_SIZE)
    if content.unit not in ("", "%", "Rp"):
        caption = [{"x": frame.x_low, "y": frame.y_high, "text": content.unit, "colour": colours.MUTED}]
        yield marks.labels(caption, dx=8 - frame.left, dy=-17, size=SMALL_FONT_SIZE)
    shown = _shown_periods(content, frame)
    periods = [
        {
            "x": point.position,
            "y": frame.y_low,
            "text": content.locale.period(point.period, short=True),
            "colour": colours.MUTED,
        }
        for point in shown
    ]
    yield marks.labels(periods, align="center", baseline="top", dy=9, size=SMALL_FONT_SIZE)
    if _has_n(content):
        counts = [
            {
                "x": point.position,
                "y": frame.y_low,
                "text": f"n={content.locale.number(point.n)}",
                "colour": colours.MUTED,
            }
            for point in shown
            if point.n is not None
        ]
        yield marks.labels(counts, align="center", baseline="top", dy=26, size=SMALL_FONT_SIZE)


def _has_n(content: TrendContent) -> bool:
    return len(content.series) == 1 and any(point.n is not None for point in content.series[0].points)


def _shown_periods(content: TrendContent, frame: Frame) -> list[Point]:
    """The periods named under the axis: the last always, then backwards as far as they do not touch."""
    by_position = {point.position: point for series in content.series for point in series.points}
    shown: list[Point] = []
    edge = frame.width + frame.right
    for position in sorted(by_position, reverse=True):
        point = by_position[position]
        half = notation.text_width(content.locale.period(point.period, short=True), SMALL_FONT_SIZE) / 2
        if frame.x_pixel(position) + half <= edge and frame.x_pixel(position) - half >= -frame.left:
            shown.append(point)
            edge = frame.x_pixel(position) - half - 12
    return shown


def _target_layers(frame: Frame, targets: Sequence[Point]) -> Iterator[Layer]:
    if not targets:
        return
    # A lone target holds for the whole width; several are joined, for a plan is one thing.
    first, last = targets[0], targets[-1]
    records = [
        {"x": point.position, "y": point.value, "colour": colours.TARGET, "group": "target"}
        for point in targets
    ]
    if first.value == last.value:
        records = [{**records[0], "x": frame.x_low}, {**records[-1], "x": frame.x_high}]
    yield marks.lines(records, width=1.5, dash=TARGET_DASH)


def _last_year_layers(content: TrendContent, frame: Frame) -> Iterator[Layer]:
    records = [
        {"x": point.position, "y": point.value, "colour": colours.LAST_YEAR, "group": f"{number}"}
        for number, series in enumerate(content.last_year)
        for point in series.points
    ]
    if records:
        yield marks.lines(records, width=2)


def _series_layers(content: TrendContent, frame: Frame) -> Iterator[Layer]:
    solid, dotted = [], []
    for number, series in enumerate(content.series):
        colour, group = colours.METHODS[number], f"{number}"
        realised = [point for point in series.points if not point.is_forecast]
        forecast = [point for point in series.points if point.is_forecast]
        solid += [{"x": p.position, "y": p.value, "colour": colour, "group": group} for p in realised]
        if forecast:
            dotted += [
                {"x": p.position, "y": p.value, "colour": colour, "group": group}
                for p in (*realised[-1:], *forecast)
            ]
    if solid:
        yield marks.lines(solid, width=2.25)
    if dotted:
        yield marks.lines(dotted, width=2, dash=FORECAST_DASH)
    for number, series in enumerate(content.series):
        yield from _dots(series, colours.METHODS[number], _SHAPES[number])
    gaps = [
        {
            "x": frame.x_value(frame.x_pixel(point.position) - 7),
            "x2": frame.x_value(frame.x_pixel(point.position) + 7),
            "y": frame.y_low,
            "y2": frame.y_value(frame.height - 10),
            "colour": HATCH_NO_DATA,
        }
        for series in content.series
        for point in series.points
        if point.value is None
    ]
    if gaps:
        yield marks.boxes(gaps)


def _dots(series: Series, colour: str, shape: str) -> Iterator[Layer]:
    realised = [point for point in series.known if not point.is_forecast]
    forecast = [point for point in series.known if point.is_forecast]
    if realised:
        dots = [{"x": point.position, "y": point.value, "colour": colour} for point in realised]
        yield marks.points(dots, shape=shape, size=48 if len(dots) <= 24 else 16)
    if forecast:
        dots = [{"x": point.position, "y": point.value, "colour": HATCH_FORECAST} for point in forecast]
        yield marks.points(dots, shape=shape, size=110, ring=colour)
