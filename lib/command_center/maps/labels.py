"""Where the names of regions stand on a map: inside their region, not on each other.

A name that finds no room is left out; the region keeps it as its title.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import shapely

from command_center.charts.notation import SMALL_FONT_SIZE, text_width

_HALF_HEIGHT = 7.0
_STEPS_DOWN = (0.0, 9.0, -9.0, 16.0, -16.0, 24.0, -24.0)
_STEPS_ASIDE = (0.0, 10.0, -10.0, 20.0, -20.0)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class PlacedLabel:
    """A text and the middle of it in pixels; `index` is its region's position."""

    index: int
    text: str
    x: float
    y: float


def place_labels(
    shapes: Sequence[shapely.Geometry] | np.ndarray,
    texts: Sequence[str],
    width: float,
    height: float,
    *,
    forced: int | None = None,
) -> list[PlacedLabel]:
    """Return the labels that fit, for shapes in pixels; `forced` is placed first and always.

    The tightest regions choose first: a large one can give way within itself.
    """
    circles = shapely.maximum_inscribed_circle(np.asarray(shapes), tolerance=1.0)
    centres = shapely.get_coordinates(shapely.get_point(circles, 0))
    radii = shapely.length(circles)
    order = sorted(range(len(texts)), key=lambda index: (index != forced, radii[index]))
    taken: list[Box] = []
    placed = []
    for index in order:
        half = text_width(texts[index], SMALL_FONT_SIZE) / 2 + 1
        spots = list(_spots(float(centres[index][0]), float(centres[index][1]), half, width, height))
        free = [(x, y) for x, y in spots if not any(_overlap(_box(x, y, half), other) for other in taken)]
        inside = [spot for spot in free if shapely.contains_xy(shapes[index], *spot)]
        chosen = next(iter(inside), spots[0] if index == forced else None)
        if chosen is not None:
            taken.append(_box(*chosen, half))
            placed.append(PlacedLabel(index, texts[index], *chosen))
    return placed


def _spots(x: float, y: float, half: float, width: float, height: float) -> Iterator[tuple[float, float]]:
    offsets = sorted(product(_STEPS_ASIDE, _STEPS_DOWN), key=lambda step: abs(step[0]) + abs(step[1]))
    for aside, down in offsets:
        yield min(max(x + aside, half), width - half), min(max(y + down, _HALF_HEIGHT), height - _HALF_HEIGHT)


def _box(x: float, y: float, half: float) -> Box:
    return x - half, y - _HALF_HEIGHT, x + half, y + _HALF_HEIGHT


def _overlap(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]
