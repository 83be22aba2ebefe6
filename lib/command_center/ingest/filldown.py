"""Cells written only in the first row of a group, as under a merged cell, filled from the cell above."""

import numpy as np

from command_center.cleaning.columns import Distinct, distinct, text_column
from command_center.ingest.sheetwork import SheetWork


def fill_down(work: SheetWork) -> None:
    """Fill the empty cells of the columns the layout names from the last filled cell above, and note each."""
    for name in work.dataset.layout.fill_down:
        if name in work.texts:
            _fill(work, name)


def _fill(work: SheetWork, name: str) -> None:
    column = distinct(work.texts[name])
    blank = ~column.spread(column.matches(r"[^\s\x{a0}\x{202f}]", digits=True), False)
    above = np.where(blank, -1, np.arange(len(blank)))
    source = np.maximum.accumulate(above) if above.size else above
    filled = blank & (source >= 0)
    if not filled.any():
        return
    codes = np.where(filled, column.codes[np.maximum(source, 0)], column.codes)
    work.note("filled_down", name, filled)
    work.texts[name] = text_column(Distinct(column.texts, codes))
