"""The words of the briefing, part by part, each sentence linked to its evidence.

Order and manner follow DOMAIN.md section 7: no adjective without a number, "no data yet" rather
than silence, nothing said to rise or fall without its base.
"""

from dataclasses import dataclass

from command_center.catalog import Sector
from command_center.locale import Locale
from command_center.pages.addresses import sector_page
from command_center.pages.context import PageContext
from command_center.pages.problems import ProblemCard, problem_cards
from command_center.pages.readings import Reading, read

MAIN_THINGS = 3


@dataclass(frozen=True)
class Sentence:
    """One sentence and the link to its evidence ("" where the sentence is about the briefing itself)."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class BriefingPart:
    """One part of the briefing."""

    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Briefing:
    """A whole briefing: parts in order."""

    title: str
    parts: tuple[BriefingPart, ...]

    @property
    def plain_text(self) -> str:
        """The briefing as plain text, one paragraph a part."""
        blocks = [self.title]
        blocks += [
            "\n".join([part.heading.upper(), *(sentence.text for sentence in part.sentences)])
            for part in self.parts
        ]
        return "\n\n".join(blocks) + "\n"


def compose(context: PageContext) -> Briefing:
    """Return the briefing of the context's date, from the figures of its edition."""
    locale = context.locale
    problems = problem_cards(context)
    return Briefing(
        title=locale.t("Morning briefing, {date}", date=locale.date(context.as_of)),
        parts=(
            _header(context),
            _main_things(context, [problem for problem in problems if problem.status != "jump"]),
            _questions(context, [problem for problem in problems if problem.status == "jump"]),
            _strip(context),
            _data_notes(context),
        ),
    )


def _header(context: PageContext) -> BriefingPart:
    locale = context.locale
    supplied = sum(not dataset.is_awaited for _, dataset in context.house.catalog.datasets)
    text = locale.t(
        "Figures as of edition {edition}; {supplied} of {total} datasets supplied.",
        edition=locale.date(context.as_of),
        supplied=locale.number(supplied, 0),
        total=locale.number(len(context.house.catalog.datasets), 0),
    )
    return BriefingPart(locale.t("State of the data"), (Sentence(text),))


def _main_things(context: PageContext, problems: list[ProblemCard]) -> BriefingPart:
    locale = context.locale
    sentences = tuple(
        Sentence(
            _stamped(
                locale,
                f"{problem.title}. {problem.detail} "
                f"{locale.t('Responsible: {agency}.', agency=problem.responsible)}",
                is_sample=bool(problem.stamp),
            ),
            problem.link,
        )
        for problem in problems[:MAIN_THINGS]
    )
    none = (Sentence(locale.t("No figure is on the wrong side of its threshold.")),)
    heading = locale.t("Three main things") if len(sentences) == MAIN_THINGS else locale.t("Main things")
    return BriefingPart(heading, sentences or none)


def _questions(context: PageContext, problems: list[ProblemCard]) -> BriefingPart:
    locale = context.locale
    sentences = tuple(
        Sentence(
            _stamped(locale, f"{problem.title}. {problem.detail}", is_sample=bool(problem.stamp)),
            problem.link,
        )
        for problem in problems[:MAIN_THINGS]
    )
    none = (Sentence(locale.t("No implausible figure awaits an answer.")),)
    return BriefingPart(locale.t("Data to be asked for first"), sentences or none)


def _strip(context: PageContext) -> BriefingPart:
    return BriefingPart(
        context.locale.t("The items, one line each"),
        tuple(_sector_line(context, sector) for sector in context.house.catalog.sectors),
    )


def _sector_line(context: PageContext, sector: Sector) -> Sentence:
    locale = context.locale
    root = context.house.regions.root.code
    reading = read(context, sector, sector.indicator(sector.page.headline), root)
    link = context.link(sector_page(sector.slug, root))
    name = sector.name.in_language(locale.language)
    if reading.level_note:
        return Sentence(f"{name}: {reading.name}: {reading.value}.", link)
    if not reading.has_value:
        return Sentence(
            locale.t(
                "{sector}: {indicator}: no data yet; {owner} is to supply it.",
                sector=name,
                indicator=reading.name,
                owner=reading.owner,
            ),
            link,
        )
    return Sentence(
        f"{name}: {_stamped(locale, _figure(reading), is_sample=reading.is_sample)}.",
        link,
    )


def _stamped(locale: Locale, text: str, *, is_sample: bool) -> str:
    return f"{locale.t('SAMPLE DATA')}: {text}" if is_sample else text


def _figure(reading: Reading) -> str:
    parts = [f"{reading.name} {reading.text} ({reading.period})"]
    parts += reading.changes[:1]
    if reading.pair is not None:
        parts.append(f"{reading.pair.name} {reading.pair.value} ({reading.pair.period})")
    if reading.others_note:
        parts.append(reading.others_note)
    if reading.age_note:
        parts.append(reading.age_note)
    return ", ".join(parts)


def _data_notes(context: PageContext) -> BriefingPart:
    locale = context.locale
    sentences = [
        Sentence(
            locale.t(
                "Sector {sector} could not be refreshed and shows its last good figures; {who} is to act.",
                sector=name,
                who=who,
            )
        )
        for _, name, who in context.failed_sectors
    ]
    faults = len(context.edition.manifest["faults"])
    sentences.append(
        Sentence(
            locale.tn(
                "{n} remark on the figures of this edition.",
                "{n} remarks on the figures of this edition.",
                faults,
            )
            if faults
            else locale.t("The checks found no fault in the rows that were supplied.")
        )
    )
    return BriefingPart(locale.t("Notes on data quality"), tuple(sentences))
