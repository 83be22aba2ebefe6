"""Which repair each check calls for, and how a repair is written so that people and programs read it alike.

The words of an order are part of the file format and the same in every language.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from command_center.ingest.workbook.readings import Value
from command_center.ingest.workbook.repairs import Order, Repair, RepairBook

REPAIR_LABEL, EXAMPLE_LABEL = "Perbaikan:", "contoh"
ORDER_WORDS: Mapping[Order, str] = MappingProxyType(
    {
        "clear": "[KOSONGKAN]",
        "clear_row": "[KOSONGKAN BARIS]",
        "clear_column": "[KOSONGKAN KOLOM]",
        "fill": "[ISI]",
        "fill_column": "[ISI KOLOM]",
        "scale_column": "[KALIKAN KOLOM]",
        "choose": "[PILIH]",
        "cells": "[LIHAT SEL]",
        "resend": "[KIRIM ULANG]",
        "keep": "[BIARKAN]",
    }
)
# Of several orders for one cell the first of these holds.
_RANK: tuple[Order, ...] = (
    "clear_row", "clear_column", "resend", "fill_column", "scale_column", "choose", "fill", "clear", "value",
    "cells", "keep",
)  # fmt: skip

_ROW_TO_CLEAR = frozenset(
    {
        "total_row", "total_row_unlabelled", "total_mismatch", "note_row", "repeated_header", "repeated_rows",
        "column_numbers",
    }
)  # fmt: skip
_COLUMN_TO_CLEAR = frozenset({"column_unknown", "column_repeated"})
_CELLS_TELL = frozenset({"column_retyped", "ragged_row", "shifted_cells"})
_ANOTHER_FILE = frozenset({"same_as_last", "crs_missing"})
_NOTHING_TO_DO = frozenset(
    {
        "title_rows", "header_rows", "header_merged", "blank_row", "unit_in_header", "private_coded",
        "column_absent", "other_encoding", "byte_order_mark", "other_separator", "sheet_without_table",
    }
)  # fmt: skip
_PERSONAL = frozenset({"private_identity_number", "private_family_card", "private_phone"})
# The value is legible and wrong, or there is none in the cell: only the sender knows the right one.
_UNKNOWABLE = frozenset(
    {
        "above_100", "below_minimum", "above_maximum", "zero_for_missing", "date_in_future", "date_impossible",
        "date_for_number", "date_for_text", "spreadsheet_error", "formula_text", "pattern",
    }
)  # fmt: skip
_MISSING = frozenset({"required", "column_missing", "period_unexpected", "wrong_period"})
_EMPTY_MARKS = frozenset({"missing_dash", "missing_word", "missing_nil"})

_SIMPLE = (
    (_ROW_TO_CLEAR, Repair("clear_row")),
    (_COLUMN_TO_CLEAR, Repair("clear_column")),
    (_CELLS_TELL, Repair("cells")),
    (_ANOTHER_FILE, Repair("resend")),
    (_NOTHING_TO_DO, Repair("keep")),
    (_EMPTY_MARKS, Repair("clear")),
)
_SPECIAL: Mapping[str, Callable[[RepairBook, str, int], Repair]] = MappingProxyType(
    {
        "parts_total": RepairBook.total,
        "not_above": RepairBook.not_above,
        "children_sum": RepairBook.children,
        "never_falls": RepairBook.cumulative,
        "filled_down": RepairBook.from_above,
        "share_as_fraction": RepairBook.hundredfold,
        "share_mixed": RepairBook.hundredfold,
        "share_ambiguous": RepairBook.share_or_percent,
        "unit_switch": RepairBook.thousandfold,
        "negative": RepairBook.positive,
        "not_whole": RepairBook.whole,
        "code_name_mismatch": RepairBook.region_of_name,
        "region_ambiguous": RepairBook.other_region,
        "region_unknown": RepairBook.other_region,
        "region_elsewhere": RepairBook.other_region,
        "region_level": RepairBook.other_region,
        "agency_unknown": RepairBook.agency,
        "lost_character": RepairBook.without_lost_letters,
        "primary_key": RepairBook.later_row,
        "unique": RepairBook.later_value,
    }
)


def order_for(check: str, book: RepairBook, column: str, row: int, text: str) -> Repair:
    """Return the repair a fault of a row or cell calls for; `text` is the cell as sent, `column` a field or ""."""
    for checks, repair in _SIMPLE:
        if check in checks:
            return repair
    if check in _PERSONAL:
        return book.without_person(text)
    if check in _MISSING:
        return book.missing(column, row)
    if check in _UNKNOWABLE:
        return book.unknowable(column, row)
    special = _SPECIAL.get(check)
    return special(book, column, row) if special is not None else book.unreadable(column, row)


def strongest(repairs: Sequence[Repair]) -> Repair:
    """Return the one repair that holds for a cell with several faults."""
    return min(repairs, key=lambda repair: _RANK.index(repair.order))


def repair_line(repair: Repair) -> str:
    """Return the line a program reads: `Perbaikan: ` and a value or an order.

    Numbers and dates (ISO 8601) stand bare, text in double quotes as in JSON; choices follow [PILIH],
    separated by " | "; an example follows [ISI] after the word `contoh`.
    """
    if repair.order == "value" and repair.value is not None:
        return f"{REPAIR_LABEL} {_literal(repair.value)}"
    parts = [ORDER_WORDS[repair.order], " | ".join(_literal(choice) for choice in repair.choices)]
    if repair.value is not None:
        parts.append(_literal(repair.value))
    if repair.example is not None:
        parts.append(f"{EXAMPLE_LABEL} {_literal(repair.example)}")
    return f"{REPAIR_LABEL} {' '.join(part for part in parts if part)}"


def _literal(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
