"""The figures of a refresh: measured where the files allow it, carried over from the last edition where not.

One sector's failure never stops another: its last good figures stand, marked stale, and who must act is named.
"""

import hashlib
import time
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from command_center.catalog import BrokenSector, Catalog, Sector
from command_center.contracts import SourceTable
from command_center.disclosure import Past, past_of, suppress
from command_center.editions import Edition
from command_center.errors import CatalogError, CommandCenterError
from command_center.indicators.engine import measure_sector
from command_center.indicators.schema import conform, conform_coverage, conform_sources
from command_center.ingest.submissions.current import read_current
from command_center.pages.house import House
from command_center.quality import conform_readiness, load_freshness_limits, load_readiness_rules
from command_center.refresh.last_good import carried, failures_of, last_good, with_last_good
from command_center.refresh.parts import Fault, SectorFailure, SectorPart
from command_center.refresh.readiness import judge_by_scores, score_sector
from command_center.refresh.reports import make_report
from command_center.refresh.sectors import load_verbs
from command_center.regions import RegionTree

# What was done is told by name: (step, done, total).
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class HouseMeasures:
    """All that an edition says: declarations, tables, faults, and which sectors failed.

    `measures` has the pattern of small cells; `disclosed` is what earlier editions showed of it.

    `carried_sha256` is a hash of what does not come from today's files, "" where all does: with the files it
    decides the content.
    """

    catalog: Catalog
    measures: pd.DataFrame
    sources: pd.DataFrame
    coverage: pd.DataFrame
    disclosed: pd.DataFrame
    scores: pd.DataFrame
    faults: tuple[Fault, ...]
    failures: tuple[SectorFailure, ...]
    seconds: Mapping[str, float]
    carried_sha256: str
    reports: Mapping[str, Mapping[str, pd.DataFrame]] = field(default_factory=dict)


def measure_house(
    house: House,
    as_of: date,
    *,
    sectors: Collection[str] | None = None,
    base: Edition | None = None,
    on_progress: Progress | None = None,
) -> HouseMeasures:
    """Measure the given sectors (None is all); the others, and those that fail, are carried over from `base`.

    A carried sector keeps the declaration it had there; one that `base` does not have is left out.
    """
    tell = on_progress or no_progress
    parts: list[SectorPart] = []
    failures: list[SectorFailure] = []
    broken = {sector.slug: sector.error for sector in house.catalog.broken}
    broken |= {error.slug: error.error for error in unknown_owners(house)}
    declared = {sector.slug: sector for sector in house.catalog.sectors if sector.slug not in broken}
    slugs = sorted({*declared, *broken})
    for number, slug in enumerate(slugs):
        tell("measure", number, len(slugs))
        if sectors is not None and slug not in sectors:
            parts += carried(base, slug)
            failures += failures_of(base, slug)
            continue
        try:
            if slug in broken:
                raise broken[slug]
            part, lost = _measured(house, declared[slug], as_of, base)
            parts.append(part)
            failures += lost
        except CommandCenterError as error:
            failures.append(SectorFailure(slug, error.what, error.where, error.who, error.next_step))
            parts += last_good(base, slug, declared.get(slug))
        except Exception as error:  # noqa: BLE001 - a sector's own code may fail in any way; the others go on
            failures.append(code_failure(house.settings.sectors_dir / slug, error))
            parts += last_good(base, slug, declared.get(slug))
    tell("measure", len(slugs), len(slugs))
    return _together(parts, failures, house.regions, base)


def unknown_owners(house: House) -> tuple[BrokenSector, ...]:
    """Return the sectors that name an agency which does not exist: no page could say who answers for a figure."""
    known = frozenset(house.agencies.codes)
    return tuple(
        BrokenSector(
            sector.slug,
            CatalogError(
                f"owner {', '.join(unknown)} is no agency",
                where=f"sectors/{sector.slug}/sector.yml",
                who="the analyst who changed the declaration",
                next_step="choose a code of data/reference/agencies.csv",
            ),
        )
        for sector in house.catalog.sectors
        if (unknown := sorted(_owners(sector) - known))
    )


def _owners(sector: Sector) -> set[str]:
    named = [sector.owner, *sector.supporting]
    named += [dataset.owner for dataset in sector.datasets if dataset.owner]
    named += [indicator.owner for indicator in sector.indicators if indicator.owner]
    return set(named)


