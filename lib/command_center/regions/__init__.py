"""The regency, its tree of kecamatan and villages, and its agencies, under both official code systems.

Everything comes from `data/reference`. Refuses to guess: an unknown or ambiguous name or code is an error
that lists the candidates.
"""

from command_center.regions.agencies import (
    Agency,
    AgencyBook,
    AgencyMatch,
    UnknownAgencyError,
    load_agencies,
)
from command_center.regions.matching import AmbiguousRegionError, RegionMatch
from command_center.regions.profile import Bounds, RegencyProfile, load_profile
from command_center.regions.titles import region_title
from command_center.regions.tree import (
    LEVELS,
    VILLAGE_LEVELS,
    Region,
    RegionTree,
    ResolvedCode,
    load_regions,
)

__all__ = [
    "LEVELS",
    "VILLAGE_LEVELS",
    "Agency",
    "AgencyBook",
    "AgencyMatch",
    "AmbiguousRegionError",
    "Bounds",
    "RegencyProfile",
    "Region",
    "RegionMatch",
    "RegionTree",
    "ResolvedCode",
    "UnknownAgencyError",
    "load_agencies",
    "load_profile",
    "load_regions",
    "region_title",
]
