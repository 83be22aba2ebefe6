"""The page of a signal, one screen: question, value and what it is held against, what is not known, what may be done.

It proposes; it decides nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from markupsafe import Markup

from command_center.errors import CommandCenterError
from command_center.indicators.changes import changes
from command_center.indicators.series import Measure
from command_center.locale import Language, is_missing
from command_center.pages.addresses import indicator_page, problem_page
from command_center.pages.alarms import Alarm, assurance_sentence, find_alarm, variation_sentence
from command_center.pages.amounts import as_of_text, change_texts, measure_text, target_text, value_text
from command_center.pages.blocks import Block, join, render, trusted
from command_center.pages.context import PageContext, open_context
from command_center.pages.frame import page_bottom, page_top
from command_center.pages.problem_evidence import ProblemEvidence
from command_center.pages.readings import method_label
from command_center.quality import load_freshness_limits
from command_center.signals import load_rule_book
from command_center.theme import provenance_html, sample_stamp_html, status_html


class UnknownSignalError(CommandCenterError):
    """A signal that the edition does not have, or that may not be seen."""


@dataclass(frozen=True)
class ProblemPage:
    """One signal at one edition."""

    context: PageContext
    alarm: Alarm

    def top(self) -> Block:
        """Return the head of the page with the question."""
        question = self.alarm.indicator.question.in_language(self.context.language)
        return page_top(self.context, lead=question)

    def body(self) -> Block:
        """Return the one screen."""
        locale, alarm = self.context.locale, self.alarm
        return render(
            "problem",
            title=alarm.title,
            sentence=alarm.sentence,
            status_html=Markup() if alarm.is_question else trusted(status_html(alarm.status, locale)),
            chip=trusted(provenance_html(str(alarm.row["provenance"]), locale)),
            stamp=trusted(sample_stamp_html(locale)) if alarm.is_sample else Markup(),
            facts_heading=locale.t("The figure"),
            facts=list(self._facts()),
            chart=self.evidence.chart(),
            map=self.evidence.map(),
            beside_heading=locale.t("Beside it"),
            beside=self.evidence.beside(),
            lists=[
                (locale.t("Not known"), list(self._unknown())),
                (locale.t("Other explanations"), self._texts("rivals")),
                (locale.t("What may be done"), [f"{letter}. {text}" for letter, text in self._options()]),
            ],
            links=self._links(),
            links_label=locale.t("Further"),
        )

    def bottom(self) -> Block:
        """Return the foot of the page."""
        return join(page_bottom(self.context))

    @property
    def evidence(self) -> ProblemEvidence:
        """Chart, map and the figures beside it."""
        return ProblemEvidence(self.context, self.alarm)

    @cached_property
    def _latest(self) -> Measure:
        return self.alarm.latest

    def _facts(self) -> Iterator[tuple[str, str]]:
        locale, alarm = self.context.locale, self.alarm
        yield locale.t("Figure"), f"{alarm.value} ({alarm.period})"
        if alarm.threshold:
            yield locale.t("Threshold"), f"{alarm.threshold} ({alarm.standing})"
        has_target = alarm.indicator.target is not None or alarm.indicator.bands is not None
        yield locale.t("Target"), target_text(locale, alarm.indicator) if has_target else locale.t("none")
        yield locale.t("Change"), self._change()
        yield locale.t("Spread"), self._spread()
        yield locale.t("Variation"), variation_sentence(locale, alarm.indicator, alarm.variation)
        assured = assurance_sentence(locale, alarm.variation, self._target())
        if assured:
            yield locale.t("Reliability"), assured
        yield locale.t("Since"), locale.period(str(alarm.row["since"]))
        if self._latest.n is not None:
            yield "n", locale.number(self._latest.n, 0)
        yield locale.t("Source"), self._source()
        yield locale.t("Data score"), self._score()
        yield locale.t("Who answers"), self._answering()

    def _score(self) -> str:
        locale = self.context.locale
        told = self.context.data_scores.score(locale, self.alarm.sector, self._latest)
        return "; ".join(text for text in told if text) or locale.t("not computed for this figure")

    def _target(self) -> str:
        value = self.alarm.variation["target"]
        return (
            ""
            if is_missing(value)
            else value_text(self.context.locale, self.alarm.indicator, float(str(value)), None)
        )

    def _change(self) -> str:
        alarm = self.alarm
        if alarm.agency_code:
            earlier = self._year_before()
            return earlier or self.context.locale.t("no figure of a year earlier")
        found = changes(
            self.context.measures,
            alarm.indicator,
            alarm.region_code,
            str(alarm.row["period"]),
            method=str(alarm.row["method"]),
        )
        said = change_texts(self.context.locale, alarm.sector, alarm.indicator, found)
        return "; ".join(said) or self.context.locale.t("no earlier figure to compare with")

    def _year_before(self) -> str:
        year, rest = str(self.alarm.row["period"])[:4], str(self.alarm.row["period"])[4:]
        rows = self.alarm.line[self.alarm.line["period"].eq(f"{int(year) - 1}{rest}")]
        if rows.empty:
            return ""
        row = Measure.of(rows.iloc[0])
        locale = self.context.locale
        return f"{measure_text(locale, self.alarm.indicator, row)} ({locale.period(row.period)})"

    def _source(self) -> str:
        locale, sources = self.context.locale, self.context.edition.sources
        rows = sources[sources["source_submission"].eq(self._latest.source_submission)]
        named = " ".join(dict.fromkeys(str(text) for text in rows["source"] if text))
        method = method_label(self.context, self.alarm.sector, self.alarm.indicator, self._latest.method)
        dated = locale.t("as of {date}", date=as_of_text(locale, self._latest))
        return "; ".join(part for part in (named, method, dated) if part)

    def _answering(self) -> str:
        context, locale, alarm = self.context, self.context.locale, self.alarm
        names = [alarm.owner]
        if alarm.rule is not None:
            names += [context.agency_name(code) for code in alarm.rule.supporting]
        if alarm.agency_code and alarm.place not in names:
            names.append(alarm.place)
        by = locale.t(
            "confirms or rejects by {date}",
            date=locale.date(date.fromisoformat(str(alarm.row["confirm_by"]))),
        )
        return f"{', '.join(names)}; {by}"

    def _spread(self) -> str:
        locale, indicator, known = self.context.locale, self.alarm.indicator, self.evidence.by_district()
        if len(known) < 2:
            return locale.t("no figures of several sub-districts in this period")
        low, high = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
        return locale.t(
            "{n} sub-districts, from {low} ({where_low}) to {high} ({where_high})",
            n=locale.number(len(known), 0),
            low=value_text(locale, indicator, known[low], indicator.decimals),
            high=value_text(locale, indicator, known[high], indicator.decimals),
            where_low=self.context.house.regions.get(low).name,
            where_high=self.context.house.regions.get(high).name,
        )

    def _unknown(self) -> Iterator[str]:
        context, locale, alarm = self.context, self.context.locale, self.alarm
        age = self._age()
        if age:
            yield age
        yield from self._texts("unknown")
        if alarm.rule is not None:
            for name in alarm.rule.compare:
                if self.evidence.is_declared(name):
                    indicator = context.house.catalog.indicator(name)[1]
                    if self.evidence.newest(indicator) is None:
                        yield f"{indicator.name.in_language(locale.language)}: {locale.missing}"
        if not self.evidence.by_district():
            yield locale.t("How it is spread over the sub-districts")

    def _age(self) -> str:
        locale, alarm = self.context.locale, self.alarm
        if self._latest.as_of is None:
            return locale.t("The day the figure stands for")
        dataset = alarm.sector.dataset(alarm.indicator.dataset)
        limits = load_freshness_limits(self.context.house.settings)
        cadence = alarm.indicator.cadence or dataset.cadence
        found = limits.freshness(self._latest.as_of, cadence, self.context.as_of)
        if not found.is_stale or found.age_days is None:
            return ""
        return locale.t(
            "What happened since: the latest figure is {days} days old", days=locale.number(found.age_days, 0)
        )

    def _texts(self, part: str) -> list[str]:
        rule = self.alarm.rule
        if rule is None:
            rule = load_rule_book(self.context.house.settings).rule("jump")
        return (
            [] if rule is None else [text.in_language(self.context.language) for text in getattr(rule, part)]
        )

    def _options(self) -> list[tuple[str, str]]:
        options = self._texts("options")
        # To do nothing is always among the options and is named as one.
        return list(
            zip(
                "ABCDEFGH",
                [*options, self.context.locale.t("Do nothing for now and look again at the next figure")],
                strict=False,
            )
        )

    def _links(self) -> list[tuple[str, str]]:
        context, locale, alarm = self.context, self.context.locale, self.alarm
        language = "/en" if locale.language == "en" else ""
        return [
            (f"{language}/putusan/{alarm.id}/", locale.t("Confirm, or reject as a false alarm")),
            (
                context.link(indicator_page(alarm.indicator.id, alarm.region_code)),
                locale.t("All figures, definition and sources"),
            ),
            (
                context.download_link(f"{alarm.indicator.id}/{alarm.region_code}.csv"),
                locale.t("Download as CSV"),
            ),
        ]


def open_problem(signal: str, *, edition: str = "latest", language: Language = "id") -> ProblemPage:
    """Return the page of a signal; UnknownSignalError where the edition has none that may be seen, EditionError."""
    context = open_context(problem_page(signal), edition, language)
    alarm = find_alarm(context, signal)
    if alarm is None:
        raise UnknownSignalError(
            f"There is no signal {signal!r} in edition {context.edition.id}",
            who="the reader",
            next_step="choose one on the home page",
        )
    return ProblemPage(context, alarm)
