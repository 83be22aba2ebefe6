"""A column as its distinct texts: each is worked on once, however many rows repeat it.

Holds texts and positions only; what a text means is for the other modules of this package.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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
    """`texts`: the distinct texts (Arrow strings, none null); `codes`: the position of each row's, -1 where empty."""

    texts: Any
    codes: npt.NDArray[np.int32]

    @cached_property
    def values(self) -> "pd.Series[str]":
        """The distinct texts as a pandas column."""
        return pd.Series(self.texts.to_pandas(), dtype="str")

    @property
    def counts(self) -> npt.NDArray[np.intp]:
        """How many rows bear each distinct text."""
        counts: npt.NDArray[np.intp] = np.bincount(self.codes[self.codes != EMPTY], minlength=len(self.texts))
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

    def matches(self, pattern: str, *, digits: bool) -> Mask:
        """Return for each distinct text whether the pattern (RE2) fits anywhere in it.

        `digits` is what the pattern says of every text of digits alone; of a million numbers none is looked at.
        """
        others = np.flatnonzero(~as_mask(pc.ascii_is_decimal(self.texts)))
        found = np.full(len(self.texts), digits, dtype=np.bool_)
        found[others] = matches(self.texts.take(pa.array(others)), pattern)
        return found


def text_column(column: Distinct) -> "pd.Series[str]":
    """Return a pandas column of text that keeps its distinct texts apart (Arrow dictionary); missing where empty."""
    empty = column.empty
    indices = pa.array(column.codes, mask=empty if empty.any() else None)
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.DictionaryArray.from_arrays(indices, column.texts)))


def rewritten(column: Distinct, texts: Any, gone: Mask | None = None) -> "pd.Series[str]":
    """Return the column with other texts in place of its distinct ones; missing for those that are `gone`."""
    if gone is not None and gone.any():
        texts = pc.if_else(pa.array(gone), pa.scalar(None, pa.string()), texts)
    merged = texts.dictionary_encode()
    positions = pc.fill_null(merged.indices, EMPTY).to_numpy(zero_copy_only=False)
    return text_column(Distinct(merged.dictionary, column.spread(positions, EMPTY)))


def distinct(cells: "pd.Series[Any] | Distinct") -> Distinct:
    """Return the column as its distinct texts; a missing or empty cell is empty.

    A text column (see `text_column`) costs nothing; some of its distinct texts may stand in no row.
    """
    if isinstance(cells, Distinct):
        return cells
    if _is_text_column(cells):
        texts, codes = _parts(cells)
    else:
        positions, found = pd.factorize(cells.astype("str"))
        codes, texts = positions.astype(np.int32), _one_piece(found).cast(pa.string())
    blank = pc.index(texts, "").as_py()
    return Distinct(texts, codes if blank < 0 else np.where(codes == blank, np.int32(EMPTY), codes))


def strings(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return a column as Python strings, "" where missing; of a text column only those its rows hold are made."""
    if not _is_text_column(cells):
        return cells.astype("object").fillna("")
    texts, codes = _parts(cells)
    taken = texts.take(pa.array(codes, mask=codes == EMPTY))
    return pd.Series(
        pc.fill_null(taken, "").to_numpy(zero_copy_only=False), index=cells.index, dtype="object"
    )


def positions(cells: "pd.Series[Any]") -> npt.NDArray[np.int32]:
    """Return a number for each row of a text column, the same for the same text; -1 where missing."""
    return _parts(cells)[1]


def _is_text_column(cells: "pd.Series[Any]") -> bool:
    return isinstance(cells.dtype, pd.ArrowDtype) and pa.types.is_dictionary(cells.dtype.pyarrow_dtype)


def _parts(cells: "pd.Series[Any]") -> tuple[Any, npt.NDArray[np.int32]]:
    whole = _one_piece(cells.array)
    indices = pc.fill_null(whole.indices, EMPTY) if whole.null_count else whole.indices
    return whole.dictionary, indices.to_numpy()


def _one_piece(held: Any) -> Any:
    """What pandas holds as one Arrow array."""
    array = pa.array(held)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


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
