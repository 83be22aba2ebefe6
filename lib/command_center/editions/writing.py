"""Writing editions: built aside, moved into place in one step, `latest` last.

Whoever writes holds the lock. A killed refresh leaves only a building folder, which the next one clears.
"""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from command_center.catalog import Catalog
from command_center.editions.store import BUILDING, CATALOG, DRAFTS, LATEST, MANIFEST, Edition, open_edition
from command_center.errors import EditionError
from command_center.settings import Settings

# Small groups: a page about one sector passes over the rows of the others unread.
_ROWS_TOGETHER = 8192


@dataclass(frozen=True)
class EditionBuilder:
    """An edition being made; its folder is private until `publish`."""

    settings: Settings
    edition_id: str
    path: Path

    def write_table(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table as Parquet, `name` may lead to a folder; the same frame gives the same bytes."""
        path = self.path / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(path, index=False, compression="zstd", row_group_size=_ROWS_TOGETHER)

    def write_shapes(self, shapes: Mapping[str, gpd.GeoDataFrame]) -> None:
        """Write the shapes of each level beside the tables."""
        folder = self.path / "shapes"
        folder.mkdir()
        for level, frame in shapes.items():
            frame.to_parquet(folder / f"{level}.parquet", index=False)

    def write_catalog(self, catalog: Catalog) -> None:
        """Write the declarations beside the tables."""
        declared = [sector.model_dump(mode="json") for sector in catalog.sectors]
        (self.path / CATALOG).write_text(json.dumps(declared, ensure_ascii=False) + "\n", encoding="utf-8")

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


@dataclass(frozen=True)
class EditionWriter:
    """The right to change the editions folder, held by one process at a time (see `write_editions`)."""

    settings: Settings

    @contextlib.contextmanager
    def build(self, edition_id: str) -> Iterator[EditionBuilder]:
        """Yield a builder with an empty folder; what is not published at the end is removed."""
        building = self.settings.editions_dir / BUILDING
        if building.exists():
            shutil.rmtree(building)
        path = building / edition_id
        path.mkdir(parents=True)
        try:
            yield EditionBuilder(self.settings, edition_id, path)
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def promote(self, edition_id: str) -> Edition:
        """Publish a draft: one rename, then `latest`. A published edition becomes the latest again."""
        edition = open_edition(self.settings, edition_id)
        final = self.settings.editions_dir / edition.id
        if edition.is_draft:
            edition.path.replace(final)
            _sync(self.settings.editions_dir)
        point_latest(self.settings, edition.id)
        return Edition(final)


@contextlib.contextmanager
def write_editions(settings: Settings) -> Iterator[EditionWriter]:
    """Yield the writer while this process holds the lock; EditionError names who holds it already."""
    with _locked(settings):
        yield EditionWriter(settings)


@contextlib.contextmanager
def build_edition(settings: Settings, edition_id: str) -> Iterator[EditionBuilder]:
    """Yield a builder with an empty folder; what is not published at the end is removed.

    One build at a time: EditionError when another process holds the lock.
    """
    with write_editions(settings) as writer, writer.build(edition_id) as builder:
        yield builder


def promote_edition(settings: Settings, edition_id: str) -> Edition:
    """Publish a draft, or make an older edition the latest again; EditionError while another process writes."""
    with write_editions(settings) as writer:
        return writer.promote(edition_id)


@contextlib.contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    settings.editions_dir.mkdir(parents=True, exist_ok=True)
    # Not "w": that would wipe the holder's name before we know whether the lock is free.
    with (settings.editions_dir / ".lock").open("a+", encoding="utf-8") as handle:
        try:
            # The kernel drops the lock when its holder dies, so a killed refresh blocks nobody.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            raise EditionError(
                "Another process is writing editions",
                where="data/editions/.lock",
                who=handle.read().strip() or "whoever started it",
                next_step="wait until it ends, then run the command again",
            ) from error
        handle.truncate(0)
        handle.write(f"process {os.getpid()}, which began {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        handle.flush()
        yield


def point_latest(settings: Settings, edition_id: str) -> None:
    """Move `latest` to a published edition, in one step."""
    # One name, since one process writes: what a killed one left behind is replaced.
    aside = settings.editions_dir / f".{LATEST}"
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
