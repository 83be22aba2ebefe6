"""A submission read again from its original: as it came, as it is checked, and as its agency gets it back."""

from command_center.catalog import Dataset
from command_center.ingest.check import check_raw
from command_center.ingest.context import IngestContext
from command_center.ingest.readers import RawFile, read_file
from command_center.ingest.report import FileReport
from command_center.ingest.submissions.intake import Intake
from command_center.ingest.submissions.model import Submission, SubmissionError
from command_center.ingest.submissions.overlay import with_corrections, with_recipes
from command_center.ingest.submissions.rulings import Rulings
from command_center.ingest.workbook import as_received, faults_of, mark_faults
from command_center.locale import Locale


def original_of(intake: Intake, submission: Submission) -> bytes:
    """Return the bytes as they came; SubmissionError where they cannot be read."""
    path = intake.files.original(submission.sha256)
    try:
        return path.read_bytes()
    except OSError as error:
        raise SubmissionError(
            f"The original of {submission.receipt} cannot be read: {error.strerror}",
            where="data/raw",
            who="the walidata",
            next_step="restore data/raw from the backup",
        ) from error


def raw_of(intake: Intake, submission: Submission) -> RawFile:
    """Return the original as read, with nothing laid over it."""
    return read_file(original_of(intake, submission), submission.name)


def report_of(intake: Intake, submission: Submission) -> FileReport:
    """Return the report of a submission as it stands now, corrections and recipes included; raises as `check_raw`."""
    content = original_of(intake, submission)
    return _report(intake, submission, content, *_frame(intake, submission, content))


def workbook_of(intake: Intake, submission: Submission, locale: Locale) -> bytes:
    """Return the submission as a workbook with its faulty cells marked, for its agency.

    Raises SubmissionError for a file that could not be taken in at all: there is no cell to mark.
    """
    if submission.refusal:
        raise SubmissionError(
            "The file was not taken in, so no cell of it can be marked",
            where=submission.receipt,
            who="the sender of the file",
            next_step=f"command-center workbook {submission.dataset_id}",
        )
    content = original_of(intake, submission)
    dataset, context = _frame(intake, submission, content)
    faults = faults_of(_report(intake, submission, content, dataset, context))
    return mark_faults(content, faults, dataset, locale, context=context, name=submission.name)


def _report(
    intake: Intake, submission: Submission, content: bytes, dataset: Dataset, context: IngestContext
) -> FileReport:
    rulings = Rulings(intake.register)
    recipes = rulings.recipes(submission.agency, submission.dataset_id)
    raw = with_recipes(read_file(content, submission.name), dataset, recipes, context.confirmed)
    return check_raw(with_corrections(raw, rulings.corrections(submission.receipt)), dataset, context)


def _frame(intake: Intake, submission: Submission, content: bytes) -> tuple[Dataset, IngestContext]:
    """The dataset as this file is laid out, and what the check knows beside the file."""
    name = submission.dataset_id
    dataset = as_received(intake.declared(name)[1], content, submission.name)
    return dataset, intake.context(submission, name, submission.received_at.date(), submission.period)
