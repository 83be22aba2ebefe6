"""The folder where what came from afar waits for the door: whole files only, each with a sidecar.

Chooses every name itself (nothing of a remote name can lead out of the folder), overwrites no other content
and removes no file but its own unfinished ones.
"""

import json
import os
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command_center.ingest.sources.failures import LandingError
from command_center.settings import Settings

SIDECAR_SUFFIX = ".meta.json"
UNASSIGNED = "_harvest"

_PARTS = ".arriving"
_NAME_LENGTH = 60


@dataclass(frozen=True)
class SourcePaths:
    """Where a run writes: the ledger, and the inbox with a folder per sector."""

    ledger: Path
    inbox: Path

    @classmethod
    def of(cls, settings: Settings) -> "SourcePaths":
        """Return the places under the house's `data/`."""
        return cls(settings.data_dir / "registers" / "sources.sqlite", settings.data_dir / "inbox")


def safe_name(text: str) -> str:
    """Return text as a file name of a-z, 0-9 and "-", at most 60 characters, never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)[:_NAME_LENGTH].strip("-") or "unnamed"


class Landing:
    """Writes into one inbox. Raises LandingError where the disk refuses."""

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox
        self._parts = inbox / _PARTS

    def sweep(self) -> int:
        """Remove what a killed run left unfinished and return how many; only under the ledger's lock."""
        left = sorted(self._parts.iterdir()) if self._parts.is_dir() else []
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    @contextmanager
    def part(self) -> Iterator[Path]:
        """Yield the path of an unfinished file; it is gone afterwards unless it was delivered."""
        with _told(self._parts):
            self._parts.mkdir(parents=True, exist_ok=True)
        path = self._parts / secrets.token_hex(8)
        try:
            with _told(self._parts):
                yield path
        finally:
            path.unlink(missing_ok=True)

    def deliver(
        self, part: Path, into: str | None, source: str, stem: str, extension: str, sidecar: Mapping[str, Any]
    ) -> str:
        """Put a finished part into its sector's folder and return its path relative to the inbox.

        Without a target (`into`, a SECTOR.DATASET) it lies in `_harvest/<source>/`. The name ends in the start of
        the content's hash, so the same content always gets the same name. The sidecar is there before the file:
        who sees the file sees both. Both are on the disk when this returns.
        """
        folder = self._inbox / (into.partition(".")[0] if into else f"{UNASSIGNED}/{safe_name(source)}")
        name = f"{stem}-{sidecar['sha256'][:12]}.{safe_name(extension)}"
        with _told(folder):
            if not folder.resolve().is_relative_to(self._inbox.resolve()) or "/" in name:
                raise LandingError(
                    "A file would leave the inbox",
                    where=str(folder),
                    who="the operator",
                    next_step="make the folder a folder of its own, no link",
                )
            folder.mkdir(parents=True, exist_ok=True)
            _sync(part)
            description = part.with_name(part.name + SIDECAR_SUFFIX)
            try:
                text = json.dumps(sidecar, ensure_ascii=False, indent=2) + "\n"
                description.write_text(text, encoding="utf-8")
                _sync(description)
                description.replace(folder / (name + SIDECAR_SUFFIX))
            finally:
                description.unlink(missing_ok=True)
            part.replace(folder / name)
            _sync(folder)
        return (folder / name).relative_to(self._inbox).as_posix()


def _sync(path: Path) -> None:
    """Have the system write a file or folder to the disk now."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LandingError(
            f"A file from a remote source cannot be written ({error.strerror or error})",
            where=str(place),
            who="the operator",
            next_step="make room or mend the permissions, then start the run again; it goes on where it stopped",
        ) from error
