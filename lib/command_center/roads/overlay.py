"""Attributes laid over each other by station: what the survey, the works and the bridges say of one stretch.

Also cuts the piece of a line that belongs to a stretch, calibrated to the length of the decree.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

_KM = 1000.0


def overlay(left: pd.DataFrame, right: pd.DataFrame, suffix: str = "_right") -> pd.DataFrame:
    """Return the stretches on which both tables say something; each has road_code, from_m, to_m.

    Columns of both; those of the same name get `suffix` on the right. A stretch without a partner is left out, so
    that the lengths of a road are never counted twice. Stretches that only touch do not meet.
    """
    pairs = left.merge(right, on="road_code", suffixes=("", suffix))
    begins = np.maximum(pairs["from_m"], pairs[f"from_m{suffix}"])
    ends = np.minimum(pairs["to_m"], pairs[f"to_m{suffix}"])
    met = pairs.assign(from_m=begins, to_m=ends).drop(columns=[f"from_m{suffix}", f"to_m{suffix}"])
    return met[ends > begins].sort_values(["road_code", "from_m"]).reset_index(drop=True)


def segment_lines(segments: pd.DataFrame, links: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return for each segment its piece of the road's line, missing where the road has none.

    A station is a share of the decree's length, and the same share of the line.
    """
    by_code = links[links.geometry.notna()].drop_duplicates("road_code").set_index("road_code")
    lengths = segments.groupby("road_code")["to_m"].max()
    decree = (by_code["length_km"] * _KM).where(by_code["length_km"] > 0)
    whole = decree.reindex(lengths.index).fillna(lengths).to_dict()
    lines = by_code.geometry.to_dict()
    pieces = [
        substring(lines[code], min(begin / whole[code], 1.0), min(end / whole[code], 1.0), normalized=True)
        if code in lines and lines[code].geom_type == "LineString"
        else None
        for code, begin, end in zip(segments["road_code"], segments["from_m"], segments["to_m"], strict=True)
    ]
    return gpd.GeoSeries(pieces, index=segments.index, crs=links.crs)


def station_points(
    points: pd.DataFrame, links: gpd.GeoDataFrame, column: str = "chainage_m"
) -> gpd.GeoSeries:
    """Return the place of each station on its road's line, missing where the road has no line."""
    by_code = links[links.geometry.notna()].drop_duplicates("road_code").set_index("road_code")
    lines = by_code.geometry.reindex(points["road_code"]).to_numpy()
    whole = (by_code["length_km"] * _KM).reindex(points["road_code"]).to_numpy(dtype="float64")
    share = np.clip(points[column].to_numpy(dtype="float64") / whole, 0.0, 1.0)
    return gpd.GeoSeries(
        shapely.line_interpolate_point(lines, share, normalized=True), index=points.index, crs=links.crs
    )
