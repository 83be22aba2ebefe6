"""The name of an edition: its date and a hash of everything that decides its content.

Same inputs, same code, same date: same name. Clock time, host and user play no part.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from command_center.ingest.submissions.current import accepted_files, register_digests
from command_center.settings import Settings

# Text that decides what a page says or looks like.
CODE_SUFFIXES = {".py", ".po", ".css", ".js", ".j2", ".yml"}
# Files of a sector folder that hold no figures: hashed as code or as notebooks, or read by people only.
NOT_INPUTS = {".py", ".pyc", ".ipynb", ".md"}
HASH_LENGTH = 12


@dataclass(frozen=True)
class EditionIdentity:
    """An edition's id and the hashes it was made from, by path below the root."""

    edition_id: str
    as_of: date
    inputs: dict[str, str]
    notebooks: dict[str, str]
    code_sha256: str


def identify(
    settings: Settings,
    as_of: date,
    sectors: Iterable[str] | None = None,
    *,
    carried: str = "",
    verdicts: str = "",
) -> EditionIdentity:
    """Return the identity of the edition that a refresh on `as_of` makes from the files as they are.

    `sectors` narrows the inputs to some slugs, None means all; `carried` is the hash of what comes from an
    earlier edition instead, `verdicts` that of the verdicts on signals which it takes into account.
    """
    chosen = None if sectors is None else set(sectors)
    inputs = _hashes(settings.root, _input_files(settings, chosen)) | register_digests(settings, chosen)
    notebooks = _hashes(settings.root, _notebook_files(settings, chosen))
    code = _combined(_hashes(settings.root, _code_files(settings)))
    whole = hashlib.sha256()
    for part in (
        as_of.isoformat(),
        _combined(inputs),
        _combined(notebooks),
        code,
        ",".join(sorted(chosen or ())),
        carried,
        *([verdicts] if verdicts else []),
    ):
        whole.update(part.encode())
        whole.update(b"\0")
    return EditionIdentity(
        edition_id=f"{as_of.isoformat()}-{whole.hexdigest()[:HASH_LENGTH]}",
        as_of=as_of,
        inputs=inputs,
        notebooks=notebooks,
        code_sha256=code,
    )


def _input_files(settings: Settings, chosen: set[str] | None) -> list[Path]:
    files = [
        path
        for folder in (settings.reference_dir, settings.published_dir, settings.boundaries_dir)
        if folder.is_dir()
        for path in folder.rglob("*")
    ]
    for folder in _sector_folders(settings, chosen):
        files += [path for path in folder.rglob("*") if path.suffix not in NOT_INPUTS]
    files += [
        path
        for folder in (settings.event_logs_dir, settings.samples_dir / settings.event_logs_dir.name)
        for path in folder.glob("*.parquet")
        if chosen is None or path.stem in chosen
    ]
    return [*files, *accepted_files(settings, chosen)]


def _notebook_files(settings: Settings, chosen: set[str] | None) -> list[Path]:
    files = list(settings.notebooks_dir.glob("*.ipynb"))
    for folder in _sector_folders(settings, chosen):
        files += list(folder.glob("*.ipynb"))
    return files


def _code_files(settings: Settings) -> list[Path]:
    library = Path(__file__).resolve().parents[1]
    folders = [library, settings.sectors_dir, settings.voila_templates_dir]
    return [path for folder in folders for path in folder.rglob("*") if path.suffix in CODE_SUFFIXES]


def _sector_folders(settings: Settings, chosen: set[str] | None) -> list[Path]:
    return [
        folder
        for folder in settings.sectors_dir.iterdir()
        if folder.is_dir() and (chosen is None or folder.name in chosen)
    ]


def _hashes(root: Path, files: Iterable[Path]) -> dict[str, str]:
    library = Path(__file__).resolve().parents[2]
    return {
        _name(path, root, library): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(set(files))
        if path.is_file() and "__pycache__" not in path.parts and ".ipynb_checkpoints" not in path.parts
    }


def _name(path: Path, root: Path, library: Path) -> str:
    base = root if path.is_relative_to(root) else library
    return path.relative_to(base).as_posix()


def _combined(hashes: dict[str, str]) -> str:
    whole = hashlib.sha256()
    for name, digest in sorted(hashes.items()):
        whole.update(f"{name}\0{digest}\n".encode())
    return whole.hexdigest()
