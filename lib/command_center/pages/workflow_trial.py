"""The page of a trial: a verdict per unit with its evidence, what it gained or why that cannot be said."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from command_center.locale import Language
from command_center.pages.addresses import sector_page
from command_center.pages.blocks import Block, join, trusted
from command_center.pages.context import open_context
from command_center.pages.workflow import Workflow
from command_center.pages.workflow_parts import Row, rows_of, section, table
from command_center.pages.workflow_words import count_text, cycle_text, date_text, percent_text


@dataclass(frozen=True)
class TrialPage(Workflow):
    """The trial units one after the other, and what is asked of them."""

    def units(self) -> Block:
        """Return a section per unit of the trial."""
        if not self.facts:
            return self.absent()
        effects = self.of("effect")
        return (
            join(*(self._unit(str(unit)) for unit in effects["unit"])) if len(effects) else Block(trusted(""))
        )

    def _unit(self, unit: str) -> Block:
        locale = self.context.locale
        verdict = self.of("verdict")
        mine = verdict[verdict["unit"].astype(str).eq(unit)]
        said = {
            "ready": locale.t("● Ready"),
            "not_yet": locale.t("◆ Not ready yet"),
            "cannot_be_said": locale.t("○ It cannot be said whether it is ready"),
        }[str(mine["readiness"].iloc[0])]
        texts = (f"{said}. {self._change(mine)}", self._gain(unit), *self._form(unit))
        body = join(self._criteria(unit), self._share(unit), self._paper(unit))
        return section(self, f"uji-{unit.replace('.', '-')}", self.name_of(unit), texts, body)

    def _criterion(self, name: str) -> str:
        locale = self.context.locale
        return {
            "electronic_pct": locale.t("Letters of the register handled electronically"),
            "time_change_pct": locale.t("Change of the working time against units like it"),
            "recorded_steps_pct": locale.t("Least recorded of the needed steps"),
            "on_time_pct": locale.t("Closed on time"),
        }.get(name, name)

    def _criteria(self, unit: str) -> Block:
        locale, verdict = self.context.locale, self.of("verdict")
        marks = {True: locale.t("● met"), False: locale.t("■ not met"), None: locale.t("○ not known")}
        rows = [
            Row((self._criterion(str(row.criterion)), percent_text(locale, _number(row.value)),
                 f"{'≥' if row.at_least else '≤'} {percent_text(locale, row.threshold)}",
                 marks[None if row.is_met is None else bool(row.is_met)]))
            for row in rows_of(verdict[verdict["unit"].astype(str).eq(unit)])
        ]  # fmt: skip
        heads = (locale.t("Condition"), locale.t("Found"), locale.t("Asked (proposal)"), locale.t("Met"))
        return table(locale.t("Conditions of readiness"), heads, rows)

    def _change(self, mine: pd.DataFrame) -> str:
        """Which condition keeps the unit from being ready, and where its threshold would have to lie."""
        locale = self.context.locale
        frame = mine[[one is False or str(one) == "False" for one in mine["is_met"]]]
        missed = [
            locale.t(
                "{criterion} would be met with a threshold of {value}",
                criterion=self._criterion(str(row.criterion)),
                value=percent_text(locale, row.value),
            )
            for row in rows_of(frame)
        ]
        if missed:
            return "; ".join(missed) + "."
        unknown = sum(one is None for one in mine["is_met"])
        return (
            locale.tn("{n} condition has no figure.", "{n} conditions have no figure.", unknown)
            if unknown
            else ""
        )

    def _gain(self, unit: str) -> str:
        locale, effects = self.context.locale, self.of("effect")
        row = effects[effects["unit"].astype(str).eq(unit)].iloc[0]
        counted = {"before": count_text(locale, row["before"]), "after": count_text(locale, row["after"])}
        why = {
            "no_before": locale.t("there are too few letters before it ({before})", **counted),
            "no_after": locale.t("there are too few closed letters since it began ({after})", **counted),
            "too_few_like_it": locale.t("there are too few units like it"),
        }
        if row["unsaid"]:
            return locale.t(
                "What the trial gained in time cannot be said: {why}.", why=why[str(row["unsaid"])]
            )
        return locale.t(
            "Since {start} the working time of a letter changed by {value} more than in {n} units like it "
            "(95 in 100: {low} to {high}; {before} letters before, {after} since).",
            start=date_text(locale, row["start"]),
            value=percent_text(locale, row["percent"]), n=count_text(locale, row["units_like_it"]),
            low=percent_text(locale, row["low"]), high=percent_text(locale, row["high"]), **counted,
        )  # fmt: skip

    def _form(self, unit: str) -> tuple[str, ...]:
        form = self.of("form")
        if form.empty:
            return ()
        locale = self.context.locale
        return tuple(
            locale.t(
                "Way of working: {mode}. Obstacles: {obstacles}.", mode=row.mode, obstacles=row.obstacles
            )
            for row in rows_of(form[form["region_code"].astype(str).eq(unit)])
        )

    def _share(self, unit: str) -> Block:
        locale, share = self.context.locale, self.of("share")
        if share.empty:
            return Block(trusted(""))
        rows = [
            Row((locale.period(str(row.period)), count_text(locale, row.registered), count_text(locale, row.electronic),
                 percent_text(locale, _number(row.share_pct))))
            for row in rows_of(share[share["unit"].astype(str).eq(unit)])
        ]  # fmt: skip
        heads = (
            locale.t("Month"),
            locale.t("In the paper register"),
            locale.t("In the e-office"),
            locale.t("Share"),
        )
        return table(locale.t("Handled electronically, by month"), heads, rows)

    def _where(self, row: Any) -> str:
        locale = self.context.locale
        if _number(row.share_pct) is None:
            return locale.missing
        return locale.t("still on paper") if row.is_paper else locale.t("electronic")

    def _paper(self, unit: str) -> Block:
        locale, paper = self.context.locale, self.of("paper")
        if paper.empty:
            return Block(trusted(""))
        rows = [
            Row((f"{row.step} ({cycle_text(locale, str(row.cycle))})", count_text(locale, row.cases),
                 percent_text(locale, row.share_pct),
                 self._where(row)))
            for row in rows_of(paper[paper["unit"].astype(str).eq(unit)].sort_values("share_pct"))
        ]  # fmt: skip
        heads = (locale.t("Step"), locale.t("Letters"), locale.t("Recorded"), locale.t("Where"))
        return table(locale.t("Steps recorded since the trial began"), heads, rows)


def _number(value: object) -> float | None:
    number = float(value) if value is not None else math.nan  # type: ignore[arg-type]
    return None if math.isnan(number) else number


def open_trial(slug: str, *, edition: str = "latest", language: Language = "id") -> TrialPage:
    """Return the page of the trial; CatalogError or EditionError where there is none."""
    context = open_context(sector_page(slug, "", "trial"), edition, language)
    return TrialPage(context, context.house.catalog.sector(slug))
