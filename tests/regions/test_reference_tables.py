"""The committed tables agree with the real code files they were carried over from."""

import csv
import os
from pathlib import Path

import pandas as pd
import pytest

from command_center.regions import load_agencies, load_profile, load_regions
from command_center.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "real"
SETTINGS = Settings(root=ROOT)
needs_real = pytest.mark.skipif(
    not REAL.is_dir() and os.environ.get("CI") != "true", reason="the real data are not beside the project"
)


def _rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / "reference" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _real(name: str) -> pd.DataFrame:
    return pd.read_csv(REAL / name, dtype=str, keep_default_na=False)


def test_the_region_table_has_one_regency_16_kecamatan_271_desa_and_24_kelurahan() -> None:
    levels = pd.Series([row["level"] for row in _rows("regions.csv")]).value_counts().to_dict()
    assert levels == {"kab": 1, "kec": 16, "desa": 271, "kel": 24}


@pytest.mark.parametrize("name", ["regions.csv", "region_spellings.csv", "agencies.csv"])
def test_every_reference_row_names_its_source(name: str) -> None:
    assert all(row["source"].strip() for row in _rows(name))


def test_a_village_code_tells_desa_from_kelurahan() -> None:
    for row in _rows("regions.csv"):
        if row["level"] in ("desa", "kel"):
            assert row["code"].split(".")[3][0] == {"kel": "1", "desa": "2"}[row["level"]], row


def test_no_area_is_given_for_a_village_because_none_was_published() -> None:
    villages = [row for row in _rows("regions.csv") if row["level"] in ("desa", "kel")]
    assert not any(row["area_km2"] or row["area_source"] for row in villages)


def test_the_published_areas_of_the_kecamatan_add_up_to_the_regency_but_for_rounding() -> None:
    rows = _rows("regions.csv")
    total = sum(float(row["area_km2"]) for row in rows if row["level"] == "kec")
    assert total == pytest.approx(1955.83)
    assert float(rows[0]["area_km2"]) == 1955.82


def test_every_point_lies_within_the_bounds_of_the_profile() -> None:
    bounds = load_profile(SETTINGS).bounds
    assert all(bounds.contains(region.lon, region.lat) for region in load_regions(SETTINGS))


def test_computed_points_are_the_means_of_the_village_points_and_say_so() -> None:
    tree = load_regions(SETTINGS)
    for region in (tree.root, *tree.districts):
        villages = tree.descendants(region.code, level=("desa", "kel"))
        assert region.lon == pytest.approx(sum(v.lon for v in villages) / len(villages), abs=1e-5)
        assert region.lat == pytest.approx(sum(v.lat for v in villages) / len(villages), abs=1e-5)
        assert "computed" in region.source


def test_every_kecamatan_office_serves_a_kecamatan_and_none_is_left_out() -> None:
    offices = load_agencies(SETTINGS).of_kind("kecamatan")
    codes = [region.code for region in load_regions(SETTINGS).districts]
    assert [office.region_code for office in offices] == codes
    assert all(office.code == f"7.01.{office.region_code[-2:]}" for office in offices if office.region_code)


@needs_real
def test_codes_and_names_are_those_of_the_kemendagri_list() -> None:
    ours = {row["code"]: row["name"] for row in _rows("regions.csv")}
    real = dict(_real("codes/blora_codes.csv").itertuples(index=False, name=None))
    differing = {code: (ours.get(code), name) for code, name in real.items() if ours.get(code) != name}
    assert ours.keys() == real.keys()
    assert differing == {
        "33.16": ("Blora", "Kabupaten Blora"),
        "33.16.13.2008": ("Plosorejo", "plosorejo"),
    }
    for code, (_, printed) in differing.items():
        assert printed in load_regions(SETTINGS).get(code).spellings


@needs_real
def test_kecamatan_bps_codes_are_those_of_the_official_bridging_table() -> None:
    real = _real("codes/bridging_bps_kemendagri_kecamatan_blora.csv")
    ours = {row["code"].replace(".", ""): row["bps_code"] for row in _rows("regions.csv")}
    assert len(real) == 16
    assert all(ours[row.kode_dagri] == row.kode_bps for row in real.itertuples())


@needs_real
def test_village_bps_codes_points_and_postcodes_are_those_of_the_real_files() -> None:
    ours = {row["code"]: row for row in _rows("regions.csv")}
    census = _real("facts/population_village_census2010.csv")
    points = _real("codes/blora_desa_codes_points.csv")
    assert len(census) == len(points) == 295
    for row in census.itertuples():
        assert ours[row.kode_desa_kemendagri]["bps_code"] == row.kode_desa_bps2010
    for row in points.itertuples():
        one = ours[row.kode_desa]
        assert (one["postcode"], one["level"]) == (row.kodepos, row.jenis[:4].replace("kelu", "kel"))
        assert float(one["lon"]) == pytest.approx(float(row.lon_geografis), abs=1e-6)
        assert float(one["lat"]) == pytest.approx(float(row.lat_geografis), abs=1e-6)


@needs_real
def test_areas_are_the_published_ones() -> None:
    ours = {row["code"]: row["area_km2"] for row in _rows("regions.csv")}
    for row in _real("facts/area_kecamatan_2023.csv").itertuples():
        assert float(ours[row.kode_kec_kemendagri]) == float(row.luas_km2)


@needs_real
def test_every_matched_spelling_of_the_real_list_is_recorded() -> None:
    ours = {(row["code"], row["spelling"].casefold()) for row in _rows("region_spellings.csv")}
    real = _real("codes/real_name_variants.csv")
    wanted = {(row.kode, row.varian.casefold()) for row in real.itertuples() if row.kode}
    assert wanted <= ours
