"""Which regions every period of a dataset must have: those declared, else those it has had in most periods."""

import pandas as pd

from command_center.catalog import Dataset
from command_center.regions import RegionTree

_PLACE = frozenset({"region_code", "period", "method"})


def expected_regions(dataset: Dataset, rows: pd.DataFrame, regions: RegionTree) -> frozenset[str]:
    """Return the region codes each period must have.

    `rows` are all rows there are, with `region_code` and `counted` (the period they count for). Where the declaration
    names no levels, a region is expected that stood in more than half of the periods: one deep table does not make
    the others incomplete. Empty for a list of single records, as permits or complaints: a village without one is no gap.
    """
    fields = {field.name: field for field in dataset.table.fields}
    key = set(dataset.table.primaryKey)
    if "region_code" not in key or any(fields[name].constraints.enum is None for name in key - _PLACE):
        return frozenset()
    levels = tuple(dataset.layout.region_levels)
    if levels:
        return frozenset(region.code for region in regions if region.level in levels)
    if rows.empty:
        return frozenset()
    periods = rows.groupby("region_code")["counted"].nunique()
    return frozenset(periods.index[periods.gt(rows["counted"].nunique() / 2)].astype(str))
