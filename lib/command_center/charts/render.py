"""From a chart of altair to a small, self-contained SVG that a page can carry inline.

No script, no outside reference, no text turned into outlines. It never sees a user's string as anything but
data, and sets names and links itself: vl-convert rewrites addresses and names nothing.

altair is imported where it is used, not at the top: it takes its time, and most commands draw nothing. What
draws is `drawing`, in a process of its own where there is one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from command_center.charts.drawing import draw
from command_center.charts.figure import ChartError
from command_center.charts.notation import HATCHES, MARK_LIMIT
from command_center.theme import FONT_STACK

if TYPE_CHECKING:
    import altair as alt

SVG = "http://www.w3.org/2000/svg"
Record = Mapping[str, object]
_NUMBER = re.compile(r"-?\d+\.\d+")
_REFERRING = frozenset({"fill", "stroke", "clip-path", "mask"})
_URL = re.compile(r"url\([\"']?#([^)\"']+)[\"']?\)")
_NOISE = frozenset(
    {
        "aria-hidden",
        "aria-roledescription",
        "role",
        "pointer-events",
        "class",
        "font-family",
        "version",
        "opacity",
    }
)
_GEOMETRY = frozenset(
    {"d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "r", "dy"}
)


@dataclass(frozen=True)
class Frame:
    """The inside of a drawing: its size in pixels, the values at its edges and the room kept around it."""

    width: float
    height: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0

    def x_pixel(self, value: float) -> float:
        """Return the distance from the left edge."""
        return (value - self.x_low) / (self.x_high - self.x_low) * self.width

    def y_pixel(self, value: float) -> float:
        """Return the distance from the top edge."""
        return (self.y_high - value) / (self.y_high - self.y_low) * self.height

    def x_value(self, pixel: float) -> float:
        """Return the value at a distance from the left edge."""
        return self.x_low + pixel / self.width * (self.x_high - self.x_low)

    def y_value(self, pixel: float) -> float:
        """Return the value at a distance from the top edge."""
        return self.y_high - pixel / self.height * (self.y_high - self.y_low)

    @property
    def padding(self) -> dict[str, float]:
        """The room around the inside."""
        return {"left": self.left, "right": self.right, "top": self.top, "bottom": self.bottom}


@dataclass(frozen=True)
class Layer:
    """One kind of mark, as altair writes it, and the records it is drawn from."""

    template: Mapping[str, Any]
    records: Sequence[Record]


def template(chart: "alt.Chart") -> Mapping[str, Any]:
    """Return what a chart of altair says, without data and scale: made once per style and kept.

    altair copies whatever it holds at every step; making each chart anew would take longer than drawing it.
    """
    written = chart.to_dict(validate=False)
    return MappingProxyType(
        {key: written[key] for key in ("mark", "encoding", "projection") if key in written}
    )


def specification(layers: Sequence[Layer], frame: Frame) -> dict[str, Any]:
    """Return the whole specification: layers on one pair of axes, of an exact size so that figures align on a page.

    Raises ChartError above the limit of marks.
    """
    count = sum(len(layer.records) for layer in layers)
    if count > MARK_LIMIT:
        raise ChartError(
            f"A figure of {count} marks was refused",
            who="the author of the page",
            next_step=f"aggregate first; a figure shows at most {MARK_LIMIT} marks",
        )
    return {
        "layer": [_placed(layer, frame, f"layer{number}") for number, layer in enumerate(layers)],
        "datasets": {f"layer{number}": list(layer.records) for number, layer in enumerate(layers)},
        "width": frame.width,
        "height": frame.height,
        "padding": frame.padding,
        "autosize": {"type": "none"},
        "config": {"font": FONT_STACK, "background": "transparent", "view": {"stroke": None, "fill": None}},
    }


def _placed(layer: Layer, frame: Frame, name: str) -> dict[str, Any]:
    encoding = dict(layer.template["encoding"])
    for channel, domain in (("x", [frame.x_low, frame.x_high]), ("y", [frame.y_low, frame.y_high])):
        if channel in encoding:
            encoding[channel] = {
                **encoding[channel],
                "scale": {"domain": domain, "nice": False, "zero": False},
            }
    return {**layer.template, "encoding": encoding, "data": {"name": name}}


def rendered(layers: Sequence[Layer], frame: Frame) -> ET.Element:
    """Return the drawing of the layers as an element tree, cleaned of what a page does not need."""
    root = ET.fromstring(draw(specification(layers, frame)))  # noqa: S314  our own renderer wrote it
    _clean(root)
    return root


def finished_svg(
    root: ET.Element, *, title: str, description: str, has_links: bool = False, widest: float | None = None
) -> str:
    """Return the SVG text: named, described, scaling with its box, with ids that no other figure has.

    It fills its box up to `widest` pixels of a 16-pixel font, by default its own width: a wall with a larger
    font shows it larger. A drawing with links is a group, since the parts of an image are hidden from
    assistive technology.
    """
    width, height = root.attrib.pop("width"), root.attrib.pop("height")
    root.set("viewBox", f"0 0 {width} {height}")
    limit = (float(width) if widest is None else widest) / 16
    font = FONT_STACK.replace('"', "'")
    root.set("style", f"display:block;width:100%;max-width:{limit:g}rem;height:auto;font-family:{font}")
    root.set("role", "group" if has_links else "img")
    _hatch(root)
    ET.register_namespace("", SVG)
    key = blake2s(f"{title}{description}".encode() + ET.tostring(root), digest_size=5).hexdigest()
    _name(root, key, title, description)
    _make_ids_unique(root, key)
    return ET.tostring(root, encoding="unicode")


def compact_path(path: str) -> str:
    """Return a path of straight lines ("M0,0L3,4Z") in steps of a tenth of a pixel, without points on one spot."""
    rings = []
    for ring in path.replace("Z", "").split("M")[1:]:
        corners = [[round(float(number) * 10) for number in corner.split(",")] for corner in ring.split("L")]
        steps = [(x - last_x, y - last_y) for (last_x, last_y), (x, y) in pairwise(corners)]
        numbers = [_tenths(number) for step in steps if step != (0, 0) for number in step]
        if numbers:
            moves = "".join(number if number.startswith("-") else f",{number}" for number in numbers)
            rings.append(f"M{_tenths(corners[0][0])},{_tenths(corners[0][1])}l{moves.removeprefix(',')}z")
    return "".join(rings)


def _tenths(number: int) -> str:
    sign, (whole, tenth) = "-" if number < 0 else "", divmod(abs(number), 10)
    if not tenth:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{tenth}"


def _clean(root: ET.Element) -> None:
    _number_ids(root)
    for parent in list(root.iter()):
        for child in list(parent):
            if _is_nothing(child):
                parent.remove(child)
    for element in root.iter():
        label = element.attrib.pop("aria-label", None)
        # Kept only where a drawing asked for it by its `description`, under a name the page never sees.
        if label is not None and element.get("aria-roledescription") == "geoshape":
            element.set("data-key", label)
        for name in _NOISE & element.attrib.keys():
            if name != "opacity" or element.get(name) == "1":
                del element.attrib[name]
        for name in _GEOMETRY & element.attrib.keys():
            element.set(name, _NUMBER.sub(_one_decimal, element.attrib[name]))
        if element.tag == f"{{{SVG}}}text" and "stroke" in element.attrib:
            element.set("paint-order", "stroke")  # a halo behind the letters, not over them
    _flatten(root)


def _is_nothing(element: ET.Element) -> bool:
    tag = element.tag.removeprefix(f"{{{SVG}}}")
    if tag == "rect" and element.get("fill") in ("white", "transparent"):
        return True
    if tag == "path":
        return element.get("d") in (None, "", "M0,0h0v0h0Z") or element.get("class") in (
            "background",
            "foreground",
        )
    return False


def _flatten(parent: ET.Element) -> None:
    """Replace groups that carry nothing by what they hold."""
    children: list[ET.Element] = []
    for child in parent:
        _flatten(child)
        plain = child.tag == f"{{{SVG}}}g" and not (child.attrib.keys() - {"transform"})
        if plain and child.get("transform", "translate(0,0)") == "translate(0,0)":
            children.extend(child)
        else:
            children.append(child)
    parent[:] = children


def _one_decimal(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def _hatch(root: ET.Element) -> None:
    used = {element.get("fill") for element in root.iter()} & HATCHES.keys()
    if not used:
        return
    definitions = ET.Element(f"{{{SVG}}}defs")
    for number, fill in enumerate(sorted(str(fill) for fill in used)):
        name = f"hatch{number}"
        definitions.append(_hatching(name, HATCHES[fill]))
        for element in root.iter():
            if element.get("fill") == fill:
                element.set("fill", f"url(#{name})")
    root.insert(0, definitions)


def _hatching(name: str, colour: str) -> ET.Element:
    pattern = ET.Element(
        f"{{{SVG}}}pattern",
        {
            "id": name,
            "width": "6",
            "height": "6",
            "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
        },
    )
    ET.SubElement(pattern, f"{{{SVG}}}rect", {"width": "6", "height": "6", "fill": "#fff"})
    ET.SubElement(pattern, f"{{{SVG}}}path", {"d": "M0,0V6", "stroke": colour, "stroke-width": "2.4"})
    return pattern


def _name(root: ET.Element, key: str, title: str, description: str) -> None:
    for position, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": tag})
        element.text = text
        root.insert(position, element)
    root.set("aria-labelledby", f"title-{key} desc-{key}")


def _number_ids(root: ET.Element) -> None:
    """Number the ids anew: vl-convert counts them on from drawing to drawing, and the same drawing is the same bytes."""
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    names = {name: f"i{number}" for number, name in enumerate(dict.fromkeys(ids))}
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", names[element.attrib["id"]])
        for name in _REFERRING & element.attrib.keys():
            element.set(name, _URL.sub(lambda match: f"url(#{names[match[1]]})", element.attrib[name]))


def _make_ids_unique(root: ET.Element, key: str) -> None:
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", f"{element.attrib['id']}-{key}")
        for name in _REFERRING & element.attrib.keys():
            element.set(name, _URL.sub(rf"url(#\1-{key})", element.attrib[name]))
