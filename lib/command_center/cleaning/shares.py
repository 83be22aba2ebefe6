"""Percentages written as shares: 0.125 where 12.5 is meant, decided for the whole column.

One odd value among percentages is named, never multiplied.
"""

import numpy as np

from command_center.cleaning.columns import Decision, Mask
from command_center.cleaning.numbers import NumberColumn

AS_FRACTION, MIXED, UNDECIDED = "share_as_fraction", "share_mixed", "share_ambiguous"
# Three shares tell a column of fractions from one small percentage; below five per cent a value beside a
# fraction proves nothing.
_ENOUGH = 3
_CLEARLY_PERCENT = 5.0


def scale_shares(column: NumberColumn) -> tuple[NumberColumn, Decision | None]:
    """Return the column in per cent, with the decision when it holds values between 0 and 1.

    All values within 0 to 1, three or more of them: fractions, multiplied by 100 (note share_as_fraction).
    Fewer: not read (share_ambiguous). Fractions among clear percentages are not read (share_mixed); a cell
    with a per cent sign is a percentage in any case.
    """
    signed = column.notes.get("percent_sign", np.zeros(len(column.values), dtype=np.bool_))
    bare = ~np.isnan(column.values) & ~signed
    size = np.abs(column.values)
    inside = bare & (size > 0) & (size < 1)
    if not inside.any():
        return column, None
    shown = tuple(f"{value:g}" for value in column.values[inside][:3])
    others = (bare & (size > 1)) | (signed & (size >= 1))
    if not others.any():
        within = bare & (size <= 1)
        if within.sum() >= _ENOUGH:
            decision = Decision("share or per cent", "share", "every value lies between 0 and 1", shown)
            values = np.where(within, column.values * 100, column.values)
            return _noted(column, values, AS_FRACTION, within), decision
        return _unread(column, UNDECIDED, inside), Decision("share or per cent", "", "too few values", shown)
    smallest = size[others].min()
    if others.sum() >= _ENOUGH and smallest >= _CLEARLY_PERCENT:
        decision = Decision(
            "share or per cent", "per cent", f"the other values are {smallest:g} or more", shown
        )
        return _unread(column, MIXED, inside), decision
    return column, Decision("share or per cent", "per cent", "values above 1", shown)


def _unread(column: NumberColumn, name: str, rows: Mask) -> NumberColumn:
    return _noted(column, np.where(rows, np.nan, column.values), name, rows)


def _noted(column: NumberColumn, values: np.ndarray, name: str, rows: Mask) -> NumberColumn:
    return NumberColumn(values, {**column.notes, name: rows}, column.decision)
