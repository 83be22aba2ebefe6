"""The figures committed with the house are whole, each has its source, and conflicting ones stand side by side.

Reads the files with plain csv and the declarations with plain YAML, so that a fault of the library's own
reader cannot hide a fault of the figures. Where the shared facts lie beside the house, both are compared.
"""

import csv
import importlib
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tests.lacking import lacking

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "data" / "published"
REFERENCE = ROOT / "data" / "reference"
REAL = ROOT.parent / "shared" / "real"

REGENCY = "33.16"
STANDARD = ["as_of", "source", "source_date", "note"]
PERIOD = re.compile(r"\d{4}(-(Q[1-4]|S[12]|\d{2}(-\d{2})?))?")

# 2010 census by kecamatan, the sum of its villages. Named, because the two code systems order them differently.
CENSUS_2010 = {
    "Jati": 45177,
    "Randublatung": 73969,
    "Kradenan": 38721,
    "Kedungtuban": 54220,
    "Cepu": 72146,
    "Sambong": 24933,
    "Jiken": 37369,
    "Bogorejo": 23548,
    "Jepon": 58940,
    "Blora": 90714,
    "Banjarejo": 56907,
    "Tunjungan": 44828,
    "Japah": 33321,
    "Ngawen": 55950,
    "Kunduran": 61972,
    "Todanan": 57013,
}

# The same topic, two numbers: table, then (period, method, column, value) of each figure.
CONFLICTS = {
    "stunting, routine and survey": [
        ("health_stunting", "2024", "eppgbm", "prevalence_pct", 5.94),
        ("health_stunting_survey", "2023", "ski", "prevalence_pct", 21.2),
    ],
    "length of regency roads": [
        ("infrastructure_road_condition", "2022", "dpupr", "length_km", 910),
        ("infrastructure_road_condition", "2019", "bps", "length_km", 1210.84),
    ],
    "steady share of regency roads": [
        ("infrastructure_road_condition", "2022", "dpupr", "steady_pct", 67),
        ("infrastructure_road_condition", "2019", "bps", "steady_pct", 60.27),
    ],
    "population": [
        ("population_population", "2022-S2", "dukcapil", "persons", 911614),
        ("population_population", "2025", "kepmendagri", "persons", 927961),
        ("population_population", "2022", "bps_projection", "persons", 895050),
    ],
    "the poor and the aid register": [
        ("social_poverty", "2024", "bps_susenas", "poor_persons", 99140),
        ("social_welfare_register", "2025", "dtks", "registered_persons", 443572),
    ],
    "official poverty rate and the poor over projected population": [
        ("social_poverty", "2024", "bps_susenas", "poverty_rate_pct", 11.42),
        ("social_poverty", "2024", "projection_ratio", "poverty_rate_pct", 10.92),
    ],
    "out-of-school children": [
        ("education_out_of_school", "2025-02", "local", "reported_children", 3282),
        ("education_out_of_school", "2025-02", "kementerian", "reported_children", 3830),
        ("education_out_of_school", "2025-07", "disdik_trend", "reported_children", 3769),
    ],
    "oil and gas share": [
        ("finance_oil_gas_share", "2024", "midyear_statement", "received_idr", 125_050_000_000),
        ("finance_oil_gas_share", "2024", "annual_receipt", "received_idr", 135_100_000_000),
    ],
    "investment": [
        ("licensing_investment", "2023", "year_end_statement", "realised_idr", 126_000_000_000),
        ("licensing_investment", "2023", "lkpm_cjibf", "realised_idr", 205_630_000_000),
    ],
    "health insurance, registered and active": [
        ("health_jkn_registration", "2025-04", "registered", "registered_pct", 98.11),
        ("health_jkn_activity", "2025-04", "active", "active_pct", 70),
    ],
    "dashboard items": [
        ("public_services_dashboard_items", "2022", "brief", "items_count", 9),
        ("public_services_dashboard_items", "2022", "launch", "items_count", 10),
    ],
    "revenue of 2024": [
        ("finance_revenue", "2024", "lkpj", "revenue_idr", 2_661_049_048_949),
        ("finance_revenue", "2024", "lkpj_other_report", "revenue_idr", 2_661_094_365_970),
    ],
    "dengue incidence of 2024": [
        ("health_dengue", "2024", "bps_jateng", "incidence_per_100000", 43.2),
        ("health_dengue", "2024-11", "dinkesda_to_date", "incidence_per_100000", 38.0),
    ],
}

Row = dict[str, str]


