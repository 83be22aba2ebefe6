"""The words a sector.yml may use.

Field declarations follow the Frictionless Table Schema vocabulary, so that they can be
published beside the data. Unknown words are refused, never ignored.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator

Provenance = Literal["law", "practice", "proposal", "published"]
Direction = Literal["up", "down", "neutral"]
Level = Literal["kab", "kec", "desa"]
Cadence = Literal["daily", "weekly", "monthly", "tranche", "quarterly", "semester", "yearly", "irregular"]
Access = Literal["publik", "internal", "dikecualikan"]
Unit = Literal[
    "percent",
    "persons",
    "children",
    "households",
    "villages",
    "km",
    "idr",
    "count",
    "cases",
    "deaths",
    "per_1000",
    "per_100000",
    "years",
    "index",
    "days",
    "hours",
    "ratio",
    "points",
]

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
IndicatorId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}[0-9]+[a-z]?(\.[a-z][a-z0-9_]*)?$")]


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return " ".join(text.split())


Sentence = Annotated[str, AfterValidator(_filled)]


class Declaration(BaseModel):
    """Base of all declarations: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Declaration):
    """One text in both languages."""

    id: Sentence
    en: Sentence

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.id


class Constraints(Declaration):
    """Frictionless field constraints."""

    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[str, ...] | None = None
    pattern: str | None = None


class Field(Declaration):
    """One column of a dataset."""

    name: Slug
    type: Literal["string", "integer", "number", "date", "boolean", "any"] = "string"
    title: Text | None = None
    unit: Unit | None = None
    constraints: Constraints = Constraints()


class Reference(Declaration):
    """Where a foreign key leads."""

    resource: Literal["regions", "agencies"]
    fields: Slug = "code"


class ForeignKey(Declaration):
    """A column whose values must exist in a reference table."""

    fields: Slug
    reference: Reference


class TableSchema(Declaration):
    """Frictionless Table Schema: columns, key, foreign keys."""

    fields: tuple[Field, ...]
    primaryKey: tuple[Slug, ...] = ()  # Frictionless spelling
    foreignKeys: tuple[ForeignKey, ...] = ()

    @model_validator(mode="after")
    def _keys_are_columns(self) -> Self:
        names = {field.name for field in self.fields}
        for key in (*self.primaryKey, *(foreign.fields for foreign in self.foreignKeys)):
            if key not in names:
                raise ValueError(f"key {key!r} is not one of the fields")
        return self


class Dataset(Declaration):
    """A table one agency owes: its columns, its rhythm, the file it lies in."""

    id: Slug
    title: Text
    owner: str | None = None
    cadence: Cadence
    file: str | None = None
    is_sample: bool = False
    methods: dict[Slug, Text] = {}
    table: TableSchema

    @property
    def is_awaited(self) -> bool:
        """True while nobody has supplied the dataset."""
        return self.file is None


class Formula(Declaration):
    """Columns of the tidy dataset: value = numerator ÷ denominator × scale.

    `published` names the column that holds the value where a source printed only that.
    """

    numerator: Slug | None = None
    denominator: Slug | None = None
    scale: float = 1.0
    published: Slug | None = None
    n: Slug | None = None

    @model_validator(mode="after")
    def _has_a_value(self) -> Self:
        if self.numerator is None and self.published is None:
            raise ValueError("needs a numerator or a published column")
        if self.denominator is not None and self.numerator is None:
            raise ValueError("a denominator needs a numerator")
        return self

    @property
    def is_additive(self) -> bool:
        """True where children may be summed into their parent's value."""
        return self.numerator is not None


class Target(Declaration):
    """What is to be reached, by when, and on whose word."""

    value: float
    year: int | None = None
    provenance: Provenance
    source: Text


class Bands(Declaration):
    """Edges between good, watch and critical; the better side includes its edge."""

    good: float
    watch: float
    provenance: Provenance
    source: Text


class Indicator(Declaration):
    """One question answered by one number."""

    id: IndicatorId
    name: Text
    question: Text
    definition: Text
    dataset: Slug
    formula: Formula
    numerator: Text | None = None
    denominator: Text | None = None
    unit: Unit
    decimals: int = 2
    direction: Direction
    grain: Level
    grain_reason: Text | None = None
    cadence: Cadence | None = None
    owner: str | None = None
    main_method: Slug | None = None
    target: Target | None = None
    bands: Bands | None = None
    limits: Text | None = None
    legal_basis: Text | None = None
    legal_provenance: Provenance | None = None
    access: Access = "publik"

    @model_validator(mode="after")
    def _bands_fit_direction(self) -> Self:
        if self.bands is None:
            return self
        if self.direction == "neutral":
            raise ValueError("bands need a direction of up or down")
        ordered = self.bands.good >= self.bands.watch
        if ordered != (self.direction == "up") and self.bands.good != self.bands.watch:
            raise ValueError("bands: good must lie on the better side of watch")
        return self

    @model_validator(mode="after")
    def _law_has_a_basis(self) -> Self:
        if self.legal_basis is not None and self.legal_provenance is None:
            raise ValueError("legal_basis needs legal_provenance")
        return self


class Page(Declaration):
    """What stands out: the figure on the home tile and the two beside it."""

    headline: IndicatorId
    beside: tuple[IndicatorId, ...] = ()


class Sector(Declaration):
    """One dashboard item."""

    slug: Slug
    order: int
    name: Text
    question: Text
    story: Text
    owner: str
    supporting: tuple[str, ...] = ()
    datasets: tuple[Dataset, ...]
    indicators: tuple[Indicator, ...]
    page: Page

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        datasets = {dataset.id for dataset in self.datasets}
        ids = [indicator.id for indicator in self.indicators]
        if len(set(ids)) < len(ids):
            raise ValueError("an indicator id is declared twice")
        for indicator in self.indicators:
            if indicator.dataset not in datasets:
                raise ValueError(f"indicator {indicator.id}: dataset {indicator.dataset!r} is not declared")
            self._check_method(indicator)
        for wanted in (self.page.headline, *self.page.beside):
            if wanted not in ids:
                raise ValueError(f"page: indicator {wanted} is not declared")
        return self

    def _check_method(self, indicator: Indicator) -> None:
        methods = self.dataset(indicator.dataset).methods
        if indicator.main_method is not None and indicator.main_method not in methods:
            raise ValueError(
                f"indicator {indicator.id}: main_method {indicator.main_method!r} is not a method of its dataset"
            )

    def dataset(self, dataset_id: str) -> Dataset:
        """Return the dataset of that id; KeyError where the sector declares none."""
        for dataset in self.datasets:
            if dataset.id == dataset_id:
                return dataset
        raise KeyError(dataset_id)

    def indicator(self, indicator_id: str) -> Indicator:
        """Return the indicator of that id; KeyError where the sector declares none."""
        for indicator in self.indicators:
            if indicator.id == indicator_id:
                return indicator
        raise KeyError(indicator_id)

    def owner_of(self, indicator: Indicator) -> str:
        """Return the agency code that answers for an indicator."""
        return indicator.owner or self.dataset(indicator.dataset).owner or self.owner
