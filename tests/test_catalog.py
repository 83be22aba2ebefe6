"""A sector.yml says what it must, in words the house knows, or is refused with its file, line and the way out.

The second half walks the sectors of this house: the nine items, the indicators of the domain, their owners.
"""

import csv
import importlib
import inspect
import os
import re
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
import yaml

from command_center.catalog import Catalog, Dataset, Sector, load_catalog, load_sector, sector_slugs
from command_center.errors import CatalogError
from command_center.refresh.sectors import COMPARABILITY
from command_center.settings import Settings

ROOT = Path(__file__).resolve().parents[1]

# The order in which the client named the items.
NINE_ITEMS = [
    "social",
    "finance",
    "education",
    "population",
    "infrastructure",
    "public_services",
    "health",
    "licensing",
    "social_media",
]

# Section 1 of the domain specification. An id may be declared as such or in parts, as HLT7.cfr.
DOMAIN_INDICATORS = {
    "social": ["SOS1", "SOS2", "SOS3", "SOS4", "SOS5", "SOS6"],
    "finance": ["FIN1", "FIN2", "FIN3", "FIN4", "FIN5", "FIN6", "FIN7"],
    "education": ["EDU1", "EDU2", "EDU3", "EDU4", "EDU5", "EDU6", "EDU7"],
    "population": ["POP1", "POP2", "POP3", "POP4", "POP5", "POP6", "POP7", "POP8"],
    "infrastructure": ["INF1", "INF2", "INF3", "INF4", "INF5", "INF6", "INF7"],
    "public_services": ["SVC1", "SVC2", "SVC3", "SVC4", "SVC5", "SVC6"],
    "health": ["HLT1", "HLT1s", "HLT2", "HLT3", "HLT4", "HLT5", "HLT6", "HLT7", "HLT8", "HLT9"],
    "licensing": ["LIC1", "LIC2", "LIC3", "LIC4", "LIC5", "LIC6"],
    "social_media": ["MED1", "MED2", "MED3", "MED4", "MED5"],
}

# Read in the regulation itself. Everything else that mentions one is practice until somebody has read it.
READ_AS_LAW = {"SVC1"}

DECLARATION = """\
slug: water
order: 1
name: {id: Air, en: Water}
question: {id: "Ada air?", en: "Is there water?"}
story: {id: Cerita, en: Story}
owner: "9.99.01"
datasets:
  - id: wells
    title: {id: Sumur, en: Wells}
    cadence: yearly
    methods:
      survey: {id: Survei, en: Survey}
    table:
      fields:
        - {name: region_code}
        - {name: period}
        - {name: method}
        - {name: wells, type: integer}
      primaryKey: [region_code, period, method]
indicators:
  - id: WAT1
    name: {id: Sumur, en: Wells}
    question: {id: "Berapa sumur?", en: "How many wells?"}
    definition: {id: Jumlah sumur, en: Number of wells}
    dataset: wells
    formula: {numerator: wells}
    unit: count
    direction: up
    grain: kab
    main_method: survey
page:
  headline: WAT1
"""


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    (tmp_path / "sectors").mkdir()
    return Settings(tmp_path)


def declare(house: Settings, text: str = DECLARATION, slug: str = "water") -> Path:
    folder = house.sectors_dir / slug
    folder.mkdir(exist_ok=True)
    path = folder / "sector.yml"
    path.write_text(text, encoding="utf-8")
    return path


def changed(old: str, new: str) -> str:
    assert DECLARATION.count(old) == 1, f"{old!r} must stand once in the declaration"
    return DECLARATION.replace(old, new)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def refusal(house: Settings, text: str) -> CatalogError:
    declare(house, text)
    with pytest.raises(CatalogError) as caught:
        load_sector(house, "water")
    return caught.value


# --- what a declaration must say ---------------------------------------------------------------


