"""Turns a boundary file into the installed shapes: matched, placed, cleaned, simplified, written.

Writes nothing unless the whole file passed, and never repairs a border in silence: what did not match, is
missing or differs from the published area stands in the report.
"""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from command_center.maps.boundaries.identify import (
    Identification,
    NearMatch,
    identify,
    other_regency_codes,
)
from command_center.maps.boundaries.reading import (
    SENDER,
    BoundaryError,
    BoundaryFile,
    file_sha256,
    lonlat_centres,
    read_boundary_file,
    refuse_swapped_axes,
    rows_inside,
)
from command_center.maps.cells import dissolve, shape_frame
from command_center.regions import RegencyProfile, RegionTree, load_profile, load_regions
from command_center.settings import Settings

REPORT_NAME = "report.json"
LAYER_FILES = {"desa": "desa.parquet", "kec": "kec.parquet"}
# Slivers between neighbours narrower than this are closed; a missing village is wider and stays open.
GAP_WIDTH_M = 60.0
# Corners that change the shape by less than this square's area go; on a printed page it is half a pixel.
SIMPLIFY_TOLERANCE_M = 40.0
# A published area differing by more than this is pointed out.
AREA_TOLERANCE_PCT = 2.0
_LISTED_ROWS = 50


@dataclass(frozen=True)
class AreaCheck:
    """The area of the shapes of a region beside its published one; `is_close` within AREA_TOLERANCE_PCT."""

    code: str
    name: str
    area_km2: float
    published_km2: float
    difference_pct: float
    is_close: bool


@dataclass(frozen=True)
class InstallReport:
    """What was installed from which file, and everything about it that a reader should know.

    `unmatched` lists up to 50 values that are no region, `missing` the codes the file had no shape for,
    `repeated` the codes of several rows (united), `gap_count` the holes no shape covers, `files` the hash of
    each layer written.
    """

    file_name: str
    sha256: str
    layer: str
    level: str
    column: str
    system: str
    crs: str
    is_crs_assumed: bool
    row_count: int
    region_count: int
    unmatched_count: int
    unmatched: tuple[str, ...]
    other_regency_count: int
    near: tuple[NearMatch, ...]
    repeated: tuple[str, ...]
    missing: tuple[str, ...]
    gap_count: int
    areas: tuple[AreaCheck, ...]
    files: dict[str, str]


def install_boundaries(file: Path, settings: Settings, layer: str | None = None) -> InstallReport:
    """Install the borders of a GeoJSON, GeoPackage or shapefile (or a zip of one) of desa or kecamatan.

    Writes `desa.parquet` (only from a file of villages), `kec.parquet` and `report.json` into
    `settings.boundaries_dir`, each at once or not at all, the report last. Raises BoundaryError when the file
    cannot be read, identified or placed, or holds fewer than half of the regions of its level.
    """
    profile, regions = load_profile(settings), load_regions(settings)
    source = read_boundary_file(Path(file), profile, layer)
    centres = lonlat_centres(source.frame)
    refuse_swapped_axes(centres, profile.bounds, source.name)
    inside = rows_inside(centres, profile.bounds)
    found = identify(source.frame, inside, regions, source.name)
    _refuse_misplaced(found, inside, source.name, profile)
    _refuse_fragment(found, regions, source.name)
    codes, shapes = _united(source.frame.to_crs(profile.epsg), found, regions)
    cleaned = shapely.coverage_clean(shapes, gap_width=GAP_WIDTH_M)
    simplified = shapely.normalize(shapely.coverage_simplify(cleaned, SIMPLIFY_TOLERANCE_M))
    _refuse_broken(codes, simplified, source.name)
    members = [regions.get(code) for code in codes]
    layers = {found.level: shape_frame(members, simplified, profile.epsg)}
    if found.level == "desa":
        layers["kec"] = dissolve(layers["desa"], regions, profile.epsg)
    report = _report(
        source,
        found,
        regions,
        gap_count=_gap_count(cleaned),
        areas=_area_checks(shape_frame(members, cleaned, profile.epsg), regions, profile.epsg),
        files=_stage(layers, settings.boundaries_dir),
    )
    _publish(report, settings.boundaries_dir)
    return report


def _refuse_misplaced(found: Identification, inside: np.ndarray, where: str, profile: RegencyProfile) -> None:
    away = [code for code, fits in zip(found.codes, inside, strict=True) if code is not None and not fits]
    if away:
        raise BoundaryError(
            f"{len(away)} shapes lie outside the regency, such as {', '.join(away[:3])}",
            where=where,
            who=SENDER,
            next_step=f"check the coordinate system of the file against {profile.bounds}",
        )


