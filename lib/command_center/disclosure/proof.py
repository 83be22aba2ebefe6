"""The proof, table by table: how narrow the tightest hidden cell is bounded, and which cells nothing can protect."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from command_center.catalog import Catalog
from command_center.disclosure.bounds import bounds_of
from command_center.disclosure.tables import CountTable, Variable, count_tables
from command_center.disclosure.tree import TOLERANCE, Mask, Tree


@dataclass(frozen=True)
class TableProof:
    """One protected count of one table over all its periods.

    `primary` are small cells, `secondary` the further ones; `width` the least distance between the bounds of any
    hidden cell (infinity where none is bounded), `wanted` what it must be; `narrow` names cells that fall short,
    as (period, region code).
    """

    table: str
    variable: str
    cells: int
    primary: int
    secondary: int
    wanted: float
    width: float
    narrow: tuple[tuple[str, str], ...]

    @property
    def holds(self) -> bool:
        """Whether every hidden cell keeps the width."""
        return not self.narrow


def prove(measures: pd.DataFrame, catalog: Catalog, tree: Tree) -> Iterator[TableProof]:
    """Yield the proof of every table with small cells; `measures` has the pattern in its column `suppressed`."""
    for table in count_tables(measures, catalog, tree):
        hidden = hidden_cells(table, measures, tree)
        if not hidden.any() and not table.primary.any():
            continue
        for variable in table.variables:
            yield _proved(table, variable, hidden, tree)


def weakest(proofs: Iterable[TableProof]) -> float:
    """Return the least width there is in units of what is wanted: 1 or more is well; infinity without a cell."""
    return min((proof.width / proof.wanted for proof in proofs), default=np.inf)


def hidden_cells(table: CountTable, measures: pd.DataFrame, tree: Tree) -> Mask:
    """Return where a table hides: any of its figures there is suppressed."""
    hidden = np.zeros((len(table.periods), len(tree)), dtype=bool)
    rows = table.rows[measures["suppressed"].to_numpy()[table.rows["position"]]]
    hidden[rows["period"], rows["column"]] = True
    return hidden


def _proved(table: CountTable, variable: Variable, hidden: Mask, tree: Tree) -> TableProof:
    counted = ~np.isnan(variable.counts)
    least, narrow = np.inf, []
    for number, period in enumerate(table.periods):
        # A small cell that is shown has bounds of no width at all.
        bare = table.primary[number] & counted[number] & ~hidden[number]
        narrow += [(period, tree.codes[column]) for column in np.nonzero(bare)[0]]
        least = 0.0 if bare.any() else least
        if not (hidden[number] & counted[number]).any():
            continue
        found = bounds_of(tree, variable.counts[number], hidden[number], variable.width)
        least = min(least, float(found.width.min(initial=np.inf)))
        short = found.columns[found.width < variable.width - TOLERANCE]
        narrow += [(period, tree.codes[column]) for column in short]
    return TableProof(
        table=table.name,
        variable=variable.name,
        cells=int(counted[:, 1:].sum()),
        primary=int((table.primary & counted).sum()),
        secondary=int((hidden & ~table.primary & counted).sum()),
        wanted=variable.width,
        width=least,
        narrow=tuple(narrow),
    )
