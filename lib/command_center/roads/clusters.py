"""Reports of one defect: within so many metres of a road and so many days of each other.

Reports are linked in pairs and what is linked is one defect; so the order in which they came does not matter.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]


def cluster(road: Positions, sta_m: Numbers, day: Positions, within_m: float, within_days: int) -> Positions:
    """Return the number of each report's defect, from 0 in the order of road and station; -1 without a place."""
    number = np.full(len(road), -1, dtype="int64")
    placed = np.flatnonzero((road >= 0) & ~np.isnan(sta_m))
    order = placed[np.lexsort((sta_m[placed], road[placed]))]
    roads, stations, days = road[order], sta_m[order], day[order]
    left: list[Positions] = []
    right: list[Positions] = []
    at = np.arange(len(order))
    step = 1
    # The n-th neighbour along the road, for those that still have one near enough.
    while True:
        at = at[at + step < len(order)]
        reach = (roads[at + step] == roads[at]) & (stations[at + step] - stations[at] <= within_m)
        at = at[reach]
        if not at.size:
            break
        soon = np.abs(days[at + step] - days[at]) <= within_days
        left.append(at[soon])
        right.append(at[soon] + step)
        step += 1
    rows = np.concatenate(left) if left else np.zeros(0, dtype="int64")
    columns = np.concatenate(right) if right else rows
    links = coo_array((np.ones(len(rows), dtype="int8"), (rows, columns)), shape=(len(order), len(order)))
    _, found = connected_components(links, directed=False)
    number[order] = pd.factorize(found)[0]
    return number


def defects(reports: pd.DataFrame) -> pd.DataFrame:
    """Return one row per defect: road, from and to station, first and last day, reports, distinct reporters.

    `reports`: cluster, road_code, sta_m, reported_on, reporter_hash (may be missing: each such report counts as
    one reporter). Reports without a cluster (-1) are left out.
    """
    known = reports[reports["cluster"].ge(0)]
    reporter = known.get("reporter_hash", pd.Series("", index=known.index)).fillna("").astype("str")
    alone = pd.Series(known.index, index=known.index).astype("str").radd("report ")
    table = known.assign(reporter=reporter.where(reporter.ne(""), alone)).groupby("cluster", sort=True)
    return table.agg(
        road_code=("road_code", "first"),
        from_m=("sta_m", "min"),
        to_m=("sta_m", "max"),
        first_on=("reported_on", "min"),
        last_on=("reported_on", "max"),
        reports=("cluster", "size"),
        reporters=("reporter", "nunique"),
    ).reset_index()
