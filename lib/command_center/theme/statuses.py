"""How a status and the standing of a threshold are shown: always a word and a shape, colour comes third.

Decides nothing: which status a figure has is said by indicators, which standing a target has by its sector.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

from command_center.errors import CommandCenterError
from command_center.locale import Translator, translatable
from command_center.theme import colours


class ThemeError(CommandCenterError):
    """A status or standing that the theme does not know."""


@dataclass(frozen=True)
class Status:
    """The looks of one status; `word` is an English source text, `area` fills a region of a map."""

    code: str
    word: str
    shape: str
    colour: str
    edge: str
    area: str

    @property
    def css_class(self) -> str:
        return f"cc-status--{self.code.replace('_', '-')}"


@dataclass(frozen=True)
class Provenance:
    """The looks of where a threshold comes from; `meaning` is the sentence behind the chip."""

    code: str
    word: str
    meaning: str

    @property
    def css_class(self) -> str:
        return f"cc-chip--{self.code}"


_GREY = (colours.NO_DATA, colours.NO_DATA_EDGE, colours.NO_DATA_AREA)
STATUSES: Mapping[str, Status] = MappingProxyType(
    {
        status.code: status
        for status in (
            Status("good", translatable("Good"), "●", colours.GOOD, colours.GOOD_EDGE, colours.GOOD_AREA),
            Status(
                "watch", translatable("Watch"), "◆", colours.WATCH, colours.WATCH_EDGE, colours.WATCH_AREA
            ),
            Status(
                "critical",
                translatable("Critical"),
                "■",
                colours.CRITICAL,
                colours.CRITICAL_EDGE,
                colours.CRITICAL_AREA,
            ),
            Status("no_target", translatable("No target"), "◇", *_GREY),
            Status("other_year", translatable("Target of another year"), "▽", *_GREY),
            Status("no_data", translatable("No data yet"), "○", *_GREY),
            Status("stale", translatable("Data not fit for use yet"), "□", *_GREY),
            Status("not_comparable", translatable("Not comparable"), "△", *_GREY),
            Status(
                "suppressed",
                translatable("Hidden, small count"),
                "⊘",
                colours.NO_DATA,
                colours.NO_DATA_EDGE,
                colours.HIDDEN_AREA,
            ),
        )
    }
)

PROVENANCES: Mapping[str, Provenance] = MappingProxyType(
    {
        provenance.code: provenance
        for provenance in (
            Provenance("law", translatable("law"), translatable("Set by law or regulation.")),
            Provenance(
                "practice",
                translatable("practice"),
                translatable("Common practice or professional norm; not a legal provision."),
            ),
            Provenance(
                "proposal",
                translatable("proposal"),
                translatable("Proposed for this command center; not an official provision."),
            ),
            Provenance(
                "published",
                translatable("published"),
                translatable("Published in an official document or by its owner."),
            ),
        )
    }
)


def status(code: str) -> Status:
    """Return the looks of a status code; raises ThemeError for an unknown one."""
    if code not in STATUSES:
        raise ThemeError(
            f"Unknown status '{code}'", who="the maintainer", next_step=f"use one of {', '.join(STATUSES)}"
        )
    return STATUSES[code]


def status_html(code: str, translator: Translator) -> str:
    """Return shape and word of a status as one inline element; screen readers hear the word alone."""
    looks = status(code)
    return (
        f'<span class="cc-status {looks.css_class}"><span class="cc-status__shape" aria-hidden="true">'
        f"{looks.shape}</span> {escape(translator.t(looks.word))}</span>"
    )


def provenance_html(code: str, translator: Translator) -> str:
    """Return the chip that says where a threshold comes from; raises ThemeError for an unknown code."""
    if code not in PROVENANCES:
        raise ThemeError(
            f"Unknown provenance '{code}'",
            who="the maintainer",
            next_step=f"use one of {', '.join(PROVENANCES)}",
        )
    provenance = PROVENANCES[code]
    return (
        f'<span class="cc-chip {provenance.css_class}" title="{escape(translator.t(provenance.meaning))}">'
        f"{escape(translator.t(provenance.word))}</span>"
    )


def sample_stamp_html(translator: Translator) -> str:
    """Return the stamp that every card, figure and export made from sample data carries."""
    return f'<strong class="cc-sample">{escape(translator.t("SAMPLE DATA"))}</strong>'
