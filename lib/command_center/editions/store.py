"""Reading and writing editions on disk.

Layout below the editions folder: `<id>/` published, `drafts/<id>/` for analysts,
`building/<id>/` unfinished, `latest` a link moved last. A killed refresh leaves only a
building folder, which the next one clears. Published files are never changed; pages
rendered later are added whole.
"""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from command_center.errors import EditionError
from command_center.settings import Settings

LATEST = "latest"
DRAFTS = "drafts"
BUILDING = "building"
MANIFEST = "manifest.json"
BUILDING_VARIABLE = "COMMAND_CENTER_BUILDING"


@dataclass(frozen=True)
class Edition:
    """One edition on disk; its tables are read when asked for."""

    path: Path
    is_draft: bool = False

    @property
    def id(self) -> str:
        return self.path.name

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What it was made from: hashes, row counts, faults, timings."""
        manifest: Mapping[str, Any] = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        return manifest

    @property
    def as_of(self) -> str:
        """The date of the edition, ISO text."""
        return str(self.manifest["as_of"])

    @cached_property
    def measures(self) -> pd.DataFrame:
        """The measures table, columns as in indicators.schema."""
        return pd.read_parquet(self.path / "measures.parquet")

    @cached_property
    def sources(self) -> pd.DataFrame:
        """One row per source of a measure: file, hash, row, citation."""
        return pd.read_parquet(self.path / "sources.parquet")

    @cached_property
    def shapes(self) -> Mapping[str, gpd.GeoDataFrame]:
        """The shapes of the regions by level, as they were at the refresh; metres."""
        return {
            path.stem: gpd.read_parquet(path) for path in sorted((self.path / "shapes").glob("*.parquet"))
        }

    def page(self, relative: Path) -> bytes | None:
        """Return the gzip bytes of a finished page, None where it is not rendered yet."""
        path = self.path / "pages" / relative
        return path.read_bytes() if path.is_file() else None


@dataclass(frozen=True)
class EditionBuilder:
    """An edition being made; its folder is private until `publish`."""

    settings: Settings
    edition_id: str
    path: Path

    def write_table(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table as Parquet; the same frame gives the same bytes."""
        frame.to_parquet(self.path / f"{name}.parquet", index=False, compression="zstd")

    def write_shapes(self, shapes: Mapping[str, gpd.GeoDataFrame]) -> None:
        """Write the shapes of each level beside the tables."""
        folder = self.path / "shapes"
        folder.mkdir()
        for level, frame in shapes.items():
            frame.to_parquet(folder / f"{level}.parquet", index=False)

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True, default=str)
        (self.path / MANIFEST).write_text(text + "\n", encoding="utf-8")

    def publish(self, *, draft: bool) -> Edition:
        """Move the finished folder into place; `latest` moves last, and not for a draft.

        Raises EditionError when the folder has no manifest: an unfinished edition is never shown.
        """
        if not (self.path / MANIFEST).is_file():
            raise EditionError(
                f"Edition {self.edition_id} has no manifest and was not published",
                where=BUILDING,
                who="the analyst",
                next_step="command-center refresh",
            )
        _sync_tree(self.path)
        home = self.settings.editions_dir / (DRAFTS if draft else "")
        home.mkdir(parents=True, exist_ok=True)
        final = home / self.edition_id
        self.path.replace(final)
        _sync(home)
        if not draft:
            point_latest(self.settings, self.edition_id)
        return Edition(final, is_draft=draft)


@contextlib.contextmanager
def build_edition(settings: Settings, edition_id: str) -> Iterator[EditionBuilder]:
    """Yield a builder with an empty folder; what is not published at the end is removed.

    One build at a time: EditionError when another process holds the lock.
    """
    with _locked(settings):
        building = settings.editions_dir / BUILDING
        if building.exists():
            shutil.rmtree(building)
        path = building / edition_id
        path.mkdir(parents=True)
        try:
            yield EditionBuilder(settings, edition_id, path)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def open_edition(settings: Settings, name: str = LATEST) -> Edition:
    """Return an edition by id, or the latest one; EditionError says how to get one.

    While a refresh renders its pages (COMMAND_CENTER_BUILDING names the edition) the
    unfinished folder is opened too, by that refresh's own kernels only.
    """
    if name == LATEST:
        link = settings.editions_dir / LATEST
        if not link.is_symlink():
            raise _no_edition("There is no published edition yet", settings)
        name = str(link.readlink())
    if os.environ.get(BUILDING_VARIABLE) == name:
        building = settings.editions_dir / BUILDING / name
        if building.is_dir():
            return Edition(building)
    _refuse_path(name)
    for folder, is_draft in ((settings.editions_dir, False), (settings.editions_dir / DRAFTS, True)):
        if (folder / name / MANIFEST).is_file():
            return Edition(folder / name, is_draft=is_draft)
    raise _no_edition(f"There is no edition {name!r}", settings)


def list_editions(settings: Settings, *, drafts: bool = True) -> list[Edition]:
    """Return all whole editions, newest first; drafts after published ones of the same date."""
    found = [Edition(path.parent) for path in settings.editions_dir.glob(f"*/{MANIFEST}")]
    if drafts:
        found += [
            Edition(path.parent, is_draft=True)
            for path in settings.editions_dir.glob(f"{DRAFTS}/*/{MANIFEST}")
        ]
    return sorted(found, key=lambda edition: (edition.as_of, edition.manifest["made_at"]), reverse=True)


def promote_edition(settings: Settings, edition_id: str) -> Edition:
    """Publish a draft: one rename, then `latest`. An older published edition becomes latest again."""
    edition = open_edition(settings, edition_id)
    with _locked(settings):
        final = settings.editions_dir / edition.id
        if edition.is_draft:
            edition.path.replace(final)
            _sync(settings.editions_dir)
        point_latest(settings, edition.id)
    return Edition(final)


def latest_id(settings: Settings) -> str | None:
    """Return the id `latest` points to, None before the first edition."""
    link = settings.editions_dir / LATEST
    return str(link.readlink()) if link.is_symlink() else None


def keep_page(edition: Edition, relative: Path, compressed: bytes) -> None:
    """Add a finished page to an edition; a page that is already there stays as it is."""
    path = edition.path / "pages" / relative
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(compressed)
    aside.replace(path)


def _refuse_path(name: str) -> None:
    if not name or name.startswith(".") or "/" in name or "\\" in name:
        raise EditionError(
            "An edition is named by its id",
            where=repr(name),
            who="the caller",
            next_step="command-center editions list",
        )


def _no_edition(what: str, settings: Settings) -> EditionError:
    known = [edition.id for edition in list_editions(settings)][:3]
    return EditionError(
        what,
        where="data/editions" + (f" (newest: {', '.join(known)})" if known else ""),
        who="the analyst",
        next_step="command-center editions list" if known else "command-center refresh",
    )


@contextlib.contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    settings.editions_dir.mkdir(parents=True, exist_ok=True)
    with (settings.editions_dir / ".lock").open("w") as handle:
        try:
            # The kernel drops the lock when its holder dies, so a killed refresh blocks nobody.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EditionError(
                "Another refresh is running",
                where="data/editions/.lock",
                who="whoever started it",
                next_step="wait until it ends, then run the command again",
            ) from error
        yield


def point_latest(settings: Settings, edition_id: str) -> None:
    """Move `latest` to a published edition, in one step."""
    aside = settings.editions_dir / f".latest.{os.getpid()}"
    aside.unlink(missing_ok=True)
    aside.symlink_to(edition_id)
    aside.replace(settings.editions_dir / LATEST)
    _sync(settings.editions_dir)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
