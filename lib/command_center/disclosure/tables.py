"""Tables of counts out of the measures: what is hidden and shown together, as arrays over periods and regions.

Only indicators that declare small cells are looked at, and of those only tables that reach below the regency.
Indicators of a sector that share a protected column are one table: what one hides the other may not tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from command_center.catalog import Catalog, Indicator, Sector
from command_center.disclosure.tree import Mask, Numbers, Tree
from command_center.locale import parse_period

_PARTS = ("numerator", "denominator")
_TABLE = ["agency_code", "method"]


@dataclass(frozen=True, eq=False)
class Variable:
    """One protected count of one indicator: (periods, columns), NaN where nothing was reported."""

    indicator: str
    count: str
    counts: Numbers
    width: float

    @property
    def name(self) -> str:
        """Indicator and count, such as "HLT8.remainder"."""
        return f"{self.indicator}.{self.count}"


@dataclass(frozen=True, eq=False)
class CountTable:
    """What is hidden and shown together: the indicators of one table, by one method and for one agency.

    `rows` has the position in the measures of each figure with its place in the arrays (`period`, `column`);
    `primary` are the small cells below the regency, `lawful` the totals that stay open.
    """

    name: str
    periods: tuple[str, ...]
    variables: tuple[Variable, ...]
    rows: pd.DataFrame
    primary: Mask
    lawful: Mask

    def positions(self, cells: Mask) -> NDArray[np.int64]:
        """Return the positions in the measures of the figures in some cells."""
        chosen = cells[self.rows["period"], self.rows["column"]]
        positions: NDArray[np.int64] = self.rows.loc[chosen, "position"].to_numpy()
        return positions


def count_tables(measures: pd.DataFrame, catalog: Catalog, tree: Tree) -> Iterator[CountTable]:
    """Yield the tables of the indicators that declare small cells, in the order of the catalog.

    `measures` has the columns of indicators.schema, index from 0. Regions outside the tree are left out.
    """
    columns = {code: number for number, code in enumerate(tree.codes)}
    for sector in catalog.sectors:
        for linked in _linked(sector):
            ids = [indicator.id for indicator in linked]
            own = measures[measures["sector"].eq(sector.slug) & measures["indicator"].isin(ids)]
            own = own.assign(column=own["region_code"].map(columns)).dropna(subset="column")
            if not own["column"].gt(0).any():
                continue
            for key, part in own.groupby(_TABLE, sort=True):
                yield _table(linked, part, tree, "|".join((*ids, *(str(one) for one in key))))


def _linked(sector: Sector) -> list[list[Indicator]]:
    """Return the indicators with small cells, those that share a protected column together."""
    groups: list[list[Indicator]] = []
    for indicator in sector.indicators:
        if indicator.small_cells is None:
            continue
        joined = [group for group in groups if any(_shares(indicator, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(one for group in joined for one in group), indicator])
    return groups


def _shares(one: Indicator, other: Indicator) -> bool:
    return bool(_protected(one) & _named(other) or _protected(other) & _named(one))


def _protected(indicator: Indicator) -> set[str]:
    counts = indicator.small_cells.counts if indicator.small_cells else ()
    # Who knows the numerator, and the denominator that may be open, knows the remainder.
    parts = [part for part in _PARTS if part in counts or (part == "numerator" and "remainder" in counts)]
    return _named(indicator, tuple(parts))


def _named(indicator: Indicator, parts: tuple[str, ...] = _PARTS) -> set[str]:
    formulas = [indicator.formula, *(feed.formula for feed in indicator.feeds if feed.formula is not None)]
    names = {getattr(formula, part) for formula in formulas for part in parts}
    return {name for name in names if name is not None}


def _table(linked: list[Indicator], part: pd.DataFrame, tree: Tree, name: str) -> CountTable:
    periods = tuple(sorted(part["period"].unique()))
    place = {period: number for number, period in enumerate(periods)}
    rows = pd.DataFrame(
        {
            "position": part.index.to_numpy(),
            "indicator": part["indicator"],
            "period": part["period"].map(place).astype("int64"),
            "column": part["column"].astype("int64"),
        }
    )
    shape = (len(periods), len(tree))
    primary, lawful = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    variables: list[Variable] = []
    for indicator in linked:
        own = part["indicator"].eq(indicator.id)
        cells = (rows.loc[own, "period"].to_numpy(), rows.loc[own, "column"].to_numpy())
        numbers = {one: _spread(part.loc[own, one], cells, shape) for one in _PARTS}
        variables += _variables(indicator, numbers)
        lawful[:, 0] |= _lawful(indicator, periods)
        rules = indicator.small_cells
        if rules is not None and indicator.formula.denominator is not None:
            primary |= numbers["denominator"] < rules.least_denominator
    for variable in variables:
        primary |= variable.counts < variable.width
    primary[:, 0] = False
    return CountTable(name, periods, tuple(variables), rows, primary, lawful)


def _variables(indicator: Indicator, numbers: dict[str, Numbers]) -> Iterator[Variable]:
    rules = indicator.small_cells
    if rules is None:
        return
    numbers = numbers | {"remainder": numbers["denominator"] - numbers["numerator"]}
    for count in rules.counts:
        counts = numbers[count]
        # More than all is a fault of the data, told elsewhere; nobody is counted by it.
        yield Variable(indicator.id, count, np.where(counts < 0, np.nan, counts), float(rules.below))


def _spread(
    values: pd.Series, cells: tuple[NDArray[np.int64], NDArray[np.int64]], shape: tuple[int, int]
) -> Numbers:
    out = np.full(shape, np.nan)
    out[cells] = values.to_numpy()
    return out


def _lawful(indicator: Indicator, periods: tuple[str, ...]) -> NDArray[np.bool_]:
    totals = indicator.small_cells.lawful_totals if indicator.small_cells else None
    grains = () if totals is None else totals.periods
    return np.array([parse_period(period).grain in grains for period in periods])
