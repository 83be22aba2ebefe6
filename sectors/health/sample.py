"""Invented tables of the health item, in level with the published figures of the regency.

Stunting 5.94 percent (e-PPGBM 2024), attendance 91.2 percent (February 2024), insurance 98.11 percent registered
and 70 percent active (April 2025), dengue 594, 266 and about 393 cases (2022 to 2024), 13 and 9 maternal and 144
and 98 infant deaths (2024, 2025): data/published/health_*.csv.
"""

import numpy as np
import pandas as pd

from command_center.samples import World
from command_center.samples.world import Chance, Counts, part_of, share_out, share_rows

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


DEATH_MONTHS = 24
MOTHERS_A_YEAR, INFANTS_A_YEAR = 10, 107


def maternal_deaths_monthly(world: World) -> pd.DataFrame:
    """Return maternal deaths of the whole regency by month."""
    chance = world.chance("health.maternal_deaths_monthly")
    deaths = chance.multinomial(
        round(MOTHERS_A_YEAR * DEATH_MONTHS / 12), np.full(DEATH_MONTHS, 1 / DEATH_MONTHS)
    )
    return pd.DataFrame(
        {
            "region_code": world.regions.root.code,
            "period": world.months(DEATH_MONTHS),
            "maternal_deaths": deaths,
        }
    )


def infant_deaths_monthly(world: World) -> pd.DataFrame:
    """Return infant deaths by sub-district and month; more where more are born, and slowly fewer."""
    chance = world.chance("health.infant_deaths_monthly")
    risk = world.persons_by_district.to_numpy() * np.exp(chance.normal(0.0, 0.25, len(world.districts)))
    weights = np.outer(np.linspace(1.1, 0.9, DEATH_MONTHS), risk).ravel()
    total = round(INFANTS_A_YEAR * DEATH_MONTHS / 12)
    grid = _grid(world.months(DEATH_MONTHS), world.districts)
    return grid.assign(infant_deaths=chance.multinomial(total, weights / weights.sum()))


INSURANCE_MONTHS = 22
REGISTERED = 0.9811
# Segment: share of those registered, share of them active; together 70 percent are active.
SEGMENTS = {
    "PBI": (0.412, 0.80),
    "PBPU_PEMDA": (0.198, 0.62),
    "PPU": (0.165, 0.90),
    "PBPU": (0.209, 0.40),
    "BP": (0.016, 0.93),
}
# Change of the active share over the months: the cut of premium aid, then slow recovery.
ACTIVE_PATH = ((0, 1.01), (3, 1.0), (5, 0.965), (9, 0.97), (21, 1.035))


def jkn_kec(world: World) -> pd.DataFrame:
    """Return persons registered and active by sub-district, month and segment, with the population."""
    chance = world.chance("health.jkn_kec")
    people = world.persons_by_district.to_numpy()
    count = len(people)
    shares = np.array([share for share, _ in SEGMENTS.values()])
    active = np.array([share for _, share in SEGMENTS.values()])
    mix = shares * np.exp(chance.normal(0.0, 0.12, (count, len(shares))))
    habit = np.exp(chance.normal(0.0, 0.04, (count, len(shares))))
    covered = np.clip(REGISTERED + chance.normal(0.0, 0.005, count), 0.95, 0.995)
    path = np.interp(np.arange(INSURANCE_MONTHS), *zip(*ACTIVE_PATH, strict=True))
    parts = []
    for number, month in enumerate(world.months(INSURANCE_MONTHS)):
        total = round(int(people.sum()) * (REGISTERED + 0.0003 * (number - 3)))
        registered = share_rows(share_out(total, people * covered), mix)
        parts.append(
            _grid([month], world.districts, segment=list(SEGMENTS)).assign(
                registered_persons=registered.ravel(),
                active_persons=part_of(registered.ravel(), (active * habit * path[number]).ravel(), chance),
                population_persons=np.repeat(people, len(SEGMENTS)),
            )
        )
    return pd.concat(parts, ignore_index=True)


DENGUE_YEARS = {2020: 310, 2021: 240, 2022: 594, 2023: 266, 2024: 393}
DENGUE_USUAL, DENGUE_FATALITY = 300, 0.031
DENGUE_WEEKS, OTHER_WEEKS = 313, 104
# Cases a year, deaths per case.
OTHER_DISEASES = {"TBC": (1150, 0.03), "DIARE": (17_500, 0.0002), "PNEUMONIA": (1400, 0.004)}


