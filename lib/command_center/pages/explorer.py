"""The explorer of a sector: one indicator, over time and over the map, against a chosen threshold.

Shows figures of the edition and counts regions on the wrong side of a threshold; a threshold
typed by the reader is a question ("what if"), shown as such and never stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from babel.numbers import NumberFormatError, parse_decimal
from markupsafe import Markup

from command_center.catalog import Indicator, Sector
from command_center.locale import Locale
from command_center.pages.addresses import indicator_page
from command_center.pages.amounts import threshold_text
from command_center.pages.blocks import Block, render, trusted
from command_center.pages.context import PageContext
from command_center.pages.history import history
from command_center.pages.locator import locator_map
from command_center.pages.panel import Control, Filters, Panel
from command_center.pages.readings import (
    Reading,
    periods_with_value,
    read,
)
from command_center.pages.spread import find_spread
from command_center.theme import sample_stamp_html

LATEST = ""
COMPARISONS = ("previous", "year", "methods", "regency")


@dataclass(frozen=True)
class Explorer:
    """The explorer of one sector's page."""

    context: PageContext
    sector: Sector
    indicators: tuple[Indicator, ...]

    def panel(self, filters: Mapping[str, str]) -> Panel:
        """Return the panel with the given filters, unknown values replaced by the page's own choice."""
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
        return Panel(self.controls, self.body, self._known(filters), words)

    def _known(self, filters: Mapping[str, str]) -> Filters:
        chosen = {
            "indicator": filters.get("indicator", ""),
            "period": filters.get("period", ""),
            "comparison": filters.get("comparison", ""),
            "threshold": filters.get("threshold", ""),
        }
        if chosen["indicator"] not in {indicator.id for indicator in self.indicators}:
            chosen["indicator"] = self.indicators[0].id
        if chosen["period"] not in self._periods(self._indicator(chosen)):
            chosen["period"] = LATEST
        if chosen["comparison"] not in self._comparisons:
            chosen["comparison"] = COMPARISONS[0]
        return chosen

    @property
    def _comparisons(self) -> tuple[str, ...]:
        """The comparisons that say something here: the regency is not compared with itself."""
        return COMPARISONS if self.context.region.parent else COMPARISONS[:-1]

    def _indicator(self, filters: Filters) -> Indicator:
        return self.sector.indicator(filters["indicator"])

    def _periods(self, indicator: Indicator) -> tuple[str, ...]:
        return periods_with_value(self.context, indicator, self.context.region.code)

    def _chosen(self, filters: Filters) -> Filters:
        """The filters that differ from the page's own choice: a link without any leads to a finished page."""
        own = self._known({})
        return {name: value for name, value in filters.items() if value != own[name]}

    def controls(self, filters: Filters) -> tuple[Control, ...]:
        """Return the controls that fit the chosen indicator."""
        locale, indicator = self.context.locale, self._indicator(filters)
        periods = [(period, locale.period(period)) for period in reversed(self._periods(indicator))]
        words = {
            "previous": locale.t("previous period"),
            "year": locale.t("a year earlier"),
            "methods": locale.t("other sources"),
            "regency": locale.t("the whole regency"),
        }
        choice = (
            Control(
                "indicator",
                locale.t("Indicator"),
                filters["indicator"],
                tuple((item.id, item.name.in_language(locale.language)) for item in self.indicators),
                initial=self.indicators[0].id,
            ),
        )
        return (
            *(choice if len(self.indicators) > 1 else ()),
            Control(
                "period",
                locale.t("Period"),
                filters["period"] if filters["period"] in dict(periods) else LATEST,
                ((LATEST, locale.t("latest")), *periods),
                initial=LATEST,
            ),
            Control(
                "comparison",
                locale.t("Compare with"),
                filters["comparison"],
                tuple((name, words[name]) for name in self._comparisons),
                initial=COMPARISONS[0],
            ),
            Control(
                "threshold",
                locale.t("What-if threshold"),
                filters["threshold"],
                kind="number",
                initial="",
            ),
        )

    def body(self, filters: Filters) -> Block:
        """Return the block for the chosen filters: a sentence, the trend, the regions."""
        context, locale, indicator = self.context, self.context.locale, self._indicator(filters)
        period = filters["period"] if filters["period"] in self._periods(indicator) else LATEST
        reading = read(context, self.sector, indicator, period=period or None)
        threshold = _number(filters["threshold"], locale)
        shown_period = reading.period_code or period
        spread = find_spread(context, self.sector, indicator, shown_period)
        chosen = self._chosen(filters)
        drawn_map, bars = (
            (locator_map(context), Markup()) if spread is None else spread.figures(threshold, chosen)
        )
        return render(
            "explorer",
            reading=reading,
            stamp=trusted(sample_stamp_html(context.locale)),
            sentence=self._sentence(indicator, reading, filters["comparison"], shown_period),
            threshold_sentence=self._threshold_sentence(indicator, reading, filters["threshold"], threshold),
            trend=history(context, self.sector, indicator, filters["comparison"], threshold),
            map=drawn_map,
            map_note="" if spread else self._map_note(indicator, reading),
            query=urlencode(chosen),
            bars=bars,
            facts=self._facts(reading),
            others_label=context.locale.t("Other sources, not averaged"),
            show_link=context.address.kind != "indicator",
            link=context.link(indicator_page(indicator.id, context.region.code)),
            link_label=context.locale.t("Definition, sources and table"),
            no_data=context.locale.t(
                "No figure has been supplied yet. {owner} is to supply it.", owner=reading.owner
            ),
            level_note=reading.level_note,
        )

    def _map_note(self, indicator: Indicator, reading: Reading) -> str:
        """Why the map carries no figures."""
        if not self.context.view.sees(self.sector, indicator, reading.region):
            return ""
        if indicator.grain == "kab":
            return self.context.locale.t(
                "This figure is for the whole regency only; the map leads to each region."
            )
        return self.context.locale.t("No figures by region yet; the map leads to each region.")

    def _facts(self, reading: Reading) -> tuple[str, ...]:
        locale = self.context.locale
        if not reading.has_value:
            return ()
        return tuple(
            fact
            for fact in (
                reading.method_label,
                locale.t("as of {date}", date=reading.as_of),
                reading.owner,
                reading.n,
                reading.interval,
                reading.age_note,
            )
            if fact
        )

    def _sentence(self, indicator: Indicator, reading: Reading, comparison: str, period: str) -> str:
        context, locale = self.context, self.context.locale
        if not reading.has_value:
            return ""
        if comparison == "regency":
            whole = read(context, self.sector, indicator, context.house.regions.root.code, period=period)
            if context.region.code == context.house.regions.root.code or not whole.has_value:
                return ""
            return locale.t(
                "{region}: {value}; the whole regency: {whole} ({period}).",
                region=context.region_name(context.region.code),
                value=reading.text,
                whole=whole.text,
                period=locale.period(period),
            )
        if comparison == "methods":
            if not reading.others:
                return locale.t("There is no other source for this figure.")
            listed = "; ".join(f"{other.method}: {other.value} ({other.period})" for other in reading.others)
            return locale.t("Other sources, not averaged: {list}.", list=listed)
        changes = reading.changes[:1] if comparison == "previous" else reading.changes[-1:]
        return " · ".join(changes) if changes else locale.t("There is no earlier figure by the same method.")

    def _threshold_sentence(
        self, indicator: Indicator, reading: Reading, typed: str, threshold: float | None
    ) -> str:
        locale, value = self.context.locale, reading.number
        if threshold is None:
            return locale.t("“{text}” is not a number.", text=typed) if typed.strip() else ""
        if value is None:
            return ""
        words = {
            "value": reading.text,
            "threshold": threshold_text(locale, indicator, threshold),
            "period": reading.period,
        }
        misses = value > threshold if indicator.direction == "down" else value < threshold
        if misses:
            return locale.t("What if: {value} ({period}) would miss a threshold of {threshold}.", **words)
        return locale.t("What if: {value} ({period}) would meet a threshold of {threshold}.", **words)


def _number(text: str, locale: Locale) -> float | None:
    """Return the number a reader typed as their language writes it, or with a decimal point; None for anything else."""
    try:
        value = float(parse_decimal(text.strip(), locale=locale.language, strict=True))
    except NumberFormatError:
        try:
            value = float(text)
        except ValueError:
            return None
    return value if abs(value) < 1e15 else None
