"""A figure recomputed by a notebook: short, in words, with plain pandas, from the kept files of its edition.

Writes the notebook; what it computes is the reader's own run, never a source of figures for a page.
"""

from command_center.recomputation.figure import RecomputationError, find_figure
from command_center.recomputation.notebook import figure_notebook, notebook_bytes

__all__ = ["RecomputationError", "figure_notebook", "find_figure", "notebook_bytes"]
