"""What a figure means and on whose word: the facts of an indicator, for its page and for what is downloaded."""

from dataclasses import dataclass

from command_center.catalog import Indicator, Sector
from command_center.pages.amounts import target_text
from command_center.pages.context import PageContext


@dataclass(frozen=True)
class Fact:
    """One line: `provenance` is the code of who says so, "" where it is the declaration itself."""

    label: str
    text: str
    provenance: str = ""


def definition_facts(context: PageContext, sector: Sector, indicator: Indicator) -> tuple[Fact, ...]:
    """Return how the figure is made: definition, formula, direction, level, rhythm, owner, threshold, law, limits."""
    locale, language = context.locale, context.language
    t = locale.t
    dataset = sector.dataset(indicator.dataset)
    facts = [
        Fact(t("Definition"), indicator.definition.in_language(language)),
        Fact(t("Formula"), formula_text(context, indicator)),
        Fact(t("Direction"), _direction(context, indicator)),
        Fact(t("Deepest level"), _grain(context, indicator)),
        Fact(t("Promised"), cadence_word(context, indicator.cadence or dataset.cadence)),
        Fact(t("Who answers"), context.owner_name(sector, indicator)),
        Fact(t("Dataset"), dataset.title.in_language(language)),
        Fact(t("Access class"), _access(context, indicator)),
    ]
    threshold = indicator.target or indicator.bands
    if threshold is not None:
        source = threshold.source.in_language(language)
        facts.append(
            Fact(t("Threshold"), f"{target_text(locale, indicator)}; {source}", threshold.provenance)
        )
    elif indicator.direction != "neutral":
        facts.append(Fact(t("Threshold"), target_text(locale, indicator)))
    if indicator.legal_basis is not None and indicator.legal_provenance is not None:
        basis = indicator.legal_basis.in_language(language)
        facts.append(Fact(t("Legal basis"), basis, indicator.legal_provenance))
    if indicator.limits is not None:
        facts.append(Fact(t("Known limits"), indicator.limits.in_language(language)))
    return tuple(facts)


def formula_text(context: PageContext, indicator: Indicator) -> str:
    """Return numerator over denominator in words; that it is taken as published where there is neither."""
    locale = context.locale
    if indicator.numerator is None:
        return locale.t("taken as published; the source prints no numerator and denominator")
    top = indicator.numerator.in_language(locale.language)
    if indicator.denominator is None:
        return top
    bottom = indicator.denominator.in_language(locale.language)
    scale = "" if indicator.formula.scale == 1 else f" × {locale.number(indicator.formula.scale)}"
    return f"{top} ÷ {bottom}{scale}"


def cadence_word(context: PageContext, cadence: str) -> str:
    """Return how often a dataset is promised, in words."""
    t = context.locale.t
    return {
        "daily": t("daily"),
        "weekly": t("weekly"),
        "monthly": t("monthly"),
        "tranche": t("per tranche"),
        "quarterly": t("quarterly"),
        "semester": t("per semester"),
        "yearly": t("yearly"),
        "irregular": t("irregular"),
    }[cadence]


def _direction(context: PageContext, indicator: Indicator) -> str:
    t = context.locale.t
    return {
        "up": t("higher is better"),
        "down": t("lower is better"),
        "neutral": t("neither up nor down is better"),
    }[indicator.direction]


def _access(context: PageContext, indicator: Indicator) -> str:
    t = context.locale.t
    return {"publik": t("public"), "internal": t("internal"), "dikecualikan": t("excluded")}[indicator.access]


def _grain(context: PageContext, indicator: Indicator) -> str:
    t = context.locale.t
    words = {"kab": t("regency"), "kec": t("sub-district"), "desa": t("village or urban village")}[
        indicator.grain
    ]
    reason = indicator.grain_reason
    return f"{words}. {reason.in_language(context.language)}" if reason else words
