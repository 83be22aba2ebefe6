"""What the briefing is told beside the figures: data/reference/briefing.yml and the agenda of data/reference/agenda.csv.

The agenda is a small dataset of the protocol office; a day without rows is a day of which nothing is known.
"""

from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from command_center.catalog.models import IndicatorId
from command_center.catalog.words import Declaration
from command_center.errors import ReferenceDataError
from command_center.regions.reference import KEEPER, read_table, read_yaml
from command_center.settings import Settings

FILE, AGENDA = "briefing.yml", "agenda.csv"
AGENDA_COLUMNS = ("date", "time", "activity", "place", "source", "source_date", "note")


class Desk(Declaration):
    """The indicators one part of the briefing reads, and the agency that answers where there is no figure."""

    indicators: tuple[IndicatorId, ...]
    owner: str


class BriefingPlan(Declaration):
    """The settings of the briefing. `address` is where readers of the mail open the pages."""

    address: str
    letters: Desk
    media: Desk
    decisions_owner: str
    agenda_owner: str


@dataclass(frozen=True)
class Appointment:
    """One entry of the agenda; `time` is "" where the source names none."""

    time: str
    activity: str
    place: str


def load_plan(settings: Settings) -> BriefingPlan:
    """Return the settings of the briefing; ReferenceDataError naming the key."""
    try:
        return BriefingPlan.model_validate(read_yaml(settings.reference_dir / FILE))
    except ValidationError as error:
        first = error.errors()[0]
        raise ReferenceDataError(
            f"The briefing's settings cannot be read: {'.'.join(map(str, first['loc']))}: {first['msg']}",
            where=f"data/reference/{FILE}",
            who=KEEPER,
            next_step="correct the key named above",
        ) from error


def agenda_of(settings: Settings, day: date) -> tuple[Appointment, ...]:
    """Return the agenda of a day in order of time, () where nothing is known; ReferenceDataError for a bad date."""
    path = settings.reference_dir / AGENDA
    found = []
    for line, row in enumerate(read_table(path, AGENDA_COLUMNS), start=2):
        try:
            is_today = date.fromisoformat(row["date"]) == day
        except ValueError as error:
            raise ReferenceDataError(
                f"{row['date']!r} is no date like 2026-11-24",
                where=f"data/reference/{AGENDA}, row {line}",
                who="the protocol office",
                next_step="correct the date",
            ) from error
        if is_today:
            found.append(Appointment(row["time"], row["activity"], row["place"]))
    return tuple(sorted(found, key=lambda one: one.time))
