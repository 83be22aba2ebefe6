"""The note beside a faulty cell: what is wrong, what to write, and one line a program can follow.

Never quotes the cell: what identifies a person stays out of every note.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from command_center.catalog import Field
from command_center.ingest.checks import CHECKS, Action
from command_center.ingest.workbook.orders import repair_line
from command_center.ingest.workbook.repairs import Order, Repair
from command_center.ingest.workbook.words import kind_words, limits_words, title_of
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
    "clear_column": translatable("Empty this column with its header, or give it the header of a declared column."),
    "fill": translatable("Only the sender knows the right value: write it here."),
    "choose": translatable("Choose the right one of the values in the last line."),
    "keep": translatable("Nothing need be changed here."),
}


@dataclass(frozen=True)
class CellFault:
    """What is wrong with one cell: the checks that found it, each with what was done."""

    check: str
    action: Action


def action_words(locale: Locale, action: Action) -> str:
    """Return in words what was done with a value."""
    return locale.t(_ACTION_WORDS[action])


def check_words(locale: Locale, check: str) -> str:
    """Return in words what a check found; the name of the check where it has no words."""
    known = CHECKS.get(check)
    return known.say(locale) if known is not None else check


def order_words(locale: Locale, order: Order) -> str:
    """Return in words what the officer is asked to do."""
    return locale.t(_ORDERS[order])


def note_text(faults: Sequence[CellFault], field: Field | None, repair: Repair, locale: Locale) -> str:
    """Return the note on a cell: each fault, the expected form, the order, and the line for programs last."""
    lines = [
        f"{action_words(locale, fault.action)}: {check_words(locale, fault.check)}." for fault in faults
    ]
    expected = _expected(field, locale)
    if expected and repair.order not in ("clear_row", "clear_column", "keep"):
        lines.append(expected)
    lines.append(order_words(locale, repair.order))
    lines.append(repair_line(repair))
    return "\n".join(dict.fromkeys(lines))


def _expected(field: Field | None, locale: Locale) -> str:
    if field is None:
        return ""
    allowed = ", ".join(field.constraints.enum or ())
    form = [kind_words(field, locale), limits_words(field, locale)]
    if allowed:
        form = [locale.t("one of: {values}", values=allowed)]
    what = ", ".join(part for part in form if part)
    return locale.t("Expected in {column}: {what}.", column=title_of(field, locale), what=what)
