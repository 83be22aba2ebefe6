"""Names of persons that a file itself declares, found again in its other texts and masked there.

A name in a free text cannot be told from any other word; one that stands in the file's own column of names can.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from command_center.catalog import Dataset
from command_center.cleaning.columns import Mask, distinct, rewritten
from command_center.cleaning.private import mask_name
from command_center.ingest.layout import SheetLayout
from command_center.ingest.readers import Sheet

# A single short word may be any word.
_SHORTEST_SINGLE = 5

Index = Mapping[str, list[tuple[str, ...]]]


def declared_names(sheet: Sheet, layout: SheetLayout, dataset: Dataset) -> Index:
    """Return the names of persons in the columns of a sheet that are declared to hold them."""
    personal = {field.name for field in dataset.table.fields if field.personal == "name"}
    columns = [column.position for column in layout.columns if column.field in personal]
    return index_names(sheet.cells[at].iloc[layout.data] for at in columns)


def index_names(columns: Iterable["pd.Series[str]"]) -> Index:
    """Return the names of the given columns by their first word, in lower case."""
    index: dict[str, list[tuple[str, ...]]] = {}
    for cells in columns:
        for text in distinct(cells).values:
            words = tuple(_bare(word) for word in str(text).split())
            words = tuple(word for word in words if word)
            if len(words) > 1 or (words and len(words[0]) >= _SHORTEST_SINGLE):
                index.setdefault(words[0], []).append(words)
    return index


def mask_known(cells: "pd.Series[str]", names: Index) -> tuple["pd.Series[str]", Mask]:
    """Return the column with every known name reduced to its first letters, and the rows that held one."""
    column = distinct(cells)
    texts: npt.NDArray[np.object_] = column.values.to_numpy(dtype=object).copy()
    changed = np.zeros(len(texts), dtype=np.bool_)
    for at, text in enumerate(texts):
        masked = masked_names(str(text), names)
        if masked is not None:
            texts[at], changed[at] = masked, True
    if not changed.any():
        return cells, np.zeros(len(cells), dtype=np.bool_)
    return rewritten(column, pa.array(texts, type=pa.string())), column.spread(changed, False)


def masked_names(text: str, names: Index) -> str | None:
    """Return a text with every known name reduced to its first letters, None where it holds none."""
    if not names:
        return None
    words = text.split()
    bare = [_bare(word) for word in words]
    found = False
    for at, word in enumerate(bare):
        for name in names.get(word, ()):
            if tuple(bare[at : at + len(name)]) == name:
                words[at : at + len(name)] = [mask_name(one) for one in words[at : at + len(name)]]
                found = True
    return " ".join(words) if found else None


def _bare(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum())
