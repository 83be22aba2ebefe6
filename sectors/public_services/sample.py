"""Invented tables of the public services item, in level with the published figures of the regency.

Satisfaction 85.51 on average over the sub-districts (2022), 53 percent of complaints followed up (2022):
data/published/public_services_*.csv. Few people complain through LAPOR: some hundreds a year.
"""

import numpy as np
import pandas as pd

from command_center.samples import World
from command_center.samples.world import Chance, part_of, share_out

MONTHS, SEMESTERS = 22, 4
REPORTS_A_MONTH = 34
ANSWERED = 0.58
NOT_OURS, SUPERVISORY = 0.06, 0.04
CHANNELS = {"web": 0.3, "aplikasi": 0.35, "sms": 0.1, "media_sosial": 0.2, "tatap_muka": 0.05}
CATEGORIES = {"pengaduan": 0.7, "permintaan_informasi": 0.18, "aspirasi": 0.12}
ARCHIVED_AFTER_DAYS = 120
STATES = ["bukan_wewenang", "arsip", "verifikasi", "terdisposisi", "proses"]
# Weights of the agencies that complaints go to; all others have one.
COMPLAINED_OF = {
    "1.03.01": 30, "2.12.01": 12, "1.06.01": 12, "1.01.01": 9, "1.02.01": 9, "1.04.01": 8, "1.05.01": 4, "2.18.01": 4,
}  # fmt: skip
LIMIT_DAYS, SUPERVISORY_LIMIT_DAYS = 14, 60  # working days
SURVEYED = ("2.12.01", "2.18.01", "1.02.01", "1.01.01", "1.06.01", "1.04.01", "2.16.01", "5.02.01")
RESPONDENTS, SPREAD = 180, 0.2
# Mean answer before it is cut to 1-4, so that the index comes to about 85.5; and how the elements differ.
ANSWER = 3.43
ELEMENTS = (0.02, 0.0, -0.12, 0.15, 0.05, 0.06, 0.1, -0.08, -0.14)
SERVED_A_MONTH = 4200


def aduan_lapor(world: World) -> pd.DataFrame:
    """Return complaints one by one, as they stood at the end of the last whole month."""
    chance = world.chance("public_services.aduan_lapor")
    months = world.months(MONTHS)
    end = np.datetime64(world.month_end(months[-1]))
    firsts = np.repeat(np.array(months, dtype="datetime64[D]"), chance.poisson(REPORTS_A_MONTH, MONTHS))
    received = np.sort(firsts + chance.integers(0, 28, len(firsts)))
    count = len(received)
    agencies, slowness = _agencies(world, chance)
    agency = chance.choice(len(agencies), count, p=_weights(agencies))
    supervisory = chance.random(count) < SUPERVISORY
    limit = np.where(supervisory, SUPERVISORY_LIMIT_DAYS, LIMIT_DAYS)
    forwarded = _later(received, chance.poisson(2.0, count), end)
    answered = _later(forwarded, _waited(4.5 * slowness[agency], chance), end)
    answered[chance.random(count) > np.clip(ANSWERED / np.sqrt(slowness[agency]), 0, 0.97)] = np.datetime64(
        "NaT"
    )
    closed = _later(answered, _waited(5.0 * slowness[agency], chance), end)
    archived = np.isnat(answered) & (received <= end - ARCHIVED_AFTER_DAYS)
    closed[archived] = received[archived] + ARCHIVED_AFTER_DAYS
    ours = chance.random(count) >= NOT_OURS
    for moments in (forwarded, answered, closed):
        moments[~ours] = np.datetime64("NaT")
    known = [~ours, archived, np.isnat(forwarded), np.isnat(answered), np.isnat(closed)]
    category = chance.choice(list(CATEGORIES), count, p=list(CATEGORIES.values()))
    rating = pd.Series(chance.integers(1, 6, count)).astype("Int64")
    year = pd.Series(received).dt.strftime("%Y")
    return pd.DataFrame(
        {
            "region_code": chance.choice(world.districts, count, p=_of_persons(world)),
            "agency_code": pd.Series(np.array(agencies)[agency]).where(~np.isnat(forwarded)),
            "period": pd.Series(received).dt.strftime("%Y-%m"),
            "tracking_id": year + "-" + (year.groupby(year).cumcount() + 1).astype("str").str.zfill(5),
            "channel": chance.choice(list(CHANNELS), count, p=list(CHANNELS.values())),
            "category": np.where(supervisory, "pengawasan", category),
            "status": np.select(known, STATES, "selesai"),
            "received_on": _text(received),
            "forwarded_on": _text(forwarded),
            "first_answer_on": _text(answered),
            "closed_on": _text(closed),
            "due_on": _text(np.busday_offset(received, limit, roll="backward")),
            "rating": rating.where(~np.isnat(closed) & (chance.random(count) < 0.4)),
        }
    )


