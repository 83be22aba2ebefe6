"""The sheet in front of a returned workbook: what was found, what to do, and every place with its order."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.utils import quote_sheetname

from command_center.catalog import Dataset
from command_center.ingest.checks import ACTIONS
from command_center.ingest.workbook import styles
from command_center.ingest.workbook.comments import action_words, check_words, hints, order_words
from command_center.ingest.workbook.orders import repair_line
from command_center.ingest.workbook.told import Told
from command_center.locale import Locale

SUMMARY_SHEET = "Ringkasan"
LISTED_FROM = "No."
_MOST_LISTED = 5000
_WIDTHS = {"A": 7, "B": 18, "C": 11, "D": 30, "E": 52, "F": 20, "G": 52, "H": 48}


def write_summary(sheet: Any, told: Sequence[Told], dataset: Dataset, name: str, locale: Locale) -> None:
    """Fill the summary; `told` in the order it is to be listed, `name` is the file as it was sent."""
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    writer = _Writer(sheet)
    t = locale.t
    writer.line(t("Summary of the check"), styles.TITLE_FONT)
    writer.line(dataset.title.in_language(locale.language), styles.BOLD_FONT)
    writer.line(f"{t('File')}: {name}", styles.TEXT_FONT)
    writer.gap()
    for text in _steps(told, locale):
        writer.line(text, styles.TEXT_FONT)
    writer.gap()
    _write_legend(writer, told, locale)
    writer.gap()
    _write_kinds(writer, told, locale)
    writer.gap()
    _write_places(writer, told, locale)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _steps(told: Sequence[Told], locale: Locale) -> Iterator[str]:
    t, count = locale.t, sum(one.is_open and one.repair.order != "keep" for one in told)
    if count:
        yield locale.tn(
            "{n} place must be corrected before the table can be accepted.",
            "{n} places must be corrected before the table can be accepted.",
            count,
        )
    else:
        yield t("Nothing must be corrected; what is coloured was read all the same.")
    yield t("1. Go from one coloured cell to the next; the list below leads to each.")
    yield t(
        "2. Do what the note of the cell says. Its last line begins with “Perbaikan:” and says it briefly."
    )
    yield t(
        "3. Save the workbook and send it again as it is: this sheet, the colours and the notes may stay."
    )
    yield t(
        "A proposal is read off the file or the reference tables. Where you know better, write what is right."
    )
    yield t("Numbers of persons were masked; write none back, except in a column that asks for them.")


def _write_legend(writer: "_Writer", told: Sequence[Told], locale: Locale) -> None:
    writer.line(locale.t("Colours"), styles.BOLD_FONT)
    for action in reversed(ACTIONS):
        count = sum(one.action == action for one in told)
        cell = writer.line("", styles.TEXT_FONT)
        cell.fill, cell.border = styles.FAULT_FILLS[action], styles.GRID
        writer.beside(2, f"{action_words(locale, action)}: {locale.number(count)}")


def _write_kinds(writer: "_Writer", told: Sequence[Told], locale: Locale) -> None:
    writer.line(locale.t("Kinds of faults"), styles.BOLD_FONT)
    counts = Counter((fault.action, fault.check) for one in told for fault in one.faults)
    ranked = sorted(counts.items(), key=lambda item: (-ACTIONS.index(item[0][0]), -item[1], item[0][1]))
    for (action, check), count in ranked:
        cell = writer.line(locale.number(count), styles.TEXT_FONT)
        cell.fill, cell.alignment = styles.FAULT_FILLS[action], styles.CENTRED
        writer.beside(2, f"{check_words(locale, check)} ({action_words(locale, action)})")


def _write_places(writer: "_Writer", told: Sequence[Told], locale: Locale) -> None:
    t = locale.t
    writer.line(t("All places"), styles.BOLD_FONT)
    header = (LISTED_FROM, t("Sheet"), t("Cell"), t("Column"), t("What is wrong"), t("What happened"),
              t("What to do"), t("In short"))  # fmt: skip
    writer.row(header, styles.HEADER_FONT, styles.HEADER_FILL)
    for number, one in enumerate(told[:_MOST_LISTED], start=1):
        wrong = "; ".join(check_words(locale, fault.check) for fault in one.faults)
        place = (str(number), one.sheet, one.address or t("whole sheet"), one.header)
        order = (
            " ".join([*hints(one, locale), order_words(locale, one.repair.order)]),
            repair_line(one.repair),
        )
        texts = (*place, wrong, action_words(locale, one.action), *order)
        cells = writer.row(texts, styles.TEXT_FONT, None)
        cells[5].fill = styles.FAULT_FILLS[one.action]
        if one.address:
            cells[2].hyperlink = f"#{quote_sheetname(one.sheet)}!{one.address}"
            cells[2].font = styles.LINK_FONT
    if len(told) > _MOST_LISTED:
        rest = len(told) - _MOST_LISTED
        writer.line(
            locale.tn("and {n} more place, coloured", "and {n} more places, coloured", rest), styles.TEXT_FONT
        )


class _Writer:
    """Writes the sheet line by line; every text is text, whatever it begins with."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._row = 0

    def gap(self) -> None:
        self._row += 1

    def line(self, text: str, font: Any) -> Any:
        self._row += 1
        return self._put(1, text, font)

    def beside(self, column: int, text: str) -> None:
        self._put(column, text, styles.TEXT_FONT)

    def row(self, texts: Sequence[str], font: Any, fill: Any) -> list[Any]:
        self._row += 1
        cells = [self._put(column, text, font) for column, text in enumerate(texts, start=1)]
        for cell in cells:
            cell.border, cell.alignment = styles.GRID, styles.WRAPPED
            if fill is not None:
                cell.fill = fill
        return cells

    def _put(self, column: int, text: str, font: Any) -> Any:
        cell = self._sheet.cell(self._row, column, text or None)
        if text:
            cell.data_type = "s"
        cell.font = font
        return cell
