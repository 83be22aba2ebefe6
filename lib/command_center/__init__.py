"""The shared library of a regional government's command center.

Sectors and notebooks build on it; it never imports one of them.
"""

__version__ = "0.1.0"
