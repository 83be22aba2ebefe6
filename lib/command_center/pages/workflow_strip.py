"""What the home page says of a workflow: a few figures in a row."""

from dataclasses import dataclass

from markupsafe import Markup

from command_center.catalog import Sector
from command_center.pages.addresses import sector_page
from command_center.pages.context import PageContext
from command_center.pages.workflow_parts import facts_block
from command_center.pages.workflow_words import count_text


@dataclass(frozen=True)
class Strip:
    """The strip of one sector; `facts` is "" where it has no report, then `absent` says so."""

    anchor: str
    name: str
    link: str
    is_sample: bool
    facts: Markup | str
    absent: str


def strip_of(context: PageContext, sector: Sector) -> Strip:
    """Return the strip: letters in and closed in seven days, late, waiting for the head of the region."""
    locale, report = context.locale, context.edition.report(sector.slug, "facts")
    name = sector.name.in_language(context.language)
    link = context.link(sector_page(sector.slug, context.house.regions.root.code))
    absent = locale.t(
        "No figure has been supplied yet. {owner} is to supply it.", owner=context.agency_name(sector.owner)
    )
    if report.empty:
        return Strip(f"pita-{sector.slug}", name, link, False, "", absent)
    row = report.iloc[0]
    facts = facts_block(
        [
            (locale.t("In, last 7 days"), count_text(locale, row["arrived_7d"]), ""),
            (locale.t("Closed, last 7 days"), count_text(locale, row["closed_7d"]), ""),
            (locale.t("Late and open"), count_text(locale, row["late"]), ""),
            (locale.t("Waiting for the regent"), count_text(locale, row["waiting_head"]), ""),
        ]
    )
    return Strip(f"pita-{sector.slug}", name, link, bool(row["is_sample"]), facts.html, absent)
