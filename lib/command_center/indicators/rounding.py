"""The rounding of whoever printed a figure: when two count as the same, and how many decimals one may show."""

from decimal import Decimal

import pandas as pd

from command_center.catalog import Indicator

# A little over half a unit of the last printed digit, so that a printed 0.5 rounded either way agrees.
_HALF_DIGIT = 0.6


def printed_decimals(value: float) -> int:
    """Return the decimals of the shortest way to write a finite number: 11.42 -> 2, 11.40 -> 1, 98.0 -> 0."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def shown_decimals(
    indicator: Indicator, value: float | None, numerator: float | None, denominator: float | None
) -> int | None:
    """Return how many decimals a figure is shown with; None for rupiah, which the locale writes in millions.

    A ratio computed here has the indicator's decimals. A printed value, or a sum of printed ones, has no more
    than it was printed with: 67 percent does not become 67.00.
    """
    if indicator.unit == "idr":
        return None
    is_ratio = indicator.formula.denominator is not None and _known(numerator) and _known(denominator)
    if is_ratio or value is None or not _known(value):
        return indicator.decimals
    return printed_decimals(round(value, indicator.decimals))


def with_decimals(measures: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Return rows of a measures table with the column `decimals` (Int64): `shown_decimals`, missing for None."""
    parts = zip(*(measures[name].tolist() for name in ("value", "numerator", "denominator")), strict=True)
    shown = [shown_decimals(indicator, *row) for row in parts]
    return measures.assign(decimals=pd.Series(shown, index=measures.index, dtype="Int64"))


def _known(amount: float | None) -> bool:
    return amount is not None and amount == amount


def shown_number(value: float) -> str:
    """Return a finite number as its source wrote it, without an exponent: 11.42, 98, 135100000000."""
    return f"{Decimal(repr(float(value))).normalize():f}"


def rounding_tolerance(printed: pd.Series) -> pd.Series:
    """Return how far a computed value may lie from each printed one; missing where nothing is printed."""
    return printed.map(
        lambda value: _HALF_DIGIT * 10.0 ** -printed_decimals(value), na_action="ignore"
    ).astype("float64")


def sum_tolerance(printed: pd.Series, parts: pd.Series) -> pd.Series:
    """Return how far the sum of `parts` rounded numbers may lie from each printed total.

    Whole numbers are counts and must agree exactly (bar the last bit of a float); others may each have been
    rounded, as published areas and lengths are.
    """
    decimals = printed.map(printed_decimals, na_action="ignore").astype("float64")
    rounded = 0.5 * 10.0**-decimals * (parts + 1)
    return rounded.where(decimals.gt(0), printed.abs() * 1e-9)
