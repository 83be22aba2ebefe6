"""Invented tables of the licensing item, in level with the published figures of the regency.

Investment Rp 798.38 bn in 2024 and a building permit levy of about Rp 500 m a year: data/published/licensing_*.csv.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.samples import World
from command_center.samples.world import Chance

MONTHS, QUARTERS = 22, 7
SCALES = {"mikro": 0.9, "kecil": 0.07, "menengah": 0.02, "besar": 0.01}
RISKS = {"R": 0.72, "MR": 0.16, "MT": 0.09, "T": 0.03}
REFUSED = 0.03
# Kelurahan have more trade than desa of the same size.
TOWN = 2.2

OBLIGED, REPORTING = 720, 0.74
# Business sections of enterprises that report: share, and how much less they report (timber, livestock).
SECTIONS = {
    "A": (0.14, 0.62),
    "C": (0.22, 0.7),
    "F": (0.1, 1.0),
    "G": (0.34, 1.05),
    "H": (0.08, 1.0),
    "I": (0.12, 1.05),
}
FOREIGN = 0.015
INVESTED_A_QUARTER = 205_000_000_000
LEVY_TARGET, LEVY_REACHED = 500_000_000, 0.9
ROUNDED = 1000


@dataclass(frozen=True)
class _Kind:
    """A kind of permit: applications a month, limit and usual duration in working days, the applicant's share."""

    a_month: float
    limit_days: int
    median_days: float
    spread: float
    applicant_share: float
    is_enterprise: bool


KINDS = {
    "NIB": _Kind(420, 3, 0.4, 0.8, 0.0, is_enterprise=True),
    "PBG": _Kind(8.8, 28, 29, 0.5, 0.35, is_enterprise=False),
    "SLF": _Kind(5, 20, 17, 0.5, 0.3, is_enterprise=False),
    "SIP": _Kind(58, 5, 3.2, 0.6, 0.15, is_enterprise=False),
    "LAIN": _Kind(34, 14, 9, 0.6, 0.25, is_enterprise=True),
}


def izin(world: World) -> pd.DataFrame:
    """Return applications for permits one by one, as they stood at the end of the last whole month."""
    chance = world.chance("licensing.izin")
    weights = _of_trade(world, chance)
    parts = [_applications(world, name, kind, weights, chance) for name, kind in KINDS.items()]
    table = pd.concat(parts, ignore_index=True)
    year = table["period"].str[:4]
    serial = table.groupby([year, table["permit_kind"]]).cumcount() + 1
    numbers = table["permit_kind"] + "-" + year + "-" + serial.astype("str").str.zfill(5)
    return table.assign(application_no=numbers)


