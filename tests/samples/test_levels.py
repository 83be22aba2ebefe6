"""Invented figures stand where the published ones do, add up from village to regency, and are never impossible."""

from collections.abc import Iterator

import pandas as pd
import pytest

from command_center.catalog import SAMPLE_METHOD, Indicator
from command_center.indicators.rollup import can_roll_up
from command_center.pages.house import House, open_house
from command_center.refresh.measuring import HouseMeasures, measure_house
from command_center.samples import SampleRun
from command_center.settings import Settings
from tests.samples.conftest import AS_OF


@pytest.fixture(scope="module")
def house(sampled: tuple[Settings, SampleRun]) -> House:
    return open_house(sampled[0])


@pytest.fixture(scope="module")
def measured(house: House) -> HouseMeasures:
    return measure_house(house, AS_OF)


def sample_of(measured: HouseMeasures, indicator: str, period: str = "") -> pd.DataFrame:
    figures = measured.measures
    return figures[
        figures["indicator"].eq(indicator)
        & figures["method"].eq(SAMPLE_METHOD)
        & figures["period"].str.startswith(period)
    ]


def whole(house: House, measured: HouseMeasures, indicator: str, period: str) -> pd.Series:
    figures = sample_of(measured, indicator, period)
    return figures[figures["region_code"].eq(house.regions.root.code)].iloc[-1]


@pytest.mark.parametrize(
    ("indicator", "period", "expected", "within"),
    [
        ("EDU4", "2025-02", 3830, 0),
        ("POP1", "2025-S1", 927_961, 0),
        ("POP2.unrecorded", "2025-07", 2931, 0),
        ("HLT5", "2025-04", 98.11, 0.01),
        ("HLT6", "2025-04", 70.0, 0.5),
        ("HLT7.incidence", "2024-12-28", 43.2, 6.0),
        ("HLT1", "2026-10", 5.94, 0.3),
        ("HLT2", "2026-10", 91.2, 1.0),
    ],
)
def test_the_regency_stands_where_its_published_figure_does(
    house: House, measured: HouseMeasures, indicator: str, period: str, expected: float, within: float
) -> None:
    assert whole(house, measured, indicator, period)["value"] == pytest.approx(expected, abs=within)


def test_the_first_month_of_the_premium_register_holds_those_deactivated_in_all(
    sampled: tuple[Settings, SampleRun],
) -> None:
    paths = sorted((sampled[0].samples_dir).rglob("*.parquet"))
    people = pd.concat([frame for path in paths if "person_code" in (frame := pd.read_parquet(path)).columns])
    assert people["period"].eq("2025-03").sum() == 21_630
    assert people["person_code"].is_unique
    assert people["person_code"].str.len().eq(64).all()  # a keyed code, whatever the file held


def additive(measured: HouseMeasures) -> Iterator[tuple[Indicator, pd.DataFrame]]:
    for _, indicator in measured.catalog.indicators:
        figures = sample_of(measured, indicator.id)
        if can_roll_up(indicator) and len(figures):
            yield indicator, figures


def test_villages_add_up_to_districts_and_those_to_the_regency(house: House, measured: HouseMeasures) -> None:
    parent = {region.code: region.parent for region in house.regions}
    checked = 0
    for indicator, figures in additive(measured):
        keys = ["region_code", "agency_code", "period"]
        parts = figures.assign(region_code=figures["region_code"].map(parent)).groupby(keys)
        for name in ("numerator", "denominator"):
            sums = parts[name].sum(min_count=1).rename("sum").reset_index()
            both = sums.merge(figures[[*keys, name]], on=keys).dropna()
            apart = both[(both["sum"] - both[name]).abs().gt(1e-6 * both[name].abs() + 1e-9)]
            assert apart.empty, (indicator.id, apart.head())
            checked += len(both)
    assert checked > 1000


# Pupils of any age against the children of one.
MAY_EXCEED = {"EDU1.sd", "EDU1.smp"}


def test_no_sample_makes_a_fault_nor_a_share_above_a_hundred(measured: HouseMeasures) -> None:
    told = [fault for fault in measured.faults if fault["method"] == SAMPLE_METHOD or not fault["method"]]
    assert [fault for fault in told if fault["check"] != "main_method_missing"] == []
    above = [
        indicator.id
        for sector, indicator in measured.catalog.indicators
        if sector.slug in ("social", "education", "population", "health") and indicator.unit == "percent"
        if sample_of(measured, indicator.id)["value"].gt(100).any() and indicator.id not in MAY_EXCEED
    ]
    assert above == []
