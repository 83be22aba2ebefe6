"""Do two figures of the same parts go together? Spearman's rank correlation, which no outlier carries. Pure, no I/O."""

from dataclasses import dataclass

import pandas as pd
from scipy import stats

from command_center.analysis.errors import AnalysisError

FEWEST = 5


@dataclass(frozen=True)
class Association:
    """`rho` from -1 to 1, its p-value, and how many parts it rests on; going together is no cause."""

    rho: float
    p: float
    count: int

    @property
    def is_beyond_chance(self) -> bool:
        """Whether so close an agreement would come by chance in fewer than 5 of 100 cases."""
        return self.p < 0.05


def rank_association(first: pd.DataFrame, second: pd.DataFrame) -> Association:
    """Return how the ranks of `value` in two tables of parts go together, joined on `code`.

    Raises AnalysisError for fewer than five parts with both values, or where one value is the same everywhere.
    """
    joined = first[["code", "value"]].merge(second[["code", "value"]], on="code", validate="one_to_one")
    known = joined.dropna()
    if len(known) < FEWEST or known["value_x"].nunique() == 1 or known["value_y"].nunique() == 1:
        raise AnalysisError(
            f"{len(known)} parts have both figures, or one figure is the same everywhere",
            who="the analyst",
            next_step="choose another period or indicator",
        )
    found = stats.spearmanr(known["value_x"], known["value_y"])
    return Association(float(found.statistic), float(found.pvalue), len(known))
