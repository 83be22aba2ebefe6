"""Logs for the tests: random ones, written in every format."""

import gzip
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pandas as pd

from command_center.eventlog import CaseLog, EventLog, Labels, arranged

ACTIVITIES = (
    "diterima",
    "diregistrasi",
    "didisposisi",
    "dibaca",
    "ditindaklanjuti",
    "selesai",
    "Langkah <lama>",
)
REAL = Path(__file__).resolve().parents[3] / "shared" / "real" / "letters"


def random_events(seed: int, cases: int = 60) -> pd.DataFrame:
    """Events in an order of their own, with ties, several units, and times to the millisecond."""
    chance = random.Random(seed)  # noqa: S311 (test data, nothing secret)
    rows = []
    for case in range(cases):
        moment = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=chance.randrange(90_000))
        for _ in range(chance.randrange(1, 9)):
            moment += timedelta(milliseconds=chance.choice([0, 0, chance.randrange(10**8)]))
            rows.append(
                (
                    f"S-{case:04d}",
                    chance.choice(ACTIVITIES),
                    moment,
                    f"U{chance.randrange(5)}",
                    f"P{chance.randrange(9)}",
                )
            )
    chance.shuffle(rows)
    return pd.DataFrame(rows, columns=["id_surat", "aktivitas", "waktu", "unit", "aktor_jabatan"])


def coded(values: "pd.Series[str]") -> Labels:
    codes, names = pd.factorize(values)
    return Labels(codes.astype(np.int32), tuple(str(name) for name in names))


def as_log(events: pd.DataFrame) -> EventLog:
    time = pd.to_datetime(events["waktu"], utc=True).astype("datetime64[us, UTC]").astype("int64").to_numpy()
    given = {"unit": "unit", "resource": "aktor_jabatan", "transition": "siklus", "direction": "arah",
             "urgency": "sifat", "security": "keamanan"}  # fmt: skip
    attributes = {role: coded(events[name]) for role, name in given.items() if name in events}
    return EventLog(coded(events["id_surat"]), coded(events["aktivitas"]), time, attributes)


def as_cases(events: pd.DataFrame) -> CaseLog:
    return arranged(as_log(events))


def write_xes(events: pd.DataFrame, path: Path) -> None:
    """The same events as XES: traces by first appearance, which keeps the order within each."""
    lines = ['<?xml version="1.0"?>', '<log xmlns="http://www.xes-standard.org/">']
    for case, rows in events.groupby("id_surat", sort=False):
        lines.append(f"<trace><string key='concept:name' value={quoteattr(str(case))}/>")
        lines += [
            f"<event><string key='concept:name' value={quoteattr(row.aktivitas)}/>"
            f"<date key='time:timestamp' value='{row.waktu.isoformat()}'/><string key='org:group' value='{row.unit}'/>"
            f"<string key='org:resource' value='{row.aktor_jabatan}'/></event>"
            for row in rows.itertuples()
        ]
        lines.append("</trace>")
    content = "\n".join([*lines, "</log>"]).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def write(events: pd.DataFrame, path: Path) -> None:
    """Write the events in the format of the file's ending."""
    text = events.assign(waktu=events["waktu"].map(lambda moment: moment.isoformat()))
    if path.suffix == ".parquet":
        events.to_parquet(path)
    elif path.suffix == ".xlsx":
        text.to_excel(path, index=False)
    elif path.suffix == ".csv":
        text.to_csv(path, index=False, sep=";")
    else:
        write_xes(events, path)
