"""Condition of road segments: SDI step by step, IRI, both together, and the methods for other pavements.

Source of every edge: domain specification, section 3 (Bina Marga practice). SDI is for asphalt only. A value that
is missing stays missing: without all four parts there is no SDI, and a segment nobody judged is a class of its own.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.roads.parameters import VisualIndex

Numbers = npt.NDArray[np.float64]

GOOD, FAIR, LIGHT, HEAVY, UNSURVEYED = "baik", "sedang", "rusak_ringan", "rusak_berat", "belum_disurvei"
CLASSES: Final = (GOOD, FAIR, LIGHT, HEAVY)
ALL_CLASSES: Final = (*CLASSES, UNSURVEYED)
STEADY: Final = frozenset({GOOD, FAIR})
TREATMENT: Final = {GOOD: "rutin", FAIR: "berkala", LIGHT: "rehabilitasi", HEAVY: "rekonstruksi"}

FLEXIBLE: Final = frozenset({"aspal", "lapen"})
RIGID: Final = frozenset({"beton"})
UNPAVED: Final = frozenset({"kerikil", "tanah"})
PAVEMENTS: Final = FLEXIBLE | RIGID | UNPAVED

_METHODS: Final = ("sdi_iri", "sdi", "iri", "ikp", "visual")
# Rows: IRI at most 4, 8, 12, above. Columns: SDI below 50, 100, 150, at least 150.
_MATRIX: Final = np.array([[0, 1, 1, 2], [1, 1, 2, 2], [2, 2, 3, 3], [3, 3, 3, 3]])
_M_PER_KM: Final = 1000.0
_UNKNOWN: Final = -1


def crack_area_points(percent: Numbers) -> Numbers:
    """Step 1: points for the share of the surface that is cracked; NaN where missing."""
    return _steps(percent, [percent <= 0, percent < 10, percent <= 30], [0.0, 5.0, 20.0], 40.0)


def crack_width_points(points: Numbers, width_mm: Numbers) -> Numbers:
    """Step 2: the points doubled where cracks are wider than 3 mm; no cracks need no width."""
    doubled = np.where(width_mm > 3, points * 2, points)
    return np.where(np.isnan(width_mm) & (points != 0), np.nan, doubled)


def pothole_points(holes: Numbers, length_m: Numbers) -> Numbers:
    """Step 3: points for potholes per km of segment, so that the length of the segment counts; NaN where missing."""
    per_km = holes * _M_PER_KM / length_m
    return _steps(per_km, [per_km <= 0, per_km < 10, per_km <= 50], [0.0, 15.0, 75.0], 225.0)


def rut_points(depth_cm: Numbers) -> Numbers:
    """Step 4: points for the mean depth of wheel ruts; NaN where missing."""
    return _steps(depth_cm, [depth_cm <= 0, depth_cm < 1, depth_cm <= 3], [0.0, 2.5, 10.0], 20.0)


def surface_distress_index(
    crack_area_pct: Numbers,
    crack_width_mm: Numbers,
    potholes: Numbers,
    rut_depth_cm: Numbers,
    length_m: Numbers,
) -> Numbers:
    """Return the SDI, 0 to 325; NaN where any of its parts is missing."""
    cracks = crack_width_points(crack_area_points(crack_area_pct), crack_width_mm)
    return cracks + pothole_points(potholes, length_m) + rut_points(rut_depth_cm)


def sdi_class(sdi: Numbers) -> npt.NDArray[np.int64]:
    """Return the position in CLASSES: below 50, below 100, below 150, at least 150; -1 where missing."""
    return _positions(sdi, np.searchsorted([50.0, 100.0, 150.0], sdi, side="right"))


def iri_class(iri: Numbers) -> npt.NDArray[np.int64]:
    """Return the position in CLASSES: at most 4, 8, 12 m/km, above; -1 where missing."""
    return _positions(iri, np.searchsorted([4.0, 8.0, 12.0], iri, side="left"))


def ikp_class(ikp: Numbers, edges: VisualIndex) -> npt.NDArray[np.int64]:
    """Return the position in CLASSES of an index of 0 to 100, 100 the best; -1 where missing."""
    lower = [-edges.good_from, -edges.fair_from, -edges.light_damage_from]
    return _positions(ikp, np.searchsorted(lower, -ikp, side="left"))


def judge(segments: pd.DataFrame, edges: VisualIndex) -> pd.DataFrame:
    """Return `sdi, condition, method, treatment, is_steady` for each segment, in the same order and index.

    Needs `from_m, to_m`; reads `pavement` (asphalt where absent), `crack_area_pct, crack_width_mm, potholes,
    rut_depth_cm, iri, ikp, sdi, condition` where they are there. Asphalt: SDI and IRI by the matrix, else the one
    that is there; an SDI that came without its parts is taken as sent. Rigid and unpaved: IRI, else IKP, else the
    class somebody saw. `method` says which, "" where nothing was judged; then the class is `belum_disurvei`.
    """
    flexible = pavement_of(segments).isin(FLEXIBLE).to_numpy()
    sdi = np.where(flexible, computed_sdi(segments), np.nan)
    sdi = np.where(flexible & np.isnan(sdi), column_of(segments, "sdi"), sdi)
    by_sdi, by_iri = sdi_class(sdi), iri_class(column_of(segments, "iri"))
    by_ikp = ikp_class(column_of(segments, "ikp"), edges)
    seen = _seen(segments)
    both = (by_sdi >= 0) & (by_iri >= 0)
    chosen = [both, by_sdi >= 0, by_iri >= 0, by_ikp >= 0, seen >= 0]
    position = np.select(chosen, [_MATRIX[by_iri, by_sdi], by_sdi, by_iri, by_ikp, seen], _UNKNOWN)
    names = np.array([*CLASSES, UNSURVEYED], dtype="object")  # -1 is the last one
    condition = pd.Series(names[position], index=segments.index)
    return pd.DataFrame(
        {
            "sdi": sdi,
            "condition": condition,
            "method": np.select(chosen, _METHODS, ""),
            "treatment": condition.map(TREATMENT),
            "is_steady": condition.isin(STEADY),
        },
        index=segments.index,
    )


def computed_sdi(segments: pd.DataFrame) -> Numbers:
    """Return the SDI computed from its four parts, NaN where one is missing; pavement is not looked at."""
    length = column_of(segments, "to_m") - column_of(segments, "from_m")
    with np.errstate(divide="ignore", invalid="ignore"):
        return surface_distress_index(
            column_of(segments, "crack_area_pct"),
            column_of(segments, "crack_width_mm"),
            column_of(segments, "potholes"),
            column_of(segments, "rut_depth_cm"),
            length,
        )


def pavement_of(segments: pd.DataFrame) -> "pd.Series[str]":
    """Return the pavement of each segment in small letters; asphalt where the table does not say."""
    if "pavement" not in segments:
        return pd.Series("aspal", index=segments.index)
    given = segments["pavement"].astype("object").fillna("").astype("str").str.strip().str.casefold()
    return given.where(given.ne(""), "aspal")


def column_of(table: pd.DataFrame, name: str) -> Numbers:
    """Return a column as numbers, all NaN where the table has none of that name."""
    if name not in table:
        return np.full(len(table), np.nan)
    return table[name].to_numpy(dtype="float64", na_value=np.nan)


def condition_key(texts: "pd.Series[str]") -> "pd.Series[str]":
    """Return written classes as their names here: `Rusak Berat` is `rusak_berat`."""
    return texts.fillna("").astype("str").str.strip().str.casefold().str.replace(r"[\s_\-]+", "_", regex=True)


def _seen(segments: pd.DataFrame) -> npt.NDArray[np.int64]:
    if "condition" not in segments:
        return np.full(len(segments), _UNKNOWN)
    keys = condition_key(segments["condition"])
    return keys.map({name: at for at, name in enumerate(CLASSES)}).fillna(_UNKNOWN).to_numpy().astype("int64")


def _steps(
    values: Numbers, conditions: list[npt.NDArray[np.bool_]], points: list[float], last: float
) -> Numbers:
    return np.where(np.isnan(values), np.nan, np.select(conditions, points, last))


def _positions(values: Numbers, position: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    return np.where(np.isnan(values), _UNKNOWN, position).astype("int64")
