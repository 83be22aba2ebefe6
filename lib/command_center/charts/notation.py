"""The notation of every drawing, after IBCS, and the layout arithmetic they share.

Solid = realisation, outline = target, hatched = forecast or nothing known, lighter = last year. Pure numbers
and text; the only floor below is the theme's colours.
"""

import math
from collections.abc import Sequence
from typing import Final

from command_center.theme import colours

FONT_SIZE: Final = 13
SMALL_FONT_SIZE: Final = 11.5
# Fills that no drawing uses otherwise; the renderer replaces them by a hatching (SVG has no such fill by name).
HATCH_NO_DATA: Final = "#010a01"
HATCH_FORECAST: Final = "#010a02"
HATCHES: Final = {HATCH_NO_DATA: colours.NO_DATA_EDGE, HATCH_FORECAST: colours.REALISED}
TARGET_DASH: Final = (5, 3)
FORECAST_DASH: Final = (2, 3)
MARK_LIMIT: Final = 2_000
# A narrow layout serves boxes up to 30 rem (the stylesheet switches there) and grows that far.
WIDEST_NARROW: Final = 480.0

_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMW%@")


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """Return about how wide `text` is in pixels, a little generous: for gutters and collisions, not typesetting."""
    return sum(_units(character) for character in text) * size


def _units(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.98
    # The zero of our typeface is as wide as a capital; round numbers are full of them.
    return 0.73 if character.isupper() or character.isdigit() else 0.6


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round numbers (steps of 1, 2, 2.5 or 5) from at or below `low` to at or above `high`."""
    if high <= low:
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    raw = (high - low) / max(most - 1, 1)
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(magnitude * factor for factor in (1, 2, 2.5, 5, 10) if magnitude * factor >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def tick_decimals(values: Sequence[float]) -> int:
    """Return how many decimals all of `values` need to be told apart, at most 3."""
    return next((places for places in range(3) if all(round(v, places) == v for v in values)), 3)


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return centres for labels stacked in a gutter: near where each is wanted, none overlapping, inside the range.

    With too little room for all, they start at `low` and run over `high`.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    centres = list(wanted)
    floor = low
    for index in order:
        centres[index] = max(centres[index], floor + heights[index] / 2)
        floor = centres[index] + heights[index] / 2
    ceiling = high
    for index in reversed(order):
        centres[index] = min(centres[index], ceiling - heights[index] / 2)
        ceiling = centres[index] - heights[index] / 2
    if order and ceiling < low:  # pushed out at the top: give that back
        shift = low - ceiling
        centres = [centre + shift for centre in centres]
    return centres


def shortened(text: str, room: float, size: float = FONT_SIZE) -> str:
    """Return `text`, cut with an ellipsis when it is wider than `room` pixels."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, room: float, size: float = FONT_SIZE, most: int = 2) -> list[str]:
    """Return `text` in lines no wider than `room` pixels, at most `most` of them, the last one cut if need be."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [shortened(line, room, size) for line in lines]
