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

import pandas as pd

from command_center.catalog import Sector, load_sector
from command_center.editions import build_edition, identify
from command_center.editions.store import BUILDING_VARIABLE
from command_center.errors import CommandCenterError
from command_center.indicators.engine import Transform
from command_center.ingest.submissions.current import read_current
from command_center.kernels.execution import execute_notebook
from command_center.maps.boundaries import load_shapes
from command_center.pages.addresses import sector_page
from command_center.pages.house import House, open_house
from command_center.publishing import plan_page
from command_center.publishing.plan import DASHBOARD
from command_center.refresh.measuring import (
    HouseMeasures,
    code_failure,
    measure_house,
    unknown_owners,
)
from command_center.refresh.parts import SectorFailure
from command_center.refresh.run import EditionRun
from command_center.refresh.sectors import load_verbs
from command_center.settings import Settings

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
        load_sector(settings, slug)
        house = open_house(settings)
        sector = house.catalog.sector(slug)  # refused where another sector claims the same indicator
    except CommandCenterError as error:
        return [Finding("error", f"{error.what} ({error.where})", error.next_step)]
    findings = [
        Finding("ok", f"declaration: {len(sector.indicators)} indicators, {len(sector.datasets)} datasets"),
        *_place(house, sector),
        *_owners(house, sector),
        *_folder(settings, sector),
        *_tables(house, sector),
        *_verbs(house, sector),
        *_notebooks(settings, sector),
    ]
    if not any(finding.level == "error" for finding in findings):
        findings += _executed(settings, sector, as_of)
    return findings


def _place(house: House, sector: Sector) -> Iterator[Finding]:
    for other in house.catalog.sectors:
        if other.order == sector.order and other.slug != sector.slug:
            yield Finding(
                "error",
                f"order {sector.order} is also the place of {other.slug} in the menu",
                f"choose another order in sectors/{sector.slug}/sector.yml",
            )


def _owners(house: House, sector: Sector) -> Iterator[Finding]:
    yield from (_failed(broken.error) for broken in unknown_owners(house) if broken.slug == sector.slug)


def _folder(settings: Settings, sector: Sector) -> Iterator[Finding]:
    folder = settings.sectors_dir / sector.slug
    for name, why in (
        ("__init__.py", "without it the import rules do not see the folder"),
        ("README.md", "a newcomer reads it first"),
        (DASHBOARD, "it is the sector's page"),
    ):
        if not (folder / name).is_file():
            yield Finding("error", f"{name} is missing: {why}", f"create sectors/{sector.slug}/{name}")


def _tables(house: House, sector: Sector) -> Iterator[Finding]:
    agency_codes = frozenset(house.agencies.codes)
    for dataset in sector.datasets:
        try:
            table = read_current(house.settings, sector.slug, dataset, house.regions, agency_codes)
        except CommandCenterError as error:
            yield Finding("error", f"dataset {dataset.id}: {error.what} ({error.where})", error.next_step)
            continue
        if table is None:
            yield Finding(
                "note",
                f"dataset {dataset.id}: no file yet",
                f"command-center ingest FILE --dataset {sector.slug}.{dataset.id}",
            )
        else:
            hashes = ", ".join(file.sha256[:12] for file in table.files)
            yield Finding("ok", f"dataset {dataset.id}: {table.rows} rows, sha256 {hashes}")


def _verbs(house: House, sector: Sector) -> Iterator[Finding]:
    folder = house.settings.sectors_dir / sector.slug
    try:
        transforms, _ = load_verbs(house.settings, sector)
    except CommandCenterError as error:
        yield _failed(error)
        return
    except Exception as error:  # noqa: BLE001 - a sector's own code may fail in any way
        yield _failed(code_failure(folder, error))
        return
    agency_codes = frozenset(house.agencies.codes)
    for dataset_id, transform in transforms.items():
        dataset = sector.dataset(dataset_id)
        try:
            table = read_current(house.settings, sector.slug, dataset, house.regions, agency_codes)
        except CommandCenterError:
            continue  # told among the tables
        if table is None:
            continue
        try:
            yield _purity(dataset_id, transform, table.frame)
        except CommandCenterError as error:
            yield _failed(error)
        except Exception as error:  # noqa: BLE001 - a sector's own code may fail in any way
            yield _failed(code_failure(folder, error))


def _purity(dataset_id: str, transform: Transform, table: pd.DataFrame) -> Finding:
    before = table.copy(deep=True)
    first, second = transform(table), transform(table)
    if not table.equals(before):
        return Finding(
            "error", f"transform {dataset_id} changes its input", "work on a copy: table.assign(...)"
        )
    if not first.equals(second):
        return Finding(
            "error", f"transform {dataset_id} gives different tables", "remove what is random or clocked"
        )
    return Finding("ok", f"transform {dataset_id} is pure")


def _notebooks(settings: Settings, sector: Sector) -> Iterator[Finding]:
    for path in sorted((settings.sectors_dir / sector.slug).glob("*.ipynb")):
        place = f"sectors/{sector.slug}/{path.name}"
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except (ValueError, KeyError, TypeError):
            yield Finding(
                "error", f"{path.name} is no notebook", f"open {place} in JupyterLab and save it again"
            )
            continue
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        if any(cell.get("outputs") or cell.get("execution_count") for cell in cells):
            yield Finding("error", f"{path.name} stores outputs", f"nbstripout {place}")
        if path.name == DASHBOARD:
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
        identity = identify(aside, as_of, [sector.slug])
        measured = measure_house(house, as_of, sectors=[sector.slug])
        if measured.failures:
            yield from (_failed(failure) for failure in measured.failures)
            return
        with build_edition(aside, identity.edition_id) as builder:
            own = house.with_catalog(measured.catalog)
            EditionRun(own, builder, identity, measured, load_shapes(aside), [sector.slug]).write_tables()
            yield from _faults(measured)
            plan = plan_page(own, sector_page(sector.slug, house.regions.root.code), builder.edition_id)
            environment = {**aside.environment, BUILDING_VARIABLE: builder.edition_id}
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
                yield _failed(error)
            else:
                yield Finding("ok", "dashboard.ipynb runs and every figure is drawn")


def _failed(failure: CommandCenterError | SectorFailure) -> Finding:
    return Finding("error", f"{failure.what} ({failure.where})", failure.next_step)


def _faults(measured: HouseMeasures) -> Iterator[Finding]:
    rows = len(measured.measures)
    yield Finding(
        "ok" if rows else "note", f"{rows} figures", "" if rows else "supply a table with at least one row"
    )
    for fault in measured.faults:
        place = " ".join(
            str(fault[name]) for name in ("indicator", "region_code", "period", "method") if fault[name]
        )
        yield Finding("note", f"{fault['check']}: {place} {fault['value']}".rstrip())
