"""The tables in which an edition keeps the state of its data: columns and types; the same rows give the same bytes."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from command_center.quality.rules import COMPONENTS
from command_center.quality.scores import COUNT_COLUMNS

_COUNTS = {name: "float64" if name == "late_days" else "int64" for name in COUNT_COLUMNS}
_READINESS: Mapping[str, str] = MappingProxyType(
    {
        "sector": "str",
        "dataset": "str",
        "agency_code": "str",  # who owes it
        "is_sample": "bool",  # invented rows are scored apart, and owe nothing
        "period": "str",
        "is_due": "bool",  # one of the periods looked back on, due by the day of the edition
        "due_on": "datetime64[s]",  # missing where the rhythm sets no day
        "supplied_on": "datetime64[s]",  # missing where nothing came, or the day is not known
        **_COUNTS,
        "missing_regions": "str",  # codes, comma between
        "metadata_missing": "str",  # slots of quality.metadata, comma between
        **dict.fromkeys(COMPONENTS, "float64"),  # missing where nothing can be said
        "total": "float64",
        "grade": "str",
    }
)
READINESS_COLUMNS = tuple(_READINESS)
READINESS_KEY = ("sector", "dataset", "is_sample", "period")

_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "sector": "str",
        "dataset": "str",
        "agency_code": "str",  # who sent the file
        "is_sample": "bool",
        "state": "str",  # of the submission
        "received_on": "datetime64[s]",  # of the latest file
        "check": "str",
        "action": "str",
        "files": "int64",
        "count": "int64",
    }
)
FAULT_COLUMNS = tuple(_FAULTS)

_HISTORY: Mapping[str, str] = MappingProxyType(
    {
        "as_of": "datetime64[s]",
        "agency_code": "str",
        "is_sample": "bool",
        "total": "float64",
        "datasets": "int64",
    }
)
HISTORY_COLUMNS = tuple(_HISTORY)


def conform_readiness(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows as a readiness table: READINESS_COLUMNS, typed, ordered by READINESS_KEY."""
    return _shaped(frame, _READINESS, list(READINESS_KEY))


def conform_faults(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows as a table of faults in submissions: FAULT_COLUMNS, typed, in order."""
    return _shaped(
        frame, _FAULTS, ["sector", "dataset", "is_sample", "state", "check", "action", "agency_code"]
    )


def conform_history(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows as a table of totals by edition day and agency: HISTORY_COLUMNS, typed, in order."""
    return _shaped(frame, _HISTORY, ["agency_code", "is_sample", "as_of"])


def _shaped(frame: pd.DataFrame, dtypes: Mapping[str, str], order: list[str]) -> pd.DataFrame:
    if frame.empty:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})
    cast = {name: frame[name].astype(dtype) for name, dtype in dtypes.items()}  # type: ignore[call-overload]
    return pd.DataFrame(cast).sort_values(order, kind="stable", ignore_index=True)
