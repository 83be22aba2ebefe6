"""The rows of a dataset that count today: what was published, and over it what agencies sent and was accepted.

A later row replaces an earlier one of the same key; every row keeps the name of its own file.
"""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from command_center.catalog import Dataset
from command_center.contracts import ROW_INDEX, SourceFile, SourceTable
from command_center.contracts.source_table import FILE_STRIDE
from command_center.ingest.published import read_published
from command_center.ingest.submissions.files import ROW, SHEET, SubmissionFiles
from command_center.ingest.submissions.model import Submission, SubmissionError
from command_center.ingest.submissions.register import Register
from command_center.regions import RegionTree
from command_center.settings import Settings


def active_submissions(settings: Settings, sector_slug: str, dataset_id: str) -> list[Submission]:
    """Return the accepted submissions of a dataset, the earliest first."""
    register = Register(SubmissionFiles(settings).register)
    return register.all(state="accepted", dataset=f"{sector_slug}.{dataset_id}")[::-1]


def accepted_files(settings: Settings, sectors: Collection[str] | None = None) -> list[Path]:
    """Return the files that hold the rows of accepted submissions, of some sectors or (None) of all."""
    files = SubmissionFiles(settings)
    accepted = Register(files.register).all(state="accepted")
    return [files.tidy(one) for one in accepted if sectors is None or one.sector in sectors]


def read_current(
    settings: Settings,
    sector_slug: str,
    dataset: Dataset,
    regions: RegionTree,
    agency_codes: frozenset[str],
) -> SourceTable | None:
    """Return the rows that count, None where nobody has supplied any.

    Raises PublishedDataError for a published table that breaks its declaration, SubmissionError where the
    accepted rows of a submission are gone.
    """
    files: list[SourceFile] = []
    frames: list[pd.DataFrame] = []
    if dataset.file is not None:
        published = read_published(settings, sector_slug, dataset, regions, agency_codes)
        files += published.files
        frames.append(published.frame)
    for submission in active_submissions(settings, sector_slug, dataset.id):
        for file, frame in _accepted(settings, submission, dataset):
            numbered = frame.set_axis(frame.index + len(files) * FILE_STRIDE)
            frames.append(numbered)
            files.append(file)
    if not files:
        return None
    if len(frames) == 1:
        return SourceTable(dataset, tuple(files), frames[0])
    return SourceTable(dataset, tuple(files), _latest(frames, dataset))


def _latest(frames: list[pd.DataFrame], dataset: Dataset) -> pd.DataFrame:
    together = pd.concat([frame for frame in frames if not frame.empty])
    keys = list(dataset.table.primaryKey)
    if keys:
        together = together[~together.duplicated(keys, keep="last")]
    return together.rename_axis(ROW_INDEX)


def _accepted(
    settings: Settings, submission: Submission, dataset: Dataset
) -> list[tuple[SourceFile, pd.DataFrame]]:
    path = SubmissionFiles(settings).tidy(submission)
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
        parts.append((SourceFile(label, submission.sha256, len(frame), part), frame))
    return parts
