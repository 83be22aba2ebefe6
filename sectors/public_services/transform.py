"""What the public services item computes: complaints counted, answers of the survey made an index.

Pure: a table in, another table out. Missing stays missing, nothing is filled.
"""

import pandas as pd

from command_center.indicators.tidying import PLACE, district_code, per_agency_and_all, whole_code

_DATES = ("received_on", "forwarded_on", "first_answer_on", "closed_on", "due_on")
_COUNTS = (
    "forwarded_reports", "followed_up_reports", "due_reports", "closed_in_limit_reports", "overdue_open_reports",
)  # fmt: skip
_ELEMENTS = [f"u{number}" for number in range(1, 10)]


def aduan_lapor(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per agency and month, and one per month over all (`agency_code` "").

    Reports forwarded in the month and those of them with an answer by now; reports due in the month and those
    closed by then; reports open past their limit at the end of the month; median and p90 days from receipt to
    the answers and the closings of the month. Reports never forwarded count nowhere; one put in the archive
    leaves the queue that day and counts as no closing.
    """
    dates = {name: pd.to_datetime(table[name]) for name in _DATES}
    cases = table.assign(**dates, region_code=table["region_code"].astype("str").map(whole_code))
    cases = cases[cases["forwarded_on"].notna()]
    months = sorted(table["period"].dropna().astype("str").unique())
    in_limit = (cases["closed_on"].le(cases["due_on"]) & cases["status"].eq("selesai")).astype("int64")
    followed_up = cases["first_answer_on"].notna().astype("int64")
    events = [
        _in_month_of(cases, "forwarded_on").assign(forwarded_reports=1, followed_up_reports=followed_up),
        _in_month_of(cases, "due_on").assign(due_reports=1, closed_in_limit_reports=in_limit),
        *(_overdue_at_the_end_of(month, cases) for month in months),
    ]
    counted = pd.concat([event.reindex(columns=[*PLACE, "agency_code", *_COUNTS]) for event in events])
    counted = counted[counted["period"].isin(months)].fillna(dict.fromkeys(_COUNTS, 0))
    counts = per_agency_and_all(counted.assign(as_of=_ends(counted["period"])), _COUNTS)
    answers = _days_to(cases, "first_answer_on", "first_answer", "answered_reports")
    closings = _days_to(cases[cases["status"].eq("selesai")], "closed_on", "close", "closed_reports")
    keys = ["agency_code", *PLACE]
    return counts.merge(answers, on=keys, how="left").merge(closings, on=keys, how="left")


def skm(table: pd.DataFrame) -> pd.DataFrame:
    """Return the satisfaction index (0-100) and its respondents by semester.

    The index is the sum of the nine elements' means times one ninth, times 25. Sub-district offices stand under
    their region, other units under the whole with their agency; the whole is the mean of the sub-districts, as
    it is published.
    """
    region = table["region_code"].astype("str")
    is_office = region.map(district_code).ne(region.map(whole_code))
    units = table.assign(agency_code=table["agency_code"].where(~is_office, ""))
    groups = units.groupby(["agency_code", *PLACE], sort=True)
    means = groups[_ELEMENTS].mean().where(groups[_ELEMENTS].count().gt(0))
    index = means.sum(axis="columns", skipna=False) / len(_ELEMENTS) * 25
    found = pd.DataFrame(
        {"ikm_index": index, "respondents": groups.size(), "as_of": groups["as_of"].min()}
    ).reset_index()
    offices = found[found["agency_code"].eq("")]
    offices = offices.assign(region_code=offices["region_code"].astype("str").map(whole_code))
    whole = offices.groupby(["agency_code", *PLACE], as_index=False).agg(
        ikm_index=("ikm_index", "mean"), respondents=("respondents", "sum"), as_of=("as_of", "min")
    )
    return pd.concat([found, whole], ignore_index=True)


def service_queue(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `wait_p90_hours`; missing where the minutes are."""
    return table.assign(wait_p90_hours=table["wait_p90_minutes"] / 60)


def _in_month_of(cases: pd.DataFrame, name: str) -> pd.DataFrame:
    return cases.assign(period=cases[name].dt.strftime("%Y-%m"))


def _overdue_at_the_end_of(month: str, cases: pd.DataFrame) -> pd.DataFrame:
    end = pd.Period(month, freq="M").end_time
    late = cases["due_on"].le(end) & ~cases["closed_on"].le(end)
    return cases[late].assign(period=month, overdue_open_reports=1)


def _days_to(cases: pd.DataFrame, event: str, name: str, n: str) -> pd.DataFrame:
    """Return median and p90 of the days from receipt to an event, by agency and over all, in the event's month."""
    seen = _in_month_of(cases[cases[event].notna()], event)
    days = (seen[event] - seen["received_on"]).dt.days
    both = pd.concat([seen.assign(days=days), seen.assign(days=days, agency_code="")])
    groups = both.groupby(["agency_code", *PLACE])["days"]
    columns = {
        f"{name}_median_days": groups.median(),
        f"{name}_p90_days": groups.quantile(0.9),
        n: groups.size(),
    }
    return pd.DataFrame(columns).reset_index()


def _ends(periods: pd.Series) -> pd.Series:
    return pd.to_datetime(periods, format="%Y-%m") + pd.offsets.MonthEnd(0)
