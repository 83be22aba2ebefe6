"""How everything looks: colours with fixed meaning, statuses, stylesheet, typeface. Knows no figure."""

from command_center.theme.statuses import (
    PROVENANCES,
    STATUSES,
    Provenance,
    Status,
    ThemeError,
    provenance_html,
    sample_stamp_html,
    status,
    status_html,
)
from command_center.theme.stylesheet import (
    FONT_FAMILY,
    FONT_STACK,
    AssetError,
    font_directory,
    font_files,
    stylesheet,
)

__all__ = [
    "FONT_FAMILY",
    "FONT_STACK",
    "PROVENANCES",
    "STATUSES",
    "AssetError",
    "Provenance",
    "Status",
    "ThemeError",
    "font_directory",
    "font_files",
    "provenance_html",
    "sample_stamp_html",
    "status",
    "status_html",
    "stylesheet",
]
