"""Which repair each check calls for, and how a repair is written so that people and programs read it alike.

The words of an order are part of the file format and the same in every language.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from command_center.ingest.workbook.repairs import Order, Repair, RepairBook, Value

REPAIR_LABEL = "Perbaikan:"
ORDER_WORDS: Mapping[Order, str] = MappingProxyType(
    {
        "clear": "[KOSONGKAN]",
        "clear_row": "[KOSONGKAN BARIS]",
        "clear_column": "[KOSONGKAN KOLOM]",
        "fill": "[ISI]",
        "choose": "[PILIH]",
        "keep": "[BIARKAN]",
    }
)
# Of several orders for one cell the first of these holds.
_RANK: tuple[Order, ...] = ("clear_row", "clear_column", "choose", "fill", "clear", "value", "keep")

_ROW_TO_CLEAR = frozenset(
    {
        "total_row", "total_row_unlabelled", "total_mismatch", "note_row", "repeated_header", "repeated_rows",
        "column_numbers",
    }
)  # fmt: skip
_COLUMN_TO_CLEAR = frozenset({"column_unknown", "column_repeated"})
_NOTHING_TO_DO = frozenset(
    {
        "title_rows", "header_rows", "header_merged", "blank_row", "unit_in_header", "private_coded",
        "column_absent", "other_encoding", "byte_order_mark", "other_separator", "sheet_without_table",
    }
)  # fmt: skip
_PERSONAL = frozenset({"private_identity_number", "private_family_card", "private_phone"})
# The value is legible and wrong, or two legible values contradict each other: only the sender knows the right one.
_UNKNOWABLE = frozenset(
    {
        "negative", "above_100", "below_minimum", "above_maximum", "not_whole", "unit_switch", "share_mixed",
        "share_ambiguous", "zero_for_missing", "not_above", "never_falls", "children_sum", "date_in_future",
        "date_for_number", "date_for_text", "region_level", "region_elsewhere", "column_rescaled", "unique",
    }
)  # fmt: skip
_TO_FILL = frozenset({"shifted_cells", "ragged_row", "column_missing", "column_retyped"})
_MISSING = frozenset({"required", "period_unexpected", "wrong_period"})
_EMPTY_MARKS = frozenset({"missing_dash", "missing_word", "missing_nil"})


def order_for(check: str, book: RepairBook, column: str, row: int, text: str) -> Repair:
    """Return the repair a fault calls for; `text` is the cell as sent, `column` a declared name or ""."""
    for checks, repair in _SIMPLE:
        if check in checks:
            return repair
    if check in _PERSONAL:
        return book.without_person(text)
    if check in _MISSING:
        return book.missing(column, row)
    if check in _UNKNOWABLE:
        return book.unknowable(column)
    special = _SPECIAL.get(check)
    return special(book, column, row) if special is not None else book.unreadable(column, row)


def strongest(repairs: Sequence[Repair]) -> Repair:
    """Return the one repair that holds for a cell with several faults."""
    return min(repairs, key=lambda repair: _RANK.index(repair.order))


def repair_line(repair: Repair) -> str:
    """Return the line a program reads: `Perbaikan: ` and a value or an order.

    Numbers and dates (ISO 8601) stand bare, text in double quotes as in JSON; choices follow [PILIH],
    separated by " | ".
    """
    if repair.order == "value" and repair.value is not None:
        return f"{REPAIR_LABEL} {_literal(repair.value)}"
    parts = [ORDER_WORDS[repair.order], " | ".join(_literal(choice) for choice in repair.choices)]
    return f"{REPAIR_LABEL} {' '.join(part for part in parts if part)}"


def _literal(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


_SIMPLE = (
    (_ROW_TO_CLEAR, Repair("clear_row")),
    (_COLUMN_TO_CLEAR, Repair("clear_column")),
    (_NOTHING_TO_DO, Repair("keep")),
    (_EMPTY_MARKS, Repair("clear")),
    (_TO_FILL, Repair("fill")),
)
_SPECIAL: Mapping[str, Callable[[RepairBook, str, int], Repair]] = MappingProxyType(
    {
        "parts_total": RepairBook.total,
        "filled_down": RepairBook.from_above,
        "share_as_fraction": RepairBook.hundredfold,
        "code_name_mismatch": RepairBook.either_region,
        "column_renamed": RepairBook.rename,
        "header_line_break": RepairBook.rename,
        "primary_key": RepairBook.later_row,
    }
)
