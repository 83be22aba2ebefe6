"""Quality of data: how fresh a figure is.

Judges ages against limits of the reference data; it changes no figure.
"""

from command_center.quality.freshness import Freshness, FreshnessLimit, FreshnessLimits, load_freshness_limits

__all__ = ["Freshness", "FreshnessLimit", "FreshnessLimits", "load_freshness_limits"]
