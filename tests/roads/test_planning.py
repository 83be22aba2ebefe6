"""The plan is the best there is, keeps every rule, and grows with the budget."""

from itertools import pairwise, product

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from command_center.roads.benefit import needs_of
from command_center.roads.criticality import criticality
from command_center.roads.deterioration import after_a_year, cost_of_waiting
from command_center.roads.parameters import load_parameters
from command_center.roads.planning import floors_of, frontier, frontier_table, packages_of, plan
from command_center.roads.pricing import price
from command_center.roads.program import Program
from command_center.settings import load_settings
from tests.roads.planning_cases import counted_out, full_network, is_allowed, small_case

PARAMETERS = load_parameters(load_settings())
BILLION = 1e9


@pytest.mark.parametrize("whole_up_to", [400, 0], ids=["whole", "core"])
@pytest.mark.parametrize("block", range(6))
def test_the_plan_equals_counting_out_on_three_hundred_small_cases(
    block: int, whole_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Solved whole as small programs are, and on their core as large ones are."""
    monkeypatch.setattr("command_center.roads.program._SMALL", whole_up_to)
    infeasible = 0
    for seed in range(block * 50, block * 50 + 50):
        units, least_m, budget, floors = small_case(seed)
        choice = Program(units, least_m).choose(budget, floors, gap=0.0)
        best, lacking = counted_out(units, least_m, budget, floors)
        assert is_allowed(units, tuple(choice.chosen.astype(int)), least_m, budget), seed
        assert choice.objective == pytest.approx(best, abs=1e-6), seed
        assert sum(choice.shortfall_idr.values()) == pytest.approx(lacking, abs=2), seed
        infeasible += lacking > 0
    assert infeasible > 0


@pytest.fixture(scope="module")
def quarter_network() -> pd.DataFrame:
    table = full_network()
    return table[table["road_code"].astype(int) % 4 == 0].reset_index(drop=True)


def test_every_rule_is_kept_on_a_network(quarter_network: pd.DataFrame) -> None:
    needs = needs_of(quarter_network, PARAMETERS)
    budget = 40 * BILLION
    # Cut short: the rules hold for every plan, however near the best it is.
    found = plan(needs, budget, PARAMETERS.plan, program=Program(needs.units, 500, time_limit_s=8))
    assert 0.9 * budget < found.spent_idr <= budget
    assert found.bound >= found.objective > 0
    assert found.shortfall_idr == {}
    packages = found.packages
    whole = needs.units.groupby("road_code")["length_km"].sum() * 1000
    too_short = packages[
        (packages["to_m"] - packages["from_m"] < 500)
        & (packages["length_km"] * 1000 < packages["road_code"].map(whole) - 1)
    ]
    for row in too_short.itertuples():
        # Only a stretch between unsurveyed segments may be shorter.
        near = needs.units[needs.units["road_code"].eq(row.road_code)]
        beside = near[(near["to_m"] == row.from_m) | (near["from_m"] == row.to_m)]
        assert not beside["is_open"].any()
    spent = Program(needs.units, 500).spent_by_region(_treated(needs.units, packages))
    for region, floor in floors_of(needs, budget, PARAMETERS.plan).items():
        assert spent.get(region, 0.0) >= floor - 1000
    assert packages["cost_idr"].sum() == pytest.approx(found.spent_idr, abs=len(packages))
    assert packages["cost_per_km_year_idr"].gt(0).all()


def test_without_floors_the_plan_of_a_network_is_within_a_thousandth(quarter_network: pd.DataFrame) -> None:
    needs = needs_of(quarter_network, PARAMETERS)
    found = plan(needs, 80 * BILLION, PARAMETERS.plan, floors_idr={}, gap=1e-3)
    assert found.objective <= found.bound <= found.objective * 1.001


@pytest.mark.parametrize("seed", range(40))
def test_prices_bound_every_small_plan_and_fix_no_unit_of_the_best(seed: int) -> None:
    """What is said to be lost by treating or leaving a unit is what counting out loses, at any price."""
    units, least_m, _, _ = small_case(seed)
    program = Program(units, least_m)
    profit = (units["benefit"] - 0.9 * units["cost_idr"] / BILLION * 10).to_numpy()
    priced = price(profit, program._is_first, np.where(units["is_open"], program._ends, -1))
    allowed = [
        np.array(chosen, dtype=bool)
        for chosen in product((0, 1), repeat=len(units))
        if is_allowed(units, chosen, least_m, float("inf"))
    ]
    best = max(profit[chosen].sum() for chosen in allowed)
    assert priced.best == pytest.approx(best)
    for at in range(len(units)):
        off = [profit[chosen].sum() for chosen in allowed if not chosen[at]]
        on = [profit[chosen].sum() for chosen in allowed if chosen[at]]
        assert priced.without[at] == pytest.approx(best - max(off), abs=1e-9)
        if on:
            assert priced.within[at] == pytest.approx(best - max(on), abs=1e-9)
        else:
            assert priced.within[at] > 1e9


def _treated(units: pd.DataFrame, packages: pd.DataFrame) -> np.ndarray:
    taken = np.zeros(len(units), dtype=bool)
    for row in packages.itertuples():
        taken |= (
            units["road_code"].eq(row.road_code) & units["from_m"].ge(row.from_m) & units["to_m"].le(row.to_m)
        ).to_numpy()
    return taken


def test_more_budget_never_gives_less_within_the_gap(quarter_network: pd.DataFrame) -> None:
    needs = needs_of(quarter_network, PARAMETERS)
    rules = PARAMETERS.plan.model_copy(update={"frontier_billion": (0, 40, 80, 160)})
    plans = frontier(needs, rules)
    benefits = [each.objective for each in plans]
    assert benefits[0] == 0
    assert all(later >= earlier for earlier, later in pairwise(benefits))
    table = frontier_table(plans)
    assert table["steady_pct"].is_monotonic_increasing
    assert table["next_km"].iloc[:-1].gt(0).all()
    assert pd.isna(table["next_km"].iloc[-1])


def test_floors_that_cannot_be_met_are_told_and_the_nearest_plan_is_shown() -> None:
    units, _, _, _ = small_case(4)
    choice = Program(units, 100).choose(3e8, {"a": 50e8})
    assert choice.shortfall_idr["a"] > 0
    assert units.loc[choice.chosen, "cost_idr"].sum() <= 3e8 + 1


def test_without_a_package_the_list_is_empty(quarter_network: pd.DataFrame) -> None:
    units = needs_of(quarter_network, PARAMETERS).units
    assert packages_of(units, np.zeros(len(units), dtype=bool)).empty


def test_waiting_costs_and_the_band_encloses_the_middle() -> None:
    km = {"baik": 400.0, "sedang": 200.0, "rusak_ringan": 60.0, "rusak_berat": 250.0}
    later = after_a_year(km, PARAMETERS)
    assert sum(later.values()) == pytest.approx(910)
    assert later["baik"] == pytest.approx(368)
    assert later["rusak_berat"] == pytest.approx(262)
    table = cost_of_waiting(km, PARAMETERS).set_index("band")
    assert (
        0
        < table.loc["low", "waiting_idr"]
        < table.loc["middle", "waiting_idr"]
        < table.loc["high", "waiting_idr"]
    )
    # 32 km from routine to periodic, 24 to rehabilitation, 12 to reconstruction.
    assert table.loc["middle", "waiting_idr"] == pytest.approx(32 * 1.45e9 + 24 * 2e9 + 12 * 3.5e9)


def test_the_road_that_cuts_people_off_comes_first() -> None:
    links = gpd.GeoDataFrame(
        {"road_code": ["bridge", "loop1", "loop2", "spur"]},
        geometry=[
            LineString([(0, 0), (1000, 0)]),
            LineString([(1000, 0), (2000, 0)]),
            LineString([(1000, 0), (1500, 900), (2000, 0)]),
            LineString([(2000, 0), (2000, -500)]),
        ],
        crs="EPSG:32749",
    )
    people = pd.DataFrame({"x": [2000, 2000, 0], "y": [0, -500, 10], "persons": [100, 30, 999]})
    table = criticality(links, people, pd.DataFrame({"x": [0], "y": [0]}), links["road_code"])
    assert table["road_code"].tolist() == ["bridge", "spur", "loop1", "loop2"]
    assert table["people_cut"].tolist() == [130, 30, 0, 0]
    assert table.loc[2, "detour_person_km"] > 100
    assert table.loc[3, "detour_person_km"] == 0
