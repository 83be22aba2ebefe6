"""The sheet of instructions: what is asked, of whom, by when, and how each column is filled.

Names offices and roles, never a person.
"""

from collections.abc import Sequence
from typing import Any

from command_center.ingest.workbook import styles
from command_center.ingest.workbook.columns import Column
from command_center.ingest.workbook.identity import DATA_SHEET
from command_center.ingest.workbook.order import WorkbookOrder
from command_center.ingest.workbook.words import cadence_words, form_words
from command_center.locale import Locale

_WIDTHS = {"A": 30, "B": 22, "C": 58, "D": 12, "E": 46}


def write_instructions(sheet: Any, order: WorkbookOrder, columns: Sequence[Column], locale: Locale) -> None:
    """Fill the sheet of instructions."""
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    writer = _LineWriter(sheet)
    profile = order.references.profile
    writer.title(profile.full_name[locale.language])
    writer.title(order.dataset.title.in_language(locale.language))
    writer.gap()
    for label, text in _facts(order, locale):
        writer.fact(label, text)
    writer.gap()
    writer.heading(locale.t("How to fill in"))
    for number, rule in enumerate(_rules(order, locale), start=1):
        writer.rule(f"{number}. {rule}")
    writer.gap()
    writer.heading(locale.t("Columns"))
    t = locale.t
    writer.row(
        (t("Header"), t("Column name"), t("Content"), t("Required"), t("Choices")),
        header=True,
    )
    for column in columns:
        if column.role == "field":
            writer.row(_column_line(column, order, locale))


def _facts(order: WorkbookOrder, locale: Locale) -> list[tuple[str, str]]:
    t = locale.t
    agency = order.references.agencies.get(order.owner_code)
    period = locale.period(order.period) if order.period else t("to be chosen in the column of the period")
    facts = [
        (t("What"), order.dataset.title.in_language(locale.language)),
        (t("Who fills it in"), f"{agency.name_id} ({agency.short_name})"),
        (t("Period"), period),
        (t("How often"), cadence_words(locale, order.dataset.cadence)),
    ]
    if order.stale_from is not None:
        day = locale.date(order.stale_from)
        limit = t(
            "From {day} figures of this period are shown as out of date (a proposal, not a rule).", day=day
        )
        facts.append((t("By when"), limit))
    else:
        facts.append((t("By when"), t("By the date the data steward of the regency has set.")))
    facts.append((t("Questions"), t("The data steward (walidata) of the regency, by office, not by person.")))
    return facts


def _rules(order: WorkbookOrder, locale: Locale) -> list[str]:
    t = locale.t
    key = [_header_of(name, order, locale) for name in order.dataset.table.primaryKey]
    rules = [
        t(
            "Fill in the white cells of the sheet {sheet} only. Headers and grey cells stay as they are.",
            sheet=DATA_SHEET,
        ),
        t(
            "A missing value stays an empty cell: no 0, no dash, no word. 0 means counted, and none was found."
        ),
        t("A cell holds a number alone: no unit, no Rp, no %, no point between thousands."),
        t("A percentage is written 12.5 for 12.5 per cent, not 0.125."),
        t("No rows of totals, no merged cells, no rows or columns inserted between others."),
        t("No identity, family-card or telephone numbers and no names of persons, in notes neither."),
    ]
    if key:
        rules.append(t("Each combination of {columns} stands in one row only.", columns=", ".join(key)))
    if order.last is not None and not order.last.empty:
        rules.append(
            t("The grey columns on the right show last period's figures for comparison; they are not read.")
        )
    rules.append(t("The sheets are locked without a password, to protect the headers from slips."))
    rules.append(
        t(
            "Should something be wrong, this workbook comes back with the cells coloured and a note in each. "
            "Correct those cells and send it again."
        )
    )
    return rules


def _header_of(name: str, order: WorkbookOrder, locale: Locale) -> str:
    field = next(field for field in order.dataset.table.fields if field.name == name)
    return field.title.in_language(locale.language) if field.title is not None else name


def _column_line(column: Column, order: WorkbookOrder, locale: Locale) -> tuple[str, ...]:
    field = column.field
    if field is None:
        return (column.header,)
    t = locale.t
    rules = field.constraints
    content = [form_words(field, order.dataset, locale)]
    if field.personal is not None:
        content.append(t("identifies a person: replaced by a code before it is stored"))
    required = t("yes") if rules.required or field.name in order.dataset.table.primaryKey else t("no")
    choices = t("chosen from the list; see the sheet of codes") if column.choices else ""
    return (column.header, field.name, ", ".join(part for part in content if part), required, choices)


class _LineWriter:
    """Writes the sheet line by line."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._row = 0

    def title(self, text: str) -> None:
        self._put(1, text, styles.TITLE_FONT, new_row=True)

    def heading(self, text: str) -> None:
        self._put(1, text, styles.BOLD_FONT, new_row=True)

    def gap(self) -> None:
        self._row += 1

    def fact(self, label: str, text: str) -> None:
        self._put(1, label, styles.BOLD_FONT, new_row=True)
        self._put(2, text, styles.TEXT_FONT)

    def rule(self, text: str) -> None:
        self._put(1, text, styles.TEXT_FONT, new_row=True)

    def row(self, texts: Sequence[str], *, header: bool = False) -> None:
        self._row += 1
        for number, text in enumerate(texts, start=1):
            cell = self._put(number, text, styles.HEADER_FONT if header else styles.TEXT_FONT)
            cell.border, cell.alignment = styles.GRID, styles.WRAPPED
            if header:
                cell.fill = styles.HEADER_FILL

    def _put(self, column: int, text: str, font: Any, *, new_row: bool = False) -> Any:
        self._row += new_row
        cell = self._sheet.cell(self._row, column, text)
        # Text, whatever a declaration begins with.
        cell.data_type, cell.font = "s", font
        return cell
