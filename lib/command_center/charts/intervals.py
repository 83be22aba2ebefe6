"""Rows of points beside a reference, with the interval each may lie in: what differs, and how surely.

Where there is no interval the line runs from the reference to the point: what each part adds or takes away.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from command_center.charts import marks, notation
from command_center.charts.figure import ChartError, Figure, Table
from command_center.charts.notation import FONT_SIZE, SMALL_FONT_SIZE, TARGET_DASH, WIDEST_NARROW
from command_center.charts.render import Frame, Layer, finished_svg, rendered
from command_center.theme import colours

Side = Literal["within", "above", "below"]
WIDE, NARROW, _ROW, ROW_LIMIT = 640.0, 340.0, 24.0, 40
_SHAPES: dict[Side, str] = {"within": "circle", "above": "triangle-up", "below": "triangle-down"}


@dataclass(frozen=True)
class Interval:
    """One row: its name, its value, the limits of the value where known, and on which side it stands out."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    side: Side = "within"


def intervals(
    rows: Sequence[Interval],
    *,
    title: str,
    description: str,
    table: Table,
    written: Callable[[float], str],
    reference: float,
    reference_label: str,
    notes: tuple[str, ...] = (),
) -> Figure:
    """Return the rows in the order given, from the top, beside a dashed line at `reference`.

    `written` makes text of a value. Raises ChartError for more than 40 rows. Without rows the svg is "".
    """
    if len(rows) > ROW_LIMIT:
        raise ChartError(
            f"{len(rows)} rows are too many for one figure",
            who="the author of the page",
            next_step=f"show at most {ROW_LIMIT}, and the rest in the table",
        )
    svg = narrow = ""
    if rows:
        svg, narrow = (
            _svg(rows, width, title, description, written, reference, reference_label)
            for width in (WIDE, NARROW)
        )
    return Figure(
        title=title,
        description=description,
        svg=svg,
        narrow_svg=narrow,
        table=table,
        kind="intervals",
        notes=notes,
    )


def _svg(
    rows: Sequence[Interval],
    width: float,
    title: str,
    description: str,
    written: Callable[[float], str],
    reference: float,
    reference_label: str,
) -> str:
    frame = _layout(rows, width, written, reference)
    layers = [
        *_reference(frame, reference, reference_label),
        *_points(rows, reference),
        *_texts(rows, frame, written),
    ]
    root = rendered(layers, frame)
    return finished_svg(root, title=title, description=description, widest=max(width, WIDEST_NARROW))


def _layout(
    rows: Sequence[Interval], width: float, written: Callable[[float], str], reference: float
) -> Frame:
    left = min(max(notation.text_width(row.name, FONT_SIZE) for row in rows), width * 0.36) + 14
    right = max(notation.text_width(written(row.value), FONT_SIZE) for row in rows) + 14
    known = [value for row in rows for value in (row.value, row.low, row.high) if value is not None]
    low, high = min(reference, *known), max(reference, *known)
    margin = (high - low) * 0.04 or 1.0
    return Frame(
        width=width - left - right,
        height=len(rows) * _ROW,
        x_low=low - margin,
        x_high=high + margin,
        y_low=len(rows) - 0.5,
        y_high=-0.5,
        left=left,
        right=right,
        top=22,
        bottom=4,
    )


def _reference(frame: Frame, reference: float, text: str) -> Iterator[Layer]:
    line = {"x": reference, "x2": reference, "y": frame.y_low, "y2": frame.y_high, "colour": colours.TARGET}
    yield marks.rules([line], width=1.5, dash=TARGET_DASH)
    pixel, half = frame.x_pixel(reference), notation.text_width(text, SMALL_FONT_SIZE) / 2
    align: marks.Align = (
        "left"
        if pixel + frame.left < half
        else "right"
        if pixel + half > frame.width + frame.right
        else "center"
    )
    label = [{"x": reference, "y": frame.y_high, "text": text, "colour": colours.TARGET}]
    yield marks.labels(label, align=align, dy=-10, size=SMALL_FONT_SIZE)


def _colour(row: Interval) -> str:
    return colours.LAST_YEAR if row.side == "within" else colours.INK


def _points(rows: Sequence[Interval], reference: float) -> Iterator[Layer]:
    yield marks.rules(
        [
            {
                "x": reference if row.low is None else row.low,
                "x2": row.value if row.high is None else row.high,
                "y": number,
                "y2": number,
                "colour": _colour(row),
            }
            for number, row in enumerate(rows)
        ],
        width=3,
    )
    for side, shape in _SHAPES.items():
        records = [
            {
                "x": row.value,
                "y": number,
                "colour": colours.INK if side != "within" else colours.REALISED,
            }
            for number, row in enumerate(rows)
            if row.side == side
        ]
        if records:
            yield marks.points(records, shape=shape, size=52 if side == "within" else 90)


def _texts(rows: Sequence[Interval], frame: Frame, written: Callable[[float], str]) -> Iterator[Layer]:
    for is_within in (True, False):
        chosen = [(number, row) for number, row in enumerate(rows) if (row.side == "within") is is_within]
        if not chosen:
            continue
        names = [
            {
                "x": frame.x_low,
                "y": number,
                "text": notation.shortened(row.name, frame.left - 12),
                "colour": colours.TEXT,
            }
            for number, row in chosen
        ]
        values = [
            {"x": frame.x_high, "y": number, "text": written(row.value), "colour": colours.TEXT}
            for number, row in chosen
        ]
        yield marks.labels(names, align="right", dx=-10, bold=not is_within)
        yield marks.labels(values, align="right", dx=frame.right - 4, bold=not is_within)