@cache
def rows_of(table: str) -> list[Row]:
    with (PUBLISHED / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@cache
def declared() -> dict[str, dict]:
    """Every declared dataset with a file under data/published, by the file's stem."""
    found = {}
    for path in sorted((ROOT / "sectors").glob("*/sector.yml")):
        for dataset in yaml.safe_load(path.read_text(encoding="utf-8"))["datasets"]:
            if dataset.get("file", "").startswith("published/"):
                stem = Path(dataset["file"]).stem
                assert stem not in found, f"{stem} is declared twice"
                assert stem == f"{path.parent.name}_{dataset['id']}", stem
                found[stem] = dataset
    return found


@cache
def region_names() -> dict[str, str]:
    with (REFERENCE / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def codes_of(file: str) -> set[str]:
    with (REFERENCE / file).open(encoding="utf-8", newline="") as opened:
        return {row["code"] for row in csv.DictReader(opened)}


def every_row() -> Iterator[tuple[str, int, Row]]:
    for table in sorted(declared()):
        for number, row in enumerate(rows_of(table), start=2):
            yield table, number, row


def figure(table: str, period: str, method: str, column: str, region: str = REGENCY) -> float:
    found = [
        row[column]
        for row in rows_of(table)
        if (row["region_code"], row["period"], row["method"], row.get("agency_code", ""))
        == (region, period, method, "")
    ]
    assert len(found) == 1, f"{table} {period} {method}: {len(found)} rows"
    return float(found[0])


# --- every table --------------------------------------------------------------------------------


def test_every_published_file_is_declared_by_one_dataset_and_every_declared_file_is_there() -> None:
    assert sorted(path.stem for path in PUBLISHED.glob("*.csv")) == sorted(declared())
    assert [path.name for path in PUBLISHED.iterdir() if path.suffix != ".csv"] == []


def test_the_columns_of_a_table_are_those_declared_in_their_order() -> None:
    for table, dataset in declared().items():
        with (PUBLISHED / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert header == [field["name"] for field in dataset["table"]["fields"]], table
        assert header[0] == "region_code"
        assert header[-4:] == STANDARD


def test_no_table_is_empty_and_no_row_says_nothing() -> None:
    silent = []
    for table, dataset in declared().items():
        assert rows_of(table), table
        key = {*dataset["table"]["primaryKey"], "authority", *STANDARD}
        silent += [
            f"{table}: {row}" for row in rows_of(table) if not any(row[c] for c in row if c not in key)
        ]
    assert silent == []


def test_the_key_of_a_table_is_unique() -> None:
    for table, dataset in declared().items():
        keys = [tuple(row[name] for name in dataset["table"]["primaryKey"]) for row in rows_of(table)]
        assert len(set(keys)) == len(keys), table


def test_every_region_and_agency_is_known() -> None:
    known = {"region_code": codes_of("regions.csv"), "agency_code": codes_of("agencies.csv") | {""}}
    unknown = [
        f"{table}:{number}: {column} {row[column]}"
        for table, number, row in every_row()
        for column, codes in known.items()
        if column in row and row[column] not in codes
    ]
    assert unknown == []


def test_every_number_parses_and_keeps_its_limits() -> None:
    wrong = []
    for table, number, row in every_row():
        for field in declared()[table]["table"]["fields"]:
            cell = row[field["name"]]
            if field.get("type") not in {"integer", "number"} or cell == "":
                continue
            pattern = r"-?\d+" if field["type"] == "integer" else r"-?\d+(\.\d+)?"
            limits = field.get("constraints", {})
            if not re.fullmatch(pattern, cell) or not (
                limits.get("minimum", -float("inf")) <= float(cell) <= limits.get("maximum", float("inf"))
            ):
                wrong.append(f"{table}:{number}: {field['name']} {cell!r}")
    assert wrong == []


def test_every_row_has_a_source_a_known_method_a_period_and_a_date() -> None:
    wrong = []
    for table, number, row in every_row():
        if not row["source"].strip():
            wrong.append(f"{table}:{number}: no source")
        if re.search(r"\bR\d{1,2}\b|DOMAIN", row["source"]):
            wrong.append(f"{table}:{number}: the source is a reference nobody else can follow")
        if row["method"] not in declared()[table]["methods"]:
            wrong.append(f"{table}:{number}: method {row['method']!r} is not declared")
        if not PERIOD.fullmatch(row["period"]):
            wrong.append(f"{table}:{number}: period {row['period']!r}")
        wrong += [
            f"{table}:{number}: {column} {row[column]!r}"
            for column in ("as_of", "source_date")
            if not is_iso_date(row[column]) and not (column == "source_date" and row[column] == "")
        ]
    assert wrong == []


def is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def test_a_figure_refers_to_a_day_inside_its_period_or_before_its_end() -> None:
    wrong = [
        f"{table}:{number}: {row['period']} as of {row['as_of']}"
        for table, number, row in every_row()
        if row["as_of"][:4] != row["period"][:4]
    ]
    assert wrong == []


def test_every_declared_method_of_a_published_table_is_used() -> None:
    for table, dataset in declared().items():
        assert set(dataset["methods"]) == {row["method"] for row in rows_of(table)}, table


# --- the figures themselves ----------------------------------------------------------------------


def census(level_length: int, method: str = "census") -> dict[str, int]:
    return {
        row["region_code"]: int(row["persons"])
        for row in rows_of("population_population")
        if row["method"] == method
        and row["period"] == "2010"
        and row["region_code"].count(".") == level_length
    }


def test_the_295_villages_of_the_2010_census_add_up_to_the_published_total() -> None:
    villages = census(3)
    assert len(villages) == 295
    assert sum(villages.values()) == 829_728
    assert figure("population_population", "2010", "census", "persons") == 829_728


def test_each_kecamatan_has_the_census_figure_of_its_own_name() -> None:
    """Joined by position, eight kecamatan would carry a neighbour's figure."""
    sums: dict[str, int] = {}
    for code, persons in census(3).items():
        name = region_names()[code.rpartition(".")[0]]
        sums[name] = sums.get(name, 0) + persons
    assert sums == CENSUS_2010
    assert sums["Bogorejo"] == 23_548
    by_position = dict(
        zip(sorted(code for code in census(2, "census_quick_count")), CENSUS_2010, strict=True)
    )
    assert sum(region_names()[code] != name for code, name in by_position.items()) == 8


def test_the_quick_count_of_a_kecamatan_is_near_its_final_census_figure() -> None:
    """A figure joined to the wrong kecamatan would be far off; the two counts differ by less than one percent."""
    quick = {region_names()[code]: persons for code, persons in census(2, "census_quick_count").items()}
    assert set(quick) == set(CENSUS_2010)
    assert max(abs(quick[name] - final) / final for name, final in CENSUS_2010.items()) < 0.01
    assert sum(quick.values()) == 829_604  # 124 below the final total


def test_men_and_women_add_up_wherever_both_are_given() -> None:
    for table, total in (("population_population", "persons"), ("population_voters", "voters_persons")):
        split = [row for row in rows_of(table) if row["male_persons"]]
        assert split, table
        for row in split:
            assert int(row["male_persons"]) + int(row["female_persons"]) == int(row[total]), row


@pytest.mark.parametrize("topic", CONFLICTS)
def test_conflicting_figures_stand_side_by_side_under_their_own_series(topic: str) -> None:
    figures = CONFLICTS[topic]
    assert [figure(table, period, method, column) for table, period, method, column, _ in figures] == [
        value for *_, value in figures
    ]
    assert len({(table, method) for table, _, method, *_ in figures}) == len(figures)


def test_road_classes_of_2019_add_up_to_the_length_and_give_the_printed_share() -> None:
    row = next(row for row in rows_of("infrastructure_road_condition") if row["period"] == "2019")
    classes = [float(row[f"{name}_km"]) for name in ("good", "fair", "light_damage", "heavy_damage")]
    assert classes == [582.68, 147.09, 285.56, 195.51]
    assert sum(classes) == pytest.approx(float(row["length_km"]))
    assert round(sum(classes[:2]) / float(row["length_km"]) * 100, 2) == 60.27


def test_parts_of_out_of_school_children_add_up_to_the_printed_total() -> None:
    row = next(row for row in rows_of("education_out_of_school") if row["method"] == "kementerian")
    parts = [int(row[f"{name}_children"]) for name in ("never_enrolled", "dropped_out", "not_continued")]
    assert parts == [1230, 1384, 1216]
    assert sum(parts) == int(row["reported_children"]) == 3830


def test_absorption_of_the_regency_has_no_agency_and_that_of_public_works_its_code() -> None:
    quarter = {
        row["agency_code"]: row["absorption_pct"]
        for row in rows_of("finance_budget_absorption")
        if row["period"] == "2025-Q3"
    }
    assert quarter == {"": "53.39", "1.03.01": "10.97"}


def test_what_the_source_leaves_out_stays_empty() -> None:
    """A missing figure is never a zero: respondents, budgets and access counts were not printed."""
    for table, column in (
        ("public_services_satisfaction", "respondents"),
        ("infrastructure_drinking_water", "access_households"),
        ("infrastructure_road_condition", "unsurveyed_km"),
        ("health_stunting", "stunted_children"),
        ("licensing_pbg_retribution", "realised_idr"),
    ):
        assert {row[column] for row in rows_of(table)} == {""}, f"{table}.{column}"


def test_own_revenue_and_investment_reach_the_shares_that_their_sources_print() -> None:
    revenue = {row["period"]: row for row in rows_of("finance_revenue") if row["method"] == "lkpj"}
    for year, printed in (("2022", 103.67), ("2024", 104.18)):
        share = int(revenue[year]["pad_idr"]) / int(revenue[year]["pad_target_idr"]) * 100
        assert round(share, 2) == printed
    realised = figure("licensing_investment", "2024", "lkpm_cjibf", "realised_idr")
    assert (
        round(realised / figure("licensing_investment", "2024", "lkpm_cjibf", "target_idr") * 100, 1) == 128.8
    )


def test_the_implausible_jump_is_carried_as_printed_and_marked() -> None:
    blora = {
        row["period"]: row
        for row in rows_of("public_services_satisfaction")
        if row["region_code"] == "33.16.09"
    }
    assert [blora[str(year)]["ikm_index"] for year in range(2019, 2023)] == ["81.47", "98.1", "99", "84.6"]
    assert "tidak wajar" in blora["2020"]["note"]
    assert blora["2018"]["note"].startswith("Sumber terbit")


# --- computed columns ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sector", "dataset", "given", "column", "expected"),
    [
        ("infrastructure", "road_condition", {"good_km": 3.0, "fair_km": 2.0}, "steady_km", 5.0),
        ("infrastructure", "road_condition", {"good_km": 3.0, "fair_km": None}, "steady_km", None),
        (
            "education",
            "out_of_school",
            {"never_enrolled_children": 1, "dropped_out_children": 2, "not_continued_children": 3},
            "out_of_school_children",
            6,
        ),
        (
            "education",
            "out_of_school",
            {"never_enrolled_children": 1, "dropped_out_children": None, "not_continued_children": 3},
            "out_of_school_children",
            None,
        ),
    ],
)
def test_a_computed_column_is_the_stated_sum_and_missing_where_a_part_is(
    sector: str, dataset: str, given: dict[str, float | None], column: str, expected: float | None
) -> None:
    table = pd.DataFrame([given], dtype="float64")
    result = getattr(importlib.import_module(f"sectors.{sector}.transform"), dataset)(table)[column]
    if expected is None:
        assert result.isna().all()
    else:
        assert result.tolist() == [expected]


# --- against the shared facts ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def facts() -> Path:
    folder = REAL / "facts"
    if not folder.is_dir():
        lacking("the shared facts are not beside the house (../shared/real/facts)")
    return folder


def read_facts(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_village_census_figures_are_those_of_the_shared_facts(facts: Path) -> None:
    real = read_facts(facts / "population_village_census2010.csv")
    assert {row["kode_desa_kemendagri"]: int(row["penduduk_2010"]) for row in real} == census(3)


def test_kecamatan_census_figures_carry_the_name_that_the_shared_facts_give_them(facts: Path) -> None:
    bridge = read_facts(facts.parent / "codes" / "bridging_bps_kemendagri_kecamatan_blora.csv")
    name_of = {row["kode_bps"]: row["nama_dagri"].title() for row in bridge}
    real = {
        name_of[row["kode_kec_bps"]]: int(row["penduduk_total"])
        for row in read_facts(facts / "population_kecamatan_census2010.csv")
    }
    ours = {region_names()[code]: persons for code, persons in census(2, "census_quick_count").items()}
    assert ours == real


def test_satisfaction_figures_are_those_of_the_shared_facts(facts: Path) -> None:
    def name(text: str) -> str:
        return "Blora (kab)" if text.startswith("Kabupaten") else text

    real = {
        (row["tahun"], name(row["kecamatan"])): float(row["nilai"])
        for row in read_facts(facts / "ikm_kecamatan_2018_2022.csv")
    }
    ours = {
        (
            row["period"],
            "Blora (kab)" if row["region_code"] == REGENCY else region_names()[row["region_code"]],
        ): float(row["ikm_index"])
        for row in rows_of("public_services_satisfaction")
    }
    assert ours == real


def test_poverty_figures_are_those_of_the_shared_facts(facts: Path) -> None:
    real = {
        row["tahun"]: (float(row["persen_penduduk_miskin"]), round(float(row["jumlah_miskin_ribu"]) * 1000))
        for row in read_facts(facts / "poverty.csv")
    }
    ours = {
        row["period"]: (float(row["poverty_rate_pct"]), int(row["poor_persons"]))
        for row in rows_of("social_poverty")
        if row["method"] == "bps_susenas"
    }
    assert ours == real


def test_regency_population_figures_are_those_of_the_shared_facts(facts: Path) -> None:
    real = {(row["tahun"], int(row["penduduk"])) for row in read_facts(facts / "population_kabupaten.csv")}
    ours = {
        (row["period"], int(row["persons"]))
        for row in rows_of("population_population")
        if row["region_code"] == REGENCY
    }
    assert real <= ours


def test_health_facility_figures_are_those_of_the_shared_facts(facts: Path) -> None:
    real: dict[str, list[int]] = {}
    for row in read_facts(facts / "health_facilities_2018_2022.csv"):
        real.setdefault(row["tahun"], []).append(int(row["unit"]))
    ours = {
        row["period"]: sorted(int(row[column]) for column in row if column.endswith("_count") and row[column])
        for row in rows_of("health_facilities")
        if row["method"] == "rkpd"
    }
    assert ours == {year: sorted(units) for year, units in real.items()}


# Facts of the long table that stand in another unit or under a sum of ours.
THOUSANDS = {
    "Pengeluaran per kapita (ribu rupiah/orang/tahun)",
    "Jumlah Penduduk Miskin Maret Ribu Jiwa",
    "Jumlah Penduduk Ribu Jiwa",
}


@cache
def published_numbers() -> dict[str, set[float]]:
    """Every number of the published tables by the year of its period."""
    numbers: dict[str, set[float]] = {}
    for _, _, row in every_row():
        cells = {float(cell) for cell in row.values() if re.fullmatch(r"\d+(\.\d+)?", cell)}
        numbers.setdefault(row["period"][:4], set()).update(cells)
    return numbers


def test_every_fact_of_the_long_table_stands_in_a_published_table_of_its_year(facts: Path) -> None:
    lost = []
    for row in read_facts(facts / "blora_indicators_long_from_bps_jateng.csv"):
        value = float(row["nilai"])
        value = round(value * 1000) if row["indikator"] in THOUSANDS else value
        if value not in published_numbers()[row["tahun"]]:
            lost.append(f"{row['tahun']} {row['indikator']}: {row['nilai']}")
    assert lost == []


# A target, declared with its indicator; a length that is the sum of three links of ours.
ELSEWHERE = {("2025", 20.81), ("2022", 99.08)}


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("stunting.csv", "prevalensi_persen"),
        ("drought_villages.csv", "desa_terdampak"),
        ("pemilih_kabupaten.csv", "total"),
        ("population_density_kecamatan_2022_partial.csv", "jiwa_per_km2"),
        ("apbd.csv", "rupiah"),
        ("roads_length_condition.csv", "nilai"),
    ],
)
def test_every_figure_of_a_fact_file_stands_in_a_published_table_of_its_year(
    facts: Path, file: str, column: str
) -> None:
    lost = [
        row
        for row in read_facts(facts / file)
        if float(row[column]) not in published_numbers()[row["tahun"]]
        and (row["tahun"], float(row[column])) not in ELSEWHERE
    ]
    assert lost == []


def test_the_three_provincial_links_add_up_to_the_length_the_press_prints(facts: Path) -> None:
    printed = next(
        float(row["nilai"])
        for row in read_facts(facts / "roads_length_condition.csv")
        if row["kewenangan"] == "provinsi"
    )
    links = [
        float(row["length_km"]) for row in rows_of("infrastructure_road_links") if row["period"] == "2022"
    ]
    assert sum(links) == pytest.approx(printed)


def test_the_pledge_on_stunting_is_the_declared_target(facts: Path) -> None:
    pledge = next(row for row in read_facts(facts / "stunting.csv") if row["metode"].startswith("TARGET"))
    declaration = yaml.safe_load((ROOT / "sectors" / "health" / "sector.yml").read_text(encoding="utf-8"))
    target = next(i for i in declaration["indicators"] if i["id"] == "HLT1s")["target"]
    assert (str(target["year"]), target["value"]) == (pledge["tahun"], float(pledge["prevalensi_persen"]))
