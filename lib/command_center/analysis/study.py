"""One sector's edition in an analyst's hands: pick the parts of a figure, ask, show the answer.

Shows what is open to everybody unless this process was told more: a report must be fit to pass on.
"""

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from command_center.analysis.association import rank_association
from command_center.analysis.parts import By, Parts, read_parts
from command_center.analysis.shares import concentration, contributions, pulls, rate_change, whole_rate
from command_center.analysis.telling import (
    Teller,
    names_of,
    p_text,
    paragraph,
    tell_concentration,
    tell_effects,
    tell_variation,
)
from command_center.analysis.variation import compare_shares
from command_center.catalog import SAMPLE_METHOD, Sector
from command_center.charts import figure_html, trend
from command_center.indicators.rounding import with_decimals
from command_center.indicators.series import series
from command_center.locale import Language, Locale, parse_period
from command_center.pages.addresses import sector_page
from command_center.pages.blocks import Block, trusted
from command_center.pages.context import PageContext, open_context
from command_center.pages.frame import ASSETS, sample_note
from command_center.pages.readings import main_method, method_label
from command_center.pages.units import unit_symbol, unit_word
from command_center.theme import stylesheet


@dataclass(frozen=True)
class Study:
    """Questions to the figures of one sector in one edition; every answer is a block a cell shows."""

    context: PageContext
    sector: Sector

    @property
    def locale(self) -> Locale:
        return self.context.locale

    def _region_name(self, code: str) -> str:
        return self.context.house.regions.get(code).name

    def _teller(self, parts: Parts) -> Teller:
        table = self.sector.dataset(parts.indicator.dataset).table
        units = {column.name: column.unit for column in table.fields}
        return Teller(self.locale, parts, units.get(parts.indicator.formula.numerator or "") or "")

    def top(self) -> Block:
        """Return the stylesheet, the edition, and the warning where it holds sample data."""
        locale = self.locale
        edition = locale.t("Edition {date}", date=locale.date(self.context.as_of))
        style = Markup("<style>{}</style>").format(trusted(stylesheet(ASSETS)))
        warnings = [paragraph(text) for text in sample_note(self.context)]
        return Block(Markup("").join([style, paragraph(f"{edition} · {self.context.edition.id}"), *warnings]))

    def parts(self, indicator: str, by: By, *, until: str = "", last: int = 1) -> Parts:
        """Return the parts of an indicator: see `read_parts`. Raises AnalysisError where it has none."""
        named = self.context.agency_name if by == "agency" else self._region_name
        return read_parts(
            self.context.measures, self.sector.indicator(indicator), by, named, until=until, last=last
        )

    def definition(self, *indicators: str) -> Block:
        """Return what the indicators count, in the words of the declaration, with their limits."""
        language = self.context.language
        items = []
        for one in map(self.sector.indicator, indicators):
            limits = one.limits.in_language(language) if one.limits else ""
            words = " ".join(text for text in (one.definition.in_language(language), limits) if text)
            items.append(
                Markup("<li><strong>{}</strong> ({}): {}</li>").format(
                    one.name.in_language(language), one.id, words
                )
            )
        return Block(Markup("<ul>{}</ul>").format(Markup("").join(items)))

    def history(self, indicator: str, method: str = "") -> Block:
        """Return the trend of the whole regency by one method: the leading one where none is named."""
        context, one = self.context, self.sector.indicator(indicator)
        chosen = method or main_method(context, one, context.region.code) or ""
        line = with_decimals(series(context.measures, one, context.region.code, method=chosen), one)
        figure = trend(
            line,
            locale=self.locale,
            title=self.locale.t(
                "{indicator} over time ({method})",
                indicator=one.name.in_language(context.language),
                method=method_label(context, self.sector, one, chosen),
            ),
            unit=unit_symbol(one.unit) or unit_word(self.locale, one.unit),
            decimals=None if one.unit == "idr" else one.decimals,
        )
        return Block(trusted(figure_html(figure, self.locale, is_sample=chosen == SAMPLE_METHOD)))

    def beyond_chance(self, parts: Parts) -> Block:
        """Return whether the parts differ beyond chance and which; AnalysisError where they are no counts."""
        return tell_variation(self._teller(parts), compare_shares(parts.frame))

    def concentrated(self, parts: Parts, what: str, column: str = "numerator") -> Block:
        """Return how few parts hold half of a total; `column` may be remainder: denominator less numerator."""
        frame = pulls(parts.frame) if column == "remainder" else parts.frame
        return tell_concentration(
            self._teller(parts), concentration(frame[frame[column].notna()], column), column, what
        )

    def pulled(self, parts: Parts) -> Block:
        """Return how far each part moves the ratio of the whole up or down."""
        teller, found, locale = self._teller(parts), pulls(parts.frame), self.locale
        lowest = found[found["pull"].lt(0)].tail(3).iloc[::-1]
        highest = found[found["pull"].gt(0)].head(3)
        sentences = [
            locale.t("The whole stands at {value}.", value=teller.percent(whole_rate(found))),
            locale.t("Most is taken from it by {names}.", names=_with_points(teller, lowest, "pull")),
            locale.t("Most is added to it by {names}.", names=_with_points(teller, highest, "pull")),
        ]
        columns = [
            ("rate", locale.t("Own share"), teller.percent),
            ("weight", locale.t("Weight"), teller.percent),
            ("remainder", locale.t("Remainder"), teller.amount),
            ("pull", locale.t("Effect"), teller.points),
        ]
        title = locale.t("What each part adds to {name}, {period}", name=teller.name, period=teller.when)
        return tell_effects(teller, found, "pull", title, sentences, columns)

    def changed(self, before: Parts, after: Parts) -> Block:
        """Return what each part adds to the change of a ratio: by its own rate and by its weight."""
        teller, locale = self._teller(after), self.locale
        found = rate_change(before.frame, after.frame)
        sentences = [
            locale.t(
                "From {before} to {after} the whole changed by {change} percentage points: {within} by the parts' own "
                "rates, {mix} because parts with other rates weigh more or less.",
                before=self._teller(before).when,
                after=teller.when,
                change=teller.points(float(found["effect"].sum())),
                within=teller.points(float(found["within"].sum())),
                mix=teller.points(float(found["mix"].sum())),
            )
        ]
        columns = [
            ("rate_before", locale.t("Before"), teller.percent),
            ("rate_after", locale.t("After"), teller.percent),
            ("within", locale.t("By own rate"), teller.points),
            ("mix", locale.t("By weight"), teller.points),
            ("effect", locale.t("Effect"), teller.points),
        ]
        title = locale.t("What each part adds to the change of {name}", name=teller.name)
        return tell_effects(teller, found, "effect", title, sentences, columns)

    def grown(self, before: Parts, after: Parts) -> Block:
        """Return what each part adds to the growth of a total."""
        teller, locale = self._teller(after), self.locale
        found = contributions(before.frame, after.frame)
        sentences = [
            locale.t(
                "From {before} to {after} the total went from {old} to {new} ({growth} percent).",
                before=self._teller(before).when,
                after=teller.when,
                old=teller.amount(float(found["before"].sum())),
                new=teller.amount(float(found["after"].sum())),
                growth=teller.points(float(found["contribution"].sum())),
            )
        ]
        columns = [
            ("before", locale.t("Before"), teller.amount),
            ("after", locale.t("After"), teller.amount),
            ("change", locale.t("Change"), teller.amount),
            ("contribution", locale.t("Contribution"), teller.points),
        ]
        title = locale.t("What each part adds to the growth of {name}", name=teller.name)
        return tell_effects(teller, found, "contribution", title, sentences, columns)

    def together(self, first: Parts, second: Parts) -> Block:
        """Return whether two figures of the same parts go together; never that one causes the other."""
        locale, found = self.locale, rank_association(first.frame, second.frame)
        values = {
            "first": self._teller(first).name,
            "second": self._teller(second).name,
            "rho": locale.number(found.rho, 2),
            "p": p_text(locale, found.p),
            "n": locale.number(found.count, 0),
        }
        if not found.is_beyond_chance:
            text = locale.t(
                "{first} and {second} do not go together beyond chance (rank correlation {rho}, {p}, n = {n}).",
                **values,
            )
        elif found.rho > 0:
            text = locale.t(
                "Where {first} is high, {second} tends to be high (rank correlation {rho}, {p}, n = {n}); "
                "that is no proof of a cause.",
                **values,
            )
        else:
            text = locale.t(
                "Where {first} is high, {second} tends to be low (rank correlation {rho}, {p}, n = {n}); "
                "that is no proof of a cause.",
                **values,
            )
        return self._teller(first if first.is_sample else second).block([text])

    def year_before(self, parts: Parts) -> str:
        """Return the period a year before the last one of the parts, written the same way."""
        last = parts.periods[-1]
        return f"{parse_period(last).end.year - 1}{last[4:]}"


def open_study(slug: str, *, edition: str = "latest", language: Language = "id") -> Study:
    """Return the study of a sector in an edition; EditionError or CatalogError where there is none."""
    context = open_context(sector_page(slug, ""), edition, language)
    return Study(context, context.house.catalog.sector(slug))


def _with_points(teller: Teller, found: pd.DataFrame, column: str) -> str:
    named = found.assign(
        name=[f"{row['name']} ({teller.points(row[column])})" for row in found.to_dict("records")]
    )
    return names_of(teller.locale, named)
