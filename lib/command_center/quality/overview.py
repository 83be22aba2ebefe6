"""Scores put together: of a dataset, of an agency, and who is to be asked first.

Real data and sample data are never put into one mean.
"""

import pandas as pd

from command_center.quality.rules import COMPONENTS, ReadinessRules


def latest_of_datasets(readiness: pd.DataFrame) -> pd.DataFrame:
    """Return one row per dataset and kind (real or sample): its newest period that is due, else its newest period.

    `owed_periods` is the number of due periods without any row; 0 for samples, which nobody owes.
    """
    if readiness.empty:
        return readiness.assign(owed_periods=pd.Series(dtype="int64"))
    keys = ["sector", "dataset", "is_sample"]
    ordered = readiness.assign(
        owed=readiness["is_due"] & readiness["rows"].eq(0) & ~readiness["is_sample"],
        order=readiness["due_on"].where(readiness["is_due"]),
    )
    ordered = ordered.sort_values(["order", "period"], na_position="first", kind="stable")
    owed = ordered.groupby(keys)["owed"].sum().rename("owed_periods").astype("int64")
    last = ordered.drop_duplicates(keys, keep="last").drop(columns=["owed", "order"])
    return last.merge(owed.reset_index(), on=keys).sort_values(keys, ignore_index=True)


def scores_of_agencies(readiness: pd.DataFrame, rules: ReadinessRules) -> pd.DataFrame:
    """Return one row per agency and kind: mean of each score over its datasets, total, grade, counts, the worst first.

    Columns: agency_code, is_sample, the six scores, total, grade, datasets, unsent (datasets without a row in any
    period), owed_periods, late_days (the longest wait for a newest due period that has not come; missing where none).
    """
    latest = latest_of_datasets(readiness)
    if latest.empty:
        columns = [
            "agency_code",
            "is_sample",
            *COMPONENTS,
            "total",
            "grade",
            "datasets",
            "unsent",
            "owed_periods",
            "late_days",
        ]
        return pd.DataFrame(columns=columns)
    has_rows = readiness.groupby(["sector", "dataset", "is_sample"])["rows"].sum().gt(0).rename("has_rows")
    latest = latest.merge(has_rows.reset_index(), on=["sector", "dataset", "is_sample"])
    latest["waiting"] = latest["late_days"].where(latest["rows"].eq(0) & latest["is_due"])
    grouped = latest.groupby(["agency_code", "is_sample"])
    means = grouped[list(COMPONENTS)].mean()
    counts = grouped.agg(
        total=("total", "mean"),
        datasets=("dataset", "size"),
        unsent=("has_rows", lambda known: int((~known).sum())),
        owed_periods=("owed_periods", "sum"),
        late_days=("waiting", "max"),
    )
    found = means.join(counts).reset_index()
    found["grade"] = [rules.grade(total) for total in found["total"]]
    return found.sort_values(["is_sample", "total", "agency_code"], ignore_index=True)


def unfit_periods(readiness: pd.DataFrame, rules: ReadinessRules) -> pd.DataFrame:
    """Return sector, dataset, is_sample and period of the data that count but score below the lowest passing total."""
    poor = readiness["total"].lt(rules.grades.yellow) & readiness["rows"].gt(0)
    return readiness.loc[poor, ["sector", "dataset", "is_sample", "period"]].reset_index(drop=True)


def agencies_to_call(readiness: pd.DataFrame, faults: pd.DataFrame) -> pd.DataFrame:
    """Return the agencies that somebody must speak to, the most urgent first.

    Columns: agency_code, held (files that wait for a decision or were returned), waiting (datasets whose newest due
    period has not come), late_days (the longest wait, in working days; 0 where none). Samples are nobody's debt.
    """
    latest = latest_of_datasets(readiness[~readiness["is_sample"].astype("bool")])
    missing = latest[latest["is_due"] & latest["rows"].eq(0)]
    waiting = missing.groupby("agency_code").agg(waiting=("dataset", "size"), late_days=("late_days", "max"))
    real = faults[~faults["is_sample"].astype("bool") & faults["state"].isin(["checked", "returned"])]
    # One kind of fault may stand in several files, and a file may have several kinds: the most files of one kind.
    by_dataset = real.groupby(["agency_code", "sector", "dataset", "state"])["files"].max()
    held = by_dataset.groupby("agency_code").sum().rename("held")
    found = waiting.join(held, how="outer").fillna(0).astype("int64").rename_axis("agency_code").reset_index()
    order = ["held", "waiting", "late_days", "agency_code"]
    return found.sort_values(order, ascending=[False, False, False, True], ignore_index=True)[
        ["agency_code", "held", "waiting", "late_days"]
    ]


def faults_by_kind(faults: pd.DataFrame) -> pd.DataFrame:
    """Return is_sample, check, action, count and files over all datasets, the gravest action and most frequent first."""
    grouped = faults.groupby(["is_sample", "check", "action"], as_index=False)[["count", "files"]].sum()
    rank = grouped["action"].map({"rejected": 0, "quarantined": 1, "fixed": 2})
    ordered = grouped.assign(rank=rank).sort_values(
        ["is_sample", "rank", "count", "check"], ascending=[True, True, False, True], ignore_index=True
    )
    return ordered.drop(columns="rank")


def gaps_by_district(missing_regions: str, district_of: dict[str, str]) -> dict[str, int]:
    """Return how many of the missing regions lie in each district, by district code; `missing_regions` as stored."""
    found: dict[str, int] = {}
    for code in filter(None, missing_regions.split(",")):
        district = district_of.get(code, code)
        found[district] = found.get(district, 0) + 1
    return found
