"""Tables of the social agency turned into what the social item counts.

Pure: a table in, a new one out. Missing stays missing, nothing is filled.
"""

import pandas as pd

_PLACE = ["region_code", "period", "method"]
# Paid to the family itself; premium aid goes to the insurer.
_PAID_TO_FAMILIES = ("PKH", "SEMBAKO")


def bansos_salur(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per village and tranche: families decreed, paid, and paid in deciles 1-4, of PKH and Sembako.

    Missing where one of the two programmes is missing.
    """
    paid = table[table["program"].isin(_PAID_TO_FAMILIES)]
    groups = paid.groupby(_PLACE, sort=False)
    names = {
        "decreed_households": "aid_decreed",
        "paid_households": "aid_paid",
        "decile_1_4_households": "aid_decile_1_4",
    }
    sums = groups[list(names)].sum(min_count=len(_PAID_TO_FAMILIES)).rename(columns=names)
    return sums.assign(as_of=groups["as_of"].min()).reset_index()


def pbi_nonaktif(table: pd.DataFrame) -> pd.DataFrame:
    """Return `unresolved_persons` by sub-district at the end of every month since the first deactivation.

    Deactivated by then, and neither reactivated nor found ineligible by then. A case resolved on no stated day
    counts as resolved at the end of the register; a sub-district in the register without open cases counts zero.
    """
    days = pd.DataFrame(
        {
            "region_code": table["region_code"].astype("str").str.rsplit(".", n=1).str[0],
            "method": table["method"],
            "begun": pd.to_datetime(table["deactivated_on"]),
            "ended": pd.to_datetime(table["resolved_on"]),
        }
    )
    known = pd.concat([days["begun"], days["ended"], pd.to_datetime(table["as_of"])])
    last = known.max()
    is_closed = table["status"].notna() & table["status"].ne("buka")
    days["ended"] = days["ended"].fillna(last).where(is_closed)
    parts = [_open_by_month(part, last).assign(method=method) for method, part in days.groupby("method")]
    empty = pd.DataFrame(columns=[*_PLACE, "as_of", "unresolved_persons"], dtype="float64")
    return pd.concat(parts, ignore_index=True) if parts else empty


def _open_by_month(days: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    months = pd.period_range(days["begun"].min(), last, freq="M")
    regions = pd.Index(sorted(days["region_code"].unique()))

    def until(day: str) -> pd.DataFrame:
        counts = pd.crosstab(days[day].dt.to_period("M"), days["region_code"])
        return counts.reindex(index=months, columns=regions, fill_value=0).cumsum()

    still_open = (until("begun") - until("ended")).rename_axis(index="month", columns="region_code")
    rows = still_open.stack().rename("unresolved_persons").reset_index()
    # The month under way is known up to the last day the register tells of.
    ends = rows["month"].dt.end_time.dt.normalize()
    rows["as_of"] = ends.where(ends.le(last), last)
    return rows.assign(period=rows["month"].astype("str")).drop(columns="month")
