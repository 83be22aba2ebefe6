"""The sheet of codes: regions, agencies and every list the data sheet offers to choose from.

Lists are reached by defined names: office programs keep those, and drop-downs to another sheet otherwise get lost.
"""

from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from command_center.ingest.workbook import styles
from command_center.ingest.workbook.columns import TEXT_FORMAT, Column, choices_of
from command_center.ingest.workbook.order import WorkbookOrder
from command_center.locale import Locale

_HEADER_ROW, _FIRST_ROW = 1, 2
_LEVELS = {"kab": "Kabupaten", "kec": "Kecamatan", "desa": "Desa", "kel": "Kelurahan"}


def write_codes(
    sheet: Any, order: WorkbookOrder, columns: Sequence[Column], locale: Locale
) -> dict[str, str]:
    """Fill the sheet and return the cell range of each list by its name."""
    writer = _ListWriter(sheet)
    t = locale.t
    tree = order.references.regions
    writer.table(
        [t("Region code"), t("Region"), t("Level"), t("District")],
        [(r.code, r.name, _LEVELS[r.level], _district(order, r.code)) for r in tree],
        name="daftar_wilayah",
    )
    book = order.references.agencies
    writer.table(
        [t("Agency code"), t("Agency")],
        [(code, book.get(code).name_id) for code in book.codes],
        name="daftar_opd",
    )
    for column in columns:
        if column.choices and column.choices not in writer.ranges:
            writer.table([column.header, t("Meaning")], _choices(column, order, locale), name=column.choices)
    sheet.freeze_panes = sheet.cell(_FIRST_ROW, 1)
    return writer.ranges


def define_lists(workbook: Any, sheet: Any, ranges: dict[str, str]) -> None:
    """Give each list its name in the workbook."""
    for name, cells in ranges.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=f"{quote_sheetname(sheet.title)}!{cells}")


def _district(order: WorkbookOrder, code: str) -> str:
    names = [r.name for r in order.references.regions.ancestors(code) if r.level == "kec"]
    return names[0] if names else ""


def _choices(column: Column, order: WorkbookOrder, locale: Locale) -> list[tuple[str, ...]]:
    dataset, field = order.dataset, column.field
    if column.choices == "daftar_metode":
        return [(code, text.in_language(locale.language)) for code, text in dataset.methods.items()]
    if column.choices == "daftar_periode":
        return [(period, locale.period(period)) for period in order.periods]
    if column.choices == "daftar_benar_salah":
        return [("true", locale.t("yes")), ("false", locale.t("no"))]
    if column.choices == "daftar_nama_wilayah":
        names = {region.name for region in order.expected_regions or tuple(order.references.regions)}
        return [(name, "") for name in sorted(names)]
    enum = field.constraints.enum if field is not None and choices_of(field, dataset) else None
    return [(value, "") for value in enum or ()]


class _ListWriter:
    """Writes tables side by side, with one empty column between two."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._column = 1
        self.ranges: dict[str, str] = {}

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]], *, name: str) -> None:
        for offset, header in enumerate(headers):
            cell = self._sheet.cell(_HEADER_ROW, self._column + offset, header)
            cell.font, cell.fill, cell.alignment = styles.HEADER_FONT, styles.HEADER_FILL, styles.CENTRED
            texts = [header, *(row[offset] for row in rows)]
            width = min(max(len(text) for text in texts) + 2, 48)
            self._sheet.column_dimensions[get_column_letter(self._column + offset)].width = width
        for number, row in enumerate(rows, start=_FIRST_ROW):
            for offset, text in enumerate(row):
                if text:
                    cell = self._sheet.cell(number, self._column + offset, text)
                    cell.number_format, cell.font, cell.data_type = TEXT_FORMAT, styles.TEXT_FONT, "s"
        letter = get_column_letter(self._column)
        last = _FIRST_ROW + max(len(rows), 1) - 1
        self.ranges[name] = f"${letter}${_FIRST_ROW}:${letter}${last}"
        self._column += len(headers) + 1
