"""`command-center signals`: series of a file on their control charts."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from command_center.cli.console import say, show


def register(app: typer.Typer) -> None:
    """Add the verb of this module to the command."""
    app.command("signals")(signals_command)


def signals_command(
    file: Annotated[Path, typer.Argument(help="CSV with series, period, value; optional target, direction.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything, point by point, as JSON.")
    ] = False,
) -> None:
    """Say of every series in a file what its control chart shows and whether its target can be relied on."""
    from command_center.signals.seriesfile import signals_of_file

    found = signals_of_file(file)
    if as_json:
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        return
    table = Table()
    for name in ("series", "points", "special causes", "state", "assurance"):
        table.add_column(name, justify="right" if name in ("points", "special causes") else "left")
    for one in found["series"]:
        special = sum(point["special_cause"] for point in one["points"])
        table.add_row(one["series"], str(len(one["points"])), str(special), one["state"], one["assurance"])
    show(table)
    if not found["series"]:
        say("The file has no series.")
