"""The home page: what is wrong, how sure we are, and the nine items in the client's order."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from command_center.catalog import Sector
from command_center.charts import figure_html
from command_center.locale import Language
from command_center.maps.draw import choropleth
from command_center.pages.addresses import HOME, briefing_page, readiness_page, region_page, sector_page
from command_center.pages.blocks import Block, join, render, trusted
from command_center.pages.cards import spark
from command_center.pages.context import PageContext, open_context
from command_center.pages.frame import page_bottom, page_top
from command_center.pages.problems import ProblemCard, problem_cards
from command_center.pages.readings import Reading, read
from command_center.pages.workflow_strip import strip_of
from command_center.signals import load_rules
from command_center.theme import sample_stamp_html

# None, one, two or three, four and more.
PROBLEM_EDGES = (1, 2, 4)


@dataclass(frozen=True)
class HomePage:
    """The first page at one edition."""

    context: PageContext

    @cached_property
    def problems(self) -> tuple[ProblemCard, ...]:
        return problem_cards(self.context)

    def top(self) -> Block:
        """Return the head of the page."""
        locale = self.context.locale
        oldest = self._oldest()
        lead = locale.t(
            "{supplied} of {total} datasets supplied; oldest figure on this page: {oldest}.",
            supplied=locale.number(self._supplied(), 0),
            total=locale.number(len(self.context.house.catalog.datasets), 0),
            oldest=oldest.as_of if oldest is not None else locale.missing,
        )
        return page_top(self.context, lead=lead, is_wide=True)

    def attention(self) -> Block:
        """Return the most severe problems, at most as many as the rules allow on this page."""
        locale = self.context.locale
        shown = load_rules(self.context.house.settings).shown_on_home
        hidden = len(self.problems) - shown
        return render(
            "problems",
            heading=locale.t("Needs a decision or an answer"),
            problems=self.problems[:shown],
            more=locale.tn("{n} more problem", "{n} more problems", hidden) if hidden > 0 else "",
            rest=self.problems[shown:],
            no_problem=locale.t("No figure is on the wrong side of its threshold."),
        )

    def tiles(self) -> Block:
        """Return the tile of every item beside the map, the briefing and the state of the data."""
        locale = self.context.locale
        return render(
            "home",
            heading=locale.t("The items"),
            tiles=[
                self._tile(sector) for sector in self.context.house.catalog.sectors if sector.home == "tile"
            ],
            strips=[
                strip_of(self.context, sector)
                for sector in self.context.house.catalog.sectors
                if sector.home == "strip"
            ],
            map_heading=locale.t("The regency"),
            map=self._map(),
            briefing_heading=locale.t("Morning briefing"),
            briefing_link=self.context.link(briefing_page(self.context.as_of)),
            briefing_label=locale.t("Read the briefing of {date}", date=locale.date(self.context.as_of)),
            data_heading=locale.t("State of the data"),
            supplied=self._supplied(),
            total=len(self.context.house.catalog.datasets),
            data_sentence=locale.t(
                "{supplied} of {total} datasets have figures; the others are owed by their agencies.",
                supplied=locale.number(self._supplied(), 0),
                total=locale.number(len(self.context.house.catalog.datasets), 0),
            ),
            data_link=self.context.link(readiness_page()),
            data_link_label=locale.t("Who owes what, and how sound it is"),
            words={"as_of": locale.t("as of")},
            stamp=trusted(sample_stamp_html(locale)),
        )

    def bottom(self) -> Block:
        """Return the foot of the page."""
        return join(page_bottom(self.context))

    def _tile(self, sector: Sector) -> dict[str, object]:
        context = self.context
        reading = self._reading(sector, sector.page.headline)
        return {
            "slug": sector.slug,
            "name": sector.name.in_language(context.language),
            "link": context.link(sector_page(sector.slug, context.house.regions.root.code)),
            "reading": reading,
            "spark": spark(context, reading) if reading.has_value else "",
            "beside": [self._reading(sector, indicator) for indicator in sector.page.beside],
        }

    def _reading(self, sector: Sector, indicator: str) -> Reading:
        return read(self.context, sector, sector.indicator(indicator), self.context.house.regions.root.code)

    def _map(self) -> str:
        context, locale = self.context, self.context.locale
        counts = {region.code: 0.0 for region in context.house.regions.districts}
        for problem in self.problems:
            regions = context.house.regions
            for region in (*regions.ancestors(problem.region_code), regions.get(problem.region_code)):
                if region.code in counts:
                    counts[region.code] += 1
        figure = choropleth(
            context.shapes["kec"],
            counts,
            locale=locale,
            title=locale.t("Open problems per sub-district"),
            links={code: context.link(region_page(code)) for code in counts},
            decimals=0,
            edges=PROBLEM_EDGES,
            hue="oranges",
            is_approximate="kec" in context.approximate_levels,
        )
        return trusted(figure_html(figure, locale))

    def _supplied(self) -> int:
        return sum(not dataset.is_awaited for _, dataset in self.context.house.catalog.datasets)

    def _oldest(self) -> Reading | None:
        shown = [
            reading
            for sector in self.context.house.catalog.sectors
            if sector.home == "tile"
            if (reading := self._reading(sector, sector.page.headline)).has_value
        ]
        return min(shown, key=lambda reading: reading.as_of_date or date.max, default=None)


def open_home(*, edition: str = "latest", language: Language = "id") -> HomePage:
    """Return the home page of an edition; EditionError where there is none."""
    return HomePage(open_context(HOME, edition, language))
