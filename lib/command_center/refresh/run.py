"""One refresh, from files to a published edition.

A sector that fails keeps its last good figures, marked stale, and is named with who must act. The
edition appears whole or not at all.
"""

import time
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from command_center import __version__
from command_center.access import PUBLIK
from command_center.calendar import load_calendar
from command_center.decisions import Verdicts
from command_center.editions import (
    Edition,
    EditionBuilder,
    EditionIdentity,
    EditionWriter,
    identify,
    latest_id,
    open_edition,
    write_editions,
)
from command_center.editions.store import REPORTS
from command_center.errors import EditionError
from command_center.maps.boundaries import Shapes, load_shapes
from command_center.pages.addresses import PageAddress, problem_page
from command_center.pages.house import House, open_house
from command_center.publishing import PublishedPage, Workshop, pages_of_edition, publish_pages
from command_center.quality import load_readiness_rules
from command_center.refresh.measuring import (
    HouseMeasures,
    Progress,
    measure_house,
    no_progress,
)
from command_center.refresh.parts import SectorFailure
from command_center.refresh.readiness import faults_of_submissions, history_of, unfit_places
from command_center.refresh.roads import write_roads
from command_center.settings import Settings
from command_center.signals.attention import load_rules
from command_center.signals.engine import HouseSignals, find_signals
from command_center.signals.rules import load_rule_book


@dataclass(frozen=True)
class PageFailure:
    """A page that could not be made, and why."""

    url: str
    error: str


@dataclass(frozen=True)
class RefreshResult:
    """The edition of a refresh and what went wrong on the way; `is_new` is False where it already existed."""

    edition: Edition
    is_new: bool
    seconds: float

    @property
    def failures(self) -> tuple[SectorFailure, ...]:
        """The sectors that show their last good figures."""
        return tuple(SectorFailure(**failure) for failure in self.edition.manifest["failures"])

    @property
    def failed_pages(self) -> tuple[PageFailure, ...]:
        """The pages that were not made."""
        return tuple(
            PageFailure(page["page"], page["error"]) for page in self.edition.manifest["pages"]["failed"]
        )

    @property
    def page_count(self) -> int:
        """How many pages were to be made."""
        return int(self.edition.manifest["pages"]["count"]) + len(self.failed_pages)


def refresh(
    settings: Settings,
    as_of: date,
    *,
    sectors: Collection[str] | None = None,
    draft: bool = False,
    on_progress: Progress | None = None,
) -> RefreshResult:
    """Make and publish the edition of a date; the same inputs and code give the edition that exists already.

    `sectors` refreshes some and takes the others from the latest edition. A draft is seen by analysts only.
    Raises EditionError when another process writes editions, or where `sectors` has no edition to build on;
    CatalogError for a sector that does not exist.
    """
    started = time.perf_counter()
    tell = on_progress or no_progress
    house = open_house(settings)
    _refuse_unknown(house, sectors)
    # The tools of the pages start while the figures are measured.
    with write_editions(settings) as writer, ExitStack() as open_tools:
        base = _base(settings, sectors)
        verdicts = Verdicts.of(settings).fingerprint()
        identity = identify(settings, as_of, sectors, verdicts=verdicts)
        existing = _existing(writer, identity, draft=draft) if sectors is None else None
        if existing is not None:
            return RefreshResult(existing, False, time.perf_counter() - started)
        workshop = open_tools.enter_context(Workshop()) if pages_of_edition(house, as_of, sectors) else None
        measured = measure_house(house, as_of, sectors=sectors, base=base, on_progress=tell)
        if measured.carried_sha256:
            identity = identify(settings, as_of, sectors, carried=measured.carried_sha256, verdicts=verdicts)
            existing = _existing(writer, identity, draft=draft)
            if existing is not None:
                return RefreshResult(existing, False, time.perf_counter() - started)
        with writer.build(identity.edition_id) as builder:
            run = EditionRun(
                house.with_catalog(measured.catalog),
                builder,
                identity,
                measured,
                load_shapes(settings),
                sectors,
                base,
            )
            run.write_tables()
            pages = run.publish_pages(workshop, tell)
            run.write_manifest(pages, time.perf_counter() - started)
            edition = builder.publish(draft=draft)
    return RefreshResult(edition, True, time.perf_counter() - started)


def _refuse_unknown(house: House, sectors: Collection[str] | None) -> None:
    broken = {sector.slug for sector in house.catalog.broken}
    for slug in sectors or ():
        if slug not in broken:
            house.catalog.sector(slug)


def _base(settings: Settings, sectors: Collection[str] | None) -> Edition | None:
    """Return the edition whose figures may be carried over."""
    if latest_id(settings) is not None:
        return open_edition(settings)
    if sectors is None:
        return None
    raise EditionError(
        "There is no edition yet from which the other sectors' figures could be taken",
        where="data/editions",
        who="the analyst",
        next_step="command-center refresh, without --sector",
    )


