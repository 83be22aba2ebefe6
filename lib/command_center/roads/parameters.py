"""The numbers by which roads are judged, read from `data/reference/roads.yml`, each part with its provenance."""

from typing import Literal

from pydantic import ValidationError

from command_center.catalog.words import Declaration, Provenance
from command_center.errors import ReferenceDataError
from command_center.regions.reference import KEEPER, read_yaml
from command_center.settings import Settings

FILE = "roads.yml"
Authority = Literal["nasional", "provinsi", "kabupaten", "desa"]


class Tagged(Declaration):
    """Numbers that share one origin."""

    provenance: Provenance
    source: str


class Bounds(Declaration):
    """Degrees within which a position may lie."""

    west: float
    east: float
    south: float
    north: float


class Placing(Tagged):
    """How a report finds its place on a road."""

    metric_crs: str
    bounds: Bounds
    gps_radius_m: float
    text_radius_m: float
    junction_gap_m: float
    cluster_m: float
    cluster_days: int
    segment_m: float


class Tolerances(Tagged):
    """How far a survey or a line may be off."""

    length_tolerance_pct: float
    geometry_tolerance_pct: float
    end_distance_m: float


class VisualIndex(Tagged):
    """Lower edges of the classes on the index of 0 to 100 (IKP)."""

    good_from: float
    fair_from: float
    light_damage_from: float


class ClassColumns(Tagged):
    """Which column of a table of lengths by class stands for which class here: header -> class."""

    columns: dict[str, str]


class Work(Declaration):
    """What a treatment costs and how long it keeps a road steady."""

    billion_per_km: float
    steady_years: float


class Treatments(Tagged):
    """The four treatments, by their names."""

    rutin: Work
    berkala: Work
    rehabilitasi: Work
    rekonstruksi: Work


class ReportedPackage(Declaration):
    """A package of works that was reported with value and length."""

    label: str
    billion_per_km: float


class ReportedCosts(Tagged):
    """What packages cost, to read the proposed unit costs by."""

    packages: tuple[ReportedPackage, ...]


class Weights(Declaration):
    """The parts of the priority; they add up to one."""

    severity: float
    traffic: float
    people: float
    reports: float
    access: float


class Priority(Tagged):
    """How urgent a segment is: weights, and what counts as full in each part."""

    weights: Weights
    severity: dict[str, float]
    full_traffic: float
    full_people: float
    full_reports_per_km: float
    full_facilities: float


class PlanRules(Tagged):
    """What a plan must keep to."""

    minimum_package_m: float
    floor_share: float
    step_billion: float
    frontier_billion: tuple[float, ...]


class Deterioration(Tagged):
    """Share of a class's length that drops to the next class within a year, and the band around it."""

    yearly: dict[str, float]
    band: float


class RoadParameters(Declaration):
    """All of `roads.yml`."""

    own_authority: Authority
    placing: Placing
    checks: Tolerances
    visual_index: VisualIndex
    class_lengths: ClassColumns
    treatment: Treatments
    reported_costs: ReportedCosts
    priority: Priority
    plan: PlanRules
    deterioration: Deterioration

    def work(self, treatment: str) -> Work:
        """Return cost and life of a treatment by its name; AttributeError for one that does not exist."""
        work: Work = getattr(self.treatment, treatment)
        return work


def load_parameters(settings: Settings) -> RoadParameters:
    """Return the parameters of the house; ReferenceDataError names the key that is missing or wrong."""
    path = settings.reference_dir / FILE
    declared = read_yaml(path)
    try:
        return RoadParameters.model_validate(declared)
    except ValidationError as error:
        first = error.errors()[0]
        raise ReferenceDataError(
            f"roads: {first['msg']}",
            where=f"{FILE}: {'.'.join(str(part) for part in first['loc'])}",
            who=KEEPER,
            next_step=f"mend the key in data/reference/{FILE}",
        ) from error
