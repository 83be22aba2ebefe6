"""Colours that can be read, statuses that do not need colour, one stylesheet that asks nothing of the internet."""

import re
from itertools import combinations

import pytest

from command_center.locale import Translator
from command_center.theme import (
    PROVENANCES,
    STATUSES,
    AssetError,
    ThemeError,
    colours,
    font_files,
    provenance_html,
    status_html,
    stylesheet,
)

GROUNDS = (colours.PAPER, colours.PAGE)
TEXTS = ("INK", "TEXT", "MUTED", "LINK", "GOOD", "WATCH", "CRITICAL", "NO_DATA", "TARGET")
EDGES = ("GOOD_EDGE", "WATCH_EDGE", "CRITICAL_EDGE", "NO_DATA_EDGE", "LINE_STRONG", "REALISED")


def test_contrast_is_that_of_the_standard() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert colours.contrast("#ffffff", "#777777") == colours.contrast("#777777", "#ffffff")


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_colour_of_text_reaches_aa_on_every_ground(name: str, ground: str) -> None:
    assert colours.contrast(getattr(colours, name), ground) >= 4.5


@pytest.mark.parametrize("colour", colours.METHODS)
def test_the_lines_of_a_trend_can_carry_their_own_label(colour: str) -> None:
    assert colours.contrast(colour, colours.PAPER) >= 4.5


@pytest.mark.parametrize("name", EDGES)
def test_edges_and_bars_stand_out_from_paper(name: str) -> None:
    assert colours.contrast(getattr(colours, name), colours.PAPER) >= 3


def test_white_text_on_ink_and_dark_text_on_light_areas_reach_aa() -> None:
    assert colours.contrast(colours.PAPER, colours.INK) >= 4.5
    for area in (colours.GOOD_AREA, colours.WATCH_AREA, colours.NO_DATA_AREA):
        assert colours.contrast(colours.TEXT, area) >= 4.5
    for fill in (colours.GOOD_EDGE, colours.CRITICAL_EDGE):
        assert colours.contrast(colours.PAPER, fill) >= 4.5


@pytest.mark.parametrize("hue", sorted(colours.SEQUENCES))
def test_a_sequence_of_a_map_only_gets_darker(hue: str) -> None:
    darkness = [colours.contrast(colour, colours.PAPER) for colour in colours.sequence(hue, 5)]
    assert darkness == sorted(darkness)
    assert len(set(colours.sequence(hue, 3))) == 3


def test_areas_of_good_watch_and_critical_differ_without_colour() -> None:
    areas = (colours.GOOD_AREA, colours.WATCH_AREA, colours.CRITICAL_AREA)
    assert all(colours.contrast(first, second) > 1.3 for first, second in combinations(areas, 2))


def test_no_two_statuses_share_word_shape_or_class() -> None:
    for attribute in ("word", "shape", "css_class"):
        assert len({getattr(status, attribute) for status in STATUSES.values()}) == len(STATUSES)


def test_the_words_of_the_statuses_are_those_agreed() -> None:
    words = [Translator("id").t(status.word) for status in STATUSES.values()]
    assert words == [
        "Aman", "Waspada", "Kritis", "Tanpa sasaran", "Sasaran tahun lain", "Belum ada data", "Data belum layak",
        "Tidak dapat dibandingkan", "Disembunyikan, jumlah kecil",
    ]  # fmt: skip


def test_a_status_is_word_and_shape_and_only_the_word_is_read_out() -> None:
    html = status_html("watch", Translator("id"))
    assert "Waspada" in html
    assert '<span class="cc-status__shape" aria-hidden="true">◆</span>' in html


def test_a_proposal_never_reads_as_law() -> None:
    words = {code: Translator("id").t(looks.word) for code, looks in PROVENANCES.items()}
    assert words == {"law": "hukum", "practice": "praktik", "proposal": "usulan", "published": "terbit"}
    assert "hukum" not in provenance_html("proposal", Translator("id"))


@pytest.mark.parametrize("show", [status_html, provenance_html])
def test_an_unknown_code_is_refused_with_the_known_ones(show) -> None:
    with pytest.raises(ThemeError, match=r"good|law"):
        show("purple", Translator("id"))


def test_the_stylesheet_asks_nothing_of_another_host() -> None:
    css = stylesheet("/assets/")
    assert "@import" not in css
    assert [
        url for url in re.findall(r"url\(\"([^\"]*)", css) if not url.startswith(("/assets/", "data:"))
    ] == []
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", css) == []


def test_every_property_the_stylesheet_uses_is_defined() -> None:
    css = stylesheet()
    used = set(re.findall(r"var\((--[a-z-]+)", css))
    assert used - set(re.findall(r"(--[a-z-]+):", css)) == set()


def test_every_class_starts_with_the_prefix_or_belongs_to_the_widgets() -> None:
    css = re.sub(r"/\*.*?\*/|url\(.*?\)|\"[^\"]*\"", "", stylesheet(), flags=re.DOTALL)
    names = set(re.findall(r"\.([a-zA-Z][\w-]*)(?=[^;{}]*\{)", css))
    strangers = {
        name for name in names if not name.startswith(("cc-", "widget-", "jp-", "jupyter-", "noUi-"))
    }
    assert strangers == set()


def test_braces_are_balanced_and_nothing_can_close_the_style_element() -> None:
    css = stylesheet("/assets")
    assert css.count("{") == css.count("}")
    assert "</" not in css


def test_fonts_are_named_below_the_base_and_their_files_exist() -> None:
    for name, path in font_files().items():
        assert path.is_file()
        assert f'url("/kota/assets/{name}")' in stylesheet("/kota/assets/")
    assert "@font-face" not in stylesheet()


@pytest.mark.parametrize("base", ['/a"b', "/a b", "</style>", "/a)", "/a\\"])
def test_a_base_that_could_break_out_of_the_stylesheet_is_refused(base: str) -> None:
    with pytest.raises(AssetError):
        stylesheet(base)


def test_colours_become_properties_once() -> None:
    assert f"--cc-ink:{colours.INK};" in stylesheet()
    assert stylesheet().count("--cc-ink:") == 1


def test_no_rule_of_the_sheet_invents_a_hue() -> None:
    css = re.sub(r"url\(.*?\)", "", stylesheet())
    own = {value.lower() for value in re.findall(r"#[0-9a-fA-F]{6}\b", css)}
    known = {value for value in vars(colours).values() if isinstance(value, str) and value.startswith("#")}
    assert own <= known
