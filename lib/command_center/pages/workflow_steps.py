"""The page of the steps of a workflow: where it waits, its bottlenecks, the map of its ways, and what breaks the rules."""

from dataclasses import dataclass
from typing import Any

from command_center.locale import Language
from command_center.pages.addresses import sector_page
from command_center.pages.blocks import Block, join, render, trusted
from command_center.pages.context import open_context
from command_center.pages.process_map import INITIAL, map_levels
from command_center.pages.workflow import Workflow
from command_center.pages.workflow_parts import Row, rows_of, section, table
from command_center.pages.workflow_words import (
    count_text,
    cycle_text,
    elapsed_text,
    hours_text,
    percent_text,
)

_CELLS = 15


@dataclass(frozen=True)
class StepsPage(Workflow):
    """Steps, bottlenecks, process maps, variants, conformance."""

    def bottlenecks(self) -> Block:
        """Return the steps of units that wait longer than they used to."""
        if not self.facts:
            return self.absent()
        locale = self.context.locale
        texts = tuple(
            locale.t(
                "{step} at {unit}: nine in ten waited up to {now} in the last six weeks, {before} before; {share} of all "
                "waiting.",
                step=row.step, unit=self.name_of(str(row.unit)), now=hours_text(locale, row.p90_hours),
                before=hours_text(locale, row.p90_before_hours), share=percent_text(locale, 100 * row.share),
            )
            for row in rows_of(self.of("bottlenecks"))
        )  # fmt: skip
        none = locale.t("No step of a unit waits longer than in its own past, beyond chance.")
        return section(self, "hambatan", locale.t("Bottlenecks"), texts or (none,), Block(trusted("")))

    def steps(self) -> Block:
        """Return the waits before each step, and the steps of units with most of them."""
        locale, waits = self.context.locale, self.of("steps").rename(columns={"count": "number"})
        if waits.empty:
            return Block(trusted(""))
        is_all = waits["unit"].astype(str).eq("")
        numbers = (locale.t("Letters"), locale.t("Hours waited"), locale.t("Median"), locale.t("Nine in ten"))
        of_all = [Row((str(row.step), *self._numbers(row))) for row in rows_of(waits[is_all])]
        cells = [
            Row((str(row.step), self.name_of(str(row.unit)), *self._numbers(row)))
            for row in rows_of(waits[~is_all].nlargest(_CELLS, "hours"))
        ]
        note = locale.t("Working hours from the step before, over the last 12 months.")
        first = table(locale.t("Waiting by step"), (locale.t("Step"), *numbers), of_all)
        second = table(
            locale.t("Waiting by step and unit"), (locale.t("Step"), locale.t("Unit"), *numbers), cells, 2
        )
        return join(
            section(self, "langkah", locale.t("Waiting by step"), (note,), first),
            section(self, "langkah-unit", locale.t("Waiting by step and unit"), (), second),
        )

    def _numbers(self, row: Any) -> tuple[str, ...]:
        locale = self.context.locale
        count, hours = row.number, row.hours
        return (
            count_text(locale, count),
            count_text(locale, hours),
            hours_text(locale, row.median_h),
            hours_text(locale, row.p90_h),
        )

    def maps(self) -> Block:
        """Return the map of each life cycle with a control for detail, its variants and what breaks its rules."""
        kept = self.of("conformance")
        return join(*(self.way(str(cycle)) for cycle in kept["cycle"])) if len(kept) else Block(trusted(""))

    def way(self, cycle: str) -> Block:
        """Return the map of one life cycle; nothing where no case of it stands in the log."""
        if cycle not in set(self.of("conformance").get("cycle", ())):
            return Block(trusted(""))
        locale = self.context.locale
        follows, activities = (
            frame[frame["cycle"].eq(cycle)] for frame in (self.of("follows"), self.of("activities"))
        )
        name = cycle_text(locale, cycle)
        title = locale.t("Ways of {cycle} letters", cycle=name)
        levels = [
            {
                "label": locale.t("{n} of {total} transitions", n=level.shown, total=level.total),
                "svg": trusted(level.svg),
                "is_initial": at == INITIAL,
            }
            for at, level in enumerate(map_levels(follows, activities, locale, title))
        ]
        legend = locale.t("Detail. Each arrow: how often, and the median time between, day and night.")
        drawn = render("workflow_map", name=f"peta-{cycle}", levels=levels, legend=legend)
        row: Any = self.of("conformance").set_index("cycle").loc[cycle]
        text = locale.t(
            "Of {cases} letters {share} keep to the declared life cycle; {skipped} left a step out, {repeated} repeated "
            "one, {order} took one out of order, {unknown} have a step it does not know.",
            cases=count_text(locale, row["cases"]), share=percent_text(locale, 100 * row["conforming"] / row["cases"]),
            skipped=count_text(locale, row["skipped"]), repeated=count_text(locale, row["repeated"]),
            order=count_text(locale, row["out_of_order"]), unknown=count_text(locale, row["unknown"]),
        )  # fmt: skip
        body = join(drawn, self._details(cycle))
        return section(self, f"jalur-{cycle}", title, (text,), body)

    def _details(self, cycle: str) -> Block:
        """The numbers of the map and the variants, to open."""
        locale = self.context.locale
        follows, variants = (
            frame[frame["cycle"].eq(cycle)] for frame in (self.of("follows"), self.of("variants"))
        )
        pairs = [
            Row((f"{row.source} → {row.target}", count_text(locale, row.number), elapsed_text(locale, row.median_s)))
            for row in rows_of(follows.rename(columns={"count": "number"}))
        ]  # fmt: skip
        ways = [
            Row((str(row.activities).replace(" > ", " → "), count_text(locale, row.number)))
            for row in rows_of(variants.rename(columns={"count": "number"}))
        ]
        heads = (locale.t("Transition"), locale.t("How often"), locale.t("Median"))
        return render(
            "workflow_details",
            parts=[
                (locale.t("The numbers of the map"), table(locale.t("Transitions"), heads, pairs).html),
                (
                    locale.t("The most frequent ways"),
                    table(locale.t("Ways"), (locale.t("Way"), locale.t("Letters")), ways).html,
                ),
            ],
        )


def open_steps(slug: str, *, edition: str = "latest", language: Language = "id") -> StepsPage:
    """Return the page of the steps of a workflow; CatalogError or EditionError where there is none."""
    context = open_context(sector_page(slug, "", "steps"), edition, language)
    return StepsPage(context, context.house.catalog.sector(slug))
