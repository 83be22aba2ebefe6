"""Borders from a boundary file: read, matched to the regions, cleaned as one coverage, installed, loaded.

Refuses a file it cannot place or identify beyond doubt, and flags every shape that is only approximate.
"""

from command_center.maps.boundaries.install import AreaCheck, InstallReport, install_boundaries
from command_center.maps.boundaries.reading import BoundaryError
from command_center.maps.boundaries.shapes import Shapes, load_shapes

__all__ = [
    "AreaCheck",
    "BoundaryError",
    "InstallReport",
    "Shapes",
    "install_boundaries",
    "load_shapes",
]
