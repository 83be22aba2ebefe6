"""Parts 2 to 4 of the briefing: what matters most, what needs a decision, what is new and what has ended."""

from command_center.briefing.model import BriefingPart, Sentence
from command_center.locale import Locale
from command_center.pages.alarms import Alarm, alarms, ended_signals
from command_center.pages.context import PageContext

MAIN_THINGS = 3
_LETTERS = "ABCD"
# Further sentences come in this order: decisions, alarms below the three.
_DECISION, _FURTHER = 10, 30


def main_things(context: PageContext) -> BriefingPart:
    """Return the three gravest matters: what, where, how much, since when, who."""
    locale = context.locale
    sentences = tuple(
        Sentence(
            stamped(
                locale,
                locale.t(
                    "{title}. {sentence} Responsible: {agency}.",
                    title=one.title,
                    sentence=one.sentence,
                    agency=one.owner,
                ),
                is_sample=one.is_sample,
            ),
            context.link(one.address),
        )
        for one in alarms(context)[:MAIN_THINGS]
    )
    none = (
        Sentence(locale.t("No alarm has been raised by the figures of this edition."), context.home_link),
    )
    return BriefingPart(locale.t("Three main things"), sentences or none)


def decisions(context: PageContext) -> BriefingPart:
    """Return what needs a decision today, at most three, each with the letters of its options."""
    locale = context.locale
    open_ones = [one for one in alarms(context) if not one.is_question and one.rule is not None]
    sentences = tuple(
        Sentence(_decision(locale, one), context.link(one.address), 0 if place == 0 else _DECISION + place)
        for place, one in enumerate(open_ones[:MAIN_THINGS])
    )
    none = (Sentence(locale.t("No decision is asked for today."), context.home_link),)
    return BriefingPart(locale.t("Needs a decision today"), sentences or none)


def _decision(locale: Locale, one: Alarm) -> str:
    options = () if one.rule is None else one.rule.options
    said = "; ".join(
        f"({letter}) {option.in_language(locale.language)}"
        for letter, option in zip(_LETTERS, options, strict=False)
    )
    text = locale.t("{name}, {place}: {options}.", name=one.name, place=one.place, options=said)
    return stamped(locale, text, is_sample=one.is_sample)


def new_and_ended(context: PageContext) -> BriefingPart:
    """Return how many alarms are new, have ended and stay open, and the next ones by name."""
    locale = context.locale
    raised, over = alarms(context, only_alarms=False), ended_signals(context)
    shown = alarms(context)
    text = locale.t(
        "{new} new, {ended} ended, {open} open; {shown} of them are alarms of the day.",
        new=locale.number(sum(bool(one.row["is_new"]) for one in raised), 0),
        ended=locale.number(len(over), 0),
        open=locale.number(len(raised), 0),
        shown=locale.number(len(shown), 0),
    )
    further = tuple(
        Sentence(
            stamped(locale, f"{one.title}.", is_sample=one.is_sample),
            context.link(one.address),
            _FURTHER + place,
        )
        for place, one in enumerate(shown[MAIN_THINGS:])
    )
    return BriefingPart(locale.t("Alarms new and ended"), (Sentence(text, context.home_link), *further))


def stamped(locale: Locale, text: str, *, is_sample: bool) -> str:
    """Return the text under the stamp of sample data where it is some."""
    return f"{locale.t('SAMPLE DATA')}: {text}" if is_sample else text
