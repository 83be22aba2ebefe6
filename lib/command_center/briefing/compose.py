"""The words of the briefing, ten parts in order, each sentence linked to its evidence, on one page.

Order and manner follow DOMAIN.md section 7: no adjective without a number, "no data yet" rather than silence,
nothing said to rise or fall without its period and base.
"""

from datetime import date

from command_center.briefing.declared import load_plan
from command_center.briefing.matters import decisions, main_things, new_and_ended
from command_center.briefing.model import Briefing, fitted
from command_center.briefing.notes import agenda, data_notes, header, promises
from command_center.briefing.strip import desk, strip
from command_center.pages.context import PageContext


def compose(context: PageContext, day: date | None = None, *, trouble: tuple[str, ...] = ()) -> Briefing:
    """Return the briefing of a day (None is the edition's own) from the figures of the context's edition.

    `trouble` are sentences about runs of the schedule that failed; they stand among the notes on data.
    """
    locale, plan = context.locale, load_plan(context.house.settings)
    today = day or context.as_of
    return fitted(
        Briefing(
            title=locale.t("Morning briefing, {date}", date=locale.date(today)),
            language=context.language,
            parts=(
                header(context, today),
                main_things(context),
                decisions(context),
                new_and_ended(context),
                strip(context),
                desk(context, locale.t("Letters"), plan.letters),
                desk(context, locale.t("Complaints and media"), plan.media),
                promises(context, plan, today),
                data_notes(context, trouble),
                agenda(context, plan, today),
            ),
        )
    )
