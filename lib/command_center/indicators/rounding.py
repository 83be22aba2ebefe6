"""When two figures count as the same: the rounding of whoever printed them, and no more."""

from decimal import Decimal

import pandas as pd

# A little over half a unit of the last printed digit, so that a printed 0.5 rounded either way agrees.
_HALF_DIGIT = 0.6


def printed_decimals(value: float) -> int:
    """Return the decimals of the shortest way to write a finite number: 11.42 -> 2, 11.40 -> 1, 98.0 -> 0."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


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
