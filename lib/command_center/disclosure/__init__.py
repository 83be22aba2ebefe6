"""Small cells: which figures below the regency are kept from the public, and a proof that they stay hidden.

Knows tables of figures and the tree of regions; what a reader with a mandate sees is settled in access.
"""

from command_center.disclosure.bounds import CellBounds, bounds_of
from command_center.disclosure.past import Past, past_of
from command_center.disclosure.pattern import Pattern, choose_pattern
from command_center.disclosure.proof import TableProof, prove, weakest
from command_center.disclosure.suppress import Suppressed, suppress
from command_center.disclosure.tables import CountTable, count_tables
from command_center.disclosure.tree import Tree, Unknown

__all__ = [
    "CellBounds",
    "CountTable",
    "Past",
    "Pattern",
    "Suppressed",
    "TableProof",
    "Tree",
    "Unknown",
    "bounds_of",
    "choose_pattern",
    "count_tables",
    "past_of",
    "prove",
    "suppress",
    "weakest",
]
