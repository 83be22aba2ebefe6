"""Sound rows of the ten tables of datasets.yml, made from a seed: places and agencies are real, figures are not.

Every value is what a check must read; every sum agrees, no key stands twice, no figure is far from its neighbours.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from command_center.catalog import Dataset
from command_center.regions import load_agencies, load_regions
from command_center.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[3]
SETTINGS = Settings(REPOSITORY)
REGIONS = load_regions(SETTINGS)
AGENCIES = load_agencies(SETTINGS)
DAY = date(2026, 11, 24)
DECLARED = yaml.safe_load((Path(__file__).parent / "datasets.yml").read_text("utf-8"))["datasets"]
DATASETS = {declared["id"]: Dataset.model_validate(declared) for declared in DECLARED}
KECAMATAN = [region.code for region in REGIONS.districts]
VILLAGES = [region.code for region in REGIONS.villages]
AGENCY_CODES = [code for code in AGENCIES.codes if code.count(".") == 2]
ROWS = 24

Values = dict[str, Any]


def sound_rows(name: str, chance: random.Random) -> list[Values]:
    """Return the rows of one table, each a value for every declared field."""
    rows = _MAKERS[name](chance)
    for row in rows:
        row |= {
            "agency_code": row.get("agency_code") or chance.choice(AGENCY_CODES),
            "source": chance.choice(["Laporan bulanan", "Aplikasi dinas", "Rekapitulasi petugas"]),
            "extracted_on": date(2026, 9, 1) + timedelta(chance.randrange(60)),
            "note": chance.choice(["lengkap", "diperiksa ulang", "sesuai berita acara", None]),
        }
    return [{field.name: row[field.name] for field in DATASETS[name].table.fields} for row in rows]


def due_period(name: str) -> str:
    """Return the period the table is of, "" where it holds several."""
    return _PERIODS[name]


def _count(chance: random.Random) -> int:
    """A figure of four digits, so that it can be written with a thousands separator."""
    return chance.randrange(1_200, 9_800)


def _tenth(chance: random.Random) -> float:
    """A figure with one decimal, never whole, so that it can be written with a decimal comma."""
    return chance.randrange(20, 90) + chance.randrange(1, 10) / 10


def _penduduk(chance: random.Random) -> list[Values]:
    return [
        {"region_code": code, "period": "2026-S1", "sex": sex, "persons": _count(chance),
         "recorded_pct": _tenth(chance)}
        for code in KECAMATAN[:12]
        for sex in ("Laki-laki", "Perempuan")
    ]  # fmt: skip


def _gizi(chance: random.Random) -> list[Values]:
    rows = []
    for code in chance.sample(VILLAGES, ROWS):
        target = _count(chance)
        rows.append(
            {"region_code": code, "period": "2026-08", "method": "e_ppgbm", "target_children": target,
             "weighed_children": target - chance.randrange(100), "visits": _count(chance),
             "stunting_pct": _tenth(chance)}
        )  # fmt: skip
    return rows


def _belanja(chance: random.Random) -> list[Values]:
    rows = []
    for at in range(8):
        code, spent = AGENCY_CODES[at], chance.randrange(100, 200) * 1_000_000
        for month in (1, 2, 3):
            spent += chance.randrange(1, 50) * 1_000_000 + chance.randrange(1_000_000)
            rows.append(
                {"agency_code": code, "activity_code": f"1.02.K{at:03d}", "period": f"2026-{month:02d}",
                 "budget_idr": 900_000_000 + at * 1_500_000, "spent_idr": spent, "payments": _count(chance),
                 "physical_pct": _tenth(chance)}
            )  # fmt: skip
    return rows


def _bansos(chance: random.Random) -> list[Values]:
    rows = []
    for code in chance.sample(VILLAGES, ROWS):
        decreed = _count(chance)
        rows.append(
            {"programme": chance.choice(["PKH", "SEMBAKO", "PBI"]), "region_code": code, "period": "2026-Q2",
             "tranche": chance.randrange(1, 5), "decreed_households": decreed,
             "paid_households": decreed - chance.randrange(100), "visited_households": _count(chance),
             "amount_idr": decreed * 250_000, "on_target_pct": _tenth(chance)}
        )  # fmt: skip
    return rows


def _jkn(chance: random.Random) -> list[Values]:
    persons = [_count(chance) for _ in KECAMATAN]
    pairs = [(REGIONS.root.code, sum(persons)), *zip(KECAMATAN, persons, strict=True)]
    return [
        {"region_code": code, "period": "2026-08", "segment": "PBPU_PEMDA", "registered_persons": number,
         "complaints": _count(chance), "active_pct": _tenth(chance)}
        for code, number in pairs
    ]  # fmt: skip


def _aduan(chance: random.Random) -> list[Values]:
    return [
        {"tracking_id": f"L{260_000 + at * 37}", "period": "2026-08",
         "channel": chance.choice(["web", "sms", "aplikasi", "surat"]), "region_code": chance.choice(KECAMATAN),
         "status": chance.choice(["verifikasi", "proses", "selesai", "arsip"]),
         "reported_on": date(2026, 8, 1) + timedelta(chance.randrange(31)), "letters": _count(chance),
         "rating": _tenth(chance), "reporter": "0812-0000-0000"}
        for at in range(ROWS)
    ]  # fmt: skip


def _izin(chance: random.Random) -> list[Values]:
    return [
        {"application_id": f"IZ-{20_000 + at * 13}", "period": "2026-08",
         "kind": chance.choice(["NIB", "PBG", "SLF", "SIP"]), "risk": chance.choice(["R", "MR", "MT", "T"]),
         "region_code": chance.choice(VILLAGES), "received_on": date(2026, 8, 1) + timedelta(chance.randrange(31)),
         "area_m2": _count(chance), "waiting_days": _tenth(chance),
         "fee_idr": chance.randrange(1_000_000, 9_000_000), "applicant": f"Pemohon {'ABCDEFGHIJ'[at % 10]}"}
        for at in range(ROWS)
    ]  # fmt: skip


def _ruas(chance: random.Random) -> list[Values]:
    rows = []
    for at in range(ROWS):
        parts = [_count(chance) + 0.5 for _ in range(3)]
        rows.append(
            {"road_id": f"R{at + 101}", "period": "2026", "road_name": f"Jalan Lingkar {'ABCDEFGH'[at % 8]}",
             "region_code": chance.choice(KECAMATAN), "length_m": sum(parts), "good_m": parts[0],
             "fair_m": parts[1], "bad_m": parts[2], "traffic": _count(chance), "steady_pct": _tenth(chance)}
        )  # fmt: skip
    return rows


def _pendapatan(chance: random.Random) -> list[Values]:
    rows = []
    for kind in ("PAJAK", "RETRIBUSI", "DBH_MIGAS", "DAU", "DAK", "LAIN"):
        realised = chance.randrange(100, 200) * 1_000_000
        for month in (1, 2, 3, 4):
            realised += chance.randrange(1, 50) * 1_000_000 + chance.randrange(1_000_000)
            rows.append(
                {"revenue_kind": kind, "period": f"2026-{month:02d}", "target_idr": 900_000_000,
                 "realised_idr": realised, "payers": _count(chance), "realised_pct": _tenth(chance)}
            )  # fmt: skip
    return rows


def _sekolah(chance: random.Random) -> list[Values]:
    rows = []
    # Names that two villages of one kecamatan could be taken for are left out.
    for at, code in enumerate(sorted(chance.sample(VILLAGES, ROWS))):
        good, broken = chance.randrange(5, 15), chance.randrange(2, 9)
        rows.append(
            {"npsn": f"S{2_031_000 + at * 7}", "period": "2026-S1", "district": REGIONS.get(code[:8]).name,
             "village": REGIONS.get(code).name, "region_code": code, "level": chance.choice(["PAUD", "SD", "SMP"]),
             "accredited": chance.choice([True, False]), "rooms": good + broken, "good_rooms": good,
             "broken_rooms": broken, "books": _count(chance), "pupils_per_teacher": _tenth(chance)}
        )  # fmt: skip
    return rows


_MAKERS: dict[str, Callable[[random.Random], list[Values]]] = {
    "penduduk_dkb": _penduduk,
    "gizi_desa": _gizi,
    "realisasi_belanja": _belanja,
    "bansos_salur": _bansos,
    "jkn_kec": _jkn,
    "aduan_lapor": _aduan,
    "izin": _izin,
    "ruas_jalan": _ruas,
    "pendapatan": _pendapatan,
    "satuan_pendidikan": _sekolah,
}
_PERIODS = {
    "penduduk_dkb": "2026-S1",
    "gizi_desa": "2026-08",
    "realisasi_belanja": "",
    "bansos_salur": "2026-Q2",
    "jkn_kec": "2026-08",
    "aduan_lapor": "2026-08",
    "izin": "2026-08",
    "ruas_jalan": "2026",
    "pendapatan": "",
    "satuan_pendidikan": "2026-S1",
}
