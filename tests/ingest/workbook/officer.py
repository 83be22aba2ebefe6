"""An officer made of rules: repairs a returned workbook by its colours, notes and summary, and by nothing else.

Knows no dataset, no fault and no answer. Reads only what the workbook itself says; where a note asks for a
value that only people know, writes the note's own example; of several choices takes the first.
"""

import io
import json
import re
from datetime import date
from typing import Any

from openpyxl import load_workbook

LABEL = "Perbaikan:"
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
EXAMPLE = "contoh "


def literal(text: str) -> Any:
    return date.fromisoformat(text) if ISO.fullmatch(text) else json.loads(text)


def last_line(note: str) -> str:
    line = note.strip().splitlines()[-1]
    assert line.startswith(LABEL), f"the note does not end with its repair: {note!r}"
    return line.removeprefix(LABEL).strip()


def put(cell: Any, value: Any) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith("="):
            raise AssertionError("no note may ask for a formula")
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


class Officer:
    """Follows the notes of one workbook and keeps what it could not do."""

    def __init__(self, content: bytes) -> None:
        self.workbook = load_workbook(io.BytesIO(content))
        self.undone: list[str] = []
        self.done = 0

    def repair(self) -> bytes:
        for sheet in self.workbook.worksheets:
            notes = [(c, last_line(c.comment.text)) for row in sheet.iter_rows() for c in row
                     if c.comment is not None and LABEL in c.comment.text]  # fmt: skip
            for cell, order in notes:
                self._follow(sheet, cell, order)
            # Rows and columns that are to be empty are emptied last, whatever else was asked for in them.
            for cell, order in notes:
                if order == "[KOSONGKAN BARIS]":
                    self._empty(sheet[cell.row])
                if order == "[KOSONGKAN KOLOM]":
                    self._empty(
                        [
                            row[0]
                            for row in sheet.iter_rows(
                                min_row=cell.row, min_col=cell.column, max_col=cell.column
                            )
                        ]
                    )
        self._read_summary()
        buffer = io.BytesIO()
        self.workbook.save(buffer)
        return buffer.getvalue()

    def _follow(self, sheet: Any, cell: Any, order: str) -> None:
        self.done += 1
        below = [
            row[0] for row in sheet.iter_rows(min_row=cell.row + 1, min_col=cell.column, max_col=cell.column)
        ]
        if order.startswith("[ISI KOLOM]"):
            for one in below:
                if one.value is not None:
                    put(one, literal(order.removeprefix("[ISI KOLOM]").strip()))
        elif order.startswith("[KALIKAN KOLOM]"):
            factor = literal(order.removeprefix("[KALIKAN KOLOM]").strip())
            for one in below:
                if isinstance(one.value, int | float):
                    one.value = one.value * factor
        elif order.startswith("[PILIH]"):
            put(cell, literal(order.removeprefix("[PILIH]").split(" | ")[0].strip()))
        elif order.startswith("[ISI]"):
            example = order.removeprefix("[ISI]").strip()
            if example:
                put(cell, literal(example.removeprefix(EXAMPLE)))
            else:
                self.undone.append(f"{sheet.title}!{cell.coordinate}: no example")
        elif order == "[KOSONGKAN]":
            cell.value = None
        elif not order.startswith("["):
            put(cell, literal(order))

    def _empty(self, cells: Any) -> None:
        for cell in cells:
            cell.value = None

    def _read_summary(self) -> None:
        """Orders that belong to no cell; whatever cannot be done in the file is kept as undone."""
        summary = self.workbook.worksheets[0]
        header = next(row for row in summary.iter_rows() if row[0].value == "No.")
        for row in summary.iter_rows(min_row=header[0].row + 1):
            order = str(row[7].value or "")
            if order.startswith(f"{LABEL} [KIRIM ULANG]"):
                self.undone.append(f"{row[1].value}: {row[4].value}")
