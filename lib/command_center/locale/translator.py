"""Texts in the reader's language: the English source text is the key, the catalogs hold the rest.

Fills in named values only. It refuses to guess a missing placeholder and does not escape HTML:
whoever writes HTML escapes what they write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from babel.messages.pofile import read_po

from command_center.errors import CommandCenterError

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")
SOURCE_LANGUAGE = "en"
CATALOGS = Path(__file__).parent / "catalogs"

Forms = tuple[str, ...]


class LocaleError(CommandCenterError):
    """A language, message or period that cannot be put into words."""


def translatable(message: str) -> str:
    """Return `message` unchanged; marks a text kept in a table and given to `t` later.

    The catalog test reads the source, so a text that reaches `t` through a variable must carry this mark.
    """
    return message


@lru_cache(maxsize=len(LANGUAGES))
def catalog(language: str) -> Mapping[str, Forms]:
    """Return source text -> translated forms (one, or one per plural form) of a language.

    The source language has no catalog: its mapping is empty. Raises LocaleError for a language without a
    catalog.
    """
    if language == SOURCE_LANGUAGE:
        return MappingProxyType({})
    path = CATALOGS / f"{language}.po"
    if language not in LANGUAGES or not path.is_file():
        raise LocaleError(
            f"There is no catalog for the language '{language}'",
            where=str(path.name),
            who="the maintainer",
            next_step=f"use one of {', '.join(LANGUAGES)}",
        )
    with path.open("rb") as file:
        entries = read_po(file, locale=language)
    forms: dict[str, Forms] = {}
    for entry in entries:
        if not entry.id:  # the header
            continue
        source = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
        translated = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        forms[source] = tuple(text for text in translated if text)
    return MappingProxyType(forms)


@dataclass(frozen=True)
class Translator:
    """Says English source texts in one language."""

    language: Language = "id"

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise LocaleError(
                f"Unknown language '{self.language}'", next_step=f"use one of {', '.join(LANGUAGES)}"
            )

    def t(self, message: str, **values: object) -> str:
        """Return `message` in this language with `{name}` replaced by the value of that name.

        A text the catalog lacks comes back in English. Raises LocaleError when a placeholder got no value.
        """
        translated = catalog(self.language).get(message)
        return _filled(translated[0] if translated else message, values)

    def tn(self, singular: str, plural: str, n: int, **values: object) -> str:
        """Return the form that fits `n`; `{n}` is replaced by the number unless a value named n is given."""
        translated = catalog(self.language).get(singular)
        own = singular if abs(n) == 1 else plural
        # Indonesian has one form; a language with more needs its plural rule here.
        template = translated[0] if translated else own
        return _filled(template, {"n": n, **values})


def _filled(template: str, values: Mapping[str, object]) -> str:
    try:
        return template.format_map(dict(values))
    except (KeyError, IndexError) as error:
        raise LocaleError(
            f"The text '{template}' needs a value for {error}",
            who="the maintainer",
            next_step="pass it by name",
        ) from error
