"""Which finished page a view may share: a page whose figures are the same for two views is made once.

Compares the rows that could be on a page, not the page: where in doubt a page is made twice, never shared.
"""

import pandas as pd

from command_center.access.views import EVERYTHING, INTERNAL, PUBLIK, View
from command_center.catalog import Catalog

_SHARED = (PUBLIK, INTERNAL, EVERYTHING)


def shared_view(view: View, measures: pd.DataFrame, catalog: Catalog, *, sector: str = "") -> View:
    """Return the widest-shared view under which a page shows the same: that of everybody where possible.

    `measures` is the whole table with the pattern of small cells; `sector` the slug of a page about one sector, ""
    for a page that shows all.
    """
    if view == PUBLIK:
        return view
    rows = measures[measures["sector"].eq(sector)] if sector else measures
    seen = _shown(view, rows, catalog)
    return next((other for other in _SHARED if _shown(other, rows, catalog).equals(seen)), view)


def _shown(view: View, rows: pd.DataFrame, catalog: Catalog) -> pd.Series:
    """Return for each row 0 where it is not seen, 1 where it is seen without its numbers, else 2."""
    seen = view.mask(rows, catalog).astype("int8") * 2
    if not rows["suppressed"].any():
        return seen
    withheld = rows["suppressed"] & ~view.mandate(rows, catalog)
    return seen.mask(withheld & seen.gt(0), 1)


def views_beside_publik(measures: pd.DataFrame, catalog: Catalog, *, sector: str = "") -> tuple[View, ...]:
    """Return which of the two other common views show more on a page than everybody sees, and are not the same."""
    found = (shared_view(view, measures, catalog, sector=sector) for view in (INTERNAL, EVERYTHING))
    return tuple(view for view in dict.fromkeys(found) if view != PUBLIK)
