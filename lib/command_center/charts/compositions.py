"""A composition: one bar that adds up to a whole, such as the condition classes of a road network.

Refuses negative parts and hides none; what was never surveyed is a hatched part of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from command_center.charts import marks, notation
from command_center.charts.figure import ChartError, Column, Figure, LegendItem, Table
from command_center.charts.notation import HATCH_NO_DATA, WIDEST_NARROW
from command_center.charts.render import Frame, Layer, finished_svg, rendered
from command_center.locale import Locale, is_missing
from command_center.theme import colours

Tone = Literal["good", "fair", "poor", "bad", "unknown"]
WIDE, NARROW, _HEIGHT = 640.0, 340.0, 46.0
# Fill and the colour of text on it.
_TONES = MappingProxyType(
    {
        "good": (colours.GOOD_EDGE, colours.PAPER),
        "fair": (colours.GOOD_AREA, colours.TEXT),
        "poor": (colours.WATCH_AREA, colours.TEXT),
        "bad": (colours.CRITICAL_EDGE, colours.PAPER),
        "unknown": (HATCH_NO_DATA, colours.TEXT),
    }
)


@dataclass(frozen=True)
class Part:
    """One part of the whole: its label, its size (None where unknown) and its tone from good to bad or unknown."""

    label: str
    value: float | None
    tone: Tone


def composition(
    parts: Sequence[Part], *, locale: Locale, title: str, unit: str = "", decimals: int | None = None
) -> Figure:
    """Return one bar of the parts in the order given, each with its share of the whole in percent.

    A part without a value is listed as without data and takes no room; shares are of the known parts. Raises
    ChartError for a negative part.
    """
    known = [part for part in parts if not is_missing(part.value)]
    if any((part.value or 0) < 0 for part in known):
        raise ChartError("A part of a whole cannot be negative", where=title, who="the owner of the data")
    total = float(sum(part.value or 0 for part in known))
    shares = {part.label: (part.value or 0) / total * 100 for part in known} if total else {}
    written = [(part, locale.quantity(part.value, unit, decimals), shares.get(part.label)) for part in parts]
    share_text = [locale.percent(share, 1) for _, _, share in written]
    description = locale.t(
        "Of {total}: {parts}.",
        total=locale.quantity(total, unit, decimals),
        parts="; ".join(
            f"{part.label} {value}" + (f" ({text})" if share is not None else "")
            for (part, value, share), text in zip(written, share_text, strict=True)
        ),
    )
    svg = narrow = ""
    if total:
        drawn = [(part, shares[part.label]) for part in known if part.value]
        svg, narrow = (_svg(drawn, locale, width, title, description) for width in (WIDE, NARROW))
    return Figure(
        title=title,
        description=description,
        svg=svg,
        narrow_svg=narrow,
        kind="composition",
        legend=tuple(
            LegendItem(part.label, value if share is None else f"{value} · {text}", _swatch(part.tone))
            for (part, value, share), text in zip(written, share_text, strict=True)
        ),
        table=Table(
            (
                Column(locale.t("Class")),
                Column(locale.t("Value"), is_number=True),
                Column(locale.t("Share"), is_number=True),
            ),
            tuple(
                (part.label, value, "–" if share is None else text)
                for (part, value, share), text in zip(written, share_text, strict=True)
            ),
        ),
    )


def _swatch(tone: Tone) -> str | None:
    fill = _TONES[tone][0]
    return None if fill == HATCH_NO_DATA else fill


def _svg(
    parts: Sequence[tuple[Part, float]], locale: Locale, width: float, title: str, description: str
) -> str:
    frame = Frame(
        width=width - 2,
        height=_HEIGHT,
        x_low=0,
        x_high=100,
        y_low=0,
        y_high=1,
        left=1,
        right=1,
        top=1,
        bottom=1,
    )
    root = rendered(list(_layers(parts, locale, frame)), frame)
    return finished_svg(root, title=title, description=description, widest=max(width, WIDEST_NARROW))


def _layers(parts: Sequence[tuple[Part, float]], locale: Locale, frame: Frame) -> Iterator[Layer]:
    boxes, texts, start = [], [], 0.0
    for part, share in parts:
        fill, ink = _TONES[part.tone]
        boxes.append({"x": start, "x2": start + share, "y": 0, "y2": 1, "colour": fill})
        text = locale.percent(share, 0)
        if notation.text_width(text) + 8 <= share / 100 * frame.width:
            texts.append((part.tone, {"x": start + share / 2, "y": 0.5, "text": text, "colour": ink}))
        start += share
    yield marks.boxes(boxes, ring=2)
    plain = [record for tone, record in texts if tone != "unknown"]
    on_hatching = [record for tone, record in texts if tone == "unknown"]
    if plain:
        yield marks.labels(plain, align="center", bold=True)
    if on_hatching:
        yield marks.labels(on_hatching, align="center", bold=True, halo=True)
