"""Quality of data: how fresh a figure is, and the six scores of every dataset and period.

Judges by limits, weights and due days of the reference data; it changes no figure.
"""

from command_center.quality.expected import expected_regions
from command_center.quality.freshness import Freshness, FreshnessLimit, FreshnessLimits, load_freshness_limits
from command_center.quality.metadata import Metadata, metadata_of
from command_center.quality.obligations import Obligation, counted_period, due_on, obligations
from command_center.quality.overview import (
    agencies_to_call,
    faults_by_kind,
    gaps_by_district,
    latest_of_datasets,
    scores_of_agencies,
    unfit_periods,
)
from command_center.quality.owed import Owed, owed_by
from command_center.quality.rules import COMPONENTS, ReadinessRules, load_readiness_rules
from command_center.quality.scores import score_periods
from command_center.quality.table import conform_faults, conform_history, conform_readiness

__all__ = [
    "COMPONENTS",
    "Freshness",
    "FreshnessLimit",
    "FreshnessLimits",
    "Metadata",
    "Obligation",
    "Owed",
    "ReadinessRules",
    "agencies_to_call",
    "conform_faults",
    "conform_history",
    "conform_readiness",
    "counted_period",
    "due_on",
    "expected_regions",
    "faults_by_kind",
    "gaps_by_district",
    "latest_of_datasets",
    "load_freshness_limits",
    "load_readiness_rules",
    "metadata_of",
    "obligations",
    "owed_by",
    "score_periods",
    "scores_of_agencies",
    "unfit_periods",
]