def no_progress(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _measured(
    house: House, sector: Sector, as_of: date, base: Edition | None
) -> tuple[SectorPart, list[SectorFailure]]:
    """Return a sector's part, with the last good figures of the datasets that cannot be read, and these by name.

    Raises what the reading of the first raised where none can be read, or where there are no earlier figures.
    """
    began = time.perf_counter()
    tables, lost = _read(house, sector)
    earlier = carried(base, sector.slug)
    if lost and not (tables and earlier):
        raise next(iter(lost.values()))
    part = _part(house, sector, tables, as_of, began)
    if lost:
        part = with_last_good(part, earlier[0], lost)
    return part, [
        SectorFailure(sector.slug, error.what, error.where, error.who, error.next_step, name)
        for name, error in lost.items()
    ]


def _read(house: House, sector: Sector) -> tuple[dict[str, SourceTable], dict[str, CommandCenterError]]:
    """Return the tables of a sector that can be read, and why the others cannot."""
    agency_codes = frozenset(house.agencies.codes)
    tables: dict[str, SourceTable] = {}
    lost: dict[str, CommandCenterError] = {}
    for dataset in sector.datasets:
        try:
            table = read_current(house.settings, sector.slug, dataset, house.regions, agency_codes)
        except CommandCenterError as error:
            lost[dataset.id] = error
            continue
        if table is not None:
            tables[dataset.id] = table
    return tables, lost


def _part(
    house: House, sector: Sector, tables: Mapping[str, SourceTable], as_of: date, began: float
) -> SectorPart:
    sector = _supplied(sector, tables)
    transforms, comparability = load_verbs(house.settings, sector)
    limits = load_freshness_limits(house.settings)
    found = measure_sector(sector, tables, transforms, house.regions, as_of, limits, comparability)
    sources = conform_sources(found.sources)
    scores = score_sector(house, sector, tables, found.faults, as_of)
    rules = load_readiness_rules(house.settings)
    return SectorPart(
        sector=sector,
        measures=judge_by_scores(found.measures, sources, scores, sector, rules),
        sources=sources,
        coverage=found.coverage,
        scores=scores,
        faults=tuple(asdict(fault) for fault in found.faults),
        report=make_report(house.settings, sector, tables, as_of),
        seconds=time.perf_counter() - began,
    )


def _supplied(sector: Sector, tables: Mapping[str, SourceTable]) -> Sector:
    """Return the sector with the file of each dataset that only submissions supply: it is awaited no more.

    Samples supply nothing: who owes such a dataset still owes it.
    """
    sent = {name: [file.path for file in table.files if not file.is_sample] for name, table in tables.items()}
    datasets = tuple(
        dataset.model_copy(update={"file": sent[dataset.id][-1]})
        if dataset.is_awaited and sent.get(dataset.id)
        else dataset
        for dataset in sector.datasets
    )
    return sector.model_copy(update={"datasets": datasets})


def _together(
    parts: list[SectorPart], failures: list[SectorFailure], regions: RegionTree, base: Edition | None
) -> HouseMeasures:
    ordered = sorted(parts, key=lambda part: (part.sector.order, part.sector.slug))
    catalog = Catalog(tuple(part.sector for part in ordered))
    past = _past(base, catalog)
    suppressed = suppress(conform(_stacked([part.measures for part in ordered])), catalog, regions, past)
    carried = _hash_of([part for part in ordered if part.carried], failures)
    if suppressed.by_past and base is not None:
        # The pattern then follows from more than today's files.
        carried = hashlib.sha256(f"{carried}|{base.id}".encode()).hexdigest()
    return HouseMeasures(
        catalog=catalog,
        measures=suppressed.measures,
        disclosed=suppressed.disclosed,
        sources=conform_sources(_stacked([part.sources for part in ordered])),
        coverage=conform_coverage(_stacked([part.coverage for part in ordered])),
        scores=conform_readiness(_stacked([part.scores for part in ordered])),
        faults=tuple(fault for part in ordered for fault in part.faults),
        failures=tuple(failures),
        seconds={part.sector.slug: round(part.seconds, 3) for part in ordered if not part.carried},
        carried_sha256=carried,
        reports={part.sector.slug: part.report for part in ordered if part.report},
    )


def _past(base: Edition | None, catalog: Catalog) -> Past | None:
    """Return what the edition before gave away; None where there is none, or it knew no small cells yet."""
    if base is None or not base.manifest.get("small_cells"):
        return None
    declared = frozenset(
        indicator.id for _, indicator in catalog.indicators if indicator.small_cells is not None
    )
    return past_of(base.figures, base.disclosed, declared)


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if not frame.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _hash_of(carried: list[SectorPart], failures: list[SectorFailure]) -> str:
    if not carried and not failures:
        return ""
    whole = hashlib.sha256(repr(failures).encode())
    for part in carried:
        whole.update(part.sector.model_dump_json().encode())
        whole.update(repr(part.faults).encode())
        for frame in (part.measures, part.sources, part.coverage, part.scores):
            whole.update(frame.to_csv(index=False, date_format="%Y-%m-%d").encode())
    return whole.hexdigest()


def code_failure(folder: Path, error: Exception) -> SectorFailure:
    """Return what an error of a sector's own code means: the line of its folder, and how to see it again."""
    frames = traceback.extract_tb(error.__traceback__)
    # The last line of the sector's own, not the line of a library that it led to.
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    last = (own or frames)[-1]
    return SectorFailure(
        folder.name,
        f"{type(error).__name__}: {error}",
        f"{Path(last.filename).name}, line {last.lineno}",
        "the analyst of the sector",
        f"command-center check {folder.name}",
    )
