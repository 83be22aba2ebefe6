"""The official blank workbook of every declared dataset: opens, guards its headers, offers its codes, and passes."""

import io
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from command_center.catalog import load_catalog
from command_center.cleaning import PersonKey
from command_center.errors import CatalogError
from command_center.ingest.check import check_file
from command_center.ingest.context import IngestContext
from command_center.ingest.refusals import IngestError
from command_center.ingest.workbook import (
    WorkbookOrder,
    WorkbookOrderError,
    as_received,
    blank_workbook,
    faults_of,
    mark_faults,
    prepare_order,
    read_identity,
)
from command_center.ingest.workbook.identity import DATA_SHEET, FIRST_DATA_ROW, HEADER_ROW
from command_center.locale import Locale
from command_center.settings import Settings
from tests.conftest import DAY, REPOSITORY

SETTINGS = Settings(REPOSITORY)
TARGETS = [
    f"{sector.slug}.{dataset.id}" for sector in load_catalog(SETTINGS).sectors for dataset in sector.datasets
]
PERIODS = {"yearly": "2026", "semester": "2026-S1", "quarterly": "2026-Q3", "monthly": "2026-10", "weekly": "2026-11-20",
           "daily": "2026-11-23", "tranche": "2026-Q3", "irregular": "2026"}  # fmt: skip


@cache
def order_of(target: str) -> WorkbookOrder:
    first = prepare_order(SETTINGS, target, DAY)
    return prepare_order(SETTINGS, target, DAY, PERIODS[first.dataset.cadence])


@cache
def blank_of(target: str) -> bytes:
    return blank_workbook(order_of(target))


@cache
def sheet_of(target: str) -> Worksheet:
    """The data sheet, for tests that only look at it."""
    return load_workbook(io.BytesIO(blank_of(target)))[DATA_SHEET]


def known(order: WorkbookOrder) -> IngestContext:
    references = order.references
    key = PersonKey(b"x" * 40)
    return IngestContext(references.regions, references.agencies, DAY, key, order.period)


def header(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[HEADER_ROW] if cell.value}


def title(field: Any) -> str:
    return field.title.id if field.title else field.name


def column_of(sheet: Worksheet, field: Any) -> int:
    return next(
        at for text, at in header(sheet).items() if text.split(" (")[0] == title(field).split(" (")[0]
    )


def rows_with_a_key(sheet: Worksheet, order: WorkbookOrder) -> list[int]:
    fields = {field.name: field for field in order.dataset.table.fields}
    column = column_of(sheet, fields[order.region_field or "region_code"])
    return [row for row in range(FIRST_DATA_ROW, sheet.max_row + 1) if sheet.cell(row, column).value]


@pytest.mark.parametrize("target", TARGETS)
def test_a_blank_is_locked_but_for_its_data_and_offers_its_codes(target: str) -> None:
    order = order_of(target)
    content = blank_of(target)
    workbook = load_workbook(io.BytesIO(content))
    sheet = workbook[DATA_SHEET]
    assert workbook.sheetnames == ["Petunjuk", DATA_SHEET, "Kode"]
    assert all(one.protection.sheet for one in workbook.worksheets)
    assert all(cell.protection.locked for cell in sheet[HEADER_ROW])
    identity = read_identity(content)
    assert identity is not None
    assert (identity.target, identity.period) == (target, order.period)

    lists = {
        str(one.sqref).split(":")[0].rstrip("0123456789"): one.formula1
        for one in sheet.data_validations.dataValidation
        if one.type == "list"
    }
    offered = set(lists.values())
    assert "=daftar_wilayah" in offered
    assert "=daftar_periode" in offered or not order.periods
    assert all(name.removeprefix("=") in workbook.defined_names for name in offered)
    filled = rows_with_a_key(sheet, order)
    spare = sheet.max_row
    for field in order.dataset.table.fields:
        cell = sheet.cell(spare, column_of(sheet, field))
        assert not cell.protection.locked, field.name
        if field.constraints.enum or (field.name == "method" and order.dataset.methods):
            assert cell.column_letter in lists, field.name
    assert len(filled) >= len(order.expected_regions)


