"""What a figure did since the period before and since last year, with the period it is held against.

Stays within one method and one length of period; without such a base the answer is None, never a guess.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from command_center.catalog import Indicator
from command_center.indicators.rounding import shown_decimals
from command_center.indicators.series import Measure, series
from command_center.locale import parse_period

Verdict = Literal["better", "worse", "same", "neutral"]
# Differences of these are told in points of the same unit; a percentage of a percentage misleads.
POINT_UNITS = frozenset({"percent", "index", "points"})
_INCOMPARABLE = "not_comparable"


@dataclass(frozen=True)
class Change:
    """The figure minus that of `base_period`, in the indicator's unit.

    `relative_pct` is the difference in percent of the base; None for a base of 0 and for units in points.
    `verdict` reads the sign by the indicator's direction after rounding to its decimals. `decimals` are those of
    the more finely printed of the two (None for rupiah). `targets` are those of the base and of this period, in
    the unit of the denominator, where the figure is a share of a target that has changed: the two shares then
    have different bases, and their difference says little.
    """

    base_period: str
    base_value: float
    difference: float
    relative_pct: float | None
    in_points: bool
    verdict: Verdict
    decimals: int | None = None
    targets: tuple[float, float] | None = None


@dataclass(frozen=True)
class Changes:
    """Both comparisons of one figure; None where there is nothing to compare with."""

    on_previous: Change | None
    on_last_year: Change | None


def changes(
    measures: pd.DataFrame,
    indicator: Indicator,
    region_code: str,
    period: str,
    method: str | None = None,
    agency_code: str = "",
) -> Changes:
    """Return the change of the figure of `period` on the period before and on the same period a year earlier.

    The period before is the last one of the same length with a value. It need not be the adjacent one, so the
    base is named. Missing, suppressed and not comparable figures are neither compared nor taken as a base.
    """
    line = series(measures, indicator, region_code, method, agency_code)
    usable = line[line["value"].notna() & ~line["suppressed"] & line["status"].ne(_INCOMPARABLE)]
    grain = parse_period(period).grain
    alike = usable[usable["period"].map(lambda text: parse_period(text).grain == grain).astype("bool")]
    figures = {row["period"]: Measure.of(row) for _, row in alike.iterrows()}
    if period not in figures:
        return Changes(None, None)
    earlier = list(figures)[: list(figures).index(period)]
    year_ago = f"{int(period[:4]) - 1:04d}{period[4:]}"
    return Changes(
        _change(indicator, figures[period], figures[earlier[-1]] if earlier else None),
        _change(indicator, figures[period], figures.get(year_ago)),
    )


def _change(indicator: Indicator, now: Measure, base: Measure | None) -> Change | None:
    if base is None or base.value is None or now.value is None:
        return None
    difference = now.value - base.value
    in_points = indicator.unit in POINT_UNITS
    return Change(
        base_period=base.period,
        base_value=base.value,
        difference=difference,
        relative_pct=None if in_points or base.value == 0 else difference / abs(base.value) * 100,
        in_points=in_points,
        verdict=_verdict(indicator, difference),
        decimals=max(
            (one for one in (_decimals(indicator, now), _decimals(indicator, base)) if one is not None),
            default=None,
        ),
        targets=_changed_targets(indicator, now, base),
    )


def _decimals(indicator: Indicator, figure: Measure) -> int | None:
    return shown_decimals(indicator, figure.value, figure.numerator, figure.denominator)


def _changed_targets(indicator: Indicator, now: Measure, base: Measure) -> tuple[float, float] | None:
    if not indicator.share_of_target or now.denominator is None or base.denominator is None:
        return None
    return None if now.denominator == base.denominator else (base.denominator, now.denominator)


def _verdict(indicator: Indicator, difference: float) -> Verdict:
    rounded = round(difference, indicator.decimals)
    if rounded == 0:
        return "same"
    if indicator.direction == "neutral":
        return "neutral"
    return "better" if (rounded > 0) == (indicator.direction == "up") else "worse"
