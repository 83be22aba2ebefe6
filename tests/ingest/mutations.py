"""For every check the one rule that finds it, and what it becomes when it is broken.

A rule is broken where it stands: a pattern that fits nothing, a function that does nothing. What is then no
longer found proves that the tests of that check can fail.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from command_center.cleaning import private
from command_center.cleaning.columns import Decision
from command_center.cleaning.marks import SHAPES
from command_center.cleaning.missing import MARKS
from command_center.ingest import cellvalues, references
from command_center.ingest.layout import find_layout
from command_center.ingest.readers import delimited, geographic

Mutation = tuple[str, Any]
INGEST, CLEANING = "command_center.ingest", "command_center.cleaning"
NEVER = "\x01never\x01"


def nothing(*_: Any, **__: Any) -> None:
    """Stands for a rule that is gone."""


def without(real: Callable[..., Any], note: str) -> Callable[..., Any]:
    """A reader of columns that no longer says one thing it saw."""

    def read(*arguments: Any, **options: Any) -> Any:
        found = real(*arguments, **options)
        return type(found)(
            **{**vars(found), "notes": {name: rows for name, rows in found.notes.items() if name != note}}
        )

    return read


def unsaid(real: Callable[..., references.Settled]) -> Callable[..., references.Settled]:
    """A rule of names that settles as before and no longer says how."""
    return lambda *arguments, **options: references.Settled(real(*arguments, **options).code)


def blind(*parts: str) -> Callable[..., Any]:
    """A reader of numbers that no longer sees some parts around the digits."""
    from command_center.cleaning import numbers

    real = numbers._has
    return lambda found, name, sign="": (
        np.zeros(len(found), dtype=np.bool_) if name in parts else real(found, name, sign)
    )


def one_separator(*arguments: Any) -> Any:
    sheet, _ = delimited.read_delimited(*arguments)
    return sheet, ","


def no_notes(*arguments: Any) -> Any:
    sheets, _ = geographic.read_layers(*arguments)
    return sheets, ()


def first_row_is_header(sheet: Any, dataset: Any, confirmed: Any = None) -> Any:
    """Any sheet is taken for the dataset's."""
    return find_layout(sheet, dataset.model_copy(update={"table": _any_table(sheet)}), confirmed)


def _any_table(sheet: Any) -> Any:
    from command_center.catalog.datasets import TableSchema

    names = sheet.top(1)[0]
    return TableSchema.model_validate({"fields": [{"name": name} for name in names]})


def no(*_: Any, **__: Any) -> bool:
    return False


def never_fits(ratio: Any) -> Any:
    return np.zeros(len(ratio), dtype=np.bool_)


def _all(target: str, by: Any, *checks: str) -> dict[str, Mutation]:
    return dict.fromkeys(checks, (target, by))


