"""Columns that agencies leave out because the delivery says them: the period due, the source, the date, the method.

What is supplied is told, and nothing that the sheet says itself is replaced.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.contracts.schema import PERIOD_COLUMN
from command_center.ingest.faultlog import Place
from command_center.ingest.sheetwork import SheetWork
from command_center.locale import LocaleError, parse_period

AS_OF_COLUMN = "as_of"


def supply_absent(work: SheetWork) -> None:
    """Give the columns the sheet lacks what the delivery says of them.

    The period is the one due; a text is the context's; `as_of` is the end of the row's period, at the latest the
    day the file came.
    """
    due, context = work.context.expected_period, work.context
    if due and _is_absent(work, PERIOD_COLUMN):
        work.values[PERIOD_COLUMN] = np.full(len(work.rows), due, dtype=object)
    for name, text in context.supplied.items():
        if _is_absent(work, name):
            work.values[name] = np.full(len(work.rows), text, dtype=object)
            _tell(work, name)
    if context.supplied and _is_absent(work, AS_OF_COLUMN) and PERIOD_COLUMN in work.values:
        work.values[AS_OF_COLUMN] = _ends(work.values[PERIOD_COLUMN], context.received_on)
        _tell(work, AS_OF_COLUMN)


def is_supplied(work: SheetWork, name: str) -> bool:
    """Return whether a field that the sheet lacks comes from the delivery."""
    if name == PERIOD_COLUMN:
        return bool(work.context.expected_period)
    has_period = work.has(PERIOD_COLUMN) or bool(work.context.expected_period)
    return name in work.context.supplied or (
        name == AS_OF_COLUMN and bool(work.context.supplied) and has_period
    )


def _is_absent(work: SheetWork, name: str) -> bool:
    return name in work.fields and not work.has(name)


def _tell(work: SheetWork, name: str) -> None:
    work.log.sheet("column_supplied", name, Place(name))


def _ends(periods: npt.NDArray[np.object_], latest: date) -> npt.NDArray[np.datetime64]:
    texts = pd.Series(periods, dtype="object")
    ends = {text: _end(str(text), latest) for text in texts.dropna().unique()}
    return pd.to_datetime(texts.map(ends)).to_numpy(dtype="datetime64[ns]")


def _end(period: str, latest: date) -> date | None:
    try:
        return min(parse_period(period).end, latest)
    except LocaleError:
        return None  # The period itself is told where it stands.
