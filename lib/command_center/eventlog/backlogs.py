"""Backlogs after days off: where the stock rose over a holiday far more than it ever does from day to day."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

# A run of days off is a holiday from this length: longer than a weekend with one day beside it.
SHORTEST_RUN = 4
# The stock is looked at as many working days after the run, so that one busy morning is no backlog.
AFTER = 2
# Changes beyond so many robust deviations: with some ten holidays a chance of error far below 1 in 100.
DEVIATIONS = 5.0
_NORMAL_MAD = 1.4826


@dataclass(frozen=True)
class HolidayBacklog:
    """The days off, the stock before and after them, and by how many robust deviations it rose."""

    first: date
    last: date
    wip_before: int
    wip_after: int
    deviations: float


def find_holiday_backlogs(flow: pd.DataFrame) -> tuple[HolidayBacklog, ...]:
    """Return the holidays after which more was open than the ordinary changes of the stock explain, in order of time.

    `flow` is of `daily_flow`. The change over a holiday is compared with changes over as many working days elsewhere.
    """
    working = np.flatnonzero(flow["is_working_day"].to_numpy())
    wip, days = flow["wip"].to_numpy(), flow["day"].to_numpy()
    if len(working) <= 3 * AFTER:
        return ()
    before, after = working[:-AFTER], working[AFTER:]
    change = wip[after] - wip[before]
    gap = working[1:] - working[:-1] - 1
    is_holiday = gap[: len(before)] >= SHORTEST_RUN
    touches = np.lib.stride_tricks.sliding_window_view(gap, AFTER).max(axis=1) >= SHORTEST_RUN
    ordinary = change[~touches[: len(change)]]
    if not len(ordinary):
        return ()
    middle = float(np.median(ordinary))
    spread = max(float(np.median(np.abs(ordinary - middle))) * _NORMAL_MAD, 1.0)
    found = []
    for at in np.flatnonzero(is_holiday):
        deviations = (float(change[at]) - middle) / spread
        if deviations >= DEVIATIONS:
            first, last = (_day(int(days[place])) for place in (working[at] + 1, working[at + 1] - 1))
            found.append(HolidayBacklog(first, last, int(wip[before[at]]), int(wip[after[at]]), deviations))
    return tuple(found)


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)
