"""A map whose regions are links with a name, in classes that words and hatching carry as much as colour."""

# ruff: noqa: S314  these read drawings the library itself has just made

import gzip
import re
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pytest
import shapely

from command_center.charts import ChartError, Figure, figure_html
from command_center.charts.notation import text_width
from command_center.locale import Locale
from command_center.maps.classes import rounded_quantiles
from command_center.maps.draw import choropleth
from command_center.maps.labels import place_labels
from command_center.theme import STATUSES, colours

SVG = "{http://www.w3.org/2000/svg}"
INDONESIAN, ENGLISH = Locale("id"), Locale("en")


def grid(columns: int, rows: int, *, level: str = "kec", size: float = 4_000.0) -> gpd.GeoDataFrame:
    cells = [
        (
            f"99.01.{number + 1:03d}",
            f"Wilayah {number + 1}",
            shapely.box(x * size, y * size, (x + 1) * size, (y + 1) * size),
        )
        for number, (y, x) in enumerate((y, x) for y in range(rows) for x in range(columns))
    ]
    codes, names, shapes = zip(*cells, strict=True)
    frame = {"code": codes, "name": names, "level": level, "parent_code": "99.01", "geometry": shapes}
    return gpd.GeoDataFrame(frame, crs=32749)


FOUR = grid(2, 2)
CODES = list(FOUR["code"])
VALUES = dict(zip(CODES, [12.34, 5.0, None, 20.0], strict=True))
LINKS = {code: f"/wilayah/{code}/?a=1&b=2" for code in CODES}


def drawn(values: object = VALUES, shapes: gpd.GeoDataFrame = FOUR, **settings: object) -> Figure:
    return choropleth(
        shapes, values, **{"locale": INDONESIAN, "title": "Judul", "unit": "%", "decimals": 1, **settings}
    )  # type: ignore[arg-type]


def links(figure: Figure) -> list[ET.Element]:
    return list(ET.fromstring(figure.svg).iter(f"{SVG}a"))


def fills(figure: Figure) -> list[str | None]:
    return [
        path.get("fill")
        for path in ET.fromstring(figure.svg).iter(f"{SVG}path")
        if "stroke-width" in path.attrib
    ]


def test_every_region_is_a_link_with_a_name_that_says_its_value() -> None:
    figure = drawn(links=LINKS)
    assert {link.get("href"): link.get("aria-label") for link in links(figure)} == {
        LINKS[CODES[0]]: "Kecamatan Wilayah 1: 12,3%",
        LINKS[CODES[1]]: "Kecamatan Wilayah 2: 5,0%",
        LINKS[CODES[2]]: "Kecamatan Wilayah 3: belum ada data",
        LINKS[CODES[3]]: "Kecamatan Wilayah 4: 20,0%",
    }
    for link in links(figure):
        assert link.find(f"{SVG}title").text == link.get("aria-label")
        assert link.find(f"{SVG}path").get("d").startswith("M")


def test_a_map_of_links_is_a_group_because_an_image_would_hide_them() -> None:
    assert ET.fromstring(drawn(links=LINKS).svg).get("role") == "group"
    assert ET.fromstring(drawn().svg).get("role") == "img"


def test_links_stay_as_given_and_nothing_else_points_anywhere() -> None:
    svg = drawn(links=LINKS).svg
    assert re.findall(r"https?://[^\"' ]+", svg) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"xlink|javascript:|<script|data-key", svg)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JavaScript:x",
        "data:text/html,x",
        " javascript:x",
        "java\nscript:x",
        "vbscript:x",
    ],
)
def test_an_address_that_could_run_something_is_refused(href: str) -> None:
    with pytest.raises(ChartError, match="address"):
        drawn(links={CODES[0]: href})


@pytest.mark.parametrize("href", ["/a/b:c", "../x/", "?wilayah=1", "https://contoh.go.id/a", "#atas"])
def test_ordinary_addresses_are_kept(href: str) -> None:
    assert links(drawn(links={CODES[0]: href}))[0].get("href") == href


