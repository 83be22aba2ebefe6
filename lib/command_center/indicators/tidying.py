"""Records of documents, reports or purchases brought to one row per figure: what the sectors' transforms share.

Pure: tables in, tables out. A number missing in one record makes the sum over it missing.
"""

from collections.abc import Sequence

import pandas as pd

PLACE = ("region_code", "period", "method")
WHEN = ("period", "method")


def sums_by(table: pd.DataFrame, by: Sequence[str], amounts: Sequence[str]) -> pd.DataFrame:
    """Return one row per key with the sums of the amounts and the oldest `as_of`.

    Records without a key are left out.
    """
    groups = table.groupby(list(by), sort=True)
    totals = groups[list(amounts)].sum()
    known = groups[list(amounts)].count()
    sums = totals.where(known.eq(groups.size(), axis="index"))
    return sums.assign(as_of=groups["as_of"].min()).reset_index()


def per_agency_and_all(
    table: pd.DataFrame, amounts: Sequence[str], by: Sequence[str] = PLACE
) -> pd.DataFrame:
    """Return the sums over all agencies (`agency_code` "") and those of every agency."""
    whole = sums_by(table, by, amounts).assign(agency_code="")
    return pd.concat([whole, sums_by(table, ["agency_code", *by], amounts)], ignore_index=True)


def per_region_and_above(
    table: pd.DataFrame, amounts: Sequence[str], by: Sequence[str] = WHEN
) -> pd.DataFrame:
    """Return the sums of every region that has records, and of the sub-districts and the whole above them.

    For a register that covers the whole area: a region without a record in a period in which others have one
    has 0 there, not a gap.
    """
    codes = table["region_code"].astype("str")
    parts = [
        _zeros_filled(sums_by(table.assign(region_code=codes.map(cut)), ["region_code", *by], amounts), by)
        for cut in (whole_code, district_code, str)
    ]
    return pd.concat(parts, ignore_index=True).drop_duplicates(["region_code", *by], ignore_index=True)


def whole_code(code: str) -> str:
    """Return the code of the whole area a region lies in."""
    return ".".join(code.split(".")[:2])


def district_code(code: str) -> str:
    """Return the code of the sub-district a region lies in; that of the whole for the whole."""
    return ".".join(code.split(".")[:3])


def _zeros_filled(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    dates = table.groupby(list(by), as_index=False)["as_of"].min()
    filled = table[["region_code"]].drop_duplicates().merge(dates, how="cross")
    keys = ["region_code", *by]
    found = filled.merge(table.drop(columns="as_of"), on=keys, how="left", indicator="found")
    absent = found.pop("found").eq("left_only")
    amounts = [name for name in found.columns if name not in (*keys, "as_of")]
    found.loc[absent, amounts] = 0
    return found
