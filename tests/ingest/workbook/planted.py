"""Workbooks with one planted fault of every kind that a sheet of cells can have."""

import io
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook

from command_center.catalog import Dataset
from tests.ingest.workbook.declared import (
    MONTHLY,
    SERVICES,
    as_sheet,
    declared,
    names_of,
    services_rows,
    titles_of,
)

# Numbers that cannot belong to anyone: no province is called 00.
NIK, CARD, PHONE = "0000009999990001", "0000009999990002", "081200000000"

# check -> (field, what stands in its cell); each in a row of its own, from the fourth on.
CELLS: dict[str, tuple[str, Any]] = {
    "required": ("source", ""),
    "type": ("active", "mungkin"),
    "boolean_spelling": ("active", "Ya"),
    "enum": ("status", "kurang sekali"),
    "enum_spelling": ("status", "BAIK"),
    "pattern": ("permit", "12/X"),
    "method": ("method", "entahlah"),
    "negative": ("piped", -5),
    "above_100": ("coverage", 120.5),
    "below_minimum": ("persons", 4),
    "above_maximum": ("households", 1500),
    "zero_for_missing": ("households", 0),
    "not_whole": ("served", 17.5),
    "unit_switch": ("cost", 25_400),
    "share_mixed": ("coverage", 0.62),
    "number_unreadable": ("households", "banyak"),
    "number_as_text": ("served", "210"),
    "thousands_separator": ("cost", "25.130.000"),
    "decimal_comma": ("distance", "12,5"),
    "currency_text": ("cost", "Rp 25140000"),
    "percent_sign": ("coverage", "64 %"),
    "unit_in_cell": ("distance", "12.5 km"),
    "unit_converted": ("distance", "12500 m"),
    "accounting_negative": ("cost", "(25150000)"),
    "scientific_notation": ("cost", "2.5E7"),
    "footnote_mark": ("served", "230*"),
    "date_for_number": ("distance", datetime(2024, 5, 1)),
    "missing_dash": ("note", "-"),
    "missing_word": ("note", "n/a"),
    "missing_nil": ("note", "nihil"),
    "spreadsheet_error": ("households", "#REF!"),
    "formula_text": ("source", "=SUM(A1:A2)"),
    "stray_space": ("source", "  Laporan  tahunan dinas "),
    "hard_space": ("source", "Laporan\u00a0tahunan dinas"),
    "control_character": ("source", "Laporan\u200b tahunan dinas"),
    "mojibake": ("source", "Laporan tahunan dinas â€“ revisi"),
    "lost_character": ("source", "Laporan tah\ufffdnan dinas"),
    "leading_apostrophe": ("served", "'215"),
    "date_spelling": ("surveyed", "17 Juni 2024"),
    "two_digit_year": ("surveyed", "17/06/24"),
    "excel_serial": ("surveyed", 45460),
    "date_impossible": ("surveyed", "31/02/2024"),
    "date_unreadable": ("surveyed", "awal tahun"),
    "date_in_future": ("surveyed", date(2031, 1, 5)),
    "period_spelling": ("period", "Tahun 2024"),
    "period_unreadable": ("period", "tahun lalu"),
    "period_unexpected": ("period", "2019"),
    "region_unknown": ("village_name", "Entah Berantah"),
    "region_level": ("region_code", "33.16.01"),
    "region_spelling": ("village_name", None),
    "code_name_mismatch": ("region_code", None),
    "code_as_number": ("region_code", None),
    "agency_unknown": ("agency_code", "Dinas Antariksa dan Bulan"),
    "date_for_text": ("source", datetime(2024, 3, 4)),
    "parts_total": ("persons", None),
    "not_above": ("served", None),
    "private_identity_number": ("note", f"hubungi pemilik {NIK} di balai desa"),
    "private_family_card": ("note", f"KK {CARD}"),
    "private_phone": ("note", f"telepon {PHONE}"),
}
# Faults of rows and of the sheet.
ROWS = ("unique", "primary_key", "repeated_rows", "total_row", "total_mismatch", "note_row", "repeated_header",
        "shifted_cells", "blank_row", "title_rows", "filled_down")  # fmt: skip
