"""The tree of regions as arrays, and what a reader can work out about hidden cells from the sums in it.

One table of counts is an array with one row per period and one column per region. On a tree the bounds that
linear programming finds are found by passing intervals up and down, exactly: no cell stands in two sums of one
level. `disclosure.bounds` checks that with a solver.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from command_center.regions import RegionTree

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
NONE = -1
# Sums of whole numbers are exact in floats; what the sources rounded may be off by this.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Tree:
    """Columns of a table: 0 is the regency, then its kecamatan, then their desa.

    `children[j]` are the columns below kecamatan j (its column is 1 + j), padded with -1.
    """

    codes: tuple[str, ...]
    districts: int
    children: NDArray[np.int64]

    @classmethod
    def of(cls, regions: RegionTree) -> Self:
        """Return the tree of a regency."""
        districts = regions.children(regions.root.code)
        below = [[child.code for child in regions.children(district.code)] for district in districts]
        return cls.from_codes(regions.root.code, [one.code for one in districts], below)

    @classmethod
    def from_codes(cls, root: str, districts: Sequence[str], below: Sequence[Sequence[str]]) -> Self:
        """Return the tree of a root, its districts, and the villages of each district."""
        widest = max((len(codes) for codes in below), default=0)
        children = np.full((len(districts), widest), NONE, dtype=np.int64)
        column = 1 + len(districts)
        for number, codes in enumerate(below):
            children[number, : len(codes)] = np.arange(column, column + len(codes))
            column += len(codes)
        villages = [code for codes in below for code in codes]
        return cls((root, *districts, *villages), len(districts), children)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def kec(self) -> slice:
        """The columns of the kecamatan."""
        return slice(1, 1 + self.districts)

    def below(self, table: NDArray[np.generic], empty: object) -> NDArray[np.generic]:
        """Return the desa of a table as (periods, kecamatan, desa), `empty` where the padding is."""
        taken = table[..., np.where(self.children == NONE, 0, self.children)]
        return np.where(self.children == NONE, empty, taken)  # type: ignore[call-overload,no-any-return]


@dataclass(frozen=True)
class Unknown:
    """What a reader lacks of one table of counts: cells that are hidden, and cells nobody reported.

    `counts` has NaN where nothing was reported; it bounds nothing, and a reader may put any number there.
    """

    tree: Tree
    counts: Numbers
    hidden: Mask

    @property
    def cells(self) -> Mask:
        """Where a reader knows nothing."""
        return self.hidden | np.isnan(self.counts)

    def villages(self) -> "Sums":
        """Return the sums of desa into kecamatan, one per period and kecamatan."""
        counts = self.tree.below(self.counts, np.nan)
        unknown = self.tree.below(self.cells, False) & (self.tree.children != NONE)
        return Sums.of(self.counts[:, self.tree.kec], counts, unknown, self.tree.children != NONE)

    def districts(self) -> "Sums":
        """Return the sums of kecamatan into the regency, one per period."""
        counts, unknown = self.counts[:, None, self.tree.kec], self.cells[:, None, self.tree.kec]
        return Sums.of(self.counts[:, :1], counts, unknown, np.ones_like(unknown))

    def intervals(self) -> tuple[Numbers, Numbers]:
        """Return the lowest and the highest number a reader must grant each cell, shape of `counts`."""
        tree, villages, districts = self.tree, self.villages(), self.districts()
        low, high = np.zeros_like(self.counts), np.full_like(self.counts, np.inf)
        # Upwards: what the desa that are shown add up to; the whole where all of them are.
        low[:, tree.kec] = np.where(villages.holds, villages.known, 0.0)
        high[:, tree.kec] = np.where(villages.holds & (villages.unknown == 0), villages.known, np.inf)
        known = ~self.cells
        low[known] = high[known] = self.counts[known]
        self._root(low, high, districts)
        self._districts(low, high, districts)
        self._villages(low, high, villages)
        return low, high

    def _root(self, low: Numbers, high: Numbers, sums: "Sums") -> None:
        kec, open_root = self.tree.kec, self.cells[:, 0] & sums.holds[:, 0]
        low[open_root, 0] = low[open_root, kec].sum(axis=1)
        high[open_root, 0] = high[open_root, kec].sum(axis=1)

    def _districts(self, low: Numbers, high: Numbers, sums: "Sums") -> None:
        kec = self.tree.kec
        lows, highs = low[:, kec].copy(), high[:, kec].copy()
        bound = sums.holds & self.cells[:, kec]
        endless = np.isinf(highs)
        others_high = np.where(endless.sum(axis=1, keepdims=True) - endless > 0, np.inf, _without(highs))
        top = high[:, :1] - (lows.sum(axis=1, keepdims=True) - lows)
        bottom = low[:, :1] - others_high
        high[:, kec] = np.where(bound, np.minimum(highs, top), highs)
        low[:, kec] = np.where(bound, np.maximum(lows, bottom), lows)

    def _villages(self, low: Numbers, high: Numbers, sums: "Sums") -> None:
        tree = self.tree
        parent_low, parent_high = low[:, tree.kec], high[:, tree.kec]
        bottom = np.where(sums.unknown == 1, np.maximum(parent_low - sums.known, 0.0), 0.0)
        top = parent_high - sums.known
        for number, columns in enumerate(tree.children):
            own = columns[columns != NONE]
            bound = sums.holds[:, number, None] & self.cells[:, own]
            low[:, own] = np.where(bound, bottom[:, number, None], low[:, own])
            high[:, own] = np.where(bound, top[:, number, None], high[:, own])


@dataclass(frozen=True)
class Sums:
    """Sums of one level, each (periods, parents): what is known of the parts, how many are not, and if it holds.

    A sum does not hold where there are no parts, or where the parent was reported and contradicts them.
    """

    known: Numbers
    unknown: NDArray[np.int64]
    holds: Mask

    @classmethod
    def of(cls, parents: Numbers, parts: NDArray[np.generic], unknown: Mask, exists: Mask) -> Self:
        """Return the sums of `parts` (periods, parents, parts), of which `unknown` are not known."""
        counts = np.where(exists, parts, 0.0).astype(np.float64)
        lacking = np.isnan(counts).sum(axis=2)
        whole = np.nansum(counts, axis=2)
        off = parents - whole
        agrees = np.isnan(parents) | np.where(lacking == 0, np.abs(off) <= TOLERANCE, off >= -TOLERANCE)
        known = np.nansum(np.where(unknown, 0.0, counts), axis=2)
        return cls(known, unknown.sum(axis=2), agrees & exists.any(axis=-1))


def _without(values: Numbers) -> Numbers:
    """Return for each column the sum of the finite values of the others."""
    finite = np.where(np.isinf(values), 0.0, values)
    others: Numbers = finite.sum(axis=1, keepdims=True) - finite
    return others
