"""One refresh, from files to a published edition.

A sector that fails keeps its last good figures, marked stale, and is named with who must act. The
edition appears whole or not at all.
"""

import time
import traceback
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from command_center import __version__
from command_center.catalog import Sector
from command_center.editions import (
    Edition,
    EditionBuilder,
    EditionIdentity,
    build_edition,
    identify,
    open_edition,
)
from command_center.editions.store import latest_id, point_latest
from command_center.errors import CommandCenterError, EditionError
from command_center.indicators.engine import SectorMeasures, measure_sector
from command_center.indicators.schema import conform, conform_coverage, conform_sources, empty_measures
from command_center.ingest.published import read_published
from command_center.kernels.owner import WarmTemplate
from command_center.maps.boundaries import load_shapes
from command_center.pages.house import House, open_house
from command_center.publishing import PublishedPage, pages_of_edition, publish_pages
from command_center.quality import load_freshness_limits
from command_center.refresh.sectors import load_verbs
from command_center.settings import Settings

# What was measured is told by name: (step, done, total).
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class SectorFailure:
    """A sector that could not be refreshed: what, where, who acts, the next step."""

    sector: str
    what: str
    where: str
    who: str
    next_step: str


@dataclass(frozen=True)
class RefreshResult:
    """The edition of a refresh and what went wrong on the way; `is_new` is False where it already existed."""

    edition: Edition
    is_new: bool
    failures: tuple[SectorFailure, ...]
    failed_pages: tuple[PublishedPage, ...]
    page_count: int
    seconds: float


def refresh(
    settings: Settings,
    as_of: date,
    *,
    sectors: Collection[str] | None = None,
    draft: bool = False,
    on_progress: Progress | None = None,
    template: WarmTemplate | None = None,
) -> RefreshResult:
    """Make and publish the edition of a date; the same inputs and code give the edition that exists already.

    `sectors` refreshes some and takes the others' figures from the latest edition. A draft is seen by
    analysts only. Raises EditionError when another refresh runs, CatalogError when a declaration is broken.
    """
    started = time.perf_counter()
    tell = on_progress or _silent
    house = open_house(settings)
    base = latest_id(settings) if sectors is not None else None
    identity = identify(settings, as_of, sectors, base=base)
    existing = _existing(settings, identity.edition_id, draft=draft)
    if existing is not None:
        return RefreshResult(existing, False, (), (), 0, time.perf_counter() - started)
    with build_edition(settings, identity.edition_id) as builder:
        run = _Run(house, builder, identity, sectors, tell)
        run.measure()
        pages = run.publish_pages(template)
        run.write_manifest(pages, time.perf_counter() - started)
        edition = builder.publish(draft=draft)
    return RefreshResult(
        edition=edition,
        is_new=True,
        failures=tuple(run.failures),
        failed_pages=tuple(page for page in pages if page.error is not None),
        page_count=len(pages),
        seconds=time.perf_counter() - started,
    )


def measure_house(
    house: House, builder: EditionBuilder, as_of: date, sectors: Collection[str]
) -> tuple[SectorFailure, ...]:
    """Measure some sectors into an edition without pages, for checks; return what failed."""
    run = _Run(house, builder, identify(house.settings, as_of, sectors), sectors, _silent)
    run.measure()
    return tuple(run.failures)


def _silent(_step: str, _done: int, _total: int) -> None:
    return None


def _existing(settings: Settings, edition_id: str, *, draft: bool) -> Edition | None:
    try:
        edition = open_edition(settings, edition_id)
    except EditionError:
        return None
    if edition.is_draft and not draft:
        # Made as a draft before: the same edition, published now.
        return None
    if not edition.is_draft and not draft:
        point_latest(settings, edition.id)
    return edition


