"""The figures of an indicator as an Excel workbook: numbers as numbers, dates as dates, text never a formula.

One sheet has the figures, the other what they mean and where they come from. Equal figures give equal bytes.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from command_center.catalog import SAMPLE_METHOD, Indicator, Sector
from command_center.indicators.series import Measure
from command_center.ingest.workbook import styles
from command_center.ingest.workbook.packing import FIXED_MOMENT, to_bytes
from command_center.pages.context import PageContext
from command_center.pages.definitions import definition_facts
from command_center.pages.readings import method_label
from command_center.pages.units import unit_symbol, unit_word
from command_center.theme import PROVENANCES, status

# A spreadsheet runs a cell that starts with one of these as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_DATE_FORMAT = "yyyy-mm-dd"
_HEADER_ROW = 5
_ON_ONE_LINE = Alignment(wrap_text=False)
_WIDTHS = {"text": 16.0, "long": 44.0, "number": 18.0, "date": 12.0}


def figures_workbook(
    context: PageContext, sector: Sector, indicator: Indicator, figures: pd.DataFrame
) -> bytes:
    """Return the rows of a measures table (those of one indicator) as .xlsx, words in the page's language.

    Missing numbers and dates are empty cells. Sample data is stamped in its rows and at the head of both sheets.
    """
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = FIXED_MOMENT
    t = context.locale.t
    first = book.active
    first.title = t("Figures")
    is_sample = bool(figures["method"].eq(SAMPLE_METHOD).any())
    _head(context, first, indicator, is_sample=is_sample)
    _figures(context, first, sector, indicator, figures)
    second = book.create_sheet(t("Explanation"))
    _head(context, second, indicator, is_sample=is_sample)
    _explanation(context, second, sector, indicator, figures)
    return to_bytes(book)


def put(sheet: Any, row: int, column: int, value: object, font: Any = styles.TEXT_FONT) -> None:
    """Write one cell: a number, a date, or text that no spreadsheet runs; None and missing leave it empty."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):  # type: ignore[call-overload]
        return
    cell = sheet.cell(row, column)
    cell.font = font
    if isinstance(value, date):
        cell.value, cell.number_format = datetime(value.year, value.month, value.day), _DATE_FORMAT
    elif isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        # Text even where it begins like a formula; the mark keeps it so when somebody edits the cell.
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
        cell.alignment = styles.WRAPPED
    else:
        cell.value = value


def _head(context: PageContext, sheet: Any, indicator: Indicator, *, is_sample: bool) -> None:
    locale = context.locale
    put(sheet, 1, 1, f"{indicator.id} · {indicator.name.in_language(locale.language)}", styles.TITLE_FONT)
    edition = locale.t(
        "Edition {edition}, as of {date}", edition=context.edition.id, date=locale.date(context.as_of)
    )
    put(sheet, 2, 1, edition, styles.QUIET_FONT)
    if is_sample:
        put(sheet, 3, 1, locale.t("SAMPLE DATA"), styles.BOLD_FONT)
    for row in (1, 2, 3):
        sheet.cell(row, 1).alignment = _ON_ONE_LINE


def _figures(
    context: PageContext, sheet: Any, sector: Sector, indicator: Indicator, figures: pd.DataFrame
) -> None:
    t = context.locale.t
    columns = (
        (t("Stamp"), "text"), (t("Region code"), "text"), (t("Region"), "text"), (t("Agency"), "text"),
        (t("Period"), "text"), (t("Method"), "text"), (t("Numerator"), "number"), (t("Denominator"), "number"),
        (t("Figure"), "number"), (t("Unit"), "text"), ("n", "number"), (t("Target"), "number"),
        (t("Status"), "text"), (t("As-of date"), "date"), (t("Source key"), "long"),
    )  # fmt: skip
    _header(sheet, _HEADER_ROW, columns)
    unit = unit_symbol(indicator.unit) or unit_word(context.locale, indicator.unit)
    for at, (_, row) in enumerate(figures.iterrows(), start=_HEADER_ROW + 1):
        figure = Measure.of(row)
        values = (
            t("SAMPLE DATA") if figure.method == SAMPLE_METHOD else "",
            figure.region_code,
            context.region_name(figure.region_code),
            context.agency_name(figure.agency_code) if figure.agency_code else "",
            figure.period,
            method_label(context, sector, indicator, figure.method),
            figure.numerator,
            figure.denominator,
            figure.value,
            unit,
            figure.n,
            figure.target,
            t(status(figure.status).word),
            figure.as_of,
            figure.source_submission,
        )
        for column, value in enumerate(values, start=1):
            put(sheet, at, column, None if value == "" else value)
    sheet.freeze_panes = sheet.cell(_HEADER_ROW + 1, 4)
    last = f"{get_column_letter(len(columns))}{max(_HEADER_ROW + len(figures), _HEADER_ROW + 1)}"
    sheet.auto_filter.ref = f"A{_HEADER_ROW}:{last}"


def _explanation(
    context: PageContext, sheet: Any, sector: Sector, indicator: Indicator, figures: pd.DataFrame
) -> None:
    t = context.locale.t
    row = _HEADER_ROW
    for fact in definition_facts(context, sector, indicator):
        chip = f" [{t(PROVENANCES[fact.provenance].word)}]" if fact.provenance else ""
        put(sheet, row, 1, fact.label, styles.BOLD_FONT)
        put(sheet, row, 2, f"{fact.text}{chip}")
        row += 1
    row += 1
    put(sheet, row, 1, t("Where these figures come from"), styles.BOLD_FONT)
    columns = (
        (t("Source key"), "long"), (t("File"), "long"), (t("Row"), "number"), (t("Source"), "long"),
        (t("Date of the source"), "date"), (t("Note"), "long"), ("SHA-256", "long"),
    )  # fmt: skip
    _header(sheet, row + 1, columns)
    sources = context.edition.sources
    behind = sources[sources["source_submission"].isin(figures["source_submission"])]
    names = ("source_submission", "file", "row", "source", "source_date", "note", "sha256")
    for at, record in enumerate(behind.to_dict("records"), start=row + 2):
        for column, name in enumerate(names, start=1):
            value = record[name]
            put(sheet, at, column, None if value == "" else value)


def _header(sheet: Any, row: int, columns: Sequence[tuple[str, str]]) -> None:
    for column, (heading, kind) in enumerate(columns, start=1):
        put(sheet, row, column, heading, styles.HEADER_FONT)
        cell = sheet.cell(row, column)
        cell.fill, cell.alignment = styles.HEADER_FILL, styles.CENTRED
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS[kind]
