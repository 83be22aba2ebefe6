"""Reading editions on disk.

Layout below the editions folder: `<id>/` published, with `pages/` for everybody and `views/<view>/pages/`
for those who may see more; `drafts/<id>/` for analysts,
`building/<id>/` unfinished, `latest` a link moved last. Published files are never changed; only a page
rendered later is added, whole.
"""

import functools
import json
import os
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import geopandas as gpd
import pandas as pd
from pyarrow import parquet

from command_center.access import EVERYTHING, PUBLIK, View, view_in_environment
from command_center.catalog import Catalog, Sector
from command_center.catalog.words import SAMPLE_METHOD
from command_center.errors import EditionError
from command_center.indicators.schema import DISCLOSED_COLUMNS, conform, conform_coverage, conform_sources
from command_center.quality import conform_faults, conform_history, conform_readiness
from command_center.settings import Settings
from command_center.signals.schema import LINE, conform_signals, conform_variation

LATEST = "latest"
DRAFTS = "drafts"
BUILDING = "building"
MANIFEST = "manifest.json"
CATALOG = "catalog.json"
REPORTS = "reports"
BUILDING_VARIABLE = "COMMAND_CENTER_BUILDING"


@dataclass(frozen=True)
class Edition:
    """One edition on disk, as one view leaves it; its tables are read when asked for.

    With a `sector` its tables hold that sector's rows only: a page about one need not read the others. With
    `regions` its figures are those of these regions only.
    """

    path: Path
    is_draft: bool = False
    view: View = EVERYTHING
    sector: str = ""
    regions: tuple[str, ...] = ()

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

    def seen_by(self, view: View) -> Self:
        """Return the same edition with the rows that a view leaves, whatever was left before."""
        return replace(self, view=view)

    def of_sector(self, slug: str, regions: Collection[str] = ()) -> Self:
        """Return the same edition with the rows of one sector in its tables, and the figures of some regions (or all)."""
        return replace(self, sector=slug, regions=tuple(regions))

    @cached_property
    def figures(self) -> pd.DataFrame:
        """All measures, whatever may be seen, with the pattern of small cells in `suppressed`: for no reader."""
        # Parquet knows no whole seconds: dates come back in milliseconds.
        return conform(self._read("measures", regions=self.regions))

    @cached_property
    def measures(self) -> pd.DataFrame:
        """The measures that may be seen, columns as in indicators.schema; a small cell that may not has no number."""
        return self.view.withheld(self._left(self.figures), self.catalog)

    @cached_property
    def disclosed(self) -> pd.DataFrame:
        """Numbers that an earlier edition showed and this one hides, columns DISCLOSED_COLUMNS."""
        path = self.path / "disclosed.parquet"
        return pd.read_parquet(path) if path.is_file() else pd.DataFrame(columns=list(DISCLOSED_COLUMNS))

    def opens_small_cells(self, sector: str = "", indicator: str = "", regions: Collection[str] = ()) -> bool:
        """Return whether this view shows numbers that the public may not see for their smallness.

        Of one sector, one indicator and some regions, or of all where none is named.
        """
        if self.view == PUBLIK:
            return False
        figures = self.figures[self.figures["suppressed"]]
        for column, wanted in (("sector", [sector]), ("indicator", [indicator]), ("region_code", regions)):
            if any(wanted):
                figures = figures[figures[column].isin(list(wanted))]
        seen = self.view.mask(figures, self.catalog) & self.view.mandate(figures, self.catalog)
        return bool(seen.any())

    @cached_property
    def sources(self) -> pd.DataFrame:
        """One row per source of a measure that may be seen: file, hash, row, citation."""
        sources = conform_sources(self._read("sources"))
        if self.view == EVERYTHING:
            return sources
        seen = sources["source_submission"].isin(self.measures["source_submission"])
        return sources[seen].reset_index(drop=True)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """One row per roll-up that was tried: how many parts it had and which were missing."""
        return self._left(conform_coverage(self._read("coverage")))

    def report(self, sector: str, table: str) -> pd.DataFrame:
        """Return a table of a sector's report; without rows and columns where this edition has none.

        A report holds nothing that not everybody may see.
        """
        path = self.path / REPORTS / sector / f"{table}.parquet"
        return pd.read_parquet(path) if path.is_file() else pd.DataFrame()

    def reports(self, sector: str) -> Mapping[str, pd.DataFrame]:
        """Return all tables of a sector's report by name; empty where this edition has none."""
        folder = self.path / REPORTS / sector
        return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}

    @cached_property
    def holds_samples(self) -> bool:
        """Whether any figure of any sector was invented: the stamp of a page does not depend on what it reads."""
        # The names of the methods stand once in each piece of the file; no row needs to become an object.
        file = self.path / "measures.parquet"
        methods = parquet.read_table(file, columns=["method"], read_dictionary=["method"])["method"]
        return any(SAMPLE_METHOD in piece.dictionary.to_pylist() for piece in methods.chunks)

    @cached_property
    def signals(self) -> pd.DataFrame:
        """What asks for attention and may be seen, columns as in signals.schema; empty in editions without it."""
        return self._of_lines(conform_signals(self._optional("signals")))

    @cached_property
    def variation(self) -> pd.DataFrame:
        """The latest point of every series that may be seen on its control chart; as `signals` otherwise."""
        return self._of_lines(conform_variation(self._optional("variation")))

    @cached_property
    def readiness(self) -> pd.DataFrame:
        """The scores of the data by dataset and period, as in quality.table; empty in editions without them.

        Open to everybody: it holds scores, counts and days, no row of any file.
        """
        return conform_readiness(self._table("readiness"))

    @cached_property
    def submission_faults(self) -> pd.DataFrame:
        """How often each check told a fault, by dataset and state of the file; no receipt, no value."""
        return conform_faults(self._table("submission_faults"))

    @cached_property
    def readiness_history(self) -> pd.DataFrame:
        """The total of every agency on the days of this edition and of earlier ones."""
        return conform_history(self._table("readiness_history"))

    @cached_property
    def catalog(self) -> Catalog:
        """The declarations this edition was made from: an older edition keeps its own words."""
        return _read_catalog(self.path / CATALOG)

    @cached_property
    def shapes(self) -> Mapping[str, gpd.GeoDataFrame]:
        """The shapes of the regions by level, as they were at the refresh; metres."""
        return _ShapesByLevel(self.path / "shapes")

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a further table of the edition that holds no measures, such as its roads; None where it has none."""
        path = self.path / f"{name}.parquet"
        return pd.read_parquet(path) if path.is_file() else None

    def page(self, relative: Path, view: View = PUBLIK) -> bytes | None:
        """Return the gzip bytes of a finished page as a view shows it, None where it is not rendered yet."""
        path = pages_folder(self.path, view) / relative
        return path.read_bytes() if path.is_file() else None

    def _read(self, name: str, regions: tuple[str, ...] = ()) -> pd.DataFrame:
        chosen: list[tuple[str, str, object]] = [("sector", "==", self.sector)] if self.sector else []
        if regions:
            chosen.append(("region_code", "in", set(regions)))
        return pd.read_parquet(self.path / f"{name}.parquet", filters=chosen or None)

    def _optional(self, name: str) -> pd.DataFrame:
        return self._read(name) if (self.path / f"{name}.parquet").is_file() else pd.DataFrame()

    def _of_lines(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of lines all of whose figures this view sees: limits speak of the whole line."""
        if self.view == EVERYTHING or table.empty:
            return table
        lines = list(LINE)
        measures = self.measures
        hidden = measures.loc[measures["suppressed"], lines].drop_duplicates()
        seen = measures[lines].drop_duplicates().merge(hidden, how="left", on=lines, indicator="found")
        kept = seen.loc[seen["found"].eq("left_only"), lines]
        return table.merge(kept, how="inner", on=lines)[list(table.columns)]

    def _table(self, name: str) -> pd.DataFrame:
        path = self.path / f"{name}.parquet"
        return pd.read_parquet(path) if path.is_file() else pd.DataFrame()

    def _left(self, table: pd.DataFrame) -> pd.DataFrame:
        return table if self.view == EVERYTHING else self.view.visible(table, self.catalog)


