"""The two code systems never lend each other a figure, and the tree is walked by code."""

import pickle
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from command_center.errors import ReferenceDataError, UnknownRegionError
from command_center.regions import AmbiguousRegionError, Region, RegionTree, load_profile, load_regions
from command_center.settings import Settings

SETTINGS = Settings(root=Path(__file__).resolve().parents[2])

# Typed from the official bridging table and the published areas, not read from our own table.
CROSSWALK = {
    "3316010": ("33.16.01", "Jati", 215.38),
    "3316020": ("33.16.02", "Randublatung", 235.92),
    "3316030": ("33.16.03", "Kradenan", 112.04),
    "3316040": ("33.16.04", "Kedungtuban", 108.45),
    "3316050": ("33.16.05", "Cepu", 49.04),
    "3316060": ("33.16.06", "Sambong", 102.68),
    "3316070": ("33.16.07", "Jiken", 165.40),
    "3316080": ("33.16.15", "Bogorejo", 60.82),
    "3316090": ("33.16.08", "Jepon", 119.19),
    "3316100": ("33.16.09", "Blora", 72.33),
    "3316110": ("33.16.11", "Banjarejo", 110.64),
    "3316120": ("33.16.10", "Tunjungan", 89.36),
    "3316130": ("33.16.16", "Japah", 129.23),
    "3316140": ("33.16.12", "Ngawen", 104.86),
    "3316150": ("33.16.13", "Kunduran", 124.72),
    "3316160": ("33.16.14", "Todanan", 155.77),
}


@pytest.fixture(scope="module")
def tree() -> RegionTree:
    return load_regions(SETTINGS)


def _region(code: str, bps_code: str, level: str, parent: str | None, name: str = "X") -> Region:
    return Region(code, name, level, parent, bps_code, (), 111.4, -7.0, None, "made for the test")


def test_bps_3316080_is_bogorejo_not_jepon(tree: RegionTree) -> None:
    assert tree.by_bps("3316080").code == "33.16.15"
    assert tree.by_bps(3316080).name == "Bogorejo"
    assert tree.get("33.16.08").name == "Jepon"


@pytest.mark.parametrize("system", ["bps", "kemendagri", "kemendagri without dots", "bps as a number"])
def test_a_join_over_all_16_kecamatan_never_returns_another_ones_figure(
    tree: RegionTree, system: str
) -> None:
    spell = {
        "bps": lambda bps, own: bps,
        "kemendagri": lambda bps, own: own,
        "kemendagri without dots": lambda bps, own: own.replace(".", ""),
        "bps as a number": lambda bps, own: float(bps),
    }[system]
    figures = pd.DataFrame(
        [(spell(bps, own), name, area) for bps, (own, name, area) in CROSSWALK.items()],
        columns=["their_code", "their_name", "their_area_km2"],
    )
    figures["code"] = [tree.resolve_code(code).code for code in figures["their_code"]]
    joined = tree.frame().merge(figures, on="code", validate="one_to_one")
    assert len(joined) == 16
    assert joined["name"].tolist() == joined["their_name"].tolist()
    assert joined["area_km2"].tolist() == joined["their_area_km2"].tolist()


def test_village_codes_of_both_systems_agree_on_the_kecamatan(tree: RegionTree) -> None:
    assert len(tree.villages) == 295
    for village in tree.villages:
        assert CROSSWALK[village.bps_code[:7]][0] == village.parent


@pytest.mark.parametrize(
    ("text", "code", "system"),
    [
        ("33.16.15", "33.16.15", "kemendagri"),
        ("331615", "33.16.15", "kemendagri"),
        (331615.0, "33.16.15", "kemendagri"),
        ("331615.0", "33.16.15", "kemendagri"),
        ("'331615", "33.16.15", "kemendagri"),
        (" 33 16 15\u00a0", "33.16.15", "kemendagri"),
        ("3316080", "33.16.15", "bps"),
        ("331608", "33.16.08", "kemendagri"),
        ("33.16.15.2001", "33.16.15.2001", "kemendagri"),
        (3316152001, "33.16.15.2001", "kemendagri"),
        ("3316010001", "33.16.01.2001", "bps"),
        ("33.16", "33.16", "kemendagri"),
        ("3316", "33.16", "both"),
    ],
)
def test_a_code_is_understood_in_either_system_and_says_which(
    tree: RegionTree, text: str | float, code: str, system: str
) -> None:
    resolved = tree.resolve_code(text)
    assert (resolved.code, resolved.system) == (code, system)


def test_every_code_of_both_systems_resolves_to_its_own_region(tree: RegionTree) -> None:
    for region in tree:
        assert tree.resolve_code(region.code).code == region.code
        assert tree.resolve_code(region.code.replace(".", "")).code == region.code
        assert tree.resolve_code(region.bps_code).code == region.code


