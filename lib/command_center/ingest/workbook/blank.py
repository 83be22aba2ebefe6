"""The official blank workbook of a dataset, made from its declaration.

Holds codes and last period's published figures, no personal data, no macro and no link out of the file.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from command_center.ingest.workbook import styles
from command_center.ingest.workbook.codes import define_lists, write_codes
from command_center.ingest.workbook.columns import Column, accompanying_headers, plan_columns
from command_center.ingest.workbook.identity import (
    DATA_SHEET,
    FIRST_DATA_ROW,
    HEADER_ROW,
    WorkbookIdentity,
    declaration_hash,
    stamp,
)
from command_center.ingest.workbook.instructions import write_instructions
from command_center.ingest.workbook.order import METHOD_FIELD, PERIOD_FIELD, WorkbookOrder
from command_center.ingest.workbook.packing import FIXED_MOMENT, to_bytes
from command_center.ingest.workbook.validations import validation_of
from command_center.locale import Locale

INSTRUCTION_SHEET, CODE_SHEET = "Petunjuk", "Kode"
SPARE_ROWS, FREE_ROWS = 20, 500

# What a prefilled row holds, by column name.
_Row = dict[str, str]


def blank_workbook(order: WorkbookOrder, locale: Locale | None = None) -> bytes:
    """Return the blank workbook as .xlsx: sheets Petunjuk, Data and Kode; equal orders give equal bytes.

    One row per expected region (see WorkbookOrder) with its code, the period where given and the method where
    there is one, then 20 spare rows. Where the regions are not given, one row per record of last period with
    its key, which may be changed; 500 empty rows where there is none. Row 6 of the data sheet is the header.
    """
    locale = locale or Locale()
    workbook = Workbook()
    data = workbook.active
    data.title = DATA_SHEET
    columns = plan_columns(order, locale)
    rows = list(_prefilled(order))
    _write_titles(data, order, columns, locale)
    _write_headers(data, columns)
    _write_rows(data, columns, rows, order)
    codes = workbook.create_sheet(CODE_SHEET)
    define_lists(workbook, codes, write_codes(codes, order, columns, locale))
    _validate(data, columns, _last_row(rows), locale)
    write_instructions(workbook.create_sheet(INSTRUCTION_SHEET, 0), order, columns, locale)
    for sheet in workbook.worksheets:
        _protect(sheet)
    workbook.active = 1
    _describe(workbook, order, locale)
    return to_bytes(workbook)


def _prefilled(order: WorkbookOrder) -> Iterator[_Row]:
    if not order.expected_regions:
        yield from _keys_of_last(order)
        return
    methods = _methods(order)
    region_field = order.region_field or ""
    for region in order.expected_regions:
        for method in methods:
            row = {region_field: region.code, PERIOD_FIELD: order.period, METHOD_FIELD: method}
            source = order.dataset.layout.region_from
            if source is not None:
                row[source.name] = region.name
            row[""] = order.references.regions.label(region.code)
            yield {name: text for name, text in row.items() if text}


def _keys_of_last(order: WorkbookOrder) -> Iterator[_Row]:
    """The keys of last period's records, under the new period."""
    names = [name for name in order.dataset.table.primaryKey if order.last is not None and name in order.last]
    for record in order.last[names].to_dict("records") if order.last is not None else ():
        row = {str(name): str(value) for name, value in record.items() if not pd.isna(value)}
        row[PERIOD_FIELD] = order.period
        yield {name: text for name, text in row.items() if text}


def _methods(order: WorkbookOrder) -> tuple[str, ...]:
    """The methods to prefill: the only one, or those of last period; "" where the officer must choose."""
    declared = tuple(order.dataset.methods)
    if len(declared) == 1:
        return declared
    if order.last is not None and METHOD_FIELD in order.last:
        used = tuple(method for method in declared if method in set(order.last[METHOD_FIELD].dropna()))
        return used or ("",)
    return ("",)


def _key(order: WorkbookOrder) -> list[str]:
    """What names a record beside its period."""
    return [name for name in order.dataset.table.primaryKey if name != PERIOD_FIELD]


def _last_figures(order: WorkbookOrder) -> dict[tuple[str, ...], dict[str, Any]]:
    """Last period's row by its key without the period, without keys that stand in several rows."""
    key = _key(order)
    if order.last is None or not set(key) <= set(order.last.columns):
        return {}
    single = order.last[~order.last.duplicated(key, keep=False)]
    return {tuple(str(row[name]) for name in key): row for row in single.to_dict("records")}  # type: ignore[misc]


