"""A small set of figures of every kind, drawn once: what must hold for one must hold for all."""

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from command_center.charts import Figure, Part, bars_by_region, composition, sparkline, trend
from command_center.locale import Locale

YEARS = pd.DataFrame(
    {
        "period": ["2021", "2022", "2023", "2024", "2025"],
        "value": [12.39, 11.53, None, 11.42, 10.58],
        "n": [700, 710, None, 720, 750],
        "target": [None, None, None, None, 9.5],
    }
)
NAMES = {"99.01.01": "Utara", "99.01.02": "Selatan", "99.01.03": "Timur", "99.01.04": "Barat"}
REGIONS = pd.DataFrame(
    {
        "region_code": list(NAMES),
        "value": [81.5, 64.0, None, 77.7],
        "target": 80.0,
        "n": [100, 90, None, 4],
        "status": ["good", "critical", "no_data", "watch"],
        "suppressed": [False, False, False, True],
    }
)
PARTS = (
    Part("Baik", 30.0, "good"),
    Part("Rusak berat", 10.0, "bad"),
    Part("Belum disurvei", None, "unknown"),
)

MAKERS: Mapping[str, Callable[[Locale], Figure]] = {
    "trend": lambda locale: trend(YEARS, locale=locale, title="Turun ke 10,58%", unit="%", decimals=2),
    "bars": lambda locale: bars_by_region(
        REGIONS,
        locale=locale,
        title="Satu di bawah sasaran",
        names=NAMES,
        unit="%",
        decimals=1,
        focus="99.01.02",
    ),
    "composition": lambda locale: composition(PARTS, locale=locale, title="Tiga perempat baik", unit="km"),
    "sparkline": lambda locale: sparkline(YEARS, locale=locale, title="Deret", unit="%", decimals=2),
}


@pytest.fixture(scope="session")
def figures() -> dict[tuple[str, str], Figure]:
    """Every kind of figure in both languages, by (kind, language)."""
    return {(kind, code): make(Locale(code)) for kind, make in MAKERS.items() for code in ("id", "en")}
