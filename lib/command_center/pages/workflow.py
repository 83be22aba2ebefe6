"""The page of a workflow: how much came in, how fast it went, unit by unit. Reads a sector's report; computes nothing.

The report is of `report.py` in the sector's folder; an edition without one says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from command_center.catalog import Sector
from command_center.charts import figure_html, trend
from command_center.locale import Language
from command_center.pages.addresses import sector_page
from command_center.pages.blocks import Block, join, render, trusted
from command_center.pages.context import PageContext, open_context
from command_center.pages.frame import page_bottom, page_top, region_switch
from command_center.pages.panel import Control, Filters, Panel
from command_center.pages.workflow_parts import Row, facts_block, rows_of, section, table
from command_center.pages.workflow_words import (
    check_text,
    count_text,
    cycle_text,
    date_text,
    few_text,
    hours_text,
    little_text,
    percent_text,
)
from command_center.regions import UnknownAgencyError

UNIT = "unit"


@dataclass(frozen=True)
class Workflow:
    """A sector's report in one region at one edition, with what its pages share."""

    context: PageContext
    sector: Sector

    def of(self, name: str) -> pd.DataFrame:
        """Return a table of the report, empty where there is none."""
        return self.context.edition.report(self.sector.slug, name)

    @cached_property
    def facts(self) -> Mapping[str, object]:
        """The single figures of the log; empty where there is no log."""
        table = self.of("facts")
        return {} if table.empty else {str(name): value for name, value in table.iloc[0].items()}

    @property
    def is_sample(self) -> bool:
        """Whether the log was invented."""
        return bool(self.facts.get("is_sample"))

    @property
    def unit(self) -> str:
        """The unit the page is about: the region, "" for the whole."""
        code = self.context.region.code
        return "" if code == self.context.house.regions.root.code else code

    @cached_property
    def known_units(self) -> frozenset[str]:
        """The codes of all units of the log."""
        units = self.of("units")
        return frozenset() if units.empty else frozenset(units["unit"].astype(str))

    def name_of(self, code: str) -> str:
        """Return the name of a unit: a region's, an agency's, else its code."""
        if not code:
            return self.context.locale.t("All units")
        if code.startswith(f"{self.context.house.regions.root.code}."):
            return self.context.region_name(code)
        try:
            return self.context.agency_name(code)
        except UnknownAgencyError:
            return self.context.locale.t("Unit {code}", code=code)

    def link_of(self, code: str) -> str:
        """Return the link to the page of a unit that is a region, "" for others."""
        if not code.startswith(f"{self.context.house.regions.root.code}."):
            return ""
        return self.context.link(sector_page(self.sector.slug, code))

    def top(self) -> Block:
        """Return the head of the page with the links to its further pages."""
        lead = self.sector.question.in_language(self.context.language)
        return join(page_top(self.context, lead=lead), self._links())

    def _links(self) -> Block:
        context, here = self.context, self.context.address.part
        root = context.house.regions.root.code
        titles = {"": context.locale.t("Summary")}
        titles |= {part.id: part.title.in_language(context.language) for part in self.sector.page.parts}
        return render(
            "workflow_links",
            label=self.sector.name.in_language(context.language),
            entries=[
                {"label": title, "is_here": part == here,
                 "link": context.link(sector_page(self.sector.slug, root, part))}
                for part, title in titles.items()
            ],
        )  # fmt: skip

    def absent(self) -> Block:
        """Return the sentence of an edition that has no event log."""
        locale = self.context.locale
        text = locale.t(
            "There is no event log yet. {owner} is to supply it: command-center letters FILE --keep",
            owner=self.context.agency_name(self.sector.owner),
        )
        return section(self, "no-log", locale.t("Event log"), (text,), Block(trusted("")))

    def bottom(self) -> Block:
        """Return how to read the figures, and the foot of the page."""
        story = render(
            "story",
            heading=self.context.locale.t("How to read these figures"),
            text=self.sector.story.in_language(self.context.language),
        )
        return join(story, page_bottom(self.context))