def test_a_sound_declaration_loads(house: Settings) -> None:
    declare(house)
    sector = load_sector(house, "water")
    assert (sector.slug, sector.dataset("wells").is_awaited) == ("water", True)
    assert sector.owner_of(sector.indicator("WAT1")) == "9.99.01"


@pytest.mark.parametrize(
    ("old", "wrong", "meant"),
    [
        ('question: {id: "Ada air?", en: "Is there water?"}', "questions", "question"),
        ("    cadence: yearly", "cadance", "cadence"),
        ("    unit: count", "units", "unit"),
        ("  headline: WAT1", "headlines", "headline"),
    ],
)
def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_known_key(
    house: Settings, old: str, wrong: str, meant: str
) -> None:
    text = changed(old, f"{old}\n{old[: len(old) - len(old.lstrip())]}{wrong}: something")
    error = refusal(house, text)
    assert f"line {line_of(text, wrong + ':')}: unknown key" in error.what
    assert f"{wrong}'; did you mean '{meant}'?" in error.what
    assert error.where == "sectors/water/sector.yml"
    assert error.next_step == "command-center check water"


def test_an_unknown_key_that_resembles_nothing_gets_no_suggestion(house: Settings) -> None:
    error = refusal(house, DECLARATION + "zzzzzz: 1\n")
    assert "unknown key 'zzzzzz'" in error.what
    assert "did you mean" not in error.what


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('owner: "9.99.01"\n', "owner"),
        ("    unit: count\n", "indicators.0.unit"),
        ("    cadence: yearly\n", "datasets.0.cadence"),
    ],
)
def test_a_missing_key_is_named_with_its_place(house: Settings, line: str, place: str) -> None:
    error = refusal(house, changed(line, ""))
    assert f"key '{place}' is missing" in error.what


def test_every_fault_of_a_declaration_is_told_at_once(house: Settings) -> None:
    error = refusal(house, changed("    unit: count\n", "    unit: bushels\n") + "sluggish: 1\n")
    assert "indicators.0.unit" in error.what
    assert "unknown key 'sluggish'; did you mean 'slug'?" in error.what


def test_an_empty_text_is_refused(house: Settings) -> None:
    assert (
        "must not be empty" in refusal(house, changed("{id: Cerita, en: Story}", "{id: ' ', en: Story}")).what
    )


def test_a_file_that_is_not_yaml_is_refused_with_its_name(house: Settings) -> None:
    error = refusal(house, "slug: [water\n")
    assert error.what.startswith("The declaration is not YAML")
    assert error.where == "sectors/water/sector.yml"


def test_a_slug_that_differs_from_its_folder_is_refused(house: Settings) -> None:
    assert "differs from its folder" in refusal(house, changed("slug: water", "slug: rain")).what


BANDS = "    grain: kab\n    bands: {{good: {good}, watch: {watch}, provenance: proposal, source: {{id: s, en: s}}}}"


@pytest.mark.parametrize(
    ("direction", "good", "watch", "sound"),
    [
        ("up", 80, 60, True),
        ("up", 60, 80, False),
        ("down", 10, 20, True),
        ("down", 20, 10, False),
        ("up", 80, 80, True),
        ("neutral", 80, 60, False),
    ],
)
def test_bands_must_lie_on_the_side_that_the_direction_calls_better(
    house: Settings, direction: str, good: int, watch: int, sound: bool
) -> None:
    text = changed("    grain: kab", BANDS.format(good=good, watch=watch))
    text = text.replace("direction: up", f"direction: {direction}")
    if sound:
        declare(house, text)
        assert load_sector(house, "water").indicator("WAT1").bands is not None
    else:
        assert "bands" in refusal(house, text).what


def test_a_threshold_without_provenance_is_refused(house: Settings) -> None:
    text = changed("    grain: kab", "    grain: kab\n    target: {value: 9, source: {id: s, en: s}}")
    assert "key 'indicators.0.target.provenance' is missing" in refusal(house, text).what


