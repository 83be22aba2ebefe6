"""The note beside a faulty cell: what is wrong, what to write, and one line a program can follow.

Never quotes the cell: what identifies a person stays out of every note.
"""

from command_center.catalog import Dataset, Field
from command_center.ingest.checks import CHECKS, Action
from command_center.ingest.workbook.orders import repair_line
from command_center.ingest.workbook.repairs import Order
from command_center.ingest.workbook.told import Told
from command_center.ingest.workbook.words import form_words, title_of
from command_center.locale import Locale, translatable

AUTHOR = "Pemeriksaan data"
_ACTION_WORDS: dict[Action, str] = {
    "rejected": translatable("Rejected"),
    "quarantined": translatable("Set apart"),
    "fixed": translatable("Read all the same"),
}
_ORDERS: dict[Order, str] = {
    "value": translatable("Write the value in the last line."),
    "clear": translatable("Write the right value; where there is none, leave the cell empty."),
    "clear_row": translatable("Empty all cells of this row: it is not a record of its own."),
    "clear_column": translatable(
        "Empty this column with its header, or give it the header of a declared column."
    ),
    "fill": translatable("Write the right value here, in the form of the example in the last line."),
    "fill_column": translatable(
        "If the figures are of the period due, write the value in the last line into every cell of this column; "
        "otherwise send the table of the period due."
    ),
    "scale_column": translatable(
        "If the column is in another unit, multiply its figures by the number in the last line; if the figures "
        "are right, tell the data steward."
    ),
    "choose": translatable("Choose the right one of the values in the last line."),
    "cells": translatable("See the notes in the coloured cells."),
    "resend": translatable("Nothing in the file can be corrected: send the right table."),
    "keep": translatable("Nothing need be changed here."),
}


_HINTS = {
    "primary_key": translatable(
        "Only one of these rows can be right: should it be a later one, empty the first."
    ),
    "unique": translatable(
        "The first cell with this value may stay; should it be the wrong one, correct it."
    ),
    "total_mismatch": translatable(
        "Compare the total with the rows above: one of them may be wrong or missing."
    ),
    "code_name_mismatch": translatable("Should the code be right, correct the name beside it instead."),
    "parts_total": translatable("Should the total be right, correct the part that is wrong instead."),
    "not_above": translatable("Should the part be right, correct the whole instead."),
    "children_sum": translatable(
        "Should this figure be right, correct the region below that is wrong instead."
    ),
    "never_falls": translatable(
        "Should this figure be right, correct the earlier one that is too high instead."
    ),
    "same_as_last": translatable("Send the table with the figures of the period due."),
    "repeated_rows": translatable("If it is another record, correct what tells the two apart."),
}
# Told beside the checks: what the return itself did to a column.
_OF_THE_RETURN = {
    "personal_emptied": translatable(
        "The column identifies persons and was emptied in this workbook; fill it in again from your own list"
    ),
}


def action_words(locale: Locale, action: Action) -> str:
    """Return in words what was done with a value."""
    return locale.t(_ACTION_WORDS[action])


def check_words(locale: Locale, check: str) -> str:
    """Return in words what a check found."""
    if check in _OF_THE_RETURN:
        return locale.t(_OF_THE_RETURN[check])
    return CHECKS[check].say(locale)


def order_words(locale: Locale, order: Order) -> str:
    """Return in words what the officer is asked to do."""
    return locale.t(_ORDERS[order])


def note_text(told: Told, dataset: Dataset, locale: Locale) -> str:
    """Return the note on a cell: each fault, the expected form, the order, and the line for programs last."""
    repair = told.repair
    lines = [
        f"{action_words(locale, fault.action)}: {check_words(locale, fault.check)}." for fault in told.faults
    ]
    lines += hints(told, locale)
    expected = _expected(told.field, dataset, locale)
    if expected and repair.order not in ("clear_row", "clear_column", "cells", "resend", "keep"):
        lines.append(expected)
    lines.append(order_words(locale, repair.order))
    lines += told.meanings
    lines.append(repair_line(repair))
    return "\n".join(dict.fromkeys(lines))


def hints(told: Told, locale: Locale) -> list[str]:
    """Return what else is worth knowing of the faults of a place."""
    return [locale.t(_HINTS[fault.check]) for fault in told.faults if fault.check in _HINTS]


def _expected(field: Field | None, dataset: Dataset, locale: Locale) -> str:
    if field is None:
        return ""
    what = form_words(field, dataset, locale)
    return locale.t("Expected in {column}: {what}.", column=title_of(field, locale), what=what)
