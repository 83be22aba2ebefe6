"""Do shares of parts differ beyond chance? Wilson intervals, a chi-square test and overdispersion.

Follows Wilson (1927) for the intervals, Benjamini and Hochberg (1995) for testing many parts at once and
Spiegelhalter, Statistics in Medicine 24 (2005), for the overdispersion of many large parts. Pure, no I/O.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.stats.mstats import winsorize

from command_center.analysis.errors import AnalysisError

LEVEL = 0.05
WINSORIZED = 0.10
# Below this expected count the chi-square distribution is a rough guide (Cochran 1954).
FEWEST_EXPECTED = 5.0


@dataclass(frozen=True)
class Variation:
    """The shares of the parts beside that of all of them together.

    `parts` has, for every part with a denominator, the columns given and share, low, high (Wilson, 95 percent),
    expected (count at the share of the whole), z, p (exact binomial test against the whole), beyond_chance
    (p below 5 percent after the correction for many parts), outlying (beyond 1.96 after overdispersion is
    allowed for), in order of the share, highest first.
    `dispersion` is 1 where the parts differ as chance makes them, more where they differ more.
    """

    parts: pd.DataFrame
    share: float
    chi_square: float
    degrees: int
    p: float
    dispersion: float
    is_rough: bool

    @property
    def differs(self) -> bool:
        """Whether the parts together differ more than chance alone would make them."""
        return self.p < LEVEL


def compare_shares(counts: pd.DataFrame) -> Variation:
    """Compare numerator / denominator of every part with the whole; both are counts of the same things.

    `counts` has the columns numerator and denominator; parts without a denominator, or with 0, are left out.
    Raises AnalysisError for fewer than two parts, for what is not a count, and where a numerator is above its
    denominator.
    """
    known = counts[counts["numerator"].notna() & counts["denominator"].gt(0)].reset_index(drop=True)
    _check(known)
    successes: pd.Series = known["numerator"].astype("int64")
    trials: pd.Series = known["denominator"].astype("int64")
    share = float(successes.sum() / trials.sum())
    if share in (0.0, 1.0):
        raise AnalysisError("All parts have the same share, 0 or 1", who="the analyst")
    tests = [
        stats.binomtest(int(success), int(trial), share)
        for success, trial in zip(successes, trials, strict=True)
    ]
    limits = [test.proportion_ci(method="wilson") for test in tests]
    p = np.array([test.pvalue for test in tests])
    z: pd.Series = (successes / trials - share) / float(np.sqrt(share * (1 - share))) * trials**0.5
    spread = float(np.mean(np.asarray(winsorize(z.to_numpy(), limits=(WINSORIZED, WINSORIZED))) ** 2))
    whole = stats.chi2_contingency([successes, trials - successes], correction=False)
    parts = known.assign(
        share=successes / trials,
        low=[limit.low for limit in limits],
        high=[limit.high for limit in limits],
        expected=trials * share,
        z=z,
        p=p,
        beyond_chance=stats.false_discovery_control(p) < LEVEL,
        outlying=(z / np.sqrt(max(1.0, spread))).abs() > stats.norm.ppf(1 - LEVEL / 2),
    )
    return Variation(
        parts=parts.sort_values("share", ascending=False, kind="stable", ignore_index=True),
        share=share,
        chi_square=float(whole.statistic),
        degrees=int(whole.dof),
        p=float(whole.pvalue),
        dispersion=float(whole.statistic / whole.dof),
        is_rough=bool(np.min(whole.expected_freq) < FEWEST_EXPECTED),
    )


def _check(known: pd.DataFrame) -> None:
    if len(known) < 2:
        raise AnalysisError(
            "Fewer than two parts have a figure",
            who="the analyst",
            next_step="choose another period or indicator",
        )
    for name in ("numerator", "denominator"):
        if (known[name].mod(1).ne(0) | known[name].lt(0)).any():
            raise AnalysisError(
                f"The {name} is no count, so chance says nothing about it",
                who="the analyst",
                next_step="show shares of the whole instead: concentration, pulls",
            )
    if known["numerator"].gt(known["denominator"]).any():
        raise AnalysisError(
            "A numerator is above its denominator: they do not count the same things",
            who="the analyst",
            next_step="show shares of the whole instead: concentration, pulls",
        )
