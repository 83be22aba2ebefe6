"""What a whole is made of, and what a change of it is made of; every decomposition adds up exactly. Pure, no I/O."""

import pandas as pd

from command_center.analysis.errors import AnalysisError


def concentration(parts: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the parts in order of `column`, largest first, with share and cumulative (0 to 1) of the total.

    Parts without a value are left out. Raises AnalysisError for a negative part or a total of 0.
    """
    known = parts[parts[column].notna()]
    total = float(known[column].sum())
    if known[column].lt(0).any() or total <= 0:
        raise AnalysisError(
            f"The parts of {column} do not make up a whole: one is negative, or all are 0", who="the analyst"
        )
    ordered = known.sort_values(column, ascending=False, kind="stable", ignore_index=True)
    share = ordered[column] / total
    return ordered.assign(share=share, cumulative=share.cumsum())


def parts_for(concentrated: pd.DataFrame, portion: float = 0.5) -> int:
    """Return how many of the largest parts make up at least `portion` of the total."""
    return int(concentrated["cumulative"].lt(portion - 1e-9).sum()) + 1


def pulls(parts: pd.DataFrame) -> pd.DataFrame:
    """Return, for parts of one ratio, how far each moves the whole: pull, highest first.

    `parts` has numerator and denominator. Adds rate, weight (share of all denominators), remainder
    (denominator less numerator), and pull = weight x (rate - rate of the whole): the pulls add up to 0, and
    one of -0.02 lowers the whole by 2 points against what it were if the part were like the whole. Parts
    without a denominator are left out.
    """
    known = _with_denominator(parts)
    rate, whole = known["numerator"] / known["denominator"], whole_rate(known)
    weight = known["denominator"] / known["denominator"].sum()
    added = known.assign(
        rate=rate,
        weight=weight,
        remainder=known["denominator"] - known["numerator"],
        pull=weight * (rate - whole),
    )
    return added.sort_values("pull", ascending=False, kind="stable", ignore_index=True)


def contributions(before: pd.DataFrame, after: pd.DataFrame, column: str = "numerator") -> pd.DataFrame:
    """Return what each part adds to the growth of a total between two tables of parts, largest growth first.

    Joined on `code`; a part without a value at either end is left out. Columns code, name, before, after,
    change, and contribution = change / total before: contributions add up to the growth of the total. Raises
    AnalysisError where nothing was there before.
    """
    joined = _joined(before, after, [column])
    total = float(joined[f"{column}_before"].sum())
    if total == 0:
        raise AnalysisError("The total before is 0, so its growth has no meaning", who="the analyst")
    change = joined[f"{column}_after"] - joined[f"{column}_before"]
    told = pd.DataFrame(
        {
            "code": joined["code"],
            "name": joined["name"],
            "before": joined[f"{column}_before"],
            "after": joined[f"{column}_after"],
            "change": change,
            "contribution": change / total,
        }
    )
    return told.sort_values("change", ascending=False, kind="stable", ignore_index=True)


def rate_change(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return what each part adds to the change of a ratio: by its own rate (within) and by its weight (mix).

    Midpoint shift-share (Marshall-Edgeworth weights): within = mean weight x change of the rate,
    mix = change of the weight x (mean rate - mean rate of the whole). within + mix over all parts is exactly
    the change of the whole. Columns code, name, rate_before, rate_after, within, mix, effect; largest effect
    first. A part without a denominator at either end is left out.
    """
    joined = _joined(_with_denominator(before), _with_denominator(after), ["numerator", "denominator"])
    rates, weights, wholes = {}, {}, {}
    for when in ("before", "after"):
        numerator, denominator = joined[f"numerator_{when}"], joined[f"denominator_{when}"]
        rates[when], weights[when] = numerator / denominator, denominator / denominator.sum()
        wholes[when] = float(numerator.sum() / denominator.sum())
    within = (weights["before"] + weights["after"]) / 2 * (rates["after"] - rates["before"])
    mean_rate, mean_whole = (rates["before"] + rates["after"]) / 2, (wholes["before"] + wholes["after"]) / 2
    mix = (weights["after"] - weights["before"]) * (mean_rate - mean_whole)
    told = joined[["code", "name"]].assign(
        rate_before=rates["before"], rate_after=rates["after"], within=within, mix=mix, effect=within + mix
    )
    return told.sort_values("effect", ascending=False, kind="stable", ignore_index=True)


def _with_denominator(parts: pd.DataFrame) -> pd.DataFrame:
    known = parts[parts["numerator"].notna() & parts["denominator"].gt(0)]
    if known.empty:
        raise AnalysisError(
            "No part has a denominator", who="the analyst", next_step="choose another period or indicator"
        )
    return known.reset_index(drop=True)


def whole_rate(parts: pd.DataFrame) -> float:
    """Return the ratio of all parts together: the sum of numerators over that of denominators."""
    return float(parts["numerator"].sum() / parts["denominator"].sum())


def _joined(before: pd.DataFrame, after: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    old, new = (frame[["code", "name", *columns]].dropna(subset=columns) for frame in (before, after))
    joined = old.merge(
        new.drop(columns="name"), on="code", suffixes=("_before", "_after"), validate="one_to_one"
    )
    if joined.empty:
        raise AnalysisError(
            "No part has a figure at both ends", who="the analyst", next_step="choose other periods"
        )
    return joined
