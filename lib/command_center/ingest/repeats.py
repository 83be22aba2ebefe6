"""Which rows are the same in several columns, told from a number per distinct value and never from the values.

Columns are looked at one after the other, and each only where the rows before it agree: of a million rows with a
running number none is left after the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.cleaning.columns import Mask

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Repeated:
    """`rows`: the rows that are the same as another, in order; `groups`: a number for each of them, one per group."""

    rows: npt.NDArray[np.intp]
    groups: npt.NDArray[np.intp]
    size: int

    def later(self) -> Mask:
        """Return which of all rows are the same as an earlier one."""
        flags = np.zeros(self.size, dtype=np.bool_)
        flags[self.rows] = pd.Series(self.groups).duplicated(keep="first").to_numpy()
        return flags


def repeated(columns: Sequence[Numbers], among: Mask | None = None) -> Repeated:
    """Return the rows that have the same numbers as another row in all columns; `among` leaves out the others."""
    ordered = sorted(columns, key=_highest, reverse=True)
    rows = _not_alone(ordered[0])
    if among is not None:
        rows = rows[among[rows]]
    groups = np.zeros(len(rows), dtype=np.intp)
    for numbers in ordered:
        if not rows.size:
            break
        # A missing value is -1 and the same as another missing one.
        groups = groups * (_highest(numbers) + 2) + numbers[rows] + 1
        if groups.max() > rows.size:
            groups = pd.factorize(groups)[0]
        stays = np.bincount(groups)[groups] > 1
        rows, groups = rows[stays], groups[stays]
    return Repeated(rows, groups, len(ordered[0]))


def _not_alone(numbers: Numbers) -> npt.NDArray[np.intp]:
    """Rows whose number another row has too."""
    shifted = numbers + 1
    several = np.bincount(shifted) > 1
    return np.flatnonzero(several[shifted])


def _highest(numbers: Numbers) -> int:
    return int(numbers.max(initial=-1))
