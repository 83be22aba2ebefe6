"""What waiting costs: roads drop a class a year at proposed shares, shown with a band and never as one number."""

from collections.abc import Mapping
from itertools import pairwise

import pandas as pd

from command_center.roads.condition import CLASSES, TREATMENT
from command_center.roads.parameters import RoadParameters

_BILLION = 1_000_000_000


def after_a_year(
    km: Mapping[str, float], parameters: RoadParameters, strength: float = 1.0
) -> dict[str, float]:
    """Return km by class a year on; each class loses its share to the next, `strength` times the proposed one."""
    shares = parameters.deterioration.yearly
    later = {name: float(km.get(name, 0.0)) for name in CLASSES}
    for name, following in pairwise(CLASSES):
        dropped = km.get(name, 0.0) * min(1.0, shares.get(name, 0.0) * strength)
        later[name] -= dropped
        later[following] += dropped
    return later


def cost_of_waiting(km: Mapping[str, float], parameters: RoadParameters) -> pd.DataFrame:
    """Return one row each for low, middle and high: rupiah needed now and in a year, the difference, and % steady."""
    band = parameters.deterioration.band
    now = _needed(km, parameters)
    rows = []
    for name, strength in (("low", 1 - band), ("middle", 1.0), ("high", 1 + band)):
        later = after_a_year(km, parameters, strength)
        total = sum(later.values())
        steady = later[CLASSES[0]] + later[CLASSES[1]]
        needed = _needed(later, parameters)
        rows.append(
            {
                "band": name,
                "needed_now_idr": round(now),
                "needed_later_idr": round(needed),
                "waiting_idr": round(needed - now),
                "steady_pct_later": 100 * steady / total if total else 0.0,
            }
        )
    return pd.DataFrame(rows)


def _needed(km: Mapping[str, float], parameters: RoadParameters) -> float:
    return sum(
        km.get(name, 0.0) * parameters.work(TREATMENT[name]).billion_per_km * _BILLION for name in CLASSES
    )
