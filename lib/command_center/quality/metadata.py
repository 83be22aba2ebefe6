"""Which fields of a dataset's metadata are filled (after BPS MS-Ind and MS-Var): a score and what is missing.

Reads declarations only. What nobody can fill, as the denominator of a count, is not asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from command_center.catalog import Dataset, Indicator, Sector
from command_center.locale import translatable

SLOTS = {
    "title": translatable("column titles"),
    "method": translatable("method of counting"),
    "numerator": translatable("words for the numerator"),
    "denominator": translatable("words for the denominator"),
    "target": translatable("target"),
    "legal_basis": translatable("legal basis"),
    "limits": translatable("known limits"),
    "indicator": translatable("an indicator that uses it"),
}


@dataclass(frozen=True)
class Metadata:
    """How many fields there are, how many are filled, and which kinds of SLOTS are not, in order."""

    slots: int
    filled: int
    missing: tuple[str, ...]


def metadata_of(sector: Sector, dataset: Dataset) -> Metadata:
    """Return how far the metadata of a dataset and of the indicators it carries are filled."""
    found = [*_of_dataset(dataset)]
    carried = [one for one in sector.indicators if dataset.id in one.datasets]
    found.append(("indicator", bool(carried)))
    for indicator in carried:
        found += _of_indicator(indicator.fed_by(dataset.id))
    missing = {slot for slot, is_filled in found if not is_filled}
    filled = sum(is_filled for _, is_filled in found)
    return Metadata(len(found), filled, tuple(slot for slot in SLOTS if slot in missing))


def _of_dataset(dataset: Dataset) -> Iterator[tuple[str, bool]]:
    # Title, owner and rhythm of the dataset cannot be left out of a declaration; they count as filled.
    yield from (("title", True), ("method", bool(dataset.methods)))
    yield "title", all(field.title is not None for field in dataset.table.fields)


def _of_indicator(indicator: Indicator) -> Iterator[tuple[str, bool]]:
    # Name, question, definition, unit and direction are always there.
    yield "indicator", True
    if indicator.formula.numerator is not None:
        yield "numerator", indicator.numerator is not None
    if indicator.formula.denominator is not None:
        yield "denominator", indicator.denominator is not None
    if indicator.direction != "neutral":
        yield "target", indicator.target is not None or indicator.bands is not None
    yield "legal_basis", indicator.legal_basis is not None
    yield "limits", indicator.limits is not None