def test_digits_that_mean_two_regions_are_refused_with_both_named() -> None:
    tree = RegionTree(
        [
            _region("33.16", "3316", "kab", None),
            _region("33.16.01", "3316010", "kec", "33.16"),
            _region("33.16.01.2001", "3316010009", "desa", "33.16.01", name="Their"),
            _region("33.16.01.2002", "3316012001", "desa", "33.16.01", name="Other"),
        ]
    )
    with pytest.raises(
        AmbiguousRegionError, match="Desa Their to Kemendagri and Desa Other to BPS"
    ) as caught:
        tree.resolve_code("3316012001")
    assert caught.value.candidates == ("33.16.01.2001", "33.16.01.2002")
    assert pickle.loads(pickle.dumps(caught.value)).candidates == caught.value.candidates  # noqa: S301


@pytest.mark.parametrize(
    "text", ["33.16.17", "331617", "3316170", "33.16.15.9999", "33.17.01", "", "nan", "x"]
)
def test_an_unknown_code_is_an_error_that_names_near_ones(tree: RegionTree, text: str) -> None:
    with pytest.raises(UnknownRegionError, match="nearest codes"):
        tree.resolve_code(text)
    assert tree.find_code(text) is None


def test_get_refuses_a_bps_code_because_a_region_code_is_kemendagris(tree: RegionTree) -> None:
    with pytest.raises(UnknownRegionError, match="3316080"):
        tree.get("3316080")


def test_ancestors_come_root_first_without_the_region_itself(tree: RegionTree) -> None:
    assert [region.code for region in tree.ancestors("33.16.09.2028")] == ["33.16", "33.16.09"]
    assert tree.ancestors("33.16") == ()


def test_descendants_can_be_kept_to_one_level_or_several(tree: RegionTree) -> None:
    assert len(tree.descendants("33.16")) == 311
    assert len(tree.descendants("33.16.09", level="desa")) == 16
    assert len(tree.descendants("33.16.09", level=("desa", "kel"))) == 28
    assert tree.children("33.16.09.2028") == ()
    with pytest.raises(UnknownRegionError, match="no level"):
        tree.descendants("33.16", level="rw")


def test_a_label_gives_the_indonesian_title_with_the_name(tree: RegionTree) -> None:
    codes = ("33.16", "33.16.09", "33.16.09.2028", "33.16.09.1009")
    assert [tree.label(code) for code in codes] == [
        "Kabupaten Blora",
        "Kecamatan Blora",
        "Desa Ngampel",
        "Kelurahan Kedungjenar",
    ]


def test_the_frame_has_a_row_per_region_and_an_absent_area_stays_absent(tree: RegionTree) -> None:
    frame = tree.frame()
    assert len(frame) == 312
    assert frame["area_km2"].notna().sum() == 17
    assert (frame["code"].str.len() >= 5).all()


def test_the_root_is_the_regency_of_the_profile(tree: RegionTree) -> None:
    profile = load_profile(SETTINGS)
    assert (tree.root.code, tree.root.bps_code, tree.root.name) == (
        profile.code,
        profile.bps_code,
        profile.name,
    )


def test_a_table_that_contradicts_itself_is_refused() -> None:
    root = _region("33.16", "3316", "kab", None)
    child = _region("33.16.01", "3316010", "kec", "33.16")
    for wrong, why in [
        ([root, child, replace(child, bps_code="3316020")], "twice"),
        ([root, child, replace(child, code="33.16.02")], "twice"),
        ([root, replace(child, parent="33.17")], "not listed"),
        ([root, replace(child, parent=None)], "2 regions have no parent"),
    ]:
        with pytest.raises(ReferenceDataError, match=why):
            RegionTree(wrong)


def test_a_region_table_without_a_needed_column_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    (folder / "region_spellings.csv").write_text("code,spelling,kind,source\n", encoding="utf-8")
    (folder / "regions.csv").write_text("code,name\n33.16,X\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=r"Columns are missing: .*bps_code"):
        load_regions(Settings(root=tmp_path))


def test_a_profile_whose_code_yaml_would_read_as_a_number_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    text = (SETTINGS.reference_dir / "regency.yml").read_text(encoding="utf-8")
    (folder / "regency.yml").write_text(text.replace('"33.16"', "33.10"), encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="'code' must be text"):
        load_profile(Settings(root=tmp_path))


def test_what_is_near_a_region_is_above_it_beside_it_and_directly_below_it(tree: RegionTree) -> None:
    districts = [one.code for one in tree.children("33.16")]
    villages = [one.code for one in tree.children("33.16.09")]
    assert tree.near("33.16") == ("33.16", *districts)
    assert tree.near("33.16.09") == ("33.16", *districts, *villages)
    assert tree.near(villages[0]) == ("33.16", "33.16.09", *villages)
