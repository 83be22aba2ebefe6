"""Funnel plots: shares of regions by how many things each counted, between limits of what chance alone would do.

Ranks nobody. A region between the limits cannot be told from the others; those outside are named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from command_center.charts.figure import ChartError, Column, Figure, LegendItem, Table
from command_center.charts.funnel_drawing import NARROW, WIDE, Dot, FunnelContent, funnel_svg
from command_center.charts.words import joined
from command_center.locale import Locale
from command_center.theme import colours

Limits = tuple[float, Sequence[float], Sequence[float]]
_NAMED_AT_MOST = 8


@dataclass(frozen=True)
class FunnelLines:
    """The lines of a funnel: `sizes` along the axis, and per confidence the limits there, all in percent."""

    sizes: Sequence[float]
    limits: Mapping[float, tuple[Sequence[float], Sequence[float]]]


def funnel_plot(
    frame: pd.DataFrame,
    *,
    share: float,
    lines: FunnelLines,
    locale: Locale,
    title: str,
    names: Mapping[str, str],
    apart: Sequence[str] = (),
    hidden: int = 0,
    decimals: int = 1,
    focus: str | None = None,
) -> Figure:
    """Return the funnel plot of regions.

    `frame` has region_code, n, value (percent), interval_low, interval_high and beyond (0 within the limits, else
    the limit in percent, negative below). `apart` names regions that are not comparable and therefore not drawn,
    `hidden` counts those whose number is too small to be shown.
    Raises ChartError for a code without a name.
    """
    missing = sorted(set(frame["region_code"]) - set(names))
    if missing:
        raise ChartError(f"No name was given for region {missing[0]}", who="the author of the page")
    dots = tuple(
        Dot(
            code=str(row["region_code"]),
            name=names[str(row["region_code"])],
            n=float(row["n"]),
            value=float(row["value"]),
            low=float(row["interval_low"]),
            high=float(row["interval_high"]),
            beyond=float(row["beyond"]),
        )
        for row in frame.sort_values(["value", "region_code"], ascending=[False, True]).to_dict("records")
    )
    content = FunnelContent(
        locale, share, dots, np.asarray(lines.sizes, dtype="float64"), lines.limits, decimals, focus
    )
    description = _description(content, apart)
    svg, narrow = (
        funnel_svg(content, *size, title=title, description=description) for size in (WIDE, NARROW)
    )
    return Figure(
        title=title,
        description=description,
        svg=svg,
        narrow_svg=narrow,
        table=_table(content),
        kind="funnel",
        legend=_legend(content),
        notes=_notes(content, apart, hidden),
    )


def _description(content: FunnelContent, apart: Sequence[str]) -> str:
    locale = content.locale
    outer, inner = content.outside
    parts = [
        locale.t(
            "Funnel plot of {count} regions around {share}.",
            count=locale.number(len(content.dots)),
            share=content.percent(content.share),
        )
    ]
    if outer:
        named = [f"{dot.name} {content.percent(dot.value)}" for dot in outer[:_NAMED_AT_MOST]]
        more = locale.number(len(outer) - _NAMED_AT_MOST)
        if len(outer) > _NAMED_AT_MOST:
            named.append(locale.t("{count} others", count=more))
        parts.append(locale.t("Beyond the limits of 99.8 percent: {names}.", names=joined(locale, named)))
    else:
        parts.append(locale.t("No region lies beyond the limits of 99.8 percent."))
    parts.append(
        locale.tn(
            "{n} more lies beyond 95 percent; one in twenty does so by chance.",
            "{n} more lie beyond 95 percent; one in twenty does so by chance.",
            len(inner),
        )
    )
    parts.append(locale.t("The others cannot be told apart."))
    if apart:
        parts.append(locale.t("Not comparable and not drawn: {names}.", names=joined(locale, list(apart))))
    return " ".join(parts)


def _notes(content: FunnelContent, apart: Sequence[str], hidden: int) -> tuple[str, ...]:
    t = content.locale.t
    notes = [
        t(
            "Small numbers swing by chance: instead of a ranking, each region is held against "
            "what chance alone would do if all were alike."
        )
    ]
    if apart:
        notes.append(t("△ Not comparable and not drawn: {names}.", names=joined(content.locale, list(apart))))
    if hidden:
        notes.append(
            content.locale.tn(
                "⊘ {n} region is hidden (small count) and not drawn.",
                "⊘ {n} regions are hidden (small count) and not drawn.",
                hidden,
            )
        )
    return tuple(notes)


def _legend(content: FunnelContent) -> tuple[LegendItem, ...]:
    locale, t = content.locale, content.locale.t
    outer, inner = content.outside
    within = len(content.dots) - len(outer) - len(inner)

    def counted(count: int) -> str:
        return locale.tn("{n} region", "{n} regions", count)

    return (
        LegendItem(
            t("within the limits: cannot be told apart"), counted(within), colours.REALISED_OTHER, "●"
        ),
        LegendItem(t("beyond 95 percent"), counted(len(inner)), colours.REALISED, "◆"),
        LegendItem(t("beyond 99.8 percent"), counted(len(outer)), colours.INK, "■"),
    )


def _table(content: FunnelContent) -> Table:
    locale, t = content.locale, content.locale.t
    columns = (
        Column(t("Region")),
        Column("n", is_number=True),
        Column(t("Value"), is_number=True),
        Column(t("Interval (95%)"), is_number=True),
        Column(t("Against chance")),
    )
    rows = tuple(
        (
            dot.name,
            locale.number(dot.n, 0),
            content.percent(dot.value),
            f"{locale.number(dot.low, content.decimals)}–{content.percent(dot.high)}",
            _said(content, dot),
        )
        for dot in content.dots
    )
    return Table(columns, rows)


def _said(content: FunnelContent, dot: Dot) -> str:
    t = content.locale.t
    if dot.beyond == 0:
        return t("cannot be told apart")
    limit = content.locale.quantity(abs(dot.beyond), "%")
    return (
        t("above the limit of {limit}", limit=limit)
        if dot.beyond > 0
        else t("below the limit of {limit}", limit=limit)
    )
