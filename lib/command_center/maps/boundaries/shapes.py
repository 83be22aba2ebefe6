"""The shapes maps are drawn from: installed borders where there are some, approximate cells where not.

Says level by level which is which, and refuses a half-finished or altered installation.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from command_center.maps.boundaries.install import LAYER_FILES, REPORT_NAME
from command_center.maps.boundaries.reading import BoundaryError, file_sha256
from command_center.maps.cells import (
    approximate_cells,
    dissolve,
    shape_frame,
    village_sites,
    voronoi_cells,
)
from command_center.regions import (
    VILLAGE_LEVELS,
    RegencyProfile,
    RegionTree,
    load_profile,
    load_regions,
)
from command_center.settings import Settings


@dataclass(frozen=True, eq=False)
class Shapes:
    """The shapes of all regions: frames with code, name, level, parent_code, geometry, in metres, code order.

    `desa` holds desa and kelurahan. `approximate_levels` names the frames ("desa", "kec", "kab") that are no
    borders. `sha256` identifies what all of it came from, `source` is the boundary file's name or "".
    """

    desa: gpd.GeoDataFrame
    kec: gpd.GeoDataFrame
    kab: gpd.GeoDataFrame
    approximate_levels: frozenset[str]
    sha256: str
    source: str = ""

    @property
    def is_approximate(self) -> bool:
        """Whether any of the levels is approximate."""
        return bool(self.approximate_levels)


def load_shapes(settings: Settings) -> Shapes:
    """Return the shapes of the regency, the same to the byte each time.

    Without an installation all levels are approximate; after one of kecamatan only, the villages are cells
    inside the true kecamatan. Regions the boundary file lacked have no row. Raises BoundaryError when the
    installed files are not those of their report.
    """
    profile, regions = load_profile(settings), load_regions(settings)
    reference = _reference_hash(settings)
    report_path = settings.boundaries_dir / REPORT_NAME
    if not report_path.is_file():
        return _approximate(regions, profile, reference)
    report = json.loads(report_path.read_text(encoding="utf-8"))
    layers = {
        level: _read_layer(settings.boundaries_dir / name, report["files"][name])
        for level, name in LAYER_FILES.items()
        if name in report["files"]
    }
    kec = layers["kec"]
    has_villages = "desa" in layers
    return Shapes(
        desa=layers["desa"] if has_villages else _cells_within(kec, regions, profile),
        kec=kec,
        kab=dissolve(kec, regions, profile.epsg),
        approximate_levels=frozenset() if has_villages else frozenset({"desa"}),
        sha256=_combined(reference, *report["files"].values()),
        source=report["file_name"],
    )


def _approximate(regions: RegionTree, profile: RegencyProfile, reference: str) -> Shapes:
    cells = approximate_cells(regions, profile)

    def of(*levels: str) -> gpd.GeoDataFrame:
        return cells[cells["level"].isin(levels)].reset_index(drop=True)

    return Shapes(
        desa=of(*VILLAGE_LEVELS),
        kec=of("kec"),
        kab=of("kab"),
        approximate_levels=frozenset({"desa", "kec", "kab"}),
        sha256=reference,
    )


def _cells_within(kec: gpd.GeoDataFrame, regions: RegionTree, profile: RegencyProfile) -> gpd.GeoDataFrame:
    """Village cells that keep to the installed borders of their kecamatan."""
    frames = []
    for code, border in zip(kec["code"], kec.geometry, strict=True):
        villages = regions.descendants(code, level=VILLAGE_LEVELS)
        cells = voronoi_cells(village_sites(villages, profile.epsg), border)
        frames.append(shape_frame(villages, cells, profile.epsg))
    together = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=profile.epsg)
    # Cells on the two sides of a common border end at different points of it: give it one set of nodes.
    shapes = shapely.normalize(shapely.coverage_clean(np.asarray(together.geometry.values)))
    return together.set_geometry(gpd.GeoSeries(shapes, crs=profile.epsg))


def _read_layer(path: Path, expected: str) -> gpd.GeoDataFrame:
    if not path.is_file() or file_sha256(path) != expected:
        raise BoundaryError(
            "The installed boundaries are not those of their report",
            where=str(path),
            who="the operator of the command center",
            next_step="install the boundary file again, or remove the folder to use approximate shapes",
        )
    return gpd.read_parquet(path)


def _reference_hash(settings: Settings) -> str:
    names = ("regency.yml", "regions.csv")
    return _combined(*(file_sha256(settings.reference_dir / name) for name in names))


def _combined(*hashes: str) -> str:
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
