"""The rules by which a figure asks for a decision, as declared: data/reference/rules.yml and each sector's rules.yml.

YAML holds the nouns: indicators, limits, who answers, what may be done, on whose word. What a condition means
stands in `conditions`.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from command_center.catalog import Text
from command_center.catalog.models import IndicatorId
from command_center.catalog.words import Declaration, Level, Provenance, Slug
from command_center.errors import ReferenceDataError
from command_center.regions.reference import KEEPER, read_yaml
from command_center.settings import Settings

FILE = "rules.yml"


class Limit(Declaration):
    """Above, or below, a value; `edge` says that the value itself is a breach too."""

    kind: Literal["limit"]
    above: float | None = None
    below: float | None = None
    edge: bool = False

    @model_validator(mode="after")
    def _has_one_side(self) -> Self:
        if (self.above is None) == (self.below is None):
            raise ValueError("a limit is above or below, one of them")
        return self


class Drop(Declaration):
    """Worse than the period before by more than so many points."""

    kind: Literal["drop"]
    points: float = Field(ge=0)


class Rise(Declaration):
    """Up in each of the last periods, and more than chance explains."""

    kind: Literal["rise"]
    steps: int = Field(ge=1)


class Growth(Declaration):
    """More than the period before by more than a share of it, in percent."""

    kind: Literal["growth"]
    percent: float = Field(gt=0)


class Curve(Declaration):
    """Behind a yearly curve by more than so many points; the curve gives what is due at the end of each quarter."""

    kind: Literal["curve"]
    quarters: tuple[float, float, float, float]
    points: float = Field(ge=0)


class SameSeason(Declaration):
    """Above mean plus so many standard deviations of the same period in earlier years."""

    kind: Literal["same_season"]
    years: int = Field(ge=2)
    least_years: int = Field(ge=2)
    deviations: float = Field(gt=0)


Condition = Annotated[Limit | Drop | Rise | Growth | Curve | SameSeason, Field(discriminator="kind")]


class Guard(Declaration):
    """Another indicator that must reach a value in the same place and period, or nothing is concluded."""

    indicator: IndicatorId
    least: float


class Watched(Declaration):
    """Indicators under one condition; `severe` and `clear` are margins beyond and before its threshold.

    A breach by more than `severe` is raised at once, any other in the `periods`-th period in a row; a raised one
    ends when the figure is better than the threshold by more than `clear`.
    """

    indicators: tuple[IndicatorId, ...]
    condition: Condition
    severe: float | None = None
    clear: float = Field(default=0.0, ge=0)
    periods: int = Field(default=2, ge=1)
    guard: Guard | None = None


class Consequence(Declaration):
    """What is at stake, each from 0 to 3: people touched, rupiah, duties in law."""

    people: int = Field(ge=0, le=3)
    rupiah: int = Field(ge=0, le=3)
    law: int = Field(ge=0, le=3)


class Rule(Declaration):
    """One rule: what it watches, who answers, what to look at, what may be done."""

    id: Slug
    number: int = Field(ge=1)
    name: Text
    provenance: Provenance
    source: Text
    levels: tuple[Level, ...] = ("kab",)
    agencies: bool = False
    watches: tuple[Watched, ...]
    compare: tuple[IndicatorId, ...] = ()
    owner: str
    supporting: tuple[str, ...] = ()
    evidence: Text
    rivals: tuple[Text, ...]
    unknown: tuple[Text, ...] = ()
    options: tuple[Text, ...]
    consequence: Consequence


class RuleBook(Declaration):
    """All rules, and the settings of signals."""

    rules: tuple[Rule, ...]
    seasonal: tuple[IndicatorId, ...] = ()
    false_discovery_rate: float = Field(default=0.1, gt=0, lt=1)
    most_a_day: int = Field(default=7, ge=1)
    confirm_working_days: int = Field(default=2, ge=1)
    severe_limits: float = Field(default=1.5, gt=1)
    data_score_floor: float = 70.0
    provenance: Provenance = "proposal"

    @model_validator(mode="after")
    def _is_once(self) -> Self:
        ids = [rule.id for rule in self.rules]
        if len(set(ids)) < len(ids):
            raise ValueError("a rule id is declared twice")
        return self

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule of that id; None for signals that come from no declared rule."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


class _SectorRules(Declaration):
    rules: tuple[Rule, ...] = ()
    seasonal: tuple[IndicatorId, ...] = ()


def load_rule_book(settings: Settings) -> RuleBook:
    """Return the rules of the house and of all its sectors; ReferenceDataError naming the file and the key."""
    paths = (settings.reference_dir / FILE, *sorted(settings.sectors_dir.glob(f"*/{FILE}")))
    stamps = tuple((path, path.stat().st_mtime_ns) for path in paths if path.is_file())
    return _load(settings.root, stamps)


@lru_cache(maxsize=4)
def _load(root: Path, stamps: tuple[tuple[Path, int], ...]) -> RuleBook:
    whole = RuleBook(rules=())
    for path, _ in stamps:
        where = path.relative_to(root).as_posix()
        try:
            content = read_yaml(path)
            if path.parent.name == "reference":
                whole = RuleBook.model_validate(content)
            else:
                own = _SectorRules.model_validate(content)
                whole = RuleBook.model_validate(
                    {
                        **whole.model_dump(),
                        "rules": [rule.model_dump() for rule in (*whole.rules, *own.rules)],
                        "seasonal": (*whole.seasonal, *own.seasonal),
                    }
                )
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ReferenceDataError(
                f"The rules cannot be read: {place}: {first['msg']}",
                where=where,
                who=KEEPER,
                next_step="correct the key named above",
            ) from error
    return whole
