"""What a card says of the data beneath its figure: the score of its period, and a newer file that is held.

Looks up what the edition holds; computes nothing.
"""

from functools import cached_property

import pandas as pd

from command_center.catalog import SAMPLE_METHOD, Sector
from command_center.editions import Edition
from command_center.indicators.series import Measure
from command_center.locale import Locale
from command_center.pages.readiness_words import score_text, short_reason
from command_center.quality import ReadinessRules, counted_period

_HELD = ("checked", "returned")


class DataScores:
    """The scores of one edition by the figure that rests on them."""

    def __init__(self, edition: Edition, rules: ReadinessRules) -> None:
        """Read nothing yet."""
        self._edition, self._rules = edition, rules

    @cached_property
    def _dataset_of(self) -> dict[str, str]:
        sources = self._edition.sources
        return dict(zip(sources["source_submission"], sources["dataset"], strict=True))

    @cached_property
    def _rows(self) -> dict[tuple[str, str, bool, str], int]:
        table = self._edition.readiness[["sector", "dataset", "is_sample", "period"]]
        return {
            (str(row["sector"]), str(row["dataset"]), bool(row["is_sample"]), str(row["period"])): at
            for at, row in enumerate(table.to_dict("records"))
        }

    @cached_property
    def _held(self) -> dict[tuple[str, str], pd.Timestamp]:
        faults = self._edition.submission_faults
        held = faults[faults["state"].isin(_HELD) & ~faults["is_sample"].astype("bool")]
        latest = held.groupby(["sector", "dataset"])["received_on"].max()
        rows = latest.reset_index().to_dict("records")
        return {(str(row["sector"]), str(row["dataset"])): row["received_on"] for row in rows}

    def score(self, locale: Locale, sector: Sector, row: Measure) -> tuple[str, str]:
        """Return the score of a figure's data as text, and why it is too low; each "" where there is nothing to say."""
        dataset = self._dataset_of.get(row.source_submission, "")
        cadences = {one.id: one.cadence for one in sector.datasets}
        if dataset not in cadences:
            return "", ""
        period = counted_period(row.period, cadences[dataset])
        at = self._rows.get((sector.slug, dataset, row.method == SAMPLE_METHOD, period))
        if at is None:
            return "", ""
        found = self._edition.readiness.iloc[at].to_dict()
        is_low = self._rules.grade(found["total"]) == "red"
        text = locale.t("data score {score}", score=score_text(locale, found["total"]))
        return text, short_reason(locale, found) if is_low else ""

    def held_note(self, locale: Locale, sector: Sector, row: Measure) -> str:
        """Return that a newer file of the figure's dataset is held, "" where none is."""
        day = self._held.get((sector.slug, self._dataset_of.get(row.source_submission, "")))
        if day is None or row.method == SAMPLE_METHOD:
            return ""
        return locale.t(
            "the newest file of {date} is held; this is the last good figure", date=locale.date(day.date())
        )
