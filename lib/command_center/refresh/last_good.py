"""The last good figures of what could not be refreshed: of a whole sector, or of the datasets that cannot be read.

They come from an earlier edition, unchanged but for their status: stale.
"""

from collections.abc import Collection

import pandas as pd

from command_center.catalog import Sector
from command_center.editions import Edition
from command_center.indicators.schema import KEY_COLUMNS, conform, conform_coverage, conform_sources
from command_center.quality import conform_readiness
from command_center.refresh.parts import SectorFailure, SectorPart


def carried(base: Edition | None, slug: str) -> list[SectorPart]:
    """Return the sector as `base` has it, nothing where it has none."""
    if base is None:
        return []
    return [
        SectorPart(
            sector=sector,
            measures=base.measures[base.measures["sector"].eq(slug)],
            sources=base.sources[base.sources["sector"].eq(slug)],
            coverage=base.coverage[base.coverage["sector"].eq(slug)],
            scores=base.readiness[base.readiness["sector"].eq(slug)],
            faults=tuple(fault for fault in base.manifest["faults"] if fault["sector"] == slug),
            carried=True,
            report=base.reports(slug),
        )
        for sector in base.catalog.sectors
        if sector.slug == slug
    ]


def failures_of(base: Edition | None, slug: str) -> list[SectorFailure]:
    """Return what failed of the sector when `base` was made."""
    failures = [] if base is None else base.manifest["failures"]
    return [SectorFailure(**failure) for failure in failures if failure["sector"] == slug]


def last_good(base: Edition | None, slug: str, declared: Sector | None) -> list[SectorPart]:
    """Return the sector's last good figures, stale; without figures where it never had any."""
    parts = carried(base, slug)
    if not parts:
        return [] if declared is None else [without_figures(declared)]
    part = parts[0]
    status = part.measures["status"].where(part.measures["value"].isna(), "stale")
    stale = part.measures.assign(status=status)
    return [
        SectorPart(
            part.sector,
            stale,
            part.sources,
            part.coverage,
            part.faults,
            part.scores,
            part.seconds,
            carried=True,
            report=part.report,
        )
    ]


def without_figures(sector: Sector) -> SectorPart:
    """Return the part of a sector that never had a figure."""
    nothing = pd.DataFrame()
    return SectorPart(
        sector,
        conform(nothing),
        conform_sources(nothing),
        conform_coverage(nothing),
        (),
        conform_readiness(nothing),
    )


def with_last_good(part: SectorPart, base: SectorPart, lost: Collection[str]) -> SectorPart:
    """Return a sector's part with the last good figures of the datasets that were lost, stale; the others as they are."""
    known = {indicator.id for indicator in part.sector.indicators}
    sources = base.sources[base.sources["dataset"].isin(lost)]
    old = base.measures[
        base.measures["source_submission"].isin(sources["source_submission"])
        & base.measures["indicator"].isin(known)
    ]
    # Where another dataset carries the same figure today, that one stands.
    keys = pd.MultiIndex.from_frame(part.measures[list(KEY_COLUMNS)])
    old = old[~pd.MultiIndex.from_frame(old[list(KEY_COLUMNS)]).isin(keys)]
    old = old.assign(status=old["status"].where(old["value"].isna(), "stale"))
    coverage = base.coverage[
        _lines(base.coverage).isin(_lines(old)) & ~_lines(base.coverage).isin(_lines(part.coverage))
    ]
    scores = base.scores[base.scores["dataset"].isin(lost)]
    return SectorPart(
        sector=part.sector,
        measures=conform(_stacked(part.measures, old)),
        sources=conform_sources(_stacked(part.sources, sources)),
        coverage=conform_coverage(_stacked(part.coverage, coverage)),
        faults=part.faults,
        scores=conform_readiness(_stacked(part.scores[~part.scores["dataset"].isin(lost)], scores)),
        seconds=part.seconds,
        carried=True,
        report=part.report,
    )


def _lines(table: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[["indicator", "method"]])


def _stacked(*frames: pd.DataFrame) -> pd.DataFrame:
    filled = [frame for frame in frames if not frame.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
