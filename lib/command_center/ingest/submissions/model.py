"""What a submission is: one file an agency sent, its receipt, its state, what became of it, what was corrected.

Values only. A submission names an agency, never a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from command_center.errors import CommandCenterError

State = Literal["received", "checked", "accepted", "returned", "superseded"]
Channel = Literal["command", "inbox", "upload", "download", "harvest", "sample"]
STATES: tuple[State, ...] = ("received", "checked", "accepted", "returned", "superseded")
# Which state may follow which; nothing leads out of "superseded".
FOLLOWS: Mapping[State, tuple[State, ...]] = {
    "received": ("checked", "returned"),
    "checked": ("accepted", "returned", "superseded"),
    "accepted": ("superseded",),
    "returned": ("superseded",),
    "superseded": (),
}


class SubmissionError(CommandCenterError):
    """A receipt that is unknown, or a step that its state does not allow."""


@dataclass(frozen=True)
class Delivery:
    """A file on its way in. `period` is "" where the file says it; `metadata` is what its source said of it."""

    content: bytes = field(repr=False)
    name: str
    sector: str
    dataset: str
    agency: str
    channel: Channel
    period: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """One row of the register.

    `reason` says why it was returned, `refusal` the check that stopped the file, `periods` those its rows are of,
    joined by commas. `counts` holds read, accepted, fixed, quarantined, rejected, skipped and faults; it is empty
    before the check.
    """

    receipt: str
    sector: str
    dataset: str
    agency: str
    channel: Channel
    name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    period: str
    state: State
    reason: str = ""
    refusal: str = ""
    periods: str = ""
    superseded_by: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def dataset_id(self) -> str:
        """SECTOR.DATASET."""
        return f"{self.sector}.{self.dataset}"


@dataclass(frozen=True)
class Event:
    """One step in the life of a submission: when, which post took it, the state it led to, and why."""

    at: datetime
    actor: str
    state: State
    note: str


@dataclass(frozen=True)
class Correction:
    """One cell set right: where, what stood there (personal numbers masked), what it is now, why, by which post."""

    receipt: str
    sheet: str
    cell: str
    old: str
    new: str
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class Confirmation:
    """A yes of the walidata to a change of an agency's table: this header is that field, this field changed."""

    kind: Literal["header", "change"]
    subject: str
    field: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class Recipe:
    """A repair that recurs: in this agency's column `field`, `old` means `new`; used once it is approved."""

    number: int
    agency: str
    dataset: str
    field: str
    old: str
    new: str
    seen: int
    state: Literal["proposed", "approved", "refused"]
