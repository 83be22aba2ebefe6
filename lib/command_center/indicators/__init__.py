"""Indicators: from declared numerators and denominators to one long table of measures.

Ratios are never averaged, methods never mixed, and a figure without all its parts is not made.
"""

from command_center.indicators.changes import Change, Changes, changes
from command_center.indicators.engine import SectorMeasures, measure_sector
from command_center.indicators.faults import MeasureFault
from command_center.indicators.measure import Measured, measure_indicator
from command_center.indicators.rollup import RolledUp, can_roll_up, roll_up
from command_center.indicators.schema import (
    COVERAGE_COLUMNS,
    KEY_COLUMNS,
    MEASURE_COLUMNS,
    SOURCE_COLUMNS,
    conform,
    empty_measures,
)
from command_center.indicators.series import (
    AmbiguousMethodError,
    Measure,
    by_region,
    latest,
    methods_of,
    periods_of,
    series,
)
from command_center.indicators.status import STATUSES, classify, judge

__all__ = [
    "COVERAGE_COLUMNS",
    "KEY_COLUMNS",
    "MEASURE_COLUMNS",
    "SOURCE_COLUMNS",
    "STATUSES",
    "AmbiguousMethodError",
    "Change",
    "Changes",
    "Measure",
    "MeasureFault",
    "Measured",
    "RolledUp",
    "SectorMeasures",
    "by_region",
    "can_roll_up",
    "changes",
    "classify",
    "conform",
    "empty_measures",
    "judge",
    "latest",
    "measure_indicator",
    "measure_sector",
    "methods_of",
    "periods_of",
    "roll_up",
    "series",
]
