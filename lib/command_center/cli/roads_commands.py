"""Verbs of the roads: classify a survey, locate reports, check an inventory with its survey."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from command_center.cli.console import complain, say, show

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from command_center.roads.faults import Fault
    from command_center.roads.parameters import RoadParameters

app = typer.Typer(help="Road condition, damage reports and what to repair first.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print everything as JSON.")]
_FAULTS_SHOWN = 20
_JUDGED = ("sdi", "condition", "method", "treatment", "is_steady")
_LOCATED = (
    "lat", "lon", "sta_m", "segment", "offset_m", "confidence", "outcome", "reason", "authority", "cluster",
    "cluster_reports",
)  # fmt: skip


def _parameters() -> "RoadParameters":
    from command_center.roads.parameters import load_parameters
    from command_center.settings import load_settings

    return load_parameters(load_settings())


@app.command("classify")
def classify_command(
    file: Annotated[Path, typer.Argument(help="CSV or workbook with one row per segment.")],
    as_json: AsJson = False,
) -> None:
    """Judge the condition of every segment of a survey. Exit code 2 where cells could not be read."""
    from command_center.roads.faults import as_records
    from command_center.roads.lengths import lengths_by_class
    from command_center.roads.surveys import read_survey_file

    survey = read_survey_file(file, _parameters())
    if as_json:
        rows = [
            {**given, **judged}
            for given, judged in zip(
                survey.given.to_dict("records"), _records(survey.segments[list(_JUDGED)]), strict=True
            )
        ]
        _print_json({"segments": rows, "faults": as_records(survey.faults)})
    else:
        table = lengths_by_class(survey.segments.assign(all="all"), ["all"]).drop(columns="all")
        _print_table("Km by class", table)
        _complain(survey.faults)
    _leave(survey.faults)


@app.command("lengths")
def lengths_command(
    file: Annotated[Path, typer.Argument(help="Workbook or CSV with metres by class, one row per road.")],
    as_json: AsJson = False,
) -> None:
    """Read roads sent with lengths by class, by the declared mapping. Exit code 2 where cells could not be read."""
    from command_center.roads.classlengths import read_class_lengths
    from command_center.roads.condition import CLASSES
    from command_center.roads.faults import as_records

    found = read_class_lengths(file, _parameters())
    if as_json:
        roads = found.roads.assign(geometry=found.roads.geometry.to_wkt())
        _print_json({"roads": _records(roads), "faults": as_records(found.faults)})
    else:
        km = found.roads.groupby("sheet")[[*CLASSES, "total_m"]].sum().div(1000).reset_index()
        _print_table("Km by class", km)
        say(f"{len(found.roads)} roads, {int(found.roads.geometry.notna().sum())} with both ends known.")
        _complain(found.faults)
    _leave(found.faults)


@app.command("locate")
def locate_command(
    reports: Annotated[Path, typer.Argument(help="CSV or workbook with id, lat and lon.")],
    network: Annotated[Path, typer.Option(help="File with the roads and their lines.")],
    as_json: AsJson = False,
) -> None:
    """Place damage reports on the roads of a network; what is doubtful is queued, not guessed."""
    from command_center.roads.faults import as_records
    from command_center.roads.inventory import read_inventory
    from command_center.roads.reports import locate_file

    parameters = _parameters()
    located = locate_file(reports, read_inventory(network, parameters), parameters)
    if as_json:
        found = located.reports
        proposed = _records(
            found[["road_code", "road_name", *_LOCATED]].rename(
                columns={"road_code": "nomor_ruas", "road_name": "nama_ruas"}
            )
        )
        second = _records(
            found[["runner_up_code", "runner_up_name", "runner_up_m"]].set_axis(
                ["nomor_ruas", "nama_ruas", "offset_m"], axis=1
            )
        )
        rows = [
            {**given, **place, "runner_up": other if other["offset_m"] is not None else None}
            for given, place, other in zip(located.given.to_dict("records"), proposed, second, strict=True)
        ]
        _print_json({"reports": rows, "faults": as_records(located.faults)})
        return
    counts = located.reports.groupby(["outcome", "reason"]).size().reset_index(name="reports")
    _print_table("Reports", counts)
    defects = located.reports.loc[located.reports["cluster"].ge(0), "cluster"].nunique()
    say(f"{defects} defects.")
    _complain(located.faults)


@app.command("plan")
def plan_command(
    budget: Annotated[int, typer.Option(help="Rupiah that can be spent.", min=0)],
    as_json: AsJson = False,
    edition: Annotated[str, typer.Option(help="Edition whose survey is planned on.")] = "latest",
) -> None:
    """Choose what to repair first for a budget, with the floor of every sub-district. Exit code 2 where floors lack."""
    from command_center.editions import open_edition
    from command_center.roads.benefit import needs_of
    from command_center.roads.planning import plan
    from command_center.settings import load_settings

    parameters = _parameters()
    segments = open_edition(load_settings(), edition).table("road_segments")
    if segments is None:
        complain(
            "This edition has no survey of roads",
            where=edition,
            who="the public works agency",
            next_step="send the inventory and the survey, then: command-center refresh",
        )
        raise typer.Exit(1)
    found = plan(needs_of(segments, parameters), budget, parameters.plan)
    gap_pct = 100 * (found.bound / found.objective - 1) if found.objective else 0.0
    if as_json:
        _print_json(
            {
                "budget_idr": found.budget_idr,
                "spent_idr": found.spent_idr,
                "benefit": found.objective,
                "gap_pct": round(gap_pct, 4),
                "steady_pct": found.steady_pct,
                "made_steady_km": found.made_steady_km,
                "shortfall_idr": dict(found.shortfall_idr),
                "packages": _records(found.packages),
            }
        )
    else:
        shown = [
            "road_code",
            "from_m",
            "to_m",
            "length_km",
            "cost_idr",
            "worst",
            "main_part",
            "reports_count",
        ]
        _print_table("Works", found.packages[[name for name in shown if name in found.packages]])
        say(
            f"{found.spent_idr:,} of {found.budget_idr:,} rupiah spent; {found.steady_pct:.1f}% steady; "
            f"no plan is better by more than {gap_pct:.2f}%."
        )
    for region, lacking in found.shortfall_idr.items():
        complain(
            f"The floor of {region} cannot be reached: {lacking:,.0f} rupiah lack; the nearest plan is shown",
            where="data/reference/roads.yml: plan.floor_share",
            who="the planner",
            next_step="raise the budget or lower the floor",
        )
    if found.shortfall_idr:
        raise typer.Exit(2)


@app.command("check")
def check_command(
    file: Annotated[Path, typer.Argument(help="Roads, or the segments of a survey.")],
    network: Annotated[
        Path | None, typer.Option(help="Roads with their decree lengths, for a survey.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check roads, or a survey: contiguous, no overlap, lengths of the decree. Exit code 2 where faults are found."""
    from command_center.roads.checks import check_links, check_segments
    from command_center.roads.faults import as_records
    from command_center.roads.inventory import read_inventory
    from command_center.roads.surveys import read_survey_file

    parameters = _parameters()
    if _is_survey(file):
        survey = read_survey_file(file, parameters)
        lengths = None
        if network is not None:
            links = read_inventory(network, parameters).links
            lengths = links.drop_duplicates("road_code").set_index("road_code")["length_km"]
        faults = (*survey.faults, *check_segments(survey.segments, lengths, parameters.checks))
    else:
        inventory = read_inventory(file, parameters)
        faults = (*inventory.faults, *check_links(inventory, parameters.checks))
    if as_json:
        _print_json({"faults": as_records(faults)})
    else:
        _complain(faults)
        say(f"{len(faults)} faults.")
    _leave(faults)


