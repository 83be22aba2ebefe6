"""Roads drawn as SVG: a map with a link per road, and the strip of one road along its stations.

No script is needed to read them. Each stretch bears its class, and the plans that treat it as the bits of a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from markupsafe import Markup, escape
from shapely.ops import substring

WIDTH = 6000  # units of the drawing: some ten metres each
_SIMPLIFIED_TO_M = 12.0
_KM = 1000.0
STRIP_WIDTH, _STRIP_LEFT, _STRIP_ROW = 640.0, 92.0, 22.0
_STRIP_HEIGHT = 118.0
_SDI_FULL = 325.0
_TICKS_AT_MOST = 8


@dataclass(frozen=True)
class Window:
    """How metres become units of a drawing, north up."""

    west: float
    north: float
    scale: float
    height: int

    @classmethod
    def around(cls, bounds: Sequence[float]) -> "Window":
        """Return the window that holds these bounds (west, south, east, north in metres)."""
        west, south, east, north = bounds
        margin = 0.02 * (east - west)
        scale = WIDTH / (east - west + 2 * margin)
        return cls(west - margin, north + margin, scale, round((north - south + 2 * margin) * scale))

    def points(self, metres: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return whole units for corners in metres."""
        moved = (metres - (self.west, self.north)) * (self.scale, -self.scale)
        return np.rint(moved).astype("int64")

    def path(self, corners: npt.NDArray[np.float64]) -> str:
        """Return the path through corners, each step relative to the one before."""
        units = self.points(corners)
        steps = np.diff(units, axis=0)
        steps = steps[(steps != 0).any(axis=1)]
        begin = f"M{units[0, 0]} {units[0, 1]}"
        return begin + ("l" + " ".join(f"{x} {y}" for x, y in steps) if len(steps) else "h1")


def rows_of(table: pd.DataFrame) -> list[Any]:
    """Return the rows of a table with its columns as attributes."""
    return list(table.itertuples())


def runs(segments: pd.DataFrame) -> pd.DataFrame:
    """Return neighbouring segments of one class and of the same plans as one stretch.

    Columns: road_code, from_m, to_m, condition, works, sdi (mean, missing where not measured).
    """
    keys = ["road_code", "condition", "works"]
    changes = segments[keys].ne(segments[keys].shift()).any(axis=1)
    apart = (segments["from_m"] - segments["to_m"].shift()).abs().gt(0.5)
    return (
        segments.groupby((changes | apart).cumsum())
        .agg(
            road_code=("road_code", "first"),
            from_m=("from_m", "first"),
            to_m=("to_m", "last"),
            condition=("condition", "first"),
            works=("works", "first"),
            sdi=("sdi", "mean"),
        )
        .reset_index(drop=True)
    )


def road_map(
    links: pd.DataFrame,
    stretches: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    fills: Mapping[str, str],
    points: pd.DataFrame,
    said: Mapping[str, str],
    *,
    title: str,
    description: str,
) -> Markup:
    """Return the map: areas, one link per road to `#ruas-CODE`, points of damage.

    `links`: road_code, wkb, length_km, authority; `fills`: colour by area code; `points`: x, y, label; `said`: what is
    said of a road by its code.
    """
    window = Window.around(areas.total_bounds)
    parts = [
        _area(window, code, shape, fills) for code, shape in zip(areas["code"], areas.geometry, strict=True)
    ]
    by_road = {str(code): part for code, part in stretches.groupby("road_code")}
    lines = shapely.from_wkb(links["wkb"].to_numpy())
    for code, line, km in zip(links["road_code"], lines, links["length_km"], strict=True):
        if line is not None:
            parts.append(_road(window, str(code), line, float(km), by_road.get(str(code)), said[str(code)]))
    shown = points.dropna(subset=["x", "y"])
    for (x, y), label in zip(
        window.points(shown[["x", "y"]].to_numpy(dtype="float64")), shown["label"], strict=True
    ):
        parts.append(
            Markup(
                '<circle class="cc-roads__report" cx="{}" cy="{}" r="15"><title>{}</title></circle>'
            ).format(x, y, label)
        )
    head = Markup(
        '<svg class="cc-roads__map" viewBox="0 0 {} {}" role="group" aria-labelledby="peta-judul peta-isi" '
        'data-map tabindex="0"><title id="peta-judul">{}</title><desc id="peta-isi">{}</desc>'
    ).format(WIDTH, window.height, title, description)
    return head + Markup("").join(parts) + Markup("</svg>")


def _area(window: Window, code: str, shape: shapely.Geometry, fills: Mapping[str, str]) -> Markup:
    rings = [
        window.path(shapely.get_coordinates(part.exterior)) + "z"
        for part in shapely.get_parts(shape.simplify(60))
    ]
    return Markup('<path class="cc-roads__area" fill="{}" d="{}"/>').format(fills[code], "".join(rings))


