"""A map of values or statuses by region, drawn as SVG whose regions are links without any script.

Takes shapes in metres and plain values; merges, guesses and looks up nothing. A region without a value is
hatched, never coloured; shapes that are only approximate are said to be so.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import shapely
from geopandas import GeoDataFrame

from command_center.charts import marks
from command_center.charts.figure import ChartError, Column, Figure, Table
from command_center.charts.notation import HATCH_NO_DATA, SMALL_FONT_SIZE
from command_center.charts.render import SVG, Frame, Layer, compact_path, finished_svg, rendered, template
from command_center.charts.words import joined
from command_center.locale import Locale, is_missing
from command_center.maps.classes import (
    Classes,
    Hue,
    plain,
    status_classes,
    value_classes,
    with_apart,
)
from command_center.maps.labels import PlacedLabel, place_labels
from command_center.regions import region_title
from command_center.theme import colours

_LABELLED_AT_MOST, _NAMED_AT_MOST = 30, 3
# With names the drawing is small and grows little, so that they stay legible in a narrow column and on a phone.
_WIDTH_WITH_NAMES, _WIDTH, _GROWTH, _TALLEST, _EDGE = 372.0, 480.0, 1.25, 1.25, 6.0
_SIMPLIFIED_TO = 0.5  # pixels: finer than the eye, and half the bytes


@dataclass(frozen=True)
class _Region:
    code: str
    name: str
    label: str
    said: str
    fill: str
    href: str | None


def choropleth(
    shapes: GeoDataFrame,
    values: Mapping[str, float | None] | None,
    *,
    locale: Locale,
    title: str,
    unit: str = "",
    decimals: int | None = None,
    decimals_of: Mapping[str, int] | None = None,
    edges: Sequence[float] | None = None,
    hue: Hue = "blues",
    statuses: Mapping[str, str] | None = None,
    apart: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    focus: str | None = None,
    is_approximate: bool = False,
    hidden: Collection[str] = (),
) -> Figure:
    """Return the map of `shapes` (columns code, name, level and geometry in metres, north up).

    `values` gives a value, or None, by code; a code it lacks has no data. `values=None` without statuses asks
    for a plain map that shows where the regions lie and claims nothing about them. `decimals_of` says how many
    decimals the figure of a code has where that is not `decimals`. With `statuses` (code -> status
    code) the areas show statuses, otherwise classes of values: `edges` are the inner limits in ascending
    order, a value on a limit belongs to the class above; without them quantiles are rounded. `apart` sets regions
    with a value apart under a status that forbids comparison (code -> status code), without a class. `links` makes
    regions links, focusable and named; addresses are used as given, so they must be paths or http addresses.
    `focus` is outlined; `hidden` codes have a value of few persons that is not shown. Up to 30 regions bear
    their name. Raises ChartError for no shapes, unordered edges and other addresses.
    """
    if shapes.empty:
        raise ChartError("A map needs at least one shape", where=title, who="the author of the page")
    known = {
        code: float(value)
        for code, value in (values or {}).items()
        if value is not None and not is_missing(value) and code not in hidden
    }
    listed = [str(code) for code in shapes["code"]]
    aside = {code: one for code, one in (apart or {}).items() if code in known and code in listed}
    if statuses is not None:
        classes = status_classes(statuses, listed, locale)
    elif values is None:
        classes = plain(listed)
    else:
        compared = [code for code in listed if code not in aside and code not in hidden]
        classes = Classes({}, {}, {}, ())
        if compared or not aside:
            classes = value_classes(
                known, compared, locale, edges=edges, hue=hue, unit=unit, decimals=decimals
            )
        classes = with_apart(
            classes.with_hidden([code for code in listed if code in hidden], locale), aside, locale
        )
    places = decimals_of or {}
    said = {
        code: locale.t("hidden, small count")
        if code in hidden
        else locale.quantity(known.get(code), unit, places.get(code, decimals))
        for code in ([] if values is None else listed)
    }
    regions = _regions(shapes, said, classes, links or {}, locale)
    comparable = {code: value for code, value in known.items() if code not in aside}
    description = _description(regions, comparable, classes, locale)
    svg = _svg(shapes, regions, focus, classes, title=title, description=description)
    notes = (locale.t("Approximate borders, not an official map."),) if is_approximate else ()
    return Figure(
        title=title,
        description=description,
        svg=svg,
        table=_table(regions, said, classes, locale),
        notes=notes,
        legend=classes.legend,
        kind="map",
        link_count=sum(region.href is not None for region in regions),
    )


def _regions(
    shapes: GeoDataFrame, said: Mapping[str, str], classes: Classes, links: Mapping[str, str], locale: Locale
) -> list[_Region]:
    regions = []
    for code, name, level in zip(shapes["code"], shapes["name"], shapes["level"], strict=True):
        label, word = region_title(str(name), str(level), locale), classes.words.get(code)
        facts = [said[code]] if code in said else []
        facts += [f"({word})" if facts else word] if word else []
        text = f"{label}: {' '.join(facts)}" if facts else label
        href = links.get(code)
        if href is not None and not _is_safe(href):
            raise ChartError(
                f"The link of region {code} is not an address of a page", who="the author of the page"
            )
        regions.append(_Region(code, str(name), label, text, classes.fills.get(code, HATCH_NO_DATA), href))
    return regions


def _is_safe(href: str) -> bool:
    # A scheme ends at the first colon; anything before it other than http(s) could run something.
    scheme = href.partition(":")[0] if ":" in href.split("/")[0] else ""
    return scheme.lower() in ("", "http", "https") and not any(ord(character) < 33 for character in href)


def _svg(
    shapes: GeoDataFrame,
    regions: Sequence[_Region],
    focus: str | None,
    classes: Classes,
    *,
    title: str,
    description: str,
) -> str:
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    has_names = len(regions) <= _LABELLED_AT_MOST
    room = _WIDTH_WITH_NAMES if has_names else _WIDTH
    scale = min(room / (east - west), room * _TALLEST / (north - south))
    width, height = (east - west) * scale, (north - south) * scale
    # One simplification for all: shape by shape, gaps would open between neighbours.
    outlines = shapely.coverage_simplify(shapes.geometry.to_numpy(), _SIMPLIFIED_TO / scale)
    frame = Frame(
        width=width,
        height=height,
        x_low=0,
        x_high=width,
        y_low=height,
        y_high=0,
        left=_EDGE,
        right=_EDGE,
        top=_EDGE,
        bottom=_EDGE,
    )
    layers = [_area_layer(outlines, regions, scale, (-west * scale, north * scale))]
    if has_names:
        pixels = shapely.transform(
            shapes.geometry.to_numpy(), lambda xy: (xy - (west, north)) * (scale, -scale)
        )
        names = [f"{classes.shapes.get(r.code, '')} {r.name}".strip() for r in regions]
        forced = next((index for index, region in enumerate(regions) if region.code == focus), None)
        layers += _label_layers(frame, place_labels(pixels, names, width, height, forced=forced), forced)
    root = rendered(layers, frame)
    _name_regions(root, {region.code: region for region in regions}, focus)
    has_links = any(region.href for region in regions)
    return finished_svg(
        root, title=title, description=description, has_links=has_links, widest=width * _GROWTH
    )


def _area_layer(
    outlines: Sequence[Any], regions: Sequence[_Region], scale: float, move: tuple[float, float]
) -> Layer:
    records = [
        {
            "type": "Feature",
            "geometry": shapely.geometry.mapping(outline),
            "key": region.code,
            "colour": region.fill,
        }
        for outline, region in zip(outlines, regions, strict=True)
    ]
    projection = {"type": "identity", "reflectY": True, "scale": scale, "translate": list(move)}
    return Layer({**_areas(), "projection": projection}, records)


@cache
def _areas() -> Mapping[str, Any]:
    # altair takes two seconds to import, and most pages show a map drawn before: see charts.render.
    import altair as alt

    chart = alt.Chart().mark_geoshape(stroke=colours.NO_DATA_EDGE, strokeWidth=0.6, strokeJoin="round")
    return template(
        chart.encode(
            alt.Fill(field="colour", type="nominal", scale=None),
            # Only a code goes in; the words and the link follow after rendering, see render.
            alt.Description(field="key", type="nominal"),
        )
    )


def _label_layers(frame: Frame, placed: Sequence[PlacedLabel], focus: int | None) -> Iterator[Layer]:
    for is_focus in (False, True):
        records = [
            {"x": label.x, "y": label.y, "text": label.text, "colour": colours.TEXT}
            for label in placed
            if (label.index == focus) is is_focus
        ]
        if records:
            yield marks.labels(records, align="center", size=SMALL_FONT_SIZE, bold=is_focus, halo=True)


def _name_regions(root: ET.Element, regions: Mapping[str, _Region], focus: str | None) -> None:
    """Turn each region's path into a named link (or a titled path), the one in focus drawn last."""
    parents = {child: parent for parent in root.iter() for child in parent}
    paths = [element for element in root.iter(f"{{{SVG}}}path") if "data-key" in element.attrib]
    for path in paths:
        region, parent = regions[path.attrib.pop("data-key")], parents[path]
        path.set("d", compact_path(path.attrib["d"]))
        position = list(parent).index(path)
        parent.remove(path)
        if region.code == focus:
            path.set("stroke", colours.INK)
            path.set("stroke-width", "2.5")
            position = len(parent)
        parent.insert(position, _named(path, region))


