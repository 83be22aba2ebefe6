"""All verbs of the command in one place; a sector may add its own group with a `commands.py`."""

import importlib
import sys

import typer

from command_center.catalog import sector_slugs
from command_center.cli import editions_commands, run_commands, sector_commands
from command_center.cli.console import errors
from command_center.errors import CommandCenterError, SettingsError
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
app.add_typer(editions_commands.app, name="editions")
app.add_typer(editions_commands.boundaries, name="boundaries")


def _add_sector_groups() -> None:
    """Add the commands that sectors bring along, each under its slug."""
    settings = load_settings()
    for slug in sector_slugs(settings):
        if (settings.sectors_dir / slug / "commands.py").is_file():
            module = importlib.import_module(f"sectors.{slug}.commands")
            app.add_typer(module.app, name=slug.replace("_", "-"))


def main() -> None:
    """Run the command; an error of ours ends it with exit code 1 and says what to do."""
    try:
        _add_sector_groups()
    except SettingsError as error:
        errors.print(f"[bold red]{error.what}[/] {error.where}\n{error.next_step}")
        sys.exit(1)
    try:
        app(standalone_mode=True)
    except CommandCenterError as error:
        tell(error)
        sys.exit(1)


def tell(error: CommandCenterError) -> None:
    """Print an error: what, where, who must act, the next step."""
    errors.print(f"[bold red]■ {error.what}[/]", highlight=False)
    for label, text in (("where", error.where), ("who acts", error.who), ("next", error.next_step)):
        if text:
            errors.print(f"  {label}: {text}", highlight=False, markup=False)
