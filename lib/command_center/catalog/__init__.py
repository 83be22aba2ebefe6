"""The catalog: what each sector folder declares, as frozen models.

YAML holds nouns only; this package reads and checks them, and computes nothing.
"""

from command_center.catalog.datasets import Dataset, Field, Layout
from command_center.catalog.discovery import (
    BrokenSector,
    Catalog,
    load_catalog,
    load_sector,
    load_sound_catalog,
    sector_slugs,
)
from command_center.catalog.models import (
    Bands,
    Feed,
    Formula,
    Indicator,
    Sector,
    Target,
)
from command_center.catalog.words import SAMPLE_METHOD, Text

__all__ = [
    "SAMPLE_METHOD",
    "Bands",
    "BrokenSector",
    "Catalog",
    "Dataset",
    "Feed",
    "Field",
    "Formula",
    "Indicator",
    "Layout",
    "Sector",
    "Target",
    "Text",
    "load_catalog",
    "load_sector",
    "load_sound_catalog",
    "sector_slugs",
]
