"""The parts of one figure in an edition: by kecamatan, by desa or by agency, for one or several periods. Pure, no I/O."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from command_center.analysis.errors import AnalysisError
from command_center.catalog import SAMPLE_METHOD, Indicator
from command_center.locale import parse_period

By = Literal["kec", "desa", "agency"]
_DOTS = {"kec": 2, "desa": 3}


@dataclass(frozen=True)
class Parts:
    """One row per part in code order, by one method, `periods` added up.

    `frame` has the columns code, name, numerator, denominator, value (in the indicator's unit), periods (how many
    have a figure) and hidden: a part with a small cell that may not be seen in any period has no number at all.
    """

    frame: pd.DataFrame
    indicator: Indicator
    by: By
    method: str
    periods: tuple[str, ...]

    @property
    def is_sample(self) -> bool:
        """Whether the figures were invented."""
        return self.method == SAMPLE_METHOD

    @property
    def hidden(self) -> int:
        """How many parts are left out for the smallness of their cells."""
        return int(self.frame["hidden"].sum())


def read_parts(
    measures: pd.DataFrame,
    indicator: Indicator,
    by: By,
    name_of: Callable[[str], str],
    *,
    until: str = "",
    last: int = 1,
) -> Parts:
    """Return the parts of an indicator in the `last` periods up to `until` (default: the newest).

    What agencies sent goes before sample data; the two are never added up. With `last` above 1 numerators and
    denominators are added up over the periods: right for what flows (permits, complaints), wrong for what
    stands (population), which the caller must know. Raises AnalysisError where nothing has such parts.
    """
    rows = _rows(measures, indicator, by)
    key = "agency_code" if by == "agency" else "region_code"
    found = rows[rows["value"].notna() | rows["suppressed"] | rows["numerator"].notna()]
    # One part alone is no set of parts: a single published agency does not stand for all.
    counts = found.groupby("method")[key].nunique()
    methods = sorted(counts.index[counts.gt(1)], key=lambda method: (method == SAMPLE_METHOD, method))
    if not methods:
        raise _nothing(indicator, by)
    main = indicator.main_method
    method = str(main if main in methods else methods[0])
    rows = rows[rows["method"].eq(method)]
    periods = _periods(rows, until, last)
    rows = rows[rows["period"].isin(periods)]
    if rows.empty:
        raise _nothing(indicator, by)
    return Parts(_added(rows, key, indicator, name_of), indicator, by, method, periods)


def _rows(measures: pd.DataFrame, indicator: Indicator, by: By) -> pd.DataFrame:
    rows = measures[measures["indicator"].eq(indicator.id)]
    if by == "agency":
        return rows[rows["agency_code"].ne("")]
    return rows[rows["agency_code"].eq("") & rows["region_code"].str.count(r"\.").eq(_DOTS[by])]


def _periods(rows: pd.DataFrame, until: str, last: int) -> tuple[str, ...]:
    ordered = sorted(set(rows["period"]), key=lambda period: parse_period(period).position)
    if until:
        end = parse_period(until).position
        ordered = [period for period in ordered if parse_period(period).position <= end]
    return tuple(ordered[-last:])


def _added(rows: pd.DataFrame, key: str, indicator: Indicator, name_of: Callable[[str], str]) -> pd.DataFrame:
    rows = rows.assign(hidden=rows["suppressed"] & rows["value"].isna() & rows["numerator"].isna())
    grouped = rows.groupby(key, sort=True)
    sums = grouped[["numerator", "denominator"]].sum(min_count=1)
    frame = sums.assign(
        hidden=grouped["hidden"].any(), periods=rows[rows["numerator"].notna()].groupby(key).size()
    )
    frame["periods"] = frame["periods"].fillna(0).astype("int64")
    frame["value"] = _values(rows, key, frame, indicator)
    frame.loc[frame["hidden"], ["numerator", "denominator", "value"]] = float("nan")
    frame = frame.rename_axis("code").reset_index()
    frame.insert(1, "name", [name_of(code) for code in frame["code"]])
    return frame[["code", "name", "numerator", "denominator", "value", "periods", "hidden"]]


def _values(rows: pd.DataFrame, key: str, frame: pd.DataFrame, indicator: Indicator) -> pd.Series:
    """One period keeps the value as measured; several give the ratio of sums, or the sum of counts."""
    if rows["period"].nunique() == 1:
        return rows.set_index(key)["value"]
    if indicator.formula.denominator is None:
        return frame["numerator"]
    return (
        frame["numerator"] / frame["denominator"].where(frame["denominator"].gt(0)) * indicator.formula.scale
    )


def _nothing(indicator: Indicator, by: By) -> AnalysisError:
    return AnalysisError(
        f"{indicator.id} has no figure by {by}",
        who="the analyst",
        next_step=f"command-center measures --indicator {indicator.id}, or choose another level",
    )
