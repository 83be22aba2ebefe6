"""Verbs that make and show: refresh, measures, brief, serve, doctor."""

import json
import socket
import sys
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from command_center.cli.console import complain, console, progress_bars, say, show
from command_center.errors import CommandCenterError

if TYPE_CHECKING:
    import pandas as pd

    from command_center.pages.house import House
    from command_center.refresh import RefreshResult


class Spoken(Enum):
    """A language of the command's texts."""

    id = "id"
    en = "en"


def register(app: typer.Typer) -> None:
    """Add the verbs of this module to the command."""
    for verb in (refresh_command, measures_command, brief_command, serve_command, doctor_command):
        app.command(name=verb.__name__.removesuffix("_command"))(verb)


def _day(house: "House", text: str | None) -> date:
    from command_center.calendar import today

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
    from command_center.pages.house import open_house
    from command_center.refresh import refresh

    house = open_house()
    with progress_bars() as tell:
        result = refresh(
            house.settings, _day(house, as_of), sectors=sector or None, draft=draft, on_progress=tell
        )
    _tell_refresh(result)
    if result.failures or result.failed_pages:
        raise typer.Exit(2)


def _tell_refresh(result: "RefreshResult") -> None:
    state = "draft" if result.edition.is_draft else "published"
    if result.is_new:
        per_page = result.seconds / max(result.page_count, 1)
        say(
            f"Edition {result.edition.id} {state}: {len(result.edition.measures)} figures, "
            f"{result.page_count} pages in {result.seconds:.1f} s ({per_page:.2f} s a page)."
        )
    else:
        say(f"Edition {result.edition.id} exists already ({state}): same inputs, same code.")
    for failure in result.failures:
        complain(
            f"{failure.sector}: {failure.what}",
            where=failure.where,
            who=failure.who,
            next_step=failure.next_step,
        )
    for page in result.failed_pages:
        complain(f"page {page.url}: {page.error}")


def measures_command(
    indicator: Annotated[
        str, typer.Option(help="Id of the indicator, such as INF1, or of all its series: HLT7.")
    ],
    region: Annotated[str | None, typer.Option(help="Region code in either system.")] = None,
    output: Annotated[str, typer.Option("--format", help="csv or json; a table when left out.")] = "table",
    edition: Annotated[str, typer.Option(help="Id of the edition.")] = "latest",
) -> None:
    """Print the figures of an indicator, each with method, status, date and source."""
    # Regions, not the house: that comes with every page and its widgets.
    from command_center.editions import open_edition
    from command_center.indicators.series import choose_method
    from command_center.regions import load_regions
    from command_center.settings import load_settings

    settings = load_settings()
    regions = load_regions(settings)
    opened = open_edition(settings, edition)
    sector, declared = opened.catalog.series_of(indicator)
    measures = opened.measures
    rows = measures[measures["indicator"].isin([one.id for one in declared])]
    if region is not None:
        rows = rows[rows["region_code"].eq(regions.resolve_code(region).code)]
    named = rows.assign(region_name=[regions.get(code).name for code in rows["region_code"]])
    if output == "csv":
        named.to_csv(sys.stdout, index=False, date_format="%Y-%m-%d")
    elif output == "json":
        dated = named.assign(as_of=named["as_of"].dt.strftime("%Y-%m-%d"))
        records = json.loads(dated.to_json(orient="records", force_ascii=False))
        sys.stdout.write(
            json.dumps(
                {"indicator": indicator, "sector": sector.slug, "measures": records},
                indent=2,
                ensure_ascii=False,
            )
            + "\n"
        )
    elif output == "table":
        for one in declared:
            own = named[named["indicator"].eq(one.id)]
            _print_measures(one.name.en, own, choose_method(measures, one) if len(own) else "")
    else:
        raise typer.BadParameter(f"--format is csv or json, not {output!r}")


def _print_measures(title: str, rows: "pd.DataFrame", main_method: str) -> None:
    from command_center.indicators.series import Measure

    if rows.empty:
        say(f"{title}: no data yet")
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
            "" if value is None else f"{value:,.4f}".rstrip("0").rstrip(".")
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
    show(table)


def brief_command(
    edition: Annotated[str, typer.Option(help="Id of the edition.")] = "latest",
    language: Annotated[Spoken, typer.Option(help="Language of the text.")] = Spoken.id,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of the screen.")] = None,
) -> None:
    """Print the morning briefing of an edition as plain text."""
    from command_center.access import PUBLIK, view_in_environment
    from command_center.briefing import compose
    from command_center.editions import open_edition
    from command_center.pages.addresses import briefing_page
    from command_center.pages.context import PageContext
    from command_center.pages.house import open_house

    house = open_house()
    # It is made to be passed on: what is not open to everybody stays out unless the environment says otherwise.
    opened = open_edition(house.settings, edition).seen_by(view_in_environment() or PUBLIK)
    address = briefing_page(date.fromisoformat(opened.as_of)).in_language(language.value)
    text = compose(PageContext(house.with_catalog(opened.catalog), opened, address)).plain_text
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


def serve_command(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8080,
    address: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 for the office network.")
    ] = "127.0.0.1",
    open_inbox: Annotated[
        bool | None,
        typer.Option(
            "--open-inbox/--closed-inbox",
            help="Let those without an account send files in; by default only on this machine itself.",
        ),
    ] = None,
    live_pages: Annotated[
        int | None,
        typer.Option(
            min=1, help="How many live pages may be open at once; without it what this machine carries."
        ),
    ] = None,
) -> None:
    """Serve the dashboards until interrupted."""
    from command_center.editions import open_edition
    from command_center.identity import Accounts, IdentityRegister
    from command_center.pages.house import open_house
    from command_center.serving import serve

    house = open_house()
    edition = open_edition(house.settings)
    _refuse_taken(address, port)
    first = Accounts(IdentityRegister.of(house.settings)).first_link()

    def tell(url: str) -> None:
        say(f"Edition {edition.id}\nOpen {url} (Ctrl+C ends)")
        if first is not None:
            say(
                f"Nobody has an account yet. The data steward chooses a password at\n{url}akun/mulai/{first}/"
            )

    serve(house, port, address=address, open_inbox=open_inbox, live_pages=live_pages, on_ready=tell)


def _refuse_taken(address: str, port: int) -> None:
    """Raise CommandCenterError where nobody can listen there: Jupyter would say so only after the promise to serve."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise CommandCenterError(
                f"Nothing can be served at port {port}: {error.strerror}",
                where=f"{address}:{port}",
                who="the person who started the command",
                next_step="end the other server, or choose another with --port",
            ) from error


def doctor_command() -> None:
    """Open every item of the menu and say what works."""
    from command_center.cli.doctor import examine
    from command_center.pages.house import open_house

    house = open_house()
    results = examine(house)
    table = Table()
    # An address is to be copied: a narrow screen breaks the verdict, never the address.
    table.add_column("page", no_wrap=True, min_width=max(len(result.path) for result in results))
    for name in ("answer", "milliseconds", "figures", "verdict"):
        table.add_column(name)
    for result in results:
        verdict = "[green]● works[/]" if result.works else f"[red]■ {result.problem}[/]"
        table.add_row(
            result.path, str(result.status), f"{result.seconds * 1000:.0f}", str(result.figures), verdict
        )
    console.print(table)
    broken = [result for result in results if not result.works]
    say(f"{len(results) - len(broken)} of {len(results)} pages work.")
    if broken:
        raise typer.Exit(1)
