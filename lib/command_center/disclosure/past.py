"""What readers already have from earlier editions: numbers that are out protect nothing any more.

A table that did not change has the same pattern in every edition, since its pattern follows from its own numbers
alone. Where an agency corrects a number the pattern may grow: what was hidden stays hidden, and no cell whose
number is out unchanged is taken to protect another, so that two editions laid side by side give nothing away.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from command_center.disclosure.tables import CountTable
from command_center.disclosure.tree import Mask
from command_center.indicators.schema import DISCLOSED_COLUMNS, KEY_COLUMNS

_AMOUNTS = ("numerator", "denominator")


@dataclass(frozen=True, eq=False)
class Past:
    """Keys that the edition before hid, and keys with the numbers that it or an earlier one showed."""

    hidden: pd.DataFrame
    shown: pd.DataFrame

    def held(self, table: CountTable, measures: pd.DataFrame, shape: tuple[int, int]) -> Mask:
        """Return the cells of a table that were hidden before."""
        return self._cells(self.hidden, list(KEY_COLUMNS), table, measures, shape)

    def out(self, table: CountTable, measures: pd.DataFrame, shape: tuple[int, int]) -> Mask:
        """Return the cells of a table whose numbers were shown before and are the same now."""
        return self._cells(self.shown, list(DISCLOSED_COLUMNS), table, measures, shape)

    def disclosed(self, measures: pd.DataFrame) -> pd.DataFrame:
        """Return what was shown before and is hidden now, for the next edition; DISCLOSED_COLUMNS."""
        now = measures.loc[measures["suppressed"], list(KEY_COLUMNS)]
        return self.shown.merge(now, on=list(KEY_COLUMNS))[list(DISCLOSED_COLUMNS)].drop_duplicates()

    def _cells(
        self,
        known: pd.DataFrame,
        keys: list[str],
        table: CountTable,
        measures: pd.DataFrame,
        shape: tuple[int, int],
    ) -> Mask:
        own = measures.loc[table.rows["position"], keys]
        found = own.merge(known[keys].drop_duplicates(), on=keys, how="left", indicator="found")["found"]
        rows = table.rows[found.eq("both").to_numpy()]
        cells = np.zeros(shape, dtype=bool)
        cells[rows["period"], rows["column"]] = True
        return cells


def past_of(measures: pd.DataFrame, disclosed: pd.DataFrame, indicators: frozenset[str]) -> Past:
    """Return what the edition before has given away of some indicators.

    `measures` are its figures with the pattern in `suppressed`, `disclosed` its own list of what was out before.
    """
    own = measures[measures["indicator"].isin(indicators)]
    shown = own.loc[~own["suppressed"], list(DISCLOSED_COLUMNS)]
    # A column without any number comes back from disk without a type.
    before = disclosed[list(DISCLOSED_COLUMNS)].astype(dict.fromkeys(_AMOUNTS, "float64"))
    return Past(
        hidden=own.loc[own["suppressed"], list(KEY_COLUMNS)],
        shown=pd.concat([shown, before], ignore_index=True) if len(before) else shown,
    )
