"""The run: read, check, measure, publish. One sector's failure never stops another."""

from command_center.refresh.measuring import Progress
from command_center.refresh.parts import SectorFailure
from command_center.refresh.run import PageFailure, RefreshResult, refresh

__all__ = ["PageFailure", "Progress", "RefreshResult", "SectorFailure", "refresh"]