def _is_survey(file: Path) -> bool:
    """Whether a file names stations, as only a survey does."""
    from command_center.ingest.readers import read_file
    from command_center.ingest.refusals import IngestError
    from command_center.roads.columns import SEGMENTS, read_columns
    from command_center.roads.surveys import file_bytes

    if file.suffix.lower() == ".shp":
        return False
    for sheet in read_file(file_bytes(file), file.name).sheets:
        try:
            read_columns(sheet, SEGMENTS, needed=("from_m", "to_m"))
        except IngestError:
            continue
        return True
    return False


def _records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=8))
    return records


def _print_json(content: object) -> None:
    sys.stdout.write(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def _print_table(title: str, rows: "pd.DataFrame") -> None:
    table = Table(title=title, title_justify="left")
    for name in rows.columns:
        table.add_column(str(name), justify="right")
    for row in rows.itertuples(index=False):
        table.add_row(*(f"{value:,.3f}" if isinstance(value, float) else str(value) for value in row))
    show(table)


def _complain(faults: "Iterable[Fault]") -> None:
    from command_center.locale import Locale

    locale = Locale("en")
    told = list(faults)
    for fault in told[:_FAULTS_SHOWN]:
        where = ", ".join(
            text
            for text in (fault.sheet, f"row {fault.row}" if fault.row else "", fault.column, fault.road_code)
            if text
        )
        complain(fault.sentence(locale), where=where, who="the sender of the file")
    if len(told) > _FAULTS_SHOWN:
        say(f"… and {len(told) - _FAULTS_SHOWN} more; --json prints all.")


def _leave(faults: "Iterable[Fault]") -> None:
    if any(not fault.is_notice for fault in faults):
        raise typer.Exit(2)
