"""Large logs for the benches: the sample's letters again and again, with the columns of XES."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from tests.eventlog.planted import PLANTED, sample


def large_log(events: int) -> pa.Table:
    """Return so many events of different seeds, in time within each; every case has its own id."""
    parts, total, seed = [], 0, 0
    while total < events:
        log = sample(seed, PLANTED)
        cases = pa.array([f"{seed:02d}-{name}" for name in log.case.names]).take(pa.array(log.case.codes))
        names = pa.array(log.activity.names).take(pa.array(log.activity.codes))
        moments = pa.array(log.time, pa.timestamp("us", tz="UTC"))
        parts.append(pa.table({"case:concept:name": cases, "concept:name": names, "time:timestamp": moments}))
        total, seed = total + len(log), seed + 1
    return pa.concat_tables(parts).slice(0, events).combine_chunks()


def write_csv(path: Path, events: int) -> None:
    """Write the log as CSV with times as XES writes them, and two columns that no measure needs."""
    table = large_log(events)
    times = pc.strftime(table["time:timestamp"], "%Y-%m-%dT%H:%M:%S+00:00")
    note = pa.array(np.full(len(table), "perihal contoh"))
    table = (
        table.set_column(2, "time:timestamp", times)
        .append_column("note", note)
        .append_column("channel", note)
    )
    csv.write_csv(table, path)


def write_parquet(path: Path, events: int) -> None:
    """Write the log as Parquet."""
    pq.write_table(large_log(events), path)
