"""What the social media item computes: days with news, silent runs, sentiment, replies and tickets per month.

Pure: a table in, another table out. Working days are Monday to Friday; holidays are not deducted.
"""

import numpy as np
import pandas as pd

from command_center.indicators.tidying import PLACE, per_agency_and_all, whole_code

FEWEST_LABELLED = 30
_FRIDAY = 4
_DAYS = ("published_days", "due_days", "published_calendar_days", "calendar_days")
_MENTIONS = (
    "net_mentions", "labelled_mentions", "response_hours", "answered_issues", "complaints", "ticketed_complaints",
)  # fmt: skip


def konten_opd(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per agency and month, and one per month over all (`agency_code` "").

    Working days with an item and all of them, the same of calendar days, and the longest run of working days
    without an item that lasted in the month, in days; over all agencies that of the most silent one. An agency
    without any item in the table stands nowhere.
    """
    items = table.assign(day=pd.to_datetime(table["published_on"])).dropna(subset=["day", "agency_code"])
    items = items.assign(region_code=items["region_code"].astype("str").map(whole_code))
    months = sorted(table["period"].dropna().astype("str").unique())
    parts = [
        _news(part, months).assign(region_code=region, method=method)
        for (region, method), part in items.groupby(["region_code", "method"], sort=True)
    ]
    agencies = pd.concat(parts or [_news(items, [])], ignore_index=True)
    agencies = agencies.reindex(columns=["agency_code", *PLACE, *_DAYS, "longest_silent_days"])
    agencies = agencies.assign(as_of=_ends(agencies["period"]))
    longest = agencies.groupby([*PLACE], as_index=False)["longest_silent_days"].max().assign(agency_code="")
    days = per_agency_and_all(agencies, _DAYS)
    both = pd.concat([longest, agencies[["agency_code", *PLACE, "longest_silent_days"]]])
    return days.merge(both, on=["agency_code", *PLACE], how="left")


def sebutan_medsos(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per agency and month, and one per month over all (`agency_code` "").

    Positive minus negative mentions and the labelled ones, missing below 30 labelled; hours from the first mention
    to the first official reply, and issues answered, in the month of the first mention; complaints and those made
    a ticket.
    """
    mentions = table.assign(region_code=table["region_code"].astype("str").map(whole_code))
    by_citizens = mentions[mentions["kind"].ne("tanggapan_resmi")]
    labelled = by_citizens[by_citizens["sentiment"].notna()]
    complaints = mentions[mentions["kind"].eq("aduan")]
    events = [
        labelled.assign(net_mentions=labelled["sentiment"], labelled_mentions=1),
        complaints.assign(complaints=1, ticketed_complaints=complaints["is_ticketed"].fillna(0)),
        _answered(mentions),
    ]
    counted = pd.concat([event.reindex(columns=["agency_code", *PLACE, *_MENTIONS]) for event in events])
    counted = counted.fillna(dict.fromkeys(_MENTIONS, 0))
    months = per_agency_and_all(counted.assign(as_of=_ends(counted["period"])), _MENTIONS)
    enough = months["labelled_mentions"].ge(FEWEST_LABELLED)
    return months.assign(net_mentions=months["net_mentions"].where(enough))


def _news(items: pd.DataFrame, months: list[str]) -> pd.DataFrame:
    """Return the days of every agency by month, from a matrix of agencies by days."""
    ends = _ends(pd.Series(months, dtype="str"))
    first = pd.Period(months[0], freq="M").start_time if months else pd.NaT
    days = pd.date_range(first, ends.iloc[-1]) if months else pd.DatetimeIndex([])
    seen = pd.crosstab(items["agency_code"], items["day"]).reindex(columns=days, fill_value=0)
    published = seen.to_numpy() > 0
    working = np.asarray(days.day_of_week <= _FRIDAY)
    silent = np.zeros(published.shape, dtype="int64")
    run = np.zeros(len(seen), dtype="int64")
    for at in range(published.shape[1]):
        run = np.where(published[:, at], 0, run + working[at])
        silent[:, at] = run
    parts = [
        pd.DataFrame(
            {
                "agency_code": seen.index,
                "period": month,
                "published_days": (published[:, own] & working[own]).sum(axis=1),
                "due_days": working[own].sum(),
                "published_calendar_days": published[:, own].sum(axis=1),
                "calendar_days": own.sum(),
                "longest_silent_days": silent[:, own].max(axis=1),
            }
        )
        for month, own in ((month, days.strftime("%Y-%m") == month) for month in months)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["agency_code", "period"])


def _answered(mentions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per issue that has an official reply, with the hours from its first mention."""
    hours = pd.to_timedelta(mentions["hour_of_day"], unit="h")
    known = mentions.assign(at=pd.to_datetime(mentions["mentioned_on"]) + hours)
    known = known[known["issue_code"].notna()].sort_values("at", kind="stable")
    is_reply = known["kind"].eq("tanggapan_resmi")
    first = known[~is_reply].drop_duplicates("issue_code")
    replies = known[is_reply].drop_duplicates("issue_code")
    both = first.merge(replies[["issue_code", "at"]], on="issue_code", suffixes=("", "_reply"))
    waited = (both["at_reply"] - both["at"]).dt.total_seconds() / 3600
    return both.assign(response_hours=waited, answered_issues=1)[waited.ge(0)]


def _ends(periods: pd.Series) -> pd.Series:
    return pd.to_datetime(periods, format="%Y-%m") + pd.offsets.MonthEnd(0)
