"""From breaches to an alarm: raised after several periods or one severe breach, ended only well below the threshold.

Reads the history alone and keeps no state: the same figures always give the same alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from command_center.signals.conditions import Standing


@dataclass(frozen=True)
class Raised:
    """An alarm as it stands at the latest figure. `since` is the period in which its breach began.

    `is_new` where it was raised by the latest figure, `is_ended` where the latest figure ended it.
    """

    standing: Standing
    since: str
    is_severe: bool
    is_new: bool
    is_ended: bool = False


def raised(history: Sequence[Standing], *, periods: int, severe: float | None, clear: float) -> Raised | None:
    """Return the alarm at the end of a history, oldest first; None where none is raised or just ended."""
    is_raised, in_a_row, since, raised_at, ended = False, 0, "", -1, False
    for place, standing in enumerate(history):
        ended = False
        if standing.is_breach:
            in_a_row += 1
            since = since or standing.point.period
            is_severe = severe is not None and standing.margin > severe
            if not is_raised and (in_a_row >= periods or is_severe):
                is_raised, raised_at = True, place
        else:
            in_a_row = 0
            if is_raised and standing.margin < -clear:
                is_raised, ended = False, True
            elif not is_raised:
                since = ""
        if ended and place < len(history) - 1:
            since = ""
    if not history or not (is_raised or ended):
        return None
    last = history[-1]
    return Raised(
        standing=last,
        since=since,
        is_severe=severe is not None and last.margin > severe,
        is_new=is_raised and raised_at == len(history) - 1,
        is_ended=ended,
    )
