"""Names as people write them find their region, or an error that lists the candidates."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_center.errors import UnknownRegionError
from command_center.regions import VILLAGE_LEVELS, AmbiguousRegionError, RegionTree, load_regions
from command_center.settings import Settings

TREE = load_regions(Settings(root=Path(__file__).resolve().parents[2]))


@pytest.fixture(scope="module")
def tree() -> RegionTree:
    return TREE


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("Todanan", None, None),
        ("Kec. Todanan", "33.16.14", "exact"),
        ("KEC.TODANAN", "33.16.14", "exact"),
        ("Kecamatan  Todanan *", "33.16.14", "exact"),
        ("Kradenan", "33.16.03", "exact"),
        ("kradenan\u00a0", "33.16.03", "exact"),
        ("Kec. Randu Blatung", "33.16.02", "spelling"),
        ("Kota Blora", "33.16.09", "spelling"),
        ("KOTA BLORA", "33.16.09", "spelling"),
        ("Blora Kota", "33.16.09", "spelling"),
        ("Kecamatan Blora Kota", "33.16.09", "spelling"),
        ("Kec. Blora", "33.16.09", "exact"),
        ("Kabupaten Blora", "33.16", "exact"),
        ("Kab. Blora", "33.16", "exact"),
        ("Desa Todanan", "33.16.14.2013", "exact"),
        ("Ds. Ngampel", "33.16.09.2028", "exact"),
        ("Kel. Kedung Jenar", "33.16.09.1009", "spelling"),
        ("Desa Kedungjenar", "33.16.09.1009", "exact"),
        ("Cabeyan", "33.16.05.2003", "spelling"),
        ("Cabeyan (Cabean)", "33.16.05.2003", "spelling"),
        ("Tlogotuwong", "33.16.02.2001", "fuzzy"),
    ],
)
def test_a_name_finds_its_region(tree: RegionTree, text: str, code: str | None, how: str | None) -> None:
    if code is None:
        with pytest.raises(AmbiguousRegionError):
            tree.match(text)
        return
    found = tree.match(text)
    assert (found.code, found.how) == (code, how)


def test_every_official_name_is_found_exactly_within_its_parent(tree: RegionTree) -> None:
    for region in tree:
        if region.parent is not None:
            found = tree.match(f" {region.name.upper()} ", within=region.parent, level=region.level)
            assert (found.code, found.how, found.score) == (region.code, "exact", 100.0)


def test_no_village_is_taken_for_a_sister_when_its_own_row_is_missing_but_for_one_pair(
    tree: RegionTree,
) -> None:
    """One real pair differs by a single letter; even there the match says that it is only a near one."""
    slid = set()
    for district in tree.districts:
        villages = tree.descendants(district.code, level=VILLAGE_LEVELS)
        for village in villages:
            others = RegionTree([tree.root, district, *(v for v in villages if v is not village)])
            with suppress(UnknownRegionError, AmbiguousRegionError):
                found = others.match(village.name, within=district.code, level=VILLAGE_LEVELS)
                slid.add((village.name, others.get(found.code).name, found.how))
    assert slid == {("Temurejo", "Tempurejo", "fuzzy"), ("Tempurejo", "Temurejo", "fuzzy")}


def test_a_spelling_between_two_names_is_ambiguous_not_a_choice(tree: RegionTree) -> None:
    with pytest.raises(AmbiguousRegionError, match=r"Desa Tem(pu|u)rejo.*Desa Tem(pu|u)rejo"):
        tree.match("Temprejo", within="33.16.09")


def test_the_name_of_regency_and_kecamatan_is_ambiguous_until_the_level_settles_it(tree: RegionTree) -> None:
    with pytest.raises(AmbiguousRegionError) as caught:
        tree.match("Blora")
    assert caught.value.candidates == ("33.16", "33.16.09")
    assert "Kabupaten Blora" in str(caught.value)
    assert tree.match("Blora", level="kec").code == "33.16.09"
    assert tree.match("Blora", level="kab").code == "33.16"
    assert tree.match("Blora", within="33.16").code == "33.16.09"


def test_a_village_name_of_two_kecamatan_is_ambiguous_until_within_settles_it(tree: RegionTree) -> None:
    with pytest.raises(AmbiguousRegionError) as caught:
        tree.match("Desa Plosorejo")
    assert {"33.16.02.2014", "33.16.13.2008"} <= set(caught.value.candidates)
    assert tree.match("Plosorejo", within="33.16.13").code == "33.16.13.2008"
    assert tree.match("Plosorejo", within="33.16.02").code == "33.16.02.2014"


@pytest.mark.parametrize("text", ["Ploso Rejo", "Sumberjo"])
def test_a_recorded_spelling_of_a_shared_name_is_as_ambiguous_as_the_name(
    tree: RegionTree, text: str
) -> None:
    with pytest.raises(AmbiguousRegionError):
        tree.match(text)


def test_a_recorded_spelling_settles_within_its_kecamatan(tree: RegionTree) -> None:
    assert tree.match("Ploso Rejo", within="33.16.13").code == "33.16.13.2008"
    assert tree.match("SUMBERJO", within="33.16.02").code == "33.16.02.2008"


def test_within_never_leaves_the_kecamatan_and_says_where_else_the_name_occurs(tree: RegionTree) -> None:
    with pytest.raises(UnknownRegionError, match=r"in Kecamatan Jati.*33\.16\.09\.2028 Desa Ngampel"):
        tree.match("Ngampel", within="33.16.01")


def test_an_unknown_name_is_an_error_that_names_the_nearest(tree: RegionTree) -> None:
    with pytest.raises(UnknownRegionError, match="Kecamatan Kedungtuban"):
        tree.match("Kec. Kedungwaru")


@pytest.mark.parametrize("text", ["", "  ", "-", "Kec.", "*", "nihil"])
def test_an_empty_or_meaningless_cell_matches_nothing(tree: RegionTree, text: str) -> None:
    with pytest.raises(UnknownRegionError):
        tree.match(text)


def test_a_fuzzy_match_tells_its_score_and_its_runner_up(tree: RegionTree) -> None:
    found = tree.match("Kedungtubann", level="kec")
    assert (found.code, found.how) == ("33.16.04", "fuzzy")
    assert 86 <= found.score < 100
    assert found.runner_up in {region.code for region in tree.districts} - {found.code}


def test_a_misprinted_capital_is_not_taken_for_its_kecamatan(tree: RegionTree) -> None:
    with pytest.raises(UnknownRegionError):
        tree.match("Memden", level="kec")


@given(st.text(max_size=30))
def test_any_text_gives_a_region_or_one_of_the_two_errors(text: str) -> None:
    with suppress(UnknownRegionError, AmbiguousRegionError):
        assert TREE.match(text).code in TREE
