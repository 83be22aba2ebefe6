"""The kinds of fault that can be planted, by name, with the formats in which they can occur."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.ingest.broken import formats
from tests.ingest.broken.drafts import Draft

ALL = (*formats.TEXT, *formats.TYPED)
# Formats with rows above and between the records.
SHEETS = (*formats.TEXT, *formats.BOOKS)
# Every letter can be written in these.
UNICODE = ("csv", "csv_bom", "semicolon", "tab", *formats.TYPED)


@dataclass(frozen=True)
class Kind:
    """One kind of fault: `plant` breaks a draft and raises NotApplicable where it has no such column."""

    name: str
    plant: Callable[[Draft], None]
    formats: tuple[str, ...]


KINDS: dict[str, Kind] = {}


def kind(file_formats: tuple[str, ...] = ALL) -> Callable[[Callable[[Draft], None]], Callable[[Draft], None]]:
    """Register a function as the kind of its name."""

    def register(plant: Callable[[Draft], None]) -> Callable[[Draft], None]:
        assert plant.__name__ not in KINDS
        KINDS[plant.__name__] = Kind(plant.__name__, plant, file_formats)
        return plant

    return register
