"""What a figure did since the period before and since last year, with the period it is held against.

Stays within one method and one length of period; without such a base the answer is None, never a guess.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from command_center.catalog import Indicator
from command_center.indicators.series import series
from command_center.locale import parse_period

Verdict = Literal["better", "worse", "same", "neutral"]
# Differences of these are told in points of the same unit; a percentage of a percentage misleads.
POINT_UNITS = frozenset({"percent", "index", "points"})
_INCOMPARABLE = "not_comparable"


@dataclass(frozen=True)
class Change:
    """The figure minus that of `base_period`, in the indicator's unit.

    `relative_pct` is the difference in percent of the base; None for a base of 0 and for units in points.
    `verdict` reads the sign by the indicator's direction after rounding to its decimals.
    """

    base_period: str
    base_value: float
    difference: float
    relative_pct: float | None
    in_points: bool
    verdict: Verdict


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
    values = dict(zip(alike["period"], alike["value"], strict=True))
    if period not in values:
        return Changes(None, None)
    earlier = list(values)[: list(values).index(period)]
    year_ago = f"{int(period[:4]) - 1:04d}{period[4:]}"
    return Changes(
        _change(indicator, values, period, earlier[-1] if earlier else None),
        _change(indicator, values, period, year_ago),
    )


def _change(indicator: Indicator, values: dict[str, float], period: str, base: str | None) -> Change | None:
    if base is None or base not in values:
        return None
    difference = float(values[period] - values[base])
    in_points = indicator.unit in POINT_UNITS
    relative = None if in_points or values[base] == 0 else difference / abs(float(values[base])) * 100
    return Change(base, float(values[base]), difference, relative, in_points, _verdict(indicator, difference))


def _verdict(indicator: Indicator, difference: float) -> Verdict:
    rounded = round(difference, indicator.decimals)
    if rounded == 0:
        return "same"
    if indicator.direction == "neutral":
        return "neutral"
    return "better" if (rounded > 0) == (indicator.direction == "up") else "worse"
