"""What one page is rendered from: the house, one edition, one address, one language.

Everything a page says comes through here; nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import geopandas as gpd
import pandas as pd

from command_center.access import PUBLIK, View, view_in_environment
from command_center.catalog import Catalog, Indicator, Sector
from command_center.editions import Edition, open_edition
from command_center.locale import Language, Locale
from command_center.pages.addresses import HOME, PageAddress
from command_center.pages.house import House, open_house
from command_center.pages.titles import page_subject
from command_center.regions import Region
from command_center.settings import load_settings


@dataclass(frozen=True)
class PageContext:
    """The house, the edition and the address of the page being made."""

    house: House
    edition: Edition
    address: PageAddress

    @cached_property
    def locale(self) -> Locale:
        return Locale(self.address.language)

    @property
    def language(self) -> Language:
        return self.address.language

    @cached_property
    def as_of(self) -> date:
        """The date of the edition."""
        return date.fromisoformat(self.edition.as_of)

    @property
    def measures(self) -> pd.DataFrame:
        return self.edition.measures

    @cached_property
    def region(self) -> Region:
        """The region the page is about; the regency where the address names none."""
        return self.house.regions.get(self.address.region or self.house.regions.root.code)

    @property
    def shapes(self) -> Mapping[str, gpd.GeoDataFrame]:
        """The shapes of the edition by level: "desa" (with kelurahan), "kec", "kab"."""
        return self.edition.shapes

    @property
    def approximate_levels(self) -> frozenset[str]:
        """The levels whose shapes are cells around points, not borders."""
        return frozenset(self.edition.manifest["approximate_levels"])

    @property
    def view(self) -> View:
        """What the reader of this page may see."""
        return self.edition.view

    @property
    def subject(self) -> str:
        return page_subject(self.house, self.address)

    @property
    def failed_sectors(self) -> tuple[tuple[str, str, str], ...]:
        """Slug, name and who must act, for each sector that shows its last good figures only."""
        names = {sector.slug: sector.name.in_language(self.language) for sector in self.house.catalog.sectors}
        return tuple(
            (failure["sector"], names.get(failure["sector"], failure["sector"]), failure["who"])
            for failure in self.edition.manifest["failures"]
        )

    def region_name(self, code: str) -> str:
        """Return a region's title in the page's language, such as "Kecamatan X"."""
        return self.house.region_label(code, self.locale)

    def agency_name(self, code: str) -> str:
        """Return the name an agency bears on the edition's date."""
        return self.house.agency_name(code, self.as_of)

    def owner_name(self, sector: Sector, indicator: Indicator) -> str:
        """Return the name of the agency that answers for an indicator."""
        return self.agency_name(sector.owner_of(indicator))

    def link(self, target: PageAddress, **filters: str) -> str:
        """Return the relative link to another page of this edition, in this language."""
        return target.in_language(self.language).link_from(self.address, filters)

    @property
    def home_link(self) -> str:
        return self.link(HOME)

    def other_language(self) -> tuple[Language, str]:
        """Return code and link of the same page in the other language."""
        other: Language = "id" if self.language == "en" else "en"
        return other, self.address.in_language(other).link_from(self.address)

    def download_link(self, name: str) -> str:
        """Return the relative link to a download of this edition, such as `INF1/33.16.csv`."""
        root = HOME.link_from(self.address).rstrip("/")
        return f"{root}/unduh/{name}"


def open_context(address: PageAddress, edition: str, language: Language) -> PageContext:
    """Return the context of a page in an edition (id or "latest"); EditionError where there is none.

    An address without a region becomes that of the whole regency where its kind has regions. What may be seen
    is what this process was told, and what is open to everybody where it was told nothing.
    """
    settings = load_settings()
    opened = open_edition(settings, edition).seen_by(view_in_environment() or PUBLIK)
    house = open_house(settings, opened.catalog)
    if address.kind in ("sector", "indicator", "region") and not address.region:
        address = address.in_region(house.regions.root.code)
    return PageContext(house, _needed(opened, house.catalog, address), address.in_language(language))


def _needed(edition: Edition, catalog: Catalog, address: PageAddress) -> Edition:
    """Return the edition with the tables a page needs: those of its own sector where it is about one."""
    if address.kind == "sector":
        return edition.of_sector(address.subject)
    if address.kind == "indicator":
        return edition.of_sector(catalog.indicator(address.subject)[0].slug)
    return edition
