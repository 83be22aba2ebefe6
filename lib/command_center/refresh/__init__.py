"""The run: read, check, measure, publish. One sector's failure never stops another."""

from command_center.refresh.run import Progress, RefreshResult, SectorFailure, refresh

__all__ = ["Progress", "RefreshResult", "SectorFailure", "refresh"]
