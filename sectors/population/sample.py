"""Invented tables of the population item, in level with the published figures of the regency.

927,961 residents, 464,464 of them men (ministerial decree of 2025), 2,931 not recorded (July 2025):
data/published/population_*.csv. The tables by age are those that the other items' samples rest on.
"""

import numpy as np
import pandas as pd

from command_center.samples import World
from command_center.samples.people import by_district, people_by_age
from command_center.samples.world import Chance, Counts, part_of, share_out

SEMESTERS = 3
PERSONS, MEN, COUNTED_IN, GROWTH = 927_961, 464_464, "2025-S1", 0.0028
SINGLE_YEARS_TO = 25
OLDEST = 75
_YEARS = ("first", "second", "third", "fourth", "fifth")


def penduduk_dkb(world: World) -> pd.DataFrame:
    """Return persons by village, semester, sex and five-year age group; to age 24 also by single year."""
    groups = [f"{age:02d}-{age + 4:02d}" for age in range(0, OLDEST, 5)] + [f"{OLDEST}+"]
    names = ["sex", "region_code", "age_group"]
    keys = pd.MultiIndex.from_product([["L", "P"], world.villages, groups], names=names)
    parts = []
    for semester in world.semesters(SEMESTERS):
        people = _people(world, semester)
        by_five = people.reshape(*people.shape[:2], -1, 5)
        table = keys.to_frame(index=False).assign(period=semester, persons=_grouped(by_five.sum(axis=3)))
        single = by_five[:, :, : len(groups)].reshape(-1, 5)
        known = table["age_group"].lt(str(SINGLE_YEARS_TO))
        for at, name in enumerate(_YEARS):
            table[f"{name}_year_persons"] = pd.Series(single[:, at], dtype="Int64").where(known)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _grouped(by_five: Counts) -> Counts:
    """Return the groups up to the open one, row after row."""
    last = OLDEST // 5
    tail = by_five[:, :, last:].sum(axis=2, keepdims=True)
    return np.concatenate([by_five[:, :, :last], tail], axis=2).ravel()


def _people(world: World, semester: str) -> Counts:
    factor = (1 + GROWTH) ** (_number(semester) - _number(COUNTED_IN))
    return people_by_age(world, round(PERSONS * factor), round(MEN * factor))


def _number(semester: str) -> int:
    return 2 * int(semester[:4]) + int(semester[-1])


MONTHS = 20
# July 2025: most of those not recorded turn 17 one month and are recorded within the next few.
UNRECORDED, UNRECORDED_SWING = 2931, 0.12
PEOPLE_PER_FAMILY, DEATHS_PER_PERSON = 3.05, 0.0075
# Document: share held at the beginning and the end, applications a month per document held.
HELD = {
    "KK": (0.985, 0.992, 0.018),
    "LAHIR": (0.958, 0.974, 0.006),
    "MATI": (0.66, 0.78, 1.0),
    "KIA": (0.52, 0.66, 0.012),
    "IKD": (0.085, 0.165, 0.05),
}
KTP_APPLICATIONS = 0.006
COMPLETED, ON_TIME = 0.97, 0.91


def dokumen_dukcapil(world: World) -> pd.DataFrame:
    """Return who must hold and who holds each document, and applications, by sub-district and month."""
    chance = world.chance("population.dokumen_dukcapil")
    ages = by_district(world, _people(world, COUNTED_IN).sum(axis=0))
    months = world.months(MONTHS)
    count = len(world.districts)
    habit = {name: chance.normal(0.0, 0.25, count) for name in HELD}
    punctual = np.clip(ON_TIME + chance.normal(0.0, 0.04, count), 0.6, 0.99)
    parts = []
    for number, month in enumerate(months):
        for document, target in _targets(ages, chance).items():
            if document == "KTP":
                held = target - _unrecorded(target, number, chance)
                asked = chance.poisson(held * KTP_APPLICATIONS)
            else:
                start, end, asks = HELD[document]
                share = start + (end - start) * number / (MONTHS - 1)
                # Where nearly all hold it little is left to differ by.
                level = share * np.exp(habit[document] * (1 - share))
                held = np.minimum(target, np.round(target * np.clip(level, 0.0, 0.999))).astype("int64")
                asked = chance.poisson(held * asks)
            done = part_of(asked, COMPLETED, chance)
            parts.append(
                pd.DataFrame(
                    {
                        "region_code": world.districts,
                        "period": month,
                        "document": document,
                        "target_count": target,
                        "owned_count": held,
                        "applications_count": asked,
                        "completed_count": done,
                        "on_time_count": part_of(done, punctual, chance),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _targets(ages: Counts, chance: Chance) -> dict[str, Counts]:
    """Return who must hold each document: those of its age; deaths of the month for death certificates."""
    people = ages.sum(axis=1)
    adults = ages[:, 17:].sum(axis=1)
    return {
        "KTP": adults,
        "KK": np.round(people / PEOPLE_PER_FAMILY).astype("int64"),
        "LAHIR": ages[:, :18].sum(axis=1),
        "MATI": chance.poisson(people * DEATHS_PER_PERSON / 12),
        "KIA": ages[:, :17].sum(axis=1),
        "IKD": adults,
    }


def _unrecorded(target: Counts, number: int, chance: Chance) -> Counts:
    # The first months run to July 2025 when counted back from the autumn of 2026.
    swing = 1 + UNRECORDED_SWING * np.sin(2 * np.pi * (number - 4) / 12)
    return share_out(round(UNRECORDED * swing), target.astype("float64"), chance, 0.2)
