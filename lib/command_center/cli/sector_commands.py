"""Verbs on sectors: check them, begin a new one."""

from typing import Annotated

import typer
from rich.markup import escape

from command_center.cli.console import console, say
from command_center.settings import load_settings

_MARKS = {"ok": "[green]●[/]", "note": "[yellow]◆[/]", "error": "[red]■[/]"}


def register(app: typer.Typer) -> None:
    """Add the verbs of this module to the command."""
    app.command("check")(check_command)
    app.command("new-sector")(new_sector_command)


def check_command(
    sector: Annotated[str | None, typer.Argument(help="Slug; all sectors when left out.")] = None,
) -> None:
    """Check a sector folder: declaration, tables, transforms, notebook, figures."""
    from command_center.calendar import today
    from command_center.catalog import sector_slugs
    from command_center.refresh.checks import check_sector
    from command_center.regions import load_profile

    settings = load_settings()
    day = today(load_profile(settings).timezone)
    failed = False
    for slug in [sector] if sector else sector_slugs(settings):
        console.print(f"[bold]{slug}[/]", highlight=False)
        for finding in check_sector(settings, slug, day):
            failed |= finding.level == "error"
            console.print(
                f"  {_MARKS[finding.level]} {escape(finding.text)}", highlight=False, soft_wrap=True
            )
            if finding.next_step:
                say(f"    next: {finding.next_step}")
    if failed:
        raise typer.Exit(1)


def new_sector_command(
    name: Annotated[str, typer.Argument(help="English noun in snake_case, such as tourism.")],
) -> None:
    """Begin a new sector: one folder, nothing to edit elsewhere."""
    from command_center.cli.scaffold import create_sector
    from command_center.pages.house import open_house

    house = open_house()
    folder = create_sector(house, name)
    say(f"Made {folder.relative_to(house.settings.root)}/. Now:")
    say(
        f"  1. edit sectors/{name}/sector.yml (name, question, owner, indicators)\n"
        f"  2. put figures into sectors/{name}/figures.csv, one row per region and period\n"
        f"  3. command-center check {name}\n"
        f"  4. command-center refresh, then open /bidang/{name}/"
    )
