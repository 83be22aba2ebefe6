"""Verbs on editions and boundaries."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from command_center.cli.console import console, say, show
from command_center.settings import load_settings

app = typer.Typer(help="List, show and promote editions.", no_args_is_help=True)
boundaries = typer.Typer(help="Install the borders of desa or kecamatan.", no_args_is_help=True)


@app.command("list")
def list_command() -> None:
    """List all editions, newest first."""
    from command_center.editions import list_editions
    from command_center.editions.store import latest_id

    settings = load_settings()
    latest = latest_id(settings)
    table = Table(
        Column("edition", no_wrap=True, min_width=23), "as of", "made at", "state", "figures", "pages"
    )
    for edition in list_editions(settings):
        state = "draft" if edition.is_draft else "latest" if edition.id == latest else "published"
        manifest = edition.manifest
        table.add_row(
            edition.id,
            edition.as_of,
            manifest["made_at"],
            state,
            str(manifest["rows"]["measures"]),
            str(manifest["pages"]["count"]),
        )
    show(table)


@app.command("show")
def show_command(edition: Annotated[str, typer.Argument(help="Id of the edition.")] = "latest") -> None:
    """Show what an edition was made from: hashes, rows, faults, timings."""
    from command_center.editions import open_edition

    console.print_json(data=dict(open_edition(load_settings(), edition).manifest))


@app.command("promote")
def promote_command(
    edition: Annotated[str, typer.Argument(help="Id of a draft or of an older edition.")],
) -> None:
    """Publish a draft, or make an older edition the latest again."""
    from command_center.editions import promote_edition

    promoted = promote_edition(load_settings(), edition)
    say(f"Edition {promoted.id} is the latest now.")


@boundaries.callback()
def boundaries_group() -> None:
    """Install the borders of desa or kecamatan."""


@boundaries.command("install")
def install_command(
    file: Annotated[Path, typer.Argument(help="GeoJSON, GeoPackage or (zipped) shapefile.")],
    layer: Annotated[str | None, typer.Option(help="Layer of a file with several.")] = None,
) -> None:
    """Clean, match and install a boundary file; report what did not match."""
    from command_center.maps.boundaries import install_boundaries

    report = install_boundaries(file, load_settings(), layer)
    say(
        f"Installed {report.region_count} {report.level} of {report.row_count} rows from {report.file_name}, "
        f"codes by {report.column} ({report.system})."
    )
    for label, values in (
        ("not matched", report.unmatched),
        ("no shape for", report.missing),
        ("several rows", report.repeated),
    ):
        say(f"{label}: {', '.join(values) if values else 'none'}")
    table = Table("region", "km² here", "km² published", "difference %")
    for check in report.areas:
        table.add_row(
            f"{check.code} {check.name}",
            f"{check.area_km2:.2f}",
            f"{check.published_km2:.2f}",
            f"{check.difference_pct:+.2f}{'' if check.is_close else ' ◆'}",
        )
    console.print(table)
    say("The next refresh draws these borders: command-center refresh")
