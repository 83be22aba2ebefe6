"""Which notebook makes which page, and with which parameters.

The parameters cell of a notebook is its interface; this module knows the names used there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from command_center.catalog import Catalog
from command_center.errors import PublishingError
from command_center.pages.addresses import (
    HOME,
    PageAddress,
    briefing_page,
    indicator_page,
    readiness_page,
    region_page,
    roads_page,
    sector_page,
)
from command_center.pages.house import House
from command_center.pages.titles import page_title, signal_indicator

DASHBOARD = "dashboard.ipynb"
_HALLS = {
    "home": "home.ipynb",
    "region": "region_profile.ipynb",
    "indicator": "indicator.ipynb",
    "briefing": "daily_briefing.ipynb",
    "problem": "problem.ipynb",
    "readiness": "data_readiness.ipynb",
    "roads": "roads.ipynb",
}


@dataclass(frozen=True)
class PagePlan:
    """A page to be made: its address, the notebook, the notebook's parameters, the title."""

    address: PageAddress
    notebook: Path
    parameters: Mapping[str, str]
    title: str


def plan_page(
    house: House, address: PageAddress, edition_id: str, filters: Mapping[str, str] | None = None
) -> PagePlan:
    """Return how a page is made in an edition; PublishingError, CatalogError or UnknownRegionError where it cannot be.

    `filters` are the chosen values of the page's controls, already checked against the catalog.
    """
    parameters = {"edition": edition_id, "language": address.language, **(filters or {})}
    if address.region:
        parameters["region"] = house.regions.get(address.region).code
    if address.kind == "sector":
        notebook = house.settings.sectors_dir / address.sector / _notebook_of(house, address)
    else:
        notebook = house.settings.notebooks_dir / _HALLS[address.kind]
    if address.kind == "indicator":
        house.catalog.indicator(address.subject)
        parameters["indicator"] = address.subject
    if address.kind == "roads":
        if house.catalog.sector(address.subject).roads is None:
            raise PublishingError(
                "This sector has no roads",
                where=f"sectors/{address.subject}/sector.yml",
                who="the analyst",
                next_step="declare its road datasets under `roads`",
            )
        parameters["sector"] = address.subject
    if address.kind == "briefing":
        parameters["date"] = address.subject
    if address.kind == "problem":
        house.catalog.indicator(signal_indicator(address.subject))
        parameters["signal"] = address.subject
    if address.kind == "readiness":
        parameters["agency"] = _owing(house, address.subject)
    if not notebook.is_file():
        raise PublishingError(
            "The notebook of a page is missing",
            where=str(notebook.relative_to(house.settings.root)),
            who="the analyst",
            next_step="restore the notebook, then command-center check",
        )
    return PagePlan(address, notebook, parameters, page_title(house, address))


def _notebook_of(house: House, address: PageAddress) -> str:
    sector = house.catalog.sector(address.sector)
    if not address.part:
        return DASHBOARD
    try:
        if address.region == house.regions.root.code:
            return f"{sector.part(address.part).id}.ipynb"
        raise KeyError(address.region)
    except KeyError as error:
        raise PublishingError(
            f"Sector {sector.slug} has no page {address.part!r} for {address.region}",
            where=f"sectors/{sector.slug}/sector.yml, page.parts",
            who="the reader",
            next_step="follow the links of the sector's page",
        ) from error


def pages_of_edition(house: House, as_of: date, sectors: Collection[str] | None = None) -> list[PageAddress]:
    """Return the pages rendered at publish: home, sectors and profiles for regency and kecamatan, indicators, briefing.

    Desa and English pages are rendered on first request, and those of sub-districts of a sector that has no tile.
    """
    regions = [house.regions.root.code, *(region.code for region in house.regions.districts)]
    chosen = [sector for sector in house.catalog.sectors if sectors is None or sector.slug in sectors]
    pages = [HOME]
    pages += [
        sector_page(sector.slug, region)
        for sector in chosen
        for region in (regions if sector.home == "tile" else regions[:1])
    ]
    pages += [
        sector_page(sector.slug, regions[0], part.id) for sector in chosen for part in sector.page.parts
    ]
    pages += [region_page(region) for region in regions]
    pages += [
        indicator_page(indicator.id, house.regions.root.code)
        for sector in chosen
        for indicator in sector.indicators
    ]
    pages += [roads_page(sector.slug) for sector in chosen if sector.roads is not None]
    pages.append(briefing_page(as_of))
    pages += [readiness_page(), *(readiness_page(agency) for agency in house.catalog.owing_agencies)]
    return pages


def shows_figures(address: PageAddress) -> bool:
    """Return whether a page holds figures of indicators; one that does not is the same for every reader."""
    return address.kind != "readiness"


def _owing(house: House, agency: str) -> str:
    if agency and agency not in house.catalog.owing_agencies:
        raise PublishingError(
            f"No dataset is declared for an agency {agency}",
            where="sectors/*/sector.yml",
            who="the reader",
            next_step="open /kesiapan/",
        )
    return agency


def sector_shown(catalog: Catalog, address: PageAddress) -> str:
    """Return the slug of the only sector whose figures a page shows, "" where it may show those of all.

    Raises CatalogError for an indicator that does not exist.
    """
    if address.kind == "sector":
        return address.sector
    if address.kind == "roads":
        return address.subject
    if address.kind == "indicator":
        return catalog.indicator(address.subject)[0].slug
    if address.kind == "problem":
        return catalog.indicator(signal_indicator(address.subject))[0].slug
    return ""
