"""The rows of a dataset that count today: what was published, and over it what agencies sent and was accepted.

A later row replaces an earlier one of the same key; every row keeps the name of its own file.
"""

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from command_center.catalog import Dataset
from command_center.contracts import ROW_INDEX, SourceFile, SourceTable
from command_center.contracts.source_table import FILE_STRIDE
from command_center.ingest.published import read_published
from command_center.ingest.submissions.files import ROW, SHEET, SubmissionFiles
from command_center.ingest.submissions.model import Submission, SubmissionError
from command_center.ingest.submissions.register import Register
from command_center.regions import RegionTree, load_profile
from command_center.settings import Settings


def active_submissions(
    settings: Settings, sector_slug: str, dataset_id: str, *, samples: bool = False
) -> list[Submission]:
    """Return the accepted submissions of a dataset, the earliest first; `samples` those that were invented."""
    files = SubmissionFiles(settings, samples=samples)
    if samples and not files.register.exists():
        return []
    return Register(files.register).all(state="accepted", dataset=f"{sector_slug}.{dataset_id}")[::-1]


def accepted_files(settings: Settings, sectors: Collection[str] | None = None) -> list[Path]:
    """Return the files that hold the rows of accepted submissions, of some sectors or (None) of all.

    Samples are among them where they are used, also those that a real submission has replaced.
    """
    stores = [SubmissionFiles(settings)]
    if load_profile(settings).uses_samples:
        stores.append(SubmissionFiles(settings, samples=True))
    return [
        store.tidy(one)
        for store in stores
        if store.register.exists()
        for one in Register(store.register).all(state="accepted")
        if sectors is None or one.sector in sectors
    ]


def register_digests(settings: Settings, sectors: Collection[str] | None = None) -> dict[str, str]:
    """Return a hash of the state of what agencies sent under the path of the register, {} where nothing was sent.

    What waits or was returned changes no figure, and is told on the pages about the state of the data.
    """
    path = SubmissionFiles(settings).register
    lines = sorted(
        f"{one.receipt} {one.sha256} {one.state} {one.refusal} {sorted(one.counts.items())}"
        for one in Register(path).all()
        if sectors is None or one.sector in sectors
    )
    if not lines:
        return {}
    name = path.relative_to(settings.root).as_posix()
    return {name: hashlib.sha256("\n".join(lines).encode()).hexdigest()}


def read_current(
    settings: Settings,
    sector_slug: str,
    dataset: Dataset,
    regions: RegionTree,
    agency_codes: frozenset[str],
) -> SourceTable | None:
    """Return the rows that count, None where nobody has supplied any.

    Sample rows are among them, marked in their files, as long as samples are used and no agency has sent the
    dataset; they never take the place of a published row. Raises PublishedDataError for a published table
    that breaks its declaration, SubmissionError where the accepted rows of a submission are gone.
    """
    files: list[SourceFile] = []
    real: list[pd.DataFrame] = []
    if dataset.file is not None:
        published = read_published(settings, sector_slug, dataset, regions, agency_codes)
        files += published.files
        real.append(published.frame)
    sent = active_submissions(settings, sector_slug, dataset.id)
    real += _frames(settings, sent, dataset, files)
    invented: list[pd.DataFrame] = []
    if not sent and load_profile(settings).uses_samples:
        samples = active_submissions(settings, sector_slug, dataset.id, samples=True)
        invented = _frames(settings, samples, dataset, files)
    if not files:
        return None
    parts = [_latest(frames, dataset) for frames in (real, invented) if frames]
    frame = parts[0] if len(parts) == 1 else pd.concat(parts)
    return SourceTable(dataset, tuple(files), frame.rename_axis(ROW_INDEX))


def _frames(
    settings: Settings, submissions: Sequence[Submission], dataset: Dataset, files: list[SourceFile]
) -> list[pd.DataFrame]:
    """Return the rows of submissions, numbered after the files before them, which they join."""
    frames = []
    for submission in submissions:
        for file, frame in _accepted(settings, submission, dataset):
            frames.append(frame.set_axis(frame.index + len(files) * FILE_STRIDE))
            files.append(file)
    return frames


def _latest(frames: list[pd.DataFrame], dataset: Dataset) -> pd.DataFrame:
    if len(frames) == 1:
        return frames[0]
    filled = [frame for frame in frames if not frame.empty]
    together = pd.concat(filled) if filled else frames[0]
    keys = list(dataset.table.primaryKey)
    if keys:
        together = together[~together.duplicated(keys, keep="last")]
    return together


def _accepted(
    settings: Settings, submission: Submission, dataset: Dataset
) -> list[tuple[SourceFile, pd.DataFrame]]:
    is_sample = submission.channel == "sample"
    path = SubmissionFiles(settings, samples=is_sample).tidy(submission)
    try:
        table = pd.read_parquet(path)
    except OSError as error:
        raise SubmissionError(
            f"The accepted rows of {submission.receipt} cannot be read: {error.strerror or error}",
            where=path.relative_to(settings.root).as_posix(),
            who="the walidata",
            next_step=f"command-center submissions check {submission.receipt}",
        ) from error
    names = [field.name for field in dataset.table.fields]
    several = table[SHEET].nunique() > 1
    parts = []
    for part, (sheet, rows) in enumerate(table.groupby(SHEET, sort=False)):
        label = f"{submission.receipt} · {submission.name}" + (f" · {sheet}" if several else "")
        frame = rows.set_index(ROW).rename_axis(ROW_INDEX).reindex(columns=names)
        parts.append((SourceFile(label, submission.sha256, len(frame), part, is_sample), frame))
    return parts
