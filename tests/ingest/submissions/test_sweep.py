"""Every byte the house keeps, outside the closed originals, is searched for what was planted in the files.

The numbers cannot belong to anyone (there is no province 99 and no such telephone prefix), nor can the names.
"""

import gzip
import io
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from command_center.ingest.refusals import IngestError
from command_center.ingest.submissions import Delivery, Door
from command_center.ingest.submissions.decisions import correct_cell
from command_center.ingest.submissions.inbox import take_in_all
from command_center.refresh import refresh
from tests.conftest import DAY
from tests.ingest.submissions.conftest import AGENCY

NIK, CARD, PHONE, NAME = "9999991231990001", "9999990101990002", "089999990003", "Zzyxqa Wvutsrin"
PLANTED = (NIK[:15], CARD[:15], PHONE[1:], "zzyxqa", "wvutsrin")
_GROUPING = re.compile(rb"(?<=\d)[ .\-]{1,2}(?=\d)")

DATASET = """\
datasets:
  - id: people
    title: {id: Orang, en: People}
    owner: "1.03.01"
    cadence: yearly
    table:
      primaryKey: [region_code, period, nik]
      foreignKeys:
        - {fields: region_code, reference: {resource: regions, fields: code}}
      fields:
        - {name: region_code, type: string, constraints: {required: true}}
        - {name: period, type: string, constraints: {required: true}}
        - {name: nik, type: string, personal: identity}
        - {name: nama, type: string, personal: name}
        - {name: telepon, type: string, personal: phone}
        - {name: persons, type: integer, unit: persons, constraints: {minimum: 0}}
        - {name: note, type: string}
"""
HEADER = ["region_code", "period", "nik", "nama", "telepon", "persons", "note"]
ROWS = [
    ["33.16.15.2001", "2025", NIK, NAME, PHONE, "3", f"atas nama {NAME}, NIK {NIK[:4]} {NIK[4:8]} {NIK[8:12]} {NIK[12:]}"],
    ["33.16.15.2007", "2025", CARD, NAME.upper(), "+62 899-9999-0003", "abc", f"No KK {CARD}; hubungi 0899.9999.0003"],
    ["33.16.99.9999", "2025", NIK, f"  {NAME}", PHONE, "4", f"{NIK}/{CARD}"],
    [NIK, "2025", NIK, NAME, PHONE, NIK, PHONE],
    ["33.16.15.2001", "2025", NIK, NAME, PHONE, "3", f"atas nama {NAME}, NIK {NIK[:4]} {NIK[4:8]} {NIK[8:12]} {NIK[12:]}"],
    ["JUMLAH", "", "", "", "", "7", f"diperiksa oleh {PHONE}"],
]  # fmt: skip


def csv_file(separator: str = ",") -> bytes:
    lines = [[f"Daftar {NIK}"], [], [*HEADER, f"kolom {NIK}"], *([*row, f"{NIK} {PHONE}"] for row in ROWS)]
    return "\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines).encode()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"NIK {NIK}"
    for row in (HEADER, *ROWS):
        sheet.append([int(cell) if cell == NIK else cell for cell in row])
    book.create_sheet(f"lain {PHONE}").append([NIK, NAME])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def records() -> bytes:
    return json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS]).encode()


@pytest.fixture
def swept(door: Door, person_key: None) -> Door:
    """The door of a house with a dataset of persons."""
    declaration = door.intake.settings.sectors_dir / "water" / "sector.yml"
    declaration.write_text(declaration.read_text().replace("datasets:\n", DATASET))
    from command_center.ingest.submissions import open_intake

    return Door(open_intake(door.intake.settings), door.clock)


def texts(path: Path) -> Iterator[bytes]:
    """A file's content in every form a reader could see it."""
    content = path.read_bytes()
    yield content
    if path.suffix == ".gz":
        yield gzip.decompress(content)
    if path.suffix in (".parquet", ".geoparquet"):
        yield pd.read_parquet(path).to_csv().encode()
    if path.suffix == ".sqlite":
        with sqlite3.connect(path) as connection:
            yield "\n".join(connection.iterdump()).encode()


def found_in(folder: Path, *, planted: tuple[str, ...] = PLANTED) -> list[str]:
    """Which planted text stands in which file, grouped digits joined."""
    hits = []
    for path in folder.rglob("*"):
        if not path.is_file() or "raw" in path.relative_to(folder).parts[:2]:
            continue
        for content in texts(path):
            joined = _GROUPING.sub(b"", content).lower()
            hits += [f"{text} in {path.relative_to(folder)}" for text in planted if text.encode() in joined]
    return hits


