"""The six scores of a dataset and period (domain specification, section 5), 0 to 100, and their weighted total.

Pure: what was counted comes in, scores go out. A score that nothing can be said of is missing and weighs nothing.
"""

import numpy as np
import pandas as pd

from command_center.quality.rules import COMPONENTS, ReadinessRules

# What must be known of each dataset and period; see `score_periods`.
COUNT_COLUMNS = (
    "rows",
    "expected_regions",
    "present_regions",
    "required_cells",
    "filled_cells",
    "apart_rows",
    "repeated_rows",
    "crossed_rows",
    "late_days",
    "metadata_slots",
    "metadata_filled",
)


def score_periods(counts: pd.DataFrame, rules: ReadinessRules) -> pd.DataFrame:
    """Return `counts` with the six scores, `total` and `grade` (green, yellow, red) for each row.

    `rows` are the accepted rows, `apart_rows` those set apart or kept out, of which `repeated_rows` repeat another;
    `crossed_rows` are all rows a cross-check speaks against; `late_days` are working days after the due day, missing
    where no day is known. completeness = filled required cells ÷ required × regions present ÷ expected; timeliness =
    100, less the points of each late working day; validity = accepted rows ÷ all; uniqueness and consistency = the
    share of rows not spoken against; metadata = fields filled ÷ all. Where no row came, validity, uniqueness and
    consistency are missing. The total weighs the scores there are.
    """
    read = counts["rows"] + counts["apart_rows"]
    came = read.gt(0)
    scores = pd.DataFrame(
        {
            "completeness": _share(counts["filled_cells"], counts["required_cells"])
            * _share(counts["present_regions"], counts["expected_regions"])
            * 100,
            "timeliness": (100 - rules.late_points_per_working_day * counts["late_days"]).clip(0, 100),
            "validity": 100 * _share(counts["rows"], read).where(came),
            "uniqueness": 100 * (1 - _share(counts["repeated_rows"], read)).where(came),
            "consistency": 100 * (1 - _share(counts["crossed_rows"], read)).clip(0, 1).where(came),
            "metadata": 100 * _share(counts["metadata_filled"], counts["metadata_slots"]),
        }
    )
    total = weighted_total(scores, rules)
    return counts.assign(**scores, total=total, grade=[rules.grade(one) for one in total])


def weighted_total(scores: pd.DataFrame, rules: ReadinessRules) -> "pd.Series[float]":
    """Return the weighted mean of the scores that are not missing, 0 where all are."""
    weights = np.array([rules.weights.of(name) for name in COMPONENTS])
    values = scores[list(COMPONENTS)].to_numpy(dtype="float64")
    known = ~np.isnan(values)
    weight = (known * weights).sum(axis=1)
    total = np.nansum(values * weights, axis=1)
    # A total is printed and judged by whole points at the edges: a rest of the division must not decide.
    return pd.Series(np.round(total / np.where(weight > 0, weight, 1), 6), index=scores.index)


def _share(part: "pd.Series[float]", whole: "pd.Series[float]") -> "pd.Series[float]":
    """Return part ÷ whole, 0 where there is no whole."""
    return (part / whole.where(whole.gt(0))).fillna(0.0)
