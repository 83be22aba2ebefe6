"""Editions: whole, dated, immutable snapshots of measures and pages.

An edition is built aside and moved into place in one step; nothing here computes a figure.
"""

from command_center.editions.identity import EditionIdentity, identify
from command_center.editions.store import Edition, keep_page, latest_id, list_editions, open_edition
from command_center.editions.writing import (
    EditionBuilder,
    EditionWriter,
    build_edition,
    promote_edition,
    write_editions,
)

__all__ = [
    "Edition",
    "EditionBuilder",
    "EditionIdentity",
    "EditionWriter",
    "build_edition",
    "identify",
    "keep_page",
    "latest_id",
    "list_editions",
    "open_edition",
    "promote_edition",
    "write_editions",
]