def _write_titles(sheet: Any, order: WorkbookOrder, columns: Sequence[Column], locale: Locale) -> None:
    agency = order.references.agencies.get(order.owner_code)
    period = (
        locale.period(order.period) if order.period else locale.t("to be chosen in the column of the period")
    )
    lines = [
        (order.references.profile.full_name[locale.language], styles.BOLD_FONT),
        (order.dataset.title.in_language(locale.language), styles.TITLE_FONT),
        (f"{locale.t('Owner')}: {agency.name_id}", styles.TEXT_FONT),
        (f"{locale.t('Period')}: {period}", styles.TEXT_FONT),
    ]
    for number, (text, font) in enumerate(lines, start=1):
        cell = sheet.cell(number, 1, text)
        cell.data_type, cell.font = "s", font
    first_last = next((n for n, column in enumerate(columns, start=1) if column.role == "last"), None)
    if first_last is not None and order.last_period:
        text = f"{locale.t('Last period')}: {locale.period(order.last_period)}"
        sheet.cell(HEADER_ROW - 1, first_last, text).font = styles.QUIET_FONT


def _write_headers(sheet: Any, columns: Sequence[Column]) -> None:
    for number, column in enumerate(columns, start=1):
        header = sheet.cell(HEADER_ROW, number, column.header)
        header.data_type = "s"
        header.font, header.fill, header.alignment = styles.HEADER_FONT, styles.HEADER_FILL, styles.CENTRED
        if column.role != "field":
            header.font, header.fill = styles.QUIET_FONT, styles.LAST_FILL
        header.border = styles.GRID
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[HEADER_ROW].height = 46
    fixed = 2 if columns and columns[0].role == "region_name" else 1
    sheet.freeze_panes = sheet.cell(FIRST_DATA_ROW, fixed + 1)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_rows(
    sheet: Any,
    columns: Sequence[Column],
    rows: Sequence[_Row],
    order: WorkbookOrder,
) -> None:
    last, key = _last_figures(order), _key(order)
    for number in range(FIRST_DATA_ROW, _last_row(rows) + 1):
        place = number - FIRST_DATA_ROW
        row = rows[place] if place < len(rows) else {}
        before = last.get(tuple(row.get(name, "") for name in key), {})
        for position, column in enumerate(columns, start=1):
            cell = sheet.cell(number, position)
            cell.number_format, cell.border, cell.font = column.number_format, styles.GRID, styles.TEXT_FONT
            if column.role == "last" and column.field is not None:
                cell.value = _figure(before.get(column.field.name))
                cell.fill, cell.font = styles.LAST_FILL, styles.QUIET_FONT
            elif column.name in row:
                cell.value, cell.data_type = row[column.name], "s"
                if order.expected_regions:
                    cell.fill = styles.LOCKED_FILL
                else:
                    cell.protection = styles.UNLOCKED
            elif column.role == "field":
                cell.protection = styles.UNLOCKED
            else:
                cell.fill = styles.LOCKED_FILL


def _figure(value: Any) -> float | int | None:
    return None if value is None or pd.isna(value) else value


def _last_row(rows: Sequence[_Row]) -> int:
    return FIRST_DATA_ROW - 1 + (len(rows) + SPARE_ROWS if rows else FREE_ROWS)


def _validate(sheet: Any, columns: Sequence[Column], last_row: int, locale: Locale) -> None:
    for number, column in enumerate(columns, start=1):
        validation = validation_of(column, locale)
        if validation is not None:
            letter = get_column_letter(number)
            validation.add(f"{letter}{FIRST_DATA_ROW}:{letter}{last_row}")
            sheet.add_data_validation(validation)


def _protect(sheet: Any) -> None:
    """Lock the sheet without a password: against slips, not against people."""
    protection = sheet.protection
    protection.sheet = True
    # False is what the file format writes for "allowed".
    protection.formatColumns = protection.formatRows = protection.autoFilter = protection.sort = False
    protection.selectLockedCells = protection.selectUnlockedCells = False


def _describe(workbook: Any, order: WorkbookOrder, locale: Locale) -> None:
    properties = workbook.properties
    properties.creator = order.references.profile.product_title[locale.language]
    properties.title = order.dataset.title.in_language(locale.language)
    properties.created = properties.modified = FIXED_MOMENT
    stamp(
        workbook,
        WorkbookIdentity(
            sector=order.sector.slug,
            dataset=order.dataset.id,
            declaration=declaration_hash(order.dataset),
            period=order.period,
            sheets=(DATA_SHEET,),
            ignored=accompanying_headers(order.dataset, locale),
        ),
    )
