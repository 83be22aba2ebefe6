"""The page of one sector: what a dashboard notebook opens and shows, cell by cell."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from command_center.catalog import Dataset, Indicator, Sector
from command_center.locale import Language
from command_center.pages.addresses import sector_page
from command_center.pages.blocks import Block, join, render
from command_center.pages.cards import absent_list, card_grid
from command_center.pages.context import PageContext, open_context
from command_center.pages.explorer import Explorer
from command_center.pages.frame import page_bottom, page_top, region_switch
from command_center.pages.kept import kept_block
from command_center.pages.panel import Panel
from command_center.pages.readings import Reading, is_told, read
from command_center.pages.sources import source_table


@dataclass(frozen=True)
class SectorPage:
    """One sector in one region at one edition."""

    context: PageContext
    sector: Sector
    filters: Mapping[str, str]

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Every indicator of the sector in this region, in the order of the declaration."""
        return tuple(read(self.context, self.sector, indicator) for indicator in self.sector.indicators)

    def top(self) -> Block:
        """Return the head of the page: bar, breadcrumb, title, the question this sector answers."""
        return kept_block(self.context, "top", self._top)

    def _top(self) -> Block:
        lead = self.sector.question.in_language(self.context.language)
        return join(page_top(self.context, lead=lead), region_switch(self.context))

    def cards(self) -> Block:
        """Return a card per indicator that has a figure here."""
        return kept_block(self.context, "cards", lambda: card_grid(self.context, self.readings))

    def explorer(self) -> Panel | Block:
        """Return the panel with controls for period, comparison and threshold."""
        here, root = self.context.region.code, self.context.house.regions.root.code
        known = self._told_in(here) or self._told_in(root)
        return Explorer(self.context, self.sector, known or self.sector.indicators).panel(self.filters)

    def _told_in(self, region: str) -> tuple[Indicator, ...]:
        """The indicators of which there is something to tell in a region."""
        return tuple(one for one in self.sector.indicators if is_told(self.context, one, region))

    def awaited(self) -> Block:
        """Return the indicators without a figure here, and who is to supply which dataset that nobody has supplied."""
        return kept_block(self.context, "awaited", self._awaited)

    def _awaited(self) -> Block:
        absent = absent_list(self.context, self.readings)
        locale = self.context.locale
        waiting = [dataset for dataset in self.sector.datasets if dataset.is_awaited]
        if not waiting:
            return absent
        table = render(
            "awaited",
            heading=locale.t("Data not supplied yet"),
            columns=(
                locale.t("Dataset"),
                locale.t("Who is to supply it"),
                locale.t("How often"),
                locale.t("Indicators"),
            ),
            rows=[self._awaited_row(dataset) for dataset in waiting],
        )
        return join(absent, table)

    def _awaited_row(self, dataset: Dataset) -> tuple[str, str, str, str]:
        context = self.context
        return (
            dataset.title.in_language(context.language),
            context.agency_name(dataset.owner or self.sector.owner),
            cadence_word(context, dataset.cadence),
            ", ".join(
                indicator.name.in_language(context.language)
                for indicator in self.sector.indicators
                if dataset.id in indicator.datasets
            ),
        )

    def story(self) -> Block:
        """Return what a reader must know before trusting the figures."""
        return render(
            "story",
            heading=self.context.locale.t("How to read these figures"),
            text=self.sector.story.in_language(self.context.language),
        )

    def sources(self) -> Block:
        """Return where each figure of this page comes from, and the foot of the page."""
        return kept_block(self.context, "sources", self._sources)

    def _sources(self) -> Block:
        return join(source_table(self.context, self.readings), page_bottom(self.context))


def cadence_word(context: PageContext, cadence: str) -> str:
    """Return how often a dataset is promised, in words."""
    t = context.locale.t
    return {
        "daily": t("daily"),
        "weekly": t("weekly"),
        "monthly": t("monthly"),
        "tranche": t("per tranche"),
        "quarterly": t("quarterly"),
        "semester": t("per semester"),
        "yearly": t("yearly"),
        "irregular": t("irregular"),
    }[cadence]


def open_sector(
    slug: str, region: str = "", *, edition: str = "latest", language: Language = "id", **filters: str
) -> SectorPage:
    """Return the page of a sector for a region ("" is the whole regency).

    `filters` are the values of the explorer's controls; unknown ones fall back to the page's own
    choice. Raises CatalogError, UnknownRegionError or EditionError, each saying what to do.
    """
    context = open_context(sector_page(slug, region), edition, language)
    # A page shows regions near its own; an analysis, which reads all of them, opens the context itself.
    near = context.edition.of_sector(slug, context.house.regions.near(context.region.code))
    return SectorPage(replace(context, edition=near), context.house.catalog.sector(slug), filters)
