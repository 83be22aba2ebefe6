"""Cases for the planning tests: small ones that can be counted out, and a network of full size."""

from itertools import product

import numpy as np
import pandas as pd


def small_case(seed: int) -> tuple[pd.DataFrame, float, float, dict[str, float]]:
    """Units of one to three short roads, a least package, a budget and floors; some cannot be met."""
    chance = np.random.default_rng(seed)
    rows = []
    for road in range(chance.integers(1, 4)):
        count = int(chance.integers(1, 5))
        rows += [
            {"road_code": f"R{road}", "from_m": at * 100.0, "to_m": at * 100.0 + 100} for at in range(count)
        ]
    units = pd.DataFrame(rows)
    count = len(units)
    benefit = np.where(chance.random(count) < 0.25, 0.0, chance.integers(1, 60, count) / 10)
    units = units.assign(
        region_code=chance.choice(["a", "b"], count),
        length_km=0.1,
        cost_idr=chance.integers(1, 9, count) * 1e8,
        benefit=benefit,
        is_open=chance.random(count) > 0.1,
    )
    budget = float(chance.integers(0, 40)) * 1e8
    floors = {region: float(chance.integers(0, 12)) * 1e8 for region in ("a", "b") if chance.random() < 0.4}
    return units, float(chance.choice([100, 200, 300])), budget, floors


def is_allowed(units: pd.DataFrame, chosen: tuple[int, ...], least_m: float, budget: float) -> bool:
    """The rules counted out one by one, without the program's rows."""
    if any(take and not is_open for take, is_open in zip(chosen, units["is_open"], strict=True)):
        return False
    if sum(cost for cost, take in zip(units["cost_idr"], chosen, strict=True) if take) > budget + 1:
        return False
    for _, road in units.assign(take=chosen).groupby("road_code"):
        takes, opens = road["take"].tolist(), road["is_open"].tolist()
        at = 0
        while at < len(takes):
            if not takes[at]:
                at += 1
                continue
            end = at
            while end + 1 < len(takes) and takes[end + 1]:
                end += 1
            is_whole = (at == 0 or not opens[at - 1]) and (end == len(takes) - 1 or not opens[end + 1])
            if (end - at + 1) * 100 < least_m and not is_whole:
                return False
            at = end + 1
    return True


def counted_out(
    units: pd.DataFrame, least_m: float, budget: float, floors: dict[str, float]
) -> tuple[float, float]:
    """Return the most benefit of any plan and what it lacks in floors, by trying every subset."""
    best = (float("inf"), 0.0)
    region, cost, benefit = (units[name].to_numpy() for name in ("region_code", "cost_idr", "benefit"))
    for chosen in product((0, 1), repeat=len(units)):
        if not is_allowed(units, chosen, least_m, budget):
            continue
        taken = np.array(chosen, dtype=bool)
        lacking = sum(
            max(0.0, floor - cost[taken & (region == name)].sum()) for name, floor in floors.items()
        )
        best = min(best, (round(lacking), -float(benefit[taken].sum())))
    return -best[1], best[0]


def full_network(seed: int = 3) -> pd.DataFrame:
    """9,100 segments on 240 roads with conditions that hang together along a road, as `needs_of` wants them."""
    chance = np.random.default_rng(seed)
    parts = []
    for road in range(240):
        count = int(chance.integers(20, 56))
        level = chance.normal(0, 0.8) + np.cumsum(chance.normal(0, 0.25, count))
        condition = np.select(
            [level < 0.2, level < 0.7, level < 1.0], ["baik", "sedang", "rusak_ringan"], "rusak_berat"
        )
        begin = np.arange(count) * 100.0
        region = np.minimum(15, road // 15) + (np.arange(count) > count // 2) * (road % 3 == 0)
        parts.append(
            pd.DataFrame(
                {
                    "road_code": f"{road:03d}", "from_m": begin, "to_m": begin + 100.0, "condition": condition,
                    "region_code": [f"k{min(15, each):02d}" for each in region],
                    "daily_traffic": float(chance.integers(100, 6000)), "people": float(chance.integers(200, 9000)),
                    "facilities": float(chance.integers(0, 4)), "reports": chance.poisson(0.05, count).astype(float),
                }
            )
        )  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    table.loc[chance.random(len(table)) < 0.01, "condition"] = "belum_disurvei"
    treatment = {
        "baik": "rutin",
        "sedang": "berkala",
        "rusak_ringan": "rehabilitasi",
        "rusak_berat": "rekonstruksi",
    }
    return table.assign(treatment=table["condition"].map(treatment))
