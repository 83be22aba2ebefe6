"""Figures against the raw files by plain pandas, to the last digit; desa, kecamatan and regency add up."""

import pandas as pd
import pytest

from command_center.editions import Edition
from command_center.indicators import can_roll_up
from command_center.regions import load_regions
from command_center.settings import Settings
from tests.recomputation.by_hand import CASES, Computed
from tests.recomputation.raw_files import RawFiles

ITEMS = {
    "social", "finance", "education", "population", "infrastructure", "public_services", "health", "licensing",
    "social_media",
}  # fmt: skip
PER_LEVEL = 6
# Which parts of a figure are held against the sums below it.
PARTS = ("numerator", "denominator")


def test_the_cases_are_at_least_twenty_indicators_over_all_nine_items() -> None:
    assert len({indicator for _, indicator, *_ in CASES}) >= 20
    assert {item for item, *_ in CASES} == ITEMS


@pytest.mark.parametrize(
    ("item", "indicator", "method", "period", "computed"), CASES, ids=lambda v: str(v)[:14]
)
def test_a_figure_is_what_plain_pandas_makes_of_the_raw_files(
    edition: Edition, raw: RawFiles, item: str, indicator: str, method: str, period: str, computed: Computed
) -> None:
    rows = edition.measures
    rows = rows[
        rows["indicator"].eq(indicator)
        & rows["method"].eq(method)
        & rows["period"].eq(period)
        & rows["agency_code"].eq("")
        & rows["value"].notna()
    ]
    assert set(rows["sector"]) == {item}
    # The regency, and the first and last regions of each level below it.
    levels = rows.groupby(rows["region_code"].str.len())
    chosen = pd.concat([levels.head(PER_LEVEL // 2), levels.tail(PER_LEVEL // 2)]).drop_duplicates()
    for row in chosen.itertuples():
        assert computed(raw, row.region_code, period) == row.value, row.region_code
    print(f"{indicator} {method} {period}: {len(chosen)} of {len(rows)} figures, all equal")


def test_desa_kecamatan_and_regency_add_up_wherever_they_may(
    sampled_house: Settings, edition: Edition
) -> None:
    regions = load_regions(sampled_house)
    parent_of = {region.code: region.parent for region in regions}
    due = {region.code: len(regions.children(region.code)) for region in regions}
    told = {
        (fault["indicator"], fault["region_code"], fault["agency_code"], fault["period"], fault["method"])
        for fault in edition.manifest["faults"]
        if fault["check"] == "children_differ_from_parent"
    }
    keys = ["region_code", "agency_code", "period", "method"]
    sums, differing = 0, []
    for _, indicator in edition.catalog.indicators:
        if not can_roll_up(indicator):
            continue
        own = edition.measures[edition.measures["indicator"].eq(indicator.id)]
        parts = [name for name in PARTS if getattr(indicator.formula, name) is not None]
        below = own.dropna(subset=parts).assign(region_code=own["region_code"].map(parent_of))
        groups = below.dropna(subset=["region_code"]).groupby(keys)
        added = groups[parts].sum()[groups.size().eq(groups.size().index.get_level_values(0).map(due))]
        made = own.dropna(subset=parts).set_index(keys)[parts].add_suffix("_own")
        both = added.join(made, how="left")
        assert both[[f"{name}_own" for name in parts]].notna().all(axis=None) or indicator.id in {
            one[0] for one in told
        }, f"{indicator.id}: a parent all of whose parts are known has no figure"
        for name in parts:
            off = (both[name] - both[f"{name}_own"]).abs() > both[name].abs() * 1e-12
            differing += [
                (indicator.id, *key, name) for key in both.index[off] if (indicator.id, *key) not in told
            ]
        sums += len(both)
    print(f"{sums} sums over the regions below, {len(differing)} differ")
    assert sums > 1000
    assert differing == []
