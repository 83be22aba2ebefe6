"""The invented people of the world by sex and age, the same for every item, so that their shares rest on one count.

The pyramid is that of an ageing rural regency of the 2020 census in round numbers; no source prints it by village.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.samples.world import Counts, World, share_out, share_rows

AGES = 100
# Shares of ages 0-4, 5-9, ... 75-79 and the tail, in per cent.
_BY_FIVE = (
    6.6,
    6.6,
    6.8,
    6.9,
    7.0,
    7.1,
    7.0,
    7.1,
    7.4,
    7.3,
    7.1,
    6.4,
    5.4,
    4.3,
    2.9,
    2.0,
    1.2,
    0.6,
    0.2,
    0.1,
)
_WOMEN_LIVE_LONGER = 0.0035
# How far villages differ: some are left by their young, some are not.
_AGEING = 0.15


def people_by_age(world: World, total: int, men: int) -> Counts:
    """Return persons by sex (men, women), village in code order and single year of age (0 to 99 and over).

    They add up to `total` and `men` exactly.
    """
    chance = world.chance("people.age")
    persons = world.persons.to_numpy(dtype="float64")
    everybody = share_out(total, persons)
    male = share_out(men, everybody.astype("float64"))
    tilt = chance.normal(0.0, _AGEING, len(persons))
    return np.stack(
        [
            share_rows(male, _weights(tilt, 0.0)),
            share_rows(everybody - male, _weights(tilt, _WOMEN_LIVE_LONGER)),
        ]
    )


def by_district(world: World, by_village: Counts) -> Counts:
    """Return sums by sub-district in code order; villages stand along the first axis."""
    parent = [world.regions.get(code).parent for code in world.villages]
    return pd.DataFrame(by_village).groupby(parent).sum().reindex(world.districts).to_numpy(dtype="int64")


def _weights(tilt: npt.NDArray[np.float64], longer: float) -> npt.NDArray[np.float64]:
    ages = np.arange(AGES)
    base = np.repeat(_BY_FIVE, 5) * np.exp(longer * (ages - 35))
    weights: npt.NDArray[np.float64] = base * np.exp(tilt[:, np.newaxis] * (ages - 35) / 35)
    return weights
