"""The columns of the data sheet: which there are, how wide, in which format, what may be typed into them.

A plan only; the sheets are written by other modules.
"""

from dataclasses import dataclass
from typing import Literal

from command_center.catalog import Dataset, Field
from command_center.ingest.workbook.order import METHOD_FIELD, PERIOD_FIELD, WorkbookOrder, field_to
from command_center.ingest.workbook.words import header_of, title_of
from command_center.locale import Locale

Role = Literal["region_name", "field", "last"]
TEXT_FORMAT = "@"
# 421 is Indonesian: the month is written in Indonesian whatever the computer speaks.
DATE_FORMAT = "[$-421]d mmmm yyyy"
WHOLE_FORMAT, DECIMAL_FORMAT = "[$-421]#,##0", "[$-421]#,##0.00"
_NUMERIC = ("integer", "number")
_LONG_TEXTS = ("source", "note")


@dataclass(frozen=True)
class Column:
    """One column of the data sheet.

    `field` is None for the names of the regions. `choices` names the list on the sheet of codes that its
    cells are chosen from, "" where they are typed.
    """

    role: Role
    header: str
    field: Field | None
    width: float
    number_format: str
    choices: str = ""

    @property
    def name(self) -> str:
        """The declared name under the header, "" for a column that only accompanies the data."""
        return self.field.name if self.role == "field" and self.field is not None else ""


def plan_columns(order: WorkbookOrder, locale: Locale) -> tuple[Column, ...]:
    """Return the columns from left to right: region names, the declared fields, last period's figures."""
    dataset = order.dataset
    own = [_column(field, order, locale) for field in dataset.table.fields]
    headers = accompanying_headers(dataset, locale)
    before = [Column("region_name", headers[0], None, 28, TEXT_FORMAT)] if order.expected_regions else []
    if order.last is None or order.last.empty:
        return (*before, *own)
    last = [
        Column("last", last_header(field, locale), field, 16, _format(field))
        for field in dataset.table.fields
        if field.type in _NUMERIC
    ]
    return (*before, *own, *last)


def accompanying_headers(dataset: Dataset, locale: Locale) -> tuple[str, ...]:
    """Return every header of the data sheet that is no declared column."""
    fields = [field for field in dataset.table.fields if field.type in _NUMERIC]
    return (locale.t("Name of the region (not read)"), *(last_header(field, locale) for field in fields))


def last_header(field: Field, locale: Locale) -> str:
    """Return the header of last period's figures of a column."""
    return locale.t("Last period: {title}", title=title_of(field, locale))


def choices_of(field: Field, dataset: Dataset) -> str:
    """Return the name of the list a column's values are chosen from, "" where they are typed."""
    if field.name == field_to(dataset, "regions"):
        return "daftar_wilayah"
    if field.name == field_to(dataset, "agencies"):
        return "daftar_opd"
    if field.name == METHOD_FIELD and dataset.methods:
        return "daftar_metode"
    if field.constraints.enum is not None:
        return f"daftar_{field.name}"
    if field.type == "boolean":
        return "daftar_benar_salah"
    if dataset.layout.region_from is not None and field.name == dataset.layout.region_from.name:
        return "daftar_nama_wilayah"
    return ""


def _column(field: Field, order: WorkbookOrder, locale: Locale) -> Column:
    choices = choices_of(field, order.dataset)
    if field.name == PERIOD_FIELD and not choices and order.periods:
        choices = "daftar_periode"
    return Column("field", header_of(field, locale), field, _width(field), _format(field), choices)


def _width(field: Field) -> float:
    if field.name in _LONG_TEXTS:
        return 36
    return 18 if field.type in _NUMERIC or field.type == "date" else 22


def _format(field: Field) -> str:
    if field.type == "date":
        return DATE_FORMAT
    if field.type == "integer":
        return WHOLE_FORMAT
    return DECIMAL_FORMAT if field.type == "number" else TEXT_FORMAT
