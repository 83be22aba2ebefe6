"""What a run did, item by item: the counts people read and the JSON machines read."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from command_center.ingest.sources.failures import SourceError

Outcome = Literal["read", "identical", "unchanged", "skipped", "failed", "deleted", "withdrawn", "left"]

OUTCOMES: dict[Outcome, str] = {
    "read": "read and landed",
    "identical": "read again, same content",
    "unchanged": "unchanged, not read",
    "skipped": "skipped",
    "failed": "failed",
    "deleted": "deleted at the source",
    "withdrawn": "no longer public at the source (made private, or deleted)",
    "left": "no longer asked for",
}


@dataclass(frozen=True)
class Item:
    """One resource (or a whole dataset, `resource` empty) and what became of it.

    `file` is relative to the inbox, set for what was read; `reason` says why something was skipped.
    """

    outcome: Outcome
    dataset: str
    resource: str = ""
    form: str = ""
    file: str = ""
    row_count: int | None = None
    size_bytes: int | None = None
    reason: str = ""
    error: SourceError | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the item as plain values; keys without a value are left out."""
        values = {name: value for name, value in vars(self).items() if value not in (None, "")}
        return values | ({"error": error_as_json(self.error)} if self.error else {})


@dataclass(frozen=True)
class SourceReport:
    """One run over one source; `error` is what ended it early."""

    source: str
    items: tuple[Item, ...]
    dataset_count: int
    organisation_count: int
    seconds: float
    error: SourceError | None = None

    @property
    def counts(self) -> dict[Outcome, int]:
        """Return the number of items by outcome, zero where there is none."""
        counted = Counter(item.outcome for item in self.items)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    @property
    def is_complete(self) -> bool:
        return self.error is None and not any(item.outcome == "failed" for item in self.items)

    def items_with(self, *outcomes: Outcome) -> tuple[Item, ...]:
        """Return the items of some outcomes, in the order in which they were met."""
        return tuple(item for item in self.items if item.outcome in outcomes)

    def as_json(self) -> dict[str, Any]:
        """Return the run as plain values; unchanged items are counted, not listed."""
        return {
            "source": self.source,
            "datasets": self.dataset_count,
            "organisations": self.organisation_count,
            "seconds": round(self.seconds, 3),
            "counts": self.counts,
            "items": [item.as_json() for item in self.items if item.outcome != "unchanged"],
            "error": error_as_json(self.error) if self.error else None,
        }


def error_as_json(error: SourceError) -> dict[str, str]:
    """Return what, where, who and next of an error, with its kind."""
    return {
        "kind": type(error).__name__,
        "what": error.what,
        "where": error.where,
        "who": error.who,
        "next_step": error.next_step,
    }
