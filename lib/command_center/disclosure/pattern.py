"""The one pattern of a table: small cells, and the further cells without which a sum would give them away.

Further cells are taken in an order that is fixed for the table and does not look at the numbers: nobody can
reason back from the choice, and a corrected number moves no other cell. Below each kecamatan first; a kecamatan
is hidden only where its desa cannot hide each other, the regency only where its kecamatan cannot and no law
publishes it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from command_center.disclosure.tree import NONE, TOLERANCE, Mask, Numbers, Tree, Unknown


@dataclass(frozen=True)
class Pattern:
    """Which cells are hidden, (periods, columns): the small ones, and with them those that protect them."""

    primary: Mask
    hidden: Mask

    @property
    def secondary(self) -> Mask:
        """The cells that are hidden to protect others."""
        return self.hidden & ~self.primary


def fixed_order(name: str, tree: Tree) -> NDArray[np.int64]:
    """Return the place of each column in the order in which a table takes further cells."""
    keys = [hashlib.sha256(f"{name}|{code}".encode()).digest() for code in tree.codes]
    order = np.empty(len(keys), dtype=np.int64)
    order[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return order


def choose_pattern(
    tree: Tree,
    variables: Sequence[Numbers],
    widths: Sequence[float],
    primary: Mask,
    *,
    name: str,
    held: Mask | None = None,
    never: Mask | None = None,
) -> Pattern:
    """Return the pattern of a table whose `variables` are hidden and shown together.

    `variables` are arrays (periods, columns of the tree), NaN where nothing was reported; `widths` is how far
    apart the bounds of each hidden cell must stay. `held` cells are hidden in any case, `never` cells in none:
    a total that the law publishes, or a number that was out already. Where those leave no way the cell keeps too
    narrow bounds, which `disclosure.proof` tells.
    """
    closed = np.zeros_like(primary) if never is None else never
    hidden = primary.copy() if held is None else primary | held
    rank = fixed_order(name, tree)
    counts = [(_agreeing(tree, numbers), width) for numbers, width in zip(variables, widths, strict=True)]
    # Every round hides at least one cell more or ends.
    while True:
        added = np.zeros_like(hidden)
        for numbers, width in counts:
            added |= _further(Unknown(tree, numbers, hidden), width, rank, closed)
        if not added.any():
            return Pattern(primary, hidden)
        hidden |= added


def _agreeing(tree: Tree, numbers: Numbers) -> Numbers:
    """Return the counts with every sum as its parts make it.

    A sum that was reported a little wrong still nearly gives its one hidden part away, so it protects as little
    as a right one.
    """
    counts = numbers.copy()
    villages = tree.below(counts, 0.0).sum(axis=2)
    has_villages = (tree.children != NONE).any(axis=1)
    reported = _reported(villages, counts[:, tree.kec]) & has_villages
    counts[:, tree.kec] = np.where(reported, villages, counts[:, tree.kec])
    whole = counts[:, tree.kec].sum(axis=1)
    counts[:, 0] = np.where(_reported(whole, counts[:, 0]), whole, counts[:, 0])
    return counts


def _reported(sums: Numbers, parents: Numbers) -> Mask:
    return ~np.isnan(sums) & ~np.isnan(parents)


def _further(unknown: Unknown, width: float, rank: NDArray[np.int64], never: Mask) -> Mask:
    """Return what is to be hidden next so that the cells of one variable come nearer to `width`."""
    tree, hidden = unknown.tree, unknown.hidden
    low, high = unknown.intervals()
    reported = ~np.isnan(unknown.counts)
    possible = hidden & reported & (low < width)
    possible[:, 0] = False
    narrow = hidden & reported & ((high - low < width - TOLERANCE) | _alone(unknown, possible))
    added = np.zeros_like(hidden)
    if not narrow.any():
        return added
    free = ~hidden & reported & ~never
    sums = unknown.villages()
    free_below = tree.below(free, False)
    # A kecamatan that is hidden while all its desa are shown is no secret.
    bare = narrow[:, tree.kec] & sums.holds & (sums.unknown == 0)
    weak = tree.below(narrow, False).any(axis=2) | bare
    _take(added, weak, free_below, tree.children, rank)
    # Where a kecamatan has no desa left to hide, its own number goes; then another kecamatan's, then the regency's.
    stuck = weak & ~free_below.any(axis=2) & free[:, tree.kec]
    added[:, tree.kec] |= stuck
    is_open = (~hidden & reported)[:, tree.kec]
    district = (narrow[:, tree.kec] | (weak & ~free_below.any(axis=2) & ~is_open)).any(axis=1)
    district &= ~added.any(axis=1)
    free_kec = free[:, None, tree.kec]
    columns = np.arange(1, 1 + tree.districts)[None, :]
    _take(added, district[:, None], free_kec, columns, rank)
    district &= ~free_kec.any(axis=(1, 2))
    # Desa of a kecamatan that said nothing itself stand in the regency's sum in its place.
    loose = (free_below & np.isnan(unknown.counts[:, tree.kec, None])).reshape(len(free), 1, -1)
    _take(added, district[:, None], loose, tree.children.reshape(1, -1), rank)
    district &= ~loose.any(axis=(1, 2))
    added[:, 0] |= district & free[:, 0]
    # With every sum hidden a cell may still be the only one that can be small: a desa elsewhere then may be too.
    district &= ~free[:, 0]
    elsewhere = np.logical_and(free_below, hidden[:, tree.kec, None]).reshape(len(free), 1, -1)
    _take(added, district[:, None], elsewhere, tree.children.reshape(1, -1), rank)
    return added


def _alone(unknown: Unknown, possible: Mask) -> Mask:
    """Return the cells that must be the small one of their sums: whoever knows the rule knows which they are.

    `possible` are the hidden cells below the regency that a reader must grant to be small.
    """
    tree, alone = unknown.tree, np.zeros_like(possible)
    below = tree.below(possible, False).sum(axis=2)
    # Desa under a kecamatan of which nothing is known hang together with all the others of that kind.
    joined = unknown.cells[:, tree.kec]
    # Where a kecamatan is small so is every desa of it: it counts as one of its own only without any.
    own_kec = possible[:, tree.kec] & (below == 0)
    together = own_kec.sum(axis=1) + np.where(joined, below, 0).sum(axis=1)
    single = (together == 1)[:, None]
    alone[:, tree.kec] = own_kec & single
    for number, columns in enumerate(tree.children):
        own = columns[columns != NONE]
        lone = np.where(joined[:, number, None], single, below[:, number, None] == 1)
        alone[:, own] = possible[:, own] & lone
    return alone


def _take(
    added: Mask,
    wanted: Mask,
    free: NDArray[np.generic],
    columns: NDArray[np.int64],
    rank: NDArray[np.int64],
) -> None:
    """Hide the first free part, by the fixed order, of every sum that is wanted; nothing where none is free."""
    if not columns.size:
        return
    places = np.where(free, rank[columns], len(rank))
    best = places.argmin(axis=2)
    found = wanted & (np.take_along_axis(places, best[..., None], axis=2)[..., 0] < len(rank))
    periods, parents = np.nonzero(found)
    added[periods, columns[parents, best[periods, parents]]] = True