def _existing(writer: EditionWriter, identity: EditionIdentity, *, draft: bool) -> Edition | None:
    """Return the edition of this identity where it was made before; published now, unless a draft is asked for."""
    try:
        edition = open_edition(writer.settings, identity.edition_id)
    except EditionError:
        return None
    return edition if draft else writer.promote(edition.id)


@dataclass(frozen=True, eq=False)
class EditionRun:
    """One edition being filled: first with what pages read, then with pages."""

    house: House
    builder: EditionBuilder
    identity: EditionIdentity
    measured: HouseMeasures
    shapes: Shapes
    sectors: Collection[str] | None = None
    base: Edition | None = None

    def write_tables(self) -> None:
        """Write declarations, figures, shapes and a first manifest; pages open the edition while they are made."""
        self.builder.write_catalog(self.measured.catalog)
        self.builder.write_table("measures", self.measured.measures)
        self.builder.write_table("sources", self.measured.sources)
        self.builder.write_table("coverage", self.measured.coverage)
        if not self.measured.disclosed.empty:
            self.builder.write_table("disclosed", self.measured.disclosed)
        found = self._signals()
        self.builder.write_table("signals", found.signals)
        self.builder.write_table("variation", found.variation)
        self.builder.write_table("readiness", self.measured.scores)
        settings, as_of = self.house.settings, self.identity.as_of
        samples = self.house.profile.uses_samples
        self.builder.write_table("submission_faults", faults_of_submissions(settings, samples=samples))
        self.builder.write_table("readiness_history", history_of(settings, self.measured.scores, as_of))
        for slug, report in self.measured.reports.items():
            for name, table in report.items():
                self.builder.write_table(f"{REPORTS}/{slug}/{name}", table)
        self.builder.write_shapes({"desa": self.shapes.desa, "kec": self.shapes.kec, "kab": self.shapes.kab})
        write_roads(self.house, self.builder, self.base, self.identity.as_of)
        self.write_manifest([], 0.0)

    def _signals(self) -> HouseSignals:
        settings, measured = self.house.settings, self.measured
        return find_signals(
            measured.measures,
            measured.catalog,
            self.house.regions,
            load_rule_book(settings),
            load_rules(settings),
            load_calendar(settings),
            self.identity.as_of,
            rejected=Verdicts.of(settings).rejected(),
            poor=unfit_places(
                measured.measures,
                measured.sources,
                measured.scores,
                measured.catalog.sectors,
                load_readiness_rules(settings),
            ),
        )

    def _problem_pages(self) -> list[PageAddress]:
        """Return the pages of the alarms of the day that everybody may see; others are made when asked for."""
        raised = Edition(self.builder.path).seen_by(PUBLIK).signals
        most = load_rule_book(self.house.settings).most_a_day
        return [problem_page(name) for name in raised.loc[raised["state"].eq("raised"), "id"].head(most)]

    def publish_pages(self, workshop: Workshop | None, tell: Progress) -> list[PublishedPage]:
        """Execute and render the pages of the edition."""
        addresses = pages_of_edition(self.house, self.identity.as_of, self.sectors)
        if addresses:
            addresses += self._problem_pages()
        pages: list[PublishedPage] = []
        tell("pages", 0, len(addresses))
        for page in publish_pages(self.house, self.builder, addresses, workshop):
            pages.append(page)
            tell("pages", len(pages), max(len(addresses), len(pages)))
        return pages

    def write_manifest(self, pages: list[PublishedPage], seconds: float) -> None:
        """Write what the edition was made from and how it went."""
        made = [page for page in pages if page.error is None]
        measured = self.measured
        self.builder.write_manifest(
            {
                "edition": self.identity.edition_id,
                "as_of": self.identity.as_of.isoformat(),
                "made_at": datetime.now(UTC).isoformat(timespec="microseconds"),
                "library_version": __version__,
                "code_sha256": self.identity.code_sha256,
                "inputs": self.identity.inputs,
                "notebooks": self.identity.notebooks,
                "carried_from": self.base.id if self.base and measured.carried_sha256 else None,
                "carried_sha256": measured.carried_sha256 or None,
                "sectors": sorted(self.sectors) if self.sectors is not None else None,
                "approximate_levels": sorted(self.shapes.approximate_levels),
                "rows": {
                    "measures": len(measured.measures),
                    "sources": len(measured.sources),
                    "coverage": len(measured.coverage),
                },
                "small_cells": {
                    "hidden": int(measured.measures["suppressed"].sum()),
                    "shown_before": len(measured.disclosed),
                },
                "faults": list(measured.faults),
                "failures": [asdict(failure) for failure in measured.failures],
                "pages": {
                    "count": len(made),
                    "bytes": sum(page.size_bytes for page in made),
                    "files": {page.file.as_posix(): page.size_bytes for page in made},
                    "failed": [
                        {"page": page.address.url, "error": str(page.error)} for page in pages if page.error
                    ],
                },
                "timings_s": {
                    "measure": dict(measured.seconds),
                    "pages": {page.file.as_posix(): round(page.seconds, 3) for page in made},
                    "total": round(seconds, 3),
                },
            }
        )