@pytest.mark.parametrize("target", TARGETS)
def test_a_blank_is_easy_on_the_eye(target: str) -> None:
    sheet = sheet_of(target)
    assert sheet.freeze_panes == sheet.cell(FIRST_DATA_ROW, sheet[sheet.freeze_panes].column).coordinate
    for cell in sheet[HEADER_ROW]:
        width = sheet.column_dimensions[cell.column_letter].width
        assert 10 <= width <= 40
        assert cell.alignment.wrap_text
        # Wrapped at its width the header fits the height of its row.
        assert len(str(cell.value)) <= 4 * width, cell.value
    numbers = {cell.number_format for cell in sheet[sheet.max_row]}
    assert all(one == "@" or one.startswith("[$-421]") for one in numbers)


@pytest.mark.parametrize("target", TARGETS)
def test_a_blank_sent_back_unfilled_is_refused_in_clear_words(target: str) -> None:
    order = order_of(target)
    content = blank_of(target)
    with pytest.raises(IngestError, match="came back as it was handed out") as refusal:
        as_received(order.dataset, content, "kosong.xlsx")
    assert refusal.value.code == "no_rows"
    assert refusal.value.where == "kosong.xlsx"
    assert DATA_SHEET in refusal.value.next_step


def with_last_values(target: str) -> bytes:
    """The blank filled with last period's values where there are some, and with made-up ones where there are none."""
    order = order_of(target)
    workbook = load_workbook(io.BytesIO(blank_of(target)))
    sheet = workbook[DATA_SHEET]
    fields = {field.name: field for field in order.dataset.table.fields}
    last = header(sheet)
    rows = rows_with_a_key(sheet, order) or [FIRST_DATA_ROW]
    for row in rows[:12]:
        for name, field in fields.items():
            cell = sheet.cell(row, column_of(sheet, field))
            before = last.get(f"Periode lalu: {title(field)}")
            if before is not None and sheet.cell(row, before).value is not None:
                cell.value = sheet.cell(row, before).value
            elif cell.value is None:
                cell.value = made_up(order, name, field)
    buffer = io.BytesIO()
    for row in rows[12:]:
        for cell in sheet[row]:
            cell.value = None
    workbook.save(buffer)
    return buffer.getvalue()


def made_up(order: WorkbookOrder, name: str, field: Any) -> Any:
    if name == order.region_field:
        regions, levels = order.references.regions, order.dataset.layout.region_levels
        return next(region.code for region in regions if not levels or region.level in levels)
    if name == "agency_code":
        return order.owner_code
    if name == "method":
        return next(iter(order.dataset.methods), "metode")
    if name == "period":
        return order.period
    if field.constraints.enum:
        return field.constraints.enum[0]
    if field.type == "date":
        return date(2026, 11, 2)
    if field.type in ("integer", "number"):
        whole = [check for check in order.dataset.checks if getattr(check, "total", "") == name]
        made = (field.constraints.minimum or 7) * (len(whole[0].parts) if whole else 1)
        return made if field.constraints.maximum is None else min(made, field.constraints.maximum)
    return "true" if field.type == "boolean" else f"Laporan {name}"


@pytest.mark.parametrize("target", TARGETS)
def test_a_blank_filled_in_passes_the_check(target: str) -> None:
    order = order_of(target)
    content = with_last_values(target)
    dataset = as_received(order.dataset, content)
    report = check_file(content, "terisi.xlsx", dataset, known(order))
    faults = faults_of(report)
    assert list(faults[faults["action"] != "fixed"]["check"]) == []
    assert report.is_clean
    assert [sheet.sheet for sheet in report.sheets] == [DATA_SHEET]
    assert report.sheets[0].accepted == report.sheets[0].read > 0
    assert set(faults["check"]) <= {"title_rows"}


def test_last_period_s_figures_stand_beside_the_region_they_are_of() -> None:
    order = prepare_order(SETTINGS, "public_services.satisfaction", DAY)
    assert order.last is not None
    sheet = load_workbook(io.BytesIO(blank_workbook(order)))[DATA_SHEET]
    region = column_of(sheet, order.dataset.table.fields[0])
    shown = 0
    for row in range(FIRST_DATA_ROW, sheet.max_row + 1):
        code = sheet.cell(row, region).value
        own = order.last[order.last["region_code"] == code]
        for field in order.dataset.table.fields:
            at = header(sheet).get(f"Periode lalu: {title(field)}")
            if at is None or len(own) != 1:
                continue
            expected = own[field.name].iloc[0]
            value = sheet.cell(row, at).value
            assert value == (None if pd.isna(expected) else expected), (code, field.name)
            shown += value is not None
    assert shown > 0


