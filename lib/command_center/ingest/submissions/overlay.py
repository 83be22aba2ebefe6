"""Recorded corrections and approved recipes laid over a file as it was read; the file itself is never touched.

Each change leaves a note, so that no figure is set right in silence.
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from command_center.catalog import Dataset
from command_center.cleaning.columns import distinct, strings, text_column
from command_center.ingest.faultlog import column_letters
from command_center.ingest.layout import find_layout
from command_center.ingest.readers import Kind, RawFile, Sheet
from command_center.ingest.submissions.model import Correction, Recipe, SubmissionError

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def with_corrections(raw: RawFile, corrections: Sequence[Correction]) -> RawFile:
    """Return the file with the corrected cells, and one note "corrected" for each."""
    for correction in corrections:
        sheet, at = sheet_named(raw, correction.sheet), cell_place(correction.cell)
        changed = _set_cell(sheet, at, correction.new)
        note = ("corrected", f"{correction.sheet}!{correction.cell}")
        raw = _with_sheet(raw, changed, note)
    return raw


def with_recipes(
    raw: RawFile, dataset: Dataset, recipes: Sequence[Recipe], confirmed: Mapping[str, str]
) -> RawFile:
    """Return the file with the agency's approved repairs made, and one note "recipe" for each that was used."""
    for recipe in recipes:
        if recipe.state != "approved":
            continue
        for sheet in raw.sheets:
            layout = find_layout(sheet, dataset, confirmed)
            at = None if layout is None else layout.position(recipe.field)
            if at is None or not sheet.cells[at].isin([recipe.old]).any():
                continue
            note = ("recipe", f"{recipe.field}: {recipe.old} → {recipe.new}")
            raw = _with_sheet(raw, _replace_text(sheet, at, recipe), note)
    return raw


def sheet_named(raw: RawFile, name: str) -> Sheet:
    """Return a sheet by its name; SubmissionError, with the names there are, for another."""
    for sheet in raw.sheets:
        if sheet.name == name:
            return sheet
    raise SubmissionError(
        f"The file has no sheet {name!r}",
        where=raw.name,
        who="the walidata",
        next_step="choose one of: " + ", ".join(sheet.name for sheet in raw.sheets),
    )


def cell_place(cell: str) -> tuple[int, int]:
    """Return grid row and column of "C12", from 0; SubmissionError for another writing."""
    found = _CELL.fullmatch(cell)
    if found is None:
        raise SubmissionError(
            f"{cell!r} is no cell", where="--cell", who="the walidata", next_step="write it as C12"
        )
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)) - 1, column - 1


def cell_text(sheet: Sheet, at: tuple[int, int]) -> str:
    """Return what stands in a cell, "" where empty; SubmissionError beyond the sheet's end."""
    row, column = at
    if row >= sheet.row_count or column >= sheet.cells.shape[1]:
        raise SubmissionError(
            f"The sheet ends before {column_letters(column)}{row + 1}",
            where=sheet.name,
            who="the walidata",
            next_step="take the cell from the report of the submission",
        )
    text = sheet.cells[column].iloc[row]
    return text if isinstance(text, str) else ""


def _set_cell(sheet: Sheet, at: tuple[int, int], text: str) -> Sheet:
    cell_text(sheet, at)
    row, column = at
    texts = strings(sheet.cells[column]).to_numpy(copy=True)
    texts[row] = text or None
    kinds = sheet.kinds
    if kinds is not None:
        own = np.array(kinds[column], copy=True)
        own[row] = Kind.EMPTY if not text else Kind.NUMBER if _NUMBER.fullmatch(text) else Kind.TEXT
        kinds = tuple(own if place == column else kind for place, kind in enumerate(kinds))
    return dataclasses.replace(
        sheet, cells=_with_column(sheet, column, pd.Series(texts, dtype="str")), kinds=kinds
    )


def _replace_text(sheet: Sheet, column: int, recipe: Recipe) -> Sheet:
    texts = strings(sheet.cells[column]).replace(recipe.old, recipe.new)
    return dataclasses.replace(sheet, cells=_with_column(sheet, column, texts.astype("str")))


def _with_column(sheet: Sheet, column: int, texts: "pd.Series[str]") -> pd.DataFrame:
    cells = sheet.cells.copy(deep=False)
    cells[column] = text_column(distinct(texts))
    return cells


def _with_sheet(raw: RawFile, sheet: Sheet, note: tuple[str, str]) -> RawFile:
    sheets = tuple(sheet if other.name == sheet.name else other for other in raw.sheets)
    return dataclasses.replace(raw, sheets=sheets, notes=(*raw.notes, note))
