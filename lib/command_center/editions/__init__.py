"""Editions: whole, dated, immutable snapshots of measures and pages.

An edition is built aside and moved into place in one step; nothing here computes a figure.
"""

from command_center.editions.identity import EditionIdentity, identify
from command_center.editions.store import (
    Edition,
    EditionBuilder,
    build_edition,
    keep_page,
    list_editions,
    open_edition,
    promote_edition,
)

__all__ = [
    "Edition",
    "EditionBuilder",
    "EditionIdentity",
    "build_edition",
    "identify",
    "keep_page",
    "list_editions",
    "open_edition",
    "promote_edition",
]
