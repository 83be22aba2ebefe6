"""Search over indicators, sectors, regions and agencies, by the names people use."""

from urllib.parse import urlencode

from rapidfuzz import fuzz, process, utils

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
        house = self.house.with_catalog(shown_edition(self.house, edition or "").catalog)
        place = f"/edisi/{edition}" if edition else ""
        found = [(label, f"{place}{link}", detail) for label, link, detail in search(house, locale, query)]
        title = locale.t("Search: {query}", query=query) if query else locale.t("Search")
        text = (
            ""
            if found
            else locale.t("Nothing fits. Try the name of an indicator, a kecamatan, a desa or an agency.")
        )
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


def search(house: House, locale: Locale, query: str) -> list[tuple[str, str, str]]:
    """Return (label, link, detail) of the best fits, best first; empty for a query without letters."""
    if not utils.default_process(query):
        return []
    entries = _entries(house, locale)
    hits = process.extract(
        query,
        [entry[0] for entry in entries],
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=LIMIT,
        score_cutoff=CUTOFF,
    )
    return [entries[index][1:] for _, _, index in hits]


def _entries(house: House, locale: Locale) -> list[tuple[str, str, str, str]]:
    """Return (text searched, label, link, detail) for everything that has a page."""
    language, root = locale.language, house.regions.root.code
    entries = []
    for sector in house.catalog.sectors:
        name = sector.name.in_language(language)
        link = sector_page(sector.slug, root).in_language(language).url
        entries.append((name, name, link, locale.t("Sector")))
        owner = house.agencies.get(sector.owner)
        entries.append((f"{owner.short_name} {owner.name_id}", owner.short_name, link, owner.name_id))
    for _, indicator in house.catalog.indicators:
        name = indicator.name.in_language(language)
        link = indicator_page(indicator.id, root).in_language(language).url
        entries.append((f"{indicator.id} {name}", name, link, indicator.id))
    for region in house.regions:
        label = house.region_label(region.code, locale)
        parents = house.regions.ancestors(region.code)[1:]
        detail = ", ".join(house.region_label(parent.code, locale) for parent in parents) or region.code
        entries.append((label, label, region_page(region.code).in_language(language).url, detail))
    return entries