def send_everything(door: Door) -> list[str]:
    """Send the planted files in every format and every way; the receipts of what was registered."""
    files = {
        f"data {NIK}.csv": csv_file(),
        f"titik koma {PHONE}.csv": csv_file(";"),
        f"buku {CARD}.xlsx": workbook(),
        "rekaman.json": records(),
        f"rusak {NIK}.xlsx": b"PK\x03\x04" + NIK.encode(),
    }
    for name, content in files.items():
        delivery = Delivery(
            content,
            name,
            "water",
            "people",
            AGENCY,
            "command",
            metadata={"maintainer": f"{PHONE}", "notes": f"NIK {NIK}"},
        )
        if name.startswith("rusak"):
            with pytest.raises(IngestError) as refused:
                door.receive(delivery)
            assert NIK not in str(refused.value)
        else:
            door.receive(delivery)
    inbox = door.intake.files.inbox / "water"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / f"people {NIK}.csv").write_bytes(csv_file("\t"))
    (inbox / "misteri.csv").write_bytes(f"a,b\n{NIK},{NAME}\n".encode())
    for taken in take_in_all(door):
        assert taken.error is None or NIK not in str(taken.error)
    return [one.receipt for one in door.intake.register.all()]


def decide_everything(door: Door) -> None:
    """Correct, accept and return, so that every kind of record exists."""
    waiting = [one.receipt for one in door.intake.register.all(state="checked")][::-1]
    correct_cell(
        door,
        waiting[0],
        sheet="",
        cell=_cell_of(door, waiting[0]),
        new="5",
        reason=f"telepon {PHONE}",
        actor="walidata",
    )
    for cell in ("D2", "G2"):
        correct_cell(door, waiting[1], sheet="", cell=cell, new="tanpa nama", reason="nama", actor="walidata")
    door.send_back(waiting[0], "walidata", f"hubungi {PHONE}")
    for receipt in waiting[1:]:
        door.accept(receipt, "walidata")


def _cell_of(door: Door, receipt: str) -> str:
    faults = door.report_of(door.intake.register.get(receipt)).sheets[0].faults
    return str(faults.query("check == 'number_unreadable'")["cell"].iloc[0])


def test_no_planted_number_or_name_is_left_in_any_byte(swept: Door, tmp_path: Path) -> None:
    root = swept.intake.settings.root
    assert len(send_everything(swept)) == 6
    decide_everything(swept)
    log = root / "logs"
    log.mkdir()
    for command in ("list", "recipes"):
        said = subprocess.run(
            [sys.executable, "-m", "command_center.cli", "submissions", command],
            env={"PATH": "", **swept.intake.settings.environment}, capture_output=True, check=True,
        )  # fmt: skip
        (log / f"{command}.log").write_bytes(said.stdout + said.stderr)
    result = refresh(swept.intake.settings, DAY)
    assert (result.failures, result.failed_pages) == ((), ())
    accepted = swept.intake.register.all(state="accepted")
    assert accepted
    assert found_in(root) == []


def test_the_sweep_itself_finds_what_is_planted(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_text(f"x {NIK[:4]}-{NIK[4:8]}-{NIK[8:12]}-{NIK[12:]} y")
    pd.DataFrame({"a": [NAME]}).to_parquet(tmp_path / "data" / "b.parquet")
    (tmp_path / "data" / "c.html.gz").write_bytes(gzip.compress(f"tel {PHONE}".encode()))
    with sqlite3.connect(tmp_path / "data" / "d.sqlite") as connection:
        connection.execute("CREATE TABLE t (x TEXT)")
        connection.execute("INSERT INTO t VALUES (?)", (CARD,))
    connection.close()
    hits = found_in(tmp_path)
    assert {hit.split(" in ")[0] for hit in hits} == set(PLANTED)


def test_the_same_person_keeps_the_same_code_and_no_number(swept: Door) -> None:
    receipt = swept.receive(
        Delivery(csv_file(), "a.csv", "water", "people", AGENCY, "command")
    ).submission.receipt
    swept.accept(receipt, "walidata")
    table = pd.read_parquet(swept.intake.files.tidy(swept.intake.register.get(receipt)))
    assert table["nik"].str.fullmatch("[0-9a-f]{64}").all()
    assert table["nama"].str.fullmatch("[0-9a-f]{64}").all()
    assert swept.intake.key is not None
    assert table["nik"].iloc[0] == swept.intake.key.code(NIK)
