"""What a bench says: ours, the baseline and their ratio, in one line."""

import statistics
from collections.abc import Sequence


def tell(what: str, ours: float, baseline: float, unit: str = "s") -> float:
    """Print one line and return how many times larger the baseline is."""
    ratio = baseline / ours
    print(f"\n{what:<58} ours {ours:9.3f} {unit:<2}  baseline {baseline:9.3f} {unit:<2}  ratio {ratio:6.2f}")
    return ratio


def p95(measured: Sequence[float]) -> float:
    """The value that 95 of 100 measurements stay below."""
    return statistics.quantiles(measured, n=20, method="inclusive")[-1]
