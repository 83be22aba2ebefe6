"""What to repair first: the plan for a budget, its packages with a reason each, and the frontier over budgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from command_center.roads.benefit import PARTS, Needs
from command_center.roads.condition import STEADY
from command_center.roads.parameters import PlanRules
from command_center.roads.program import Choice, Program

_KM = 1000.0
_BILLION = 1_000_000_000
_TOUCH_M = 0.5


@dataclass(frozen=True, eq=False)
class Plan:
    """A budget spent: packages, totals, floors that could not be reached (rupiah lacking, by region)."""

    budget_idr: int
    spent_idr: int
    objective: float
    bound: float
    steady_pct: float
    made_steady_km: float
    packages: pd.DataFrame
    shortfall_idr: Mapping[str, float]


def floors_of(needs: Needs, budget_idr: float, rules: PlanRules) -> dict[str, float]:
    """Return the least to spend in each region: a share of the budget, shared out by the need of roads not steady.

    Never more than the need itself.
    """
    units = needs.units
    worst = units[units["is_open"] & ~units["condition"].isin(STEADY)]
    need = worst.groupby("region_code")["cost_idr"].sum()
    if not need.sum() > 0:
        return {}
    share = min(1.0, rules.floor_share * budget_idr / float(need.sum()))
    return {str(region): float(value) * share for region, value in need.items()}


def plan(
    needs: Needs,
    budget_idr: float,
    rules: PlanRules,
    *,
    floors_idr: Mapping[str, float] | None = None,
    program: Program | None = None,
    gap: float = 5e-4,
) -> Plan:
    """Return the plan of most benefit for a budget; floors are those of the rules unless given."""
    known = program or Program(needs.units, rules.minimum_package_m)
    floors = floors_of(needs, budget_idr, rules) if floors_idr is None else floors_idr
    return _plan(needs, budget_idr, known.choose(budget_idr, floors, gap=gap))


def frontier(needs: Needs, rules: PlanRules, *, gap: float = 2e-3) -> list[Plan]:
    """Return the plans of the declared budgets without floors, the smallest first.

    Within the solver's gap a smaller budget may come out a little better than a larger one; then its plan, which
    the larger budget can pay too, stands for both.
    """
    program = Program(needs.units, rules.minimum_package_m)
    plans: list[Plan] = []
    for billion in rules.frontier_billion:
        budget = billion * _BILLION
        found = plan(needs, budget, rules, floors_idr={}, program=program, gap=gap)
        if plans and plans[-1].objective > found.objective:
            found = replace(plans[-1], budget_idr=round(budget), bound=found.bound)
        plans.append(found)
    return plans


def frontier_table(plans: Sequence[Plan]) -> pd.DataFrame:
    """Return one row per budget: spent, % steady, km made steady, benefit, and what the next step of budget adds.

    `next_km` and `next_points` are km and percentage points gained per ten billion up to the next budget; missing
    on the last row.
    """
    table = pd.DataFrame(
        {
            "budget_idr": [each.budget_idr for each in plans],
            "spent_idr": [each.spent_idr for each in plans],
            "steady_pct": [each.steady_pct for each in plans],
            "made_steady_km": [each.made_steady_km for each in plans],
            "benefit": [each.objective for each in plans],
            "packages": [len(each.packages) for each in plans],
        }
    )
    steps = (table["budget_idr"].shift(-1) - table["budget_idr"]) / (10 * _BILLION)
    return table.assign(
        next_km=(table["made_steady_km"].shift(-1) - table["made_steady_km"]) / steps,
        next_points=(table["steady_pct"].shift(-1) - table["steady_pct"]) / steps,
    )


def _plan(needs: Needs, budget_idr: float, choice: Choice) -> Plan:
    units = needs.units[choice.chosen]
    made = float(units.loc[~units["condition"].isin(STEADY), "length_km"].sum())
    steady = needs.steady_km + made
    return Plan(
        budget_idr=round(budget_idr),
        spent_idr=round(float(units["cost_idr"].sum())),
        objective=choice.objective,
        bound=choice.bound,
        steady_pct=100 * steady / needs.total_km if needs.total_km else 0.0,
        made_steady_km=made,
        packages=packages_of(needs.units, choice.chosen),
        shortfall_idr=dict(choice.shortfall_idr),
    )


def packages_of(units: pd.DataFrame, chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> pd.DataFrame:
    """Return one row per package, the most benefit per rupiah first.

    Columns: road_code, from_m, to_m, length_km, cost_idr, benefit, worst (class), damaged_km, regions, the parts of
    the priority (means by length), main_part (the part that weighs most beside severity), reports, and
    cost_per_km_year_idr: rupiah per km and year kept steady.
    """
    taken = units[chosen]
    touches = taken["road_code"].eq(taken["road_code"].shift()) & (
        (taken["from_m"] - taken["to_m"].shift()).abs().le(_TOUCH_M)
    )
    rows = []
    for _, part in taken.groupby((~touches).cumsum()):
        km = part["length_km"]
        means = {name: float(np.average(part[name], weights=km)) for name in PARTS}
        kept = float((km * part["steady_years"]).sum())
        reports = part["reports"].sum() if "reports" in part else 0
        rows.append(
            {
                "road_code": part["road_code"].iloc[0],
                "from_m": float(part["from_m"].iloc[0]),
                "to_m": float(part["to_m"].iloc[-1]),
                "length_km": float(km.sum()),
                "cost_idr": round(float(part["cost_idr"].sum())),
                "benefit": float(part["benefit"].sum()),
                "worst": part["condition"].iloc[int(part["severity"].to_numpy().argmax())],
                "damaged_km": float(km[~part["condition"].isin(STEADY)].sum()),
                "regions": " ".join(sorted(set(part["region_code"].astype("str")))),
                **means,
                "main_part": max(PARTS[1:], key=lambda name: means[name]),
                "reports_count": int(reports),
                "cost_per_km_year_idr": round(float(part["cost_idr"].sum()) / kept) if kept else 0,
            }
        )
    if not rows:
        return pd.DataFrame(columns=["road_code", "from_m", "to_m", "length_km", "cost_idr", "benefit"])
    table = pd.DataFrame(rows)
    order = (table["benefit"] / table["cost_idr"]).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)
