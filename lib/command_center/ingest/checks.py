"""Every fault intake can find, by name: what it says, how grave it is, what is done about it.

One registry: a check without an entry here cannot be reported. An action never hides a fault: "fixed" has a
note beside the value, "quarantined" sets the row apart for a decision, "rejected" keeps it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from command_center.locale import Translator, translatable

Severity = Literal["info", "warning", "error"]
Action = Literal["fixed", "quarantined", "rejected"]
ACTIONS: tuple[Action, ...] = ("fixed", "quarantined", "rejected")


@dataclass(frozen=True)
class Check:
    """One kind of fault; `text` is its English description, in the catalogs under the same key."""

    code: str
    text: str
    severity: Severity
    action: Action

    def say(self, translator: Translator) -> str:
        """Return the description in the reader's language."""
        return translator.t(self.text)


def _fixed(code: str, text: str, severity: Severity = "info") -> Check:
    return Check(code, text, severity, "fixed")


def _apart(code: str, text: str, severity: Severity = "error") -> Check:
    return Check(code, text, severity, "quarantined")


def _refused(code: str, text: str) -> Check:
    return Check(code, text, "error", "rejected")


_FILE = (
    _refused("empty_file", translatable("The file is empty")),
    _refused("file_too_large", translatable("The file is larger than the limit")),
    _refused("password_protected", translatable("The file is locked with a password")),
    _refused("archive_bomb", translatable("The archive unpacks beyond all measure")),
    _refused("archive_unsafe", translatable("The archive holds a file that would unpack outside its folder")),
    _refused("sheet_too_large", translatable("The sheet reaches farther than any table")),
    _refused("corrupt_file", translatable("The file is broken")),
    _refused("unknown_format", translatable("The file is not a table of a known format")),
    _refused("unplaced_file", translatable("Nobody can tell which dataset the file is")),
    _refused("no_rows", translatable("The table holds no data rows")),
    _refused("no_person_key", translatable("The key that replaces personal numbers is not set")),
    _refused("no_header", translatable("No row names the columns of the dataset")),
    _refused("other_dataset", translatable("The file is the table of another dataset")),
    _refused("resubmitted_file", translatable("The same file was taken in before")),
    _refused("wrong_period", translatable("The file is of another period than the one due")),
    _refused("same_as_last", translatable("Every figure is the same as in the last accepted period")),
    _fixed("other_encoding", translatable("The file is not UTF-8; it was read by its own encoding")),
    _fixed("byte_order_mark", translatable("The file begins with a byte-order mark")),
    _fixed("other_separator", translatable("Cells are separated by another sign than the comma")),
    _apart("crs_missing", translatable("The layer does not say its coordinate system"), "warning"),
    _fixed("corrected", translatable("The cell was set right by a recorded correction")),
    _fixed("recipe", translatable("The text was replaced by an approved recipe of the agency")),
    _fixed("sheet_without_table", translatable("The sheet holds no table of this dataset and was not read")),
)
_LAYOUT = (
    _fixed("title_rows", translatable("Title rows stand above the header")),
    _fixed("header_rows", translatable("The header stands on several rows")),
    _fixed("header_merged", translatable("Header cells span several columns")),
    _fixed("header_line_break", translatable("The header cell has a line break")),
    _fixed("column_numbers", translatable("A row numbers the columns")),
    _fixed("repeated_header", translatable("The header stands again among the data")),
    _fixed("blank_row", translatable("The row is blank")),
    _fixed("total_row", translatable("The row is a total, not a record")),
    _fixed(
        "total_row_unlabelled", translatable("The row is the sum of the rows above, not a record"), "warning"
    ),
    _apart("total_mismatch", translatable("The printed total is not the sum of the rows"), "warning"),
    _fixed("note_row", translatable("The row is a note, not a record")),
    _fixed("filled_down", translatable("The empty cell was filled from the cell above")),
    _apart("shifted_cells", translatable("The cells of the row are shifted to another column")),
    _apart("ragged_row", translatable("The row has more or fewer cells than the header")),
    _apart("column_missing", translatable("A required column is missing")),
    _fixed("column_supplied", translatable("The column is missing; the delivery says what stands in it")),
    _apart("column_dropped", translatable("A column that the last file had is missing; it waits for a yes")),
    _fixed("column_absent", translatable("A column that may be missing is missing")),
    _fixed("column_unknown", translatable("The column is not declared and was left out")),
    _apart(
        "column_renamed",
        translatable("The column may be a declared one under another name; it waits for a yes"),
    ),
    _apart("column_repeated", translatable("Two columns bear the same header")),
    _apart("column_retyped", translatable("The column holds another kind of values than declared")),
    _apart(
        "column_rescaled",
        translatable("The column's figures are a thousandfold or thousandth of the last ones"),
    ),
)
_TEXT = (
    _fixed("stray_space", translatable("Spaces stand before, after or doubled within the value")),
    _fixed("hard_space", translatable("A non-breaking space stands in the value")),
    _fixed("control_character", translatable("Invisible control characters stand in the value")),
    _fixed("mojibake", translatable("Letters were garbled by a wrong encoding and were mended"), "warning"),
    _apart("lost_character", translatable("Letters were lost by a wrong encoding")),
    _fixed("leading_apostrophe", translatable("An apostrophe stands before the value")),
    _fixed("footnote_mark", translatable("A footnote mark or stop stands after the number")),
    _fixed("missing_dash", translatable("A dash or dot stands for a missing value")),
    _fixed("missing_word", translatable("A word stands for a missing value")),
    _fixed("missing_nil", translatable("Nihil stands for a missing value"), "warning"),
    _apart("spreadsheet_error", translatable("The cell holds a spreadsheet error")),
    _apart("formula_text", translatable("The cell holds a formula as text")),
)
_NUMBERS = (
    _fixed("thousands_separator", translatable("Thousands are separated by a sign")),
    _fixed("decimal_comma", translatable("Decimals stand after a comma")),
    _apart("number_ambiguous", translatable("The sign may separate thousands or decimals")),
    _fixed("currency_text", translatable("A currency sign stands with the number")),
    _fixed("percent_sign", translatable("A per cent sign stands with the number")),
    _fixed("unit_in_cell", translatable("The unit stands with the number")),
    _fixed("unit_converted", translatable("The number was converted from another unit"), "warning"),
    _fixed(
        "unit_in_header", translatable("The header states another unit; the column was converted"), "warning"
    ),
    _apart(
        "unit_switch",
        translatable("The figure is about a thousandfold or a thousandth of what is usual here"),
    ),
    _fixed(
        "share_as_fraction",
        translatable("The column holds shares of one; it was turned into per cent"),
        "warning",
    ),
    _apart("share_mixed", translatable("A share of one stands among percentages")),
    _apart("share_ambiguous", translatable("The figure may be a share of one or a per cent")),
    _fixed("accounting_negative", translatable("Brackets stand for a minus sign"), "warning"),
    _fixed(
        "scientific_notation",
        translatable("The number is in scientific notation; digits may be lost"),
        "warning",
    ),
    _fixed("number_as_text", translatable("The number is stored as text")),
    _apart("number_unreadable", translatable("The cell is not a number")),
    _apart("date_for_number", translatable("The spreadsheet turned the number into a date")),
    _apart("not_whole", translatable("The number must be whole")),
    _apart("zero_for_missing", translatable("Zero stands where there cannot be none")),
    _apart("negative", translatable("The number is negative")),
    _apart("above_100", translatable("The percentage is above 100")),
    _apart("below_minimum", translatable("The number is below the minimum")),
    _apart("above_maximum", translatable("The number is above the maximum")),
)
_DATES = (
    _fixed("date_spelling", translatable("The date is not in the form year-month-day")),
    _fixed("two_digit_year", translatable("The year has two digits"), "warning"),
    _fixed("excel_serial", translatable("The date is a spreadsheet's day number")),
    _apart("date_ambiguous", translatable("Day and month cannot be told apart")),
    _apart("date_impossible", translatable("No calendar has this day")),
    _apart("date_unreadable", translatable("The cell is not a date")),
    _apart("date_in_future", translatable("The date lies after the day the file came")),
    _fixed("period_spelling", translatable("The period was respelled")),
    _apart("period_unreadable", translatable("The cell is not a period")),
    _apart("period_unexpected", translatable("The row is of another period than the one due")),
)
_REFERENCES = (
    _fixed("region_spelling", translatable("The name of the region is spelled in another way")),
    _fixed("region_nearly", translatable("The name of the region nearly matches"), "warning"),
    _apart("region_ambiguous", translatable("The name fits more than one region")),
    _apart("region_unknown", translatable("No region has this name or code")),
    _apart("region_elsewhere", translatable("The region lies in another kecamatan than the row says")),
    _apart("region_level", translatable("The region is not of the level the dataset asks for")),
    _fixed("bps_code", translatable("The code is a BPS code and was translated")),
    _fixed(
        "code_as_number",
        translatable("The code was read as a number; its points or zeros were put back"),
        "warning",
    ),
    _fixed("code_as_date", translatable("The code was read as a date and was put back"), "warning"),
    _apart("date_for_text", translatable("The spreadsheet turned the text into a date")),
    _apart("code_name_mismatch", translatable("Code and name are of different regions")),
    _fixed("agency_spelling", translatable("The name of the agency is spelled in another way")),
    _fixed("agency_nearly", translatable("The name of the agency nearly matches"), "warning"),
    _apart("agency_unknown", translatable("No agency has this name or code")),
)
_CONTRACT = (
    _apart("required", translatable("The cell must be filled")),
    _apart("type", translatable("The value is not of the declared type")),
    _apart("enum", translatable("The value is not one of those allowed")),
    _fixed("enum_spelling", translatable("The allowed value is spelled in another way")),
    _fixed("boolean_spelling", translatable("Yes or no is spelled in another way")),
    _apart("pattern", translatable("The value does not have the declared form")),
    _apart("method", translatable("The value is not a declared method")),
    _apart("unique", translatable("The value stands more than once")),
    _apart("primary_key", translatable("Rows with the same key have different values")),
    _refused("repeated_rows", translatable("The row repeats an earlier one")),
)
_CROSS = (
    _apart("parts_total", translatable("The parts do not add up to the total")),
    _apart("not_above", translatable("The part is larger than the whole")),
    _apart("children_sum", translatable("The regions do not add up to the region above")),
    _apart("never_falls", translatable("The cumulative figure falls within the year")),
)
_PRIVATE = (
    _fixed(
        "private_identity_number", translatable("An identity number stood in clear and was masked"), "error"
    ),
    _fixed(
        "private_family_card", translatable("A family-card number stood in clear and was masked"), "error"
    ),
    _fixed("private_name", translatable("A person's name stood in a text and was masked"), "error"),
    _fixed("private_phone", translatable("A telephone number stood in clear and was masked"), "error"),
)

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        check.code: check
        for group in (_FILE, _LAYOUT, _TEXT, _NUMBERS, _DATES, _REFERENCES, _CONTRACT, _CROSS, _PRIVATE)
        for check in group
    }
)
