"""The one door for every file: kept as it came, registered, checked, accepted where clean, else left to wait.

received → checked → accepted or returned → superseded. A file that cannot be taken in is kept, registered as
returned, and told once; figures change only by acceptance.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from command_center.cleaning import mask
from command_center.contracts.schema import PERIOD_COLUMN
from command_center.ingest.check import check_raw, taken_before
from command_center.ingest.readers import read_file
from command_center.ingest.refusals import IngestError
from command_center.ingest.report import FileReport
from command_center.ingest.submissions.files import ROW, SHEET, write_whole
from command_center.ingest.submissions.intake import Intake
from command_center.ingest.submissions.model import Delivery, Event, Submission, SubmissionError
from command_center.ingest.submissions.reading import report_of
from command_center.ingest.submissions.register import of_dataset, require_next, safe_name, step
from command_center.ingest.workbook import as_received

SYSTEM = "system"
_BEGUN = "check begun"
_TRIES = 2
_REPLACED = ("checked", "accepted", "returned")


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of a file: its row of the register and the report of its check."""

    submission: Submission
    report: FileReport


class Door:
    """The door of one house; `clock` gives the moment, with its zone."""

    def __init__(self, intake: Intake, clock: Callable[[], datetime] | None = None) -> None:
        """Open the door."""
        zone = ZoneInfo(intake.profile.timezone)
        self.intake = intake
        self.clock = clock or (lambda: datetime.now(zone))

    def try_out(self, delivery: Delivery) -> FileReport:
        """Return the report a file would get, and keep nothing."""
        name = f"{delivery.sector}.{delivery.dataset}"
        shown, day = safe_name(delivery.name), self.clock().date()
        context = self.intake.context(None, name, day, delivery.period, agency=delivery.agency, file=shown)
        dataset = as_received(self.intake.declared(name)[1], delivery.content, shown)
        return check_raw(read_file(delivery.content, shown), dataset, context)

    def receive(self, delivery: Delivery) -> Outcome:
        """Take a file in; IngestError, naming the receipt, for one that cannot be.

        The same file again is refused without a new receipt.
        """
        self.intake.declared(f"{delivery.sector}.{delivery.dataset}")
        self.intake.agencies.get(delivery.agency)
        sha256 = self.intake.files.keep_original(delivery.content)
        self._refuse_again(delivery, sha256)
        submission = self.intake.register.add(delivery, sha256, self.clock())
        return self._checked(submission, SYSTEM)

    def check_again(self, receipt: str, actor: str) -> Outcome:
        """Check a waiting or accepted submission anew, after a decision or a change of its declaration."""
        submission = self.intake.register.get(receipt)
        if submission.state == "accepted":
            return self._accept(submission, self.report_of(submission), actor)
        return self._checked(submission, actor)

    def finish_received(self) -> list[Outcome | IngestError]:
        """Check what was received and never checked, as after a power cut."""
        outcomes: list[Outcome | IngestError] = []
        for submission in self.intake.register.all(state="received")[::-1]:
            try:
                self._refuse_what_ends_the_check(submission)
                outcomes.append(self._checked(submission, SYSTEM))
            except IngestError as error:
                outcomes.append(error)
        return outcomes

    def accept(self, receipt: str, actor: str) -> Outcome:
        """Accept what is sound of a waiting submission and set its faulty rows apart."""
        submission = self.intake.register.get(receipt)
        require_next(submission.receipt, submission.state, "accepted")
        report = self.report_of(submission)
        if not sum(sheet.accepted for sheet in report.sheets):
            raise SubmissionError(
                "No row of the submission is sound; there is nothing to accept",
                where=receipt,
                who="the walidata",
                next_step=f"command-center submissions return {receipt} --reason TEXT",
            )
        return self._accept(submission, report, actor)

    def send_back(self, receipt: str, actor: str, reason: str) -> Submission:
        """Return a waiting submission to its agency, with the reason."""
        return self.intake.register.move(
            receipt, "returned", Event(self.clock(), actor, "returned", reason), {"reason": mask(reason)}
        )

    def report_of(self, submission: Submission) -> FileReport:
        """Return the report of a submission as it stands now, corrections and recipes included."""
        return report_of(self.intake, submission)

    def _checked(self, submission: Submission, actor: str) -> Outcome:
        self._begin(submission)
        try:
            report = self.report_of(submission)
        except IngestError as error:
            self._turn_away(submission, error)
            raise error.under(submission.name, submission.receipt) from error
        write_whole(self.intake.files.report(submission), report.to_json().encode())
        event = Event(self.clock(), actor, "checked", "")
        checked = self.intake.register.move(
            submission.receipt,
            "checked",
            event,
            {"counts": _counts(report), "periods": _periods(report, submission)},
        )
        return self._accept(checked, report, actor) if report.is_clean else Outcome(checked, report)

    def _begin(self, submission: Submission) -> None:
        """Note that a check begins, so that a file which ends the program is not tried for ever."""
        if submission.state == "received":
            event = Event(self.clock(), SYSTEM, "received", _BEGUN)
            self.intake.register.move(submission.receipt, "received", event)

    def _refuse_what_ends_the_check(self, submission: Submission) -> None:
        events = self.intake.register.events(submission.receipt)
        if sum(event.note == _BEGUN for event in events) < _TRIES:
            return
        error = IngestError(
            "corrupt_file",
            f"The check of the file ended before its time, {_TRIES} times",
            next_step="open the file, save it anew as XLSX and send it again",
        )
        self._turn_away(submission, error)
        raise error.under(submission.name, submission.receipt)

    def _accept(self, submission: Submission, report: FileReport, actor: str) -> Outcome:
        files, now = self.intake.files, self.clock()
        files.write_tables(submission, _tidy(report), _quarantine(report))
        write_whole(files.report(submission), report.to_json().encode())
        with self.intake.register.transaction() as connection:
            event = Event(now, actor, "accepted", "")
            changes = {"counts": _counts(report), "periods": _periods(report, submission)}
            step(connection, submission.receipt, "accepted", event, changes)
            others = of_dataset(connection, submission.sector, submission.dataset)
            for older in _replaced(others, submission, changes["periods"]):
                note = Event(now, SYSTEM, "superseded", f"by {submission.receipt}")
                step(connection, older, "superseded", note, {"superseded_by": submission.receipt})
        return Outcome(self.intake.register.get(submission.receipt), report)

    def _turn_away(self, submission: Submission, error: IngestError) -> None:
        event = Event(self.clock(), SYSTEM, "returned", error.what)
        changes = {"reason": mask(error.what), "refusal": error.code}
        self.intake.register.move(submission.receipt, "returned", event, changes)

    def _refuse_again(self, delivery: Delivery, sha256: str) -> None:
        receipt = self.intake.taken(f"{delivery.sector}.{delivery.dataset}").get(sha256)
        if receipt is not None:
            raise taken_before(safe_name(delivery.name), receipt)