COLUMNS = ("column_missing", "column_renamed", "column_repeated", "column_unknown", "header_line_break",
           "column_retyped", "wrong_period", "header_merged", "header_rows")  # fmt: skip


def services() -> Dataset:
    return declared(SERVICES)


def faulty_services() -> bytes:
    """One workbook with three sheets: faults of cells, of rows and of columns."""
    dataset = services()
    workbook = Workbook()
    workbook.remove(workbook.active)
    _cells(workbook, dataset)
    _rows(workbook, dataset)
    _columns(workbook, dataset)
    buffer = io.BytesIO()
    workbook.properties.creator = "Nama Petugas"
    workbook.save(buffer)
    return buffer.getvalue()


def _cells(workbook: Workbook, dataset: Dataset) -> None:
    names, titles = names_of(dataset), titles_of(dataset)
    rows = services_rows(len(CELLS) + 10)
    for row, (check, (field, value)) in zip(rows[3:], CELLS.items(), strict=False):
        row[field] = _special(check, row, rows) if value is None else value
        if field in ("piped", "wells") or check == "below_minimum":
            row["persons"] = row["persons"] if check == "below_minimum" else ""
    as_sheet(
        workbook, "Sel", titles, [[row[name] for name in names] for row in rows], ["REKAP LAYANAN DESA", ""]
    )


def _rows(workbook: Workbook, dataset: Dataset) -> None:
    names, titles = names_of(dataset), titles_of(dataset)
    rows = services_rows(60)
    free = rows[3:]
    free[0]["permit"] = free[1]["permit"]  # unique
    free[2]["district_name"] = ""  # filled_down
    table = [[row[name] for name in names] for row in rows]
    table.insert(20, [""] * len(names))  # blank_row
    table.insert(40, list(titles))  # repeated_header
    again = dict(rows[0])
    table.append([again[name] for name in names])  # repeated_rows
    other = dict(rows[1], served=11, permit="")
    table.append([other[name] for name in names])  # primary_key
    shifted = [free[4][name] for name in names]
    table[table.index(shifted)] = ["", *shifted[:-1]]  # shifted_cells
    total = dict.fromkeys(names, "") | {"village_name": "JUMLAH"}
    table.append([total[name] for name in names])  # total_row
    table.append(["Sumber: laporan desa"])  # note_row
    as_sheet(workbook, "Baris", titles, table, ["REKAP LAYANAN DESA", ""])


def _special(check: str, row: dict[str, Any], rows: list[dict[str, Any]]) -> Any:
    """What depends on the row itself."""
    return {
        "region_spelling": f"Ds. {str(row['village_name']).upper()}",
        "code_name_mismatch": rows[-1]["region_code"],
        "code_as_number": int(str(row["region_code"]).replace(".", "")),
        "parts_total": row["persons"] + 9,
        "not_above": row["households"] + 50,
    }[check]


def _columns(workbook: Workbook, dataset: Dataset) -> None:
    titles = dict(zip(names_of(dataset), titles_of(dataset), strict=True))
    rows = services_rows(30)
    kept = [name for name in titles if name not in ("source", "note")]  # column_missing, column_absent
    header = [titles[name] for name in kept]
    header[kept.index("coverage")] = "Cakupann"  # column_renamed
    header[kept.index("status")] = "Status\nair"  # header_line_break
    header += ["Terlayani", "Keterangan lain"]  # column_repeated, column_unknown
    table = []
    for at, row in enumerate(rows):
        row["period"] = "2021"  # wrong_period
        row["opened"] = ""
        row["cost"] = "tidak tahu"  # column_retyped
        table.append([row[name] for name in kept] + [row["served"] + at % 2, "x"])
    table.append(
        ["JUMLAH" if name == "village_name" else 12 if name == "piped" else "" for name in kept]
    )  # total_mismatch
    sheet = as_sheet(workbook, "Kolom", header, table, [])
    sheet.insert_rows(1)
    first = kept.index("piped") + 1
    for column, text in ((first, "berpipa"), (first + 1, "bersumur")):
        sheet.cell(2, column, text)
    sheet.cell(1, first, "Jiwa")  # header_merged, header_rows
    sheet.merge_cells(start_row=1, start_column=first, end_row=1, end_column=first + 1)


def monthly() -> Dataset:
    return declared(MONTHLY)
