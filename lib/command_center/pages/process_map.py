"""The map of a process as SVG: steps from top to bottom, who follows whom, in levels of detail; drawn from tables."""

from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from command_center.locale import Locale
from command_center.pages.workflow_parts import rows_of
from command_center.pages.workflow_words import elapsed_text
from command_center.theme import colours

# Shares of all transitions that a level shows at least; the most frequent come first.
LEVELS = (0.6, 0.9, 0.98, 1.0)
INITIAL = 1
_WIDTH, _BOX, _BOX_HEIGHT, _STEP, _TOP = 460.0, 190.0, 40.0, 92.0, 12.0
_MIDDLE = 200.0
_SPACING, _LEAST, _BROADEST = 15.0, 1.2, 7.0


@dataclass(frozen=True)
class Level:
    """One level of detail: how many of all pairs it shows, and the drawing."""

    shown: int
    total: int
    svg: str


def map_levels(
    follows: pd.DataFrame, activities: pd.DataFrame, locale: Locale, title: str
) -> tuple[Level, ...]:
    """Return the drawings of a process from little detail to all; () without a pair.

    `follows` has source, target, count and median_s (elapsed), `activities` activity, place and events.
    """
    if follows.empty:
        return ()
    ordered = follows.sort_values(["count", "source", "target"], ascending=[False, True, True])
    share = ordered["count"].cumsum() / ordered["count"].sum()
    levels = []
    for wanted in LEVELS:
        shown = len(ordered) if wanted >= 1 else int((share < wanted).sum()) + 1
        svg = _svg(ordered.head(shown), activities, locale, title)
        levels.append(Level(shown, len(ordered), svg))
    return tuple(levels)


def _svg(follows: pd.DataFrame, activities: pd.DataFrame, locale: Locale, title: str) -> str:
    used = set(follows["source"]) | set(follows["target"])
    steps = activities[activities["activity"].isin(used)].sort_values(["place", "activity"])
    rows = {name: at for at, name in enumerate(steps["activity"])}
    height = _TOP * 2 + _BOX_HEIGHT + _STEP * (len(rows) - 1)
    most = float(follows["count"].max())
    edges = "".join(_edge(row, rows, most, locale) for row in follows.iloc[::-1].itertuples())
    boxes = "".join(
        _box(rows[row.activity], row.activity, locale.number(int(row.events), 0)) for row in rows_of(steps)
    )
    words = escape(locale.t("{title}: {n} transitions", title=title, n=locale.number(len(follows), 0)))
    marker = (
        '<defs><marker id="cc-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="{colours.REALISED}"/></marker></defs>'
    )
    return (
        f'<svg class="cc-process__svg" role="img" aria-label="{words}" viewBox="0 0 {_WIDTH:g} {height:g}" '
        f'xmlns="http://www.w3.org/2000/svg">{marker}{edges}{boxes}</svg>'
    )


def _box(row: int, name: str, events: str) -> str:
    top = _TOP + row * _STEP
    return (
        f'<rect x="{_MIDDLE - _BOX / 2:g}" y="{top:g}" width="{_BOX:g}" height="{_BOX_HEIGHT:g}" rx="3" '
        f'fill="{colours.PAPER}" stroke="{colours.INK}" stroke-width="1.2"/>'
        f'<text x="{_MIDDLE:g}" y="{top + 17:g}" text-anchor="middle" font-size="14" font-weight="600" '
        f'fill="{colours.TEXT}">{escape(name)}</text>'
        f'<text x="{_MIDDLE:g}" y="{top + 33:g}" text-anchor="middle" font-size="12.5" '
        f'fill="{colours.MUTED}">{events}</text>'
    )


def _edge(row: Any, rows: dict[str, int], most: float, locale: Locale) -> str:
    source, target = rows[str(row.source)], rows[str(row.target)]
    count, median = int(row.count), float(row.median_s)
    width = _LEAST + (_BROADEST - _LEAST) * count / most
    text = f"{locale.number(count, 0)} · {elapsed_text(locale, median)}"
    line = (
        f'fill="none" stroke="{colours.REALISED}" stroke-opacity="0.75" stroke-width="{width:.1f}" '
        'marker-end="url(#cc-arrow)"'
    )
    start, end = _TOP + source * _STEP, _TOP + target * _STEP
    half = _BOX_HEIGHT / 2
    if target == source + 1:
        path = f"M{_MIDDLE:g} {start + _BOX_HEIGHT:g}V{end - 1:g}"
        return f'<path d="{path}" {line}/>' + _label(_MIDDLE + 9, (start + _BOX_HEIGHT + end) / 2 + 4, text)
    side = 1.0 if target > source else -1.0
    edge = _MIDDLE + side * _BOX / 2
    away = edge + side * _SPACING * max(abs(target - source), 1.0) * (1.0 if side > 0 else 0.8)
    low = end + half - 7 if side > 0 else end + half + 7
    if target == source:
        start, low, away = start - 9, start + half + 10, edge - 34
    path = f"M{edge:g} {start + half + 5:g}C{away:g} {start + half + 5:g} {away:g} {low:g} {edge + side:g} {low:g}"
    anchor = "start" if side > 0 else "end"
    at = edge + (away - edge) * 0.75 + side * 5
    return f'<path d="{path}" {line}/>' + _label(at, (start + half + low) / 2 + 4, text, anchor)


def _label(x: float, y: float, text: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="12.5" fill="{colours.TEXT}" '
        f'stroke="{colours.PAPER}" stroke-width="3" paint-order="stroke">{escape(text)}</text>'
    )
