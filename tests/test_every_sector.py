"""Every sector folder keeps the rules of the house; a new one is walked without a line changed here."""

import html
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from command_center.catalog import Indicator, Sector, load_catalog, load_sector, sector_slugs
from command_center.editions import open_edition
from command_center.ingest.published import read_published
from command_center.locale import Language
from command_center.pages.addresses import indicator_page, sector_page
from command_center.pages.context import PageContext
from command_center.pages.explorer import COMPARISONS, Explorer
from command_center.pages.house import House, open_house
from command_center.pages.indicator import IndicatorPage
from command_center.pages.sector import SectorPage
from command_center.refresh.checks import FORBIDDEN_CODE, MAX_CODE_LINES
from command_center.refresh.measuring import unknown_owners
from command_center.refresh.sectors import load_verbs
from command_center.settings import Settings

SETTINGS = Settings(Path(__file__).resolve().parents[1])
SLUGS = sector_slugs(SETTINGS)
INDICATORS = [
    (sector.slug, indicator.id)
    for sector in load_catalog(SETTINGS).sectors
    for indicator in sector.indicators
]
FILTERS = {"indicator": "", "period": "", "comparison": "", "threshold": ""}


@pytest.fixture(scope="module")
def house() -> House:
    return open_house(SETTINGS)


def folder(slug: str) -> Path:
    return SETTINGS.sectors_dir / slug


