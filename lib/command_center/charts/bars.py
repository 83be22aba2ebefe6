"""Bars by region: at most 25, sorted, the region of the page standing out, target as an outline.

Ranks nothing that has no value: regions without one are listed below, hatched; a suppressed value is not drawn.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from command_center.charts.bar_drawing import NARROW, WIDE, Bar, BarContent, bars_svg
from command_center.charts.figure import ChartError, Column, Figure, Table
from command_center.charts.words import joined, sentence, threshold_heading, threshold_label
from command_center.locale import Locale, is_missing
from command_center.theme import status

REGION_LIMIT = 25


def bars_by_region(
    frame: pd.DataFrame,
    *,
    locale: Locale,
    title: str,
    names: Mapping[str, str],
    unit: str = "",
    decimals: int | None = None,
    focus: str | None = None,
    is_what_if: bool = False,
) -> Figure:
    """Return one bar per region, highest first.

    `frame` has the columns region_code and value and, where known, target, n, status, suppressed, decimals (of
    one figure, instead of `decimals`), previous_value (a year earlier, drawn lighter), interval_low, interval_high,
    rank_low and rank_high (see indicators.uncertainty). A figure that is not comparable stands below the others, in
    grey, without a rank. `names` says the name
    of every code. `focus` is the region that stands out; `is_what_if` says that the target is a threshold the
    reader tries out. Raises ChartError for more than 25 regions, for a region twice and for a code without a name.
    """
    bars = sorted((_bar(row, names) for row in frame.to_dict("records")), key=_order)
    _check(bars)
    content = BarContent(locale, unit, decimals, tuple(bars), focus, is_what_if)
    description, svg, narrow = _description(content), "", ""
    if content.known:
        svg = bars_svg(content, WIDE, title=title, description=description)
        narrow = bars_svg(content, NARROW, title=title, description=description)
    return Figure(
        title=title,
        description=description,
        svg=svg,
        narrow_svg=narrow,
        table=_table(content),
        kind="bars",
        notes=_notes(content),
    )


def _bar(row: Mapping[Any, Any], names: Mapping[str, str]) -> Bar:
    code = str(row["region_code"])
    if code not in names:
        raise ChartError(f"No name was given for region {code}", who="the author of the page")
    hidden = not is_missing(row.get("suppressed")) and bool(row["suppressed"])

    def known(column: str) -> float | None:
        value = row.get(column)
        return None if is_missing(value) else float(str(value))

    n = known("n")
    return Bar(
        code=code,
        name=names[code],
        value=None if hidden else known("value"),
        previous=None if hidden else known("previous_value"),
        target=known("target"),
        n=None if n is None or hidden else int(n),
        # A status would say on which side of the target the hidden value lies.
        status="" if hidden or is_missing(row.get("status")) else str(row["status"]),
        is_suppressed=hidden,
        decimals=None if is_missing(row.get("decimals")) else int(str(row["decimals"])),
        interval=None if hidden else _pair(known("interval_low"), known("interval_high")),
        ranks=None if hidden else _ranks(known("rank_low"), known("rank_high")),
    )


def _pair(low: float | None, high: float | None) -> tuple[float, float] | None:
    return None if low is None or high is None else (low, high)


def _ranks(low: float | None, high: float | None) -> tuple[int, int] | None:
    return None if low is None or high is None else (int(low), int(high))


def _order(bar: Bar) -> tuple[bool, bool, float, str]:
    return bar.value is None, bar.is_apart, -(bar.value or 0.0), bar.name


def _check(bars: list[Bar]) -> None:
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


def _description(content: BarContent) -> str:
    locale, known = content.locale, content.compared
    parts = []
    if known:
        parts.append(
            locale.t(
                "Bars of {count} regions: highest {highest} ({highest_name}), lowest {lowest} ({lowest_name}).",
                count=locale.number(len(known), 0),
                highest=content.quantity(known[0]),
                highest_name=known[0].name,
                lowest=content.quantity(known[-1]),
                lowest_name=known[-1].name,
            )
        )
    focus = next((bar for bar in content.bars if bar.code == content.focus), None)
    if focus is not None:
        parts.append(f"{focus.name}: {content.said(focus)}.")
    if content.common_target is not None:
        target = content.threshold(content.common_target)
        parts.append(
            sentence(threshold_label(locale, target, is_what_if=True))
            if content.is_what_if
            else locale.t("Target {value}.", value=target)
        )
    missing = [bar.name for bar in content.bars if bar.value is None and not bar.is_suppressed]
    if missing:
        parts.append(locale.t("No data yet for {names}.", names=joined(locale, missing)))
    apart = _apart(content)
    if apart:
        parts.append(apart)
    hidden = [bar.name for bar in content.bars if bar.is_suppressed]
    if hidden:
        parts.append(locale.t("Not shown because the count is small: {names}.", names=joined(locale, hidden)))
    return " ".join(parts)


def _apart(content: BarContent) -> str:
    names = [bar.name for bar in content.bars if bar.is_apart]
    if not names:
        return ""
    return content.locale.t("△ Not comparable, without a rank: {names}.", names=joined(content.locale, names))


def _notes(content: BarContent) -> tuple[str, ...]:
    notes = []
    if any(bar.interval is not None for bar in content.bars):
        notes.append(
            content.locale.t(
                "Thin line: the interval (95%) within which chance alone may move the share. "
                "Regions whose intervals overlap cannot be told apart; a rank is therefore a span."
            )
        )
    if apart := _apart(content):
        notes.append(apart)
    if any(bar.previous is not None for bar in content.bars):
        notes.append(content.locale.t("Lighter bar: a year earlier."))
    if content.common_target is None and any(bar.target is not None for bar in content.bars):
        notes.append(content.locale.t("Upright stroke: the region's own target."))
    return tuple(notes)


def _table(content: BarContent) -> Table:
    locale = content.locale
    columns = [Column(locale.t("Region")), Column(locale.t("Value"), is_number=True)]
    cells = [[bar.name for bar in content.bars], [content.said(bar) for bar in content.bars]]
    optional = (
        (locale.t("A year earlier"), True, [bar.previous for bar in content.bars], content.earlier),
        (
            threshold_heading(locale, is_what_if=content.is_what_if),
            True,
            [bar.target for bar in content.bars],
            content.threshold,
        ),
        ("n", True, [bar.n for bar in content.bars], locale.number),
    )
    for heading, is_number, values, written in optional:
        if any(value is not None for value in values):
            columns.append(Column(heading, is_number))
            cells.append(["–" if value is None else written(value) for value in values])
    if any(bar.interval for bar in content.bars):
        columns.append(Column(locale.t("Interval (95%)"), is_number=True))
        cells.append([_interval_text(content, bar) for bar in content.bars])
    if any(bar.ranks for bar in content.bars):
        columns.append(Column(locale.t("Rank (1 is best)"), is_number=True))
        cells.append([_rank_text(content, bar) for bar in content.bars])
    if any(bar.status for bar in content.bars):
        columns.append(Column(locale.t("Status")))
        cells.append([locale.t(status(bar.status).word) if bar.status else "–" for bar in content.bars])
    return Table(tuple(columns), tuple(zip(*cells, strict=True)))


def _interval_text(content: BarContent, bar: Bar) -> str:
    if bar.interval is None:
        return "–"
    decimals = content.decimals if bar.decimals is None else bar.decimals
    low = content.locale.number(bar.interval[0], decimals)
    return f"{low}–{content.locale.quantity(bar.interval[1], content.unit, decimals)}"


def _rank_text(content: BarContent, bar: Bar) -> str:
    if bar.ranks is None:
        return "–"
    first, last = bar.ranks
    count = sum(other.ranks is not None for other in content.bars)
    if (first, last) == (1, count) and count > 1:
        return content.locale.t("cannot be told apart")
    return f"{first}" if first == last else f"{first}–{last}"
