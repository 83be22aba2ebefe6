"""A tenth sector is one new folder: made, filled in by its own texts, checked, refreshed, and it is everywhere."""

import csv
import gzip
import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import nbformat
import pytest
import yaml

from command_center.catalog import load_catalog
from command_center.cli.scaffold import create_sector
from command_center.editions import open_edition
from command_center.errors import CatalogError
from command_center.locale import Locale
from command_center.pages.house import open_house
from command_center.refresh.checks import MAX_CODE_LINES
from command_center.refresh.measuring import measure_house
from command_center.serving.search import search
from command_center.settings import Settings
from tests.cli.conftest import Command


def hashes(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "editions" not in path.parts
    }


def page(settings: Settings, name: str) -> str:
    content = open_edition(settings).page(Path(f"id/{name}.html.gz"))
    assert content is not None, name
    return gzip.decompress(content).decode()


def fill_in(folder: Path) -> None:
    """What the scaffold asks a newcomer to do: its name in sector.yml, two rows in figures.csv."""
    declaration = folder / "sector.yml"
    text = declaration.read_text(encoding="utf-8")
    text = text.replace('{id: "Tourism", en: "Tourism"}', '{id: "Pariwisata", en: "Tourism"}')
    text = text.replace("{id: Nama indikator, en: Name of the indicator}", "{id: Wisatawan, en: Visitors}")
    declaration.write_text(text, encoding="utf-8")
    with (folder / "figures.csv").open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for year, count in (("2024", 5100), ("2025", 7300)):
            writer.writerow(["33.16", year, count, "laporan", f"{year}-12-31", "Laporan dinas", "", ""])


@pytest.mark.slow
def test_a_new_sector_is_everywhere_and_no_other_file_changed(own_house: Settings, command: Command) -> None:
    before = hashes(own_house.root)
    made = command(own_house, "new-sector", "tourism")
    assert made.code == 0, made.errors
    assert "sectors/tourism/sector.yml" in made.output
    assert "command-center check tourism" in made.output
    fill_in(own_house.sectors_dir / "tourism")

    checked = command(own_house, "check", "tourism")
    assert checked.code == 0, checked.output
    assert "2 figures" in checked.output
    refreshed = command(own_house, "refresh", "--as-of", "2026-11-24")
    assert refreshed.code == 0, refreshed.errors

    home = page(own_house, "home")
    assert "Pariwisata" in home
    assert "7.300" in home
    assert "bidang/tourism/33.16/" in home
    own = page(own_house, "sector/tourism/33.16")
    assert "Wisatawan" in own
    assert 'data-figure="TOU1|33.16|2025|laporan"' in own
    assert "Wisatawan" in page(own_house, "indicator/TOU1/33.16")
    assert "Pariwisata" in page(own_house, "briefing/2026-11-24")
    found = search(open_house(own_house), Locale("id"), "pariwisata")
    assert found[0][1] == "/bidang/tourism/33.16/"

    after = hashes(own_house.root)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {
        f"sectors/tourism/{name}"
        for name in ("__init__.py", "sector.yml", "figures.csv", "dashboard.ipynb", "README.md")
    }


def test_a_new_sector_without_figures_is_asked_for_them_and_for_nothing_else(
    fresh_house: Settings, command: Command
) -> None:
    assert command(fresh_house, "new-sector", "tourism").code == 0
    checked = command(fresh_house, "check", "tourism")
    assert checked.code == 1
    assert checked.output.count("■") == 1
    assert "The table has no rows (sectors/tourism/figures.csv)" in checked.output


def test_the_readme_of_a_new_sector_explains_every_column_and_its_example_is_a_valid_row(
    fresh_house: Settings,
) -> None:
    folder = create_sector(open_house(fresh_house), "tourism")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    header = (folder / "figures.csv").read_text(encoding="utf-8").strip()
    for column in header.split(","):
        assert f"| `{column}` |" in readme
    example = next(part for part in readme.split("`") if part.startswith("33.16,"))
    assert len(example.split(",")) == len(header.split(","))
    (folder / "figures.csv").write_text(f"{header}\n{example}\n", encoding="utf-8")
    measured = measure_house(open_house(fresh_house), date(2026, 11, 24), sectors=["tourism"])
    assert measured.failures == ()
    assert measured.measures["value"].tolist() == [12.0]
    assert "$" not in readme


def test_the_declaration_of_a_new_sector_is_read_by_every_yaml_reader(fresh_house: Settings) -> None:
    text = (create_sector(open_house(fresh_house), "tourism") / "sector.yml").read_text(encoding="utf-8")
    readers = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]
    strict, quick = [yaml.load(text, Loader=reader) for reader in readers]  # noqa: S506 - both are safe
    assert strict == quick


def test_the_notebook_of_a_new_sector_is_thin_and_stripped(fresh_house: Settings) -> None:
    path = create_sector(open_house(fresh_house), "tourism") / "dashboard.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert sum(len(cell.splitlines()) for cell in code) <= MAX_CODE_LINES
    assert "parameters" in notebook.cells[1].metadata.tags
    strip = [sys.executable, "-m", "nbstripout", "--verify", "--keep-id", str(path)]
    assert subprocess.run(strip, check=False).returncode == 0
    assert '"tourism"' in "".join(code)
    assert "$" not in json.dumps(notebook)


def test_a_new_sector_comes_last_in_the_menu_with_an_indicator_of_its_own(fresh_house: Settings) -> None:
    create_sector(open_house(fresh_house), "waterways")
    create_sector(open_house(fresh_house), "watchtowers")
    catalog = load_catalog(fresh_house)
    assert [sector.slug for sector in catalog.sectors] == ["water", "power", "waterways", "watchtowers"]
    ids = [indicator.id for _, indicator in catalog.indicators]
    assert len(set(ids)) == len(ids) == 4


@pytest.mark.parametrize("name", ["no", "yes", "on", "null", "true_north", "e1", "x_2", "ab"])
def test_a_name_that_means_something_to_yaml_is_still_a_name(fresh_house: Settings, name: str) -> None:
    create_sector(open_house(fresh_house), name)
    assert load_catalog(fresh_house).sector(name).slug == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("water", "exists already"),
        ("class", "reserved word"),
        ("import", "reserved word"),
        ("refresh", "reserved word"),
        ("Tourism", "no sector name"),
        ("tour-ism", "no sector name"),
        ("tour ism", "no sector name"),
        ("1st", "no sector name"),
        ("x", "no sector name"),
        ("../outside", "no sector name"),
        ("_hidden", "no sector name"),
        ("pariwisatá", "no sector name"),
        ("a" * 60, "no sector name"),
        ("", "no sector name"),
    ],
)
def test_a_name_that_cannot_be_a_sector_is_refused_and_makes_nothing(
    fresh_house: Settings, name: str, said: str
) -> None:
    before = hashes(fresh_house.root)
    with pytest.raises(CatalogError, match=said) as caught:
        create_sector(open_house(fresh_house), name)
    assert caught.value.next_step
    assert hashes(fresh_house.root) == before


def test_a_broken_sector_does_not_stop_a_new_one(fresh_house: Settings, command: Command) -> None:
    (fresh_house.sectors_dir / "water" / "sector.yml").write_text("slug: [\n")
    assert command(fresh_house, "new-sector", "tourism").code == 0
