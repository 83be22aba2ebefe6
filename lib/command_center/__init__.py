"""The shared library of a regional government's command center.

Sectors and notebooks build on it; it never imports one of them.
"""

import sys

__version__ = "0.1.0"

# jsonschema, which Altair, nbformat and Voila bring along, would load this package to check addresses with
# letters beyond ASCII. No schema here has one, and the grammar it builds takes a second in every process.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
