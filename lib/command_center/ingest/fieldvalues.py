"""The values of each field of a sheet, one element per data row; texts are held as their distinct ones.

A column of a million texts is an array of numbers here; one object per row is made only for who asks for it.
"""

from collections.abc import Iterator, MutableMapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from command_center.cleaning.columns import EMPTY, Distinct, Mask, distinct


class FieldValues(MutableMapping[str, npt.NDArray[Any]]):
    """Arrays by field, in the order in which they were read."""

    def __init__(self) -> None:
        """Begin with none."""
        self._names: dict[str, None] = {}
        self._arrays: dict[str, npt.NDArray[Any]] = {}
        self._texts: dict[str, Distinct] = {}

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        if name in self._arrays:
            return self._arrays[name]
        column = self._texts[name]
        return column.spread(column.values.to_numpy(dtype=object), None)

    def __setitem__(self, name: str, values: npt.NDArray[Any]) -> None:
        self._names[name] = None
        self._arrays[name] = values
        self._texts.pop(name, None)

    def __delitem__(self, name: str) -> None:
        del self._names[name]
        self._arrays.pop(name, None)
        self._texts.pop(name, None)

    def __contains__(self, name: object) -> bool:
        # The one inherited would lay out the values to see whether they are there.
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def put(self, name: str, column: Distinct, meanings: npt.NDArray[np.object_]) -> None:
        """Take the values of a field from what each distinct text of a column means: a str, None for nothing."""
        merged = pa.array(meanings, type=pa.string()).dictionary_encode()
        at = pc.fill_null(merged.indices, EMPTY).to_numpy(zero_copy_only=False)
        self._names[name] = None
        self._texts[name] = Distinct(merged.dictionary, column.spread(at, EMPTY))
        self._arrays.pop(name, None)

    def holds_texts(self, name: str) -> bool:
        """Return whether the elements are str or None."""
        return name not in self._arrays or self._arrays[name].dtype == object

    def texts(self, name: str) -> Distinct:
        """Return a field's values as distinct texts; what is no text is written as one."""
        if name not in self._texts:
            self._texts[name] = distinct(pd.Series(self._arrays[name], dtype="str"))
        return self._texts[name]

    def keep(self, rows: Mask) -> None:
        """Leave out all but these rows."""
        self._arrays = {name: values[rows] for name, values in self._arrays.items()}
        self._texts = {name: Distinct(one.texts, one.codes[rows]) for name, one in self._texts.items()}
