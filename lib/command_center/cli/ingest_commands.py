"""Verbs of intake: take a file or the whole inbox in, look at submissions, decide about those that wait."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from command_center.cli.console import bars_after_a_while, errors, say
from command_center.errors import CommandCenterError, SettingsError
from command_center.settings import load_settings

if TYPE_CHECKING:
    from command_center.ingest.report import FileReport
    from command_center.ingest.submissions import Delivery, Door, Outcome, Submission
    from command_center.ingest.submissions.inbox import Taken

app = typer.Typer(no_args_is_help=True, help="Submissions: see them, accept, return or correct them.")

_SHOWN_FAULTS = 20
_Receipt = Annotated[str, typer.Argument(help="Receipt number.")]
_By = Annotated[str, typer.Option("--by", help="The post that decides, never a person's name.")]
_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def register(root: typer.Typer) -> None:
    """Add the verbs of this module to the command."""
    root.command("ingest")(ingest_command)
    root.add_typer(app, name="submissions")


def ingest_command(
    file: Annotated[Path | None, typer.Argument(help="A file; the whole inbox when left out.")] = None,
    dataset: Annotated[str, typer.Option(help="SECTOR.DATASET the file is for.")] = "",
    agency: Annotated[
        str, typer.Option("--from", help="Code of the agency; the dataset's owner when left out.")
    ] = "",
    period: Annotated[str, typer.Option(help="The period due, such as 2026-S1; any when left out.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report; keep nothing.")] = False,
    as_json: _Json = False,
    channel: Annotated[str, typer.Option(hidden=True)] = "command",
) -> None:
    """Take in a file: kept, checked, accepted where clean, else left for the walidata."""
    if file is None:
        _take_in_inbox(as_json)
        return
    door = _door()
    try:
        delivery = _delivery(door, file, dataset, agency, period, channel)
        with errors.status(f"Checking {escape(file.name)}"):
            report, submission = _passed(door, delivery, dry_run=dry_run)
    except CommandCenterError as error:
        if not as_json:
            raise
        typer.echo(json.dumps({"error": _error(error)}, ensure_ascii=False, indent=2))
        raise typer.Exit(1) from error
    if as_json:
        said = report.to_dict() | ({} if submission is None else _described(submission))
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    _say_report(report)
    _say_state(submission)


@app.command("list")
def list_command(
    state: Annotated[str, typer.Option(help="received, checked, accepted, returned or superseded.")] = "",
    dataset: Annotated[str, typer.Option(help="SECTOR.DATASET")] = "",
    as_json: _Json = False,
) -> None:
    """List submissions, the newest first."""
    from command_center.ingest.submissions.model import STATES

    found = _door().intake.register.all(dataset=dataset)
    if state and state not in STATES:
        raise SettingsError(
            f"{state!r} is no state",
            where="--state",
            who="whoever asked",
            next_step="choose one of: " + ", ".join(STATES),
        )
    chosen = [one for one in found if not state or one.state == state]
    if as_json:
        typer.echo(json.dumps([_described(one) for one in chosen], ensure_ascii=False, indent=2))
        return
    for one in chosen:
        counts = one.counts
        rows = (
            f"{counts['accepted']}/{counts['read']} rows, {counts['faults']} faults"
            if counts
            else one.refusal
        )
        say(f"{one.receipt}  {one.state:<10}  {one.dataset_id:<40} {one.agency:<10} {rows}  {one.name}")
    if not chosen:
        say("No submissions.")


@app.command("show")
def show_command(receipt: _Receipt, as_json: _Json = False) -> None:
    """Show a submission: its report, its history, its corrections."""
    from command_center.ingest.submissions.rulings import Rulings

    door = _door()
    submission = door.intake.register.get(receipt)
    path = door.intake.files.report(submission)
    report = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    if as_json:
        typer.echo(json.dumps(_described(submission) | {"report": report}, ensure_ascii=False, indent=2))
        return
    _say_state(submission)
    for sheet in report["sheets"] if report else ():
        _say_sheet(sheet)
    for event in door.intake.register.events(receipt):
        say(f"  {event.at:%Y-%m-%d %H:%M}  {event.state:<10} {event.actor}  {event.note}")
    for one in Rulings(door.intake.register).corrections(receipt):
        say(f"  {one.sheet}!{one.cell}: {one.old!r} → {one.new!r} ({one.actor}: {one.reason})")


@app.command("accept")
def accept_command(receipt: _Receipt, by: _By = "walidata") -> None:
    """Accept the sound rows of a waiting submission; the faulty ones stay in quarantine."""
    _say_outcome(_door().accept(receipt, by))


@app.command("return")
def return_command(
    receipt: _Receipt,
    reason: Annotated[str, typer.Option(help="What the agency must do.")],
    by: _By = "walidata",
) -> None:
    """Return a waiting submission to its agency."""
    _say_state(_door().send_back(receipt, by, reason))


@app.command("correct")
def correct_command(
    receipt: _Receipt,
    cell: Annotated[str, typer.Argument(help="Such as C12.")],
    new: Annotated[str, typer.Argument(help="The right value.")],
    reason: Annotated[str, typer.Option(help="Why, and on whose word.")],
    sheet: Annotated[str, typer.Option(help="The first sheet when left out.")] = "",
    by: _By = "walidata",
) -> None:
    """Set one cell right by a recorded correction; the file itself stays as it came."""
    from command_center.ingest.submissions.decisions import correct_cell

    _say_outcome(correct_cell(_door(), receipt, sheet=sheet, cell=cell, new=new, reason=reason, actor=by))


@app.command("confirm-header")
def confirm_header_command(
    receipt: _Receipt,
    header: Annotated[str, typer.Argument(help="The header as the agency writes it.")],
    field: Annotated[str, typer.Argument(help="The declared column it is.")],
    by: _By = "walidata",
) -> None:
    """Say yes to a renamed column, for this and the agency's later files."""
    from command_center.ingest.submissions.decisions import confirm_header

    _say_outcome(confirm_header(_door(), receipt, header=header, field=field, actor=by))


