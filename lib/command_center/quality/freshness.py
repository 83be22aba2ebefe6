"""When a figure is too old to act on, by the rhythm of its dataset.

The limits are proposals in data/reference/freshness.yml, each with its reason. The day is always passed
in: nothing here reads the clock.
"""

from dataclasses import dataclass
from datetime import date
from typing import get_args

import pandas as pd
from pydantic import ValidationError

from command_center.catalog import Text
from command_center.catalog.words import Cadence, Declaration, Provenance
from command_center.errors import ReferenceDataError
from command_center.regions.reference import KEEPER, read_yaml
from command_center.settings import Settings

FILE = "freshness.yml"


class FreshnessLimit(Declaration):
    """The days after which a figure is stale; None where no age makes it so."""

    days: int | None
    provenance: Provenance
    reason: Text


@dataclass(frozen=True)
class Freshness:
    """How old a figure is. `age_days` is None where its date is unknown, negative for a date to come."""

    age_days: int | None
    is_stale: bool
    limit_days: int | None


class FreshnessLimits(Declaration):
    """One limit per cadence."""

    limits: dict[Cadence, FreshnessLimit]

    def freshness(self, as_of: date | None, cadence: Cadence, on: date) -> Freshness:
        """Return the age of a figure on a day; stale when older than the limit, or of unknown date.

        Nothing is stale under a cadence without a limit.
        """
        limit = self.limits[cadence].days
        if as_of is None:
            return Freshness(None, limit is not None, limit)
        age = (on - as_of).days
        return Freshness(age, limit is not None and age > limit, limit)

    def stale(self, as_of: pd.Series, cadence: Cadence, on: date) -> pd.Series:
        """Return the same judgement for a column of dates (NaT: unknown) as a boolean column."""
        limit = self.limits[cadence].days
        if limit is None:
            return pd.Series(False, index=as_of.index)
        return as_of.isna() | as_of.lt(pd.Timestamp(on) - pd.Timedelta(days=limit))


def load_freshness_limits(settings: Settings) -> FreshnessLimits:
    """Return the limits of the reference data; ReferenceDataError when one is missing or cannot be read."""
    where = (settings.reference_dir / FILE).relative_to(settings.root).as_posix()
    try:
        limits = FreshnessLimits.model_validate(read_yaml(settings.reference_dir / FILE))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _unusable(f"The freshness limits cannot be read: {place}: {first['msg']}", where) from error
    missing = [cadence for cadence in get_args(Cadence) if cadence not in limits.limits]
    if missing:
        raise _unusable(f"There is no freshness limit for {', '.join(missing)}", where)
    return limits


def _unusable(what: str, where: str) -> ReferenceDataError:
    return ReferenceDataError(what, where=where, who=KEEPER, next_step="give every cadence its limit")
