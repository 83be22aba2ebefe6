"""Where the files of submissions lie, and how they get there whole.

`data/raw/` holds the originals as they came: personal numbers in clear may stand in them, so only the walidata's
account can open it. `tidy/` and `quarantine/` hold what the check left, without such numbers.
"""

import hashlib
import os
from pathlib import Path

import pandas as pd

from command_center.ingest.submissions.model import Submission
from command_center.settings import Settings

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
SHEET, ROW = "source_sheet", "source_row"


class SubmissionFiles:
    """The folders of one house; those of its sample data lie apart."""

    def __init__(self, settings: Settings, *, samples: bool = False) -> None:
        """Make no folder yet."""
        self._data = settings.samples_dir if samples else settings.data_dir

    @property
    def register(self) -> Path:
        """The file of the register."""
        return self._data / "registers" / "submissions.sqlite"

    @property
    def inbox(self) -> Path:
        """Where files wait, a folder for each sector."""
        return self._data / "inbox"

    def original(self, sha256: str) -> Path:
        """The original with this hash."""
        return self._data / "raw" / sha256[:2] / sha256

    def unplaced(self, sector: str) -> Path:
        """Where files of the inbox go whose dataset nobody can tell; as closed as the originals."""
        return self._data / "raw" / "unplaced" / sector

    def keep_unplaced(self, path: Path, sector: str) -> Path:
        """Move a file of the inbox there and return its new place; one of the same name is not overwritten."""
        folder = self.unplaced(sector)
        for one in (self._data / "raw", folder.parent, folder):
            one.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
        target = folder / path.name
        number = 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem}-{number}{path.suffix}"
        path.replace(target)
        target.chmod(_PRIVATE_FILE)
        return target

    def tidy(self, submission: Submission) -> Path:
        """The accepted rows of a submission."""
        return self._placed("tidy", submission, "parquet")

    def quarantine(self, submission: Submission) -> Path:
        """The rows of a submission that were set apart."""
        return self._placed("quarantine", submission, "parquet")

    def report(self, submission: Submission) -> Path:
        """The report of the last check of a submission."""
        return self._placed("reports", submission, "json")

    def keep_original(self, content: bytes) -> str:
        """Keep the bytes as they came, once, and return their hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.original(sha256)
        if not path.exists():
            for folder in (self._data / "raw", path.parent):
                folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
            write_whole(path, content, mode=_PRIVATE_FILE)
        return sha256

    def write_tables(self, submission: Submission, tidy: pd.DataFrame, quarantine: pd.DataFrame) -> None:
        """Write the accepted rows, and the others where there are any, each file whole or not at all."""
        write_whole(self.tidy(submission), tidy.to_parquet(index=False))
        if not quarantine.empty:
            write_whole(self.quarantine(submission), quarantine.to_parquet(index=False))

    def _placed(self, folder: str, submission: Submission, suffix: str) -> Path:
        return self._data / folder / submission.sector / submission.dataset / f"{submission.receipt}.{suffix}"


def write_whole(path: Path, content: bytes, *, mode: int = 0o640) -> None:
    """Write a file so that a reader sees all of it or nothing, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
