"""A large table of aid payments, made from a seed with a few faults a plain program finds too."""

import random
from datetime import date, timedelta
from pathlib import Path

import openpyxl

from command_center.catalog import Dataset
from command_center.regions import load_agencies, load_regions
from command_center.settings import Settings

SETTINGS = Settings(Path(__file__).resolve().parents[2])
REGIONS = load_regions(SETTINGS)
AGENCIES = load_agencies(SETTINGS)
REGION_CODES = [region.code for region in REGIONS.villages]
AGENCY_CODES = list(AGENCIES.codes)
ENUMS = ["PKH", "SEMBAKO", "PBI"]
KEY = ["region_code", "period", "programme", "serial"]
HEADERS = {
    "region_code": "Kode Wilayah",
    "period": "Periode",
    "programme": "Program",
    "serial": "Nomor Urut",
    "persons": "Penerima",
    "paid": "Cair",
    "amount_idr": "Nominal",
    "share_pct": "Persentase",
    "agency_code": "Kode OPD",
    "extracted_on": "Tanggal Tarik",
    "note": "Uraian",
}
_TYPES = {
    "serial": ("integer", None),
    "persons": ("integer", "persons"),
    "paid": ("integer", "persons"),
    "amount_idr": ("integer", "idr"),
    "share_pct": ("number", "percent"),
    "extracted_on": ("date", None),
}


def _field(name: str) -> dict[str, object]:
    kind, unit = _TYPES.get(name, ("string", None))
    rules: dict[str, object] = {"required": name != "note"}
    if kind in ("integer", "number"):
        rules["minimum"] = 0
    if name == "share_pct":
        rules["maximum"] = 100
    if name == "programme":
        rules["enum"] = ENUMS
    return {"name": name, "type": kind, "aliases": [HEADERS[name]], "constraints": rules} | (
        {"unit": unit} if unit else {}
    )


DATASET = Dataset.model_validate(
    {
        "id": "aid_large",
        "title": {"id": "Bantuan", "en": "Aid"},
        "cadence": "monthly",
        "table": {
            "fields": [_field(name) for name in HEADERS],
            "primaryKey": KEY,
            "foreignKeys": [
                {"fields": "region_code", "reference": {"resource": "regions", "fields": "code"}},
                {"fields": "agency_code", "reference": {"resource": "agencies", "fields": "code"}},
            ],
        },
        "layout": {"region_levels": ["desa", "kel"]},
        "checks": [{"kind": "not_above", "column": "paid", "limit": "persons"}],
    }
)


def rows(count: int, seed: int = 1):
    """Yield the rows of the table; one in a thousand pays more than it has persons."""
    chance = random.Random(seed)  # noqa: S311 (test data, nothing secret)
    for at in range(count):
        persons = chance.randrange(10, 90_000)
        paid = persons + 1 if at % 1000 == 7 else persons - chance.randrange(10)
        yield [
            chance.choice(REGION_CODES), f"2026-{chance.randrange(1, 13):02d}", chance.choice(ENUMS), at, persons,
            paid, persons * 250_000, chance.randrange(100, 1000) / 10, chance.choice(AGENCY_CODES),
            date(2026, 1, 1) + timedelta(chance.randrange(300)), f"catatan {chance.randrange(500)}",
        ]  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    """Write the table as comma-separated text."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(",".join(HEADERS.values()) + "\n")
        stream.writelines(",".join(map(str, row)) + "\n" for row in rows(count))


def write_xlsx(path: Path, count: int) -> None:
    """Write the table as a workbook, its numbers and dates as such."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.append(list(HEADERS.values()))
    for row in rows(count):
        sheet.append(row)
    book.save(path)
