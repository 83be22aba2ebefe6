"""What an analyst asks of an edition beyond its pages: differences beyond chance, shares, changes and their parts.

`variation`, `shares` and `association` are pure; `parts` reads an edition; a `Study` shows the answers in a notebook.
"""

from command_center.analysis.association import Association, rank_association
from command_center.analysis.errors import AnalysisError
from command_center.analysis.parts import Parts, read_parts
from command_center.analysis.shares import concentration, contributions, pulls, rate_change
from command_center.analysis.study import Study, open_study
from command_center.analysis.variation import Variation, compare_shares

__all__ = [
    "AnalysisError",
    "Association",
    "Parts",
    "Study",
    "Variation",
    "compare_shares",
    "concentration",
    "contributions",
    "open_study",
    "pulls",
    "rank_association",
    "rate_change",
    "read_parts",
]
