"""Pieces that the pages of a workflow share: a section, a table whose rows may link, facts in a row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from command_center.charts import Column
from command_center.pages.blocks import Block, render, trusted
from command_center.theme import sample_stamp_html

if TYPE_CHECKING:
    from command_center.pages.workflow import Workflow


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table with a name for each cell; cells are of any kind."""
    yield from frame.itertuples()


@dataclass(frozen=True)
class Row:
    """A row of a table: its cells, the first of which may be a link."""

    cells: tuple[str, ...]
    link: str = ""


def table(caption: str, heads: Sequence[str], rows: Sequence[Row], texts: int = 1) -> Block:
    """Return a table; all columns but the first `texts` hold numbers."""
    columns = [Column(head, is_number=at >= texts) for at, head in enumerate(heads)]
    return render("workflow_table", caption=caption, columns=columns, rows=rows)


def facts_block(facts: Sequence[tuple[str, str, str]]) -> Block:
    """Return label, value and note of each fact in a row."""
    entries = [{"label": label, "value": value, "note": note} for label, value, note in facts]
    return render("workflow_facts", facts=entries)


def section(page: "Workflow", anchor: str, heading: str, paragraphs: Sequence[str], body: Block) -> Block:
    """Return a section of a page, stamped where the log was invented."""
    stamp = trusted(sample_stamp_html(page.context.locale)) if page.is_sample else ""
    return render(
        "workflow_section", anchor=anchor, heading=heading, stamp=stamp, paragraphs=paragraphs, body=body.html
    )
