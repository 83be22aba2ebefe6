"""How far chance alone moves a share of counted things, and what may therefore be said about a rank.

Pure arithmetic on shares of counts (numerator of denominator, each thing once); for rupiah, lengths and
indices there is no such chance and nothing is said.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.catalog import Indicator

Numbers = npt.NDArray[np.float64]
CONFIDENCE = 0.95
# The limits of a funnel plot: two and three standard errors (Spiegelhalter 2005, Statistics in Medicine 24).
FUNNEL_LIMITS = (0.95, 0.998)
# Regions with fewer things counted are not ranked but held against chance; a proposal of this house.
SMALL_N = 1_000
_LINE_POINTS = 80
_NOT_COMPARABLE = "not_comparable"
# Names of columns end in their unit (CONTRIBUTING): amounts of these are measured, not counted.
_MEASURED = ("_idr", "_km", "_m", "_pct", "_hours", "_days")


@dataclass(frozen=True)
class Funnel:
    """The regions of one share against chance.

    `share` is that of the whole, in percent. `rows` has region_code, n, value (percent) and beyond: 0
    within the limits, 95 or 99.8 times the side (-1 below, 1 above).
    """

    share: float
    rows: pd.DataFrame


def is_counted_share(indicator: Indicator, rows: pd.DataFrame) -> bool:
    """Return whether the rows of a measures table are shares of counted things: whole numbers, a part of a whole."""
    formula = indicator.formula
    if indicator.unit != "percent" or formula.scale != 100 or formula.denominator is None:
        return False
    if any(str(name).endswith(_MEASURED) for name in (formula.numerator, formula.denominator)):
        return False
    known = rows[rows["numerator"].notna() & rows["denominator"].notna()]
    part, whole = known["numerator"], known["denominator"]
    return bool(
        len(known)
        and part.mod(1).eq(0).all()
        and whole.mod(1).eq(0).all()
        and part.between(0, whole).all()
        and whole.gt(0).any()
    )


def wilson(part: Numbers, whole: Numbers, confidence: float = CONFIDENCE) -> tuple[Numbers, Numbers]:
    """Return the Wilson score interval of each share (0 to 1); missing where the whole is 0 or missing.

    Wilson 1927; unlike the usual interval it holds for few cases and stays within 0 and 1.
    """
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    n = np.where(whole > 0, whole, np.nan)
    share = part / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (share * (1 - share) + z2 / (4 * n)) / n) / (1 + z2 / n)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def interval_of(indicator: Indicator, part: float | None, whole: float | None) -> tuple[float, float] | None:
    """Return the Wilson interval of one share of counted things in percent; None where it is no such share."""
    if part is None or whole is None:
        return None
    row = pd.DataFrame({"numerator": [part], "denominator": [whole]}, dtype="float64")
    if not is_counted_share(indicator, row):
        return None
    low, high = wilson(np.array([part]), np.array([whole]))
    return float(low[0]) * 100, float(high[0]) * 100


def funnel_limits(share: float, whole: Numbers, confidence: float) -> tuple[Numbers, Numbers]:
    """Return between which shares (0 to 1) chance leaves regions of each size, if all were alike.

    Exact binomial quantiles, interpolated so that the lines are smooth (Spiegelhalter 2005, appendix A).
    """
    tail = (1 - confidence) / 2
    return _quantile(share, whole, tail), _quantile(share, whole, 1 - tail)


def funnel_lines(found: Funnel) -> tuple[list[float], dict[float, tuple[list[float], list[float]]]]:
    """Return sizes from 1 to beyond the largest region, and per confidence the lower and upper limit, in percent."""
    largest = float(found.rows["n"].max()) * 1.05
    sizes = np.unique(np.ceil(np.linspace(0, 1, _LINE_POINTS + 1)[1:] ** 2 * largest))
    limits = {}
    for confidence in FUNNEL_LIMITS:
        low, high = funnel_limits(found.share / 100, sizes, confidence)
        limits[confidence] = (list(low * 100), list(high * 100))
    return list(sizes), limits


def _quantile(share: float, whole: Numbers, chance: float) -> Numbers:
    # Imported here: few pages need it, and every page imports this floor.
    from scipy.special import bdtr, bdtrik

    n = np.asarray(whole).astype("int64")  # bdtr takes whole numbers only
    first = np.maximum(np.ceil(bdtrik(chance, n.astype("float64"), share)), 0)
    before = np.maximum(first - 1, 0)
    count = np.where((first > 0) & (bdtr(before, n, share) >= chance), before, first)
    here = bdtr(count, n, share)
    below = np.where(count > 0, bdtr(np.maximum(count - 1, 0), n, share), 0.0)
    step = np.where(here > below, (here - chance) / np.where(here > below, here - below, 1), 0)
    limits: Numbers = np.clip((count - step) / n, 0, 1)
    return limits


def with_intervals(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Return rows of a measures table with `interval_low`, `interval_high` (percent), `rank_low` and `rank_high`.

    All missing unless the rows are shares of counts. Rank 1 is the best by the indicator's direction, the highest
    where it has none. A region is ahead of another only where their intervals are apart; regions between are not
    told apart, so a rank is a span. Not comparable and suppressed figures have no rank and give none.
    """
    made = rows.assign(**dict.fromkeys(("interval_low", "interval_high", "rank_low", "rank_high"), np.nan))
    if not is_counted_share(indicator, rows):
        return made
    low, high = wilson(rows["numerator"].to_numpy("float64"), rows["denominator"].to_numpy("float64"))
    shown = (rows["value"].notna() & ~rows["suppressed"].astype("bool")).to_numpy()
    low, high = np.where(shown, low * 100, np.nan), np.where(shown, high * 100, np.nan)
    ranked = shown & rows["status"].ne(_NOT_COMPARABLE).to_numpy() & ~np.isnan(low)
    better, worse = (high, low) if indicator.direction == "down" else (-low, -high)
    # `better` is the worst that region i may be, `worse` the best: smaller is ahead.
    ahead = np.less.outer(np.where(ranked, better, np.nan), np.where(ranked, worse, np.nan))
    count = int(ranked.sum())
    return made.assign(
        interval_low=low,
        interval_high=high,
        rank_low=np.where(ranked, 1 + ahead.sum(axis=0), np.nan),
        rank_high=np.where(ranked, count - ahead.sum(axis=1), np.nan),
    )


