"""Every series of an edition on its control chart: what its latest point says and how surprising that is.

Seasonal and too short series have no limits here and say so; alarms are chosen in `engine`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from command_center.signals.assurance import assurance_of, state_of
from command_center.signals.charted import RULES
from command_center.signals.control import LEAST_POINTS, ControlCharts, control_charts
from command_center.signals.lines import SeriesLine, SeriesPoint, as_matrix
from command_center.signals.rules import RuleBook
from command_center.signals.schema import conform_variation
from command_center.signals.significance import dependence, latest_p_values

# A dependence below this is what independent series of such lengths show by chance.
_NOTABLE_DEPENDENCE = 0.3


@dataclass(frozen=True)
class Variation:
    """The latest point of one line on its chart. `holds` is the special cause of the last two points alike."""

    line: SeriesLine
    n: int
    point: SeriesPoint
    mean: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    pointing: int = 0
    before: int = 0
    rules: tuple[str, ...] = ()
    p_value: float = 1.0
    dependence: float = 0.0
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the point before was a special cause in the same direction."""
        return self.pointing != 0 and self.pointing == self.before

    def is_severe(self, limits: float) -> bool:
        """Whether the latest point is further from the mean than so many times the limits."""
        return abs(self.point.value - self.mean) > limits * (self.upper - self.mean) > 0


def variations(lines: Sequence[SeriesLine], book: RuleBook) -> list[Variation]:
    """Return one variation per line, in their order."""
    alike = [line.alike for line in lines]
    charted = [
        place
        for place, line in enumerate(lines)
        if len(alike[place]) >= LEAST_POINTS and line.indicator.id not in book.seasonal
    ]
    found = dict(zip(charted, _charted(lines, alike, charted), strict=True))
    return [
        found.get(place)
        or Variation(
            line,
            len(alike[place]),
            alike[place][-1],
            note="seasonal" if line.indicator.id in book.seasonal else "short",
        )
        for place, line in enumerate(lines)
    ]


def _charted(
    lines: Sequence[SeriesLine], alike: Sequence[tuple[SeriesPoint, ...]], places: Sequence[int]
) -> list[Variation]:
    matrix = as_matrix([alike[place] for place in places])
    if not len(matrix):
        return []
    charts = control_charts(matrix)
    p_values, depends = latest_p_values(matrix), dependence(matrix)
    return [
        _one(lines[place], alike[place], charts, row, float(p_values[row]), float(depends[row]))
        for row, place in enumerate(places)
    ]


def _one(
    line: SeriesLine,
    points: tuple[SeriesPoint, ...],
    charts: ControlCharts,
    row: int,
    p_value: float,
    depends: float,
) -> Variation:
    last = len(points) - 1
    pointing = int(charts.directions[row, last])
    rules = tuple(rule for rule in RULES if pointing and int(getattr(charts, rule)[row, last]))
    return Variation(
        line,
        len(points),
        points[-1],
        float(charts.mean[row]),
        float(charts.lower[row]),
        float(charts.upper[row]),
        pointing,
        int(charts.directions[row, last - 1]),
        rules,
        # A point that no rule of the chart flags is no alarm, however unlikely: its page could not show why.
        p_value if pointing else 1.0,
        depends,
        "dependent" if depends >= _NOTABLE_DEPENDENCE else "",
    )


def target_of(line: SeriesLine) -> float | None:
    """Return the target that holds for a line's latest figure, None without one."""
    target = line.indicator.target
    if target is None:
        return None
    return target.value if target.year in (None, line.latest.parsed.year) else None


def variation_table(found: Sequence[Variation]) -> pd.DataFrame:
    """Return the variations as the table an edition keeps (schema.VARIATION_COLUMNS)."""
    return conform_variation(pd.DataFrame([_row(variation) for variation in found]))


def _row(variation: Variation) -> dict[str, object]:
    line = variation.line
    target = target_of(line)
    lower, upper = (None, None) if np.isnan(variation.mean) else (variation.lower, variation.upper)
    return {
        "sector": line.sector.slug,
        "indicator": line.indicator.id,
        "region_code": line.region_code,
        "agency_code": line.agency_code,
        "method": line.method,
        "period": variation.point.period,
        "n": variation.n,
        "value": variation.point.value,
        "mean": variation.mean,
        "lower": variation.lower,
        "upper": variation.upper,
        "pointing": variation.pointing,
        "rules": ",".join(variation.rules),
        "state": state_of(variation.pointing, line.indicator.direction),
        "target": np.nan if target is None else target,
        "assurance": assurance_of(target, lower, upper, line.indicator.direction),
        "p_value": variation.p_value,
        "dependence": variation.dependence,
        "note": variation.note,
    }
