"""What one sector brings to an edition: its part, or why it has none. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from command_center.catalog import Sector

Fault = Mapping[str, Any]


@dataclass(frozen=True)
class SectorFailure:
    """A sector that could not be refreshed, or one dataset of it: what, where, who acts, the next step."""

    sector: str
    what: str
    where: str
    who: str
    next_step: str
    dataset: str = ""


@dataclass(frozen=True, eq=False)
class SectorPart:
    """What one sector brings to an edition; `carried` where it comes from an earlier one."""

    sector: Sector
    measures: pd.DataFrame
    sources: pd.DataFrame
    coverage: pd.DataFrame
    faults: tuple[Fault, ...]
    scores: pd.DataFrame
    seconds: float = 0.0
    carried: bool = False
    report: Mapping[str, pd.DataFrame] = field(default_factory=dict)
