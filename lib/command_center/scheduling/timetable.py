"""scheduled/schedule.yml: jobs with their times, limits and recipients. Unknown words are refused."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from apscheduler.triggers.cron import CronTrigger
from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from command_center.catalog.words import Declaration, Slug
from command_center.errors import CommandCenterError
from command_center.regions import load_profile
from command_center.settings import Settings

FILE = "schedule.yml"
CatchUp = Literal["none", "latest", "all"]
_MOST_DUE = 1000


class ScheduleError(CommandCenterError):
    """A timetable that cannot be read, or a run that cannot be had."""


class Recipient(Declaration):
    """Who gets what a job makes: an account's mail address, or a folder below the house.

    Mail shows what the account may see; a folder gets what everybody may see.
    """

    login: str = ""
    mail: Annotated[str, StringConstraints(pattern=r"^$|^[^@\s,<>]+@[^@\s,<>]+$")] = ""
    folder: str = ""
    language: Literal["id", "en"] = "id"

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if bool(self.folder) == bool(self.mail) or bool(self.mail) != bool(self.login):
            raise ValueError("a recipient is a folder, or a login with its mail")
        if self.folder and (Path(self.folder).is_absolute() or ".." in Path(self.folder).parts):
            raise ValueError("the folder lies below the house")
        return self


class Retention(Declaration):
    """Dated folders or files below `folder` older than so many days are removed after the job."""

    folder: str
    days: int = Field(ge=1)


class Job(Declaration):
    """One job: a command of this house or a notebook, and when and how it runs."""

    id: Slug
    cron: str
    command: tuple[str, ...] = ()
    notebook: str = ""
    parameters: dict[str, str] = Field(default_factory=dict)
    timeout_s: float = Field(gt=0)
    retries: int = Field(default=0, ge=0)
    backoff_s: float = Field(default=60.0, ge=0)
    catch_up: CatchUp = "none"
    catch_up_hours: float = Field(default=24.0, gt=0)
    retention: Retention | None = None
    recipients: tuple[Recipient, ...] = ()
    who: str = "the analyst"

    @field_validator("cron")
    @classmethod
    def _cron_is_readable(cls, text: str) -> str:
        CronTrigger.from_crontab(_named_days(text))
        return text

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if bool(self.command) == bool(self.notebook):
            raise ValueError("a job is a command or a notebook, one of them")
        return self

    def due_between(self, after: datetime, until: datetime) -> list[datetime]:
        """Return the times it is due after `after` up to and including `until`, oldest first."""
        # Standard cron counts Sunday as 0; from_crontab would make it Monday.
        trigger = CronTrigger.from_crontab(_named_days(self.cron), timezone=after.tzinfo)
        found: list[datetime] = []
        moment = after + timedelta(seconds=1)
        while len(found) < _MOST_DUE:
            due = trigger.get_next_fire_time(None, moment)
            if due is None or due > until:
                break
            found.append(due)
            moment = due + timedelta(seconds=1)
        return found

    def next_due(self, after: datetime) -> datetime | None:
        """Return when it is due next."""
        trigger = CronTrigger.from_crontab(_named_days(self.cron), timezone=after.tzinfo)
        due: datetime | None = trigger.get_next_fire_time(None, after + timedelta(seconds=1))
        return due


_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _named_days(cron: str) -> str:
    *rest, days = cron.split() or [""]
    named = "".join(_DAYS[int(one)] if one.isdigit() and int(one) < len(_DAYS) else one for one in days)
    return " ".join([*rest, days if "/" in days else named])


class Timetable(Declaration):
    """All jobs and what they share; times are those of the regency's zone."""

    timezone: str
    interval_s: float = Field(default=20.0, gt=0)
    lease_s: float = Field(default=120.0, gt=0)
    late_s: float = Field(default=300.0, gt=0)
    keep_runs_days: int = Field(default=400, ge=1)
    sender: str = "command-center@localhost"
    jobs: tuple[Job, ...]

    @model_validator(mode="after")
    def _ids_are_once(self) -> Self:
        if len({job.id for job in self.jobs}) < len(self.jobs):
            raise ValueError("a job id is declared twice")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def job(self, job_id: str) -> Job | None:
        """Return a job, None where there is none of that id."""
        return next((job for job in self.jobs if job.id == job_id), None)


def load_timetable(settings: Settings) -> Timetable:
    """Return the timetable of a house; ScheduleError naming the key that is wrong."""
    path = settings.root / "scheduled" / FILE
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        zone = load_profile(settings).timezone
        return Timetable.model_validate({"timezone": zone, **content})
    except ValidationError as error:
        first = error.errors()[0]
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    except (OSError, yaml.YAMLError, TypeError) as error:
        what = str(error)
    raise ScheduleError(
        f"The timetable cannot be read: {what}",
        where=f"scheduled/{FILE}",
        who="the analyst",
        next_step="correct it, then command-center schedule list",
    )
