"""Whether memory grows: a line through what was measured, and how sure its slope is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Growth:
    """A slope in MiB an hour with its 95 percent interval, and how much the measurements scatter about the line."""

    per_hour: float
    low: float
    high: float
    scatter: float

    def __str__(self) -> str:
        return f"{self.per_hour:+.1f} MiB an hour (95%: {self.low:+.1f} to {self.high:+.1f}), scatter {self.scatter:.1f} MiB"


def growth(at: Sequence[float], measured: Sequence[float], window_s: float) -> Growth:
    """Return the growth of what was measured at so many seconds, by least squares over the means of windows.

    Measurements of one moment resemble each other; the means of windows that are as long as the server's rhythm (from
    publish to publish) do so much less, and only then does the interval say what it claims to.
    """
    places = np.asarray(at)
    numbers = (places // window_s).astype(int)
    wanted = [number for number in np.unique(numbers) if (numbers == number).sum() > 1]
    x = np.array([places[numbers == number].mean() for number in wanted]) / 3600
    y = np.array([np.asarray(measured)[numbers == number].mean() for number in wanted])
    line = stats.linregress(x, y)
    half = stats.t.ppf(0.975, len(x) - 2) * line.stderr
    scatter = float(np.std(y - (line.intercept + line.slope * x), ddof=2))
    return Growth(line.slope, line.slope - half, line.slope + half, scatter)
