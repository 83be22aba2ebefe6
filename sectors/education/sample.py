"""Invented tables of the education item, in level with the published figures of the regency.

3,830 children out of school in February 2025, 1,230 never enrolled, 1,384 dropped out, 1,216 not continued:
data/published/education_out_of_school.csv.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.samples import World
from command_center.samples.people import by_district, people_by_age
from command_center.samples.world import Chance, Counts, part_of, share_out, share_rows

SEMESTERS = 3
SCHOOLS = {"PAUD": 790, "SD": 575, "SMP": 98}
PRIVATE = {"PAUD": 0.93, "SD": 0.04, "SMP": 0.36}
# Pupils per child of the level's age, the rest being in madrasah or nowhere.
ATTENDED = {"PAUD": 0.74, "SD": 0.885, "SMP": 0.80}
OFFICIAL_AGES = {"PAUD": (4, 7), "SD": (7, 13), "SMP": (13, 16)}
# Shares of pupils under 7, 7-12, 13-15 and older.
AGE_MIX = {"PAUD": (0.99, 0.01, 0.0, 0.0), "SD": (0.05, 0.935, 0.015, 0.0), "SMP": (0.0, 0.09, 0.875, 0.035)}
PUPILS_PER_TEACHER = {"PAUD": 9.5, "SD": 13.5, "SMP": 15.0}
FEWEST_TEACHERS = {"PAUD": 2, "SD": 7, "SMP": 9}
PUPILS_PER_CLASSROOM = {"PAUD": 20, "SD": 22, "SMP": 30}
FEWEST_CLASSROOMS = {"PAUD": 1, "SD": 6, "SMP": 6}
MODERATE, HEAVY = 0.085, 0.035


def satuan_pendidikan(world: World) -> pd.DataFrame:
    """Return one row per school and semester: pupils by age, teachers, classrooms by damage."""
    chance = world.chance("education.satuan_pendidikan")
    ages = _people(world)
    schools = pd.concat([_schools(world, level, ages, chance) for level in SCHOOLS], ignore_index=True)
    schools["school_code"] = [f"C{number:07d}" for number in range(1, len(schools) + 1)]
    neglect = np.exp(chance.normal(0.0, 0.6, len(schools)))
    parts = []
    for number, semester in enumerate(world.semesters(SEMESTERS)):
        pupils = np.round(schools["size"] * np.exp(chance.normal(-0.004 * number, 0.02, len(schools))))
        mix = np.array([AGE_MIX[level] for level in schools["school_level"]])
        by_age = share_rows(pupils.to_numpy(dtype="int64"), mix)
        rooms = schools["rooms"].to_numpy()
        heavy = part_of(rooms, HEAVY * neglect, chance)
        moderate = part_of(rooms - heavy, MODERATE * neglect * (1 - 0.03 * number), chance)
        parts.append(
            schools.drop(columns=["size", "rooms"]).assign(
                period=semester,
                pupils=by_age.sum(axis=1),
                pupils_under_7=by_age[:, 0],
                pupils_7_12=by_age[:, 1],
                pupils_13_15=by_age[:, 2],
                pupils_over_15=by_age[:, 3],
                good_classrooms=rooms - heavy - moderate,
                moderate_damage_classrooms=moderate,
                heavy_damage_classrooms=heavy,
            )
        )
    return pd.concat(parts, ignore_index=True)


def _schools(world: World, level: str, ages: Counts, chance: Chance) -> pd.DataFrame:
    """Return the schools of a level: village, ownership, size, teachers, rooms. Every village has one SD at least."""
    people = world.persons.to_numpy(dtype="float64")
    each = 1 if level == "SD" else 0
    count = each + share_out(SCHOOLS[level] - each * len(people), people, chance, 0.4)
    village = np.repeat(np.arange(len(people)), count)
    young, old = OFFICIAL_AGES[level]
    # Pupils of villages without a school of the level go to those that have one.
    total = round(int(ages[:, young:old].sum()) * ATTENDED[level])
    pull = (people / np.maximum(count, 1))[village] * np.exp(chance.normal(0.0, 0.35, len(village)))
    size = share_out(total, pull)
    return pd.DataFrame(
        {
            "region_code": np.array(world.villages)[village],
            "school_level": level,
            "ownership": np.where(chance.random(len(village)) < PRIVATE[level], "S", "N"),
            "size": size,
            "teachers": _needed(size, PUPILS_PER_TEACHER[level], FEWEST_TEACHERS[level]),
            "rooms": _needed(size, PUPILS_PER_CLASSROOM[level], FEWEST_CLASSROOMS[level]),
        }
    )


def _needed(pupils: Counts, per: float, fewest: int) -> Counts:
    needed: Counts = np.maximum(fewest, np.ceil(pupils / per)).astype("int64")
    return needed


# Share attending any school, at the level itself of the official age, and pupils of any age at the level.
AT_7_12, AT_13_15 = (0.994, 0.965, 1.055), (0.962, 0.795, 0.935)


def enrolment(world: World) -> pd.DataFrame:
    """Return pupils and children by age against the population, by sub-district of residence and semester."""
    chance = world.chance("education.enrolment")
    ages = by_district(world, _people(world))
    primary, lower = ages[:, 7:13].sum(axis=1), ages[:, 13:16].sum(axis=1)
    lean = chance.normal(0.0, 0.5, len(primary))
    register = _register(world)
    parts = []
    for number, semester in enumerate(world.semesters(SEMESTERS)):
        attending = [
            part_of(group, 1 - (1 - shares[0]) * np.exp(lean - 0.04 * number), chance)
            for group, shares in ((primary, AT_7_12), (lower, AT_13_15))
        ]
        sd_age = part_of(attending[0], AT_7_12[1] / AT_7_12[0], chance)
        smp_age = part_of(attending[1], AT_13_15[1] / AT_13_15[0], chance)
        parts.append(
            pd.DataFrame(
                {
                    "region_code": world.districts,
                    "period": semester,
                    "sd_pupils": sd_age + chance.poisson(primary * (AT_7_12[2] - AT_7_12[1])),
                    "sd_age_pupils": sd_age,
                    "smp_pupils": smp_age + chance.poisson(lower * (AT_13_15[2] - AT_13_15[1])),
                    "smp_age_pupils": smp_age,
                    "attending_7_12_children": attending[0],
                    "attending_13_15_children": attending[1],
                    "population_7_12_children": primary,
                    "population_13_15_children": lower,
                    "population_7_18_children": ages[:, 7:19].sum(axis=1),
                    "out_of_school_children": _open_at(register, world, semester),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


BASE_MONTH = "2025-02"
FOUND = {"BPB": 1230, "DO": 1384, "LTM": 1216}
FOUND_LATER_A_MONTH = 92
MONTHS_TO_RETURN = 33.0
BACK_AT_SCHOOL = 0.84
AGE_RANGE = {"BPB": (7, 19), "DO": (9, 19), "LTM": (12, 19)}


def ats(world: World) -> pd.DataFrame:
    """Return one row per child recorded as out of school: village, age, kind, and whether it came back."""
    register = _register(world)
    is_open = register["ended"].gt(pd.Timestamp(world.month_end(world.months(1)[0])))
    return pd.DataFrame(
        {
            "region_code": register["region_code"],
            "period": register["begun"].dt.strftime("%Y-%m"),
            "child_code": [f"A{number:06d}" for number in range(1, len(register) + 1)],
            "age": register["age"],
            "kind": register["kind"],
            "status": register["closed_as"].mask(is_open, "belum_sekolah"),
            "verified_on": register["begun"].dt.strftime("%Y-%m-%d"),
            "resolved_on": register["ended"].dt.strftime("%Y-%m-%d").mask(is_open),
        }
    )


def _register(world: World) -> pd.DataFrame:
    """Return every child recorded: village, kind, age, first and last day out of school."""
    chance = world.chance("education.ats")
    months = [str(month) for month in pd.period_range(BASE_MONTH, world.months(1)[0], freq="M")]
    # School years end in June: more are found in July and August.
    expected = [FOUND_LATER_A_MONTH * (1.6 if month[-2:] in ("07", "08") else 0.88) for month in months[1:]]
    later = chance.poisson(expected)
    kind = np.concatenate([np.repeat(list(FOUND), list(FOUND.values())), _kinds(int(later.sum()), chance)])
    period = np.repeat(months, [sum(FOUND.values()), *later])
    weights = world.persons.to_numpy() * np.exp(chance.normal(0.0, 0.45, len(world.villages)))
    village = chance.choice(len(weights), size=len(kind), p=weights / weights.sum())
    village[chance.permutation(sum(FOUND.values()))[: len(weights)]] = np.arange(
        len(weights)
    )  # none is untouched
    youngest, beyond = (np.array([AGE_RANGE[one][end] for one in kind]) for end in (0, 1))
    begun = pd.to_datetime(pd.Series(period)) + pd.to_timedelta(chance.integers(0, 28, len(kind)), unit="D")
    # Nobody of the first count had come back by the end of its month.
    first_end = pd.Timestamp(world.month_end(BASE_MONTH))
    start = begun.where(pd.Series(period).ne(BASE_MONTH), first_end)
    away = np.ceil(chance.exponential(MONTHS_TO_RETURN, len(kind)) * 30.4)
    return pd.DataFrame(
        {
            "region_code": np.array(world.villages)[village],
            "kind": kind,
            "age": chance.integers(youngest, beyond),
            "begun": begun,
            "ended": start + pd.to_timedelta(np.maximum(away, 1), unit="D"),
            "closed_as": np.where(chance.random(len(kind)) < BACK_AT_SCHOOL, "kembali", "bukan_ats"),
        }
    )


def _kinds(count: int, chance: Chance) -> npt.NDArray[np.str_]:
    shares = np.array(list(FOUND.values()), dtype="float64")
    kinds: npt.NDArray[np.str_] = chance.choice(list(FOUND), size=count, p=shares / shares.sum())
    return kinds


def _open_at(register: pd.DataFrame, world: World, semester: str) -> "pd.Series[float]":
    """Return children out of school by sub-district at the end of a semester; missing before the first count."""
    end = pd.Timestamp(f"{semester[:4]}-{'06-30' if semester.endswith('1') else '12-31'}")
    parent = register["region_code"].str.rpartition(".")[0]
    is_open = register["begun"].le(end) & register["ended"].gt(end)
    counts = parent[is_open].value_counts().reindex(world.districts).reset_index(drop=True)
    return counts.astype("Int64")


def _people(world: World) -> Counts:
    """Return persons by village and single year of age."""
    total = int(world.persons.sum())
    return people_by_age(world, total, total // 2).sum(axis=0)
