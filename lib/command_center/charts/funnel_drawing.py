"""How a funnel plot is laid out and drawn: limits as lines, regions as shapes, the outermost ones named.

Knows pixels; what lies beyond which limit is settled before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from command_center.charts import marks, notation
from command_center.charts.notation import SMALL_FONT_SIZE, TARGET_DASH, WIDEST_NARROW
from command_center.charts.render import Frame, Layer, finished_svg, rendered
from command_center.locale import Locale
from command_center.theme import colours

WIDE, NARROW = (640.0, 320.0), (340.0, 300.0)
_TOP, _BOTTOM, _RIGHT = 14.0, 44.0, 46.0
# Shape, size and colour of regions within the limits, beyond the inner and beyond the outer ones.
_STYLES = (
    ("circle", 84, colours.REALISED_OTHER),
    ("diamond", 120, colours.REALISED),
    ("square", 104, colours.INK),
)
_LABEL_HEIGHT = 15.0


@dataclass(frozen=True)
class Dot:
    """One region: things counted, share and interval in percent, the limit it lies beyond (negative: below)."""

    code: str
    name: str
    n: float
    value: float
    low: float
    high: float
    beyond: float


@dataclass(frozen=True)
class FunnelContent:
    """What the plot shows before any layout."""

    locale: Locale
    share: float
    dots: tuple[Dot, ...]
    sizes: npt.NDArray[np.float64]
    limits: Mapping[float, tuple[Sequence[float], Sequence[float]]]
    decimals: int
    focus: str | None

    def percent(self, value: float) -> str:
        return self.locale.quantity(value, "%", self.decimals)

    @property
    def outside(self) -> tuple[list[Dot], list[Dot]]:
        """The regions beyond the outer limits, and those beyond the inner ones only."""
        outermost = max(self.limits) * 100
        outer = [dot for dot in self.dots if abs(dot.beyond) >= outermost - 1e-9]
        return outer, [dot for dot in self.dots if dot.beyond and dot not in outer]

    def rank(self, dot: Dot) -> int:
        """0 within the limits, 1 beyond the inner, 2 beyond the outer ones."""
        outer, inner = self.outside
        return 2 if dot in outer else 1 if dot in inner else 0


def funnel_svg(content: FunnelContent, width: float, height: float, *, title: str, description: str) -> str:
    """Return the drawing in a size of pixels."""
    frame, steps = _layout(content, width, height)
    layers = [*_axes(content, frame, steps), *_limit_layers(content, frame), *_dot_layers(content)]
    layers += _name_layers(content, frame)
    root = rendered(layers, frame)
    return finished_svg(root, title=title, description=description, widest=max(width, WIDEST_NARROW))


def _layout(content: FunnelContent, width: float, height: float) -> tuple[Frame, list[float]]:
    # Limits of tiny regions reach far beyond every figure; the axis follows the figures and the wider part.
    values = [dot.value for dot in content.dots]
    inner = content.limits[min(content.limits)]
    start = int(np.searchsorted(content.sizes, min(dot.n for dot in content.dots)))
    high = min(max([*values, *list(inner[1])[start:]]) * 1.06, 100.0)
    low = max(min([*values, *list(inner[0])[start:]]), 0.0)
    steps = notation.ticks(0 if low < high * 0.5 else low, high)
    if steps[-1] > 100:
        steps = [step for step in steps if step <= 100]
    left = max(notation.text_width(text, SMALL_FONT_SIZE) for text in _step_texts(content, steps)) + 12
    frame = Frame(
        width=width - left - _RIGHT,
        height=height - _TOP - _BOTTOM,
        x_low=0,
        x_high=float(content.sizes[-1]),
        y_low=steps[0],
        y_high=max(steps[-1], high),
        left=left,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
    )
    return frame, steps


def _step_texts(content: FunnelContent, steps: Sequence[float]) -> list[str]:
    places = notation.tick_decimals(steps)
    return [content.locale.quantity(step, "%", places) for step in steps]


def _axes(content: FunnelContent, frame: Frame, steps: Sequence[float]) -> Iterator[Layer]:
    yield marks.rules(
        [
            {"x": frame.x_low, "x2": frame.x_high, "y": step, "y2": step, "colour": colours.LINE}
            for step in steps
        ]
    )
    texts = zip(steps, _step_texts(content, steps), strict=True)
    yield marks.labels(
        [{"x": frame.x_low, "y": step, "text": text, "colour": colours.MUTED} for step, text in texts],
        align="right",
        dx=-8,
        size=SMALL_FONT_SIZE,
    )
    sizes = [step for step in notation.ticks(0, frame.x_high, 5) if step <= frame.x_high]
    yield marks.labels(
        [
            {"x": step, "y": frame.y_low, "text": content.locale.number(step, 0), "colour": colours.MUTED}
            for step in sizes
        ],
        align="center",
        baseline="top",
        dy=8,
        size=SMALL_FONT_SIZE,
    )
    caption = {
        "x": frame.x_low,
        "y": frame.y_low,
        "text": content.locale.t("counted (n)"),
        "colour": colours.MUTED,
    }
    yield marks.labels([caption], align="left", baseline="top", dy=25, size=SMALL_FONT_SIZE)


def _limit_layers(content: FunnelContent, frame: Frame) -> Iterator[Layer]:
    for confidence in sorted(content.limits):
        records = [
            {
                "x": float(size),
                "y": None if not frame.y_low <= limit <= frame.y_high else limit,
                "colour": colours.NO_DATA_EDGE,
                "group": f"{side}",
            }
            for side, line in enumerate(content.limits[confidence])
            for size, limit in zip(content.sizes, line, strict=True)
        ]
        yield marks.lines(records, width=1.25, dash=TARGET_DASH if confidence == min(content.limits) else ())
    middle = {
        "x": frame.x_low,
        "x2": frame.x_high,
        "y": content.share,
        "y2": content.share,
        "colour": colours.TARGET,
    }
    yield marks.rules([middle], width=1.5)
    ends = [(content.share, content.percent(content.share))]
    for confidence in sorted(content.limits):
        text = content.locale.quantity(confidence * 100, "%")
        ends += [(float(line[-1]), text) for line in content.limits[confidence]]
    shown = [(value, text) for value, text in ends if frame.y_low <= value <= frame.y_high]
    pixels = notation.spread(
        [frame.y_pixel(value) for value, _ in shown], [_LABEL_HEIGHT] * len(shown), 0, frame.height
    )
    yield marks.labels(
        [
            {"x": frame.x_high, "y": frame.y_value(pixel), "text": text, "colour": colours.MUTED}
            for pixel, (_, text) in zip(pixels, shown, strict=True)
        ],
        dx=4,
        size=SMALL_FONT_SIZE,
    )


def _dot_layers(content: FunnelContent) -> Iterator[Layer]:
    for rank, (shape, size, colour) in enumerate(_STYLES):
        records = [
            {"x": dot.n, "y": dot.value, "colour": colour}
            for dot in content.dots
            if content.rank(dot) == rank
        ]
        if records:
            yield marks.points(records, shape=shape, size=size)


def _name_layers(content: FunnelContent, frame: Frame) -> Iterator[Layer]:
    """Name the region of the page and those beyond the outer limits, as far as the names do not touch."""
    taken: list[tuple[float, float, float]] = []
    order = sorted(
        content.dots, key=lambda dot: (dot.code != content.focus, -content.rank(dot), -abs(dot.beyond))
    )
    for dot in order:
        if dot.code != content.focus and content.rank(dot) < 2:
            continue
        is_left = frame.x_pixel(dot.n) > frame.width * 0.6
        wide = notation.text_width(dot.name, SMALL_FONT_SIZE) + 10
        x, y = frame.x_pixel(dot.n), frame.y_pixel(dot.value)
        start, end = (x - wide, x) if is_left else (x, x + wide)
        if (
            start < 0
            or end > frame.width
            or any(
                abs(y - row) < _LABEL_HEIGHT and start < right and end > left for row, left, right in taken
            )
        ):
            continue
        taken.append((y, start, end))
        yield marks.labels(
            [{"x": dot.n, "y": dot.value, "text": dot.name, "colour": colours.TEXT}],
            align="right" if is_left else "left",
            dx=-9 if is_left else 9,
            size=SMALL_FONT_SIZE,
            bold=dot.code == content.focus,
            halo=True,
        )
