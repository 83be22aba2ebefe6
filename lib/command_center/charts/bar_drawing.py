"""How bars by region are laid out and drawn: names, bars, targets and values in rows.

Knows pixels; which region stands where and what is hidden is settled before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from command_center.charts import marks, notation
from command_center.charts.notation import (
    FONT_SIZE,
    HATCH_NO_DATA,
    SMALL_FONT_SIZE,
    TARGET_DASH,
    WIDEST_NARROW,
)
from command_center.charts.render import Frame, Layer, finished_svg, rendered
from command_center.charts.words import threshold_label
from command_center.locale import Locale
from command_center.theme import colours, status

WIDE, NARROW = 640.0, 340.0
_ROW, _BAR, _LAST_YEAR_SHIFT = 25.0, 0.31, 0.12
_STUB = 0.14  # how much of the width a hatched "no data" takes: visible, and clearly not a value


@dataclass(frozen=True)
class Bar:
    """One region's row; `value` is None where nothing is known or may be shown."""

    code: str
    name: str
    value: float | None
    previous: float | None
    target: float | None
    n: int | None
    status: str
    is_suppressed: bool
    decimals: int | None = None
    interval: tuple[float, float] | None = None
    ranks: tuple[int, int] | None = None

    @property
    def is_apart(self) -> bool:
        """Whether its value may not be held against the others: drawn in grey, below them, without a rank."""
        return self.value is not None and self.status == "not_comparable"


@dataclass(frozen=True)
class BarContent:
    """What the bars show, in their order, before any layout."""

    locale: Locale
    unit: str
    decimals: int | None
    bars: tuple[Bar, ...]
    focus: str | None
    is_what_if: bool = False

    def quantity(self, bar: Bar) -> str:
        decimals = self.decimals if bar.decimals is None else bar.decimals
        return self.locale.quantity(bar.value, self.unit, decimals)

    def threshold(self, value: float | None) -> str:
        """A target as it was set: 80%, not 80,00%."""
        return self.locale.quantity(value, self.unit)

    def earlier(self, value: float | None) -> str:
        return self.locale.quantity(value, self.unit, self.decimals)

    def said(self, bar: Bar) -> str:
        return self.locale.t("hidden, small count") if bar.is_suppressed else self.quantity(bar)

    @property
    def known(self) -> list[Bar]:
        return [bar for bar in self.bars if bar.value is not None]

    @property
    def compared(self) -> list[Bar]:
        """The bars that may be held against each other."""
        return [bar for bar in self.known if not bar.is_apart]

    @property
    def common_target(self) -> float | None:
        targets = {bar.target for bar in self.bars if bar.target is not None}
        return targets.pop() if len(targets) == 1 else None


def bars_svg(content: BarContent, width: float, *, title: str, description: str) -> str:
    """Return the drawing of bars in a width of pixels; its height follows from the rows."""
    frame = _layout(content, width)
    layers = [*_bar_layers(content, frame), *_target_layers(content, frame), *_text_layers(content, frame)]
    root = rendered(layers, frame)
    return finished_svg(root, title=title, description=description, widest=max(width, WIDEST_NARROW))


def _layout(content: BarContent, width: float) -> Frame:
    room = width * 0.33
    left = min(max(notation.text_width(bar.name, FONT_SIZE) for bar in content.bars), room) + 28
    right = max(notation.text_width(content.quantity(bar), FONT_SIZE) for bar in content.known) + 14
    values = [
        value
        for bar in content.known
        for value in (bar.value, bar.previous, bar.target, *(bar.interval or ()))
        if value is not None
    ]
    low, high = min(0.0, *values), max(0.0, *values)
    if high == low:
        high = low + 1
    count = len(content.bars)
    return Frame(
        width=width - left - right,
        height=count * _ROW,
        x_low=low,
        x_high=high,
        y_low=count - 0.5,
        y_high=-0.5,
        left=left,
        right=right,
        top=22 if content.common_target is not None else 4,
        bottom=4,
    )


