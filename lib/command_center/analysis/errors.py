"""The one error of this package."""

from command_center.errors import CommandCenterError


class AnalysisError(CommandCenterError):
    """A question that the figures at hand cannot answer honestly."""
