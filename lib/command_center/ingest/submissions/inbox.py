"""Files that wait in the inbox, each with the dataset it is for; taken in one by one, then gone from there.

`data/inbox/<sector>/FILE` and what came from afar. A file whose dataset cannot be told is put with
the closed originals, since personal numbers may stand in it, and is named.
"""

import fcntl
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from command_center.catalog import Dataset, Sector
from command_center.errors import CommandCenterError
from command_center.ingest.layout import find_layout
from command_center.ingest.readers import read_file
from command_center.ingest.refusals import IngestError
from command_center.ingest.sources.landed import LandedFile, landed_files
from command_center.ingest.sources.landing import SIDECAR_SUFFIX
from command_center.ingest.submissions.door import Door, Outcome
from command_center.ingest.submissions.model import Channel, Delivery
from command_center.ingest.submissions.register import safe_name
from command_center.ingest.workbook import read_identity

# A sheet is a dataset's where it names this share of its columns, and more than any other's.
_ENOUGH = 0.6


@dataclass(frozen=True)
class WaitingFile:
    """A file of the inbox; `dataset` is None where it cannot be told, then `problem` says why."""

    path: Path
    dataset: str | None
    agency: str
    channel: Channel
    metadata: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, eq=False)
class Taken:
    """What became of a waiting file: an outcome, or the error that was told."""

    file: WaitingFile
    outcome: Outcome | None
    error: CommandCenterError | None


def waiting_files(door: Door) -> list[WaitingFile]:
    """Return every file of the inbox, those from afar first."""
    inbox = door.intake.files.inbox
    if not inbox.is_dir():
        return []
    landed = landed_files(inbox)
    from_afar = {one.path for one in landed}
    found = [_from_afar(door, one) for one in landed]
    for sector in door.intake.catalog.sectors:
        for path in sorted((inbox / sector.slug).glob("*")):
            is_ours = path.name.endswith(SIDECAR_SUFFIX) or path.name.startswith(".")
            if path.is_file() and not is_ours and path not in from_afar:
                found.append(_placed_by_hand(sector, path))
    return found


def take_in_all(door: Door, on_progress: Callable[[str, int, int], None] | None = None) -> list[Taken]:
    """Take in every file of the inbox and return what became of each; what cannot be placed is kept aside.

    One process at a time: another one waits.
    """
    tell = on_progress or (lambda _step, _done, _total: None)
    with _alone(door.intake.files.inbox):
        files = waiting_files(door)
        taken = []
        for done, file in enumerate(files):
            tell("files", done, len(files))
            taken.append(_take(door, file))
        tell("files", len(files), len(files))
    return taken


def _take(door: Door, file: WaitingFile) -> Taken:
    if file.dataset is None:
        kept = door.intake.files.keep_unplaced(file.path, file.path.parent.name)
        described = file.path.with_name(file.path.name + SIDECAR_SUFFIX)
        if described.exists():
            described.replace(kept.with_name(kept.name + SIDECAR_SUFFIX))
        return Taken(
            file,
            None,
            IngestError(
                "unplaced_file",
                f"Nobody can tell which dataset the file is: {file.problem}",
                where=safe_name(file.path.name),
                who="the walidata",
                next_step=f"command-center ingest {kept} --dataset SECTOR.DATASET",
            ),
        )
    sector, _, dataset = file.dataset.partition(".")
    try:
        delivery = Delivery(
            file.path.read_bytes(),
            file.path.name,
            sector,
            dataset,
            file.agency,
            file.channel,
            metadata=file.metadata,
        )
        outcome = door.receive(delivery)
    except IngestError as error:
        # Kept under data/raw and told in the register; here it would only be tried again.
        _remove(file.path)
        return Taken(file, None, error)
    except CommandCenterError as error:
        return Taken(file, None, error)
    _remove(file.path)
    return Taken(file, outcome, None)


def _remove(path: Path) -> None:
    path.unlink()
    path.with_name(path.name + SIDECAR_SUFFIX).unlink(missing_ok=True)


def _from_afar(door: Door, landed: LandedFile) -> WaitingFile:
    channel: Channel = "harvest" if landed.metadata.get("kind") == "ckan" else "download"
    known = landed.sender in door.intake.agencies.codes
    agency = landed.sender if known else landed.keeper
    problem = (
        ""
        if landed.dataset
        else f"source {landed.source} names none; add `into` in data/reference/sources.yml"
    )
    return WaitingFile(landed.path, landed.dataset, agency, channel, dict(landed.metadata), problem)


def _placed_by_hand(sector: Sector, path: Path) -> WaitingFile:
    identity = read_identity(path.read_bytes())
    if identity is not None and identity.target in {f"{sector.slug}.{one.id}" for one in sector.datasets}:
        own = next(one for one in sector.datasets if f"{sector.slug}.{one.id}" == identity.target)
        return WaitingFile(path, identity.target, own.owner or sector.owner, "inbox")
    named = [one for one in sector.datasets if re.match(rf"{re.escape(one.id)}(?![a-z0-9])", path.name)]
    dataset = max(named, key=lambda one: len(one.id), default=None)
    problem = ""
    if dataset is None:
        try:
            dataset = _by_header(sector, path)
        except IngestError as error:
            problem = error.what
    if dataset is None:
        ids = ", ".join(one.id for one in sector.datasets)
        problem = problem or f"begin its name with one of: {ids}"
        return WaitingFile(path, None, sector.owner, "inbox", problem=problem)
    return WaitingFile(path, f"{sector.slug}.{dataset.id}", dataset.owner or sector.owner, "inbox")


def _by_header(sector: Sector, path: Path) -> Dataset | None:
    """The dataset of the sector whose columns the file names most, None where none or two do."""
    raw = read_file(path.read_bytes(), path.name)
    shares = []
    for dataset in sector.datasets:
        layouts = [find_layout(sheet, dataset) for sheet in raw.sheets]
        named = [
            sum(column.field is not None for column in one.columns) for one in layouts if one is not None
        ]
        shares.append((max(named, default=0) / len(dataset.table.fields), dataset))
    shares.sort(key=lambda pair: pair[0], reverse=True)
    if not shares or shares[0][0] < _ENOUGH or (len(shares) > 1 and shares[1][0] == shares[0][0]):
        return None
    return shares[0][1]


@contextmanager
def _alone(inbox: Path) -> Iterator[None]:
    inbox.mkdir(parents=True, exist_ok=True)
    with (inbox / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
