"""One URL per thing, the area in the path; the only place that knows the grammar.

    /                                   home
    /bidang/<sector>/<region>/          a sector
    /bidang/<sector>.<part>/<region>/   a further page of a sector
    /wilayah/<region>/                  a region across all sectors
    /indikator/<indicator>/<region>/    an indicator
    /briefing/<date>/                   the morning briefing
    /masalah/<signal>/                  what asks for attention, on one screen
    /kesiapan/                          the state of the data
    /kesiapan/<agency>/                 the same, of one agency
    /jalan/<sector>/                    the roads of a sector
    /en/…                               the same, in English
    /edisi/<edition>/…                  the same, in an older edition

Links between pages are relative, so that a finished page is the same bytes whether it is
served as the latest, as an older edition or behind a proxy's path.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlencode

from command_center.locale import Language

Kind = Literal["home", "sector", "region", "indicator", "briefing", "problem", "readiness", "roads"]

_WORDS: dict[str, Kind] = {
    "bidang": "sector",
    "wilayah": "region",
    "indikator": "indicator",
    "briefing": "briefing",
    "masalah": "problem",
    "kesiapan": "readiness",
    "jalan": "roads",
}
_WORD_OF = {kind: word for word, kind in _WORDS.items()}
_REGION = re.compile(r"[0-9]{2}(\.[0-9]{2}){1,2}(\.[0-9]{4})?")
_SUBJECT = {
    "sector": re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?"),
    "roads": re.compile(r"[a-z][a-z0-9_]*"),
    "indicator": re.compile(r"[A-Z]{2,8}[0-9]+[a-z]?(\.[a-z][a-z0-9_]*)?"),
    "briefing": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    # Rule, indicator, region and, where it is of one, agency.
    "problem": re.compile(
        r"[a-z][a-z0-9_]*-[A-Z]{2,8}[0-9]+[a-z]?(\.[a-z][a-z0-9_]*)?-[0-9.]+(-[0-9A-Z.]+)?"
    ),
    "readiness": re.compile(r"[0-9A-Z]+(\.[0-9A-Z]+)+"),
}
_EDITION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}")


class UnknownAddressError(ValueError):
    """A path that names no page."""


@dataclass(frozen=True)
class PageAddress:
    """What a page shows: kind, subject (slug, indicator id, date, signal or agency), region, language, edition."""

    kind: Kind = "home"
    subject: str = ""
    region: str = ""
    language: Language = "id"
    edition: str = ""

    @property
    def sector(self) -> str:
        """The slug of the sector that a page of this kind is about, "" for other kinds."""
        return self.subject.partition(".")[0] if self.kind == "sector" else ""

    @property
    def part(self) -> str:
        """The further page of the sector, "" for its first one and for other kinds."""
        return self.subject.partition(".")[2] if self.kind == "sector" else ""

    @property
    def url(self) -> str:
        """The path of the page on the server, with leading and trailing slash."""
        return (f"/edisi/{self.edition}" if self.edition else "") + self._place

    @property
    def _place(self) -> str:
        """The path within an edition."""
        parts = ["en"] if self.language == "en" else []
        if self.kind != "home":
            parts += [part for part in (_WORD_OF[self.kind], self.subject, self.region) if part]
        return "/" + "".join(f"{part}/" for part in parts)

    def link_from(self, page: Self, filters: Mapping[str, str] | None = None) -> str:
        """Return the relative link from another page of the same edition; empty filters are left out."""
        link = posixpath.relpath(self._place, start=page._place) + "/"
        chosen = {name: value for name, value in sorted((filters or {}).items()) if value}
        return f"{link}?{urlencode(chosen)}" if chosen else link

    @property
    def file(self) -> Path:
        """Where the finished page lies below an edition's `pages` folder."""
        parts = [part for part in (self.language, self.kind, self.subject, self.region) if part]
        return Path(*parts[:-1], parts[-1] + ".html.gz")

    def in_language(self, language: Language) -> Self:
        return replace(self, language=language)

    def in_region(self, region: str) -> Self:
        return replace(self, region=region)

    @classmethod
    def parse(cls, path: str, *, root_region: str) -> Self:
        """Return the address a path names; UnknownAddressError where it names none.

        A sector, indicator or profile without a region means the whole regency.
        """
        parts = [part for part in path.split("/") if part]
        edition = ""
        if len(parts) >= 2 and parts[0] == "edisi":
            edition, parts = parts[1], parts[2:]
            _demand(_EDITION, edition, path)
        language: Language = "id"
        if parts and parts[0] == "en":
            language, parts = "en", parts[1:]
        if not parts:
            return cls(language=language, edition=edition)
        if parts[0] not in _WORDS or len(parts) > 3:
            raise UnknownAddressError(path)
        kind = _WORDS[parts[0]]
        subject, region = _subject_and_region(kind, parts[1:], path, root_region)
        return cls(kind=kind, subject=subject, region=region, language=language, edition=edition)


HOME = PageAddress()


def sector_page(slug: str, region: str, part: str = "") -> PageAddress:
    """Return the address of a sector's page for a region, or of one of its further pages."""
    return PageAddress("sector", f"{slug}.{part}" if part else slug, region)


def region_page(region: str) -> PageAddress:
    """Return the address of a region's profile."""
    return PageAddress("region", "", region)


def indicator_page(indicator: str, region: str) -> PageAddress:
    """Return the address of an indicator's page for a region."""
    return PageAddress("indicator", indicator, region)


def problem_page(signal_id: str) -> PageAddress:
    """Return the address of the page of a signal."""
    return PageAddress("problem", signal_id)


def briefing_page(day: date) -> PageAddress:
    """Return the address of one day's briefing."""
    return PageAddress("briefing", day.isoformat())


def readiness_page(agency: str = "") -> PageAddress:
    """Return the address of the state of the data, of all agencies or of one."""
    return PageAddress("readiness", agency)


def roads_page(sector: str) -> PageAddress:
    """Return the address of the page of a sector's roads."""
    return PageAddress("roads", sector)


def _subject_and_region(kind: Kind, rest: list[str], path: str, root_region: str) -> tuple[str, str]:
    if kind == "region":
        region = rest[0] if rest else root_region
        if len(rest) > 1:
            raise UnknownAddressError(path)
        _demand(_REGION, region, path)
        return "", region
    if kind == "readiness" and not rest:
        return "", ""
    if not rest:
        raise UnknownAddressError(path)
    _demand(_SUBJECT[kind], rest[0], path)
    if kind in ("briefing", "problem"):
        if len(rest) > 1 or (kind == "briefing" and not _is_day(rest[0])):
            raise UnknownAddressError(path)
        return rest[0], ""
    if kind == "readiness":
        if len(rest) > 1:
            raise UnknownAddressError(path)
        return rest[0], ""
    if kind == "roads":
        if len(rest) > 1:
            raise UnknownAddressError(path)
        return rest[0], ""
    region = rest[1] if len(rest) > 1 else root_region
    _demand(_REGION, region, path)
    return rest[0], region


def _demand(pattern: re.Pattern[str], text: str, path: str) -> None:
    if not pattern.fullmatch(text):
        raise UnknownAddressError(path)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
