"""The words a sector.yml may use for its indicators and for itself; its datasets: catalog.datasets.

Unknown words are refused, never ignored.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from command_center.catalog.datasets import Dataset
from command_center.catalog.words import (
    Access,
    Cadence,
    Declaration,
    Direction,
    Level,
    Provenance,
    Slug,
    Text,
    Unit,
)
from command_center.locale.periods import Grain

IndicatorId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}[0-9]+[a-z]?(\.[a-z][a-z0-9_]*)?$")]


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


class Feed(Declaration):
    """A further dataset that carries the same indicator, as an agency's own table beside published figures.

    `formula` names its columns where they differ from the indicator's own; the scale must be the same.
    """

    dataset: Slug
    formula: Formula | None = None


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


class LawfulTotals(Declaration):
    """Totals of the whole regency that stay open whatever they give away: which periods, and on whose word."""

    periods: tuple[Grain, ...]
    source: Text


class SmallCells(Declaration):
    """How an indicator that counts persons is kept from the public below the regency (DOMAIN.md section 5).

    A figure whose `counts` lie below `below`, zero among them, is hidden, and so is a share of fewer than
    `least_denominator`. "remainder" is the denominator less the numerator: those without what is counted.
    """

    below: int = Field(default=5, ge=2)
    counts: tuple[Literal["numerator", "denominator", "remainder"], ...] = ("numerator",)
    least_denominator: int = 30
    provenance: Provenance = "proposal"
    lawful_totals: LawfulTotals | None = None


class Indicator(Declaration):
    """One question answered by one number."""

    id: IndicatorId
    name: Text
    question: Text
    definition: Text
    dataset: Slug
    formula: Formula
    feeds: tuple[Feed, ...] = ()
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
    share_of_target: bool = (
        False  # the denominator is itself the target, and may change from period to period
    )
    pair: IndicatorId | None = None  # the other indicator of the sector without which this one is never shown
    limits: Text | None = None
    legal_basis: Text | None = None
    legal_provenance: Provenance | None = None
    access: Access = "publik"
    small_cells: SmallCells | None = None
    no_small_cells: Text | None = None  # why figures of persons or households are open however small they are

    @model_validator(mode="after")
    def _small_cells_are_counted(self) -> Self:
        if self.small_cells is None:
            return self
        if self.no_small_cells is not None:
            raise ValueError("small_cells and no_small_cells exclude each other")
        if self.formula.numerator is None:
            raise ValueError("small_cells needs a numerator in the formula")
        if self.formula.denominator is None and set(self.small_cells.counts) != {"numerator"}:
            raise ValueError("small_cells: denominator and remainder need a denominator in the formula")
        return self

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
    def _share_has_a_denominator(self) -> Self:
        if self.share_of_target and self.formula.denominator is None:
            raise ValueError("share_of_target needs a denominator in the formula")
        return self

    @model_validator(mode="after")
    def _feeds_measure_the_same(self) -> Self:
        for feed in self.feeds:
            other = feed.formula
            if other is None:
                continue
            if other.scale != self.formula.scale:
                raise ValueError(f"feed {feed.dataset}: another scale would be another indicator")
            if (other.denominator is None) != (self.formula.denominator is None) and self.formula.is_additive:
                raise ValueError(f"feed {feed.dataset}: a share and a count are two indicators")
        if len({self.dataset, *(feed.dataset for feed in self.feeds)}) <= len(self.feeds):
            raise ValueError("a dataset feeds the indicator twice")
        return self

    @property
    def datasets(self) -> tuple[str, ...]:
        """Every dataset that carries the indicator, the leading one first."""
        return (self.dataset, *(feed.dataset for feed in self.feeds))

    def fed_by(self, dataset: str) -> "Indicator":
        """Return the indicator as one of its datasets carries it; itself for the leading one."""
        for feed in self.feeds:
            if feed.dataset == dataset and dataset != self.dataset:
                return self.model_copy(
                    update={"dataset": dataset, "formula": feed.formula or self.formula, "feeds": ()}
                )
        return self

    @model_validator(mode="after")
    def _law_has_a_basis(self) -> Self:
        if self.legal_basis is not None and self.legal_provenance is None:
            raise ValueError("legal_basis needs legal_provenance")
        return self


class PagePart(Declaration):
    """A further page of a sector, one notebook of its folder each: `<id>.ipynb`."""

    id: Slug
    title: Text


class Page(Declaration):
    """What stands out: the figure on the home tile and the two beside it; and the further pages of the sector."""

    headline: IndicatorId
    beside: tuple[IndicatorId, ...] = ()
    parts: tuple[PagePart, ...] = ()


class RoadData(Declaration):
    """Which datasets of a sector hold its roads: inventory with lines, survey by segment, damage reports."""

    links: Slug
    segments: Slug
    reports: Slug


class Sector(Declaration):
    """One dashboard item.

    With `roads` it has a page of its own for them. `home` says whether it has a tile on the home page or, being
    no item of its own, a strip below the tiles.
    """

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
    home: Literal["tile", "strip"] = "tile"
    roads: RoadData | None = None

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        datasets = {dataset.id for dataset in self.datasets}
        ids = [indicator.id for indicator in self.indicators]
        if len(set(ids)) < len(ids):
            raise ValueError("an indicator id is declared twice")
        for indicator in self.indicators:
            for wanted in indicator.datasets:
                if wanted not in datasets:
                    raise ValueError(f"indicator {indicator.id}: dataset {wanted!r} is not declared")
            self._check_method(indicator)
            if indicator.pair is not None and (indicator.pair not in ids or indicator.pair == indicator.id):
                raise ValueError(
                    f"indicator {indicator.id}: pair {indicator.pair} is no other indicator here"
                )
        for wanted in (self.page.headline, *self.page.beside):
            if wanted not in ids:
                raise ValueError(f"page: indicator {wanted} is not declared")
        for wanted in self.roads.model_dump().values() if self.roads else ():
            if wanted not in datasets:
                raise ValueError(f"roads: dataset {wanted!r} is not declared")
        return self

    def _check_method(self, indicator: Indicator) -> None:
        methods = self.methods_of(indicator)
        if indicator.main_method is not None and indicator.main_method not in methods:
            raise ValueError(
                f"indicator {indicator.id}: main_method {indicator.main_method!r} is not a method of its datasets"
            )

    def methods_of(self, indicator: Indicator) -> dict[str, Text]:
        """Return the ways of counting an indicator by code: those of all datasets that carry it."""
        return {
            code: title for name in indicator.datasets for code, title in self.dataset(name).methods.items()
        }

    def dataset(self, dataset_id: str) -> Dataset:
        """Return the dataset of that id; KeyError where the sector declares none."""
        for dataset in self.datasets:
            if dataset.id == dataset_id:
                return dataset
        raise KeyError(dataset_id)

    def part(self, part_id: str) -> PagePart:
        """Return the further page of that id; KeyError where the sector declares none."""
        for part in self.page.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)

    def indicator(self, indicator_id: str) -> Indicator:
        """Return the indicator of that id; KeyError where the sector declares none."""
        for indicator in self.indicators:
            if indicator.id == indicator_id:
                return indicator
        raise KeyError(indicator_id)

    def owner_of(self, indicator: Indicator) -> str:
        """Return the agency code that answers for an indicator."""
        return indicator.owner or self.dataset(indicator.dataset).owner or self.owner
