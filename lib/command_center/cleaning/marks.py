"""Which sign is the decimal mark of a column, decided from all its values.

`1.234` alone says nothing; `1.234,5` beside it does. Where neither the values, nor the declared type and
range, nor the other columns of the sheet decide, nothing is chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from command_center.cleaning.columns import Decision, Mask

Mark = Literal[",", "."]
COMMA: Mark = ","
POINT: Mark = "."
_SHOWN = 3

# The shapes of a number's digits, each matched whole; in this order, the first that fits counts.
SHAPES: Mapping[str, str] = {
    "whole": r"^\d+$",
    "spaced": r"^\d{1,3}(?: \d{3})+$",
    "spaced_comma": r"^\d{1,3}(?: \d{3})+,\d+$",
    "spaced_point": r"^\d{1,3}(?: \d{3})+\.\d+$",
    "points_comma": r"^\d{1,3}(?:\.\d{3})+,\d+$",
    "commas_point": r"^\d{1,3}(?:,\d{3})+\.\d+$",
    "points": r"^\d{1,3}(?:\.\d{3}){2,}$",
    "commas": r"^\d{1,3}(?:,\d{3}){2,}$",
    "one_point": r"^[1-9]\d{0,2}\.\d{3}$",
    "one_comma": r"^[1-9]\d{0,2},\d{3}$",
    "decimal_point": r"^\d*\.\d+$",
    "decimal_comma": r"^\d*,\d+$",
}
_SAYS_COMMA = ("points_comma", "points", "decimal_comma", "spaced_comma")
_SAYS_POINT = ("commas_point", "commas", "decimal_point", "spaced_point")
AMBIGUOUS = ("one_point", "one_comma")


@dataclass(frozen=True)
class Declared:
    """What the declaration knows of a column's numbers."""

    whole: bool = False
    minimum: float | None = None
    maximum: float | None = None


def decide_mark(
    shapes: Mapping[str, Mask], digits: npt.NDArray[np.object_], declared: Declared, sheet: Mark | None
) -> Decision | None:
    """Return the decision on the decimal mark, None where no value needs one.

    `shapes` holds per shape which of `digits` (distinct texts without sign, currency, unit) have it; `sheet`
    is the mark that the other columns of the sheet agree on.
    """
    unclear = shapes["one_point"] | shapes["one_comma"]
    if not unclear.any():
        return None
    comma, point = _any(shapes, _SAYS_COMMA), _any(shapes, _SAYS_POINT)
    if comma.any() and point.any():
        return Decision("decimal mark", "", "the column writes it both ways", _sample(digits, comma, point))
    if comma.any() or point.any():
        said = comma if comma.any() else point
        return Decision(
            "decimal mark", COMMA if comma.any() else POINT, "other values", _sample(digits, said)
        )
    if shapes["one_point"].any() and shapes["one_comma"].any():
        return Decision("decimal mark", "", "the column writes it both ways", _sample(digits, unclear))
    return _without_witness(shapes, digits, unclear, declared, sheet)


def _without_witness(
    shapes: Mapping[str, Mask],
    digits: npt.NDArray[np.object_],
    unclear: Mask,
    declared: Declared,
    sheet: Mark | None,
) -> Decision:
    """Decide by what the column is declared to hold, then by its neighbours."""
    pointed = bool(shapes["one_point"].any())
    # The mark under which the sign groups thousands, and the one under which it begins decimals.
    grouping, dividing = (COMMA, POINT) if pointed else (POINT, COMMA)
    shown = _sample(digits, unclear)
    if declared.whole:
        return Decision("decimal mark", grouping, "declared as whole numbers", shown)
    by_range = _by_range(digits[unclear], grouping, dividing, declared)
    if by_range is not None:
        return Decision("decimal mark", by_range, "declared range", shown)
    whole = shapes["whole"]
    large = np.array([len(text.lstrip("0")) > 3 for text in digits[whole]], dtype=np.bool_)
    if whole.any() and not large.any():
        return Decision(
            "decimal mark", grouping, "no larger number without a sign", _sample(digits, whole, unclear)
        )
    if large.any():
        return Decision(
            "decimal mark", dividing, "larger numbers without a sign", _sample(digits, whole, unclear)
        )
    if sheet is not None:
        return Decision("decimal mark", sheet, "other columns of the sheet", shown)
    return Decision("decimal mark", "", "no value of the column decides", shown)


def _by_range(
    unclear: npt.NDArray[np.object_], grouping: Mark, dividing: Mark, declared: Declared
) -> Mark | None:
    bare = [text.replace(".", "").replace(",", "") for text in unclear]
    large = np.array([float(text) for text in bare])
    fits = [_within(values, declared) for values in (large, large / 1000)]
    if fits[0].all() and not fits[1].any():
        return grouping
    if fits[1].all() and not fits[0].any():
        return dividing
    return None


def _within(values: npt.NDArray[np.float64], declared: Declared) -> Mask:
    low = -np.inf if declared.minimum is None else declared.minimum
    high = np.inf if declared.maximum is None else declared.maximum
    within: Mask = (values >= low) & (values <= high)
    return within


def _any(shapes: Mapping[str, Mask], names: tuple[str, ...]) -> Mask:
    merged: Mask = np.logical_or.reduce([shapes[name] for name in names])
    return merged


def _sample(digits: npt.NDArray[np.object_], *masks: Mask) -> tuple[str, ...]:
    return tuple(str(text) for mask in masks for text in digits[mask][:_SHOWN])
