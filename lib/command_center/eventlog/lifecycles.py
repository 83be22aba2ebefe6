"""Declared life cycles: which steps a case goes through, which may repeat, which end it. Read from a YAML file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from command_center.errors import ReferenceDataError

_KEEPER = "the analyst who keeps the life cycles"


@dataclass(frozen=True)
class LifeCycle:
    """One life cycle: its steps in order; `optional` and `repeatable` among them; what else may happen; what ends it.

    `needed_before` maps a step to the one that must have been taken before it, as reading before acting.
    """

    name: str
    steps: tuple[str, ...]
    optional: frozenset[str] = frozenset()
    repeatable: frozenset[str] = frozenset()
    exceptions: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()
    needed_before: Mapping[str, str] | None = None

    @property
    def activities(self) -> frozenset[str]:
        """Every activity the life cycle knows."""
        return frozenset(self.steps) | self.exceptions


@dataclass(frozen=True)
class BatchRule:
    """From how many events of one actor within how many seconds clicks are a batch, not work."""

    events: int = 10
    seconds: int = 60


@dataclass(frozen=True)
class LifeCycles:
    """The life cycles by the direction that a case states, and the rule for batch clicks."""

    by_name: Mapping[str, LifeCycle]
    batch: BatchRule = BatchRule()

    @cached_property
    def activities(self) -> frozenset[str]:
        """Every activity that some life cycle knows."""
        return frozenset().union(*(cycle.activities for cycle in self.by_name.values()))

    @cached_property
    def closing(self) -> frozenset[str]:
        """Every activity that ends a case."""
        return frozenset().union(*(cycle.closing for cycle in self.by_name.values()))


NO_LIFE_CYCLES = LifeCycles({})


def load_life_cycles(path: Path) -> LifeCycles:
    """Return the life cycles of a file; ReferenceDataError where one names a step that it does not have."""
    from command_center.regions.reference import read_yaml  # its package loads pandas

    content = read_yaml(path)
    batch = content.get("batch_clicks") or {}
    return LifeCycles(
        {name: _life_cycle(name, said, path) for name, said in (content.get("life_cycles") or {}).items()},
        BatchRule(int(batch.get("events", 10)), int(batch.get("seconds", 60))),
    )


def _life_cycle(name: str, said: Mapping[str, Any], path: Path) -> LifeCycle:
    cycle = LifeCycle(
        name=name,
        steps=tuple(said.get("steps") or ()),
        optional=frozenset(said.get("optional") or ()),
        repeatable=frozenset(said.get("repeatable") or ()),
        exceptions=frozenset(said.get("exceptions") or ()),
        closing=frozenset(said.get("closing") or ()),
        needed_before=dict(said.get("needed_before") or {}),
    )
    needed = {word for pair in (cycle.needed_before or {}).items() for word in pair}
    unknown = (cycle.optional | cycle.repeatable | cycle.closing | needed) - cycle.activities
    if unknown or not cycle.steps:
        raise ReferenceDataError(
            f"Life cycle {name!r} speaks of steps it does not have: {', '.join(sorted(unknown)) or 'none is given'}",
            where=str(path),
            who=_KEEPER,
            next_step="add them under steps or exceptions, or correct the name",
        )
    return cycle
