"""The event log that a sector reports on: kept as one Parquet file, replaced whole, so that the last good one stays."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from command_center.eventlog.collecting import CODED
from command_center.eventlog.log import MISSING, EventLog, Labels
from command_center.eventlog.mapping import ROLES
from command_center.eventlog.reading import read_log
from command_center.settings import Settings

# Headers by role, of those that a role's own name would not be known by.
_HEADERS = {"parent": "parent_id"}


@dataclass(frozen=True)
class KeptLog:
    """A log and whether it was invented."""

    log: EventLog
    is_sample: bool


def log_path(settings: Settings, slug: str, *, samples: bool = False) -> Path:
    """Return where the log of a sector lies, or its sample."""
    folder = settings.event_logs_dir
    return (settings.samples_dir / folder.name if samples else folder) / f"{slug}.parquet"


def keep_log(log: EventLog, path: Path) -> None:
    """Write the log, whole or not at all; times in UTC, texts as codes."""
    columns = {
        "case": _coded(log.case),
        "activity": _coded(log.activity),
        "time": pa.array(log.time, pa.timestamp("us", tz="UTC")),
        **{_HEADERS.get(role, role): _coded(column) for role, column in log.attributes.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    pq.write_table(pa.table(columns), aside, compression="zstd")
    aside.replace(path)


def read_kept(settings: Settings, slug: str, timezone: str, *, uses_samples: bool) -> KeptLog | None:
    """Return the log of a sector, its sample where samples are used and there is no other, None where there is none.

    EventLogError where the file is broken.
    """
    for is_sample in (False, True) if uses_samples else (False,):
        path = log_path(settings, slug, samples=is_sample)
        if path.is_file():
            return KeptLog(read_log(path, timezone, roles=ROLES), is_sample)
    return None


def _coded(column: Labels) -> pa.DictionaryArray:
    codes = pa.array(column.codes, pa.int32(), mask=column.codes == MISSING)
    return pa.DictionaryArray.from_arrays(codes, pa.array(column.names, pa.string())).cast(CODED)
