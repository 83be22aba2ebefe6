"""Parts 1 and 8 to 10 of the briefing: the state of the data, promises due, data quality, the agenda."""

from collections.abc import Mapping
from datetime import date

from command_center.briefing.declared import BriefingPlan, agenda_of
from command_center.briefing.model import BriefingPart, Sentence
from command_center.pages.addresses import sector_page
from command_center.pages.alarms import alarms
from command_center.pages.context import PageContext

_OWING, _MOST_OWING = 40, 3


def header(context: PageContext, day: date) -> BriefingPart:
    """Return the date of the figures, how many agencies have sent all they owe, how many datasets there are."""
    locale, owed = context.locale, _owed(context)
    complete = sum(not awaited for _, awaited in owed.values())
    share = 100 * complete / len(owed) if owed else None
    text = locale.t(
        "Data as of {as_of}: {n} of {total} agencies have sent all the datasets they owe ({share}); "
        "{there} of {datasets} datasets are there.",
        as_of=locale.date(context.as_of),
        n=locale.number(complete, 0),
        total=locale.number(len(owed), 0),
        share=locale.quantity(share, "%", 0),
        there=locale.number(sum(there for there, _ in owed.values()), 0),
        datasets=locale.number(sum(map(sum, owed.values())), 0),
    )
    sentences = [Sentence(text, context.home_link)]
    if day != context.as_of:
        age = locale.t("The edition is {days} days old.", days=locale.number((day - context.as_of).days, 0))
        sentences.append(Sentence(age, context.home_link))
    return BriefingPart(locale.t("State of the data"), tuple(sentences))


def _owed(context: PageContext) -> Mapping[str, tuple[int, int]]:
    """Return for every agency how many datasets of its own are there and how many are awaited.

    Sample data stand for nothing that was sent.
    """
    owed: dict[str, tuple[int, int]] = {}
    for sector, dataset in context.house.catalog.datasets:
        owner = dataset.owner or sector.owner
        there, awaited = owed.get(owner, (0, 0))
        owed[owner] = (there + (not dataset.is_awaited), awaited + dataset.is_awaited)
    return owed


def promises(context: PageContext, plan: BriefingPlan, day: date) -> BriefingPart:
    """Return what is due: confirmations that owners owe by this day; decisions once they are recorded."""
    locale = context.locale
    due = [one for one in alarms(context) if date.fromisoformat(str(one.row["confirm_by"])) <= day]
    coming = alarms(context)
    sentences = [
        Sentence(
            locale.t(
                "Decisions that fall due: no data yet; {owner} is to supply it.",
                owner=context.agency_name(plan.decisions_owner),
            ),
            context.home_link,
        )
    ]
    if due:
        text = locale.tn(
            "{n} alarm awaits the answer of its owner today.",
            "{n} alarms await the answer of their owners today.",
            len(due),
        )
        sentences.append(Sentence(text, context.home_link))
    elif coming:
        text = locale.t(
            "The owners of {n} alarms answer by {date}.",
            n=locale.number(len(coming), 0),
            date=locale.date(date.fromisoformat(str(coming[0].row["confirm_by"]))),
        )
        sentences.append(Sentence(text, context.home_link))
    return BriefingPart(locale.t("Promises due"), tuple(sentences))


def data_notes(context: PageContext, trouble: tuple[str, ...] = ()) -> BriefingPart:
    """Return failed sectors with who acts, questions on data, remarks; `trouble` are sentences of the schedule."""
    locale, root = context.locale, context.house.regions.root.code
    sentences = [
        Sentence(
            locale.t(
                "Sector {sector} could not be refreshed and shows its last good figures; {who} is to act.",
                sector=name,
                who=_owner(context, slug) or who,
            ),
            context.link(sector_page(slug, root)) if _is_known(context, slug) else context.home_link,
        )
        for slug, name, who in context.failed_sectors
    ]
    sentences += [Sentence(text, context.home_link) for text in trouble]
    questions = sum(one.is_question for one in alarms(context, only_alarms=False))
    faults = len(context.edition.manifest["faults"])
    text = locale.t(
        "{questions} questions on data are open; the checks made {faults} remarks on the figures.",
        questions=locale.number(questions, 0),
        faults=locale.number(faults, 0),
    )
    sentences.append(Sentence(text, context.home_link))
    owing = sorted(
        ((awaited, code) for code, (_, awaited) in _owed(context).items() if awaited), key=lambda one: -one[0]
    )
    if owing:
        names = ", ".join(
            f"{context.agency_name(code)} ({locale.number(awaited, 0)})"
            for awaited, code in owing[:_MOST_OWING]
        )
        text = locale.t("Most datasets are still to come from {names}.", names=names)
        sentences.append(Sentence(text, context.home_link, _OWING))
    return BriefingPart(locale.t("Notes on data quality"), tuple(sentences))


def _is_known(context: PageContext, slug: str) -> bool:
    return any(sector.slug == slug for sector in context.house.catalog.sectors)


def _owner(context: PageContext, slug: str) -> str:
    """Return the agency that owns a failed sector; "" where the edition does not know it."""
    owner = next((one.owner for one in context.house.catalog.sectors if one.slug == slug), "")
    return context.agency_name(owner) if owner else ""


def agenda(context: PageContext, plan: BriefingPlan, day: date) -> BriefingPart:
    """Return the agenda of the day, or that nothing is known of it and who supplies it."""
    locale = context.locale
    heading = locale.t("Agenda ({office})", office=context.agency_name(plan.agenda_owner))
    entries = agenda_of(context.house.settings, day)
    sentences = tuple(
        Sentence(
            f"{' '.join(part for part in (one.time, one.activity) if part)}, {one.place}.", context.home_link
        )
        for one in entries
    )
    none = locale.t("Agenda of {date}: no data yet.", date=locale.date(day))
    return BriefingPart(heading, sentences or (Sentence(none, context.home_link),))