class _Run:
    """The state of one refresh."""

    def __init__(
        self,
        house: House,
        builder: EditionBuilder,
        identity: EditionIdentity,
        sectors: Collection[str] | None,
        tell: Progress,
    ) -> None:
        self.house, self.builder, self.identity, self.tell = house, builder, identity, tell
        self.chosen = sectors
        self.failures: list[SectorFailure] = []
        self._faults: list[dict[str, object]] = []
        self._timings: dict[str, float] = {}
        self._rows: dict[str, int] = {}
        self._approximate: list[str] = []

    def measure(self) -> None:
        """Measure every chosen sector, carry the others over, and write tables and shapes."""
        parts: list[SectorMeasures] = []
        sectors = self.house.catalog.sectors
        for number, sector in enumerate(sectors):
            self.tell("measure", number, len(sectors))
            began = time.perf_counter()
            parts.append(self._measure(sector))
            self._timings[f"measure {sector.slug}"] = round(time.perf_counter() - began, 3)
        self.tell("measure", len(sectors), len(sectors))
        measures = conform(_together([part.measures for part in parts]))
        sources = conform_sources(_together([part.sources for part in parts]))
        coverage = conform_coverage(_together([part.coverage for part in parts]))
        self._faults = [asdict(fault) for part in parts for fault in part.faults]
        self._rows = {"measures": len(measures), "sources": len(sources), "coverage": len(coverage)}
        self.builder.write_table("measures", measures)
        self.builder.write_table("sources", sources)
        self.builder.write_table("coverage", coverage)
        shapes = load_shapes(self.house.settings)
        self.builder.write_shapes({"desa": shapes.desa, "kec": shapes.kec, "kab": shapes.kab})
        self._approximate = sorted(shapes.approximate_levels)
        # Pages open the edition while they are made; the full manifest replaces this one.
        self.write_manifest([], 0.0)

    def publish_pages(self, template: WarmTemplate | None) -> list[PublishedPage]:
        """Execute and render the pages of the edition."""
        addresses = pages_of_edition(self.house, self.identity.as_of, self.chosen)
        pages: list[PublishedPage] = []
        self.tell("pages", 0, len(addresses))
        for page in publish_pages(self.house, self.builder, addresses, template):
            pages.append(page)
            self.tell("pages", len(pages), len(addresses))
        return pages

    def write_manifest(self, pages: list[PublishedPage], seconds: float) -> None:
        """Write what the edition was made from and how it went."""
        made = [page for page in pages if page.error is None]
        self.builder.write_manifest(
            {
                "edition": self.identity.edition_id,
                "as_of": self.identity.as_of.isoformat(),
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "library_version": __version__,
                "code_sha256": self.identity.code_sha256,
                "inputs": self.identity.inputs,
                "notebooks": self.identity.notebooks,
                "base": self.identity.base,
                "sectors": sorted(self.chosen) if self.chosen is not None else None,
                "approximate_levels": self._approximate,
                "rows": self._rows,
                "faults": self._faults,
                "failures": [asdict(failure) for failure in self.failures],
                "pages": {
                    "count": len(made),
                    "bytes": sum(page.size_bytes for page in made),
                    "failed": [
                        {"page": page.address.url, "error": str(page.error)} for page in pages if page.error
                    ],
                },
                "timings_s": {**self._timings, "total": round(seconds, 3)},
            }
        )

    def _measure(self, sector: Sector) -> SectorMeasures:
        if self.chosen is not None and sector.slug not in self.chosen:
            return self._carried_over(sector, mark_stale=False)
        try:
            return self._measured(sector)
        except CommandCenterError as error:
            self.failures.append(
                SectorFailure(sector.slug, error.what, error.where, error.who, error.next_step)
            )
        except Exception as error:  # noqa: BLE001 - a sector's own code may fail in any way; the others go on
            self.failures.append(_code_failure(sector, error))
        return self._carried_over(sector, mark_stale=True)

    def _measured(self, sector: Sector) -> SectorMeasures:
        house = self.house
        agency_codes = frozenset(house.agencies.codes)
        tables = {
            dataset.id: read_published(house.settings, sector.slug, dataset, house.regions, agency_codes)
            for dataset in sector.datasets
            if not dataset.is_awaited
        }
        transforms, comparability = load_verbs(house.settings, sector)
        return measure_sector(
            sector,
            tables,
            transforms,
            house.regions,
            self.identity.as_of,
            load_freshness_limits(house.settings),
            comparability,
        )

    def _carried_over(self, sector: Sector, *, mark_stale: bool) -> SectorMeasures:
        """Return the sector's figures of the latest edition; none where there is no edition yet."""
        latest = latest_id(self.house.settings)
        if latest is None:
            return SectorMeasures(empty_measures(), pd.DataFrame(), (), pd.DataFrame())
        edition = open_edition(self.house.settings, latest)
        measures = edition.measures[edition.measures["sector"].eq(sector.slug)]
        if mark_stale:
            measures = measures.assign(status=measures["status"].where(measures["value"].isna(), "stale"))
        sources = edition.sources[edition.sources["sector"].eq(sector.slug)]
        return SectorMeasures(measures, sources, (), pd.DataFrame())


def _code_failure(sector: Sector, error: Exception) -> SectorFailure:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return SectorFailure(
        sector.slug,
        f"{type(error).__name__}: {error}",
        f"{Path(last.filename).name}, line {last.lineno}",
        "the analyst of the sector",
        f"command-center check {sector.slug}",
    )


def _together(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if not frame.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