@app.command("confirm-change")
def confirm_change_command(
    receipt: _Receipt, field: Annotated[str, typer.Argument(help="The column.")], by: _By = "walidata"
) -> None:
    """Say yes to a column that changed its scale or is gone, for this file."""
    from command_center.ingest.submissions.decisions import confirm_change

    _say_outcome(confirm_change(_door(), receipt, field=field, actor=by))


@app.command("check")
def check_again_command(receipt: _Receipt, by: _By = "walidata") -> None:
    """Check a submission anew from its original, as after a change of the declaration."""
    _say_outcome(_door().check_again(receipt, by))


@app.command("recipes")
def recipes_command() -> None:
    """List repairs that recur, by agency and dataset."""
    from command_center.ingest.submissions.rulings import Rulings

    found = Rulings(_door().intake.register).recipes()
    for one in found:
        repair = f"{one.field}: {one.old!r} → {one.new!r}"
        say(f"{one.number:>4}  {one.state:<9} {one.agency} {one.dataset} {repair} (seen {one.seen}×)")
    if not found:
        say("No recipes.")


@app.command("recipe")
def recipe_command(
    number: Annotated[int, typer.Argument(help="Number of the recipe.")],
    approve: Annotated[bool, typer.Option("--approve/--refuse", help="Use it from now on, or never.")],
    by: _By = "walidata",
) -> None:
    """Approve or refuse a recipe."""
    from command_center.ingest.submissions.rulings import Rulings

    door = _door()
    decided = Rulings(door.intake.register).decide_recipe(number, approved=approve, actor=by, at=door.clock())
    say(f"Recipe {decided.number}: {decided.state}")


@app.command("workbook")
def workbook_command(
    receipt: _Receipt,
    output: Annotated[Path | None, typer.Option(help="File to write; left out, RECEIPT.xlsx here.")] = None,
) -> None:
    """Make the workbook that goes back to the agency, each faulty cell marked."""
    from command_center.ingest.submissions.reading import workbook_of
    from command_center.locale import Locale

    door = _door()
    content = workbook_of(door.intake, door.intake.register.get(receipt), Locale("id"))
    path = output or Path(f"{receipt}.xlsx")
    path.write_bytes(content)
    say(f"Made {path} ({len(content):,} bytes)")


@app.command("original")
def original_command(
    receipt: _Receipt, output: Annotated[Path, typer.Option(help="Where to write it.")]
) -> None:
    """Write the original file out, as it came; it may hold personal numbers."""
    door = _door()
    submission = door.intake.register.get(receipt)
    content = door.intake.files.original(submission.sha256).read_bytes()
    output.write_bytes(content)
    say(f"Wrote {output} ({len(content):,} bytes)")


