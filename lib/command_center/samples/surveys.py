"""Invented surveys of roads by segment: conditions that hang together along a road and add up to known lengths.

What a surveyor would have measured is made so that the rules of condition give the class that was meant.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.samples.world import Chance

Classes = npt.NDArray[np.int64]
GOOD, FAIR, LIGHT, HEAVY, UNKNOWN = range(5)
# How much the level of a road, and how much its stretches, differ.
_ROAD, _STEP = 0.9, 0.22
_PAVED = ("aspal", "lapen")


def stations(roads: pd.DataFrame, segment_m: float) -> pd.DataFrame:
    """Return one row per segment: road (position in `roads`), from_m, to_m; the last of a road may be shorter."""
    metres = roads["length_km"].to_numpy(dtype="float64") * 1000
    counts = np.ceil(metres / segment_m - 1e-9).astype("int64")
    road = np.repeat(np.arange(len(roads)), counts)
    begin = (np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)) * segment_m
    return pd.DataFrame({"road": road, "from_m": begin, "to_m": np.minimum(begin + segment_m, metres[road])})


def classes_along(segments: pd.DataFrame, shares: Mapping[int, float], chance: Chance) -> Classes:
    """Return a class for each segment; by length they have nearly the given shares, neighbours are alike."""
    road = segments["road"].to_numpy()
    steps = pd.Series(chance.normal(0, _STEP, len(road))).groupby(road).cumsum().to_numpy()
    level = chance.normal(0, _ROAD, road.max() + 1)[road] + steps
    order = np.argsort(level, kind="stable")
    length = (segments["to_m"] - segments["from_m"]).to_numpy()
    part = np.cumsum(length[order]) / length.sum()
    edges = np.cumsum([shares[at] for at in (GOOD, FAIR, LIGHT)]) / (1 - shares[UNKNOWN])
    classes = np.empty(len(road), dtype="int64")
    classes[order] = np.searchsorted(edges, part, side="left")
    classes[chance.random(len(road)) < shares[UNKNOWN]] = UNKNOWN
    return classes


def measured(classes: Classes, pavement: "pd.Series[str]", chance: Chance) -> pd.DataFrame:
    """Return what the surveyor wrote: cracks, potholes, ruts on asphalt, roughness on concrete, else the class seen.

    Columns as in segments: crack_area_pct, crack_width_mm, potholes, rut_depth_cm, iri, condition; missing where
    not measured. Whole potholes on segments of about 100 m.
    """
    count = len(classes)
    asphalt = pavement.isin(_PAVED).to_numpy() & (classes != UNKNOWN)
    concrete = pavement.eq("beton").to_numpy() & (classes != UNKNOWN)
    seen = ~asphalt & ~concrete & (classes != UNKNOWN)

    def by_class(*ranges: tuple[float, float]) -> npt.NDArray[np.float64]:
        low, high = np.array([*ranges, (np.nan, np.nan)]).T
        drawn: npt.NDArray[np.float64] = low[classes] + (high - low)[classes] * chance.random(count)
        return drawn

    holes = np.floor(by_class((0, 1), (1, 5), (1, 5), (6, 16)))
    names = np.array(["baik", "sedang", "rusak_ringan", "rusak_berat", ""], dtype="object")
    parts = {
        "crack_area_pct": by_class((0, 9), (1, 9), (12, 29), (15, 60)).round(1),
        "crack_width_mm": by_class((0, 3), (0.5, 3), (3.2, 6), (3.2, 9)).round(1),
        "potholes": holes,
        "rut_depth_cm": by_class((0, 0.9), (0.1, 0.9), (0.2, 2.5), (1.2, 5)).round(1),
    }
    return pd.DataFrame(
        {
            **{name: np.where(asphalt, values, np.nan) for name, values in parts.items()},
            "iri": np.where(concrete, by_class((1.8, 4), (4.1, 8), (8.1, 12), (12.1, 19)).round(1), np.nan),
            "condition": pd.Series(names[classes]).where(seen),
        }
    )
