"""The state of one agency's data: what it owes, every dataset with its scores and reasons, gaps, faults, trend.

Shows what the edition's readiness tables say; the same for every reader, with no row and no receipt in it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from command_center.charts import figure_html, trend
from command_center.locale import is_missing
from command_center.pages.blocks import Block, render, trusted
from command_center.pages.context import PageContext
from command_center.pages.frame import page_bottom, page_top
from command_center.pages.readiness_faults import faults_block
from command_center.pages.readiness_gaps import gap_grid
from command_center.pages.readiness_words import (
    CADENCE_WORDS,
    COMPONENT_WORDS,
    grade_parts,
    reasons,
    score_cells,
    score_text,
)
from command_center.quality import COMPONENTS, latest_of_datasets, load_readiness_rules
from command_center.theme import sample_stamp_html


@dataclass(frozen=True)
class AgencyReadiness:
    """The page of one agency."""

    context: PageContext
    agency: str

    @cached_property
    def readiness(self) -> pd.DataFrame:
        """The agency's rows of the edition's readiness table."""
        table = self.context.edition.readiness
        return table[table["agency_code"].eq(self.agency)].reset_index(drop=True)

    @cached_property
    def latest(self) -> pd.DataFrame:
        return latest_of_datasets(self.readiness)

    def top(self) -> Block:
        """Return the head of the page: who it is about and what is owed."""
        context, locale = self.context, self.context.locale
        real = self.latest[~self.latest["is_sample"].astype("bool")]
        missing = int((real["is_due"] & real["rows"].eq(0)).sum())
        agency = context.house.agencies.get(self.agency, on=context.as_of)
        name = agency.name_en if context.language == "en" else agency.name_id
        said = (
            locale.tn(
                "{count} dataset lacks its newest period.",
                "{count} datasets lack their newest period.",
                missing,
                count=locale.number(missing, 0),
            )
            if missing
            else locale.t("Nothing that is due is missing.")
        )
        return page_top(context, lead=f"{name}. {said}")

    def overview(self) -> Block:
        """Return the datasets with scores and reasons, the worst first, real and sample data apart."""
        locale = self.context.locale
        return render(
            "readiness_agency",
            heading=locale.t("Datasets and their scores"),
            tables=[
                one for one in (self._table(is_sample=False), self._table(is_sample=True)) if one["rows"]
            ],
            never=self._never(),
            never_heading=locale.t("Never sent, and due on no fixed day"),
            columns=[
                locale.t("Dataset"),
                *(locale.t(COMPONENT_WORDS[name]) for name in COMPONENTS),
                locale.t("Total"),
                locale.t("Due"),
            ],
            letter=self._letter(),
            stamp=trusted(sample_stamp_html(locale)),
        )

    def gaps(self) -> Block:
        """Return what is missing, by dataset, period and region."""
        return gap_grid(self.context, self.readiness)

    def faults(self) -> Block:
        """Return the kinds of faults in the agency's files, with a way to the receipts for those who may open them."""
        faults = self.context.edition.submission_faults
        own = faults[faults["agency_code"].eq(self.agency)]
        prefix = "/en" if self.context.language == "en" else ""
        link = f"{prefix}/kirim/daftar/?agency={self.agency}"
        return faults_block(
            self.context, own, heading=self.context.locale.t("Faults by kind"), list_link=link
        )

    def bottom(self) -> Block:
        """Return the trend over the editions and the foot of the page."""
        locale = self.context.locale
        history = self.context.edition.readiness_history
        own = history[history["agency_code"].eq(self.agency)]
        figures = []
        for is_sample, rows in own.groupby("is_sample"):
            frame = pd.DataFrame({"period": rows["as_of"].dt.strftime("%Y-%m-%d"), "value": rows["total"]})
            figure = trend(frame, locale=locale, title=locale.t("Total score by edition"), decimals=0)
            if figure.svg:
                figures.append(trusted(figure_html(figure, locale, is_sample=bool(is_sample))))
        block = render(
            "readiness_trend",
            heading=locale.t("Trend over the editions"),
            figures=figures,
            nothing=locale.t("A trend is drawn from the second edition day on."),
        )
        return Block(block.html + page_bottom(self.context).html)

    def _table(self, *, is_sample: bool) -> dict[str, Any]:
        context, locale = self.context, self.context.locale
        rules = load_readiness_rules(context.house.settings)
        rows = self.latest[self.latest["is_sample"].eq(is_sample)].sort_values("total", kind="stable")
        return {
            "is_sample": is_sample,
            "rows": [
                {
                    "title": self._title(row["sector"], row["dataset"]),
                    "about": f"{self._cadence(row)} · {locale.period(row['period'])}",
                    "cells": score_cells(locale, row, rules.grade),
                    "total": score_text(locale, row["total"]),
                    "grade": grade_parts(locale, row["grade"]),
                    "due": "–"
                    if is_sample or is_missing(row["due_on"])
                    else locale.date(row["due_on"].date()),
                    "reasons": reasons(locale, row),
                }
                for row in rows.to_dict("records")
            ],
        }

    def _never(self) -> list[str]:
        real = self.latest[~self.latest["is_sample"].astype("bool")] if len(self.latest) else self.latest
        known = set(zip(real["sector"], real["dataset"], strict=True)) if len(real) else set()
        return [
            dataset.title.in_language(self.context.language)
            for sector, dataset in self.context.house.catalog.datasets
            if (dataset.owner or sector.owner) == self.agency and (sector.slug, dataset.id) not in known
        ]

    def _letter(self) -> dict[str, str] | None:
        locale = self.context.locale
        if self.context.house.agencies.get(self.agency).kind == "outside":
            return None
        prefix = "/en" if self.context.language == "en" else ""
        base = f"{prefix}/surat-permintaan/{self.agency}"
        return {
            "heading": locale.t("Letter of request"),
            "text": locale.t(
                "Lists exactly what is owed, with blank workbooks. For the data steward, the leaders and the agency itself."
            ),
            "html": f"{base}/",
            "html_label": locale.t("Read the letter"),
            "pdf": f"{base}.pdf",
            "pdf_label": locale.t("Download as PDF"),
            "zip": f"{base}.zip",
            "zip_label": locale.t("Letter and blank workbooks in one archive"),
        }

    def _title(self, sector: str, dataset: str) -> str:
        return (
            self.context.house.catalog.sector(sector)
            .dataset(dataset)
            .title.in_language(self.context.language)
        )

    def _cadence(self, row: dict[Any, Any]) -> str:
        declared = self.context.house.catalog.sector(row["sector"]).dataset(row["dataset"])
        return self.context.locale.t(CADENCE_WORDS[declared.cadence])
