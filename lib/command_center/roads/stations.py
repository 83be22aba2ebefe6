"""Stations along a road: `STA 1+200` is 1,200 metres from its beginning."""

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.cleaning import read_numbers

_WRITTEN = re.compile(r"^\s*(?:STA|KM)?\.?\s*(\d{1,3})\s*\+\s*(\d{1,3}(?:[.,]\d+)?)\s*$", re.IGNORECASE)
_KM = 1000


def parse_stations(texts: Iterable[str]) -> npt.NDArray[np.float64]:
    """Return metres from the beginning of the road, NaN where a text is no station.

    Reads `STA 1+200`, `1+200` and plain metres.
    """
    given = pd.Series(list(texts), dtype="str").fillna("")
    metres = np.full(len(given), np.nan)
    rest = []
    for at, text in enumerate(given):
        found = _WRITTEN.match(text)
        if found:
            metres[at] = int(found[1]) * _KM + float(found[2].replace(",", "."))
        else:
            rest.append(at)
    if rest:
        metres[rest] = read_numbers(given.iloc[rest], unit="m").values
    return metres


def station(metres: float) -> str:
    """Return metres as a station, such as `1+200`; to the nearest metre."""
    whole = round(metres)
    return f"{whole // _KM}+{whole % _KM:03d}"