def skm(world: World) -> pd.DataFrame:
    """Return the answers of every respondent to the nine elements, by unit and semester."""
    chance = world.chance("public_services.skm")
    offices = world.agencies.of_kind("kecamatan", world.as_of)
    units = [(one.region_code, one.code) for one in offices] + [
        (world.regions.root.code, code) for code in SURVEYED
    ]
    level = chance.normal(0.0, 0.09, len(units))
    parts = []
    for number, semester in enumerate(world.semesters(SEMESTERS)):
        respondents = share_out(RESPONDENTS * len(units), np.ones(len(units)), chance, SPREAD)
        at = np.repeat(np.arange(len(units)), respondents)
        mood = chance.normal(0.0, 0.35, len(at))
        mean = ANSWER + level[at] + chance.normal(0.0, 0.03, len(units))[at] + 0.01 * number + mood
        answers = mean[:, None] + np.asarray(ELEMENTS) + chance.normal(0.0, 0.5, (len(at), len(ELEMENTS)))
        answers = np.clip(np.rint(answers), 1, 4).astype("int64")
        serial = pd.Series(at).groupby(at).cumcount() + 1
        parts.append(
            pd.DataFrame(
                {
                    "region_code": np.array([region for region, _ in units])[at],
                    "agency_code": np.array([agency for _, agency in units])[at],
                    "period": semester,
                    "respondent_no": "R" + serial.astype("str").str.zfill(4),
                    **{f"u{element + 1}": answers[:, element] for element in range(len(ELEMENTS))},
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def service_queue(world: World) -> pd.DataFrame:
    """Return visitors of the service mall, served and served in time, by month."""
    chance = world.chance("public_services.service_queue")
    months = world.months(MONTHS)
    # Fewer come in the month of the fast and at the turn of the year, more when schools begin.
    season = np.array([0.9, 0.95, 0.88, 0.92, 1.0, 1.1, 1.2, 1.08, 1.0, 1.0, 0.98, 0.85])
    expected = SERVED_A_MONTH * season[[int(month[5:]) - 1 for month in months]]
    served = chance.poisson(expected).astype("int64")
    waited = 34 * served / SERVED_A_MONTH * np.exp(chance.normal(0, 0.08, len(months)))
    return pd.DataFrame(
        {
            "region_code": world.regions.root.code,
            "period": months,
            "served_visitors": served,
            "within_standard_visitors": part_of(served, 0.86 - 0.00004 * (served - SERVED_A_MONTH), chance),
            "wait_p90_minutes": np.rint(waited).astype("int64"),
        }
    )


def _agencies(world: World, chance: Chance) -> tuple[list[str], np.ndarray]:
    """Return the agencies that complaints go to, and how much slower than others each one is."""
    kinds = ("opd", "kecamatan")
    codes = [
        one.code for kind in kinds for one in world.agencies.of_kind(kind, world.as_of) if not one.parent_code
    ]
    return codes, np.exp(chance.normal(0.0, 0.4, len(codes)))


def _weights(agencies: list[str]) -> np.ndarray:
    weights = np.array([COMPLAINED_OF.get(code, 1) for code in agencies], dtype="float64")
    return weights / weights.sum()


def _of_persons(world: World) -> np.ndarray:
    persons = world.persons_by_district.to_numpy(dtype="float64")
    return persons / persons.sum()


def _waited(median: np.ndarray, chance: Chance) -> np.ndarray:
    return np.rint(median * np.exp(chance.normal(0.0, 0.7, len(median)))).astype("int64")


def _later(moments: np.ndarray, days: np.ndarray, end: np.datetime64) -> np.ndarray:
    """Return the moments so many days later; not a day where it lies after the end."""
    later = moments + days.astype("timedelta64[D]")
    return np.where(later <= end, later, np.datetime64("NaT"))


def _text(days: np.ndarray) -> pd.Series:
    return pd.Series(days).dt.strftime("%Y-%m-%d")
