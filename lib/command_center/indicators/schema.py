"""The measures table: its columns, types and order, and the tables that go with it.

The same figures always give the same bytes: one dtype per column, one order of rows. Computes nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

import numpy as np
import pandas as pd

KEY_COLUMNS = ("sector", "indicator", "region_code", "agency_code", "method", "period")
# What an earlier edition showed of a figure that is hidden now.
DISCLOSED_COLUMNS = (*KEY_COLUMNS, "numerator", "denominator")

_MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "sector": "str",
        "indicator": "str",
        "region_code": "str",
        "agency_code": "str",  # "" where the figure is of no single agency
        "period": "str",
        "numerator": "float64",
        "denominator": "float64",
        "value": "float64",  # in the indicator's unit, not rounded
        "n": "float64",
        "target": "float64",
        "status": "str",
        "method": "str",  # "" where the dataset knows one way of counting
        "as_of": "datetime64[s]",  # the oldest input
        "source_submission": "str",
        "suppressed": "bool",
    }
)
MEASURE_COLUMNS = tuple(_MEASURES)

_SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "source_submission": "str",
        "sector": "str",
        "dataset": "str",
        "file": "str",
        "sha256": "str",
        "row": "Int64",  # missing where the figure rests on several rows
        "rows": "int64",
        "method": "str",
        "source": "str",
        "source_date": "datetime64[s]",
        "as_of": "datetime64[s]",
        "note": "str",
        "is_sample": "bool",
    }
)
SOURCE_COLUMNS = tuple(_SOURCES)

_COVERAGE: Mapping[str, str] = MappingProxyType(
    {
        "sector": "str",
        "indicator": "str",
        "region_code": "str",
        "agency_code": "str",
        "period": "str",
        "method": "str",
        "level": "str",  # of the parts
        "expected": "int64",
        "have": "int64",
        "missing": "str",  # codes, comma between
        "outcome": "str",  # made, partial, published
    }
)
COVERAGE_COLUMNS = tuple(_COVERAGE)


def empty_measures() -> pd.DataFrame:
    """Return a measures table without rows."""
    return _empty(_MEASURES)


def conform(measures: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as a measures table: MEASURE_COLUMNS only, typed, ordered by KEY_COLUMNS, index from 0.

    Missing text becomes "". Raises KeyError for a missing column.
    """
    return _shape(measures, _MEASURES, list(KEY_COLUMNS))


def conform_sources(sources: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as a sources table: SOURCE_COLUMNS, one row per `source_submission`, in its order."""
    return _shape(sources, _SOURCES, ["sector", "dataset", "source_submission"])


def conform_coverage(coverage: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as a coverage table: COVERAGE_COLUMNS, one row per roll-up that was tried."""
    return _shape(coverage, _COVERAGE, [*KEY_COLUMNS, "level"])


def _shape(frame: pd.DataFrame, dtypes: Mapping[str, str], order: list[str]) -> pd.DataFrame:
    if frame.empty:
        return _empty(dtypes)
    shaped = pd.DataFrame({name: _cast(frame[name], dtype) for name, dtype in dtypes.items()})
    return shaped.sort_values(order, kind="stable", ignore_index=True)


def _cast(column: pd.Series, dtype: str) -> pd.Series:
    if dtype == "str":
        return column.astype("str").where(column.notna(), "")
    if dtype == "float64":
        # Adding 0 turns -0.0 into 0.0: equal figures, equal bytes.
        return cast(pd.Series, column.astype("float64") + np.float64(0))
    return column.astype(dtype)  # type: ignore[call-overload,no-any-return]


def _empty(dtypes: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})