@dataclass(frozen=True)
class WorkflowPage(Workflow):
    """The first page: the figures of the whole or of one unit, the months, the units below."""

    filters: Mapping[str, str]

    def switch(self) -> Block:
        """Return the list of regions below and beside this one."""
        return region_switch(self.context)

    def summary(self) -> Panel | Block:
        """Return the figures of one unit, with a control to choose another one where the page is of the whole."""
        if not self.facts:
            return self.absent()
        if self.unit:
            return self._of_unit({UNIT: self.unit})
        locale = self.context.locale
        words = {
            "starting": locale.t("Starting the live page…"),
            "connecting": locale.t("Connecting the controls…"),
            "ready": "",
            "failed": locale.t("The live page cannot be reached; this page stays as it is."),
            "full": locale.t(
                "All live pages are in use; this page stays as it is. Try again in a few minutes."
            ),
            "group": locale.t("Choose what is shown"),
        }
        chosen = self.filters.get(UNIT, "")
        return Panel(
            self._controls, self._of_unit, {UNIT: chosen if chosen in self.known_units else ""}, words
        )

    def _controls(self, filters: Filters) -> tuple[Control, ...]:
        units = self.of("units")["unit"].astype(str)
        root = f"{self.context.house.regions.root.code}."
        # Villages have pages of their own; a list of hundreds is none.
        shown = [code for code in units if not code.startswith(root) or code.count(".") == 2]
        options = [
            ("", self.name_of("")),
            *sorted(((code, self.name_of(code)) for code in shown), key=_by_name),
        ]
        return (
            Control(UNIT, self.context.locale.t("Unit"), filters.get(UNIT, ""), tuple(options), initial=""),
        )

    def _of_unit(self, filters: Filters) -> Block:
        unit, locale = filters.get(UNIT, ""), self.context.locale
        table = self.of("units") if unit else self.of("whole")
        rows = table[table["unit"].astype(str).eq(unit)] if unit else table
        if rows.empty:
            text = locale.t("No letter of this unit stands in the log.")
            return section(self, "ringkas", self.name_of(unit), (text,), Block(trusted("")))
        row = rows.iloc[0]
        growth = () if unit else self._whole_facts()
        facts = (
            (locale.t("Letters in, 12 months"), few_text(locale, row["arrived"]), ""),
            (locale.t("Closed, 12 months"), few_text(locale, row["closed"]), ""),
            (locale.t("Open now"), few_text(locale, row["open"]), ""),
            (locale.t("Late and open"), few_text(locale, row["late"]), ""),
            (locale.t("Closed on time"), percent_text(locale, row["on_time_pct"]),
             locale.t("open late letters count against it")),
            (locale.t("Median, open letters included"), hours_text(locale, row["km_median_h"]),
             locale.t("working hours, Kaplan-Meier; closed only: {n}", n=hours_text(locale, row["median_h"]))),
            (locale.t("Nine in ten within"), hours_text(locale, row["km_p90_h"]),
             locale.t("closed only: {n}", n=hours_text(locale, row["p90_h"]))),
            *growth,
        )  # fmt: skip
        months = self._months(unit)
        return section(self, "ringkas", self.name_of(unit), (), join(facts_block(facts), months))

    def _whole_facts(self) -> tuple[tuple[str, str, str], ...]:
        locale, facts = self.context.locale, self.facts
        return (
            (locale.t("Closed a working day"), locale.number(_float(facts["throughput"]), 1), ""),
            (
                locale.t("Growth of the backlog in 7 days"),
                locale.number(_float(facts["backlog_growth"]), 0),
                "",
            ),
        )

    def _months(self, unit: str) -> Block:
        locale = self.context.locale
        table = self.of("months")
        mine = table[table["unit"].astype(str).eq(unit)]
        # The first and the last month are cut short by the log and by the day.
        mine = mine.iloc[1:-1]
        series = pd.concat(
            [mine[["period"]].assign(value=mine[name], method=name) for name in ("arrived", "closed")]
        )
        figure = trend(
            series,
            locale=locale,
            title=locale.t("Letters in and closed, by month"),
            unit="",
            decimals=0,
            method_labels={"arrived": locale.t("in"), "closed": locale.t("closed")},
        )
        return Block(trusted(figure_html(figure, locale, is_sample=self.is_sample)))

    def units(self) -> Block:
        """Return the units: agencies and sub-districts on the page of the whole, else those below the region."""
        if not self.facts:
            return Block(trusted(""))
        locale, table_of = self.context.locale, self.of("units")
        codes = table_of["unit"].astype(str)
        root = f"{self.context.house.regions.root.code}."
        is_region = codes.str.startswith(root)
        shown = (
            codes.str.startswith(f"{self.unit}.") if self.unit else ~is_region | codes.str.count(r"\.").eq(2)
        )
        rows = [
            Row(
                (self.name_of(str(row.unit)), few_text(locale, row.arrived), few_text(locale, row.open),
                 few_text(locale, row.late), percent_text(locale, row.on_time_pct),
                 hours_text(locale, row.km_median_h), hours_text(locale, row.km_p90_h)),
                self.link_of(str(row.unit)),
            )
            for row in rows_of(table_of[shown])
        ]  # fmt: skip
        if not rows:
            return Block(trusted(""))
        heads = (locale.t("Unit"), locale.t("In, 12 months"), locale.t("Open"), locale.t("Late"), locale.t("On time"),
                 locale.t("Median"), locale.t("Nine in ten"))  # fmt: skip
        note = locale.t(
            "Working hours with open letters included; units with fewer than five letters show no times."
        )
        body = table(locale.t("Units"), heads, rows)
        return section(self, "unit", locale.t("Unit by unit"), (note,), body)

    def urgencies(self) -> Block:
        """Return the figures by direction and urgency; on the page of the whole only."""
        if self.unit or not self.facts:
            return Block(trusted(""))
        locale = self.context.locale
        rows = [
            Row((f"{cycle_text(locale, str(row.direction))}, {row.urgency}", few_text(locale, row.arrived),
                 few_text(locale, row.late), percent_text(locale, row.on_time_pct),
                 hours_text(locale, row.km_median_h), hours_text(locale, row.km_p90_h)))
            for row in rows_of(self.of("urgencies"))
        ]  # fmt: skip
        heads = (locale.t("Direction and urgency"), locale.t("In, 12 months"), locale.t("Late"), locale.t("On time"),
                 locale.t("Median"), locale.t("Nine in ten"))  # fmt: skip
        body = table(locale.t("By urgency"), heads, rows)
        return section(self, "sifat", locale.t("By urgency"), (), body)

    def checks(self) -> Block:
        """Return Little's law, backlogs after holidays and the faults of the log; on the page of the whole only."""
        if self.unit or not self.facts:
            return Block(trusted(""))
        locale, facts = self.context.locale, self.facts
        texts = [
            locale.t(
                "Mean stock over a year: {stock} letters. Arrivals a day times days stayed: {expected}. {reason}",
                stock=locale.number(_float(facts["mean_wip"]), 0),
                expected=locale.number(_float(facts["expected_wip"]), 0),
                reason=little_text(locale, str(facts["little"])),
            )
        ]
        texts += [
            locale.t(
                "After the days off from {first} to {last} the stock rose from {before} to {after}.",
                first=date_text(locale, row.first), last=date_text(locale, row.last),
                before=row.wip_before, after=row.wip_after,
            )
            for row in rows_of(self.of("backlogs"))
        ]  # fmt: skip
        rows = [
            Row((check_text(locale, str(row.check)), count_text(locale, row.number)))
            for row in rows_of(self.of("faults").rename(columns={"count": "number"}))
        ]  # fmt: skip
        heads = (locale.t("What was found in the log"), locale.t("How often"))
        body = table(locale.t("What was found in the log"), heads, rows) if rows else Block(trusted(""))
        return section(self, "periksa", locale.t("Does the log hold together?"), tuple(texts), body)


def _by_name(option: tuple[str, str]) -> str:
    return option[1]


def _float(value: object) -> float:
    return float(value)  # type: ignore[arg-type]


def open_workflow(
    slug: str, region: str = "", *, edition: str = "latest", language: Language = "id", **filters: str
) -> WorkflowPage:
    """Return the first page of a workflow for a region ("" is the whole).

    Raises CatalogError, UnknownRegionError or EditionError, each saying what to do.
    """
    context = open_context(sector_page(slug, region), edition, language)
    return WorkflowPage(context, context.house.catalog.sector(slug), filters)
