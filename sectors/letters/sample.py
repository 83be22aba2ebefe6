"""Invented small tables of the trial: the agenda book of its units, and their form. The event log: sample_events.py."""

from datetime import timedelta

import numpy as np
import pandas as pd

from command_center.samples import World

# Letters in and out a working day by level of the unit, a little more than the sample log has of them.
A_DAY = {"kec": (1.05, 0.55), "desa": (0.13, 0.07)}
TRIAL_DAYS = 240
TRIAL_UNITS = ("33.16.09", "33.16.09.2028")
OBSTACLES = (
    "Jaringan internet putus saat hujan; sertifikat TTE kepala desa belum terbit; "
    "surat dari warga tetap datang di kertas"
)


def paper_register(world: World) -> pd.DataFrame:
    """Return the agenda book of the trial units, day by day since the trial began."""
    chance = world.chance("letters.paper_register")
    last = np.datetime64(world.month_end(world.months(1)[0]))
    first = np.datetime64(world.as_of - timedelta(days=TRIAL_DAYS))
    days = np.arange(first, last + 1)
    days = days[np.is_busday(days)]
    parts = []
    for unit in TRIAL_UNITS:
        into, out = A_DAY[world.regions.get(unit).level]
        parts.append(
            pd.DataFrame(
                {"region_code": unit, "period": days.astype(str), "letters_in": chance.poisson(into, len(days)),
                 "letters_out": chance.poisson(out, len(days))}
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def eoffice_trial(world: World) -> pd.DataFrame:
    """Return the form of both trial units."""
    start = str(world.as_of - timedelta(days=TRIAL_DAYS))
    return pd.DataFrame(
        {"region_code": TRIAL_UNITS, "period": start, "mode": ["campuran", "campuran"],
         "obstacles": [OBSTACLES.split("; ")[0], OBSTACLES]}
    )  # fmt: skip
