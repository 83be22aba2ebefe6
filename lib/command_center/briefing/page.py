"""The briefing as a page, opened by the daily_briefing notebook."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from command_center.briefing.compose import compose
from command_center.briefing.model import Briefing
from command_center.locale import Language
from command_center.pages.addresses import HOME, briefing_page
from command_center.pages.blocks import Block, render
from command_center.pages.context import PageContext, open_context
from command_center.pages.frame import page_bottom, page_top


@dataclass(frozen=True)
class BriefingPage:
    """The briefing of one day."""

    context: PageContext
    trouble: Sequence[str] = ()

    @cached_property
    def briefing(self) -> Briefing:
        return compose(
            self.context, date.fromisoformat(self.context.address.subject), trouble=tuple(self.trouble)
        )

    def top(self) -> Block:
        """Return the head of the page."""
        return page_top(self.context)

    def body(self) -> Block:
        """Return the parts of the briefing."""
        return render("briefing", parts=self.briefing.parts, evidence=self.context.locale.t("evidence"))

    def bottom(self) -> Block:
        """Return the foot of the page."""
        return page_bottom(self.context)


def open_briefing(
    day: str = "", *, edition: str = "latest", language: Language = "id", trouble: Sequence[str] = ()
) -> BriefingPage:
    """Return the briefing of a day, ISO text ("" is the edition's own); EditionError where there is none.

    `trouble` are sentences about runs of the schedule that failed.
    """
    context = open_context(HOME, edition, language)
    chosen = date.fromisoformat(day) if day else context.as_of
    return BriefingPage(replace(context, address=briefing_page(chosen).in_language(language)), trouble)