def _named(path: ET.Element, region: _Region) -> ET.Element:
    title = ET.Element(f"{{{SVG}}}title")
    title.text = region.said
    if region.href is None:
        path.insert(0, title)
        return path
    link = ET.Element(f"{{{SVG}}}a", {"href": region.href, "aria-label": region.said})
    link.extend([title, path])
    return link


def _description(
    regions: Sequence[_Region], known: Mapping[str, float], classes: Classes, locale: Locale
) -> str:
    count = locale.number(len(regions))
    if not classes.legend:
        return locale.t("Map of {count} regions.", count=count)
    counted = "; ".join(f"{item.label}: {item.detail}" for item in classes.legend)
    parts = [locale.t("Map of {count} regions. {classes}.", count=count, classes=counted)]
    if len(set(known.values())) > 1:
        highest, lowest = (_extreme(regions, known, end(known.values()), locale) for end in (max, min))
        parts.append(locale.t("Highest: {highest}. Lowest: {lowest}.", highest=highest, lowest=lowest))
    missing = [region.name for region in regions if region.fill == HATCH_NO_DATA]
    if missing and len(missing) <= _LABELLED_AT_MOST:
        parts.append(locale.t("No data yet for {names}.", names=joined(locale, missing)))
    return " ".join(parts)


def _extreme(regions: Sequence[_Region], known: Mapping[str, float], value: float, locale: Locale) -> str:
    """Return who has a value, all of them where few share it, else how many: naming one would mislead."""
    having = [region for region in regions if known.get(region.code) == value]
    figure = having[0].said.partition(": ")[2]
    if len(having) <= _NAMED_AT_MOST:
        return f"{joined(locale, [region.label for region in having])}: {figure}"
    return f"{locale.tn('{n} region', '{n} regions', len(having))}: {figure}"


def _table(regions: Sequence[_Region], said: Mapping[str, str], classes: Classes, locale: Locale) -> Table:
    columns, cells = [Column(locale.t("Region"))], [[region.label for region in regions]]
    if said:
        columns.append(Column(locale.t("Value"), is_number=True))
        cells.append([said[region.code] for region in regions])
    if classes.words:
        columns.append(Column(locale.t("Status")))
        cells.append([classes.words.get(region.code, "–") for region in regions])
    return Table(tuple(columns), tuple(zip(*cells, strict=True)))
