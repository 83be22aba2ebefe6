"""What went wrong in the schedule since yesterday, as sentences for the briefing and for `schedule list`."""

from datetime import UTC, datetime

from command_center.locale import Locale
from command_center.scheduling.journal import Journal
from command_center.scheduling.timetable import Timetable

_DAY_SECONDS = 86_400.0


def trouble_sentences(journal: Journal, timetable: Timetable, locale: Locale, now: float) -> tuple[str, ...]:
    """Return a sentence per job whose last due run of the last day failed, was killed or was missed."""
    if not journal.path.exists():
        return ()
    last = {run.job: run for run in journal.runs(now - _DAY_SECONDS) if run.state != "running"}
    sentences = []
    for job in timetable.jobs:
        run = last.get(job.id)
        if run is None or run.state in ("done", "faults"):
            continue
        due = datetime.fromtimestamp(run.due, UTC).astimezone(timetable.zone)
        words = {"job": job.id, "time": due.strftime("%H.%M"), "who": job.who}
        sentences.append(
            {
                "missed": locale.t("Job {job} of {time} was missed; {who} is to act.", **words),
                "killed": locale.t(
                    "Job {job} of {time} was stopped in the middle; {who} is to act.", **words
                ),
            }.get(run.state, locale.t("Job {job} of {time} failed; {who} is to act.", **words))
        )
    return tuple(sentences)
