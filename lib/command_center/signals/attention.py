"""Problems on the first page: a latest figure on the wrong side of its threshold, or a jump that asks for the data.

Reads statuses that indicators have set and differences within one method; a series by another
method is never compared. A jump is a question about the data, not a finding.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, Self

import pandas as pd
import yaml

from command_center.catalog import Catalog, Indicator, Sector
from command_center.errors import ReferenceDataError
from command_center.indicators.lookup import MeasureIndex, index_of
from command_center.indicators.rounding import shown_decimals
from command_center.settings import Settings

Kind = Literal["threshold", "jump"]
_SEVERITY = {"critical": 0, "watch": 2}
_JUMP_SEVERITY = 1


@dataclass(frozen=True)
class AttentionRules:
    """The settings of data/reference/attention.yml."""

    jump_units: tuple[str, ...]
    jump_points: float
    shown_on_home: int


@dataclass(frozen=True)
class Problem:
    """One thing to look at: an indicator in a region (and agency), in a period, by a method.

    `history` are the figures up to this one, oldest first; `decimals` how many each is shown with.
    """

    kind: Kind
    sector: str
    indicator: str
    region_code: str
    agency_code: str
    period: str
    method: str
    value: float
    status: str
    history: tuple[tuple[str, float], ...] = ()
    decimals: tuple[int | None, ...] = ()

    @property
    def severity(self) -> int:
        """0 is the most severe."""
        return _JUMP_SEVERITY if self.kind == "jump" else _SEVERITY[self.status]


def load_rules(settings: Settings) -> AttentionRules:
    """Return the rules; ReferenceDataError where the file lacks one."""
    path = settings.reference_dir / "attention.yml"
    return _read_rules(path, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=4)
def _read_rules(path: Path, _changed_ns: int) -> AttentionRules:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        jump = content["jump"]
        return AttentionRules(tuple(jump["units"]), float(jump["points"]), int(content["shown_on_home"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ReferenceDataError(
            f"The attention rules cannot be read: {error}",
            where="data/reference/attention.yml",
            who="the analyst",
            next_step="restore the file",
        ) from error


def find_problems(measures: pd.DataFrame, catalog: Catalog, rules: AttentionRules) -> tuple[Problem, ...]:
    """Return the problems of an edition, most severe first; the regency before its parts, then in menu order."""
    figures = _Figures.of(measures)
    found = [
        problem
        for sector, indicator in catalog.indicators
        for problem in _problems_of(figures, sector, indicator, rules)
    ]
    order = {sector.slug: sector.order for sector in catalog.sectors}
    return tuple(
        sorted(
            found,
            key=lambda p: (p.severity, p.region_code.count("."), order[p.sector], p.indicator, p.region_code),
        )
    )


@dataclass(frozen=True)
class _Figures:
    """The measures as plain columns: every line of every indicator is looked at, and pandas takes its time."""

    index: MeasureIndex
    values: list[float]
    periods: list[str]
    statuses: list[str]
    dates: list[pd.Timestamp]
    usable: list[bool]
    numerators: list[float]
    denominators: list[float]

    @classmethod
    def of(cls, measures: pd.DataFrame) -> Self:
        return cls(
            index=index_of(measures),
            values=measures["value"].tolist(),
            periods=measures["period"].tolist(),
            statuses=measures["status"].tolist(),
            dates=measures["as_of"].tolist(),
            usable=(measures["value"].notna() & ~measures["suppressed"]).tolist(),
            numerators=measures["numerator"].tolist(),
            denominators=measures["denominator"].tolist(),
        )

    def decimals(self, row: int, indicator: Indicator) -> int | None:
        return shown_decimals(indicator, self.values[row], self.numerators[row], self.denominators[row])

    def usable_rows(self, rows: Sequence[int]) -> list[int]:
        """Return the usable rows of a line by the day they stand for."""
        return sorted((row for row in sorted(rows) if self.usable[row]), key=self.dates.__getitem__)


def _problems_of(
    figures: _Figures, sector: Sector, indicator: Indicator, rules: AttentionRules
) -> Iterator[Problem]:
    for (region, agency, method), found in figures.index.of(indicator.id).lines.items():
        rows = figures.usable_rows(found)
        if not rows or (indicator.main_method is not None and method != indicator.main_method):
            continue
        history = tuple((figures.periods[row], figures.values[row]) for row in rows)
        status = figures.statuses[rows[-1]]
        kind: Kind
        if indicator.unit in rules.jump_units and _jumps(history, rules.jump_points):
            kind = "jump"
        elif status in _SEVERITY:
            kind = "threshold"
        else:
            continue
        period, value = history[-1]
        yield Problem(
            kind=kind,
            sector=sector.slug,
            indicator=indicator.id,
            region_code=region,
            agency_code=agency,
            period=period,
            method=method,
            value=value,
            status=status,
            history=history,
            decimals=tuple(figures.decimals(row, indicator) for row in rows),
        )


def _jumps(history: tuple[tuple[str, float], ...], points: float) -> bool:
    return any(abs(later - earlier) > points for (_, earlier), (_, later) in pairwise(history))
