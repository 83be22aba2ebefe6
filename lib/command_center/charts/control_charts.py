"""A control chart: one series with its mean and limits, special causes marked by shape, thresholds as outlines.

Limits and special causes come finished from signals; nothing is computed here but places on paper.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from command_center.charts import marks, notation
from command_center.charts.figure import Column, Figure, LegendItem, Table
from command_center.charts.notation import SMALL_FONT_SIZE, TARGET_DASH, WIDEST_NARROW
from command_center.charts.render import Frame, Layer, finished_svg, rendered
from command_center.locale import Locale, parse_period
from command_center.signals.charted import ChartPoint
from command_center.theme import colours

_WIDE, _NARROW = (640.0, 250.0), (340.0, 220.0)
_LIMIT_DASH = (2, 3)


@dataclass(frozen=True)
class _Content:
    locale: Locale
    unit: str
    decimals: int | None
    points: tuple[ChartPoint, ...]
    threshold: float | None
    threshold_label: str

    @property
    def known(self) -> list[tuple[float, float, ChartPoint]]:
        return [
            (parse_period(point.period).position, point.value, point)
            for point in self.points
            if point.value is not None
        ]

    def text(self, value: float | None) -> str:
        return self.locale.quantity(value, self.unit, self.decimals)


def control_chart(
    points: Sequence[ChartPoint],
    *,
    locale: Locale,
    title: str,
    unit: str = "",
    decimals: int | None = None,
    threshold: float | None = None,
    threshold_label: str = "",
) -> Figure:
    """Return the chart of points in time order; without limits it is a plain line.

    `threshold` is drawn as a dashed outline with its label. With fewer than two known values the svg is "".
    """
    content = _Content(locale, unit, decimals, tuple(points), threshold, threshold_label)
    description = _description(content)
    svg = narrow = ""
    if len(content.known) > 1:
        svg = _svg(content, *_WIDE, title=title, description=description)
        narrow = _svg(content, *_NARROW, title=title, description=description)
    return Figure(
        title=title,
        description=description,
        svg=svg,
        narrow_svg=narrow,
        table=_table(content),
        legend=_legend(content),
        kind="trend",
    )


def _svg(content: _Content, width: float, height: float, *, title: str, description: str) -> str:
    frame, steps = _layout(content, width, height)
    layers = [*_axes(content, frame, steps), *_limits(content, frame), *_points(content, frame)]
    return finished_svg(
        rendered(layers, frame), title=title, description=description, widest=max(width, WIDEST_NARROW)
    )


def _layout(content: _Content, width: float, height: float) -> tuple[Frame, list[float]]:
    values = [value for _, value, _ in content.known]
    values += [v for p in content.points for v in (p.lower, p.upper) if v is not None]
    values += [] if content.threshold is None else [content.threshold]
    low, high = min(values), max(values)
    pad = (high - low) * 0.06 or abs(high) * 0.05 or 1
    steps = notation.ticks(low - pad if low < 0 else max(low - pad, 0), high + pad)
    positions = [position for position, _, _ in content.known]
    margin = (positions[-1] - positions[0]) * 0.02 or 0.5
    left = max(notation.text_width(_step(content, step, steps), SMALL_FONT_SIZE) for step in steps) + 10
    return (
        Frame(
            width=width - left - 12,
            height=height - 44,
            x_low=positions[0] - margin,
            x_high=positions[-1] + margin,
            y_low=steps[0],
            y_high=steps[-1],
            left=left,
            right=12,
            top=18,
            bottom=26,
        ),
        steps,
    )


def _step(content: _Content, step: float, steps: Sequence[float]) -> str:
    places = notation.tick_decimals(steps)
    if content.unit in ("%", "Rp"):
        return content.locale.quantity(step, content.unit, places if content.unit == "%" else 1)
    return content.locale.number(step, places)


def _axes(content: _Content, frame: Frame, steps: Sequence[float]) -> Iterator[Layer]:
    yield marks.rules([_across(frame, step, colours.LINE) for step in steps])
    texts = [
        {"x": frame.x_low, "y": step, "text": _step(content, step, steps), "colour": colours.MUTED}
        for step in steps
    ]
    yield marks.labels(texts, align="right", dx=-8, size=SMALL_FONT_SIZE)
    first, last = content.known[0], content.known[-1]
    ends = ((first, "left", 0.0), (last, "right", 0.0))
    for (position, _, point), align, dx in ends:
        text = content.locale.period(point.period, short=True)
        record = {"x": position, "y": frame.y_low, "text": text, "colour": colours.MUTED}
        yield marks.labels([record], align=align, baseline="top", dx=dx, dy=9, size=SMALL_FONT_SIZE)  # type: ignore[arg-type]


def _across(frame: Frame, value: float, colour: str) -> dict[str, object]:
    return {"x": frame.x_low, "x2": frame.x_high, "y": value, "y2": value, "colour": colour}


def _limits(content: _Content, frame: Frame) -> Iterator[Layer]:
    for name, dash in (("mean", ()), ("lower", _LIMIT_DASH), ("upper", _LIMIT_DASH)):
        records = [
            {"x": position, "y": getattr(point, name), "colour": colours.MUTED, "group": name}
            for position, _, point in content.known
            if getattr(point, name) is not None
        ]
        if records:
            yield marks.lines(records, width=1.25, dash=dash)
    if content.threshold is not None:
        yield marks.rules([_across(frame, content.threshold, colours.TARGET)], width=1.5, dash=TARGET_DASH)
        record = {
            "x": frame.x_high,
            "y": content.threshold,
            "text": content.threshold_label,
            "colour": colours.TARGET,
        }
        yield marks.labels([record], align="right", dy=-9, size=SMALL_FONT_SIZE, halo=True)


def _points(content: _Content, frame: Frame) -> Iterator[Layer]:
    line = [
        {"x": position, "y": value, "colour": colours.METHODS[0], "group": "0"}
        for position, value, _ in content.known
    ]
    yield marks.lines(line, width=2)
    size = 42 if len(line) <= 36 else 14
    plain = [record for record, (_, _, p) in zip(line, content.known, strict=True) if not p.is_special]
    special = [
        {**record, "colour": colours.CRITICAL}
        for record, (_, _, p) in zip(line, content.known, strict=True)
        if p.is_special
    ]
    if plain:
        yield marks.points(plain, size=size)
    if special:
        yield marks.points(special, shape="diamond", size=size * 2)
    position, value, _ = content.known[-1]
    label = [{"x": position, "y": value, "text": content.text(value), "colour": colours.INK}]
    # Off the line: below a point that it falls to, unless the axis is there.
    is_falling = len(line) > 1 and value < content.known[-2][1]
    has_room = value - frame.y_low > 0.12 * (frame.y_high - frame.y_low)
    yield marks.labels(label, align="right", dy=14 if is_falling and has_room else -14, bold=True, halo=True)


def _description(content: _Content) -> str:
    locale, known = content.locale, content.known
    if not known:
        return locale.t("No data yet.")
    _, value, last = known[-1]
    said = locale.t(
        "{n} figures, from {first} to {last}; the latest is {value}.",
        n=locale.number(len(known), 0),
        first=locale.period(known[0][2].period),
        last=locale.period(last.period),
        value=content.text(value),
    )
    if last.lower is None:
        return said
    limits = locale.t(
        "Ordinary variation lies between {lower} and {upper}, around {mean}.",
        lower=content.text(last.lower),
        upper=content.text(last.upper),
        mean=content.text(last.mean),
    )
    return f"{said} {limits}"


def _legend(content: _Content) -> tuple[LegendItem, ...]:
    locale, known = content.locale, content.known
    if not known or known[-1][2].lower is None:
        return ()
    special = sum(point.is_special for _, _, point in known)
    return (
        LegendItem(locale.t("mean and control limits"), "", colours.MUTED, ""),
        LegendItem(locale.t("special cause"), locale.number(special, 0), colours.CRITICAL, "◆"),
    )


def _table(content: _Content) -> Table:
    locale = content.locale
    columns = (
        Column(locale.t("Period")),
        Column(locale.t("Value"), is_number=True),
        Column(locale.t("Limits")),
        Column(locale.t("Reading")),
    )
    rows = [
        (
            locale.period(point.period),
            content.text(point.value),
            "–" if point.lower is None else f"{content.text(point.lower)} – {content.text(point.upper)}",
            locale.t("special cause")
            if point.is_special
            else locale.t("ordinary variation")
            if point.lower is not None
            else "–",
        )
        for point in reversed(content.points)
    ]
    return Table(columns, tuple(rows))
