"""Whether a sheet is the table of another dataset of the house, told by the columns only one of both has."""

from collections.abc import Mapping

from command_center.catalog import Dataset
from command_center.ingest.layout import find_header
from command_center.ingest.readers import Sheet

# Nearly all columns that only the other has are there, and hardly any that only this one has.
_OTHERS, _OWN = 0.8, 0.2


def other_dataset(sheet: Sheet, dataset: Dataset, others: Mapping[str, Dataset]) -> Dataset | None:
    """Return the dataset whose table the sheet holds in place of `dataset`'s, None where it may be its own."""
    if not others:
        return None
    own = _named(sheet, dataset)
    for other in others.values():
        if other.id == dataset.id:
            continue
        only_other, only_own = _names(other) - _names(dataset), _names(dataset) - _names(other)
        if not only_other or not only_own or len(own & only_own) > _OWN * len(only_own):
            continue
        if len(_named(sheet, other) & only_other) >= _OTHERS * len(only_other):
            return other
    return None


def _names(dataset: Dataset) -> set[str]:
    return {field.name for field in dataset.table.fields}


def _named(sheet: Sheet, dataset: Dataset) -> set[str]:
    """The fields of a dataset that the sheet's header names."""
    found = find_header(sheet, dataset)
    return set() if found is None else {column.field for column in found[2] if column.field is not None}
