"""The status of a figure: good, watch, critical, no_target, other_year, no_data, stale or not_comparable.

A figure that a reader may not see for its smallness reads "suppressed" (set by the reader's view, in access).
Judges by the bands or target of the declaration; `stale` are data not fit for use, by their age (`judge`) or by
their score (`with_unfit`). Changes no value.
"""

from datetime import date

import numpy as np
import pandas as pd

from command_center.catalog import Indicator
from command_center.catalog.words import Cadence
from command_center.indicators.lookup import period_order
from command_center.locale import parse_period
from command_center.quality import FreshnessLimits

STATUSES = ("good", "watch", "critical", "no_target", "other_year", "no_data", "stale", "not_comparable")
SERIES_COLUMNS = ("indicator", "region_code", "agency_code", "method")


def classify(values: pd.Series, indicator: Indicator, years: pd.Series) -> pd.Series:
    """Return good, watch or critical for each value, no_target where nothing judges it, no_data if missing.

    The better side of a band includes its edge. A target alone knows reached (good) and missed (watch); bands
    go before it. A target of one year judges the figures of that year only, by `years` (int, same index); those
    of others are other_year. Values are first rounded to the indicator's decimals, as printed, so that none falls between
    two printed bands. A neutral indicator is never judged.
    """
    rounded = values.round(indicator.decimals)
    sign = -1.0 if indicator.direction == "down" else 1.0
    bands, target = indicator.bands, indicator.target
    if indicator.direction == "neutral":
        classes = np.full(len(values), "no_target")
    elif bands is not None:
        steps = [rounded * sign >= bands.good * sign, rounded * sign >= bands.watch * sign]
        classes = np.select(steps, ["good", "watch"], "critical")
    elif target is not None:
        classes = np.where(rounded * sign >= target.value * sign, "good", "watch")
        if target.year is not None:
            classes = np.where(years.eq(target.year), classes, "other_year")
    else:
        classes = np.full(len(values), "no_target")
    classed = pd.Series(classes, index=values.index)
    return classed.where(values.notna(), "no_data").astype("str")


def years_of(periods: pd.Series) -> pd.Series:
    """Return the year each period lies in (int)."""
    return periods.map(lambda text: parse_period(text).year).astype("int64")


def is_latest(measures: pd.DataFrame) -> pd.Series:
    """Return True for the latest row with a value of each series; a series without values has none.

    Of two periods that end on one day the longer is the later: the year stands for its last month.
    """
    known = measures[measures["value"].notna()]
    order = pd.Series(period_order(known["period"]), index=known.index)
    series = [name for name in SERIES_COLUMNS if name in measures.columns]
    ranked = known.assign(order=order).sort_values("order", kind="stable")
    last = ranked.groupby(series, sort=False).tail(1).index
    return pd.Series(measures.index.isin(last), index=measures.index)


def with_unfit(status: pd.Series, is_unfit: "pd.Series[bool]") -> pd.Series:
    """Return the status with `stale` (data not fit for use) where the data score too low.

    A missing value stays no_data and an incomparable one not_comparable: these say more.
    """
    return status.mask(is_unfit & ~status.isin(["no_data", "not_comparable"]), "stale")


def judge(
    measures: pd.DataFrame,
    indicator: Indicator,
    *,
    cadence: Cadence,
    comparable: pd.Series,
    freshness: FreshnessLimits,
    edition_date: date,
) -> pd.Series:
    """Return the status of each row of one indicator.

    A missing value is no_data before all else, then not_comparable, then stale, then the class. Only the
    latest row with a value of a series can be stale: an old figure in a line is history, not neglect. A figure
    for a whole year is as fresh as a yearly one, even where a monthly one is promised.
    """
    status = classify(measures["value"], indicator, years_of(measures["period"]))
    late = freshness.stale(measures["as_of"], cadence, edition_date) & is_latest(measures)
    whole_year = measures["period"].map(lambda text: parse_period(text).grain == "year").astype("bool")
    late &= ~whole_year | freshness.stale(measures["as_of"], "yearly", edition_date)
    status = status.mask(late, "stale")
    status = status.mask(~comparable.astype("bool"), "not_comparable")
    return status.mask(measures["value"].isna(), "no_data")