def _bar_layers(content: BarContent, frame: Frame) -> Iterator[Layer]:
    previous = [
        _box(row - _LAST_YEAR_SHIFT, 0, bar.previous, colours.LAST_YEAR)
        for row, bar in enumerate(content.bars)
        if bar.previous is not None
    ]
    if previous:
        yield marks.boxes(previous)
    strong = colours.REALISED if content.focus is None else colours.REALISED_OTHER
    solid = [
        _box(
            row + (_LAST_YEAR_SHIFT if previous else 0),
            0,
            bar.value,
            colours.LINE if bar.is_apart else colours.INK if bar.code == content.focus else strong,
        )
        for row, bar in enumerate(content.bars)
        if bar.value is not None
    ]
    yield marks.boxes(solid, ring=1 if previous else 0)
    yield from _interval_layers(content)
    stub = (frame.x_high - frame.x_low) * _STUB
    hatched = [
        _box(row, 0, stub if frame.x_high > 0 else -stub, HATCH_NO_DATA)
        for row, bar in enumerate(content.bars)
        if bar.value is None
    ]
    if hatched:
        yield marks.boxes(hatched)
    yield marks.rules(
        [{"x": 0, "x2": 0, "y": frame.y_low, "y2": frame.y_high, "colour": colours.LINE_STRONG}]
    )


def _interval_layers(content: BarContent) -> Iterator[Layer]:
    spans = [
        {"x": bar.interval[0], "x2": bar.interval[1], "y": row, "y2": row, "colour": colours.TEXT}
        for row, bar in enumerate(content.bars)
        if bar.interval is not None
    ]
    if spans:
        yield marks.rules([{**span, "colour": colours.PAPER} for span in spans], width=4)
        yield marks.rules(spans, width=1.75)


def _box(row: float, start: float, end: float | None, colour: str) -> dict[str, object]:
    return {"x": start, "x2": end, "y": row - _BAR, "y2": row + _BAR, "colour": colour}


def _target_layers(content: BarContent, frame: Frame) -> Iterator[Layer]:
    common = content.common_target
    if common is not None:
        rule = {"x": common, "x2": common, "y": frame.y_low, "y2": frame.y_high, "colour": colours.TARGET}
        yield marks.rules([rule], width=1.5, dash=TARGET_DASH)
        text = threshold_label(content.locale, content.threshold(common), is_what_if=content.is_what_if)
        pixel, half = frame.x_pixel(common), notation.text_width(text, SMALL_FONT_SIZE) / 2
        align: marks.Align = (
            "left" if pixel < half else "right" if pixel + half > frame.width + frame.right else "center"
        )
        label = [{"x": common, "y": frame.y_high, "text": text, "colour": colours.TARGET}]
        yield marks.labels(label, align=align, dy=-10, size=SMALL_FONT_SIZE)
        return
    own = [
        {"x": bar.target, "x2": bar.target, "y": row - 0.42, "y2": row + 0.42, "colour": colours.TEXT}
        for row, bar in enumerate(content.bars)
        if bar.target is not None
    ]
    if own:
        yield marks.rules([{**stroke, "colour": colours.PAPER} for stroke in own], width=5.5)
        yield marks.rules(own, width=2.5)


def _text_layers(content: BarContent, frame: Frame) -> Iterator[Layer]:
    edge = frame.x_low
    rows = list(enumerate(content.bars))
    for is_focus in (False, True):
        names = [
            {
                "x": edge,
                "y": row,
                "text": notation.shortened(bar.name, frame.left - 26),
                "colour": colours.TEXT,
            }
            for row, bar in rows
            if (bar.code == content.focus) is is_focus
        ]
        values = [
            {"x": max(_reach(bar), 0), "y": row, "text": content.quantity(bar), "colour": colours.TEXT}
            for row, bar in rows
            if (bar.code == content.focus) is is_focus and bar.value is not None
        ]
        if names:
            yield marks.labels(names, align="right", dx=-24, bold=is_focus)
        if values:
            yield marks.labels(values, dx=6, bold=is_focus, halo=True)
    stub = (frame.x_high - frame.x_low) * _STUB
    unknown = [
        {
            "x": max(stub if frame.x_high > 0 else 0, 0),
            "y": row,
            "text": content.said(bar),
            "colour": colours.NO_DATA,
        }
        for row, bar in rows
        if bar.value is None
    ]
    if unknown:
        yield marks.labels(unknown, dx=6, size=SMALL_FONT_SIZE, halo=True)
    shapes = [
        {"x": edge, "y": row, "text": status(bar.status).shape, "colour": status(bar.status).colour}
        for row, bar in rows
        if bar.status
    ]
    if shapes:
        yield marks.labels(shapes, align="center", dx=-12, size=SMALL_FONT_SIZE)


def _reach(bar: Bar) -> float:
    return max(bar.value or 0.0, bar.previous or 0.0, *(bar.interval or ()))
