"""Invented tables of the health item, in level with the published figures of the regency.

Stunting 5.94 percent (e-PPGBM 2024) and attendance 91.2 percent (February 2024): data/published/health_*.csv.
"""

import numpy as np
import pandas as pd

from command_center.samples import World
from command_center.samples.world import part_of

MONTHS = 20
CHILDREN_PER_PERSON = 0.066
ATTENDANCE, STUNTED, WASTED, UNDERWEIGHT = 0.912, 0.0594, 0.045, 0.075


def gizi_desa(world: World) -> pd.DataFrame:
    """Return children targeted, weighed, measured and found stunted, by village and month."""
    chance = world.chance("health.gizi_desa")
    target = np.maximum(5, (world.persons.to_numpy() * CHILDREN_PER_PERSON).round().astype("int64"))
    # Each village has its own level, which stays; months move around it, and slowly down.
    level = STUNTED * np.exp(chance.normal(0.0, 0.35, len(target)))
    comes = np.clip(ATTENDANCE + chance.normal(0.0, 0.05, len(target)), 0.55, 0.995)
    parts = []
    for number, month in enumerate(world.months(MONTHS)):
        weighed = part_of(target, comes, chance)
        measured = part_of(weighed, 0.985, chance)
        parts.append(
            pd.DataFrame(
                {
                    "region_code": world.villages,
                    "period": month,
                    "target_children": target,
                    "weighed_children": weighed,
                    "measured_children": measured,
                    "stunted_children": part_of(measured, level * (1.05 - 0.005 * number), chance),
                    "wasted_children": part_of(measured, WASTED, chance),
                    "underweight_children": part_of(measured, UNDERWEIGHT, chance),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
