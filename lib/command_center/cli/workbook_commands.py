"""The verb that makes the official blank workbook of a dataset."""

from pathlib import Path
from typing import Annotated

import typer

from command_center.cli.console import say
from command_center.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("workbook")(workbook_command)


def workbook_command(
    target: Annotated[str, typer.Argument(metavar="SECTOR.DATASET", help="Such as health.stunting.")],
    period: Annotated[
        str, typer.Option(help="2024, 2024-S1, 2024-Q3 or 2024-08; left out, it is chosen in each row.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option(help="File to write; left out, SECTOR.DATASET[.PERIOD].xlsx here.")
    ] = None,
) -> None:
    """Make the official blank workbook of a dataset, for its owner to fill in."""
    from command_center.calendar import today
    from command_center.ingest.workbook import WorkbookOrderError, blank_workbook, prepare_order
    from command_center.regions import load_profile

    settings = load_settings()
    order = prepare_order(settings, target, today(load_profile(settings).timezone), period)
    path = output or Path(".".join(part for part in (target, period, "xlsx") if part))
    try:
        path.write_bytes(blank_workbook(order))
    except OSError as error:
        raise WorkbookOrderError(
            f"The workbook cannot be written: {error.strerror}",
            where=str(path),
            who="the person who started the command",
            next_step="give another file: command-center workbook SECTOR.DATASET --output FILE",
        ) from error
    say(
        f"Made {path}: {order.dataset.title.id}, {period or 'any period'}, to be filled in by {order.owner_code}."
    )
