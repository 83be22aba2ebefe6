"""Suppression of a whole edition: the column `suppressed` of its measures, table by table."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from command_center.catalog import Catalog
from command_center.disclosure.past import Past
from command_center.disclosure.pattern import Pattern, choose_pattern
from command_center.disclosure.tables import CountTable, count_tables
from command_center.disclosure.tree import Tree
from command_center.indicators.schema import DISCLOSED_COLUMNS
from command_center.regions import RegionTree


@dataclass(frozen=True, eq=False)
class Suppressed:
    """The measures with their pattern, whether the past had a say in it, and what the past had shown of it."""

    measures: pd.DataFrame
    by_past: bool
    disclosed: pd.DataFrame


def suppress(
    measures: pd.DataFrame, catalog: Catalog, regions: RegionTree, past: Past | None = None
) -> Suppressed:
    """Return the measures with `suppressed` set where a figure is not for the public.

    No number is changed: roles with a mandate see them. The same tables and the same past give the same pattern;
    without a past, or with one that agrees, it follows from the tables alone. Index from 0.
    """
    tree = Tree.of(regions)
    suppressed = np.zeros(len(measures), dtype=bool)
    by_past = False
    for table in count_tables(measures, catalog, tree):
        pattern = _pattern(table, tree)
        if past is not None:
            shape = pattern.hidden.shape
            held, out = past.held(table, measures, shape), past.out(table, measures, shape)
            if (held & ~pattern.hidden).any() or (out & pattern.secondary).any():
                pattern, by_past = _pattern(table, tree, held, out), True
        suppressed[table.positions(pattern.hidden)] = True
    found = measures.assign(suppressed=suppressed)
    if past is None:
        return Suppressed(found, False, pd.DataFrame(columns=list(DISCLOSED_COLUMNS)))
    disclosed = past.disclosed(found)
    return Suppressed(found, by_past or not disclosed.empty, disclosed)


def _pattern(
    table: CountTable, tree: Tree, held: np.ndarray | None = None, out: np.ndarray | None = None
) -> Pattern:
    return choose_pattern(
        tree,
        [variable.counts for variable in table.variables],
        [variable.width for variable in table.variables],
        table.primary,
        name=table.name,
        held=held,
        never=table.lawful if out is None else table.lawful | out,
    )
