"""Pick figures out of the measures table: the latest, a line, a map of regions.

One method at a time, always: figures counted in two ways are never put into one answer. Pure, no I/O.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import pandas as pd

from command_center.catalog import Indicator
from command_center.errors import CommandCenterError
from command_center.indicators.lookup import index_of
from command_center.indicators.measure import LEVEL_RANK
from command_center.indicators.schema import MEASURE_COLUMNS, empty_measures
from command_center.regions import RegionTree


class AmbiguousMethodError(CommandCenterError):
    """Figures by several methods where one was asked for and none is declared the main one."""


@dataclass(frozen=True)
class Measure:
    """One row of the measures table in plain Python: None where missing, `as_of` a date."""

    sector: str
    indicator: str
    region_code: str
    agency_code: str
    period: str
    numerator: float | None
    denominator: float | None
    value: float | None
    n: float | None
    target: float | None
    status: str
    method: str
    as_of: date | None
    source_submission: str
    suppressed: bool

    @classmethod
    def of(cls, row: pd.Series) -> Self:
        """Return a row of the measures table as a Measure."""
        return cls(**{name: _plain(row[name]) for name in MEASURE_COLUMNS})


def methods_of(
    measures: pd.DataFrame, indicator: Indicator, region_code: str | None = None
) -> tuple[str, ...]:
    """Return the methods that have rows, the main one first, then by name; () when there are no rows."""
    known = index_of(measures).of(indicator.id).methods.get(region_code, ())
    return tuple(sorted(known, key=lambda method: (method != indicator.main_method, method)))


def choose_method(measures: pd.DataFrame, indicator: Indicator, method: str | None = None) -> str:
    """Return `method`, else the indicator's main method, else the only one there is ("" without rows).

    Raises AmbiguousMethodError when several are there and none is named.
    """
    if method is not None or indicator.main_method is not None:
        return method if method is not None else str(indicator.main_method)
    known = methods_of(measures, indicator)
    if len(known) > 1:
        raise AmbiguousMethodError(
            f"{indicator.id} has figures by {len(known)} methods: {', '.join(known)}",
            where="sector.yml",
            who="the analyst",
            next_step="declare main_method, or ask for one method",
        )
    return known[0] if known else ""


def series(
    measures: pd.DataFrame,
    indicator: Indicator,
    region_code: str,
    method: str | None = None,
    agency_code: str = "",
) -> pd.DataFrame:
    """Return the rows of one line in time order, those without a value included; measures columns."""
    rows = _line(measures, indicator, region_code, method, agency_code)
    return measures.iloc[rows].reset_index(drop=True) if rows else empty_measures()


def latest(
    measures: pd.DataFrame,
    indicator: Indicator,
    region_code: str,
    method: str | None = None,
    agency_code: str = "",
) -> Measure | None:
    """Return the latest figure with a value, or one whose value is hidden as a small cell if that is later.

    If none has one the latest row (no_data); None without rows.
    """
    rows = _line(measures, indicator, region_code, method, agency_code)
    if not rows:
        return None
    # An older figure in the place of a hidden one would pass for the latest.
    hidden = measures["suppressed"].iloc[rows].tolist()
    known = [row for row, *has in zip(rows, _have_value(measures, rows), hidden, strict=True) if any(has)]
    return Measure.of(measures.iloc[known[-1] if known else rows[-1]])


def _line(
    measures: pd.DataFrame, indicator: Indicator, region_code: str, method: str | None, agency_code: str
) -> list[int]:
    chosen = choose_method(measures, indicator, method)
    return list(index_of(measures).of(indicator.id).lines.get((region_code, agency_code, chosen), ()))


def _have_value(measures: pd.DataFrame, rows: Sequence[int]) -> list[bool]:
    return measures["value"].iloc[list(rows)].notna().tolist()


def periods_of(measures: pd.DataFrame, indicator: Indicator, method: str | None = None) -> tuple[str, ...]:
    """Return the periods for which any region has a value, in time order."""
    chosen = choose_method(measures, indicator, method)
    rows = index_of(measures).of(indicator.id).by_method.get(chosen, ())
    periods = measures["period"].iloc[list(rows)][_have_value(measures, rows)]
    return tuple(dict.fromkeys(periods))


def by_region(
    measures: pd.DataFrame,
    indicator: Indicator,
    period: str,
    level: str,
    regions: RegionTree,
    method: str | None = None,
    within: str | None = None,
    agency_code: str = "",
) -> pd.DataFrame:
    """Return one row per region of a level in code order, as `region_name` and the measures columns.

    `level` desa includes kelurahan; `within` keeps to the regions below that code. A region without a row has
    missing numbers and the status no_data, so that a map shows the gap.
    """
    chosen = choose_method(measures, indicator, method)
    scope = (
        [regions.root, *regions.descendants(regions.root.code)]
        if within is None
        else regions.descendants(within)
    )
    wanted = [region for region in scope if LEVEL_RANK[region.level] == LEVEL_RANK[level]]
    frame = pd.DataFrame(
        {
            "region_code": [region.code for region in wanted],
            "region_name": [region.name for region in wanted],
        },
        dtype="str",
    )
    found = index_of(measures).of(indicator.id).by_period.get((chosen, agency_code, period), ())
    rows = measures.iloc[list(found)]
    joined = frame.merge(rows, on="region_code", how="left")
    blanks = {
        "indicator": indicator.id,
        "agency_code": agency_code,
        "period": period,
        "method": chosen,
        "status": "no_data",
        "source_submission": "",
        "suppressed": False,
        "sector": rows["sector"].iloc[0] if len(rows) else "",
    }
    for name, blank in blanks.items():
        joined[name] = joined[name].where(joined[name].notna(), blank)
    joined["suppressed"] = joined["suppressed"].astype("bool")
    return joined[["region_name", *MEASURE_COLUMNS]]


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value