def notebooks(slug: str) -> list[Path]:
    return [path for path in sorted(folder(slug).glob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]


def tables(house: House, sector: Sector) -> dict[str, pd.DataFrame]:
    codes = frozenset(house.agencies.codes)
    return {
        dataset.id: read_published(SETTINGS, sector.slug, dataset, house.regions, codes).frame
        for dataset in sector.datasets
        if not dataset.is_awaited
    }


# --- the folder ------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
def test_the_declaration_is_sound_and_the_folder_has_its_files(house: House, slug: str) -> None:
    assert load_sector(SETTINGS, slug).slug == slug
    assert house.catalog.broken == ()
    for name in ("__init__.py", "README.md", "dashboard.ipynb"):
        assert (folder(slug) / name).is_file(), name
    readme = (folder(slug) / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# ")
    assert len(readme.split()) > 20


def test_every_owner_is_an_agency_of_this_regency(house: House) -> None:
    assert unknown_owners(house) == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_table_keeps_its_declaration(house: House, slug: str) -> None:
    for dataset_id, table in tables(house, load_sector(SETTINGS, slug)).items():
        assert len(table), dataset_id


@pytest.mark.parametrize("slug", SLUGS)
def test_every_transform_is_pure(house: House, slug: str) -> None:
    sector = load_sector(SETTINGS, slug)
    transforms, _ = load_verbs(SETTINGS, sector)
    found = tables(house, sector)
    for dataset_id, transform in transforms.items():
        if dataset_id not in found:
            continue
        table = found[dataset_id]
        before = table.copy(deep=True)
        first, second = transform(table), transform(table)
        pd.testing.assert_frame_equal(table, before)
        pd.testing.assert_frame_equal(first, second)
        assert len(first) == len(table), f"{dataset_id} adds or drops rows"


# --- notebooks -------------------------------------------------------------------------------------


def test_the_notebooks_are_stored_without_outputs() -> None:
    found = [str(path) for slug in SLUGS for path in notebooks(slug)]
    command = [sys.executable, "-m", "nbstripout", "--verify", "--keep-id", *found]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("slug", SLUGS)
def test_the_dashboard_is_a_window_and_shows_the_page_of_its_own_sector(slug: str) -> None:
    cells = json.loads((folder(slug) / "dashboard.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    whole = "\n".join(code)
    assert len(whole.splitlines()) <= MAX_CODE_LINES
    assert [word for word in FORBIDDEN_CODE if word in whole] == []
    assert f'"{slug}"' in whole
    assert [cell["metadata"].get("tags") for cell in cells].count(["parameters"]) == 1
    for other in set(SLUGS) - {slug}:
        assert f'"{other}"' not in whole


# --- what readers see ------------------------------------------------------------------------------


def places(house: House, figures: pd.DataFrame) -> list[str]:
    """The regency, one kecamatan and one desa: those that have a figure where there are such."""
    known = set(figures["region_code"])
    district = next((one for one in house.regions.districts if one.code in known), house.regions.districts[0])
    village = next((one for one in house.regions.villages if one.code in known), house.regions.villages[0])
    return [house.regions.root.code, district.code, village.code]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("slug", "indicator_id"), INDICATORS, ids=[one for _, one in INDICATORS])
def test_every_indicator_draws_its_explorer_at_every_level(
    house: House, real_house: Settings, slug: str, indicator_id: str, language: Language
) -> None:
    edition = open_edition(real_house)
    sector = edition.catalog.sector(slug)
    indicator = sector.indicator(indicator_id)
    figures = edition.measures[edition.measures["indicator"].eq(indicator_id)]
    for code in places(house, figures):
        context = PageContext(house, edition, sector_page(slug, code).in_language(language))
        explorer = Explorer(context, sector, (indicator,))
        body = str(explorer.body({**FILTERS, "indicator": indicator_id}).html)
        assert indicator.name.in_language(language) in unescaped(body)
        has_figure = figures.loc[figures["region_code"].eq(code), "value"].notna().any()
        if has_figure and reaches(house, indicator, code):
            assert "<svg" in body, code
        assert not {"nan", "None", "NaT"} & set(body.replace("<", " <").split()), code


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_every_comparison_any_period_and_any_threshold_can_be_chosen(
    house: House, real_house: Settings, slug: str
) -> None:
    """For the indicator of the sector with most figures: it has most to choose from."""
    edition = open_edition(real_house)
    sector = edition.catalog.sector(slug)
    figures = edition.measures[edition.measures["sector"].eq(slug)]
    chosen = figures["indicator"].value_counts().idxmax() if len(figures) else sector.page.headline
    figures = figures[figures["indicator"].eq(chosen)]
    context = PageContext(house, edition, sector_page(slug, places(house, figures)[1]))
    explorer = Explorer(context, sector, (sector.indicator(str(chosen)),))
    base = {**FILTERS, "indicator": str(chosen), "comparison": COMPARISONS[0]}
    for comparison in COMPARISONS:
        explorer.body({**base, "comparison": comparison})
    for period in (*figures["period"].tail(1), "nonsense"):
        explorer.body({**base, "period": period})
    for threshold in ("0,5", "-1", "1e99", "many"):
        explorer.body({**base, "threshold": threshold})


@pytest.mark.slow
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("slug", SLUGS)
def test_every_block_of_a_sector_page_is_made_at_every_level(
    house: House, real_house: Settings, slug: str, language: Language
) -> None:
    edition = open_edition(real_house)
    figures = edition.measures[edition.measures["sector"].eq(slug)]
    for code in places(house, figures):
        context = PageContext(house, edition, sector_page(slug, code).in_language(language))
        page = SectorPage(context, edition.catalog.sector(slug), {})
        for block in (page.top(), page.cards(), page.awaited(), page.story(), page.sources()):
            assert "Traceback" not in str(block.html)
        assert edition.catalog.sector(slug).name.in_language(language) in unescaped(str(page.top().html))


@pytest.mark.parametrize(("slug", "indicator_id"), INDICATORS, ids=[one for _, one in INDICATORS])
def test_every_indicator_says_how_it_is_made_and_where_it_comes_from(
    house: House, real_house: Settings, slug: str, indicator_id: str
) -> None:
    edition = open_edition(real_house)
    sector = edition.catalog.sector(slug)
    indicator = sector.indicator(indicator_id)
    for language in ("id", "en"):
        address = indicator_page(indicator_id, house.regions.root.code).in_language(language)
        page = IndicatorPage(PageContext(house, edition, address), sector, indicator, {})
        definition = unescaped(str(page.definition().html))
        assert indicator.definition.in_language(language) in definition
        figures = edition.measures[
            edition.measures["indicator"].eq(indicator_id)
            & edition.measures["region_code"].eq(house.regions.root.code)
        ]
        assert str(page.table().html).count("<tr") >= len(figures)
        assert str(page.sources().html)


def reaches(house: House, indicator: Indicator, code: str) -> bool:
    depth = {"kab": 1, "kec": 2, "desa": 3}[indicator.grain]
    return code.count(".") <= depth and house.regions.get(code).level in ("kab", "kec", "desa", "kel")


def unescaped(text: str) -> str:
    return html.unescape(text)