def test_records_without_a_list_of_regions_begin_with_last_period_s_keys() -> None:
    order = order_of("infrastructure.road_links")
    assert order.last is not None
    sheet = sheet_of("infrastructure.road_links")
    field = next(field for field in order.dataset.table.fields if field.name == "road_name")
    column = column_of(sheet, field)
    names = [sheet.cell(row, column).value for row in range(FIRST_DATA_ROW, FIRST_DATA_ROW + len(order.last))]
    assert names == list(order.last["road_name"])
    assert not sheet.cell(FIRST_DATA_ROW, column).protection.locked


def test_equal_orders_give_equal_bytes() -> None:
    assert blank_workbook(order_of("health.stunting")) == blank_of("health.stunting")


def test_the_instructions_are_indonesian_and_english_for_who_asks() -> None:
    order = order_of("health.stunting")
    texts = {}
    for language in ("id", "en"):
        workbook = load_workbook(io.BytesIO(blank_workbook(order, Locale(language))))
        texts[language] = " ".join(
            str(c.value) for row in workbook.worksheets[0].iter_rows() for c in row if c.value
        )
    assert "Cara mengisi" in texts["id"]
    assert "Jangan menulis NIK" in texts["id"]
    assert "How to fill in" in texts["en"]
    assert "Balita stunting" in texts["id"]


def test_a_blank_with_faults_comes_back_as_itself() -> None:
    order = order_of("health.stunting")
    workbook = load_workbook(io.BytesIO(with_last_values("health.stunting")))
    sheet = workbook[DATA_SHEET]
    fields = {field.name: field for field in order.dataset.table.fields}
    cell = sheet.cell(FIRST_DATA_ROW, column_of(sheet, fields["stunted_children"]))
    cell.value = "banyak"
    locked = sheet.cell(FIRST_DATA_ROW, column_of(sheet, fields["region_code"]))
    locked.value = "33.16.99"
    buffer = io.BytesIO()
    workbook.save(buffer)
    content = buffer.getvalue()
    place = known(order)
    faults = faults_of(check_file(content, "a.xlsx", as_received(order.dataset, content), place))
    back = mark_faults(content, faults, order.dataset, context=place, name="a.xlsx")
    returned = load_workbook(io.BytesIO(back))
    assert returned.sheetnames == ["Ringkasan", "Petunjuk", DATA_SHEET, "Kode"]
    assert read_identity(back) == read_identity(content)
    marked = returned[DATA_SHEET]
    assert marked.protection.sheet
    for address in (cell.coordinate, locked.coordinate):
        assert marked[address].comment is not None
        assert not marked[address].protection.locked
    assert marked.data_validations.dataValidation
    commented = [c.coordinate for row in marked.iter_rows() for c in row if c.comment is not None]
    assert set(commented) == {cell.coordinate, locked.coordinate}


def test_the_workbook_of_another_dataset_is_refused_by_its_own_name() -> None:
    content = with_last_values("health.stunting")
    other = order_of("health.births").dataset
    with pytest.raises(IngestError, match="official workbook of") as refusal:
        as_received(other, content, "a.xlsx")
    assert refusal.value.code == "other_dataset"
    assert "--dataset health.stunting" in refusal.value.next_step


def test_other_files_are_read_as_the_dataset_is_declared() -> None:
    dataset = order_of("health.stunting").dataset
    assert as_received(dataset, b"kode;periode\n1;2\n") is dataset
    assert as_received(dataset, b"PK\x03\x04 not a workbook") is dataset


def test_what_cannot_be_ordered_is_refused_with_what_can() -> None:
    with pytest.raises(CatalogError, match="There is no dataset") as unknown:
        prepare_order(SETTINGS, "health.nothing", DAY)
    assert "health.stunting" in unknown.value.next_step
    with pytest.raises(WorkbookOrderError, match="not a period"):
        prepare_order(SETTINGS, "health.stunting", DAY, "bulan lalu")
