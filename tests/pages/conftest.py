"""A place of one regency, two kecamatan and four villages with one sector and a handful of figures, in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from command_center.access import EVERYTHING, View
from command_center.catalog import Catalog, Indicator, Sector
from command_center.indicators.schema import MEASURE_COLUMNS, conform
from command_center.locale import Language
from command_center.pages.addresses import PageAddress, sector_page
from command_center.pages.context import PageContext
from command_center.pages.house import House
from command_center.quality import conform_faults, conform_readiness
from command_center.regions import AgencyBook, RegencyProfile, Region, RegionTree
from command_center.regions.agencies import Agency
from command_center.regions.profile import Bounds
from command_center.settings import load_settings

ROOT, NORTH, SOUTH = "99.01", "99.01.01", "99.01.02"
DAY = date(2026, 11, 24)


def both(indonesian: str, english: str) -> dict[str, str]:
    return {"id": indonesian, "en": english}


def _regions() -> RegionTree:
    listed = [(ROOT, "kab", None, "Alun"), (NORTH, "kec", ROOT, "Utara"), (SOUTH, "kec", ROOT, "Selatan")]
    listed += [
        (f"{NORTH}.2001", "desa", NORTH, "Satu"),
        (f"{NORTH}.1002", "kel", NORTH, "Dua"),
        (f"{SOUTH}.2001", "desa", SOUTH, "Tiga"),
        (f"{SOUTH}.2002", "desa", SOUTH, "Empat"),
    ]
    return RegionTree(
        Region(code, name, level, parent, code.replace(".", ""), (), 0.0, 0.0, None, "test")
        for code, level, parent, name in listed
    )


def _shapes() -> dict[str, gpd.GeoDataFrame]:
    tree = _regions()

    def frame(regions: list[Region], step: float) -> gpd.GeoDataFrame:
        areas = [box(number * step, 0, (number + 1) * step, step) for number in range(len(regions))]
        columns = {"code": [one.code for one in regions], "name": [one.name for one in regions]}
        return gpd.GeoDataFrame(columns | {"level": [one.level for one in regions]}, geometry=areas)

    return {
        "kab": frame([tree.root], 2000.0),
        "kec": frame(list(tree.districts), 1000.0),
        "desa": frame(list(tree.villages), 500.0),
    }


def _sector() -> Sector:
    coverage = {
        "id": "TST1",
        "name": both("Cakupan", "Coverage"),
        "question": both("Berapa yang terlayani?", "How many are served?"),
        "definition": both("Terlayani dibagi semua", "Served divided by all"),
        "dataset": "facts",
        "formula": {"numerator": "served", "denominator": "everybody", "scale": 100},
        "unit": "percent",
        "decimals": 2,
        "direction": "up",
        "grain": "kec",
        "grain_reason": both("Dicatat per kantor", "Recorded by office"),
        "main_method": "routine",
        "target": {"value": 80, "year": 2026, "provenance": "proposal", "source": both("Usulan", "Proposal")},
    }
    count = coverage | {
        "id": "TST2",
        "name": both("Jumlah", "Number"),
        "unit": "persons",
        "decimals": 0,
        "direction": "neutral",
        "grain": "desa",
        "target": None,
    }
    awaited = coverage | {"id": "TST3", "name": both("Menunggu", "Awaited"), "target": None}
    return Sector.model_validate(
        {
            "slug": "things",
            "order": 1,
            "name": both("Hal", "Things"),
            "question": both("Bagaimana?", "How?"),
            "story": both("Begini.", "Thus."),
            "owner": "9.99.01",
            "datasets": [
                {
                    "id": "facts",
                    "title": both("Fakta", "Facts"),
                    "cadence": "yearly",
                    "file": "published/facts.csv",
                    "methods": {"routine": both("Laporan", "Report"), "survey": both("Survei", "Survey")},
                    "table": {"fields": []},
                }
            ],
            "indicators": [coverage, count, awaited],
            "page": {"headline": "TST1"},
        }
    )


def figure(indicator: str, region: str, period: str, value: float, **more: Any) -> dict[str, Any]:
    return {
        "sector": "things",
        "indicator": indicator,
        "region_code": region,
        "agency_code": "",
        "period": period,
        "numerator": None,
        "denominator": None,
        "value": value,
        "n": None,
        "target": None,
        "status": "no_target",
        "method": "routine",
        "as_of": pd.Timestamp(f"{period}-12-31"),
        "source_submission": "s1",
        "suppressed": False,
    } | more


FIGURES = (
    figure("TST1", ROOT, "2023", 70.5, status="watch"),
    figure("TST1", ROOT, "2024", 72.25, status="watch", n=1200),
    figure("TST1", ROOT, "2024", 65.0, method="survey"),
    figure("TST1", NORTH, "2024", 91.0, status="good"),
    figure("TST1", SOUTH, "2024", 40.125, status="critical"),
    figure("TST2", ROOT, "2010", 12345.0, status="stale"),
    figure("TST2", f"{NORTH}.2001", "2010", 4321.0, status="stale"),
)


@dataclass(frozen=True, eq=False)
class SmallEdition:
    """What a page reads of an edition, held in memory."""

    measures: pd.DataFrame
    shapes: dict[str, gpd.GeoDataFrame]
    catalog: Catalog
    id: str = "2026-11-24-0123456789ab"
    as_of: str = DAY.isoformat()
    is_draft: bool = False
    view: View = EVERYTHING
    sources: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"source_submission": [], "dataset": []}, dtype="str")
    )
    readiness: pd.DataFrame = field(default_factory=lambda: conform_readiness(pd.DataFrame()))
    submission_faults: pd.DataFrame = field(default_factory=lambda: conform_faults(pd.DataFrame()))
    manifest: dict[str, Any] = field(
        default_factory=lambda: {"approximate_levels": [], "failures": [], "faults": []}
    )


@pytest.fixture(scope="session")
def sector() -> Sector:
    return _sector()


@pytest.fixture(scope="session")
def indicators(sector: Sector) -> dict[str, Indicator]:
    return {indicator.id: indicator for indicator in sector.indicators}


@pytest.fixture(scope="session")
def house(sector: Sector) -> House:
    agency = Agency(
        "9.99.01", "dinas", "Dinas Hal", "Dishal", "Agency of things", (), None, None, None, None, "x", "x"
    )
    profile = RegencyProfile(
        ROOT,
        "9901",
        "Alun",
        both("Kabupaten Alun", "Alun Regency"),
        both("Jawa", "Java"),
        both("Pusat Kendali", "Command Center"),
        "ID",
        "id",
        "Asia/Jakarta",
        32749,
        Bounds(110, 112, -8, -6),
    )
    return House(load_settings(), profile, Catalog((sector,)), _regions(), AgencyBook([agency]))


@pytest.fixture(scope="session")
def context_of(house: House) -> Callable[..., PageContext]:
    """Return the context of a sector's page in a region and a language, over the figures above."""
    edition = SmallEdition(
        conform(pd.DataFrame(list(FIGURES), columns=list(MEASURE_COLUMNS))), _shapes(), house.catalog
    )

    def build(region: str = ROOT, language: Language = "id", page: PageAddress | None = None) -> PageContext:
        address = page or sector_page("things", region)
        return PageContext(house, edition, address.in_language(language))  # type: ignore[arg-type]

    return build
