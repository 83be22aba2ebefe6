"""The state of the data, of all agencies: whom to call first, scores, faults by kind.

Shows what the edition's readiness tables say; the same for every reader, with no row and no receipt in it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from command_center.locale import Language
from command_center.pages.addresses import readiness_page
from command_center.pages.blocks import Block, render, trusted
from command_center.pages.context import PageContext, open_context
from command_center.pages.frame import page_bottom, page_top
from command_center.pages.readiness_agency import AgencyReadiness
from command_center.pages.readiness_faults import faults_block
from command_center.pages.readiness_words import (
    COMPONENT_WORDS,
    grade_parts,
    score_cells,
    score_text,
)
from command_center.quality import (
    COMPONENTS,
    ReadinessRules,
    agencies_to_call,
    load_readiness_rules,
    scores_of_agencies,
)
from command_center.theme import provenance_html, sample_stamp_html

_CALLED_FIRST = 6


@dataclass(frozen=True)
class ReadinessPage:
    """The page of all agencies."""

    context: PageContext

    @cached_property
    def rules(self) -> ReadinessRules:
        return load_readiness_rules(self.context.house.settings)

    @cached_property
    def agencies(self) -> pd.DataFrame:
        return scores_of_agencies(self.context.edition.readiness, self.rules)

    def top(self) -> Block:
        """Return the head of the page."""
        locale = self.context.locale
        real = self.agencies[~self.agencies["is_sample"].astype("bool")]
        lead = locale.t(
            "{owing} of {agencies} agencies owe data that are due; {unsent} of {datasets} datasets were never sent.",
            owing=locale.number(int(real["owed_periods"].gt(0).sum()), 0),
            agencies=locale.number(len(real), 0),
            unsent=locale.number(int(real["unsent"].sum()), 0),
            datasets=locale.number(int(real["datasets"].sum()), 0),
        )
        return page_top(self.context, lead=lead, is_wide=True)

    def overview(self) -> Block:
        """Return whom to call today, and the scores of every agency, the worst first; sample data stand apart."""
        locale = self.context.locale
        return render(
            "readiness",
            call_heading=locale.t("Whom to call first"),
            call_note=locale.t(
                "First those with a file that is held, then by the number of datasets whose newest due period is missing."
            ),
            calls=self._calls(),
            nobody=locale.t("No agency owes data today."),
            tables=[
                one for one in (self._scores(is_sample=False), self._scores(is_sample=True)) if one["rows"]
            ],
            scores_heading=locale.t("Scores by agency"),
            columns=[
                locale.t("Agency"),
                *(locale.t(COMPONENT_WORDS[name]) for name in COMPONENTS),
                locale.t("Total"),
                locale.t("Periods owed"),
            ],
            explained=self._explained(),
            stamp=trusted(sample_stamp_html(locale)),
        )

    def gaps(self) -> Block:
        """Return nothing: what is missing stands on the page of each agency."""
        return Block(trusted(""))

    def faults(self) -> Block:
        """Return how often each kind of fault was found in the files that stand, real and sample files apart."""
        locale = self.context.locale
        return faults_block(
            self.context, self.context.edition.submission_faults, heading=locale.t("Faults by kind")
        )

    def bottom(self) -> Block:
        """Return the foot of the page."""
        return page_bottom(self.context)

    def _calls(self) -> list[dict[str, Any]]:
        context, locale = self.context, self.context.locale
        outside = {agency.code for agency in context.house.agencies.of_kind("outside")}
        found = agencies_to_call(context.edition.readiness, context.edition.submission_faults)
        found = found[~found["agency_code"].isin(outside)].head(_CALLED_FIRST)
        return [
            {
                "name": context.agency_name(row["agency_code"]),
                "link": context.link(readiness_page(row["agency_code"])),
                "facts": [
                    fact
                    for fact in (
                        locale.tn(
                            "{count} file held",
                            "{count} files held",
                            row["held"],
                            count=locale.number(row["held"], 0),
                        )
                        if row["held"]
                        else "",
                        locale.tn(
                            "{count} dataset missing its newest period",
                            "{count} datasets missing their newest period",
                            row["waiting"],
                            count=locale.number(row["waiting"], 0),
                        ),
                        locale.tn(
                            "up to {count} working day late",
                            "up to {count} working days late",
                            row["late_days"],
                            count=locale.number(row["late_days"], 0),
                        )
                        if row["late_days"]
                        else "",
                    )
                    if fact
                ],
            }
            for row in found.to_dict("records")
        ]

    def _scores(self, *, is_sample: bool) -> dict[str, Any]:
        context, locale = self.context, self.context.locale
        rows = self.agencies[self.agencies["is_sample"].eq(is_sample)]
        return {
            "is_sample": is_sample,
            "title": locale.t("Files that were invented, scored apart")
            if is_sample
            else locale.t("What the agencies sent or published"),
            "rows": [
                {
                    "name": context.agency_name(row["agency_code"]),
                    "link": context.link(readiness_page(row["agency_code"])),
                    "cells": score_cells(locale, row, self.rules.grade),
                    "total": score_text(locale, row["total"]),
                    "grade": grade_parts(locale, row["grade"]),
                    "owed": "–" if is_sample else locale.number(row["owed_periods"], 0),
                }
                for row in rows.to_dict("records")
            ],
        }

    def _explained(self) -> dict[str, Any]:
        locale, rules = self.context.locale, self.rules
        weights = ", ".join(
            f"{locale.t(COMPONENT_WORDS[name])} {locale.number(rules.weights.of(name), 0)}"
            for name in COMPONENTS
        )
        return {
            "text": locale.t(
                "Each dataset is scored for its newest period that is due; an agency has the mean of its datasets. "
                "Weights: {weights}. From {green} sound, from {yellow} needs care; below that a figure prints grey. "
                "A dash means that nothing can be said.",
                weights=weights,
                green=locale.number(rules.grades.green, 0),
                yellow=locale.number(rules.grades.yellow, 0),
            ),
            "chip": trusted(provenance_html(rules.weights.provenance, locale)),
        }


def open_readiness(
    agency: str = "", *, edition: str = "latest", language: Language = "id"
) -> "ReadinessPage | AgencyReadiness":
    """Return the page of all agencies ("") or of one; EditionError where there is no such edition."""
    context = open_context(readiness_page(agency), edition, language)
    return AgencyReadiness(context, agency) if agency else ReadinessPage(context)
