"""From a frame and a few words to a figure: drawing, description and table that say the same numbers.

Reads no file and no edition. Drawing imports altair and vl-convert; importing this package does not.
"""

from command_center.charts.bars import bars_by_region
from command_center.charts.compositions import Part, composition
from command_center.charts.figure import (
    ChartError,
    Column,
    Figure,
    LegendItem,
    Table,
    figure_html,
    legend_html,
    table_html,
)
from command_center.charts.funnels import FunnelLines, funnel_plot
from command_center.charts.intervals import Interval, Side, intervals
from command_center.charts.sparklines import sparkline
from command_center.charts.trends import trend

__all__ = [
    "ChartError",
    "Column",
    "Figure",
    "FunnelLines",
    "Interval",
    "LegendItem",
    "Part",
    "Side",
    "Table",
    "bars_by_region",
    "composition",
    "figure_html",
    "funnel_plot",
    "intervals",
    "legend_html",
    "sparkline",
    "table_html",
    "trend",
]
