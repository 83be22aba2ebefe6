"""The few colours of the house, each with one meaning, and the arithmetic of contrast.

Nothing else may invent a colour: the stylesheet gets these as custom properties and charts read them here.
"""

from types import MappingProxyType
from typing import Final

INK: Final = "#12304a"  # navy: header, headings, realisation
TEXT: Final = "#1b2733"
MUTED: Final = "#51606e"  # secondary text
LINK: Final = "#0b5a8f"
PAGE: Final = "#f5f7f9"
PAPER: Final = "#ffffff"
LINE: Final = "#d9e0e6"  # hairlines; carries no meaning
LINE_STRONG: Final = "#76848f"  # borders of controls: 3:1 on paper

GOOD: Final = "#1c6b3f"
WATCH: Final = "#8a5300"
CRITICAL: Final = "#a8301f"
NO_DATA: Final = "#5b6873"

# Edges and bars beside text may be brighter than text may be; they still reach 3:1 on paper.
GOOD_EDGE: Final = "#2b8050"
WATCH_EDGE: Final = "#b5761a"
CRITICAL_EDGE: Final = "#b23c22"
NO_DATA_EDGE: Final = "#84919c"

# Areas of a map of statuses: apart in lightness too, so they survive a grey print and colour blindness.
GOOD_AREA: Final = "#cfe5d6"
WATCH_AREA: Final = "#eab364"
CRITICAL_AREA: Final = "#b04a35"
NO_DATA_AREA: Final = "#eef1f4"
HIDDEN_AREA: Final = "#b9c2ca"

# Realisation is solid ink; the same thing a year ago is lighter; the region the page is about stands out.
REALISED: Final = "#33556f"
REALISED_OTHER: Final = "#9fb3c2"
LAST_YEAR: Final = "#93a7b6"
TARGET: Final = "#5b6873"
# One line per method of measuring, never a rainbow: dark enough for text of the same colour.
METHODS: Final = (INK, "#a04a12", "#0b6e75", "#6b3fa0")
PLANNED: Final = METHODS[3]  # works of a plan on a map of roads

BLUES: Final = ("#dbe8f3", "#aecbe3", "#77a7cd", "#3f7cae", "#1c4f7c")
ORANGES: Final = ("#f9e6d6", "#f2c8a4", "#e2a06f", "#c76a3c", "#8f3d1d")
SEQUENCES: Final = MappingProxyType({"blues": BLUES, "oranges": ORANGES})


def contrast(first: str, second: str) -> float:
    """Return the WCAG 2 contrast ratio (1 to 21) of two colours written `#rrggbb`."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def sequence(hue: str, steps: int) -> tuple[str, ...]:
    """Return `steps` (1 to 5) colours of a hue from light to dark, as far apart as the hue allows."""
    colours = SEQUENCES[hue]
    if steps == 1:
        return (colours[2],)
    last = len(colours) - 1
    return tuple(colours[round(step * last / (steps - 1))] for step in range(steps))


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
