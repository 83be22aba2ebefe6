"""Where the command speaks: results to standard output, everything else to standard error."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

if TYPE_CHECKING:
    from command_center.refresh import Progress as Tell

console = Console()
errors = Console(stderr=True)
_WIDEST = 2_000
_SILENT_SECONDS = 2.0

STEPS = {"measure": "Measuring the sectors", "pages": "Making the pages"}


def say(text: str) -> None:
    """Print a result as it is: no markup, and no line broken where a terminal would end."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def show(table: Table) -> None:
    """Print a table whole: what is copied from it must not be cut where a narrow terminal or a pipe ends."""
    needed = Measurement.get(console, console.options.update(max_width=_WIDEST), table).maximum
    Console(file=console.file, width=max(console.width, needed)).print(table)


def complain(what: str, *, where: str = "", who: str = "", next_step: str = "") -> None:
    """Print what went wrong and where, who must act, and the next step."""
    errors.print(f"[bold red]■ {escape(what)}[/]", highlight=False, soft_wrap=True)
    for label, text in (("where", where), ("who acts", who), ("next", next_step)):
        if text:
            errors.print(f"  {label}: {text}", highlight=False, markup=False, soft_wrap=True)


@contextmanager
def progress_bars() -> Iterator["Tell"]:
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


@contextmanager
def bars_after_a_while() -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function that moves a bar per step, shown once the work takes longer than two seconds."""
    began = time.monotonic()
    tasks: dict[str, TaskID] = {}
    progress = Progress(console=errors, transient=True, disable=not errors.is_terminal)

    def tell(step: str, done: int, total: int) -> None:
        if time.monotonic() - began > _SILENT_SECONDS:
            progress.start()
        if step not in tasks:
            tasks[step] = progress.add_task(step, total=total)
        progress.update(tasks[step], completed=done, total=total)

    try:
        yield tell
    finally:
        progress.stop()