def _road(
    window: Window, code: str, line: shapely.LineString, km: float, stretches: pd.DataFrame | None, said: str
) -> Markup:
    line = line if line.geom_type == "LineString" else max(shapely.get_parts(line), key=shapely.length)
    if stretches is None:
        drawn = [_stretch(window, line, "lain", 0)]
    else:
        whole = max(km * _KM, float(stretches["to_m"].max()))
        drawn = [
            _stretch(
                window,
                substring(line, row.from_m / whole, row.to_m / whole, normalized=True),
                str(row.condition),
                int(row.works),
            )
            for row in rows_of(stretches)
        ]
    head = Markup('<a class="cc-road" href="#ruas-{}" tabindex="-1"><title>{}</title>').format(code, said)
    return head + Markup("").join(drawn) + Markup("</a>")


def _stretch(window: Window, line: shapely.LineString, name: str, works: int) -> Markup:
    path = window.path(shapely.get_coordinates(line.simplify(_SIMPLIFIED_TO_M)))
    planned = Markup(' data-works="{}"').format(works) if works else ""
    return Markup('<path class="cc-is-{}"{} d="{}"/>').format(name, planned, path)


def strip(
    stretches: pd.DataFrame,
    segments: pd.DataFrame,
    reports: "pd.Series[float]",
    words: Mapping[str, str],
    title: str,
) -> Markup:
    """Return the strip of one road along its stations: condition, SDI or roughness, reports, works of the plan.

    `words`: the names of the rows by condition, sdi, iri, reports, works, and of each class.
    """
    whole = float(segments["to_m"].max())
    scale = (STRIP_WIDTH - _STRIP_LEFT - 14) / whole
    parts = [
        Markup('<text x="0" y="{}">{}</text>').format(round(16 + _STRIP_ROW * at, 1), words[name])
        for at, name in enumerate(("condition", "sdi", "reports", "works"))
    ]
    for row in rows_of(stretches):
        x, width = round(_STRIP_LEFT + row.from_m * scale, 1), round((row.to_m - row.from_m) * scale, 1)
        parts.append(
            Markup(
                '<rect class="cc-is-{}" x="{}" y="4" width="{}" height="16"><title>{}: STA {} – {}</title></rect>'
            ).format(row.condition, x, width, words[str(row.condition)], _sta(row.from_m), _sta(row.to_m))
        )
        if row.works:
            parts.append(
                Markup(
                    '<rect class="cc-strip__works" data-works="{}" x="{}" y="{}" width="{}" height="12"/>'
                ).format(int(row.works), x, 6 + 3 * _STRIP_ROW, width)
            )
    parts.append(_index(segments, scale))
    parts += [
        Markup(
            '<circle class="cc-roads__report" cx="{}" cy="{}" r="4"><title>STA {}</title></circle>'
        ).format(round(_STRIP_LEFT + metres * scale, 1), 12 + 2 * _STRIP_ROW, _sta(metres))
        for metres in reports
    ]
    parts += _axis(whole, scale)
    head = Markup(
        '<svg class="cc-strip__drawing" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">'
    ).format(STRIP_WIDTH, _STRIP_HEIGHT, title)
    return head + Markup("").join(parts) + Markup("</svg>")


def _index(segments: pd.DataFrame, scale: float) -> Markup:
    """Return the SDI as a stepped line, its full height 325."""
    base, tall = 2 * _STRIP_ROW - 2, _STRIP_ROW - 6
    known = segments[segments["sdi"].notna()]
    steps = [
        f"M{_STRIP_LEFT + row.from_m * scale:.1f} {base}v{-max(1.0, tall * row.sdi / _SDI_FULL):.1f}"
        f"h{(row.to_m - row.from_m) * scale:.1f}V{base}z"
        for row in rows_of(known)
    ]
    return Markup('<path class="cc-strip__index" d="{}"/>').format("".join(steps)) if steps else Markup("")


def _axis(whole: float, scale: float) -> list[Markup]:
    step = next(
        each for each in (100, 200, 500, 1000, 2000, 5000, 10000, 50000) if whole / each <= _TICKS_AT_MOST
    )
    y = 4 * _STRIP_ROW + 4
    return [
        Markup(
            '<path class="cc-strip__axis" d="M{} {}v5"/><text class="cc-strip__tick" x="{}" y="{}">{}</text>'
        ).format(round(_STRIP_LEFT + at * scale, 1), y, round(_STRIP_LEFT + at * scale, 1), y + 18, _sta(at))
        for at in range(0, int(whole) + 1, step)
    ]


def _sta(metres: float) -> str:
    return f"{int(metres) // 1000}+{int(metres) % 1000:03d}"


def swatch(name: str) -> Markup:
    """Return the line that stands for a class in a legend."""
    return Markup(
        '<svg class="cc-roads__swatch" viewBox="0 0 40 12" aria-hidden="true"><path class="cc-is-{}" d="M2 6h36"/></svg>'
    ).format(escape(name))