def pages_folder(edition: Path, view: View) -> Path:
    """Return where the finished pages of a view lie; those of the public stand apart from all others."""
    return edition / "pages" if view == PUBLIK else edition / "views" / view.folder / "pages"


class _ShapesByLevel(Mapping[str, gpd.GeoDataFrame]):
    """The shapes of each level, read when asked for: a page draws one level, and reading takes longer than drawing."""

    def __init__(self, folder: Path) -> None:
        self._files = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
        self._read: dict[str, gpd.GeoDataFrame] = {}

    def __getitem__(self, level: str) -> gpd.GeoDataFrame:
        if level not in self._read:
            self._read[level] = gpd.read_parquet(self._files[level])
        return self._read[level]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@functools.lru_cache(maxsize=8)
def _read_catalog(path: Path) -> Catalog:
    # Read once a process: an edition does not change, and a server asks at every request.
    declared = json.loads(path.read_text(encoding="utf-8"))
    return Catalog(tuple(Sector.model_validate(sector) for sector in declared))


def open_edition(settings: Settings, name: str = LATEST) -> Edition:
    """Return an edition by id, or the latest one; EditionError says how to get one.

    While a refresh renders its pages (COMMAND_CENTER_BUILDING names the edition) the
    unfinished folder is opened too, by that refresh's own kernels only. A process that was given a view
    (COMMAND_CENTER_VIEW) opens every edition as that view leaves it.
    """
    view = view_in_environment() or EVERYTHING
    if name == LATEST:
        link = settings.editions_dir / LATEST
        if not link.is_symlink():
            raise _no_edition("There is no published edition yet", settings)
        name = str(link.readlink())
    if os.environ.get(BUILDING_VARIABLE) == name:
        building = settings.editions_dir / BUILDING / name
        if building.is_dir():
            return Edition(building, view=view)
    _refuse_path(name)
    for folder, is_draft in ((settings.editions_dir, False), (settings.editions_dir / DRAFTS, True)):
        if (folder / name / MANIFEST).is_file():
            return Edition(folder / name, is_draft=is_draft, view=view)
    raise _no_edition(f"There is no edition {name!r}", settings)


def list_editions(settings: Settings, *, drafts: bool = True) -> list[Edition]:
    """Return all whole editions, newest first by date and then by when they were made."""
    found = [
        Edition(path.parent)
        for path in settings.editions_dir.glob(f"*/{MANIFEST}")
        if not path.parent.is_symlink()  # `latest` is a second way to one of them
    ]
    if drafts:
        found += [
            Edition(path.parent, is_draft=True)
            for path in settings.editions_dir.glob(f"{DRAFTS}/*/{MANIFEST}")
        ]
    return sorted(
        found, key=lambda edition: (edition.as_of, edition.manifest["made_at"], edition.id), reverse=True
    )


def latest_id(settings: Settings) -> str | None:
    """Return the id `latest` points to, None before the first edition."""
    link = settings.editions_dir / LATEST
    return str(link.readlink()) if link.is_symlink() else None


def keep_page(edition: Edition, relative: Path, compressed: bytes, view: View = PUBLIK) -> None:
    """Add a finished page of a view to an edition; a page that is already there stays as it is."""
    path = pages_folder(edition.path, view) / relative
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: two servers, or two threads, may keep the same page at the same time.
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
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
