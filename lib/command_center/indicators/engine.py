"""All figures of one sector from its tables: measure, roll up, judge, name the sources.

Pure: tables in, tables out. It does not know where a table came from nor where the figures go, and a fault
never stops the other figures.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from command_center.catalog import SAMPLE_METHOD, Indicator, Sector
from command_center.contracts import ROW_INDEX, SourceTable
from command_center.indicators.faults import PLACE, MeasureFault, fault_at
from command_center.indicators.measure import measure_indicator
from command_center.indicators.rollup import roll_up
from command_center.indicators.schema import KEY_COLUMNS, conform, conform_coverage, empty_measures
from command_center.indicators.sources import sources_of
from command_center.indicators.status import judge, years_of
from command_center.quality import FreshnessLimits
from command_center.regions import RegionTree

Transform = Callable[[pd.DataFrame], pd.DataFrame]
Comparability = Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True, eq=False)
class SectorMeasures:
    """One sector's figures, their sources, what is wrong with them, and every roll-up that was tried.

    The tables have MEASURE_COLUMNS, SOURCE_COLUMNS and COVERAGE_COLUMNS.
    """

    measures: pd.DataFrame
    sources: pd.DataFrame
    faults: tuple[MeasureFault, ...]
    coverage: pd.DataFrame


def measure_sector(
    sector: Sector,
    tables: Mapping[str, SourceTable],
    transforms: Mapping[str, Transform],
    regions: RegionTree,
    edition_date: date,
    freshness: FreshnessLimits,
    comparability: Comparability | None = None,
) -> SectorMeasures:
    """Return every figure of the sector that its tables give; a dataset without a table gives none.

    `tables` and `transforms` are keyed by dataset id. A transform is a pure function from the table as read
    (its row numbers in `source_row`) to a tidy one; it may keep `source_row` and set `comparable` per row.
    `comparability` sees all figures of the sector, rolled up and with a `comparable` column, and returns True
    per row (same index) where a figure may be held against others: for a rule that needs another indicator.
    The same tables give the same bytes; another order of their rows changes only the row a source names.
    """
    tidy = {name: _tidy(table, transforms.get(name)) for name, table in tables.items()}
    parts: list[pd.DataFrame] = []
    coverage: list[pd.DataFrame] = []
    faults: list[MeasureFault] = []
    for indicator in sector.indicators:
        known = [name for name in indicator.datasets if name in tables]
        found = [
            measure_indicator(sector, indicator.fed_by(name), tables[name], regions, tidy[name])
            for name in known
        ]
        if not found:
            continue
        faults += [fault for measured in found for fault in measured.faults]
        rows, repeated = _once(sector, indicator, [measured.rows for measured in found])
        faults += repeated
        rolled = roll_up(sector, indicator, rows, regions)
        parts.append(_labelled(sector, indicator, rolled.rows))
        coverage.append(rolled.coverage)
        faults += rolled.faults
    figures = pd.concat(parts, ignore_index=True) if parts else empty_measures().assign(comparable=True)
    figures = figures.sort_values(list(KEY_COLUMNS), kind="stable", ignore_index=True)
    figures = _judged(sector, figures, edition_date, freshness, comparability)
    faults += _later_than(figures, edition_date)
    faults += _without_main_method(sector, figures)
    return SectorMeasures(
        conform(figures),
        sources_of(sector, tables, figures["source_submission"]),
        tuple(sorted(faults)),
        conform_coverage(pd.concat(coverage, ignore_index=True) if coverage else pd.DataFrame()),
    )


def _tidy(table: SourceTable, transform: Transform | None) -> pd.DataFrame:
    """Return the table after its transform; sample rows go through it apart and carry the sample's method."""
    numbered = table.frame.assign(**{ROW_INDEX: table.frame.index}).reset_index(drop=True)
    is_sample = table.sample_rows.reset_index(drop=True)
    if not is_sample.any():
        return _transformed(numbered, transform)
    invented = _transformed(numbered[is_sample].reset_index(drop=True), transform)
    invented = invented.assign(method=SAMPLE_METHOD)
    if is_sample.all():
        return invented
    real = _transformed(numbered[~is_sample].reset_index(drop=True), transform)
    return pd.concat([real, invented], ignore_index=True)


def _transformed(table: pd.DataFrame, transform: Transform | None) -> pd.DataFrame:
    return table if transform is None else transform(table)


def _once(
    sector: Sector, indicator: Indicator, tables: list[pd.DataFrame]
) -> tuple[pd.DataFrame, list[MeasureFault]]:
    """Return the figures of all feeds; where two carry the same one the earlier feed's stands, and it is told."""
    if len(tables) == 1:
        return tables[0], []
    together = pd.concat([table for table in tables if not table.empty] or tables[:1], ignore_index=True)
    again = together.duplicated(list(PLACE))
    faults = [
        fault_at(sector.slug, indicator.id, "two_datasets_one_figure", row, value=f"{row['value']:g}")
        for row in together[again].to_dict("records")
    ]
    return together[~again].reset_index(drop=True), faults


def _labelled(sector: Sector, indicator: Indicator, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        sector=sector.slug,
        indicator=indicator.id,
        target=_targets(indicator, rows["period"]),
        suppressed=False,
        status="",
    )


def _targets(indicator: Indicator, periods: pd.Series) -> pd.Series:
    """Return the target each period is held against; missing where the target is of another year."""
    target = indicator.target
    if target is None:
        return pd.Series(np.nan, index=periods.index)
    values = pd.Series(target.value, index=periods.index, dtype="float64")
    return values if target.year is None else values.where(years_of(periods).eq(target.year))


def _judged(
    sector: Sector,
    figures: pd.DataFrame,
    edition_date: date,
    freshness: FreshnessLimits,
    comparability: Comparability | None,
) -> pd.DataFrame:
    comparable = figures["comparable"].astype("bool")
    if comparability is not None:
        comparable &= comparability(figures.copy()).reindex(figures.index).astype("bool")
    status = pd.Series("", index=figures.index, dtype="str")
    for indicator in sector.indicators:
        own = figures["indicator"].eq(indicator.id)
        if not own.any():
            continue
        status[own] = judge(
            figures[own],
            indicator,
            cadence=indicator.cadence or sector.dataset(indicator.dataset).cadence,
            comparable=comparable[own],
            freshness=freshness,
            edition_date=edition_date,
        )
    return figures.assign(status=status, comparable=comparable)


def _later_than(figures: pd.DataFrame, edition_date: date) -> list[MeasureFault]:
    late = figures[figures["as_of"].gt(pd.Timestamp(edition_date)) & figures["value"].notna()]
    return [
        MeasureFault(
            str(sector),
            str(indicator),
            "as_of_after_edition",
            value=f"{dates.max():%Y-%m-%d}",
            expected=edition_date.isoformat(),
            count=len(dates),
            severity="warning",
        )
        for (sector, indicator), dates in late.groupby(["sector", "indicator"])["as_of"]
    ]


def _without_main_method(sector: Sector, figures: pd.DataFrame) -> list[MeasureFault]:
    faults = []
    for indicator in sector.indicators:
        methods = sorted(figures.loc[figures["indicator"].eq(indicator.id), "method"].unique())
        methods = [method for method in methods if method != SAMPLE_METHOD]
        if len(methods) > 1 and indicator.main_method is None:
            faults.append(
                MeasureFault(sector.slug, indicator.id, "main_method_missing", value=", ".join(methods))
            )
    return faults