def has_small_n(rows: pd.DataFrame) -> bool:
    """Return whether half of the regions or more count fewer than SMALL_N things."""
    known = rows["denominator"].dropna()
    return bool(len(known) and known.median() < SMALL_N)


def funnel(rows: pd.DataFrame, whole_share: float | None = None) -> Funnel | None:
    """Return the comparable regions of a share against chance; None for fewer than three of them.

    `whole_share` is the share of the whole in percent; where it is not known, that of the regions together.
    """
    usable = rows[
        rows["value"].notna()
        & ~rows["suppressed"].astype("bool")
        & rows["status"].ne(_NOT_COMPARABLE)
        & rows["denominator"].gt(0)
    ]
    if len(usable) < 3:
        return None
    part, whole = (usable[name].to_numpy("float64") for name in ("numerator", "denominator"))
    share = float(part.sum() / whole.sum()) if whole_share is None else whole_share / 100
    beyond = np.zeros(len(usable))
    if 0 < share < 1:
        for confidence in FUNNEL_LIMITS:
            low, high = funnel_limits(share, whole, confidence)
            level = confidence * 100
            beyond = np.where(part / whole < low, -level, np.where(part / whole > high, level, beyond))
    columns: dict[str, Any] = {
        "region_code": usable["region_code"].to_numpy(),
        "n": whole,
        "value": part / whole * 100,
        "beyond": beyond,
    }
    return Funnel(share * 100, pd.DataFrame(columns))