FILE: dict[str, Mutation] = {
    **_all(f"{INGEST}.readers.read.guard_size", nothing, "empty_file", "file_too_large"),
    "password_protected": (f"{INGEST}.readers.read.guard_password", nothing),
    "archive_bomb": (f"{INGEST}.readers.guards._check_unpacked", nothing),
    "archive_unsafe": (f"{INGEST}.readers.guards._leads_outside", no),
    "sheet_too_large": (f"{INGEST}.readers.records._guard", nothing),
    "corrupt_file": (f"{INGEST}.readers.read.parse_json", lambda *_: [{"a": 1}]),
    "unknown_format": (f"{INGEST}.readers.read._NOT_A_TABLE", ()),
    "no_rows": (f"{INGEST}.check._refuse_without_rows", nothing),
    "no_header": (f"{INGEST}.check.find_layout", first_row_is_header),
    "no_person_key": (
        f"{INGEST}.cellvalues._coded",
        lambda work, name: work.texts[name].to_numpy(dtype=object),
    ),
    "other_dataset": (f"{INGEST}.check.other_dataset", nothing),
    "resubmitted_file": (f"{INGEST}.check._refuse_again", nothing),
    **_all(f"{INGEST}.readers.read._encoding_notes", lambda *_: (), "other_encoding", "byte_order_mark"),
    "other_separator": (f"{INGEST}.readers.read.read_delimited", one_separator),
    "crs_missing": (f"{INGEST}.readers.read.read_layers", no_notes),
    "sheet_without_table": (f"{INGEST}.check._wanted", lambda raw, _: raw.sheets[:1]),
}
LAYOUT: dict[str, Mutation] = {
    **_all(
        f"{INGEST}.layoutfaults._name_header", nothing,
        "title_rows", "header_rows", "header_merged", "header_line_break",
    ),
    **_all(
        f"{INGEST}.layoutfaults._ROW_CHECKS", {}, "column_numbers", "repeated_header", "total_row", "note_row"
    ),
    "blank_row": (f"{INGEST}.layoutfaults._name_blank_rows", nothing),
    "ragged_row": (f"{INGEST}.layoutfaults._name_rows", nothing),
    "total_row_unlabelled": (f"{INGEST}.totals._is_sum", no),
    "total_mismatch": (f"{INGEST}.check.check_printed_totals", nothing),
    "filled_down": (f"{INGEST}.check.fill_down", nothing),
    "shifted_cells": (f"{INGEST}.check.find_shifts", nothing),
    **_all(
        f"{INGEST}.check.name_column_faults", nothing,
        "column_missing", "column_absent", "column_unknown", "column_renamed", "column_repeated",
    ),
    "column_retyped": (f"{INGEST}.cellvalues._note_retyped", nothing),
    **_all(f"{INGEST}.timechecks._is_thousandfold", never_fits, "column_rescaled", "unit_switch"),
    **_all(f"{INGEST}.check.check_period", nothing, "wrong_period", "period_unexpected"),
    "same_as_last": (f"{INGEST}.timechecks._check_same", no),
}  # fmt: skip
TEXT: dict[str, Mutation] = {
    "stray_space": (f"{CLEANING}.text._STRAY", NEVER),
    "hard_space": (f"{CLEANING}.text._HARD", NEVER),
    "control_character": (f"{CLEANING}.text.CONTROL", NEVER),
    "mojibake": (f"{CLEANING}.text._GARBLED", NEVER),
    "lost_character": (f"{CLEANING}.text._LOST", NEVER),
    **{kind: (f"{CLEANING}.missing.MARKS", {**MARKS, kind: (NEVER,)}) for kind in MARKS},
    "column_supplied": (f"{INGEST}.supplied._tell", nothing),
    "column_dropped": (f"{INGEST}.check.name_column_faults", nothing),
    "private_name": (f"{INGEST}.cellvalues.mask_known", lambda cells, _: (cells, np.zeros(len(cells), np.bool_))),
    **_all(
        f"{INGEST}.cellvalues.find_private", lambda cells, **_: private.PrivateColumn(cells),
        "private_identity_number", "private_family_card", "private_phone",
    ),
}  # fmt: skip
NUMBERS: dict[str, Mutation] = {
    "leading_apostrophe": (
        f"{CLEANING}.numbers._stripped",
        lambda texts, notes: notes.update(footnote_mark=np.zeros(len(texts), dtype=np.bool_)) or texts,
    ),
    "footnote_mark": (f"{CLEANING}.numbers._FOOTNOTE", f"{NEVER}$"),
    "spreadsheet_error": (f"{CLEANING}.numbers._ERROR", NEVER),
    "formula_text": (f"{CLEANING}.numbers._FORMULA", NEVER),
    "thousands_separator": (
        f"{CLEANING}.numbers.SHAPES",
        {name: shape if name in ("whole", "decimal_point") else NEVER for name, shape in SHAPES.items()},
    ),
    "decimal_comma": (f"{CLEANING}.numbers.SHAPES", {**SHAPES, "decimal_comma": NEVER}),
    "number_ambiguous": (
        f"{CLEANING}.numbers.decide_mark", lambda *_: Decision("decimal mark", ".", "a guess")
    ),
    "currency_text": (f"{CLEANING}.numbers._has", blind("money", "tail")),
    "percent_sign": (f"{CLEANING}.numbers._has", blind("percent")),
    "accounting_negative": (f"{CLEANING}.numbers._has", blind("open", "close")),
    **_all(
        f"{CLEANING}.numbers.unit_factor", nothing, "unit_in_cell", "unit_converted",
    ),
    "unit_in_header": (f"{INGEST}.cellvalues.header_unit", nothing),
    **_all(
        f"{INGEST}.cellvalues.scale_shares", lambda read: (read, None),
        "share_as_fraction", "share_mixed", "share_ambiguous",
    ),
    "scientific_notation": (f"{CLEANING}.numbers._SCIENTIFIC", NEVER),
    "number_as_text": (
        f"{INGEST}.cellvalues._plain_text_in_workbook",
        lambda work, name, cells, read: np.zeros(len(cells), dtype=np.bool_),
    ),
    "number_unreadable": (
        f"{INGEST}.cellvalues.read_numbers", without(cellvalues.read_numbers, "number_unreadable")
    ),
    **_all(
        f"{INGEST}.sheetwork.SheetWork.is_kind", lambda work, *_: np.zeros(len(work.rows), dtype=np.bool_),
        "date_for_number", "date_for_text",
    ),
    "not_whole": (f"{INGEST}.cellvalues._is_broken", never_fits),
    **_all(
        f"{INGEST}.rules._check_limits", nothing,
        "zero_for_missing", "negative", "above_100", "below_minimum", "above_maximum",
    ),
}  # fmt: skip
DATES: dict[str, Mutation] = {
    **{
        note: (f"{INGEST}.cellvalues.read_dates", without(cellvalues.read_dates, note))
        for note in ("date_spelling", "date_impossible", "date_unreadable", "two_digit_year")
    },
    "excel_serial": (f"{CLEANING}.dates._SERIAL", NEVER),
    "date_ambiguous": (
        f"{CLEANING}.dates._order_decision",
        lambda *_: Decision("day or month first", "day first", "a guess"),
    ),
    "date_in_future": (f"{INGEST}.cellvalues._is_late", lambda days, _: never_fits(days)),
    **{
        note: (f"{INGEST}.cellvalues.read_periods", without(cellvalues.read_periods, note))
        for note in ("period_spelling", "period_unreadable")
    },
}
PLACES: dict[str, Mutation] = {
    **_all(
        f"{INGEST}.references.settle_region", unsaid(references.settle_region),
        "region_spelling", "region_nearly", "region_ambiguous", "region_unknown", "region_level", "bps_code",
        "code_as_number",
    ),
    "region_elsewhere": (f"{INGEST}.references._settle_pair", unsaid(references._settle_pair)),
    "code_name_mismatch": (f"{INGEST}.references._derive_region", nothing),
    **_all(
        f"{INGEST}.references.settle_agency", unsaid(references.settle_agency),
        "code_as_date", "agency_spelling", "agency_nearly", "agency_unknown",
    ),
}  # fmt: skip
CONTRACT: dict[str, Mutation] = {
    "required": (f"{INGEST}.rules._check_required", nothing),
    "type": (f"{INGEST}.cellvalues._YES", frozenset({"true", "ya", "mungkin"})),
    **_all(f"{INGEST}.rules._check_texts", nothing, "enum", "pattern", "method"),
    "enum_spelling": (f"{INGEST}.cellvalues.normal_key", str),
    "boolean_spelling": (f"{INGEST}.cellvalues._OFFICIAL_BOOLEAN", frozenset({"Ya", "Tidak", "true", "false"})),
    "unique": (f"{INGEST}.rules._check_unique", nothing),
    **_all(f"{INGEST}.check.check_repeats", nothing, "primary_key", "repeated_rows"),
    **{name: (f"{INGEST}.crosschecks._{name}", nothing)
       for name in ("parts_total", "not_above", "children_sum", "never_falls")},
}  # fmt: skip
MUTATIONS = {**FILE, **LAYOUT, **TEXT, **NUMBERS, **DATES, **PLACES, **CONTRACT}
