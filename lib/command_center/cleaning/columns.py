"""A column as its distinct texts: each is worked on once, however many rows repeat it.

Holds texts and positions only; what a text means is for the other modules of this package.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]
# What was seen, by the name of its check: True for every row it holds for. No name without a True.
Notes = Mapping[str, Mask]

EMPTY = -1


@dataclass(frozen=True, eq=False)
class Distinct:
    """`values`: the distinct texts (str, none missing); `codes`: the position of each row's text, -1 where empty."""

    values: "pd.Series[str]"
    codes: npt.NDArray[np.int32]

    @property
    def counts(self) -> npt.NDArray[np.intp]:
        """How many rows bear each distinct text."""
        counts: npt.NDArray[np.intp] = np.bincount(
            self.codes[self.codes != EMPTY], minlength=len(self.values)
        )
        return counts

    @property
    def empty(self) -> Mask:
        """True for every row without a text."""
        empty: Mask = self.codes == EMPTY
        return empty

    def spread(self, per_value: npt.NDArray[Any], missing: Any) -> npt.NDArray[Any]:
        """Return one element per row from one per distinct text; `missing` where the row is empty."""
        padded = np.append(per_value, np.array([missing], dtype=per_value.dtype))
        spread: npt.NDArray[Any] = padded[self.codes]
        return spread

    def arrow(self) -> Any:
        """Return the distinct texts as an Arrow array of strings."""
        return pa.array(self.values, type=pa.string(), from_pandas=True)


def distinct(cells: "pd.Series[Any]") -> Distinct:
    """Return the column as its distinct texts; a missing or empty cell is empty.

    A categorical column costs nothing: its categories are the distinct texts (some may stand in no row).
    """
    if isinstance(cells.dtype, pd.CategoricalDtype):
        codes = cells.cat.codes.to_numpy().astype(np.int32)
        values = pd.Series(cells.cat.categories.astype("str"), dtype="str")
    else:
        positions, found = pd.factorize(cells.astype("str"))
        codes, values = positions.astype(np.int32), pd.Series(found, dtype="str")
    blank = np.flatnonzero((values == "").to_numpy())
    if blank.size:
        codes = np.where(codes == blank[0], np.int32(EMPTY), codes)
    return Distinct(values, codes)


def matches(texts: Any, pattern: str) -> Mask:
    """Return for each text of an Arrow array whether the pattern (RE2) fits anywhere in it; False for null."""
    return as_mask(pc.fill_null(pc.match_substring_regex(texts, pattern), False))


def as_mask(flags: Any) -> Mask:
    """Return an Arrow array of booleans as a mask."""
    mask: Mask = flags.to_numpy(zero_copy_only=False).astype(np.bool_)
    return mask


def replaced(texts: Any, pattern: str, by: str) -> Any:
    """Return the Arrow array with every occurrence of the pattern replaced."""
    return pc.replace_substring_regex(texts, pattern, by)


def per_row(column: Distinct, notes: Mapping[str, Mask]) -> dict[str, Mask]:
    """Return notes on distinct texts as notes on rows, without those that hold nowhere."""
    spread = {name: column.spread(mask, False) for name, mask in notes.items() if mask.any()}
    return {name: mask for name, mask in spread.items() if mask.any()}


def joined(*several: Mapping[str, Mask]) -> dict[str, Mask]:
    """Return the union of several sets of notes."""
    result: dict[str, Mask] = {}
    for notes in several:
        for name, mask in notes.items():
            result[name] = result[name] | mask if name in result else mask
    return result


@dataclass(frozen=True)
class Decision:
    """A choice made for a whole column: what was chosen ("" where nothing could be), on which evidence."""

    about: str
    choice: str
    basis: str
    evidence: tuple[str, ...] = ()

    @property
    def is_made(self) -> bool:
        """False where the column's values do not decide."""
        return self.choice != ""
