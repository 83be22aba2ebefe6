"""A log as columns: codes for what repeats, microseconds for when. No row is ever an object of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Micros = npt.NDArray[np.int64]
MISSING = -1
SECOND = 1_000_000


@dataclass(frozen=True, eq=False)
class Labels:
    """A column of repeating texts: a code per event, MISSING (-1) where empty, and the text of each code."""

    codes: Codes
    names: tuple[str, ...]

    def take(self, order: npt.NDArray[np.intp]) -> "Labels":
        """Return the same column in another order."""
        return Labels(self.codes[order], self.names)

    def code_of(self, name: str) -> int:
        """Return the code of a text, MISSING where no event has it."""
        return self.names.index(name) if name in self.names else MISSING


@dataclass(frozen=True)
class FaultCount:
    """How often a check had to tell a fault; `count` is of events, unless the check says otherwise."""

    check: str
    count: int


@dataclass(frozen=True, eq=False)
class EventLog:
    """The events in the order of their source.

    `time` is in microseconds since 1970 UTC. `attributes` holds further columns by role (unit, resource,
    transition, direction, urgency, security, parent). What could not be read was set apart and stands in `faults`.
    """

    case: Labels
    activity: Labels
    time: Micros
    attributes: Mapping[str, Labels] = field(default_factory=dict)
    faults: Sequence[FaultCount] = ()

    def __len__(self) -> int:
        return len(self.time)
