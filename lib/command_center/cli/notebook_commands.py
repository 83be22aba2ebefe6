"""The verb that writes a figure as a notebook which recomputes it."""

from pathlib import Path
from typing import Annotated

import typer

from command_center.cli.console import say
from command_center.cli.run_commands import Spoken
from command_center.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("notebook")(notebook_command)


def notebook_command(
    indicator: Annotated[str, typer.Argument(help="Id of the indicator, such as INF1.")],
    region: Annotated[
        str | None, typer.Option(help="Region code in either system; the whole regency when left out.")
    ] = None,
    period: Annotated[str, typer.Option(help="Such as 2024; the latest when left out.")] = "",
    method: Annotated[str, typer.Option(help="The main method when left out.")] = "",
    agency: Annotated[str, typer.Option(help="Code of an agency, for a figure of its own.")] = "",
    output: Annotated[
        Path | None, typer.Option(help="File to write; left out, INDICATOR_REGION_PERIOD.ipynb here.")
    ] = None,
    language: Annotated[Spoken, typer.Option(help="Language of the words.")] = Spoken.id,
    edition: Annotated[str, typer.Option(help="Id of the edition.")] = "latest",
) -> None:
    """Write the notebook that recomputes a figure from the kept files, for JupyterLab."""
    from command_center.editions import open_edition
    from command_center.recomputation import (
        RecomputationError,
        figure_notebook,
        find_figure,
        notebook_bytes,
    )
    from command_center.regions import load_regions

    settings = load_settings()
    regions = load_regions(settings)
    opened = open_edition(settings, edition)
    _, declared = opened.catalog.indicator(indicator)
    code = regions.resolve_code(region).code if region else regions.root.code
    figure = find_figure(opened, declared, code, period=period, method=method, agency=agency)
    made = notebook_bytes(figure_notebook(settings, opened, figure, language.value))
    path = output or Path(f"{indicator}_{code}_{figure.period}.ipynb")
    try:
        path.write_bytes(made)
    except OSError as error:
        raise RecomputationError(
            f"The notebook cannot be written: {error.strerror}",
            where=str(path),
            who="the person who started the command",
            next_step="give another file: command-center notebook INDICATOR --output FILE",
        ) from error
    say(
        f"Made {path}: {indicator} of {code}, {figure.period}, {figure.method or 'one method'}. Open it with: make lab"
    )
