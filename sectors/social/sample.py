"""Invented tables of the social item, in level with the published figures of the regency.

40,502 families of PKH and 65,017 of Sembako, 374,877 persons with premium aid of whom 21,630 were deactivated in
March 2025: data/published/social_*.csv.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.samples import World
from command_center.samples.world import Chance, part_of, share_out

QUARTERS = 7
# Programme: families decreed, rupiah a family and tranche, share paid, share of the paid in deciles 1-4.
PROGRAMMES = {
    "PKH": (40_502, 750_000, 0.985, 0.94),
    "SEMBAKO": (65_017, 600_000, 0.972, 0.91),
    "PBI": (128_000, 369_000, 0.995, 0.86),
}
# The last tranche is still being paid.
UNDER_WAY = 0.94


def bansos_salur(world: World) -> pd.DataFrame:
    """Return families decreed and paid, rupiah and deciles by programme, village and tranche (a quarter)."""
    chance = world.chance("social.bansos_salur")
    need = _need(world, chance)
    reach = 1 - np.abs(chance.normal(0.0, 0.012, len(need)))
    aim = chance.normal(0.0, 0.03, len(need))
    quarters = world.quarters(QUARTERS)
    parts = []
    for program, (families, rupiah, paid_share, aimed_share) in PROGRAMMES.items():
        base = need * np.exp(chance.normal(0.0, 0.1, len(need)))
        for number, quarter in enumerate(quarters):
            decreed = share_out(round(families * (1 - 0.004 * number)), base)
            late = UNDER_WAY if number == QUARTERS - 1 else 1.0
            paid = part_of(decreed, paid_share * late * reach, chance)
            parts.append(
                pd.DataFrame(
                    {
                        "region_code": world.villages,
                        "period": quarter,
                        "program": program,
                        "tranche": int(quarter[-1]),
                        "decreed_households": decreed,
                        "paid_households": paid,
                        "paid_idr": paid * rupiah,
                        "decile_1_4_households": part_of(paid, aimed_share + aim + 0.004 * number, chance),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


DEACTIVATED, DEACTIVATED_IN = 21_630, "2025-03"
LATER_A_MONTH = 120
MONTHS_TO_RESOLVE = 10.0
REACTIVATED = 0.71
REASONS = {
    "TIDAK_ADA_DI_DTSEN": 0.55, "DESIL_TINGGI": 0.28, "DATA_GANDA": 0.09, "MENINGGAL": 0.05, "PINDAH": 0.03,
}  # fmt: skip


def pbi_nonaktif(world: World) -> pd.DataFrame:
    """Return one row per person deactivated: village, day, reason, and how and when it was resolved."""
    chance = world.chance("social.pbi_nonaktif")
    last = world.months(1)[0]
    months = [str(month) for month in pd.period_range(DEACTIVATED_IN, last, freq="M")]
    later = chance.poisson(LATER_A_MONTH, len(months) - 1)
    period = np.repeat(months, [DEACTIVATED, *later])
    need = _need(world, chance)
    village = chance.choice(len(need), size=len(period), p=need / need.sum())
    begun = pd.to_datetime(pd.Series(period)) + pd.to_timedelta(chance.integers(0, 28, len(period)), unit="D")
    ended = begun + pd.to_timedelta(np.ceil(_waiting(world, village, chance) * 30.4), unit="D")
    is_open = ended.gt(pd.Timestamp(world.month_end(last))).to_numpy()
    closed_as = np.where(chance.random(len(period)) < REACTIVATED, "reaktivasi", "tidak_layak")
    return pd.DataFrame(
        {
            "region_code": np.array(world.villages)[village],
            "period": period,
            "person_code": [f"P{number:06d}" for number in range(1, len(period) + 1)],
            "deactivated_on": begun.dt.strftime("%Y-%m-%d"),
            "reason": chance.choice(list(REASONS), size=len(period), p=list(REASONS.values())),
            "status": np.where(is_open, "buka", closed_as),
            "resolved_on": ended.dt.strftime("%Y-%m-%d").mask(is_open),
        }
    )


def _waiting(world: World, village: npt.NDArray[np.int64], chance: Chance) -> npt.NDArray[np.float64]:
    """Return months until each case is resolved; every sub-district has its own pace."""
    pace = dict(zip(world.districts, np.exp(chance.normal(0.0, 0.3, len(world.districts))), strict=True))
    by_village = np.array([pace[world.regions.get(code).parent] for code in world.villages])
    months: npt.NDArray[np.float64] = (
        chance.exponential(MONTHS_TO_RESOLVE, len(village)) * by_village[village]
    )
    return months


STANDARD_YEARS = 3
# Service: entitled per thousand residents, share served.
SERVICES = {
    "disabilitas_terlantar": (1.1, 0.93),
    "anak_terlantar": (0.6, 0.95),
    "lansia_terlantar": (2.4, 0.91),
    "gelandangan_pengemis": (0.15, 0.97),
    "korban_bencana": (1.5, 0.985),
}


def social_standards(world: World) -> pd.DataFrame:
    """Return residents entitled to and served by the five basic services, by sub-district and year."""
    chance = world.chance("social.social_standards")
    people = world.persons_by_district.to_numpy()
    needs = np.array([need / 1000 for need, _ in SERVICES.values()])
    served = np.array([share for _, share in SERVICES.values()])
    lean = chance.normal(0.0, 0.03, (len(people), 1))
    parts = []
    for number, year in enumerate(world.years(STANDARD_YEARS)):
        eligible = 1 + chance.poisson(np.outer(people, needs)).ravel()
        level = np.clip(served + lean + 0.02 * (number - STANDARD_YEARS + 1), 0.0, 1.0).ravel()
        keys = pd.MultiIndex.from_product(
            [[year], world.districts, list(SERVICES)], names=["period", "region_code", "service"]
        )
        parts.append(
            keys.to_frame(index=False).assign(
                served_persons=part_of(eligible, level, chance), eligible_persons=eligible
            )
        )
    return pd.concat(parts, ignore_index=True)


MONTHS = 24
CASES_A_YEAR, HANDLED = 84, 0.93


def violence_cases(world: World) -> pd.DataFrame:
    """Return cases of violence against women and children reported and handled, by sub-district and month."""
    chance = world.chance("social.violence_cases")
    risk = world.persons_by_district.to_numpy() * np.exp(chance.normal(0.0, 0.4, len(world.districts)))
    expected = np.outer(np.ones(MONTHS), risk / risk.sum()) * CASES_A_YEAR / 12
    reported = chance.poisson(expected).ravel()
    keys = pd.MultiIndex.from_product(
        [world.months(MONTHS), world.districts], names=["period", "region_code"]
    )
    return keys.to_frame(index=False).assign(
        handled_cases=part_of(reported, HANDLED, chance), reported_cases=reported
    )


def _need(world: World, chance: Chance) -> npt.NDArray[np.float64]:
    """Return how much aid each village draws: its people, and poorer or better off for good."""
    weights: npt.NDArray[np.float64] = world.persons.to_numpy() * np.exp(
        chance.normal(0.0, 0.3, len(world.villages))
    )
    return weights
