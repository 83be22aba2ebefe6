"""The page of what is open: how old, by unit; and the oldest, by number and unit only."""

from dataclasses import dataclass

from command_center.locale import Language
from command_center.pages.addresses import sector_page
from command_center.pages.blocks import Block, trusted
from command_center.pages.context import open_context
from command_center.pages.workflow import Workflow
from command_center.pages.workflow_parts import Row, rows_of, section, table
from command_center.pages.workflow_words import count_text, few_text

_SHOWN = 60


@dataclass(frozen=True)
class AgeingPage(Workflow):
    """Open letters by age, and the oldest of them."""

    def classes(self) -> Block:
        """Return the open letters by class of age: all units, then those with most older than ten days."""
        if not self.facts:
            return self.absent()
        locale, ages = self.context.locale, self.of("ages")
        codes = ages["unit"].astype(str)
        root = f"{self.context.house.regions.root.code}."
        shown = ages[~codes.str.startswith(root) | codes.str.count(r"\.").eq(2)].copy()
        shown["sum"] = shown[["0-2", "3-5", "6-10", ">10"]].sum(axis=1)
        shown = shown.sort_values([">10", "sum"], ascending=False)
        rows = [
            Row((self.name_of(str(row["unit"])), *(few_text(locale, row[name]) for name in ages.columns[1:])),
                self.link_of(str(row["unit"])))
            for _, row in shown.iterrows()
        ]  # fmt: skip
        heads = (
            locale.t("Unit"),
            *(
                locale.t("{range} days", range=name.replace("-", "–").replace(">", "> "))
                for name in ages.columns[1:]
            ),
        )
        note = locale.t(
            "Open letters by age in working days. Agencies and sub-districts; villages on their own pages."
        )
        return section(
            self, "umur", locale.t("How old open letters are"), (note,), table(locale.t("Age"), heads, rows)
        )

    def oldest(self) -> Block:
        """Return the oldest open plain letters: number, unit, class of age."""
        locale, listed = self.context.locale, self.of("oldest")
        if listed.empty:
            return Block(trusted(""))
        first = listed.sort_values(["days", "number"], ascending=[False, True]).head(_SHOWN)
        rows = [
            Row((str(row.number), self.name_of(str(row.unit)), count_text(locale, row.days)))
            for row in rows_of(first)
        ]
        heads = (locale.t("Letter number"), locale.t("Unit"), locale.t("Working days open"))
        note = locale.t(
            "The {n} oldest. Letters classified above plain are counted above and never listed.", n=len(rows)
        )
        body = table(locale.t("The oldest open letters"), heads, rows, 2)
        return section(self, "tertua", locale.t("The oldest open letters"), (note,), body)


def open_ageing(slug: str, *, edition: str = "latest", language: Language = "id") -> AgeingPage:
    """Return the page of open letters; CatalogError or EditionError where there is none."""
    context = open_context(sector_page(slug, "", "ageing"), edition, language)
    return AgeingPage(context, context.house.catalog.sector(slug))
