"""Everything a page needs to know besides figures: the regency, its regions, agencies and sectors."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from command_center.catalog import Catalog, load_sound_catalog
from command_center.locale import Locale
from command_center.regions import (
    AgencyBook,
    RegencyProfile,
    Region,
    RegionTree,
    load_agencies,
    load_profile,
    load_regions,
    region_title,
)
from command_center.settings import Settings, load_settings


@dataclass(frozen=True)
class House:
    """The reference data of one command center, loaded once."""

    settings: Settings
    profile: RegencyProfile
    catalog: Catalog
    regions: RegionTree
    agencies: AgencyBook

    def with_catalog(self, catalog: Catalog) -> Self:
        """Return this house with the declarations of an edition, which may be older than the files."""
        return replace(self, catalog=catalog)

    def region_label(self, code: str, locale: Locale) -> str:
        """Return a region's title in the reader's language."""
        region = self.regions.get(code)
        return region_title(region.name, region.level, locale)

    def agency_name(self, code: str, on: date) -> str:
        """Return the short name an agency bears on a date; its code where none is known."""
        return self.agencies.get(code, on=on).short_name

    def path_to(self, code: str) -> tuple[Region, ...]:
        """Return the regions from the regency down to the given one, both included."""
        return (*self.regions.ancestors(code), self.regions.get(code))


def open_house(settings: Settings | None = None, catalog: Catalog | None = None) -> House:
    """Return the house of the given settings; an edited declaration is seen at the next call.

    `catalog` spares reading the declarations. Those that are broken are named by the catalog and stop nothing.
    """
    chosen = settings or load_settings()
    return House(
        settings=chosen,
        profile=load_profile(chosen),
        catalog=catalog or load_sound_catalog(chosen),
        regions=load_regions(chosen),
        agencies=load_agencies(chosen),
    )
