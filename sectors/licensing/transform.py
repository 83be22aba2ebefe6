"""What the licensing item computes: permits and investment reports counted, levies summed since January.

Pure: a table in, another table out. Working days are Monday to Friday; holidays are not deducted.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.indicators.tidying import (
    PLACE,
    district_code,
    per_region_and_above,
    sums_by,
    whole_code,
)

_DATES = ("received_on", "complete_on", "issued_on")
_PERMITS = ("in_time_permits", "due_permits", "in_time_gross_permits", "due_gross_permits")


def izin(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per region and month with what is counted at its level, and nothing in the other columns.

    Villages, sub-districts and the whole: `issued_nib`. Sub-districts and the whole: building permits issued in
    time and due (issued in the month, or open past the limit at its end), by net and by gross working days. The
    whole: applications past their limit at the end of the month; of those waiting for the applicant, for the last
    month only. The applicant's days are known up to the day of the table. Regions without any application stand
    nowhere.
    """
    cases = table.assign(**{name: pd.to_datetime(table[name]) for name in _DATES})
    cases = cases.assign(region_code=cases["region_code"].astype("str"))
    months = sorted(table["period"].dropna().astype("str").unique())
    issued = cases[cases["issued_on"].notna() & cases["status"].eq("terbit")]
    issued = issued.assign(period=issued["issued_on"].dt.strftime("%Y-%m"))
    late = pd.concat([_late(month, cases) for month in months] or [cases[:0].assign(late_net=0)])
    parts = [
        _counted(issued[issued["permit_kind"].eq("NIB")].assign(issued_nib=1), ["issued_nib"], months, cases),
        _permits(issued[issued["permit_kind"].eq("PBG")], late[late["permit_kind"].eq("PBG")], months, cases),
        _overdue(late, months, cases),
    ]
    keys = [*PLACE, "as_of"]
    return parts[0].merge(parts[1], on=keys, how="outer").merge(parts[2], on=keys, how="outer")


def lkpm(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per quarter: enterprises obliged and reporting, and investment since January in rupiah."""
    counted = table.assign(
        region_code=table["region_code"].astype("str").map(whole_code),
        obliged_companies=1,
        reporting_companies=table["is_reported"],
        invested=table["invested_idr"].where(table["is_reported"].eq(1), 0),
    )
    amounts = ["obliged_companies", "reporting_companies", "invested"]
    quarters = sums_by(counted, PLACE, amounts)
    return quarters.assign(invested_to_date_idr=_to_date(quarters, "invested", 6))


def retribusi_pbg(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `levy_to_date_idr`: rupiah since January; missing from a missing month onwards."""
    return table.assign(levy_to_date_idr=_to_date(table, "month_levy_idr", 5))


def _permits(
    issued: pd.DataFrame, late: pd.DataFrame, months: list[str], cases: pd.DataFrame
) -> pd.DataFrame:
    gross = _working_days(issued["complete_on"], issued["issued_on"])
    net, limit = gross - issued["applicant_days"].fillna(0), issued["limit_days"]
    done = issued.assign(in_time_permits=(net <= limit).astype("int64"), due_permits=1)
    done = done.assign(in_time_gross_permits=(gross <= limit).astype("int64"), due_gross_permits=1)
    waiting = late.assign(in_time_permits=0, due_permits=late["late_net"])
    waiting = waiting.assign(in_time_gross_permits=0, due_gross_permits=1)
    return _counted(
        _at(pd.concat([done, waiting]), district_code), _PERMITS, months, _at(cases, district_code)
    )


def _overdue(late: pd.DataFrame, months: list[str], cases: pd.DataFrame) -> pd.DataFrame:
    waits = late["status"].eq("menunggu_pemohon").astype("int64")
    events = _at(late, whole_code).assign(overdue_applications=1, overdue_at_applicant=waits)
    names = ["overdue_applications", "overdue_at_applicant"]
    found = _counted(events, names, months, _at(cases, whole_code))
    last = found["period"].isin(months[-1:])
    return found.assign(overdue_at_applicant=found["overdue_at_applicant"].where(last))


def _at(table: pd.DataFrame, level: Callable[[str], str]) -> pd.DataFrame:
    return table.assign(region_code=table["region_code"].map(level))


def _counted(
    events: pd.DataFrame, amounts: Sequence[str], months: list[str], cases: pd.DataFrame
) -> pd.DataFrame:
    """Return the sums by region, and those above, in every month; 0 where nothing happened."""
    regions = cases[["region_code", "method"]].dropna().drop_duplicates()
    none = regions.merge(pd.DataFrame({"period": pd.Series(months, dtype="str")}), how="cross")
    none = none.assign(**dict.fromkeys(amounts, 0))
    counted = pd.concat([events.loc[events["period"].isin(months), none.columns], none], ignore_index=True)
    ends = pd.to_datetime(counted["period"], format="%Y-%m") + pd.offsets.MonthEnd(0)
    return per_region_and_above(counted.assign(as_of=ends), amounts)


def _late(month: str, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the applications open past their limit, gross, at the end of a month; `late_net` without the applicant."""
    end = pd.Period(month, freq="M").end_time.normalize()
    open_ = cases[cases["complete_on"].le(end) & ~cases["issued_on"].le(end)]
    days = _working_days(open_["complete_on"], pd.Series(end, index=open_.index))
    late = open_[days > open_["limit_days"]]
    net = days[late.index] - late["applicant_days"].fillna(0)
    return late.assign(period=month, late_net=(net > late["limit_days"]).astype("int64"))


def _working_days(begin: pd.Series, end: pd.Series) -> pd.Series:
    """Return the working days after the first day up to the last one; missing where a day is."""
    known = begin.notna() & end.notna()
    days = pd.Series(np.nan, index=begin.index)
    days[known] = np.busday_count(_next_days(begin[known]), _next_days(end[known])).astype("float64")
    return days


def _next_days(days: pd.Series) -> npt.NDArray[np.datetime64]:
    return days.to_numpy().astype("datetime64[D]") + np.timedelta64(1, "D")


def _to_date(table: pd.DataFrame, amount: str, number_at: int) -> pd.Series:
    """Return the sums since January; missing from the first period that is missing onwards.

    `number_at` is where the number of the period stands in its text.
    """
    periods = table["period"].astype("str")
    ordered = table.assign(year=periods.str[:4]).sort_values("period", kind="stable")
    groups = ordered.groupby(["region_code", "method", "year"])[amount]
    number = pd.to_numeric(ordered["period"].astype("str").str[number_at:], errors="coerce")
    return groups.cumsum(skipna=False).where((groups.cumcount() + 1).eq(number)).reindex(table.index)