def test_names_with_markup_are_only_names() -> None:
    shapes = FOUR.assign(name=["<script>alert(1)</script>", 'a"b', "c'd", "e&f"])
    html = figure_html(drawn(shapes=shapes, links=LINKS), INDONESIAN)
    assert "<script" not in html
    labels = {link.get("aria-label") for link in links(drawn(shapes=shapes, links=LINKS))}
    assert "Kecamatan <script>alert(1)</script>: 12,3%" in labels


def test_the_table_holds_the_values_and_the_missing_one() -> None:
    assert drawn().table.rows == (
        ("Kecamatan Wilayah 1", "12,3%"),
        ("Kecamatan Wilayah 2", "5,0%"),
        ("Kecamatan Wilayah 3", "belum ada data"),
        ("Kecamatan Wilayah 4", "20,0%"),
    )


def test_a_region_without_a_value_is_hatched_and_counted() -> None:
    figure = drawn()
    assert sum(str(fill).startswith("url(#hatch") for fill in fills(figure)) == 1
    assert figure.legend[-1].colour is None
    assert (figure.legend[-1].label, figure.legend[-1].detail) == ("Belum ada data", "1 wilayah")
    assert "Belum ada data untuk Wilayah 3." in figure.description


def test_a_value_on_a_limit_belongs_to_the_class_above() -> None:
    figure = drawn(edges=[5, 15])
    assert [(item.label, item.detail) for item in figure.legend] == [
        ("Di bawah 5%", "0 wilayah"),
        ("5% sampai di bawah 15%", "2 wilayah"),
        ("15% atau lebih", "1 wilayah"),
        ("Belum ada data", "1 wilayah"),
    ]


def test_counts_are_classes_of_whole_numbers() -> None:
    figure = drawn(dict(zip(CODES, [0, 1, 3, 7], strict=True)), unit="", decimals=0, edges=[1, 2, 4])
    assert [item.label for item in figure.legend] == ["0", "1", "2–3", "4 atau lebih"]


def test_statuses_are_words_shapes_and_areas() -> None:
    statuses = dict(zip(CODES, ["good", "watch", "no_data", "critical"], strict=True))
    figure = drawn(statuses=statuses, links=LINKS)
    assert links(figure)[0].get("aria-label") == "Kecamatan Wilayah 1: 12,3% (Aman)"
    assert set(fills(figure)) > {STATUSES[code].area for code in ("good", "watch", "critical")}
    assert [item.label for item in figure.legend] == ["Aman", "Waspada", "Kritis", "Belum ada data"]
    assert any(
        "■ Wilayah 4" in "".join(text.itertext()) for text in ET.fromstring(figure.svg).iter(f"{SVG}text")
    )
    assert [row[2] for row in figure.table.rows] == ["Aman", "Waspada", "Belum ada data", "Kritis"]


def test_a_plain_map_claims_nothing_about_its_regions() -> None:
    figure = drawn(None, links=LINKS)
    assert links(figure)[0].get("aria-label") == "Kecamatan Wilayah 1"
    assert figure.legend == ()
    assert figure.description == "Peta 4 wilayah."
    assert figure.table.rows[0] == ("Kecamatan Wilayah 1",)
    assert "belum ada data" not in figure_html(figure, INDONESIAN)


def test_the_description_is_in_the_readers_language() -> None:
    assert drawn(edges=[10]).description == (
        "Peta 4 wilayah. Di bawah 10%: 1 wilayah; 10% atau lebih: 2 wilayah; Belum ada data: 1 wilayah. "
        "Tertinggi: Kecamatan Wilayah 4: 20,0%. Terendah: Kecamatan Wilayah 2: 5,0%. Belum ada data untuk Wilayah 3."
    )
    assert drawn(edges=[10], locale=ENGLISH).description.startswith("Map of 4 regions. Below 10%: 1 region;")


