"""The server of the dashboards: finished pages first, a live Voila kernel when a control is used.

Reads editions and writes only pages rendered on first request. Access rules live here, figures do not.
"""

from command_center.serving.app import CommandCenterServer, serve

__all__ = ["CommandCenterServer", "serve"]
