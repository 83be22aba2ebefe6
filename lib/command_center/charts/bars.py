"""Bars by region: at most 25, sorted, the region of the page standing out, target as an outline.

Ranks nothing that has no value: regions without one are listed below, hatched; a suppressed value is not drawn.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from command_center.charts import marks, notation
from command_center.charts.figure import ChartError, Column, Figure, Table
from command_center.charts.notation import FONT_SIZE, HATCH_NO_DATA, SMALL_FONT_SIZE, TARGET_DASH
from command_center.charts.render import Frame, Layer, finished_svg, rendered
from command_center.charts.words import joined
from command_center.locale import Locale, is_missing
from command_center.theme import colours, status

REGION_LIMIT = 25
WIDE, NARROW = 640.0, 340.0
_ROW, _BAR, _LAST_YEAR_SHIFT = 25.0, 0.31, 0.12
_STUB = 0.14  # how much of the width a hatched "no data" takes: visible, and clearly not a value


@dataclass(frozen=True)
class _Bar:
    code: str
    name: str
    value: float | None
    previous: float | None
    target: float | None
    n: int | None
    status: str
    is_suppressed: bool


@dataclass(frozen=True)
class _Content:
    locale: Locale
    unit: str
    decimals: int | None
    bars: tuple[_Bar, ...]
    focus: str | None

    def quantity(self, value: float | None) -> str:
        return self.locale.quantity(value, self.unit, self.decimals)

    def said(self, bar: _Bar) -> str:
        return self.locale.t("not shown, small count") if bar.is_suppressed else self.quantity(bar.value)

    @property
    def known(self) -> list[_Bar]:
        return [bar for bar in self.bars if bar.value is not None]

    @property
    def common_target(self) -> float | None:
        targets = {bar.target for bar in self.bars if bar.target is not None}
        return targets.pop() if len(targets) == 1 else None


def bars_by_region(
    frame: pd.DataFrame,
    *,
    locale: Locale,
    title: str,
    names: Mapping[str, str],
    unit: str = "",
    decimals: int | None = None,
    focus: str | None = None,
) -> Figure:
    """Return one bar per region, highest first.

    `frame` has the columns region_code and value and, where known, target, n, status, suppressed and previous_value
    (a year earlier, drawn lighter). `names` says the name of every code. `focus` is the region that stands out. Raises
    ChartError for more than 25 regions, for a region twice and for a code without a name.
    """
    bars = sorted((_bar(row, names) for row in frame.to_dict("records")), key=_order)
    _check(bars)
    content = _Content(locale, unit, decimals, tuple(bars), focus)
    description, svg, narrow = _description(content), "", ""
    if content.known:
        svg = _svg(content, WIDE, title=title, description=description)
        narrow = _svg(content, NARROW, title=title, description=description)
    return Figure(
        title=title, description=description, svg=svg, narrow_svg=narrow, table=_table(content), kind="bars",
        notes=_notes(content),
    )  # fmt: skip


def _bar(row: Mapping[Any, Any], names: Mapping[str, str]) -> _Bar:
    code = str(row["region_code"])
    if code not in names:
        raise ChartError(f"No name was given for region {code}", who="the author of the page")
    hidden = not is_missing(row.get("suppressed")) and bool(row["suppressed"])

    def known(column: str) -> float | None:
        value = row.get(column)
        return None if is_missing(value) else float(str(value))

    n = known("n")
    return _Bar(
        code=code, name=names[code], value=None if hidden else known("value"),
        previous=None if hidden else known("previous_value"), target=known("target"),
        n=None if n is None or hidden else int(n),
        status="" if is_missing(row.get("status")) else str(row["status"]), is_suppressed=hidden,
    )  # fmt: skip


def _order(bar: _Bar) -> tuple[bool, float, str]:
    return bar.value is None, -(bar.value or 0.0), bar.name


def _check(bars: list[_Bar]) -> None:
    if len(bars) > REGION_LIMIT:
        raise ChartError(
            f"{len(bars)} regions are too many for bars",
            who="the author of the page",
            next_step=f"show a map, or choose at most {REGION_LIMIT} regions",
        )
    codes = [bar.code for bar in bars]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ChartError(f"More than one value for region {', '.join(twice)}", who="the author of the page")


def _svg(content: _Content, width: float, *, title: str, description: str) -> str:
    frame = _layout(content, width)
    layers = [*_bar_layers(content, frame), *_target_layers(content, frame), *_text_layers(content, frame)]
    root = rendered(layers, frame)
    return finished_svg(root, title=title, description=description)


def _layout(content: _Content, width: float) -> Frame:
    room = width * 0.33
    left = min(max(notation.text_width(bar.name, FONT_SIZE) for bar in content.bars), room) + 28
    right = max(notation.text_width(content.quantity(bar.value), FONT_SIZE) for bar in content.known) + 14
    values = [
        value for bar in content.known for value in (bar.value, bar.previous, bar.target) if value is not None
    ]
    low, high = min(0.0, *values), max(0.0, *values)
    if high == low:
        high = low + 1
    count = len(content.bars)
    return Frame(
        width=width - left - right, height=count * _ROW, x_low=low, x_high=high, y_low=count - 0.5, y_high=-0.5,
        left=left, right=right, top=22 if content.common_target is not None else 4, bottom=4,
    )  # fmt: skip


def _bar_layers(content: _Content, frame: Frame) -> Iterator[Layer]:
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
            colours.INK if bar.code == content.focus else strong,
        )
        for row, bar in enumerate(content.bars)
        if bar.value is not None
    ]
    yield marks.boxes(solid, ring=1 if previous else 0)
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


def _box(row: float, start: float, end: float | None, colour: str) -> dict[str, object]:
    return {"x": start, "x2": end, "y": row - _BAR, "y2": row + _BAR, "colour": colour}


def _target_layers(content: _Content, frame: Frame) -> Iterator[Layer]:
    common = content.common_target
    if common is not None:
        rule = {"x": common, "x2": common, "y": frame.y_low, "y2": frame.y_high, "colour": colours.TARGET}
        yield marks.rules([rule], width=1.5, dash=TARGET_DASH)
        text = content.locale.t("target {value}", value=content.quantity(common))
        pixel, half = frame.x_pixel(common), notation.text_width(text, SMALL_FONT_SIZE) / 2
        align = "left" if pixel < half else "right" if pixel + half > frame.width + frame.right else "center"
        label = [{"x": common, "y": frame.y_high, "text": text, "colour": colours.TARGET}]
        yield marks.labels(label, align=align, dy=-10, size=SMALL_FONT_SIZE)
        return
    own = [
        {"x": bar.target, "x2": bar.target, "y": row - 0.42, "y2": row + 0.42, "colour": colours.TARGET}
        for row, bar in enumerate(content.bars)
        if bar.target is not None
    ]
    if own:
        yield marks.rules(own, width=2.5)


def _text_layers(content: _Content, frame: Frame) -> Iterator[Layer]:
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
            {"x": max(_reach(bar), 0), "y": row, "text": content.quantity(bar.value), "colour": colours.TEXT}
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


def _reach(bar: _Bar) -> float:
    return max(bar.value or 0.0, bar.previous or 0.0)


def _description(content: _Content) -> str:
    locale, known = content.locale, content.known
    parts = []
    if known:
        parts.append(
            locale.t(
                "Bars of {count} regions: highest {highest} ({highest_name}), lowest {lowest} ({lowest_name}).",
                count=locale.number(len(known)),
                highest=content.quantity(known[0].value),
                highest_name=known[0].name,
                lowest=content.quantity(known[-1].value),
                lowest_name=known[-1].name,
            )  # fmt: skip
        )
    focus = next((bar for bar in content.bars if bar.code == content.focus), None)
    if focus is not None:
        parts.append(f"{focus.name}: {content.said(focus)}.")
    if content.common_target is not None:
        parts.append(locale.t("Target {value}.", value=content.quantity(content.common_target)))
    missing = [bar.name for bar in content.bars if bar.value is None and not bar.is_suppressed]
    if missing:
        parts.append(locale.t("No data yet for {names}.", names=joined(locale, missing)))
    hidden = [bar.name for bar in content.bars if bar.is_suppressed]
    if hidden:
        parts.append(locale.t("Not shown because the count is small: {names}.", names=joined(locale, hidden)))
    return " ".join(parts)


def _notes(content: _Content) -> tuple[str, ...]:
    notes = []
    if any(bar.previous is not None for bar in content.bars):
        notes.append(content.locale.t("Lighter bar: a year earlier."))
    if content.common_target is None and any(bar.target is not None for bar in content.bars):
        notes.append(content.locale.t("Upright stroke: the region's own target."))
    return tuple(notes)


def _table(content: _Content) -> Table:
    locale = content.locale
    columns = [Column(locale.t("Region")), Column(locale.t("Value"), is_number=True)]
    cells = [[bar.name for bar in content.bars], [content.said(bar) for bar in content.bars]]
    optional = (
        (locale.t("A year earlier"), True, [bar.previous for bar in content.bars], content.quantity),
        (locale.t("Target"), True, [bar.target for bar in content.bars], content.quantity),
        ("n", True, [bar.n for bar in content.bars], locale.number),
    )
    for heading, is_number, values, written in optional:
        if any(value is not None for value in values):
            columns.append(Column(heading, is_number))
            cells.append(["–" if value is None else written(value) for value in values])
    if any(bar.status for bar in content.bars):
        columns.append(Column(locale.t("Status")))
        cells.append([locale.t(status(bar.status).word) if bar.status else "–" for bar in content.bars])
    return Table(tuple(columns), tuple(zip(*cells, strict=True)))
