"""The two tables of signals that an edition keeps: every series on its chart, and what asks for attention.

One dtype per column and one order of rows, so that the same figures give the same bytes. Computes nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

LINE = ("sector", "indicator", "region_code", "agency_code", "method")

_VARIATION: Mapping[str, str] = MappingProxyType(
    {
        "sector": "str",
        "indicator": "str",
        "region_code": "str",
        "agency_code": "str",
        "method": "str",
        "period": "str",  # of the latest point
        "n": "int64",  # points on the chart
        "value": "float64",
        "mean": "float64",  # missing below 12 points and for seasonal series
        "lower": "float64",
        "upper": "float64",
        "pointing": "int64",  # 1 high special cause, -1 low, 0 none
        "rules": "str",  # of control.ControlCharts, comma between
        "state": "str",
        "target": "float64",
        "assurance": "str",
        "p_value": "float64",
        "dependence": "float64",
        "note": "str",  # short, seasonal, dependent or ""
    }
)
VARIATION_COLUMNS = tuple(_VARIATION)

_SIGNALS: Mapping[str, str] = MappingProxyType(
    {
        "id": "str",
        "kind": "str",  # rule, variation, jump, bad_data
        "rule": "str",  # id of a declared rule, else the kind
        "sector": "str",
        "indicator": "str",
        "region_code": "str",
        "agency_code": "str",
        "method": "str",
        "period": "str",
        "value": "float64",
        "threshold": "float64",  # missing where there is none
        "since": "str",  # the period in which the breach began
        "state": "str",  # raised or ended
        "is_new": "bool",
        "is_severe": "bool",
        "pointing": "int64",
        "score": "float64",
        "rank": "int64",  # 1 first; 0 for what has ended
        "is_alarm": "bool",  # within the cap of a day
        "owner": "str",
        "confirm_by": "str",  # ISO date
        "provenance": "str",
    }
)
SIGNAL_COLUMNS = tuple(_SIGNALS)


def conform_variation(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as a variation table: VARIATION_COLUMNS, one row per line, in their order."""
    return _shape(table, _VARIATION, list(LINE))


def conform_signals(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as a signals table: SIGNAL_COLUMNS, raised ones by rank, then those that ended."""
    shaped = _shape(table, _SIGNALS, ["id"])
    order = shaped["rank"].mask(shaped["rank"].eq(0), len(shaped) + 1)
    return shaped.assign(order=order).sort_values(["order", "id"], kind="stable", ignore_index=True)[
        list(SIGNAL_COLUMNS)
    ]


def _shape(table: pd.DataFrame, dtypes: Mapping[str, str], order: list[str]) -> pd.DataFrame:
    if table.empty:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})
    shaped = pd.DataFrame({name: table[name].astype(dtype) for name, dtype in dtypes.items()})  # type: ignore[call-overload]
    return shaped.sort_values(order, kind="stable", ignore_index=True)
