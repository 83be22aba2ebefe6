"""Make the sample files of the house and take them in by the side door, once per state of what they rest on.

Writes below `data/samples` only; the register of what agencies sent is never touched.
"""

import csv
import hashlib
import io
import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pandas as pd

from command_center.catalog import Dataset, Sector, load_sound_catalog
from command_center.errors import CatalogError
from command_center.eventlog.keeping import keep_log, log_path
from command_center.ingest.submissions.door import Door
from command_center.ingest.submissions.files import write_whole
from command_center.ingest.submissions.intake import open_intake
from command_center.ingest.submissions.model import Delivery, Submission
from command_center.samples.faults import Rows, seed_spellings
from command_center.samples.verbs import Maker, load_log_maker, load_makers
from command_center.samples.world import World, open_world
from command_center.settings import Settings

ACTOR = "sample"
MADE = "made.json"
_SENT_AT = time(8, 0)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class SampleRun:
    """What was made: files, rows read and accepted, and per receipt how often which check had to tell a fault.

    `is_new` is False where the samples of this state were there already.
    """

    files: int
    read: int
    accepted: int
    seeded: Mapping[str, Mapping[str, int]]
    is_new: bool


def make_samples(settings: Settings, as_of: date, *, on_progress: Progress | None = None) -> SampleRun:
    """Make all sample files anew where anything they rest on has changed, and return what there is.

    Raises CatalogError for a maker that gives other columns than its dataset declares.
    """
    fingerprint = _fingerprint(settings, as_of)
    kept = _kept(settings, fingerprint)
    if kept is not None:
        return kept
    clear_samples(settings)
    world, intake = open_world(settings, as_of), open_intake(settings, samples=True)
    moment = datetime.combine(as_of, _SENT_AT, tzinfo=ZoneInfo(intake.profile.timezone))
    door = Door(intake, lambda: moment)
    tasks = [
        (sector, sector.dataset(name), maker)
        for sector in load_sound_catalog(settings).sectors
        for name, maker in load_makers(settings, sector).items()
    ]
    seeded: dict[str, Mapping[str, int]] = {}
    counts: Counter[str] = Counter()
    for number, (sector, dataset, maker) in enumerate(tasks):
        if on_progress is not None:
            on_progress("samples", number, len(tasks))
        for submission, told in _sent(door, world, sector, dataset, maker):
            seeded[submission.receipt] = told
            counts.update({name: submission.counts[name] for name in ("read", "accepted")})
    _make_logs(settings, world)
    if on_progress is not None:
        on_progress("samples", len(tasks), len(tasks))
    run = SampleRun(len(seeded), counts["read"], counts["accepted"], seeded, is_new=True)
    _keep(settings, fingerprint, run)
    return run


def _make_logs(settings: Settings, world: World) -> None:
    """Write the event log of every sector that invents one."""
    for sector in load_sound_catalog(settings).sectors:
        maker = load_log_maker(settings, sector)
        if maker is not None:
            keep_log(maker(settings, world), log_path(settings, sector.slug, samples=True))


def clear_samples(settings: Settings) -> None:
    """Remove every sample; what agencies sent lies elsewhere and stays."""
    shutil.rmtree(settings.samples_dir, ignore_errors=True)


def _sent(
    door: Door, world: World, sector: Sector, dataset: Dataset, maker: Maker
) -> list[tuple[Submission, Mapping[str, int]]]:
    table = _checked(sector, dataset, maker(world))
    sent: list[tuple[Submission, Mapping[str, int]]] = []
    for year, part in table.groupby(table["period"].astype("str").str[:4], sort=True):
        chance = world.chance(f"{sector.slug}.{dataset.id}.{year}")
        names = [str(name) for name in part.columns]
        seeded = seed_spellings(_as_text(part), dataset, names, chance)
        delivery = Delivery(
            content=_csv(dataset, names, seeded.rows),
            name=f"{dataset.id}_{year}.csv",
            sector=sector.slug,
            dataset=dataset.id,
            agency=dataset.owner or sector.owner,
            channel="sample",
        )
        sent.append((_taken_in(door, delivery), dict(seeded.told)))
    return sent


def _taken_in(door: Door, delivery: Delivery) -> Submission:
    """Return the accepted submission; what is faulty is set apart, as the steward would do."""
    submission = door.receive(delivery).submission
    if submission.state == "checked":
        return door.accept(submission.receipt, ACTOR).submission
    return submission


def _checked(sector: Sector, dataset: Dataset, table: pd.DataFrame) -> pd.DataFrame:
    declared = [field.name for field in dataset.table.fields]
    strange = [str(name) for name in table.columns if name not in declared]
    required = [field.name for field in dataset.table.fields if field.constraints.required]
    missing = [name for name in required if name not in table.columns and name not in _SUPPLIED]
    if strange or missing or "period" not in table.columns:
        raise CatalogError(
            f"The sample of {dataset.id} has columns that are not declared ({', '.join(strange) or 'none'}) "
            f"or lacks required ones ({', '.join(missing) or 'period'})",
            where=f"sectors/{sector.slug}/sample.py",
            who="the analyst",
            next_step="its columns must be those of the declaration",
        )
    return table[[name for name in declared if name in table.columns]]


# What the delivery says where the file does not.
_SUPPLIED = frozenset({"source", "method", "as_of"})


def _as_text(table: pd.DataFrame) -> Rows:
    columns = [["" if pd.isna(value) else str(value) for value in table[name]] for name in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _csv(dataset: Dataset, names: list[str], rows: Rows) -> bytes:
    """Return the file as an office would write it: Indonesian headers, semicolons."""
    titles = {field.name: field.title.id if field.title else field.name for field in dataset.table.fields}
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([titles[name] for name in names])
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")


def _fingerprint(settings: Settings, as_of: date) -> str:
    """Return a hash of all that the samples rest on: makers, declarations, the people, the month."""
    known = hashlib.sha256(f"{as_of:%Y-%m}".encode())
    paths = [
        *settings.sectors_dir.glob("*/sample.py"),
        *settings.sectors_dir.glob("*/sample_events.py"),
        *settings.sectors_dir.glob("*/sector.yml"),
        *settings.published_dir.glob("population_*.csv"),
    ]
    for path in sorted(paths):
        known.update(path.read_bytes())
    return known.hexdigest()


def _kept(settings: Settings, fingerprint: str) -> SampleRun | None:
    path = settings.samples_dir / MADE
    if not path.is_file():
        return None
    said = json.loads(path.read_text(encoding="utf-8"))
    if said.pop("fingerprint") != fingerprint:
        return None
    return SampleRun(**said, is_new=False)


def _keep(settings: Settings, fingerprint: str, run: SampleRun) -> None:
    said = {
        "fingerprint": fingerprint, "files": run.files, "read": run.read, "accepted": run.accepted,
        "seeded": run.seeded,
    }  # fmt: skip
    write_whole(settings.samples_dir / MADE, json.dumps(said, indent=1).encode())