def _door() -> "Door":
    from command_center.ingest.submissions import Door, open_intake

    return Door(open_intake(load_settings()))


def _delivery(door: "Door", file: Path, dataset: str, agency: str, period: str, channel: str) -> "Delivery":
    from command_center.ingest.submissions import Delivery

    sector, declared = door.intake.declared(dataset)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"The file cannot be read: {error.strerror}",
            where=str(file),
            who="whoever sends it",
            next_step="name a file that exists",
        ) from error
    return Delivery(
        content,
        file.name,
        sector.slug,
        declared.id,
        agency or declared.owner or sector.owner,
        channel,  # type: ignore[arg-type]  # a hidden option, set by the server only
        period,
    )


def _passed(door: "Door", delivery: "Delivery", *, dry_run: bool) -> "tuple[FileReport, Submission | None]":
    if dry_run:
        return door.try_out(delivery), None
    outcome = door.receive(delivery)
    return outcome.report, outcome.submission


def _error(error: CommandCenterError) -> dict[str, str]:
    said = {"what": error.what, "where": error.where, "who": error.who, "next": error.next_step}
    return said | {"code": getattr(error, "code", ""), "receipt": getattr(error, "receipt", "")}


def _take_in_inbox(as_json: bool) -> None:
    from command_center.ingest.submissions.inbox import take_in_all

    door = _door()
    with bars_after_a_while() as tell:
        unfinished = door.finish_received()
        taken = take_in_all(door, tell)
    if as_json:
        typer.echo(json.dumps([_taken(one) for one in taken], ensure_ascii=False, indent=2))
    else:
        for one in taken:
            if one.outcome is not None:
                _say_state(one.outcome.submission)
            elif one.error is not None:
                say(f"■ {one.file.path.name}: {one.error}")
        refused = sum(one.error is not None for one in taken)
        say(f"{len(taken)} files, {refused} refused, {len(unfinished)} finished from before")
    if any(one.error is not None for one in taken):
        raise typer.Exit(1)


def _taken(one: "Taken") -> dict[str, Any]:
    said: dict[str, Any] = {"file": one.file.path.name, "dataset": one.file.dataset}
    if one.outcome is not None:
        return said | _described(one.outcome.submission)
    return said | {"error": str(one.error)}


def _described(submission: "Submission") -> dict[str, Any]:
    return {
        "receipt": submission.receipt,
        "state": submission.state,
        "dataset": submission.dataset_id,
        "agency": submission.agency,
        "channel": submission.channel,
        "name": submission.name,
        "sha256": submission.sha256,
        "received_at": submission.received_at.isoformat(),
        "periods": submission.periods,
        "reason": submission.reason,
        "refusal": submission.refusal,
        "superseded_by": submission.superseded_by,
        "counts": dict(submission.counts),
    }


def _say_outcome(outcome: "Outcome") -> None:
    _say_report(outcome.report)
    _say_state(outcome.submission)


def _say_report(report: "FileReport") -> None:
    for sheet in report.to_dict()["sheets"]:
        _say_sheet(sheet)


def _say_sheet(sheet: dict[str, Any]) -> None:
    say(
        f"Sheet {sheet['sheet']}: {sheet['read']} rows read = {sheet['accepted']} accepted ({sheet['fixed']} fixed)"
        f" + {sheet['quarantined']} quarantined + {sheet['rejected']} rejected; {sheet['skipped']} skipped"
    )
    faults = sorted(sheet["faults"], key=lambda fault: fault["action"] == "fixed")
    for fault in faults[:_SHOWN_FAULTS]:
        place = fault["cell"] or (f"row {fault['row']}" if fault["row"] else "sheet")
        say(f"  {fault['action']:<11} {fault['check']:<22} {place:<8} {fault['column']} {fault['value']!r}")
    if len(faults) > _SHOWN_FAULTS:
        say(f"  … and {len(faults) - _SHOWN_FAULTS} more; all of them: --json")


def _say_state(submission: "Submission | None") -> None:
    if submission is None:
        say("Dry run: nothing was kept.")
        return
    waits = submission.state == "checked"
    end = f"; waits for the walidata: command-center submissions accept {submission.receipt}" if waits else ""
    say(f"Receipt {submission.receipt}: {submission.state}{end}")
