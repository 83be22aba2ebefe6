"""The command of this item: `command-center letters FILE` says what an event log holds and how fast it moves."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from command_center.eventlog import ColumnMapping, EventLog, Summary

app = typer.Typer(
    help="Read an event log of letters: how fast it moves, and where it waits.",
    # Options may stand after the file, as in every other verb.
    context_settings={"allow_interspersed_args": True},
)
_LIFE_CYCLES = Path(__file__).with_name("life_cycles.yml")
_Column = Annotated[str, typer.Option(metavar="COL", help="Its column, where the guess is wrong.")]


@app.callback(invoke_without_command=True)
def letters(
    file: Annotated[str, typer.Argument(help="CSV, XLSX, Parquet, XES, XES.gz, or a SQLAlchemy URL.")],
    case: _Column = "",
    activity: _Column = "",
    time: _Column = "",
    unit: _Column = "",
    resource: _Column = "",
    query: Annotated[str, typer.Option(help="With a URL: the table, or one SELECT.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the measures as JSON.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the log: the next refresh makes the pages from it.")
    ] = False,
) -> None:
    """Print events, cases, cycle time, throughput, who follows whom, variants and faults of a log."""
    from command_center.eventlog import arranged, find_faults, load_life_cycles, summarise

    chosen = {"case": case, "activity": activity, "time": time, "unit": unit, "resource": resource}
    log = _read(file, query, chosen, everything=keep)
    cases = arranged(log)
    summary = summarise(cases, (*log.faults, *find_faults(cases, load_life_cycles(_LIFE_CYCLES))))
    if keep:
        _keep(log)
    if as_json:
        sys.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        _tell(summary)


def _keep(log: "EventLog") -> None:
    """Replace the log that the pages are made from, whole; one that could not be read leaves the last good one."""
    from command_center.eventlog.keeping import keep_log, log_path
    from command_center.settings import load_settings

    keep_log(log, log_path(load_settings(), "letters"))
    typer.echo("kept; next: command-center refresh", err=True)


def _read(file: str, query: str, chosen: dict[str, str], *, everything: bool) -> "EventLog":
    from command_center.eventlog import read_log, read_source
    from command_center.eventlog.mapping import ROLES
    from command_center.regions.profile import load_profile
    from command_center.settings import load_settings

    timezone = load_profile(load_settings()).timezone
    roles = ROLES if everything else ("unit", "resource", "transition")
    if "://" in file:
        from command_center.eventlog.database import DatabaseLog  # SQLAlchemy takes a third of a second

        source = DatabaseLog(file, query)
        return read_source(source, source.where, timezone, chosen=chosen, roles=roles, show=_show)
    return read_log(Path(file), timezone, chosen=chosen, roles=roles, show=_show)


def _show(mapping: "ColumnMapping") -> None:
    """Say which column is taken for what, before anything is read by it; beside the result, not in it."""
    told = ", ".join(f"{role} = {name}" for role, name in mapping.columns.items())
    typer.echo(f"columns: {told}", err=True)


def _tell(summary: "Summary") -> None:
    cycle = summary.cycle_time_s
    lines = [
        f"{summary.events:,} events of {summary.cases:,} cases, {summary.activities} activities",
        f"from {summary.first_event.isoformat()} to {summary.last_event.isoformat()}",
        f"cycle time: median {cycle['median']:,.2f} s, mean {cycle['mean']:,.2f} s, p90 {cycle['p90']:,.2f} s",
        f"{len(summary.directly_follows)} pairs follow each other; {summary.variant_count} variants",
        *(f"fault {fault.check}: {fault.count:,}" for fault in summary.faults),
    ]
    typer.echo("\n".join(lines))
