"""What a reader can work out about hidden cells, by linear programming: the check on the pattern.

The reader knows every number that is shown, that counts are not negative, that sums hold, and the rule: in every
piece that hangs together at least one hidden cell is a small one (one that is not shows nothing of which it is).
Counts may be any number, whole or not, which grants the reader less than arithmetic would and so never more.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from command_center.disclosure.tree import NONE, TOLERANCE, Mask, Numbers, Tree

_OPTIMAL = 0


@dataclass(frozen=True)
class CellBounds:
    """The lowest and highest number of each hidden cell: columns of the table, and an array for each end."""

    columns: NDArray[np.int64]
    low: Numbers
    high: Numbers

    @property
    def width(self) -> Numbers:
        return self.high - self.low


@dataclass(frozen=True)
class _System:
    """Sums over unknown cells: `matrix` @ unknown = `known`; one column per cell in `columns`.

    `pieces` numbers the cells that hang together, by sums that hold or not; `may_be_small` are the hidden ones
    below the regency, one of which in each piece is a small cell.
    """

    columns: NDArray[np.int64]
    matrix: csr_array
    known: Numbers
    pieces: NDArray[np.int64]
    may_be_small: Mask

    @classmethod
    def of(cls, tree: Tree, counts: Numbers, hidden: Mask) -> Self:
        columns = np.nonzero(hidden | np.isnan(counts))[0]
        place = {int(column): number for number, column in enumerate(columns)}
        # Of parts that nobody reported a sum says nothing; through the kecamatan the regency's may speak of desa.
        sums = [one for one in _sums(tree) if one[0] == 0 or not np.isnan(counts[one[1]]).all()]
        holding = [one for one in sums if not _contradicts(counts, *one)]
        known = [
            _shown(counts, place, [parent]) - _shown(counts, place, parts.tolist())
            for parent, parts in holding
        ]
        joined = _matrix(place, sums)
        _, pieces = connected_components(joined.T @ joined, directed=False)
        may_be_small = (hidden & ~np.isnan(counts))[columns] & (columns > 0)
        return cls(
            columns, _matrix(place, holding), np.asarray(known, dtype=np.float64), pieces, may_be_small
        )


def bounds_of(tree: Tree, counts: Numbers, hidden: Mask, below: float) -> CellBounds:
    """Return the bounds of the hidden cells of one period; `below` is the number under which a cell is small.

    `counts` and `hidden` are rows over the columns of the tree. Infinity where a cell has no upper bound. A piece
    in which no cell of this count is small (another count of the same figures is) is bounded by its sums alone.
    """
    system = _System.of(tree, counts, hidden)
    low, high = np.zeros(len(system.columns)), np.full(len(system.columns), np.inf)
    is_small = system.may_be_small & (counts[system.columns] < below)
    for piece in np.unique(system.pieces[hidden[system.columns]]):
        members = np.nonzero(system.pieces == piece)[0]
        _solve(system, members, low, high, below if is_small[members].any() else None)
    own = hidden[system.columns] & ~np.isnan(counts[system.columns])
    return CellBounds(system.columns[own], low[own], high[own])


def _solve(
    system: _System, members: NDArray[np.int64], low: Numbers, high: Numbers, below: float | None
) -> None:
    """Fill in the bounds of one piece; cells that stand in the same sums alike are solved once."""
    part = csr_array(system.matrix[:, members])
    rows = np.nonzero(np.diff(part.indptr))[0]
    matrix, known, may_be_small = part[rows].toarray(), system.known[rows], system.may_be_small[members]
    programme = _Programme.of(matrix, known, may_be_small, below)
    alike: dict[bytes, list[int]] = {}
    for cell in range(len(members)):
        key = matrix[:, cell].tobytes() + bytes([int(may_be_small[cell])])
        alike.setdefault(key, []).append(cell)
    for cells in alike.values():
        low[members[cells]] = programme.extreme(cells[0], 1.0)
        high[members[cells]] = programme.extreme(cells[0], -1.0)


@dataclass(frozen=True)
class _Programme:
    """One piece as a programme: its cells, and with the rule a choice of which cell is a small one."""

    constraints: tuple[LinearConstraint, ...]
    bounds: Bounds
    integrality: NDArray[np.int64]
    cap: float

    @classmethod
    def of(cls, sums: Numbers, known: Numbers, may_be_small: Mask, below: float | None) -> Self:
        cells = sums.shape[1]
        # No bounded cell can exceed all that is known together; what comes near this cap has no bound.
        cap = 100.0 * (float(np.abs(known).sum()) + 1e3)
        choices = np.nonzero(may_be_small)[0] if below is not None else np.array([], dtype=np.int64)
        count = len(choices)
        constraints = []
        if len(known):
            constraints.append(
                LinearConstraint(np.hstack([sums, np.zeros((len(known), count))]), known, known)
            )
        if below is not None:
            # Where it is chosen a cell is below the number; at least one is.
            rows = np.hstack([np.eye(cells)[choices], cap * np.eye(count)])
            one = np.hstack([np.zeros((1, cells)), np.ones((1, count))])
            constraints += [
                LinearConstraint(rows, -np.inf, cap + below - 1),
                LinearConstraint(one, 1, np.inf),
            ]
        return cls(
            tuple(constraints),
            Bounds(0.0, np.concatenate([np.full(cells, cap), np.ones(count)])),
            np.concatenate([np.zeros(cells, dtype=np.int64), np.ones(count, dtype=np.int64)]),
            cap,
        )

    def extreme(self, cell: int, sign: float) -> float:
        """Return the lowest (sign 1) or highest (sign -1) number of a cell."""
        aim = np.zeros(len(self.integrality))
        aim[cell] = sign
        found = milp(aim, constraints=self.constraints, integrality=self.integrality, bounds=self.bounds)
        if found.status != _OPTIMAL:
            raise ArithmeticError(f"the sums of a table have no solution: {found.message}")
        value = float(found.x[cell])
        return np.inf if sign < 0 and value > self.cap / 4 else value


def _sums(tree: Tree) -> list[tuple[int, NDArray[np.int64]]]:
    villages = [(1 + number, row[row != NONE]) for number, row in enumerate(tree.children)]
    return [(0, np.arange(1, 1 + tree.districts)), *((parent, row) for parent, row in villages if row.size)]


def _contradicts(counts: Numbers, parent: int, parts: NDArray[np.int64]) -> bool:
    off = counts[parent] - np.nansum(counts[parts])
    return bool(off < -TOLERANCE or (off > TOLERANCE and not np.isnan(counts[parts]).any()))


def _shown(counts: Numbers, place: dict[int, int], columns: list[int]) -> float:
    return float(sum(counts[column] for column in columns if column not in place))


def _matrix(place: dict[int, int], sums: list[tuple[int, NDArray[np.int64]]]) -> csr_array:
    """Return parts less their sum, over the unknown cells only: a row per sum."""
    entries = [
        (row, place[column], sign)
        for row, (parent, parts) in enumerate(sums)
        for column, sign in ((parent, -1.0), *((int(part), 1.0) for part in parts))
        if column in place
    ]
    rows, cells, signs = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_array(coo_array((signs, (rows, cells)), shape=(len(sums), len(place)), dtype=np.float64))
