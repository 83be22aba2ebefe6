"""A fault of a road table: what, where, and its value; named by its check and put into words by `sentence`."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.locale import Locale, translatable

MESSAGES = {
    "unreadable_cell": translatable("'{value}' cannot be read"),
    "impossible_value": translatable("'{value}' is outside what is possible"),
    "unknown_pavement": translatable("'{value}' is no known pavement"),
    "unknown_condition": translatable("'{value}' is no known condition class"),
    "sdi_differs": translatable("The SDI as sent ({value}) differs from the one computed"),
    "not_contiguous": translatable("A gap of {value} m before this segment"),
    "overlap": translatable("This segment overlaps the one before by {value} m"),
    "repeated_segment": translatable("The segment {value} stands here twice"),
    "not_from_zero": translatable("The first segment begins at {value} m, not at 0"),
    "segment_backwards": translatable("The segment ends before it begins: {value}"),
    "odd_length": translatable("A segment of {value} m that is not the last one"),
    "length_differs": translatable("The segments add up to {value} of the decree's length"),
    "geometry_differs": translatable("The line is {value} of the decree's length"),
    "drawn_backwards": translatable("The line is drawn from its end to its beginning ({value})"),
    "no_geometry": translatable("The road has no line: {value}"),
    "bad_geometry": translatable("The line cannot be read: {value}"),
    "broken_line": translatable("The line is in {value} pieces that do not touch"),
    "no_length": translatable("The decree's length is missing"),
    "repeated_road": translatable("The number {value} stands for more than one road"),
    "no_road_code": translatable("The road has no number"),
    "unknown_authority": translatable("'{value}' is no known authority"),
    "unknown_road": translatable("There is no road with the number {value}"),
    "beyond_end": translatable("{value} m lies beyond the end of the road"),
    "axes_swapped": translatable("Latitude and longitude were swapped; put right"),
    "decimal_comma": translatable("Written with a decimal comma; read as a decimal"),
    "map_link": translatable("The position was taken from a map link"),
    "one_cell": translatable("Both coordinates stood in one cell; taken apart"),
    "short_link": translatable("A short map link holds no position: {value}"),
    "no_position": translatable("There is no position"),
    "total_differs": translatable("The total and the sum of the classes differ: {value} m"),
    "outside": translatable("The position lies outside the area: {value}"),
}
# What was put right on reading; the row counts.
NOTICES = frozenset({"axes_swapped", "decimal_comma", "map_link", "one_cell", "sdi_differs"})


@dataclass(frozen=True)
class Fault:
    """One fault: its check, the value, the sheet, row and column as the sender counts, the road."""

    check: str
    value: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    road_code: str = ""

    @property
    def is_notice(self) -> bool:
        """True where nothing was set apart."""
        return self.check in NOTICES

    def sentence(self, locale: Locale) -> str:
        """Return the fault in words."""
        return locale.t(MESSAGES[self.check], value=self.value)


def faults_where(
    table: pd.DataFrame, wrong: npt.NDArray[np.bool_], check: str, column: str, values: Iterable[object]
) -> list[Fault]:
    """Return a fault for every row that is `wrong`, with its `row`, `sheet` and `road_code` where the table has them.

    `values` has one value per row of the table.
    """
    if not wrong.any():
        return []
    told = pd.Series(list(values), dtype="object").to_numpy()
    sheets, codes = (table.get(name, pd.Series("", index=table.index)) for name in ("sheet", "road_code"))
    rows = table.get("row", pd.Series(np.arange(1, len(table) + 1), index=table.index)).to_numpy()
    return [
        Fault(check, str(told[at]), str(sheets.iloc[at]), int(rows[at]), column, str(codes.iloc[at]))
        for at in np.flatnonzero(wrong)
    ]


def as_records(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Return the faults as plain records, with the sentence in Indonesian."""
    locale = Locale("id")
    return [{**asdict(fault), "message": fault.sentence(locale)} for fault in faults]