def test_a_legal_basis_must_say_how_it_is_known(house: Settings) -> None:
    text = changed("    grain: kab", "    grain: kab\n    legal_basis: {id: UU, en: Law}")
    assert "legal_basis needs legal_provenance" in refusal(house, text).what


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dataset: wells", "dataset: springs", "dataset 'springs' is not declared"),
        ("main_method: survey", "main_method: census", "main_method 'census' is not a method"),
        ("headline: WAT1", "headline: WAT2", "indicator WAT2 is not declared"),
        (
            "primaryKey: [region_code, period, method]",
            "primaryKey: [village]",
            "'village' is not one of the fields",
        ),
        ("formula: {numerator: wells}", "formula: {denominator: wells}", "needs a numerator or a published"),
        ("id: WAT1", "id: wat-1", "indicators.0.id"),
    ],
)
def test_what_a_declaration_refers_to_must_exist(house: Settings, old: str, new: str, said: str) -> None:
    assert said in refusal(house, changed(old, new)).what


def test_an_indicator_declared_twice_is_refused(house: Settings) -> None:
    block = DECLARATION[DECLARATION.index("  - id: WAT1") : DECLARATION.index("page:")]
    assert "declared twice" in refusal(house, DECLARATION.replace("page:", block + "page:")).what


# --- several sectors ---------------------------------------------------------------------------


def second(slug: str = "wind", order: int = 2, indicator: str = "WND1") -> str:
    text = DECLARATION.replace("slug: water", f"slug: {slug}").replace("order: 1", f"order: {order}")
    return text.replace("WAT1", indicator)


def test_two_sectors_may_not_claim_one_place_in_the_menu(house: Settings) -> None:
    declare(house)
    declare(house, second(order=1), "wind")
    with pytest.raises(CatalogError, match="order 1 is claimed by both 'water' and 'wind'"):
        load_catalog(house)


def test_two_sectors_may_not_claim_one_indicator(house: Settings) -> None:
    declare(house)
    declare(house, second(indicator="WAT1"), "wind")
    with pytest.raises(CatalogError, match="indicator id WAT1 is claimed by both"):
        load_catalog(house)


def test_sectors_come_in_their_declared_order(house: Settings) -> None:
    declare(house, changed("order: 1", "order: 7"))
    declare(house, second(order=3), "wind")
    assert [sector.slug for sector in load_catalog(house).sectors] == ["wind", "water"]


def test_a_folder_without_a_declaration_is_not_a_sector(house: Settings) -> None:
    declare(house)
    (house.sectors_dir / "notes").mkdir()
    assert sector_slugs(house) == ("water",)


def test_an_unknown_sector_or_indicator_is_answered_with_the_nearest(house: Settings) -> None:
    declare(house)
    catalog = load_catalog(house)
    with pytest.raises(CatalogError, match="did you mean 'water'"):
        load_sector(house, "watre")
    with pytest.raises(CatalogError, match="did you mean 'water'"):
        catalog.sector("watr")
    with pytest.raises(CatalogError, match="did you mean 'WAT1'"):
        catalog.indicator("WAT2")


def test_an_edited_declaration_is_read_anew(house: Settings) -> None:
    path = declare(house)
    before = load_sector(house, "water")
    path.write_text(changed("en: Water", "en: Waters"), encoding="utf-8")
    stamp = path.stat()
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1_000_000))
    assert (before.name.en, load_sector(house, "water").name.en) == ("Water", "Waters")


# --- the sectors of this house -----------------------------------------------------------------


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(Settings(ROOT))


@pytest.fixture(scope="module")
def agencies() -> set[str]:
    path = ROOT / "data" / "reference" / "agencies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


def transforms_of(sector: Sector) -> ModuleType | None:
    if not (ROOT / "sectors" / sector.slug / "transform.py").is_file():
        return None
    return importlib.import_module(f"sectors.{sector.slug}.transform")


def empty_table(dataset: Dataset) -> pd.DataFrame:
    return pd.DataFrame({field.name: pd.Series(dtype="float64") for field in dataset.table.fields})


