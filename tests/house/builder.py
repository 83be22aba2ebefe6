"""A house of two small sectors, one regency, two kecamatan and four desa: a refresh of it takes seconds.

Built from the repository's own reference data, hall notebooks and page template, so that it cannot drift
from them; only its sectors are its own.
"""

import csv
import json
import shutil
from pathlib import Path

from command_center.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]
SCAFFOLD = REPOSITORY / "lib" / "command_center" / "cli" / "new_sector"

REGENCY = "33.16"
DISTRICTS = ("33.16.15", "33.16.16")
VILLAGES = ("33.16.15.2001", "33.16.15.2007", "33.16.16.2007", "33.16.16.2011")
CODES = (REGENCY, *DISTRICTS, *VILLAGES)

COLUMNS = (
    "region_code",
    "period",
    "method",
    "served_households",
    "all_households",
    "as_of",
    "source",
    "source_date",
    "note",
)

FIELDS = """\
    table:
      primaryKey: [region_code, period, method]
      foreignKeys:
        - {fields: region_code, reference: {resource: regions, fields: code}}
      fields:
        - {name: region_code, type: string, constraints: {required: true}}
        - {name: period, type: string, constraints: {required: true}}
        - {name: method, type: string, constraints: {required: true, enum: [survey]}}
        - {name: served_households, type: integer, unit: households, constraints: {minimum: 0}}
        - {name: all_households, type: integer, unit: households, constraints: {minimum: 0}}
        - {name: as_of, type: date, constraints: {required: true}}
        - {name: source, type: string, constraints: {required: true}}
        - {name: source_date, type: date}
        - {name: note, type: string}
"""

DECLARATION = """\
slug: {slug}
order: {order}
name: {{id: {name_id}, en: {name_en}}}
question: {{id: "Siapa terlayani?", en: "Who is served?"}}
story: {{id: Cerita, en: Story}}
owner: "1.03.01"
datasets:
  - id: supply
    title: {{id: Layanan, en: Supply}}
    owner: "1.03.01"
    cadence: yearly
    file: ./supply.csv
    methods:
      survey: {{id: Survei, en: Survey}}
{fields}
indicators:
  - id: {indicator}
    name: {{id: Cakupan {name_id}, en: Coverage of {name_en}}}
    question: {{id: "Berapa persen terlayani?", en: "What share is served?"}}
    definition: {{id: Rumah tangga terlayani dibagi semua, en: Households served by all}}
    dataset: supply
    formula: {{numerator: served_households, denominator: all_households, scale: 100}}
    unit: percent
    decimals: 1
    direction: up
    grain: desa
    main_method: survey
    bands: {{good: 80, watch: 60, provenance: proposal, source: {{id: usulan, en: proposal}}}}
page:
  headline: {indicator}
"""

TRANSFORM = '''\
"""Columns that the fixture computes."""

import pandas as pd


def supply(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is, in a copy."""
    return table.assign(checked=True)
'''

# served and all households of each desa, by year
FIGURES = {
    "water": {"2023": (50, 100), "2024": (60, 100)},
    "power": {"2023": (180, 200), "2024": (190, 200)},
}


def build_house(root: Path) -> Settings:
    """Make the house below `root` and return its settings; nothing is refreshed yet."""
    _reference(root)
    for folder in ("notebooks", "voila_templates"):
        shutil.copytree(
            REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints")
        )
    (root / "sectors").mkdir()
    (root / "sectors" / "__init__.py").write_text('"""The sectors of the fixture."""\n', encoding="utf-8")
    add_sector(root, "water", 1, "Air", "Water", "WAT1")
    add_sector(root, "power", 2, "Listrik", "Power", "PWR1")
    return Settings(root)


def add_sector(root: Path, slug: str, order: int, name_id: str, name_en: str, indicator: str) -> Path:
    """Add a sound sector with a table, a transform and a dashboard; return its folder."""
    folder = root / "sectors" / slug
    folder.mkdir()
    (folder / "__init__.py").write_text(f'"""Sector: {name_en}."""\n', encoding="utf-8")
    (folder / "README.md").write_text(f"# {name_en}\n", encoding="utf-8")
    (folder / "transform.py").write_text(TRANSFORM, encoding="utf-8")
    (folder / "sector.yml").write_text(
        DECLARATION.format(
            slug=slug, order=order, name_id=name_id, name_en=name_en, indicator=indicator, fields=FIELDS
        ),
        encoding="utf-8",
    )
    notebook = json.loads((SCAFFOLD / "dashboard.ipynb").read_text(encoding="utf-8"))
    text = json.dumps(notebook, indent=1).replace("$slug", slug).replace("$name_id", name_id)
    (folder / "dashboard.ipynb").write_text(text + "\n", encoding="utf-8")
    write_figures(folder, FIGURES.get(slug, FIGURES["water"]))
    return folder


def write_figures(folder: Path, figures: dict[str, tuple[int, int]]) -> None:
    """Write the same figures for every desa, one row a year."""
    with (folder / "supply.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for code in VILLAGES:
            for year, (served, households) in figures.items():
                writer.writerow(
                    [code, year, "survey", served, households, f"{year}-12-31", "Survei", f"{year}-12-31", ""]
                )


def _reference(root: Path) -> None:
    """Copy the reference tables, cut to the regions of this house."""
    source, target = REPOSITORY / "data" / "reference", root / "data" / "reference"
    shutil.copytree(source, target)
    (root / "data" / "published").mkdir()
    _cut(target / "regions.csv", "code")
    _cut(target / "region_spellings.csv", "code")
    _cut(target / "agencies.csv", "region_code", "")


def _cut(path: Path, column: str, *also: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if row[column] in {*CODES, *also})
