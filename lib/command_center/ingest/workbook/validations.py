"""What the data sheet lets an officer type: drop-downs and limits, with a message that says what to write.

The check at the door stays: a pasted cell passes every validation of a spreadsheet.
"""

from datetime import date
from typing import Any

from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.datavalidation import DataValidation

from command_center.catalog import Field
from command_center.ingest.workbook.columns import Column
from command_center.ingest.workbook.words import kind_words, limits_words
from command_center.locale import Locale

# The limits of the file format.
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255
# Spreadsheets calculate with fifteen digits.
_LARGEST = 999_999_999_999_999
_EARLIEST, _LATEST = date(1945, 8, 17), date(2199, 12, 31)


def validation_of(column: Column, locale: Locale) -> Any | None:
    """Return the openpyxl validation of a column's cells, None for free text."""
    field = column.field
    if column.role != "field" or field is None:
        return None
    if column.choices:
        validation = DataValidation(type="list", formula1=f"={column.choices}", allow_blank=True)
        what = locale.t("Choose a value from the list. The sheet of codes explains each.")
    elif field.type in ("integer", "number"):
        validation = _within("whole" if field.type == "integer" else "decimal", *_bounds(field))
        what = _sentence(field, locale)
    elif field.type == "date":
        validation = _within("date", to_excel(_EARLIEST), to_excel(_LATEST))
        what = _sentence(field, locale)
    else:
        return None
    validation.showErrorMessage = validation.showInputMessage = True
    validation.errorStyle = "stop"
    validation.errorTitle = locale.t("This value does not fit")[:_LONGEST_TITLE]
    validation.error = _shortened(f"{what} {locale.t('Leave the cell empty where there is no value.')}")
    validation.promptTitle = _shortened(column.header, _LONGEST_TITLE)
    validation.prompt = _shortened(what)
    return validation


def _within(kind: str, low: float, high: float) -> Any:
    return DataValidation(
        type=kind, operator="between", formula1=f"{low:.15g}", formula2=f"{high:.15g}", allow_blank=True
    )


def _bounds(field: Field) -> tuple[float, float]:
    low, high = field.constraints.minimum, field.constraints.maximum
    return (-_LARGEST if low is None else low), (_LARGEST if high is None else high)


def _sentence(field: Field, locale: Locale) -> str:
    parts = (kind_words(field, locale), limits_words(field, locale))
    return locale.t("Write: {what}.", what=", ".join(part for part in parts if part))


def _shortened(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
