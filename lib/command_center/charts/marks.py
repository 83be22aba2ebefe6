"""The few kinds of mark the drawings are made of, on one pair of axes.

Records carry the fields x, y, x2, y2, text, colour and group; what they say comes from data, never into the
specification. Each style is written by altair once and kept; altair is imported inside: see render.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from command_center.charts.notation import FONT_SIZE
from command_center.charts.render import Layer, Record, template
from command_center.theme import colours

if TYPE_CHECKING:
    import altair as alt

Align = Literal["left", "center", "right"]
Baseline = Literal["top", "middle", "bottom"]
_HALO = {"stroke": colours.PAPER, "strokeWidth": 3, "strokeJoin": "round"}


def lines(records: Sequence[Record], *, width: float = 2, dash: tuple[float, ...] = ()) -> Layer:
    """Return one line per `group`; it breaks where y is None."""
    return Layer(_line(width, dash), records)


def points(
    records: Sequence[Record], *, shape: str = "circle", size: float = 42, ring: str = colours.PAPER
) -> Layer:
    """Return one mark per record, filled with `colour` and ringed in one colour for all."""
    return Layer(_point(shape, size, ring), records)


def rules(records: Sequence[Record], *, width: float = 1, dash: tuple[float, ...] = ()) -> Layer:
    """Return straight lines from (x, y) to (x2, y2)."""
    return Layer(_rule(width, dash), records)


def boxes(records: Sequence[Record], *, ring: float = 0) -> Layer:
    """Return rectangles between (x, y) and (x2, y2), filled with `colour`, ringed in white `ring` pixels wide."""
    return Layer(_box(ring), records)


def labels(
    records: Sequence[Record],
    *,
    align: Align = "left",
    baseline: Baseline = "middle",
    dx: float = 0,
    dy: float = 0,
    size: float = FONT_SIZE,
    bold: bool = False,
    halo: bool = False,
) -> Layer:
    """Return one text per record, in its `colour`; `halo` keeps it legible on lines and areas."""
    return Layer(_label(align, baseline, dx, dy, size, bold, halo), records)


@cache
def _line(width: float, dash: tuple[float, ...]) -> Mapping[str, Any]:
    import altair as alt

    style: dict[str, Any] = {"strokeCap": "butt" if dash else "round", **_dashes(dash)}
    chart = alt.Chart().mark_line(strokeWidth=width, strokeJoin="round", **style)
    return template(
        chart.encode(
            *_position(),
            alt.Color(field="colour", type="nominal", scale=None),
            alt.Detail(field="group", type="nominal"),
        )
    )


@cache
def _point(shape: str, size: float, ring: str) -> Mapping[str, Any]:
    import altair as alt

    chart = alt.Chart().mark_point(
        filled=True, shape=shape, size=size, opacity=1, stroke=ring, strokeWidth=1.5
    )
    return template(chart.encode(*_position(), alt.Fill(field="colour", type="nominal", scale=None)))


@cache
def _rule(width: float, dash: tuple[float, ...]) -> Mapping[str, Any]:
    import altair as alt

    chart = alt.Chart().mark_rule(strokeWidth=width, **_dashes(dash))
    return template(
        chart.encode(*_position(), *_ends(), alt.Color(field="colour", type="nominal", scale=None))
    )


@cache
def _box(ring: float) -> Mapping[str, Any]:
    import altair as alt

    chart = alt.Chart().mark_rect(stroke=colours.PAPER if ring else None, strokeWidth=ring)
    return template(
        chart.encode(*_position(), *_ends(), alt.Fill(field="colour", type="nominal", scale=None))
    )


@cache
def _label(
    align: Align, baseline: Baseline, dx: float, dy: float, size: float, bold: bool, halo: bool
) -> Mapping[str, Any]:
    import altair as alt

    style: dict[str, Any] = _HALO if halo else {}
    chart = alt.Chart().mark_text(
        align=align, baseline=baseline, dx=dx, dy=dy, fontSize=size, fontWeight=700 if bold else 400, **style
    )
    return template(
        chart.encode(
            *_position(),
            alt.Text(field="text", type="nominal"),
            alt.Fill(field="colour", type="nominal", scale=None),
        )
    )


def _position() -> "tuple[alt.X, alt.Y]":
    import altair as alt

    return alt.X(field="x", type="quantitative", axis=None), alt.Y(field="y", type="quantitative", axis=None)


def _ends() -> "tuple[alt.X2, alt.Y2]":
    import altair as alt

    return alt.X2(field="x2"), alt.Y2(field="y2")


def _dashes(dash: tuple[float, ...]) -> dict[str, Any]:
    return {"strokeDash": list(dash)} if dash else {}
