"""The files an edition was made from, dataset by dataset, by the hashes its manifest holds.

Reads manifests and the register of submissions; opens none of the files themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from command_center.catalog import Dataset, Sector
from command_center.editions import Edition, open_edition
from command_center.indicators.series import Measure
from command_center.ingest.submissions.files import SubmissionFiles
from command_center.ingest.submissions.model import Submission
from command_center.ingest.submissions.register import Register
from command_center.recomputation.figure import RecomputationError
from command_center.settings import Settings

_HASH = 8


@dataclass(frozen=True)
class KeptFile:
    """One kept file with the rows that count: `path` below the root and its hash at the edition.

    `name` is the file as it came; for a submission `original` and `original_sha256` are what was received,
    `received` its day, `read` and `accepted` its rows.
    """

    path: str
    sha256: str
    name: str
    original: str = ""
    original_sha256: str = ""
    receipt: str = ""
    received: date | None = None
    read: int = 0
    accepted: int = 0

    @property
    def short_hash(self) -> str:
        """The hash as figures name their file: that of what came."""
        return (self.original_sha256 or self.sha256)[:_HASH]


def kept_files(
    settings: Settings, edition: Edition, sector: Sector, dataset: Dataset, *, is_sample: bool
) -> tuple[KeptFile, ...]:
    """Return the files whose rows made a dataset's figures in an edition, in the order in which later ones count.

    `is_sample` asks for the invented ones, which make a series of their own. () where the edition had none.
    """
    inputs = _inputs(settings, edition)
    found: list[KeptFile] = []
    if dataset.is_sample == is_sample:
        found += _published(settings, sector, dataset, inputs)
    store = SubmissionFiles(settings, samples=is_sample)
    if store.register.exists():
        for one in reversed(Register(store.register).all(dataset=f"{sector.slug}.{dataset.id}")):
            found += _submitted(settings, store, one, inputs)
    return tuple(found)


def files_behind(
    settings: Settings,
    edition: Edition,
    sector: Sector,
    datasets: tuple[str, ...],
    figure: Measure,
    *,
    is_sample: bool,
) -> dict[str, tuple[KeptFile, ...]]:
    """Return dataset id -> its files, for the datasets that a figure's source names; the leading one first.

    Raises RecomputationError where the edition's manifest does not know the files.
    """
    place, _, hashes = figure.source_submission.partition("#")[0].partition("@")
    wanted = {one.partition(".")[0] for one in hashes.split("+")}
    behind: dict[str, tuple[KeptFile, ...]] = {}
    known: set[str] = set()
    for name in datasets:
        files, others = (
            kept_files(settings, edition, sector, sector.dataset(name), is_sample=kind)
            for kind in (is_sample, not is_sample)
        )
        hashes_here = {file.short_hash for file in files}
        # A figure of several rows names every file of its table, the invented ones too.
        known |= hashes_here | {file.short_hash for file in others}
        if files and (f"{sector.slug}.{name}" == place or wanted & hashes_here):
            behind[name] = files
    if not behind or not wanted <= known:
        raise RecomputationError(
            f"The files behind {figure.indicator} are not those of this edition any more",
            where=f"edition {edition.id}",
            who="the walidata",
            next_step="command-center refresh, then open the figure of the new edition",
        )
    return behind


def _inputs(settings: Settings, edition: Edition) -> dict[str, str]:
    """Return path -> hash of every input, those of editions from which sectors were carried over included."""
    inputs: dict[str, str] = {}
    for one in _chain(settings, edition):
        inputs = {**one.manifest["inputs"], **inputs}
    return inputs


def _chain(settings: Settings, edition: Edition) -> Iterator[Edition]:
    seen: set[str] = set()
    current: Edition | None = edition
    while current is not None and current.id not in seen:
        yield current
        seen.add(current.id)
        base = current.manifest.get("carried_from")
        current = open_edition(settings, base) if base else None


def _published(
    settings: Settings, sector: Sector, dataset: Dataset, inputs: dict[str, str]
) -> Iterator[KeptFile]:
    if dataset.file is None:
        return
    base = settings.sectors_dir / sector.slug if dataset.file.startswith("./") else settings.data_dir
    path = (base / dataset.file).resolve()
    if not path.is_relative_to(settings.root.resolve()):
        return
    name = _below(settings, path)
    if name in inputs:
        yield KeptFile(name, inputs[name], path.name)


def _submitted(
    settings: Settings, store: SubmissionFiles, one: Submission, inputs: dict[str, str]
) -> Iterator[KeptFile]:
    name = _below(settings, store.tidy(one).resolve())
    if name in inputs:
        yield KeptFile(
            path=name,
            sha256=inputs[name],
            name=one.name,
            original=_below(settings, store.original(one.sha256).resolve()),
            original_sha256=one.sha256,
            receipt=one.receipt,
            received=one.received_at.date(),
            read=one.counts.get("read", 0),
            accepted=one.counts.get("accepted", 0),
        )


def _below(settings: Settings, path: Path) -> str:
    return path.relative_to(settings.root.resolve()).as_posix()