def _refuse_fragment(found: Identification, regions: RegionTree, where: str) -> None:
    expected = len(_members(found.level, regions))
    if found.distinct * 2 < expected:
        raise BoundaryError(
            f"The file holds {found.distinct} of {expected} regions of its level",
            where=where,
            who=SENDER,
            next_step="send one file with the whole regency",
        )


def _refuse_broken(codes: list[str], shapes: np.ndarray, where: str) -> None:
    lost = [code for code, shape in zip(codes, shapes, strict=True) if shape.is_empty]
    if lost or not shapely.coverage_is_valid(shapes):
        what = f"no area is left of {', '.join(lost[:5])}" if lost else "the shapes still overlap"
        raise BoundaryError(
            f"The shapes cannot be cleaned: {what}",
            where=where,
            who=SENDER,
            next_step="repair the topology in a GIS and send the file again",
        )


def _members(level: str, regions: RegionTree) -> tuple[str, ...]:
    members = regions.villages if level == "desa" else regions.districts
    return tuple(region.code for region in members)


def _united(
    frame: gpd.GeoDataFrame, found: Identification, regions: RegionTree
) -> tuple[list[str], np.ndarray]:
    """The valid polygons of each region, in code order; several rows of one region become one shape."""
    valid = shapely.make_valid(frame.geometry.values, method="structure", keep_collapsed=False)
    labels = np.array([code or "" for code in found.codes])
    codes = [code for code in _members(found.level, regions) if code in set(labels)]
    shapes = [shapely.union_all(valid[labels == code]) for code in codes]
    return codes, np.array(shapes, dtype=object)


def _gap_count(shapes: np.ndarray) -> int:
    parts = shapely.get_parts(shapely.coverage_union_all(shapes))
    return int(shapely.get_num_interior_rings(parts).sum())


def _area_checks(frame: gpd.GeoDataFrame, regions: RegionTree, epsg: int) -> tuple[AreaCheck, ...]:
    """Compare before simplification, for every region that has a published area."""
    checks = []
    while len(frame):
        for code, area_m2 in zip(frame["code"], frame.geometry.area, strict=True):
            region, area = regions.get(code), float(area_m2) / 1e6
            if region.area_km2 is not None:
                off = 100 * (area - region.area_km2) / region.area_km2
                checks.append(
                    AreaCheck(
                        code, region.name, round(area, 3), region.area_km2, round(off, 2),
                        abs(off) <= AREA_TOLERANCE_PCT,
                    )
                )  # fmt: skip
        frame = dissolve(frame, regions, epsg)
    return tuple(sorted(checks, key=lambda check: check.code))


def _report(
    source: BoundaryFile,
    found: Identification,
    regions: RegionTree,
    *,
    gap_count: int,
    areas: tuple[AreaCheck, ...],
    files: dict[str, str],
) -> InstallReport:
    values = source.frame[found.column].astype(str)
    stray = [str(text) for text, code in zip(values, found.codes, strict=True) if code is None]
    others = [text for text in stray if other_regency_codes([text], regions.root.code)]
    unmatched = [text for text in stray if text not in set(others)]
    counts = Counter(code for code in found.codes if code is not None)
    return InstallReport(
        file_name=source.name,
        sha256=source.sha256,
        layer=source.layer,
        level=found.level,
        column=found.column,
        system=found.system,
        crs=str(source.frame.crs.to_string()),
        is_crs_assumed=source.is_crs_assumed,
        row_count=len(source.frame),
        region_count=len(counts),
        unmatched_count=len(unmatched),
        unmatched=tuple(unmatched[:_LISTED_ROWS]),
        other_regency_count=len(others),
        near=found.near,
        repeated=tuple(sorted(code for code, rows in counts.items() if rows > 1)),
        missing=tuple(code for code in _members(found.level, regions) if code not in counts),
        gap_count=gap_count,
        areas=areas,
        files=files,
    )


def _stage(layers: dict[str, gpd.GeoDataFrame], folder: Path) -> dict[str, str]:
    """Write the layers under temporary names and return the hash of each by its final name."""
    folder.mkdir(parents=True, exist_ok=True)
    for level, frame in layers.items():
        frame.to_parquet(_staged(folder, LAYER_FILES[level]), index=False)
    return {LAYER_FILES[level]: file_sha256(_staged(folder, LAYER_FILES[level])) for level in layers}


def _publish(report: InstallReport, folder: Path) -> None:
    """Move the staged layers into place and the report last, for it names the files that count."""
    text = json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"
    _staged(folder, REPORT_NAME).write_text(text, encoding="utf-8")
    for name in (*report.files, REPORT_NAME):
        _staged(folder, name).replace(folder / name)
    for name in LAYER_FILES.values():
        if name not in report.files:
            (folder / name).unlink(missing_ok=True)


def _staged(folder: Path, name: str) -> Path:
    return folder / f".{name}.new"
