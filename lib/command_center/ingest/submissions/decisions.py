"""What the walidata decides about a waiting submission: a cell set right, a change of the table confirmed.

Every decision is recorded with its reason and the post that took it, then the file is checked anew.
"""

from command_center.cleaning import mask
from command_center.cleaning.private import mask_name
from command_center.ingest.knownnames import declared_names, masked_names
from command_center.ingest.layout import find_layout
from command_center.ingest.submissions.door import Door, Outcome
from command_center.ingest.submissions.model import Confirmation, Correction, Submission, SubmissionError
from command_center.ingest.submissions.overlay import cell_place, cell_text, sheet_named
from command_center.ingest.submissions.reading import raw_of
from command_center.ingest.submissions.rulings import Rulings


def correct_cell(
    door: Door, receipt: str, *, sheet: str, cell: str, new: str, reason: str, actor: str
) -> Outcome:
    """Record a correction of one cell and check the submission anew.

    `sheet` "" is the first. Raises SubmissionError where the submission no longer waits, the cell does not
    exist, the reason is missing, or the new text holds a personal number.
    """
    submission = _waiting(door, receipt)
    if not reason.strip():
        raise SubmissionError(
            "A correction needs its reason", where=receipt, who="the walidata", next_step="add --reason TEXT"
        )
    if mask(new) != new:
        raise SubmissionError(
            "The new text holds a personal number",
            where=f"{receipt}, cell {cell}",
            who="the walidata",
            next_step="write the value without it",
        )
    raw = raw_of(door.intake, submission)
    found = sheet_named(raw, sheet or raw.sheets[0].name)
    at = cell_place(cell)
    old = cell_text(found, at)
    dataset = door.intake.declared(submission.dataset_id)[1]
    rulings, now = Rulings(door.intake.register), door.clock()
    layout = find_layout(found, dataset, rulings.headers(submission.agency, submission.dataset_id))
    columns = layout.columns if layout is not None else ()
    field = next((column.field for column in columns if column.position == at[1]), None)
    names = declared_names(found, layout, dataset) if layout is not None else {}
    personal = {one.name for one in dataset.table.fields if one.personal is not None}
    shown = mask_name(old) if field in personal else masked_names(old, names) or old
    correction = Correction(receipt, found.name, cell, shown, new, reason, actor, now)
    rulings.correct(submission, correction, field or "")
    rulings.propose_recurring(submission, actor, now)
    return door.check_again(receipt, actor)


def confirm_header(door: Door, receipt: str, *, header: str, field: str, actor: str) -> Outcome:
    """Say yes to a renamed column: from now on the agency's `header` is `field`; then check anew."""
    submission = _waiting(door, receipt)
    _known_field(door, submission, field)
    said = Confirmation("header", header, field, actor, door.clock())
    Rulings(door.intake.register).confirm(submission, said)
    return door.check_again(receipt, actor)


def confirm_change(door: Door, receipt: str, *, field: str, actor: str) -> Outcome:
    """Say yes to a column that changed its scale or is gone, for this submission; then check anew."""
    submission = _waiting(door, receipt)
    _known_field(door, submission, field)
    said = Confirmation("change", field, field, actor, door.clock())
    Rulings(door.intake.register).confirm(submission, said)
    return door.check_again(receipt, actor)


def _waiting(door: Door, receipt: str) -> Submission:
    submission = door.intake.register.get(receipt)
    if submission.state != "checked":
        raise SubmissionError(
            f"Submission {receipt} is {submission.state} and waits for no decision",
            where="the register of submissions",
            who="the walidata",
            next_step="command-center submissions list --state checked",
        )
    return submission


def _known_field(door: Door, submission: Submission, field: str) -> None:
    names = [one.name for one in door.intake.declared(submission.dataset_id)[1].table.fields]
    if field not in names:
        raise SubmissionError(
            f"{field!r} is no column of {submission.dataset_id}",
            where=submission.receipt,
            who="the walidata",
            next_step="choose one of: " + ", ".join(names),
        )
