"""Signals in words: what, where, how much, since when, on whose word, who answers. Judges and computes nothing."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import pandas as pd

from command_center.catalog import SAMPLE_METHOD, Indicator, Sector
from command_center.indicators.series import Measure, series
from command_center.locale import Locale, is_missing
from command_center.pages.addresses import PageAddress, problem_page
from command_center.pages.amounts import measure_parts, measure_text, value_text
from command_center.pages.context import PageContext
from command_center.signals import Rule, load_rule_book
from command_center.theme import PROVENANCES

MOST_SHOWN_VALUES = 5


@dataclass(frozen=True)
class Alarm:
    """One row of the signals table with what it speaks of; every text is in the page's language."""

    context: PageContext
    sector: Sector
    indicator: Indicator
    rule: Rule | None
    row: "pd.Series[Any]"

    @classmethod
    def of(cls, context: PageContext, row: "pd.Series[Any]") -> Self:
        sector, indicator = context.house.catalog.indicator(str(row["indicator"]))
        rule = load_rule_book(context.house.settings).rule(str(row["rule"]))
        return cls(context, sector, indicator, rule, row)

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def kind(self) -> str:
        return str(self.row["kind"])

    @property
    def region_code(self) -> str:
        return str(self.row["region_code"])

    @property
    def agency_code(self) -> str:
        return str(self.row["agency_code"])

    @property
    def is_sample(self) -> bool:
        return bool(self.row["method"] == SAMPLE_METHOD)

    @property
    def is_question(self) -> bool:
        """Whether it asks about the data and says nothing about the matter."""
        return self.kind in ("jump", "bad_data")

    @property
    def address(self) -> PageAddress:
        return problem_page(self.id)

    @property
    def status(self) -> str:
        """The status that colours it: critical where severe, else watch."""
        return "critical" if self.row["is_severe"] and not self.is_question else "watch"

    @cached_property
    def line(self) -> pd.DataFrame:
        """The figures of its series with a value, oldest first; columns of measures."""
        rows = series(
            self.context.measures,
            self.indicator,
            self.region_code,
            method=str(self.row["method"]),
            agency_code=self.agency_code,
        )
        known = rows[rows["value"].notna() & ~rows["suppressed"]]
        return known.sort_values("as_of", kind="stable", ignore_index=True)

    @property
    def latest(self) -> Measure:
        """The figure it was raised by."""
        rows = self.line[self.line["period"].eq(str(self.row["period"]))]
        return Measure.of(rows.iloc[0])

    @property
    def place(self) -> str:
        return (
            self.context.agency_name(self.agency_code)
            if self.agency_code
            else self.context.region_name(self.region_code)
        )

    @property
    def owner(self) -> str:
        return self.context.agency_name(str(self.row["owner"]))

    @property
    def value(self) -> str:
        return measure_text(self.context.locale, self.indicator, self.latest)

    @property
    def period(self) -> str:
        return self.context.locale.period(str(self.row["period"]))

    @property
    def threshold(self) -> str:
        """The threshold in words, "" where there is none."""
        value = self.row["threshold"]
        if is_missing(value):
            return ""
        decimals = min(self.indicator.decimals, 1)
        return value_text(self.context.locale, self.indicator, float(str(value)), decimals)

    @property
    def standing(self) -> str:
        """On whose word it is raised: law, practice, proposal or published."""
        return self.context.locale.t(PROVENANCES[str(self.row["provenance"])].word)

    @property
    def name(self) -> str:
        """The rule's name; for what no declared rule raised, what it is."""
        locale = self.context.locale
        if self.kind == "jump":
            return locale.t("Check the data")
        if self.kind == "bad_data":
            return locale.t("Poor data")
        if self.rule is not None:
            return self.rule.name.in_language(locale.language)
        return locale.t("Unusual change")

    @property
    def title(self) -> str:
        locale = self.context.locale
        indicator = self.indicator.name.in_language(locale.language)
        if self.kind == "jump":
            return locale.t(
                "Check the data: {indicator}, {place}: {values}",
                indicator=indicator,
                place=self.place,
                values=self._values(),
            )
        return locale.t(
            "{name}: {indicator} {value}, {place}",
            name=self.name,
            indicator=indicator,
            value=self.value,
            place=self.place,
        )

    def _values(self) -> str:
        shown = self.line.tail(MOST_SHOWN_VALUES)
        texts = [
            measure_parts(self.context.locale, self.indicator, Measure.of(row))[0]
            for _, row in shown.iterrows()
        ]
        return " → ".join(texts)

    @property
    def sentence(self) -> str:
        """Why it was raised, as one sentence with its numbers, and its period."""
        locale = self.context.locale
        if self.kind == "jump":
            first = self.line.tail(MOST_SHOWN_VALUES)["period"].iloc[0]
            return locale.t(
                "An implausible jump between {first} and {last}; not used for judging until the source has answered.",
                first=locale.period(str(first)),
                last=self.period,
            )
        if self.kind == "bad_data":
            return self._bad_data_sentence()
        if self.kind == "variation":
            return self._variation_sentence()
        words = {
            "threshold": self.threshold,
            "standing": self.standing,
            "since": locale.period(str(self.row["since"])),
            "period": self.period,
        }
        if self._is_above():
            return locale.t("Above {threshold} ({standing}) since {since}. Period: {period}.", **words)
        return locale.t("Below {threshold} ({standing}) since {since}. Period: {period}.", **words)

    def _bad_data_sentence(self) -> str:
        locale = self.context.locale
        if self.latest.status == "not_comparable":
            return locale.t(
                "The data of {period} cannot be compared; nothing else is concluded.", period=self.period
            )
        return locale.t(
            "The data of {period} score too low to judge by; nothing else is concluded.", period=self.period
        )

    def _is_above(self) -> bool:
        return float(str(self.row["value"])) >= float(str(self.row["threshold"]))

    def _variation_sentence(self) -> str:
        return f"{variation_sentence(self.context.locale, self.indicator, self.variation)}."

    @cached_property
    def variation(self) -> "pd.Series[Any]":
        """The row of the variation table of its series."""
        method = str(self.row["method"])
        row = variation_of(self.context, self.indicator, self.region_code, self.agency_code, method)
        assert row is not None, "every line with a signal is in the table"  # noqa: S101
        return row