def kasus_penyakit(world: World) -> pd.DataFrame:
    """Return new cases and deaths by disease, sub-district and epidemiological week (period: its Saturday).

    Dengue goes back six years, so that a week can be held against the same week of five years.
    """
    chance = world.chance("health.kasus_penyakit")
    weeks = _saturdays(world, DENGUE_WEEKS)
    yearly = np.array([DENGUE_YEARS.get(day.year, DENGUE_USUAL) for day in weeks], dtype="float64")
    rainy = 1 + 0.9 * np.cos(2 * np.pi * (weeks.day_of_year.to_numpy() / 7 - 9) / 52.18)
    parts = [_cases(world, weeks, "DBD", yearly / 52.18 * rainy, DENGUE_FATALITY, chance)]
    recent = weeks[-OTHER_WEEKS:]
    for disease, (cases, fatality) in OTHER_DISEASES.items():
        parts.append(_cases(world, recent, disease, np.full(OTHER_WEEKS, cases / 52.18), fatality, chance))
    return pd.concat(parts, ignore_index=True)


def _cases(
    world: World,
    weeks: pd.DatetimeIndex,
    disease: str,
    expected: np.ndarray,
    fatality: float,
    chance: Chance,
) -> pd.DataFrame:
    people = world.persons_by_district.to_numpy()
    risk = people * np.exp(chance.normal(0.0, 0.3, len(people)))
    cases = chance.poisson(np.outer(expected, risk / risk.sum())).ravel()
    grid = _grid([f"{day:%Y-%m-%d}" for day in weeks], world.districts, disease=[disease])
    # A week belongs to the year of its Wednesday.
    number = ((weeks - pd.Timedelta(days=3)).day_of_year.to_numpy() - 1) // 7 + 1
    return grid.assign(
        epi_week=np.repeat(number, len(people)),
        cases=cases,
        deaths=part_of(cases, fatality, chance),
        population_persons=np.tile(people, len(weeks)),
    )


def _saturdays(world: World, count: int) -> pd.DatetimeIndex:
    return pd.date_range(end=pd.Timestamp(world.as_of) - pd.Timedelta(days=7), periods=count, freq="W-SAT")


BIRTHS_A_YEAR, SURVIVING, IMMUNISED = 9750, 0.988, 0.925


def immunisation(world: World) -> pd.DataFrame:
    """Return infants who turned one in the twelve months to each month, and those fully immunised, by village."""
    chance = world.chance("health.immunisation")
    people = world.persons.to_numpy(dtype="float64")
    monthly = people / people.sum() * BIRTHS_A_YEAR * SURVIVING / 12
    infants = chance.poisson(monthly[:, np.newaxis], (len(people), MONTHS + 11))
    level = np.clip(IMMUNISED + chance.normal(0.0, 0.04, len(people)), 0.6, 0.995)
    done = part_of(infants, np.broadcast_to(level[:, np.newaxis], infants.shape), chance)
    grid = _grid(world.months(MONTHS), world.villages)
    return grid.assign(immunised_infants=_year_to(done), surviving_infants=_year_to(infants))


def _year_to(monthly: Counts) -> Counts:
    """Return sums over twelve months, months first."""
    return np.lib.stride_tricks.sliding_window_view(monthly, 12, axis=1).sum(axis=2).T.ravel()


STANDARD_YEARS = 3
# Service: entitled per resident, share served to standard.
SERVICES = {
    "ibu_hamil": (0.0118, 0.955),
    "ibu_bersalin": (0.0112, 0.97),
    "bayi_baru_lahir": (0.0107, 0.975),
    "balita": (0.066, 0.91),
    "usia_pendidikan_dasar": (0.12, 0.96),
    "usia_produktif": (0.62, 0.78),
    "usia_lanjut": (0.14, 0.83),
    "hipertensi": (0.21, 0.58),
    "diabetes": (0.017, 0.86),
    "gangguan_jiwa_berat": (0.0019, 0.90),
    "tuberkulosis": (0.0078, 0.93),
    "hiv": (0.014, 0.95),
}


def health_standards(world: World) -> pd.DataFrame:
    """Return residents entitled and served to standard by service, sub-district and year."""
    chance = world.chance("health.health_standards")
    people = world.persons_by_district.to_numpy()
    needs = np.array([need for need, _ in SERVICES.values()])
    served = np.array([share for _, share in SERVICES.values()])
    lean = chance.normal(0.0, 0.03, (len(people), 1))
    eligible = np.outer(people, needs).round().astype("int64").ravel()
    parts = []
    for number, year in enumerate(world.years(STANDARD_YEARS)):
        level = np.clip(served + lean + 0.015 * (number - STANDARD_YEARS + 1), 0.0, 1.0).ravel()
        parts.append(
            _grid([year], world.districts, service=list(SERVICES)).assign(
                served_persons=part_of(eligible, level, chance), eligible_persons=eligible
            )
        )
    return pd.concat(parts, ignore_index=True)


def _grid(periods: list[str], regions: list[str], **further: list[str]) -> pd.DataFrame:
    """Return one row per period, region and further column, in that order."""
    return pd.MultiIndex.from_product(
        [periods, regions, *further.values()], names=["period", "region_code", *further]
    ).to_frame(index=False)