def _replaced(others: list[Submission], submission: Submission, periods: str) -> list[str]:
    """Earlier submissions of the agency for the dataset, of no period that the new one has not."""
    own = set(periods.split(","))
    return [
        one.receipt
        for one in others
        if one.receipt != submission.receipt
        and one.agency == submission.agency
        and one.state in _REPLACED
        and (one.received_at, one.receipt) < (submission.received_at, submission.receipt)
        and (one.periods or not periods)
        and set(one.periods.split(",")) <= own
    ]


def _counts(report: FileReport) -> str:
    names = ("read", "accepted", "fixed", "quarantined", "rejected")
    counts = {name: sum(getattr(sheet, name) for sheet in report.sheets) for name in names}
    counts["skipped"] = sum(sum(sheet.skipped.values()) for sheet in report.sheets)
    counts["faults"] = len(report.faults) + sum(len(sheet.faults) for sheet in report.sheets)
    return json.dumps(counts)


def _periods(report: FileReport, submission: Submission) -> str:
    table = report.table
    found = set(table[PERIOD_COLUMN].dropna()) if PERIOD_COLUMN in table.columns else set()
    return ",".join(sorted(found | ({submission.period} - {""})))


def _tidy(report: FileReport) -> pd.DataFrame:
    return _with_places([(sheet.sheet, sheet.table) for sheet in report.sheets])


def _quarantine(report: FileReport) -> pd.DataFrame:
    return _with_places([(sheet.sheet, sheet.quarantine) for sheet in report.sheets])


def _with_places(tables: list[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    placed = [table.rename_axis(ROW).reset_index().assign(**{SHEET: name}) for name, table in tables]
    filled = [table for table in placed if not table.empty] or placed[:1]
    return pd.concat(filled, ignore_index=True)
