"""Invented tables of the finance item, in level with the published figures of the regency.

Absorption 53.39 percent at the end of September and 75 percent at the end of November 2025, public works 10.97
and 30; own revenue Rp 508.8 bn of 2025; budgets of 2025 and 2026: data/published/finance_*.csv.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.samples import World
from command_center.samples.world import Chance, Counts, share_out

MONTHS = 22
SUB_ACTIVITIES = 2450
BILLION = 1_000_000_000
BUDGETS = {2024: 2711.0 * BILLION, 2025: 2831.0 * BILLION, 2026: 2214.0 * BILLION}
# The large spenders' share of the budget; the sub-district offices have 0.4 percent each, the others share the rest.
SHARES = {"1.01.01": 0.30, "1.02.01": 0.19, "1.03.01": 0.1207, "5.02.01": 0.18}
OFFICE_SHARE = 0.004
WORKS = "1.03.01"
# Percent of the year's budget spent to the end of each month: works are paid on handover.
CURVE = (2.5, 6.5, 12, 19, 26, 34, 42, 50.5, 59.2, 67.5, 81.2, 97.5)
WORKS_CURVE = (0.1, 0.25, 0.5, 1.0, 1.5, 2.2, 3.6, 6.2, 9.8, 18.2, 28.2, 91.0)
PLAN = (4, 9, 15, 23, 31, 40, 48, 56, 65, 75, 86, 98)
WORKS_PLAN = (0.5, 1.2, 2.5, 5, 9, 14, 20, 28, 38, 52, 70, 97)
ROUNDED = 1000

# Kinds of revenue: items, budget of 2025 in Rp bn, share of it received in the end, and when it comes in.
REVENUE = {
    "PAD_PAJAK": (12, 196, 1.01, "even"),
    "PAD_RETRIBUSI": (18, 320, 0.97, "even"),
    "DBH_MIGAS": (4, 130, 1.0, "tranches"),
    "DAU": (4, 1010, 1.0, "even"),
    "DAK": (10, 390, 0.96, "tranches"),
    "LAIN": (10, 550, 0.99, "tranches"),
}
OWN_REVENUE = ("PAD_PAJAK", "PAD_RETRIBUSI")
# Transfers beside those of 2025, so that the budget of 2026 comes to Rp 2,225 bn.
TRANSFERS = {2025: 1.0, 2026: 0.8216}
SEASONS = {
    "even": (7, 7, 8, 8, 8, 8, 8, 8, 9, 9, 9, 11),
    "tranches": (0, 0, 15, 0, 0, 25, 0, 0, 25, 0, 0, 35),
}


def realisasi_belanja(world: World) -> pd.DataFrame:
    """Return budget, planned cash and payment orders by agency, sub-activity and month."""
    chance = world.chance("finance.realisasi_belanja")
    activities = _activities(world, chance)
    weights = np.exp(chance.normal(0.0, 1.1, len(activities)))
    own = activities["agency_share"].to_numpy() * weights
    own /= pd.Series(weights).groupby(activities["agency_code"]).transform("sum").to_numpy()
    parts = []
    for year, numbers in _by_year(world.months(MONTHS)):
        total = round(_of_year(BUDGETS, year) / ROUNDED)
        budget = share_out(total, own, chance, 0.05) * ROUNDED
        parts.append(_spent_in(world, year, numbers, activities, budget, chance))
    return pd.concat(parts, ignore_index=True)


def pendapatan(world: World) -> pd.DataFrame:
    """Return targets and receipts by kind of revenue, item and month."""
    chance = world.chance("finance.pendapatan")
    parts = []
    for year, numbers in _by_year(world.months(MONTHS)):
        for kind, (items, billions, reached, season) in REVENUE.items():
            total = billions * BILLION * (1.0 if kind in OWN_REVENUE else _of_year(TRANSFERS, year))
            targets = share_out(round(total / ROUNDED), np.exp(chance.normal(0.0, 0.8, items))) * ROUNDED
            steps = np.asarray(SEASONS[season]) / 100
            codes = [f"{kind}.{number:02d}" for number in range(1, items + 1)]
            amounts = {
                "year_target_idr": np.repeat(targets[:, None], 12, axis=1),
                "month_target_idr": _by_month(targets, steps, 0.0, chance),
                "month_received_idr": _by_month(targets, steps * reached, 0.12, chance),
            }
            parts.append(
                _long(world, year, numbers, {"revenue_item": codes}, amounts).assign(revenue_kind=kind)
            )
    return pd.concat(parts, ignore_index=True)


def mandatory_spending(world: World) -> pd.DataFrame:
    """Return the shares of the budget that the law names, by year, the current one included."""
    chance = world.chance("finance.mandatory_spending")
    years = [*map(int, world.years(3)), world.as_of.year]
    spending = np.array([round(_of_year(BUDGETS, year) / ROUNDED) * ROUNDED for year in years])
    shares = {"personnel_idr": 0.385, "infrastructure_idr": 0.29, "education_idr": 0.305}
    parts = {
        name: (spending * (share + chance.normal(0, 0.008, len(years))) / ROUNDED).astype("int64") * ROUNDED
        for name, share in shares.items()
    }
    period = [str(year) for year in years]
    return pd.DataFrame(
        {"region_code": world.regions.root.code, "period": period, **parts, "spending_idr": spending}
    )


def _by_year(months: list[str]) -> list[tuple[int, list[int]]]:
    """Return the numbers of the months by year."""
    years = sorted({int(month[:4]) for month in months})
    return [(year, [int(month[5:]) for month in months if int(month[:4]) == year]) for year in years]


def _of_year(known: dict[int, float], year: int) -> float:
    """Return what is known of the year, that of the nearest one where it is another."""
    return known[min(known, key=lambda one: abs(one - year))]


def _activities(world: World, chance: Chance) -> pd.DataFrame:
    """Return the sub-activities with the share of the budget that their agency has."""
    large = [one.code for one in world.agencies.of_kind("opd", world.as_of) if one.parent_code is None]
    offices = [one.code for one in world.agencies.of_kind("kecamatan", world.as_of)]
    rest = 1 - sum(SHARES.values()) - OFFICE_SHARE * len(offices)
    others = rest / (len(large) - len(SHARES))
    share = [SHARES.get(code, others) for code in large] + [OFFICE_SHARE] * len(offices)
    counts = share_out(SUB_ACTIVITIES, np.sqrt(share), chance, 0.1)
    agency = np.repeat([*large, *offices], counts)
    serial = pd.Series(agency).groupby(agency).cumcount()
    code = [
        f"{one}.{2 + at // 20:02d}.2.{1 + at % 20 // 4:02d}.{at + 1:04d}"
        for one, at in zip(agency, serial, strict=True)
    ]
    return pd.DataFrame(
        {"agency_code": agency, "sub_activity_code": code, "agency_share": np.repeat(share, counts)}
    )


def _spent_in(
    world: World, year: int, numbers: list[int], activities: pd.DataFrame, budget: Counts, chance: Chance
) -> pd.DataFrame:
    works = activities["agency_code"].eq(WORKS).to_numpy()[:, None]
    spent = _by_month(budget, np.where(works, _steps(WORKS_CURVE), _steps(CURVE)), 0.35, chance)
    planned = _by_month(budget, np.where(works, _steps(WORKS_PLAN), _steps(PLAN)), 0.25, chance)
    paid = spent.cumsum(axis=1) / budget[:, None] * 100
    # Works are done before they are paid for, other things about when they are.
    done = paid + np.where(works, np.asarray(WORKS_PLAN) / 3, 2) + chance.normal(0, 3, paid.shape)
    done = np.maximum.accumulate(np.clip(done, 0, 100), axis=1).round().astype("int64")
    amounts = {"planned_idr": planned, "spent_idr": spent, "physical_pct": done}
    keys = {name: activities[name].to_numpy() for name in ("agency_code", "sub_activity_code")}
    return _long(
        world, year, numbers, keys, {"budget_idr": np.repeat(budget[:, None], 12, axis=1), **amounts}
    )


def _steps(curve: tuple[float, ...]) -> npt.NDArray[np.float64]:
    return np.diff(np.asarray(curve, dtype="float64"), prepend=0.0) / 100


def _by_month(totals: Counts, steps: npt.NDArray[np.float64], spread: float, chance: Chance) -> Counts:
    """Return whole thousands of rupiah by item and month.

    Months are moved by chance, the sum of the twelve by two percent at most.
    """
    exact = totals[:, None] * np.broadcast_to(steps, (len(totals), 12))
    if spread:
        year = exact.sum(axis=1) * chance.uniform(0.98, 1.02, len(totals))
        exact = exact * np.exp(chance.normal(0.0, spread, exact.shape))
        exact = exact / exact.sum(axis=1, keepdims=True) * year[:, None]
    return (exact / ROUNDED).round().astype("int64") * ROUNDED


def _long(
    world: World,
    year: int,
    numbers: list[int],
    keys: Mapping[str, Sequence[str]],
    amounts: Mapping[str, Counts],
) -> pd.DataFrame:
    """Return one row per item and month from matrices of twelve months."""
    at = np.asarray(numbers) - 1
    items = len(next(iter(amounts.values())))
    return pd.DataFrame(
        {
            "region_code": world.regions.root.code,
            "period": np.tile([f"{year}-{number:02d}" for number in numbers], items),
            **{name: np.repeat(np.asarray(codes), len(at)) for name, codes in keys.items()},
            **{name: amount[:, at].ravel() for name, amount in amounts.items()},
        }
    )
