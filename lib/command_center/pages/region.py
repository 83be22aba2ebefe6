"""The profile of a region: all sectors at a glance, for whoever answers for the place."""

from dataclasses import dataclass
from functools import cached_property

from command_center.locale import Language
from command_center.pages.addresses import region_page, sector_page
from command_center.pages.blocks import Block, join, render, trusted
from command_center.pages.context import PageContext, open_context
from command_center.pages.frame import page_bottom, page_top, region_switch
from command_center.pages.locator import locator_map
from command_center.pages.problems import ProblemCard, problem_cards
from command_center.pages.readings import Reading, read
from command_center.pages.sources import source_table
from command_center.theme import sample_stamp_html


@dataclass(frozen=True)
class RegionPage:
    """One region at one edition."""

    context: PageContext

    @cached_property
    def readings(self) -> tuple[tuple[str, str, tuple[Reading, ...]], ...]:
        """Sector name, link to its page here, and the readings that have a figure for this region, seen or hidden."""
        context = self.context
        return tuple(
            (
                sector.name.in_language(context.language),
                context.link(sector_page(sector.slug, context.region.code)),
                tuple(
                    reading
                    for indicator in sector.indicators
                    if (reading := read(context, sector, indicator)).is_shown
                ),
            )
            for sector in context.house.catalog.sectors
        )

    def top(self) -> Block:
        """Return the head of the page with the facts that identify the region."""
        return join(page_top(self.context, lead=self._identity()), region_switch(self.context))

    def _identity(self) -> str:
        context, locale, region = self.context, self.context.locale, self.context.region
        facts = [
            locale.t("Kemendagri code {code}", code=region.code),
            locale.t("BPS code {code}", code=region.bps_code),
        ]
        below = context.house.regions.children(region.code)
        if below:
            count = len(below)
            if region.level == "kab":
                facts.append(
                    locale.tn(
                        "{count} sub-district",
                        "{count} sub-districts",
                        count,
                        count=locale.number(count, 0),
                    )
                )
            else:
                villages = sum(child.level == "desa" for child in below)
                facts.append(
                    locale.t(
                        "{villages} villages, {wards} urban villages",
                        villages=locale.number(villages, 0),
                        wards=locale.number(count - villages, 0),
                    )
                )
        if region.area_km2 is not None:
            facts.append(locale.t("{area} km²", area=locale.number(region.area_km2, 2)))
        return " · ".join(facts)

    def overview(self) -> Block:
        """Return every figure known for the region by sector, beside the map and the open problems."""
        locale = self.context.locale
        code = self.context.region.code
        return render(
            "region",
            heading=locale.t("What is known about this region"),
            sectors=self.readings,
            no_figure=locale.t("No figure of these items reaches this level yet"),
            columns=(
                locale.t("Indicator"),
                locale.t("Figure"),
                locale.t("Period"),
                locale.t("Status"),
                locale.t("Agency"),
            ),
            map=locator_map(self.context),
            problem_heading=locale.t("Needs a decision or an answer"),
            problems=self._problems(code),
            no_problem=locale.t("No figure of this region is on the wrong side of its threshold."),
            stamp=trusted(sample_stamp_html(locale)),
        )

    def _problems(self, code: str) -> tuple[ProblemCard, ...]:
        return tuple(
            problem
            for problem in problem_cards(self.context)
            if problem.region_code == code or problem.region_code.startswith(f"{code}.")
        )

    def bottom(self) -> Block:
        """Return the sources of the page's figures and the foot."""
        readings = [reading for _, _, found in self.readings for reading in found]
        return join(source_table(self.context, readings), page_bottom(self.context))


def open_region(region: str = "", *, edition: str = "latest", language: Language = "id") -> RegionPage:
    """Return the profile of a region ("" is the whole regency); UnknownRegionError or EditionError otherwise."""
    return RegionPage(open_context(region_page(region), edition, language))
