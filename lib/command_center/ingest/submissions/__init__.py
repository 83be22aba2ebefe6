"""Submissions: files that agencies send, through one door, from receipt to acceptance or return.

Nothing of a file is lost: the original is kept, what is set apart is kept, every decision is recorded.
"""

from command_center.ingest.submissions.current import active_submissions, read_current
from command_center.ingest.submissions.door import Door, Outcome
from command_center.ingest.submissions.files import SubmissionFiles
from command_center.ingest.submissions.intake import Intake, open_intake
from command_center.ingest.submissions.model import Delivery, Submission, SubmissionError
from command_center.ingest.submissions.register import Register

__all__ = [
    "Delivery",
    "Door",
    "Intake",
    "Outcome",
    "Register",
    "Submission",
    "SubmissionError",
    "SubmissionFiles",
    "active_submissions",
    "open_intake",
    "read_current",
]