def tidy_columns(sector: Sector, dataset: Dataset) -> set[str]:
    transform = getattr(transforms_of(sector), dataset.id, None)
    table = empty_table(dataset)
    return set(table.columns if transform is None else transform(table).columns)


def test_the_nine_items_stand_in_the_order_the_client_named_them(catalog: Catalog) -> None:
    assert [sector.slug for sector in catalog.sectors[:9]] == NINE_ITEMS
    assert [sector.order for sector in catalog.sectors[:9]] == list(range(1, 10))


@pytest.mark.parametrize("slug", NINE_ITEMS)
def test_every_indicator_of_the_domain_is_declared_in_its_sector(catalog: Catalog, slug: str) -> None:
    declared = {indicator.id.partition(".")[0] for indicator in catalog.sector(slug).indicators}
    assert [wanted for wanted in DOMAIN_INDICATORS[slug] if wanted not in declared] == []
    assert sorted(declared - set(DOMAIN_INDICATORS[slug])) == []


def test_every_formula_names_columns_that_its_dataset_or_transform_has(catalog: Catalog) -> None:
    lost = []
    for sector, declared in catalog.indicators:
        for indicator in (declared.fed_by(name) for name in declared.datasets):
            columns = tidy_columns(sector, sector.dataset(indicator.dataset))
            formula = indicator.formula
            named = (formula.numerator, formula.denominator, formula.published, formula.n)
            lost += [f"{indicator.id}: {name}" for name in named if name is not None and name not in columns]
    assert lost == []


def test_every_transform_is_named_like_a_dataset_and_keeps_place_and_time(catalog: Catalog) -> None:
    for sector in catalog.sectors:
        module = transforms_of(sector)
        if module is None:
            continue
        functions = [
            name
            for name, value in inspect.getmembers(module, inspect.isfunction)
            if value.__module__ == module.__name__ and not name.startswith("_") and name != COMPARABILITY
        ]
        assert set(functions) <= {dataset.id for dataset in sector.datasets}, sector.slug
        for name in functions:
            table = empty_table(sector.dataset(name))
            before = table.copy()
            after = getattr(module, name)(table)
            pd.testing.assert_frame_equal(table, before)
            assert set(after.columns) != set(table.columns), f"{sector.slug}.{name} does nothing"
            # A table by case or segment may be turned; what it turns into keeps place, time and method.
            kept = {"region_code", "period", "method", "as_of"}
            assert set(after.columns) >= kept, f"{sector.slug}.{name} loses where, when or how"


def test_every_agency_named_by_a_sector_is_in_the_reference(catalog: Catalog, agencies: set[str]) -> None:
    named = {(sector.slug, code) for sector in catalog.sectors for code in (sector.owner, *sector.supporting)}
    named |= {(sector.slug, dataset.owner) for sector, dataset in catalog.datasets if dataset.owner}
    named |= {(sector.slug, sector.owner_of(indicator)) for sector, indicator in catalog.indicators}
    assert sorted(pair for pair in named if pair[1] not in agencies) == []


def test_only_what_was_read_in_the_regulation_is_called_law(catalog: Catalog) -> None:
    lawful = set()
    for _, indicator in catalog.indicators:
        tags = [indicator.legal_provenance]
        tags += [part.provenance for part in (indicator.target, indicator.bands) if part is not None]
        if "law" in tags:
            lawful.add(indicator.id)
            assert indicator.legal_basis is not None, f"{indicator.id} is called law without a basis"
    assert lawful == READ_AS_LAW


def test_a_basis_not_read_again_says_so_in_both_languages(catalog: Catalog) -> None:
    silent = []
    for _, indicator in catalog.indicators:
        basis = indicator.legal_basis
        # A regulation is named by its number; "menurut pemberitaan" and "di pers" name another source.
        if basis is None or indicator.legal_provenance != "practice" or not re.search(r"\d/\d{4}", basis.id):
            continue
        if not re.search("belum diperiksa ke naskah aslinya|sumber kedua", basis.id) or not re.search(
            "not checked against the original|secondary source", basis.en
        ):
            silent.append(indicator.id)
    assert silent == []