def lkpm(world: World) -> pd.DataFrame:
    """Return whether and what every enterprise that is obliged to reported, by quarter."""
    chance = world.chance("licensing.lkpm")
    section = chance.choice(list(SECTIONS), OBLIGED, p=[share for share, _ in SECTIONS.values()])
    size = np.exp(chance.normal(0.0, 1.6, OBLIGED))
    employed = np.maximum(1, np.rint(4 * np.sqrt(size) * np.exp(chance.normal(0, 0.5, OBLIGED)))).astype(
        "int64"
    )
    diligence = np.array([SECTIONS[one][1] for one in section]) * REPORTING
    foreign = chance.random(OBLIGED) < FOREIGN
    parts = []
    for quarter in world.quarters(QUARTERS):
        reported = chance.random(OBLIGED) < np.clip(diligence + chance.normal(0, 0.05), 0, 0.98)
        exact = size * np.exp(chance.normal(0, 0.6, OBLIGED)) * reported
        # Most report that nothing was invested in the quarter.
        exact = np.where(chance.random(OBLIGED) < 0.55, 0.0, exact)
        invested = np.rint(
            exact / exact.sum() * INVESTED_A_QUARTER * np.exp(chance.normal(0, 0.15)) / ROUNDED
        )
        parts.append(
            pd.DataFrame(
                {
                    "region_code": world.regions.root.code,
                    "period": quarter,
                    "business_code": [f"U{number:05d}" for number in range(1, OBLIGED + 1)],
                    "capital": np.where(foreign, "PMA", "PMDN"),
                    "business_section": section,
                    "is_reported": reported.astype("int64"),
                    "invested_idr": _where(invested.astype("int64") * ROUNDED, reported),
                    "employed_persons": _where(employed, reported),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def retribusi_pbg(world: World) -> pd.DataFrame:
    """Return the building permit levy of every month and the target of its year."""
    chance = world.chance("licensing.retribusi_pbg")
    levy = LEVY_TARGET * LEVY_REACHED / 12 * np.exp(chance.normal(-0.045, 0.3, MONTHS))
    return pd.DataFrame(
        {
            "region_code": world.regions.root.code,
            "period": world.months(MONTHS),
            "month_levy_idr": np.rint(levy / ROUNDED).astype("int64") * ROUNDED,
            "year_levy_target_idr": LEVY_TARGET,
        }
    )


def _applications(
    world: World, name: str, kind: _Kind, weights: npt.NDArray[np.float64], chance: Chance
) -> pd.DataFrame:
    months = world.months(MONTHS)
    end = np.datetime64(world.month_end(months[-1]))
    firsts = np.repeat(np.array(months, dtype="datetime64[D]"), chance.poisson(kind.a_month, len(months)))
    count = len(firsts)
    received = np.busday_offset(np.sort(firsts + chance.integers(0, 28, count)), 0, roll="backward")
    wait = chance.poisson(0.3 * np.sqrt(kind.median_days), count)
    complete = np.busday_offset(received, wait)
    days = np.rint(kind.median_days * np.exp(chance.normal(0.0, kind.spread, count))).astype("int64")
    issued = np.busday_offset(complete, days)
    is_open, is_complete = issued > end, complete <= end
    applicant = chance.binomial(days, kind.applicant_share)
    elapsed = np.busday_count(complete, np.maximum(complete, end))
    with_applicant = chance.random(count) < kind.applicant_share
    refused = (chance.random(count) < REFUSED) & (name != "NIB")
    states = [~is_complete, is_open & with_applicant, is_open, refused]
    return pd.DataFrame(
        {
            "region_code": chance.choice(world.villages, count, p=weights),
            "period": pd.Series(received).dt.strftime("%Y-%m"),
            "permit_kind": name,
            "scale": _choice(SCALES, kind, count, chance),
            "risk": _choice(RISKS, kind, count, chance),
            "received_on": _text(received),
            "complete_on": _text(complete).where(is_complete),
            "issued_on": _text(issued).where(~is_open & is_complete),
            "limit_days": kind.limit_days,
            "applicant_days": np.minimum(applicant, np.where(is_open, elapsed, days)),
            "status": np.select(states, ["berkas", "menunggu_pemohon", "proses", "ditolak"], "terbit"),
        }
    )


def _of_trade(world: World, chance: Chance) -> npt.NDArray[np.float64]:
    """Return each village's share of the applications: by persons, more in town, each with a level of its own."""
    town = np.array([TOWN if world.regions.get(code).level == "kel" else 1.0 for code in world.villages])
    weights = world.persons.to_numpy() * town * np.exp(chance.normal(0, 0.3, len(town)))
    shares: npt.NDArray[np.float64] = weights / weights.sum()
    return shares


def _choice(shares: dict[str, float], kind: _Kind, count: int, chance: Chance) -> npt.NDArray[np.object_]:
    chosen = chance.choice(list(shares), count, p=list(shares.values())).astype("object")
    return chosen if kind.is_enterprise else np.full(count, None, dtype="object")


def _where(amounts: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]) -> pd.Series:
    return pd.Series(amounts).astype("Int64").where(known)


def _text(days: npt.NDArray[np.datetime64]) -> pd.Series:
    return pd.Series(days).dt.strftime("%Y-%m-%d")
