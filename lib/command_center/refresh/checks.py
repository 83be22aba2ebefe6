"""`command-center check`: everything a sector folder must satisfy, told as findings.

Works on a throw-away edition; publishes nothing and changes no file.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from command_center.catalog import Sector, load_sector
from command_center.editions import build_edition, identify
from command_center.editions.store import BUILDING_VARIABLE
from command_center.errors import CommandCenterError
from command_center.ingest.published import read_published
from command_center.kernels.execution import execute_notebook
from command_center.pages.addresses import sector_page
from command_center.pages.house import House, open_house
from command_center.publishing import plan_page
from command_center.refresh.run import measure_house
from command_center.refresh.sectors import load_verbs
from command_center.settings import EDITIONS_VARIABLE, ROOT_VARIABLE, Settings

Level = Literal["ok", "note", "error"]
# A dashboard is a window: more code than this belongs into a module, under test.
MAX_CODE_LINES = 45
FORBIDDEN_CODE = ("def ", "class ", "try:", "except", "lambda")


@dataclass(frozen=True)
class Finding:
    """One thing checked: fine, worth a note, or wrong; `next_step` says what to do about it."""

    level: Level
    text: str
    next_step: str = ""


def check_sector(settings: Settings, slug: str, as_of: date) -> list[Finding]:
    """Return the findings on one sector, in the order a newcomer would mend them."""
    try:
        sector = load_sector(settings, slug)
        house = open_house(settings)
    except CommandCenterError as error:
        return [Finding("error", f"{error.what} ({error.where})", error.next_step)]
    findings = [
        Finding("ok", f"declaration: {len(sector.indicators)} indicators, {len(sector.datasets)} datasets"),
        *_folder(settings, sector),
        *_tables(house, sector),
        *_verbs(house, sector),
        *_notebooks(settings, sector),
    ]
    if not any(finding.level == "error" for finding in findings):
        findings += _executed(settings, sector, as_of)
    return findings


def _folder(settings: Settings, sector: Sector) -> Iterator[Finding]:
    folder = settings.sectors_dir / sector.slug
    for name, why in (
        ("__init__.py", "without it the import rules do not see the folder"),
        ("README.md", "a newcomer reads it first"),
        ("dashboard.ipynb", "it is the sector's page"),
    ):
        if not (folder / name).is_file():
            yield Finding("error", f"{name} is missing: {why}", f"create sectors/{sector.slug}/{name}")


def _tables(house: House, sector: Sector) -> Iterator[Finding]:
    agency_codes = frozenset(house.agencies.codes)
    for code in {sector.owner, *(dataset.owner for dataset in sector.datasets if dataset.owner)}:
        if code not in agency_codes:
            yield Finding(
                "error", f"owner {code!r} is no agency", "choose a code of data/reference/agencies.csv"
            )
    for dataset in sector.datasets:
        if dataset.is_awaited:
            yield Finding(
                "note",
                f"dataset {dataset.id}: no file yet",
                "name its table under `file:` in sector.yml when it comes",
            )
            continue
        try:
            table = read_published(house.settings, sector.slug, dataset, house.regions, agency_codes)
        except CommandCenterError as error:
            yield Finding("error", f"dataset {dataset.id}: {error.what} ({error.where})", error.next_step)
        else:
            yield Finding("ok", f"dataset {dataset.id}: {table.rows} rows, sha256 {table.sha256[:12]}")


def _verbs(house: House, sector: Sector) -> Iterator[Finding]:
    try:
        transforms, _ = load_verbs(house.settings, sector)
    except CommandCenterError as error:
        yield Finding("error", error.what, error.next_step)
        return
    agency_codes = frozenset(house.agencies.codes)
    for dataset_id, transform in transforms.items():
        dataset = sector.dataset(dataset_id)
        if dataset.is_awaited:
            continue
        table = read_published(house.settings, sector.slug, dataset, house.regions, agency_codes).frame
        before = table.copy(deep=True)
        first, second = transform(table), transform(table)
        if not table.equals(before):
            yield Finding(
                "error", f"transform {dataset_id} changes its input", "work on a copy: table.assign(...)"
            )
        elif first.equals(second):
            yield Finding("ok", f"transform {dataset_id} is pure")
        else:
            yield Finding(
                "error", f"transform {dataset_id} gives different tables", "remove what is random or clocked"
            )


def _notebooks(settings: Settings, sector: Sector) -> Iterator[Finding]:
    for path in sorted((settings.sectors_dir / sector.slug).glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        stored = [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
        if stored:
            yield Finding(
                "error", f"{path.name} stores outputs", f"nbstripout sectors/{sector.slug}/{path.name}"
            )
        if path.name == "dashboard.ipynb":
            yield from _thin(path, code)


def _thin(path: Path, code: list[str]) -> Iterator[Finding]:
    lines = sum(len(cell.splitlines()) for cell in code)
    found = [word.strip() for word in FORBIDDEN_CODE if any(word in cell for cell in code)]
    if lines > MAX_CODE_LINES:
        yield Finding(
            "error",
            f"{path.name} has {lines} lines of code",
            f"move code into a module; {MAX_CODE_LINES} at most",
        )
    if found:
        yield Finding(
            "error", f"{path.name} uses {', '.join(found)}", "a dashboard shows; definitions live in modules"
        )


def _executed(settings: Settings, sector: Sector, as_of: date) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="command-center-check-") as folder:
        aside = replace(settings, editions_override=Path(folder) / "editions")
        house = open_house(aside)
        with build_edition(aside, identify(aside, as_of, [sector.slug]).edition_id) as builder:
            failures = measure_house(house, builder, as_of, [sector.slug])
            yield from (
                Finding("error", f"{failure.what} ({failure.where})", failure.next_step)
                for failure in failures
            )
            yield from _faults(builder.path)
            if failures:
                return
            plan = plan_page(house, sector_page(sector.slug, house.regions.root.code), builder.edition_id)
            environment = {
                BUILDING_VARIABLE: builder.edition_id,
                EDITIONS_VARIABLE: str(aside.editions_dir),
                ROOT_VARIABLE: str(settings.root),
            }
            output = Path(folder) / "dashboard.ipynb"
            try:
                execute_notebook(
                    plan.notebook,
                    output,
                    dict(plan.parameters),
                    plan.notebook.parent,
                    environment=environment,
                )
            except CommandCenterError as error:
                yield Finding("error", f"dashboard.ipynb: {error.what}", error.next_step)
            else:
                yield Finding("ok", "dashboard.ipynb runs and every figure is drawn")


def _faults(edition: Path) -> Iterator[Finding]:
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    rows = manifest["rows"]["measures"]
    yield Finding(
        "ok" if rows else "note", f"{rows} figures", "" if rows else "supply a table with at least one row"
    )
    for fault in manifest["faults"]:
        place = " ".join(
            str(fault[name]) for name in ("indicator", "region_code", "period", "method") if fault[name]
        )
        yield Finding("note", f"{fault['check']}: {place} {fault['value']}".rstrip())
