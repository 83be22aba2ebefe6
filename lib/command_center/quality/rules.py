"""How datasets are scored and when they are due: data/reference/readiness.yml as frozen values.

Holds weights, edges, due days and the words of letters; scores nothing.
"""

from typing import Literal, Self, get_args

from pydantic import ValidationError, model_validator

from command_center.catalog import Text
from command_center.catalog.words import Cadence, Declaration, Provenance
from command_center.errors import ReferenceDataError
from command_center.regions.reference import KEEPER, read_yaml
from command_center.settings import Settings

FILE = "readiness.yml"
Component = Literal["completeness", "timeliness", "validity", "uniqueness", "consistency", "metadata"]
COMPONENTS: tuple[Component, ...] = get_args(Component)
Grade = Literal["green", "yellow", "red"]


class Weights(Declaration):
    """What each of the six scores counts for in the total."""

    provenance: Provenance
    completeness: float
    timeliness: float
    validity: float
    uniqueness: float
    consistency: float
    metadata: float

    @model_validator(mode="after")
    def _are_a_whole(self) -> Self:
        if abs(sum(self.of(name) for name in COMPONENTS) - 100) > 1e-9:
            raise ValueError("the weights do not add up to 100")
        return self

    def of(self, component: Component) -> float:
        """Return the weight of a score."""
        return float(getattr(self, component))


class Grades(Declaration):
    """The lowest total that is still green, and the lowest that is still yellow."""

    provenance: Provenance
    green: float
    yellow: float


class DueRule(Declaration):
    """The working days after a period's end by which its data are due (None: never), and how many periods back count."""

    working_days: int | None
    periods: int
    provenance: Provenance


class LegalBasis(Declaration):
    """A rule a letter rests on."""

    text: Text
    provenance: Provenance


class LetterRules(Declaration):
    """Who writes letters of request (an agency code), which post signs, and the rules they rest on."""

    sender: str
    signatory: Text
    answer_working_days: int
    basis: tuple[LegalBasis, ...]


class ReadinessRules(Declaration):
    """All of data/reference/readiness.yml."""

    weights: Weights
    grades: Grades
    late_points_per_working_day: float
    due: dict[Cadence, DueRule]
    letter: LetterRules

    @model_validator(mode="after")
    def _every_cadence_has_a_rule(self) -> Self:
        missing = [cadence for cadence in get_args(Cadence) if cadence not in self.due]
        if missing:
            raise ValueError(f"due has no rule for {', '.join(missing)}")
        return self

    def grade(self, total: float) -> Grade:
        """Return green, yellow or red for a total; each edge belongs to the better side."""
        if total >= self.grades.green:
            return "green"
        return "yellow" if total >= self.grades.yellow else "red"


def load_readiness_rules(settings: Settings) -> ReadinessRules:
    """Return the rules of the reference data; ReferenceDataError names the key that cannot be used."""
    path = settings.reference_dir / FILE
    try:
        return ReadinessRules.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ReferenceDataError(
            f"The readiness rules cannot be used: {place}: {first['msg']}",
            where=path.relative_to(settings.root).as_posix(),
            who=KEEPER,
            next_step="correct the entry",
        ) from error