def test_the_region_in_focus_is_outlined_and_drawn_last() -> None:
    paths = [
        path
        for path in ET.fromstring(drawn(focus=CODES[0], links=LINKS).svg).iter(f"{SVG}path")
        if path.get("stroke")
    ]
    outlined = [index for index, path in enumerate(paths) if path.get("stroke") == colours.INK]
    areas = [index for index, path in enumerate(paths) if path.get("stroke") == colours.NO_DATA_EDGE]
    assert len(outlined) == 1
    assert outlined[0] > max(areas[:3])


def test_approximate_borders_are_said_to_be_so() -> None:
    assert drawn(is_approximate=True).notes == ("Batas perkiraan, bukan peta resmi.",)
    assert drawn().notes == ()


def test_north_is_up() -> None:
    figure = drawn(links=LINKS)
    heights = {
        link.get("aria-label")[:19]: float(
            re.match(r"M-?[\d.]+,(-?[\d.]+)", link.find(f"{SVG}path").get("d"))[1]
        )
        for link in links(figure)
    }
    assert heights["Kecamatan Wilayah 1"] > heights["Kecamatan Wilayah 3"]


def test_neighbours_share_their_border_exactly_after_drawing() -> None:
    figure = drawn(links=LINKS)
    corners = {
        tuple(corner) for link in links(figure) for corner in _corners(link.find(f"{SVG}path").get("d"))
    }
    assert len(corners) == 9


def _corners(path: str) -> list[tuple[float, float]]:
    start, moves = re.fullmatch(r"M(.*?)l(.*)z", path).groups()
    x, y = (float(number) for number in start.split(","))
    numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", moves)]
    corners = [(x, y)]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = round(x + dx, 1), round(y + dy, 1)
        corners.append((x, y))
    return corners


def test_a_map_of_three_hundred_villages_is_small_and_bears_no_names() -> None:
    sites = np.random.default_rng(1).uniform(0, 40_000, (295, 2))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=shapely.box(0, 0, 40_000, 40_000))
    )
    rough = shapely.segmentize(cells, 120)
    shapes = gpd.GeoDataFrame(
        {
            "code": [f"{i}" for i in range(295)],
            "name": [f"Desa {i}" for i in range(295)],
            "level": "desa",
            "geometry": rough,
        },
        crs=32749,
    )
    figure = drawn(
        {f"{i}": float(i) for i in range(295)}, shapes, links={f"{i}": f"/wilayah/{i}/" for i in range(295)}
    )
    assert len(gzip.compress(figure.svg.encode())) < 60_000
    assert len(links(figure)) == 295
    assert not list(ET.fromstring(figure.svg).iter(f"{SVG}text"))


def test_a_keyboard_can_pass_a_map_of_many_links_at_one_stroke() -> None:
    html = figure_html(drawn(links=LINKS), INDONESIAN)
    target = re.search(r'<a class="cc-visually-hidden" href="#([\w-]+)">Lewati 4 wilayah pada peta</a>', html)
    assert target is not None
    assert f'<span id="{target[1]}" tabindex="-1">' in html


def test_a_map_of_nothing_and_limits_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(ChartError, match="at least one shape"):
        drawn(shapes=FOUR.head(0))
    with pytest.raises(ChartError, match="ascending"):
        drawn(edges=[10, 10])
    with pytest.raises(ChartError, match="at most 4"):
        drawn(edges=[1, 2, 3, 4, 5])


@pytest.mark.parametrize("values", [[1.0] * 4, [None] * 4, [1.0, 1.0, 1.0, 9.0], [98.1, 98.15, 98.7, 98.9]])
def test_values_that_hardly_differ_still_make_a_map(values: list[float | None]) -> None:
    figure = drawn(dict(zip(CODES, values, strict=True)))
    assert sum(int(item.detail.split()[0]) for item in figure.legend) == 4


