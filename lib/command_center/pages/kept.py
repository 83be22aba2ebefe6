"""Blocks that no control of a page changes: made once for the finished page, and taken from it by a live one.

A live kernel then makes only what a reader can turn, in less time and memory. The finished page is that of the
same edition, address and view, so nothing comes along that the reader may not see.
"""

import gzip
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from command_center.editions import Edition
from command_center.pages.blocks import Block, trusted
from command_center.pages.context import PageContext

LIVE_VARIABLE = "COMMAND_CENTER_LIVE"


def kept_block(context: PageContext, name: str, make: Callable[[], Block]) -> Block:
    """Return the block that `make` makes, between marks that name it.

    Where COMMAND_CENTER_LIVE is set it is the one of the finished page, if that is there and has one.
    """
    begin, end = f"<!--block {name}-->", f"<!--end {name}-->"
    if os.environ.get(LIVE_VARIABLE):
        finished = _finished(context.edition, context.address.file)
        _, found, rest = finished.partition(begin)
        if found and end in rest:
            return Block(trusted(begin + rest.partition(end)[0] + end))
    return Block(trusted(begin) + make().html + trusted(end))


@lru_cache(maxsize=1)
def _finished(edition: Edition, file: Path) -> str:
    compressed = edition.page(file, edition.view)
    return "" if compressed is None else gzip.decompress(compressed).decode()
