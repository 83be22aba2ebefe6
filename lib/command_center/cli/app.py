"""All verbs of the command in one place; a sector may add its own group with a `commands.py`.

Every verb imports what it works with inside its own function: `--help` and a mistyped option are answered
at once, not after pandas, Voila and papermill have been loaded.
"""

import importlib.util
import sys

import typer

from command_center.cli import (
    editions_commands,
    harvest_commands,
    ingest_commands,
    notebook_commands,
    readiness_commands,
    roads_commands,
    run_commands,
    sample_commands,
    schedule_commands,
    sector_commands,
    signals_commands,
    users_commands,
    workbook_commands,
)
from command_center.cli.console import complain
from command_center.errors import CommandCenterError
from command_center.settings import load_settings

app = typer.Typer(
    name="command-center",
    help="The analytical command center of a regional government.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
run_commands.register(app)
sector_commands.register(app)
sample_commands.register(app)
signals_commands.register(app)
harvest_commands.register(app)
ingest_commands.register(app)
workbook_commands.register(app)
notebook_commands.register(app)
readiness_commands.register(app)
app.add_typer(editions_commands.app, name="editions")
app.add_typer(users_commands.app, name="users")
app.add_typer(roads_commands.app, name="roads")
app.add_typer(schedule_commands.app, name="schedule")
app.add_typer(editions_commands.boundaries, name="boundaries")


def _add_sector_groups() -> None:
    """Add the commands that sectors bring along, each under its slug; a broken one is told and left out."""
    for path in sorted(load_settings().sectors_dir.glob("*/commands.py")):
        slug = path.parent.name
        spec = importlib.util.spec_from_file_location(f"sectors.{slug}.commands", path)
        if spec is None or spec.loader is None:
            continue
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
            app.add_typer(module.app, name=slug.replace("_", "-"))
        except Exception as error:  # noqa: BLE001 - a sector's own code may fail in any way; the others go on
            complain(
                f"The commands of sector {slug} cannot be used: {type(error).__name__}: {error}",
                where=f"sectors/{slug}/commands.py",
                who="the analyst of the sector",
                next_step="mend the file; the other commands work",
            )


def main() -> None:
    """Run the command; an error of ours ends it with exit code 1 and says what to do."""
    try:
        _add_sector_groups()
        app(standalone_mode=True)
    except CommandCenterError as error:
        complain(error.what, where=error.where, who=error.who, next_step=error.next_step)
        sys.exit(1)
