"""Small sectors, tables and region trees; the codes are those of no place."""

from collections.abc import Callable, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from command_center.catalog import Dataset, Indicator, Sector
from command_center.contracts import ROW_INDEX, SourceTable
from command_center.indicators import measure_sector
from command_center.quality import FreshnessLimits
from command_center.regions import Region, RegionTree

TEXT = {"id": "teks", "en": "text"}
ROOT = "99.01"


def make_region(code: str, level: str, parent: str | None) -> Region:
    return Region(code, f"Place {code}", level, parent, code.replace(".", ""), (), 0.0, 0.0, None, "test")


def make_tree(villages: Sequence[int]) -> RegionTree:
    """One kecamatan per entry with that many villages; every third village is a kelurahan."""
    regions = [make_region(ROOT, "kab", None)]
    for number, count in enumerate(villages, start=1):
        district = f"{ROOT}.{number:02d}"
        regions.append(make_region(district, "kec", ROOT))
        regions += [
            make_region(f"{district}.2{village:03d}", "kel" if village % 3 == 0 else "desa", district)
            for village in range(1, count + 1)
        ]
    return RegionTree(regions)


def make_indicator(**changes: Any) -> Indicator:
    declared = {
        "id": "TST1",
        "name": TEXT,
        "question": TEXT,
        "definition": TEXT,
        "dataset": "facts",
        "formula": {"numerator": "part", "denominator": "whole", "scale": 100},
        "unit": "percent",
        "direction": "up",
        "grain": "desa",
    }
    return Indicator.model_validate(declared | changes)


def make_sector(*indicators: Indicator, **dataset_changes: Any) -> Sector:
    dataset = {
        "id": "facts",
        "title": TEXT,
        "cadence": "yearly",
        "file": "published/facts.csv",
        "methods": {"routine": TEXT, "survey": TEXT},
        "table": {"fields": []},
    }
    return Sector.model_validate(
        {
            "slug": "things",
            "order": 1,
            "name": TEXT,
            "question": TEXT,
            "story": TEXT,
            "owner": "9.99.01",
            "datasets": [dataset | dataset_changes],
            "indicators": [indicator.model_dump() for indicator in indicators],
            "page": {"headline": indicators[0].id},
        }
    )


def make_table(rows: Sequence[dict[str, Any]], sector: Sector | None = None) -> SourceTable:
    dataset: Dataset = (sector or make_sector(make_indicator())).datasets[0]
    frame = pd.DataFrame(list(rows))
    frame.index = pd.RangeIndex(1, len(frame) + 1, name=ROW_INDEX)
    return SourceTable.of_file(dataset, "data/published/facts.csv", "0123456789abcdef", frame)


def make_limits(days: int | None) -> FreshnessLimits:
    cadences = ("daily", "weekly", "monthly", "tranche", "quarterly", "semester", "yearly", "irregular")
    limit = {"days": days, "provenance": "proposal", "reason": TEXT}
    return FreshnessLimits.model_validate({"limits": dict.fromkeys(cadences, limit)})


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """The builders above, and the code of the root."""
    return SimpleNamespace(
        tree=make_tree,
        indicator=make_indicator,
        sector=make_sector,
        table=make_table,
        limits=make_limits,
        region=make_region,
        text=TEXT,
        root=ROOT,
        day=date(2026, 1, 1),
    )


@pytest.fixture(scope="session")
def measures_of(make: SimpleNamespace) -> Callable[..., Any]:
    """Measure rows in a tree of 2 and 3 villages; nothing is ever stale unless days are given."""

    def build(
        rows: list[dict[str, Any]], *indicators: Indicator, days: int | None = None, **options: Any
    ) -> Any:
        sector = make.sector(*(indicators or (make.indicator(),)))
        tree = options.pop("tree", None) or make.tree([2, 3])
        return measure_sector(
            sector,
            {"facts": make.table(rows, sector)},
            options.pop("transforms", {}),
            tree,
            options.pop("on", make.day),
            make.limits(days),
            **options,
        )

    return build
