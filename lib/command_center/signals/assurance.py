"""Whether a stable process can be relied on to meet its target, and what its latest special cause means.

Reads limits and directions of charts; judges by the declared direction alone, and not at all without one.
"""

from typing import Literal

Assurance = Literal["pass", "fail", "hit_or_miss", "none"]
State = Literal["common_cause", "improvement", "concern", "high", "low"]


def assurance_of(target: float | None, lower: float | None, upper: float | None, direction: str) -> Assurance:
    """Return pass or fail where the target lies outside the limits, hit_or_miss where it lies inside or on one.

    `direction` is "up" where more is better, "down" where less is; with neither, without a target or without
    limits there is none.
    """
    if target is None or lower is None or upper is None or direction not in ("up", "down"):
        return "none"
    if lower <= target <= upper:
        return "hit_or_miss"
    is_below = target < lower
    return "pass" if is_below == (direction == "up") else "fail"


def state_of(pointing: int, direction: str) -> State:
    """Return what the latest point says: `pointing` is 1 for a high special cause, -1 for a low one, 0 for none."""
    if pointing == 0:
        return "common_cause"
    if direction not in ("up", "down"):
        return "high" if pointing > 0 else "low"
    return "improvement" if (pointing > 0) == (direction == "up") else "concern"