def alarms(context: PageContext, *, only_alarms: bool = True) -> tuple[Alarm, ...]:
    """Return what is raised and may be seen here, by rank; `only_alarms` keeps to the cap of a day.

    The cap counts what this reader sees: what is hidden takes nobody's place.
    """
    raised = context.edition.signals
    raised = raised[raised["state"].eq("raised")]
    if only_alarms:
        raised = raised.head(load_rule_book(context.house.settings).most_a_day)
    return tuple(Alarm.of(context, row) for _, row in raised.iterrows())


def ended_signals(context: PageContext) -> tuple[Alarm, ...]:
    """Return what the latest figures have ended."""
    table = context.edition.signals
    return tuple(Alarm.of(context, row) for _, row in table[table["state"].eq("ended")].iterrows())


def find_alarm(context: PageContext, signal_id: str) -> Alarm | None:
    """Return the signal of that id that may be seen here, None where there is none."""
    table = context.edition.signals
    rows = table[table["id"].eq(signal_id)]
    return Alarm.of(context, rows.iloc[0]) if len(rows) else None


def variation_of(
    context: PageContext, indicator: Indicator, region: str, agency: str, method: str
) -> "pd.Series[Any] | None":
    """Return the row of a line in the variation table; None where it has none, as in editions without it."""
    table = context.edition.variation
    rows = table[
        table["indicator"].eq(indicator.id)
        & table["region_code"].eq(region)
        & table["agency_code"].eq(agency)
        & table["method"].eq(method)
    ]
    return None if rows.empty else rows.iloc[0]


def variation_sentence(locale: Locale, indicator: Indicator, row: "pd.Series[Any]") -> str:
    """Return what a series' control chart says of its latest figure, without a full stop."""
    note, n = str(row["note"]), int(str(row["n"]))
    if note == "short":
        return locale.tn(
            "{n} figure is too few for a control chart, which needs 12",
            "{n} figures are too few for a control chart, which needs 12",
            n,
        )
    if note == "seasonal":
        return locale.t(
            "A seasonal series: compared with the same period of earlier years, not with control limits"
        )
    limits = {
        name: value_text(locale, indicator, float(str(row[name])), indicator.decimals)
        for name in ("lower", "upper")
    }
    said = locale.t(
        "Ordinary variation of {n} figures lies between {lower} and {upper}", n=locale.number(n, 0), **limits
    )
    reason = _reason(locale, str(row["rules"]))
    said = f"{said}; {reason or locale.t('the latest lies within it')}"
    if note == "dependent":
        said += "; " + locale.t("neighbouring figures depend on each other, which the alarm allows for")
    return said


def _reason(locale: Locale, rules: str) -> str:
    words = {
        "outside": locale.t("the latest lies outside"),
        "runs": locale.t("the last seven or more lie on one side of the mean"),
        "trends": locale.t("the last seven rise or fall without a break"),
        "near": locale.t("two of three lie close to one limit"),
    }
    return ", ".join(words[rule] for rule in rules.split(",") if rule)


def assurance_sentence(locale: Locale, row: "pd.Series[Any]", target: str) -> str:
    """Return whether the process can be relied on to meet its target, "" where nothing can be said."""
    words = {
        "pass": locale.t("The target of {target} will be met as long as nothing changes.", target=target),
        "fail": locale.t("The target of {target} will not be met unless something changes.", target=target),
        "hit_or_miss": locale.t("The target of {target} is met or missed by chance.", target=target),
    }
    return words.get(str(row["assurance"]), "")
