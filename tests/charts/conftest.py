"""A small set of figures of every kind, drawn once: what must hold for one must hold for all."""

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from command_center.charts import (
    Column,
    Figure,
    FunnelLines,
    Interval,
    Part,
    Table,
    bars_by_region,
    composition,
    funnel_plot,
    intervals,
    sparkline,
    trend,
)
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
SHARES = pd.DataFrame(
    {
        "region_code": list(NAMES)[:3],
        "n": [100.0, 200.0, 380.0],
        "value": [9.0, 22.0, 6.5],
        "interval_low": [4.8, 16.8, 4.4],
        "interval_high": [16.2, 28.2, 9.4],
        "beyond": [0.0, 99.8, -95.0],
    }
)
PARTS = (
    Part("Baik", 30.0, "good"),
    Part("Rusak berat", 10.0, "bad"),
    Part("Belum disurvei", None, "unknown"),
)


def spans(names: list[str], locale: Locale, title: str = "Satu menonjol", unit: str = "%") -> Figure:
    """Three rows with their intervals: one above the rest, one below, one like the rest and of a known value only."""
    rows = (
        Interval(names[0], 22.0, 16.8, 28.2, "above"),
        Interval(names[1], 9.0),
        Interval(names[2], 6.5, 4.4, 9.4, "below"),
    )

    def written(value: float) -> str:
        return locale.quantity(value, unit, 1)

    return intervals(
        rows,
        title=title,
        description=locale.t("The whole stands at {value}.", value=written(10.0)),
        table=Table(
            (Column(locale.t("Region")), Column(locale.t("Value"), is_number=True)),
            tuple((row.name, written(row.value)) for row in rows),
        ),
        written=written,
        reference=10.0,
        reference_label=locale.t("all: {value}", value=written(10.0)),
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
    "funnel": lambda locale: funnel_plot(
        SHARES,
        share=10.0,
        lines=FunnelLines(
            [50.0, 100.0, 200.0, 400.0],
            {
                0.95: ([3.0, 5.0, 6.0, 7.0], [19.0, 16.0, 14.0, 13.0]),
                0.998: ([0.0, 2.0, 4.0, 6.0], [25.0, 20.0, 17.0, 15.0]),
            },
        ),
        locale=locale,
        title="Satu di luar batas",
        names=NAMES,
        apart=["Barat"],
        focus="99.01.02",
    ),
    "intervals": lambda locale: spans(list(NAMES.values()), locale),
    "composition": lambda locale: composition(PARTS, locale=locale, title="Tiga perempat baik", unit="km"),
    "sparkline": lambda locale: sparkline(YEARS, locale=locale, title="Deret", unit="%", decimals=2),
}


@pytest.fixture(scope="session")
def figures() -> dict[tuple[str, str], Figure]:
    """Every kind of figure in both languages, by (kind, language)."""
    return {(kind, code): make(Locale(code)) for kind, make in MAKERS.items() for code in ("id", "en")}
