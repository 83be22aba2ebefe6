"""The periods a title names: "TAHUN 2023", "Semester I Tahun 2024", "Bulan Agustus 2024"."""

import re

from command_center.cleaning.months import MONTH_WORD
from command_center.cleaning.periods import period_of

_YEAR = r"(?:19|20)\d{2}"
_NAMED = re.compile(
    rf"(?:semester|triwulan|tri wulan|tw\.?|kuartal|quarter)\s*(?:ke[\s-]*)?(?:iv|iii|ii|i|[1-4]|ganjil|genap)"
    rf"[\s,/\-]+(?:tahun\s*)?{_YEAR}|(?:bulan\s+)?\b(?:{MONTH_WORD})\.?\s+(?:tahun\s+)?{_YEAR}"
    rf"|(?:tahun|th\.?|thn\.?|year|ta\.?)\s*{_YEAR}\b",
    re.IGNORECASE,
)


def periods_named(line: str) -> set[str]:
    """Return the periods of a line in the house's spelling; a bare year counts only after a word for it.

    A range ("tahun 2019-2023") names no single period.
    """
    if re.search(rf"{_YEAR}\s*[-–/]\s*{_YEAR}", line):
        return set()
    return {
        period for found in _NAMED.finditer(line) if (period := period_of(" ".join(found.group().split())))
    }
