"""Search over indicators, sectors, regions and agencies, by the names people use."""

from dataclasses import dataclass
from urllib.parse import urlencode

from rapidfuzz import fuzz, process, utils

from command_center.catalog import Catalog
from command_center.locale import Locale
from command_center.pages.addresses import indicator_page, region_page, sector_page
from command_center.pages.house import House
from command_center.pages.notices import plain_page
from command_center.serving.responses import HouseHandler, reader_locale, shown_edition

LIMIT = 20
CUTOFF = 75
MAX_QUERY = 80


class SearchHandler(HouseHandler):
    """Sends the pages that fit the words of a query."""

    async def get(self, edition: str | None = None) -> None:
        """Send the results as a page of links."""
        locale = reader_locale(self.request.path)
        query = self.get_query_argument("q", "")[:MAX_QUERY]
        house = self.house.with_catalog(shown_edition(self.house, edition or "", self.person).catalog)
        place = f"/edisi/{edition}" if edition else ""
        found = [(label, f"{place}{link}", detail) for label, link, detail in search(house, locale, query)]
        title = locale.t("Search: {query}", query=query) if query else locale.t("Search")
        text = "" if found else _no_result(locale, query)
        other = "" if locale.language == "en" else "/en"
        page = plain_page(
            locale,
            title=title,
            text=text,
            entries=found,
            product=house.profile.product_title[locale.language],
            query=query,
            language_link=f"{place}{other}/cari/?{urlencode({'q': query})}",
        )
        self.write(page)


def _no_result(locale: Locale, query: str) -> str:
    if not query.strip():
        return locale.t("Type the name of an indicator, a sub-district, a village or an agency.")
    return locale.t("Nothing fits. Try the name of an indicator, a sub-district, a village or an agency.")


def search(house: House, locale: Locale, query: str) -> list[tuple[str, str, str]]:
    """Return (label, link, detail) of the best fits, best first; empty for a query without letters.

    A page whose words begin with the words of the query comes before one that only resembles them.
    """
    words = utils.default_process(query).split()
    if not words:
        return []
    named = [(text, entry) for entry in _entries(house, locale) for text in entry.texts]
    # The fewer words a text has, the more of it was typed; among equals the order of the menu and the map.
    literal = sorted(
        (pair for pair in named if _begins(words, pair[0])), key=lambda pair: len(pair[0].split())
    )
    similar = process.extract(
        query,
        [text for text, _ in named],
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=LIMIT,
        score_cutoff=CUTOFF,
    )
    best = [*(entry for _, entry in literal), *(named[place][1] for _, _, place in similar)]
    return [(entry.label, entry.link, entry.detail) for entry in dict.fromkeys(best)][:LIMIT]


def _begins(words: list[str], text: str) -> bool:
    known = utils.default_process(text).split()
    return all(any(candidate.startswith(word) for candidate in known) for word in words)


def _answering(catalog: Catalog) -> dict[str, str]:
    """Return agency code -> slug of the sector it leads, else of the first one it answers for an indicator of."""
    leading = {sector.owner: sector.slug for sector in catalog.sectors}
    answering: dict[str, str] = {}
    for sector, indicator in catalog.indicators:
        answering.setdefault(sector.owner_of(indicator), sector.slug)
    return answering | leading


@dataclass(frozen=True)
class _Entry:
    """A page, and the texts by which it is found."""

    texts: tuple[str, ...]
    label: str
    link: str
    detail: str


def _entries(house: House, locale: Locale) -> list[_Entry]:
    """Return everything that has a page; texts are those of both languages, the label that of the reader's."""
    language, root = locale.language, house.regions.root.code
    entries = []
    for sector in house.catalog.sectors:
        link = sector_page(sector.slug, root).in_language(language).url
        names = (sector.name.id, sector.name.en)
        entries.append(_Entry(names, sector.name.in_language(language), link, locale.t("Sector")))
    for code, slug in _answering(house.catalog).items():
        agency = house.agencies.get(code)
        texts = (agency.short_name, agency.name_id, *agency.aliases)
        link = sector_page(slug, root).in_language(language).url
        entries.append(_Entry(texts, agency.short_name, link, agency.name_id))
    for sector, indicator in house.catalog.indicators:
        said = (indicator.name, indicator.question, sector.dataset(indicator.dataset).title)
        texts = tuple(f"{text.in_language(code)} {indicator.id}" for text in said for code in ("id", "en"))
        label = indicator.name.in_language(language)
        link = indicator_page(indicator.id, root).in_language(language).url
        entries.append(_Entry(texts, label, link, indicator.id))
    for region in house.regions:
        label = house.region_label(region.code, locale)
        parents = house.regions.ancestors(region.code)[1:]
        detail = ", ".join(house.region_label(parent.code, locale) for parent in parents) or region.code
        codes = (region.code, region.bps_code)
        texts = tuple(dict.fromkeys((label, house.regions.label(region.code), *codes)))
        entries.append(_Entry(texts, label, region_page(region.code).in_language(language).url, detail))
    return entries