def test_an_indicator_that_stops_above_the_desa_says_why(catalog: Catalog) -> None:
    silent = [i.id for _, i in catalog.indicators if i.grain != "desa" and i.grain_reason is None]
    assert silent == []


def test_poverty_and_surveys_stay_at_the_regency(catalog: Catalog) -> None:
    for wanted in ("SOS1", "SOS1.poor", "HLT1s", "EDU7.rls", "EDU7.hls", "INF7.water"):
        indicator = catalog.indicator(wanted)[1]
        assert indicator.grain == "kab", wanted
        assert indicator.grain_reason is not None, wanted
        assert "kecamatan" in indicator.grain_reason.id, wanted


def test_every_ratio_names_its_numerator_and_denominator_in_words(catalog: Catalog) -> None:
    silent = [
        indicator.id
        for _, indicator in catalog.indicators
        if (indicator.formula.numerator and indicator.numerator is None)
        or (indicator.formula.denominator and indicator.denominator is None)
    ]
    assert silent == []


def test_every_indicator_names_the_series_its_card_leads_with(catalog: Catalog) -> None:
    assert [indicator.id for _, indicator in catalog.indicators if indicator.main_method is None] == []


def test_every_dataset_says_where_and_when_its_figures_are_from(catalog: Catalog) -> None:
    needed = {"region_code", "period", "method", "as_of", "source", "source_date", "note"}
    for sector, dataset in catalog.datasets:
        names = [field.name for field in dataset.table.fields]
        assert needed <= set(names), f"{sector.slug}.{dataset.id}"
        assert len(set(names)) == len(names), f"{sector.slug}.{dataset.id}"
        assert {"region_code", "period", "method"} <= set(dataset.table.primaryKey), dataset.id
        foreign = {(key.fields, key.reference.resource) for key in dataset.table.foreignKeys}
        wanted = {("region_code", "regions")}
        wanted |= {("agency_code", "agencies")} if "agency_code" in names else set()
        assert foreign == wanted, f"{sector.slug}.{dataset.id}"


def test_both_languages_are_written_out_in_every_declaration() -> None:
    """An English text carried over from the Indonesian one (or the reverse) is a forgotten translation."""
    same = []
    for path in sorted((ROOT / "sectors").glob("*/sector.yml")):
        for place, text in texts_in(yaml.safe_load(path.read_text(encoding="utf-8"))):
            if text["id"] == text["en"] and len(text["id"].split()) > 3:
                same.append(f"{path.parent.name} {place}: {text['id']}")
    assert same == []


def texts_in(node: object, place: str = "") -> list[tuple[str, dict[str, str]]]:
    if isinstance(node, dict):
        if set(node) == {"id", "en"}:
            return [(place, node)]
        return [found for key, value in node.items() for found in texts_in(value, f"{place}.{key}")]
    if isinstance(node, list):
        return [found for number, value in enumerate(node) for found in texts_in(value, f"{place}[{number}]")]
    return []


def test_the_readme_of_a_sector_lists_its_datasets_and_indicators(catalog: Catalog) -> None:
    missing = []
    for slug in NINE_ITEMS:
        sector = catalog.sector(slug)
        text = (ROOT / "sectors" / slug / "README.md").read_text(encoding="utf-8")
        missing += [f"{slug}: {i.id}" for i in sector.indicators if f"| {i.id} |" not in text]
        for dataset in sector.datasets:
            state = "awaited" if dataset.file is None else f"`data/{dataset.file}`"
            line = next((row for row in text.splitlines() if row.startswith(f"| `{dataset.id}` |")), "")
            if not line.endswith(f"| {state} |"):
                missing.append(f"{slug}: {dataset.id} {state}")
    assert missing == []
