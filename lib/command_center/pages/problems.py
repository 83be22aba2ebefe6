"""Problems in words: what, where, how much, who; a jump is put as a question about the data."""

from dataclasses import dataclass

from markupsafe import Markup

from command_center.catalog import SAMPLE_METHOD, Indicator, Sector
from command_center.pages.addresses import indicator_page
from command_center.pages.alarms import Alarm, alarms
from command_center.pages.amounts import target_text, value_text
from command_center.pages.blocks import trusted
from command_center.pages.context import PageContext
from command_center.pages.readings import method_label
from command_center.signals import Problem, find_problems, load_rules
from command_center.theme import PROVENANCES, sample_stamp_html, status_html


@dataclass(frozen=True)
class ProblemCard:
    """One problem, ready for a card."""

    title: str
    detail: str
    responsible: str
    status: str
    status_html: Markup
    link: str
    link_label: str
    region_code: str
    stamp: Markup


def problem_cards(context: PageContext) -> tuple[ProblemCard, ...]:
    """Return the alarms of the edition, then every other problem, as cards, most severe first."""
    raised = alarms(context)
    told = {(one.indicator.id, one.region_code, one.agency_code) for one in raised}
    found = find_problems(context.measures, context.house.catalog, load_rules(context.house.settings))
    others = [one for one in found if (one.indicator, one.region_code, one.agency_code) not in told]
    return (*(_alarm_card(context, one) for one in raised), *(_card(context, one) for one in others))


def _alarm_card(context: PageContext, alarm: Alarm) -> ProblemCard:
    locale = context.locale
    return ProblemCard(
        title=alarm.title,
        detail=alarm.sentence,
        responsible=alarm.owner,
        status="jump" if alarm.is_question else alarm.status,
        status_html=Markup() if alarm.is_question else trusted(status_html(alarm.status, locale)),
        link=context.link(alarm.address),
        link_label=locale.t("See the problem"),
        region_code=alarm.region_code,
        stamp=trusted(sample_stamp_html(locale)) if alarm.is_sample else Markup(),
    )


def _card(context: PageContext, problem: Problem) -> ProblemCard:
    sector = context.house.catalog.sector(problem.sector)
    indicator = sector.indicator(problem.indicator)
    locale = context.locale
    if problem.kind == "jump":
        title, detail = _jump_words(context, indicator, problem)
        status = Markup()
    else:
        title, detail = _threshold_words(context, indicator, problem)
        status = trusted(status_html(problem.status, locale))
    return ProblemCard(
        title=title,
        detail=detail,
        responsible=_responsible(context, sector, indicator, problem),
        status="jump" if problem.kind == "jump" else problem.status,
        status_html=status,
        link=context.link(indicator_page(indicator.id, problem.region_code)),
        link_label=locale.t("See the evidence"),
        region_code=problem.region_code,
        stamp=trusted(sample_stamp_html(locale)) if problem.method == SAMPLE_METHOD else Markup(),
    )


def _threshold_words(context: PageContext, indicator: Indicator, problem: Problem) -> tuple[str, str]:
    locale = context.locale
    place = (
        context.agency_name(problem.agency_code)
        if problem.agency_code
        else context.region_name(problem.region_code)
    )
    title = locale.t(
        "{indicator}: {value}, {place}",
        indicator=indicator.name.in_language(locale.language),
        value=value_text(locale, indicator, problem.value, problem.decimals[-1]),
        place=place,
    )
    threshold = indicator.target or indicator.bands
    standing = locale.t(PROVENANCES[threshold.provenance].word) if threshold else ""
    words = target_text(locale, indicator)
    period = locale.t("Period: {period}.", period=locale.period(problem.period))
    return title, f"{words[:1].upper()}{words[1:]} ({standing}). {period}"


def _jump_words(context: PageContext, indicator: Indicator, problem: Problem) -> tuple[str, str]:
    locale = context.locale
    shown = list(zip(problem.history, problem.decimals, strict=True))[-5:]
    values = " → ".join(locale.number(value, decimals) for (_, value), decimals in shown)
    title = locale.t(
        "Check the data: {indicator}, {place}: {values}",
        indicator=indicator.name.in_language(locale.language),
        place=context.region_name(problem.region_code),
        values=values,
    )
    first, last = problem.history[-5:][0][0], problem.history[-1][0]
    detail = locale.t(
        "An implausible jump between {first} and {last}; not used for judging until the source has answered.",
        first=locale.period(first),
        last=locale.period(last),
    )
    return title, detail


def _responsible(context: PageContext, sector: Sector, indicator: Indicator, problem: Problem) -> str:
    method = method_label(context, sector, indicator, problem.method)
    owner = context.owner_name(sector, indicator)
    return f"{owner} · {method}" if method else owner
