"""The page of one indicator: definition, formula, numbers behind it, history, regions, sources."""

from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from command_center.catalog import SAMPLE_METHOD, Indicator, Sector
from command_center.charts import Column, Table, table_html
from command_center.indicators.series import Measure
from command_center.locale import Language, is_missing
from command_center.pages.addresses import indicator_page, sector_page
from command_center.pages.alarms import assurance_sentence, variation_of, variation_sentence
from command_center.pages.amounts import as_of_text, hidden_note, measure_text, value_text
from command_center.pages.blocks import Block, join, render, trusted
from command_center.pages.context import PageContext, open_context
from command_center.pages.definitions import Fact, definition_facts
from command_center.pages.explorer import Explorer
from command_center.pages.frame import page_bottom, page_top, region_switch
from command_center.pages.panel import Panel
from command_center.pages.readings import Reading, method_label, read
from command_center.pages.sources import history_sources
from command_center.theme import provenance_html, sample_stamp_html


@dataclass(frozen=True)
class IndicatorPage:
    """One indicator in one region at one edition."""

    context: PageContext
    sector: Sector
    indicator: Indicator
    filters: dict[str, str]

    @cached_property
    def reading(self) -> Reading:
        return read(self.context, self.sector, self.indicator)

    def top(self) -> Block:
        """Return the head of the page with the question the indicator answers."""
        question = self.indicator.question.in_language(self.context.language)
        return join(page_top(self.context, lead=question), region_switch(self.context))

    def explorer(self) -> Panel:
        """Return the panel with the indicator's history and regions."""
        return Explorer(self.context, self.sector, (self.indicator,)).panel(self.filters)

    def definition(self) -> Block:
        """Return how the figure is made and on whose word: definition, formula, target, law, limits."""
        context, locale = self.context, self.context.locale
        facts = list(definition_facts(context, self.sector, self.indicator))
        if said := self._variation():
            facts.append(Fact(locale.t("Variation"), said))
        return render(
            "definition",
            heading=locale.t("How this figure is made"),
            rows=[
                (fact.label, (fact.text, self._chip(fact.provenance)) if fact.provenance else fact.text)
                for fact in facts
            ],
            sector_link=context.link(sector_page(self.sector.slug, context.region.code)),
            sector_label=locale.t(
                "All indicators of {sector}", sector=self.sector.name.in_language(locale.language)
            ),
        )

    def _variation(self) -> str:
        """Return what the control chart says of the figure on the card, "" where there is no figure."""
        reading, context = self.reading, self.context
        if not reading.has_value:
            return ""
        row = variation_of(context, self.indicator, context.region.code, "", reading.method)
        if row is None:
            return ""
        target = row["target"]
        value = None if is_missing(target) else float(str(target))
        assured = assurance_sentence(
            context.locale, row, value_text(context.locale, self.indicator, value, None)
        )
        return f"{variation_sentence(context.locale, self.indicator, row)}. {assured}".strip()

    def _chip(self, provenance: str) -> object:
        return trusted(provenance_html(provenance, self.context.locale))

    def table(self) -> Block:
        """Return every figure of this indicator here, by method and period, with its parts where any has some."""
        context, locale, indicator = self.context, self.context.locale, self.indicator
        here = context.measures[
            context.measures["indicator"].eq(indicator.id)
            & context.measures["region_code"].eq(context.region.code)
        ]
        by_agency = bool(here["agency_code"].ne("").any())
        parts = [name for name in ("numerator", "denominator") if here[name].notna().any()]
        headings = {"numerator": locale.t("Numerator"), "denominator": locale.t("Denominator")}
        columns = (
            Column(locale.t("Method")),
            *((Column(locale.t("Agency")),) if by_agency else ()),
            Column(locale.t("Period")),
            *(Column(headings[name], is_number=True) for name in parts),
            Column(locale.t("Figure"), is_number=True),
            Column(locale.t("As-of date")),
            *((Column(locale.t("Recompute")),) if self._has_notebooks else ()),
        )
        rows = [self._figure_row(Measure.of(row), parts, by_agency=by_agency) for _, row in here.iterrows()]
        title = locale.t("All figures")
        return render(
            "figures_table",
            heading=title,
            stamp=trusted(sample_stamp_html(locale)) if here["method"].eq(SAMPLE_METHOD).any() else "",
            table=trusted(table_html(Table(columns, tuple(rows)), title)) if rows else "",
            missing=locale.missing,
            note="" if self._has_notebooks else hidden_note(locale, indicator),
            csv_link=self.reading.csv_link,
            csv_label=locale.t("Download as CSV"),
            workbook_link=context.download_link(f"{indicator.id}/{context.region.code}.xlsx"),
            workbook_label=locale.t("Download as Excel"),
        )

    @property
    def _has_notebooks(self) -> bool:
        """Whether the reader may have the notebooks of the figures here, or of those of an agency."""
        sees_rows = self.context.view.sees_rows(self.sector, self.indicator, self.context.region.code)
        return self.indicator.small_cells is None or sees_rows

    def _figure_row(self, row: Measure, parts: list[str], *, by_agency: bool) -> tuple[str, ...]:
        locale = self.context.locale
        agency = self.context.agency_name(row.agency_code) if row.agency_code else ""
        amounts = [getattr(row, name) for name in parts]
        return (
            method_label(self.context, self.sector, self.indicator, row.method),
            *((agency,) if by_agency else ()),
            locale.period(row.period),
            *("–" if amount is None else locale.number(amount) for amount in amounts),
            measure_text(locale, self.indicator, row),
            as_of_text(locale, row),
            *((self._notebook(row),) if self._has_notebooks else ()),
        )

    def _notebook(self, row: Measure) -> str:
        """Return the link to a figure's notebook; a dash where the reader has none."""
        words, link = self.context.locale.t("open as a notebook"), self.context.notebook_link(row)
        if not link:
            return "–"
        name = f"{words}: {self.context.locale.period(row.period)}"
        return Markup('<a href="{}" download aria-label="{}">{}</a>').format(link, name, words)

    def sources(self) -> Block:
        """Return where each figure of the table comes from, and the foot of the page."""
        return join(history_sources(self.context, self.sector, self.indicator), page_bottom(self.context))


def open_indicator(
    indicator: str, region: str = "", *, edition: str = "latest", language: Language = "id", **filters: str
) -> IndicatorPage:
    """Return the page of an indicator for a region; CatalogError, UnknownRegionError or EditionError otherwise."""
    context = open_context(indicator_page(indicator, region), edition, language)
    sector, declared = context.house.catalog.indicator(indicator)
    return IndicatorPage(context, sector, declared, filters)
