"""Verbs that make and show: refresh, measures, brief, serve, doctor."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from command_center.briefing import compose
from command_center.calendar import today
from command_center.cli.console import console, errors, progress_bars
from command_center.cli.doctor import examine
from command_center.editions import open_edition
from command_center.indicators.series import Measure, choose_method
from command_center.pages.addresses import briefing_page
from command_center.pages.context import PageContext
from command_center.pages.house import House, open_house
from command_center.refresh import RefreshResult, refresh
from command_center.serving import serve


def register(app: typer.Typer) -> None:
    """Add the verbs of this module to the command."""
    for verb in (refresh_command, measures_command, brief_command, serve_command, doctor_command):
        app.command(name=verb.__name__.removesuffix("_command"))(verb)


def _day(house: House, text: str | None) -> date:
    if text is None:
        return today(house.profile.timezone)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date like 2026-11-24") from error


def refresh_command(
    sector: Annotated[list[str] | None, typer.Option(help="Only this sector; may be given again.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Date of the edition, such as 2026-11-24.")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="An edition that only analysts see.")] = False,
) -> None:
    """Make an edition from the files as they are, and publish it."""
    house = open_house()
    for slug in sector or ():
        house.catalog.sector(slug)
    with progress_bars() as tell:
        result = refresh(
            house.settings, _day(house, as_of), sectors=sector or None, draft=draft, on_progress=tell
        )
    _tell_refresh(result)
    if result.failures or result.failed_pages:
        raise typer.Exit(2)


def _tell_refresh(result: RefreshResult) -> None:
    state = "draft" if result.edition.is_draft else "published"
    if not result.is_new:
        console.print(
            f"Edition {result.edition.id} exists already ({state}): same inputs, same code.", highlight=False
        )
        return
    per_page = result.seconds / max(result.page_count, 1)
    console.print(
        f"Edition {result.edition.id} {state}: {len(result.edition.measures)} figures, {result.page_count} pages "
        f"in {result.seconds:.1f} s ({per_page:.2f} s a page).",
        highlight=False,
    )
    for failure in result.failures:
        errors.print(f"[bold red]■ {failure.sector}[/]: {failure.what}", highlight=False)
        errors.print(
            f"  where: {failure.where}\n  who acts: {failure.who}\n  next: {failure.next_step}", markup=False
        )
    for page in result.failed_pages:
        errors.print(f"[bold red]■ page {page.address.url}[/]", highlight=False)
        errors.print(f"  {page.error}", markup=False, highlight=False)


def measures_command(
    indicator: Annotated[str, typer.Option(help="Id of the indicator, such as INF1.")],
    region: Annotated[str | None, typer.Option(help="Region code in either system.")] = None,
    output: Annotated[str, typer.Option("--format", help="csv or json; a table when left out.")] = "table",
    edition: Annotated[str, typer.Option(help="Id of the edition.")] = "latest",
) -> None:
    """Print the figures of an indicator, each with method, status, date and source."""
    house = open_house()
    sector, declared = house.catalog.indicator(indicator)
    measures = open_edition(house.settings, edition).measures
    rows = measures[measures["indicator"].eq(declared.id)]
    if region is not None:
        rows = rows[rows["region_code"].eq(house.regions.resolve_code(region).code)]
    named = rows.assign(region_name=[house.regions.get(code).name for code in rows["region_code"]])
    if output == "csv":
        named.to_csv(sys.stdout, index=False, date_format="%Y-%m-%d")
    elif output == "json":
        records = json.loads(named.to_json(orient="records", force_ascii=False, date_format="iso"))
        sys.stdout.write(
            json.dumps(
                {"indicator": declared.id, "sector": sector.slug, "measures": records},
                indent=2,
                ensure_ascii=False,
            )
            + "\n"
        )
    elif output == "table":
        _print_measures(declared.name.en, named, choose_method(measures, declared) if len(named) else "")
    else:
        raise typer.BadParameter(f"--format is csv or json, not {output!r}")


def _print_measures(title: str, rows: pd.DataFrame, main_method: str) -> None:
    if rows.empty:
        console.print(f"{title}: no data yet")
        return
    table = Table(title=title, title_justify="left")
    for name in (
        "region",
        "period",
        "method",
        "numerator",
        "denominator",
        "value",
        "status",
        "as of",
        "source",
    ):
        table.add_column(name, justify="right" if name in ("numerator", "denominator", "value") else "left")
    for _, row in rows.iterrows():
        measure = Measure.of(row)
        numbers = (
            "" if value is None else f"{value:,.10g}"
            for value in (measure.numerator, measure.denominator, measure.value)
        )
        table.add_row(
            f"{measure.region_code} {row['region_name']}",
            measure.period,
            f"{measure.method}{' *' if measure.method == main_method else ''}",
            *numbers,
            measure.status,
            str(measure.as_of),
            measure.source_submission,
        )
    console.print(table)


def brief_command(
    edition: Annotated[str, typer.Option(help="Id of the edition.")] = "latest",
    language: Annotated[str, typer.Option(help="id or en.")] = "id",
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of the screen.")] = None,
) -> None:
    """Print the morning briefing of an edition as plain text."""
    house = open_house()
    opened = open_edition(house.settings, edition)
    address = briefing_page(date.fromisoformat(opened.as_of)).in_language("en" if language == "en" else "id")
    text = compose(PageContext(house, opened, address)).plain_text
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


def serve_command(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8080,
    address: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 for the office network.")
    ] = "127.0.0.1",
) -> None:
    """Serve the dashboards until interrupted."""
    house = open_house()
    edition = open_edition(house.settings)
    serve(
        house,
        port,
        address=address,
        on_ready=lambda url: console.print(
            f"Edition {edition.id}\nOpen {url} (Ctrl+C ends)", highlight=False
        ),
    )


def doctor_command() -> None:
    """Open every item of the menu and say what works."""
    house = open_house()
    results = examine(house)
    table = Table("page", "answer", "milliseconds", "figures", "verdict")
    for result in results:
        verdict = "[green]● works[/]" if result.works else f"[red]■ {result.problem}[/]"
        table.add_row(
            result.path, str(result.status), f"{result.seconds * 1000:.0f}", str(result.figures), verdict
        )
    console.print(table)
    broken = [result for result in results if not result.works]
    console.print(f"{len(results) - len(broken)} of {len(results)} pages work.", highlight=False)
    if broken:
        raise typer.Exit(1)