def test_quantiles_are_rounded_only_as_far_as_they_stay_apart() -> None:
    assert rounded_quantiles(list(range(101))) == (20, 40, 60, 80)
    limits = rounded_quantiles([98.1, 98.2, 98.3, 98.6, 98.9])
    assert list(limits) == sorted(set(limits))
    assert rounded_quantiles([]) == ()
    assert rounded_quantiles([5.0, 5.0]) == ()


def test_names_stand_in_their_region_and_never_on_each_other() -> None:
    shapes = [shapely.box(x * 50, y * 18, x * 50 + 50, y * 18 + 18) for y in range(5) for x in range(4)]
    placed = place_labels(shapes, [f"Wilayah {i}" for i in range(20)], 200, 90)
    assert placed
    boxes = [
        shapely.box(p.x - w, p.y - 7, p.x + w, p.y + 7)
        for p in placed
        for w in [text_width(p.text, 11.5) / 2]
    ]
    assert not any(shapely.area(shapely.intersection(a, b)) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(shapely.contains_xy(shapes[p.index], p.x, p.y) for p in placed)


def test_a_name_without_room_is_left_out_unless_it_is_the_focus() -> None:
    shapes = [shapely.box(0, 0, 30, 14), shapely.box(0, 1, 30, 15)]
    assert len(place_labels(shapes, ["Satu", "Dua"], 30, 15)) == 1
    assert [label.index for label in place_labels(shapes, ["Satu", "Dua"], 30, 15, forced=1)] == [1]


def test_the_extremes_name_all_who_share_them_or_say_how_many() -> None:
    shared = drawn(dict(zip(CODES, [0, 0, 3, 3], strict=True)), unit="", decimals=0).description
    assert "Tertinggi: Kecamatan Wilayah 3 dan Kecamatan Wilayah 4: 3." in shared
    assert "Terendah: Kecamatan Wilayah 1 dan Kecamatan Wilayah 2: 0." in shared
    assert "Tertinggi" not in drawn(dict.fromkeys(CODES, 1.0)).description
    many = grid(3, 2)
    values = {code: float(number == 0) for number, code in enumerate(many["code"])}
    described = choropleth(many, values, locale=INDONESIAN, title="Judul", decimals=0).description
    assert "Terendah: 5 wilayah: 0." in described


def test_a_printed_figure_keeps_its_own_decimals() -> None:
    figure = drawn(
        dict(zip(CODES, [67.0, 60.27, 5.0, 4.0], strict=True)), decimals=2, decimals_of={CODES[0]: 0}
    )
    assert [row[1] for row in figure.table.rows[:2]] == ["67%", "60,27%"]


def test_what_is_not_comparable_has_no_class_but_a_word_a_shape_and_its_figure() -> None:
    codes = list(FOUR["code"])
    figure = choropleth(
        FOUR,
        {codes[0]: 99.0, codes[1]: 10.0, codes[2]: 20.0, codes[3]: None},
        locale=INDONESIAN,
        title="Judul",
        unit="%",
        decimals=1,
        apart={codes[0]: "not_comparable", codes[3]: "not_comparable"},
    )
    words = {item.label: (item.detail, item.shape) for item in figure.legend}
    assert words["Tidak dapat dibandingkan"] == ("1 wilayah", "△")
    assert words["Belum ada data"][0] == "1 wilayah"
    assert figure.table.rows[0] == ("Kecamatan Wilayah 1", "99,0%", "Tidak dapat dibandingkan")
    assert figure.table.rows[1][2] == "–"
    assert "Tertinggi: Kecamatan Wilayah 3" in figure.description
    assert "△ Wilayah 1" in figure.svg
    assert STATUSES["not_comparable"].area in figure.svg


def test_a_map_of_nothing_comparable_says_so() -> None:
    codes = list(FOUR["code"])
    figure = choropleth(
        FOUR,
        dict.fromkeys(codes, 5.0),
        locale=INDONESIAN,
        title="Judul",
        apart=dict.fromkeys(codes, "not_comparable"),
    )
    assert [item.label for item in figure.legend] == ["Tidak dapat dibandingkan"]
