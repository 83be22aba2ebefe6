"""What each unit is worth at given prices of the budget and of the floors: the bound no plan exceeds, and what to fix.

At prices the roads no longer compete, so each stretch is solved by itself, in one sweep forward and one backward.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
_NEVER = -1e18


@dataclass(frozen=True, eq=False)
class Priced:
    """`best`: the most profit of all stretches; `without`, `within`: what is lost when a unit is left out or treated.

    Both are at least 0, and one of them is 0 for each unit.
    """

    best: float
    without: Numbers
    within: Numbers


def price(profit: Numbers, first: npt.NDArray[np.bool_], ends: npt.NDArray[np.int64]) -> Priced:
    """Return the best choice of runs for a profit per unit.

    `first`: where a stretch begins; `ends`: for each unit the last one a run beginning there must hold, -1 where none
    may begin. A unit that may not be treated has no run through it.
    """
    begins = np.flatnonzero(first)
    stops = [*begins[1:], len(profit)]
    best, without, within = 0.0, np.zeros(len(profit)), np.zeros(len(profit))
    values, last = profit.tolist(), ends.tolist()
    for begin, stop in zip(begins, stops, strict=True):
        whole, off, on = _stretch(
            values[begin:stop], [end - int(begin) if end >= 0 else -1 for end in last[begin:stop]]
        )
        best += whole
        without[begin:stop], within[begin:stop] = whole - np.array(off), whole - np.array(on)
    return Priced(best, without, within)


def _stretch(profit: list[float], ends: list[int]) -> tuple[float, list[float], list[float]]:
    """Return the best value of a stretch, and the best with each unit left out and with it treated.

    `free`: the best of what lies before; `joined`: the best of it where the unit before is treated in a run of any
    length, which a run from here on makes long enough.
    """
    count = len(profit)
    windows = [(begin, end) for begin, end in enumerate(ends) if end >= 0]
    before, joined_before = _sweep(profit, windows)
    turned = [(count - 1 - end, count - 1 - begin) for begin, end in windows]
    back, joined_back = _sweep(profit[::-1], turned)
    after, joined_after = back[::-1], joined_back[::-1]
    off = [before[at] + after[at + 1] for at in range(count)]
    on = [_NEVER] * count
    sums = [0.0]
    for value in profit:
        sums.append(sums[-1] + value)
    for begin, end in windows:
        value = (
            max(before[begin], joined_before[begin])
            + sums[end + 1]
            - sums[begin]
            + max(after[end + 1], joined_after[end + 1])
        )
        for at in range(begin, end + 1):
            on[at] = max(on[at], value)
    return before[count], off, on


def _sweep(profit: list[float], windows: list[tuple[int, int]]) -> tuple[list[float], list[float]]:
    """Return for each position the best of what lies before it: whole runs only, and ending in a run of any length."""
    count = len(profit)
    at_end: dict[int, list[int]] = {}
    for begin, end in windows:
        at_end.setdefault(end, []).append(begin)
    can = [False] * count
    for begin, end in windows:
        can[begin : end + 1] = [True] * (end + 1 - begin)
    free, joined = [0.0] * (count + 1), [_NEVER] * (count + 1)
    ripe = _NEVER
    sums = [0.0]
    for at in range(count):
        sums.append(sums[-1] + profit[at])
        ripe = ripe + profit[at] if can[at] else _NEVER
        for begin in at_end.get(at, ()):
            ripe = max(ripe, max(free[begin], joined[begin]) + sums[at + 1] - sums[begin])
        free[at + 1] = max(free[at], ripe)
        joined[at + 1] = profit[at] + max(free[at], joined[at]) if can[at] else _NEVER
    return free, joined
