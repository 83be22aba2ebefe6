"""Verbs that read from afar: harvest the CKAN portals, download the declared files."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from command_center.cli.console import bars_after_a_while, complain, say
from command_center.errors import CommandCenterError, SettingsError
from command_center.settings import Settings, load_settings

if TYPE_CHECKING:
    from command_center.ingest.sources import CkanSource, HttpSource, SourceReport

_EXIT_INCOMPLETE = 2

_Names = Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be given again.")]
_Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
_Again = Annotated[bool, typer.Option("--again", help="Read everything anew, changed or not.")]


def register(app: typer.Typer) -> None:
    """Add the verbs of this module to the command."""
    app.command("harvest")(harvest_command)
    app.command("download")(download_command)


def harvest_command(source: _Names = None, as_json: _Json = False, again: _Again = False) -> None:
    """Read what changed at the declared CKAN portals into the inbox."""
    from command_center.ingest.sources import CkanSource, SourcePaths, harvest

    settings = load_settings()
    paths = SourcePaths.of(settings)
    portals = [one for one in _declared(settings, "ckan", source) if isinstance(one, CkanSource)]
    with bars_after_a_while() as tell:
        reports = [harvest(portal, paths, again=again, on_progress=tell) for portal in portals]
    _tell(reports, as_json, "CKAN portal")


def download_command(source: _Names = None, as_json: _Json = False, again: _Again = False) -> None:
    """Fetch the declared files that changed into the inbox."""
    from command_center.ingest.sources import HttpSource, SourcePaths, download

    settings = load_settings()
    paths = SourcePaths.of(settings)
    files = [one for one in _declared(settings, "http", source) if isinstance(one, HttpSource)]
    with bars_after_a_while() as tell:
        reports = []
        for done, file in enumerate(files):
            tell("files", done, len(files))
            reports.append(download(file, paths, again=again))
    _tell(reports, as_json, "file over http")


def _declared(settings: Settings, kind: str, names: list[str] | None) -> list["CkanSource | HttpSource"]:
    """Return the declared sources of a kind, or those of the given names."""
    from command_center.catalog import load_catalog
    from command_center.ingest.sources import load_sources

    targets = frozenset(f"{sector.slug}.{dataset.id}" for sector, dataset in load_catalog(settings).datasets)
    declared = [source for source in load_sources(settings, targets) if source.kind == kind]
    known = [source.name for source in declared]
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise SettingsError(
            f"There is no {kind} source {', '.join(unknown)}",
            where="data/reference/sources.yml",
            who="the person who started the command",
            next_step=f"choose one of: {', '.join(known)}" if known else "declare it in that file",
        )
    return [source for source in declared if not names or source.name in names]


def _tell(reports: list["SourceReport"], as_json: bool, noun: str) -> None:
    if as_json:
        told = {"sources": [report.as_json() for report in reports]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    elif not reports:
        say(f"No {noun} is declared in data/reference/sources.yml; its first lines say how.")
    for report in reports:
        if not as_json:
            _tell_report(report)
        for item in report.items_with("failed"):
            if item.error:
                name = " / ".join(part for part in (report.source, item.dataset, item.resource) if part)
                _complain(name, item.error)
        if report.error:
            _complain(report.source, report.error)
    if not all(report.is_complete for report in reports):
        raise typer.Exit(_EXIT_INCOMPLETE)


def _tell_report(report: "SourceReport") -> None:
    from command_center.ingest.sources.report import OUTCOMES

    counts = [f"{count} {OUTCOMES[outcome]}" for outcome, count in report.counts.items() if count]
    scope = _number(report.dataset_count, "dataset")
    if report.organisation_count:
        scope += f" of {_number(report.organisation_count, 'organisation')}"
    say(f"{report.source}: {scope} in {report.seconds:.1f} s: {', '.join(counts) or 'nothing read'}.")
    for item in report.items_with("deleted", "withdrawn", "left", "skipped"):
        name = " / ".join(part for part in (item.dataset, item.resource) if part)
        say(f"  {OUTCOMES[item.outcome]}: {name}{f' ({item.reason})' if item.reason else ''}")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _complain(name: str, error: CommandCenterError) -> None:
    complain(f"{name}: {error.what}", where=error.where, who=error.who, next_step=error.next_step)
