"""Where the command speaks: results to standard output, everything else to standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from command_center.refresh import Progress as Tell

console = Console()
errors = Console(stderr=True)

STEPS = {"measure": "Measuring the sectors", "pages": "Making the pages"}


@contextmanager
def progress_bars() -> Iterator[Tell]:
    """Yield a function that moves one bar per step of a refresh."""
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors) as progress:
        tasks: dict[str, int] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(STEPS[step], total=total)
            progress.update(tasks[step], completed=done, total=total)  # type: ignore[arg-type]

        yield tell
