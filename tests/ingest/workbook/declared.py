"""A dataset of a test sector with every kind of column and sum, its clean rows, and the context of its check."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook

from command_center.catalog import Dataset
from command_center.cleaning import PersonKey
from command_center.ingest.context import IngestContext
from command_center.regions import load_agencies, load_regions
from command_center.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[3]
RECEIVED = date(2025, 2, 10)
PERIOD = "2024"

SERVICES = """
id: services
title: {id: "Layanan desa", en: "Village services"}
cadence: yearly
methods:
  pendataan: {id: "Pendataan desa", en: "Village count"}
  sampel: {id: "Sampel rumah tangga", en: "Household sample"}
table:
  fields:
    - {name: region_code, title: {id: "Kode desa", en: "Village code"}}
    - {name: district_name, title: {id: "Kecamatan", en: "District"}}
    - {name: village_name, title: {id: "Nama desa", en: "Village"}, constraints: {required: true}}
    - {name: agency_code, title: {id: "Kode OPD", en: "Agency code"}, constraints: {required: true}}
    - {name: period, title: {id: "Periode", en: "Period"}, constraints: {required: true}}
    - {name: method, title: {id: "Metode", en: "Method"}, constraints: {required: true}}
    - {name: households, type: integer, unit: households, title: {id: "Rumah tangga", en: "Households"},
       constraints: {required: true, minimum: 1, maximum: 900}}
    - {name: served, type: integer, unit: households, title: {id: "Terlayani", en: "Served"}, constraints: {minimum: 0}}
    - {name: piped, type: integer, unit: persons, title: {id: "Jiwa berpipa", en: "Persons piped"},
       constraints: {minimum: 0}}
    - {name: wells, type: integer, unit: persons, title: {id: "Jiwa bersumur", en: "Persons with wells"},
       constraints: {minimum: 0}}
    - {name: persons, type: integer, unit: persons, title: {id: "Jumlah jiwa", en: "Persons"}, constraints: {minimum: 10}}
    - {name: cost, type: number, unit: idr, title: {id: "Biaya", en: "Cost"}}
    - {name: distance, type: number, unit: km, title: {id: "Jarak", en: "Distance"}}
    - {name: coverage, type: number, unit: percent, title: {id: "Cakupan", en: "Coverage"},
       constraints: {required: true, minimum: 0, maximum: 100}}
    - {name: surveyed, type: date, title: {id: "Tanggal survei", en: "Surveyed on"}, constraints: {required: true}}
    - {name: opened, type: date, title: {id: "Mulai layanan", en: "Opened on"}}
    - {name: status, title: {id: "Status air", en: "State of water"},
       constraints: {required: true, enum: [baik, sedang, buruk]}}
    - {name: active, type: boolean, title: {id: "Aktif", en: "Active"}, constraints: {required: true}}
    - {name: permit, title: {id: "Nomor izin", en: "Permit"}, constraints: {pattern: "^IZ-[0-9]{3}$", unique: true}}
    - {name: source, title: {id: "Sumber data", en: "Source"}, constraints: {required: true}}
    - {name: note, title: {id: "Catatan petugas", en: "Note"}}
  primaryKey: [region_code, period, method]
  foreignKeys:
    - {fields: region_code, reference: {resource: regions, fields: code}}
    - {fields: agency_code, reference: {resource: agencies, fields: code}}
layout:
  fill_down: [district_name]
  region_levels: [desa, kel]
  region_from: {field: region_code, name: village_name, within: district_name}
checks:
  - {kind: parts_total, parts: [piped, wells], total: persons}
  - {kind: not_above, column: served, limit: households}
"""

MONTHLY = """
id: monthly
title: {id: "Laporan bulanan", en: "Monthly report"}
cadence: monthly
table:
  fields:
    - {name: region_code, title: {id: "Kode wilayah", en: "Region code"}, constraints: {required: true}}
    - {name: period, title: {id: "Periode", en: "Period"}, constraints: {required: true}}
    - {name: cases, type: integer, unit: cases, title: {id: "Kasus", en: "Cases"}, constraints: {minimum: 0}}
    - {name: spent, type: number, unit: idr, title: {id: "Belanja", en: "Spent"}}
    - {name: share, type: number, unit: percent, title: {id: "Persentase", en: "Share"}}
    - {name: reporter_nik, personal: identity, title: {id: "NIK pelapor", en: "Reporter"}}
  primaryKey: [region_code, period]
  foreignKeys:
    - {fields: region_code, reference: {resource: regions, fields: code}}
checks:
  - {kind: children_sum, column: cases}
  - {kind: never_falls, column: spent, along: period}
"""


def declared(text: str) -> Dataset:
    return Dataset.model_validate(yaml.safe_load(text))


@cache
def _references() -> tuple[Any, Any]:
    settings = Settings(REPOSITORY)
    return load_regions(settings), load_agencies(settings)


def context(**changes: Any) -> IngestContext:
    regions, agencies = _references()
    known: dict[str, Any] = {"expected_period": PERIOD, "person_key": PersonKey(b"x" * 40), **changes}
    return IngestContext(regions, agencies, RECEIVED, **known)


def names_of(dataset: Dataset) -> list[str]:
    return [field.name for field in dataset.table.fields]


def titles_of(dataset: Dataset) -> list[str]:
    return [field.title.id if field.title else field.name for field in dataset.table.fields]


def services_rows(count: int) -> list[dict[str, Any]]:
    """Clean rows of as many villages, in code order."""
    regions, agencies = _references()
    rows = []
    villages = [region for region in regions if region.level in ("desa", "kel")]
    for at, region in enumerate(villages[:count]):
        district = next(one.name for one in regions.ancestors(region.code) if one.level == "kec")
        rows.append(
            {
                "region_code": region.code,
                "district_name": district,
                "village_name": region.name,
                "agency_code": agencies.codes[0],
                "period": PERIOD,
                "method": "pendataan",
                "households": 300 + at,
                "served": 200 + at,
                "piped": 400 + at,
                "wells": 300 + at,
                "persons": 700 + 2 * at,
                "cost": 25_000_000 + 10_000 * at,
                "distance": 12.25,
                "coverage": 60.5 + at / 8,
                "surveyed": date(2024, 6, 13),
                "opened": date(2019, 3, 21),
                "status": "baik",
                "active": "true",
                "permit": f"IZ-{at:03d}",
                "source": "Laporan tahunan dinas",
                "note": "",
            }
        )
    return rows


def as_sheet(workbook: Workbook, title: str, header: list[str], rows: list[list[Any]], top: list[str]) -> Any:
    """Write titles, one header row and the rows; texts that begin like formulas stay texts."""
    sheet = workbook.create_sheet(title)
    for line in top:
        sheet.append([line])
    sheet.append(header)
    for row in rows:
        sheet.append([None if value == "" else value for value in row])
        for cell, value in zip(sheet[sheet.max_row], row, strict=False):
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"
    return sheet
