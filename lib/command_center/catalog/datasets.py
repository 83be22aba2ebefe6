"""The words in which a sector declares a dataset: columns, keys, how senders lay it out, which sums must agree.

Field declarations follow the Frictionless Table Schema vocabulary, so that they can be published beside the
data. Nouns only: nothing here reads or checks a table.
"""

from typing import Annotated, Literal, Self

from pydantic import Field as PydanticField
from pydantic import model_validator

from command_center.catalog.words import (
    SAMPLE_METHOD,
    Cadence,
    Declaration,
    Personal,
    RegionLevel,
    Sentence,
    Slug,
    Text,
    Unit,
)


class Constraints(Declaration):
    """Frictionless field constraints."""

    required: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[str, ...] | None = None
    pattern: str | None = None


class Field(Declaration):
    """One column of a dataset.

    Beyond Frictionless: `aliases` are other headers under which senders write the column; `personal` marks
    what identifies a person, which intake replaces by a keyed code before anything is kept; `is_planned` marks a
    day set beforehand, as a deadline, which may lie after the day the file came.
    """

    name: Slug
    type: Literal["string", "integer", "number", "date", "boolean", "any"] = "string"
    title: Text | None = None
    unit: Unit | None = None
    constraints: Constraints = Constraints()
    aliases: tuple[Sentence, ...] = ()
    personal: Personal | None = None
    is_planned: bool = False


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


class RegionFrom(Declaration):
    """A region code that senders leave out: found from a name column, within the region another one names."""

    field: Slug
    name: Slug
    within: Slug | None = None


class Layout(Declaration):
    """How senders lay out the table.

    `fill_down` are columns written only in the first row of a group; `ignore` are headers not wanted;
    `region_levels` are the levels a name in a region column may mean; `sheets` the sheets to read, all when
    empty.
    """

    fill_down: tuple[Slug, ...] = ()
    ignore: tuple[Sentence, ...] = ()
    region_levels: tuple[RegionLevel, ...] = ()
    region_from: RegionFrom | None = None
    sheets: tuple[Sentence, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field the layout speaks of."""
        source = self.region_from
        named = () if source is None else (source.field, source.name, source.within)
        return (*self.fill_down, *(name for name in named if name is not None))


class PartsTotal(Declaration):
    """In every row the parts add up to the total; an empty part counts as nothing."""

    kind: Literal["parts_total"]
    parts: tuple[Slug, ...]
    total: Slug
    tolerance_pct: float = 0.0

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns compared."""
        return (*self.parts, self.total)


class NotAbove(Declaration):
    """In every row one column is at most another, as the weighed among the target children."""

    kind: Literal["not_above"]
    column: Slug
    limit: Slug

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns compared."""
        return (self.column, self.limit)


class ChildrenSum(Declaration):
    """Where a region and all its children report, the children add up to it."""

    kind: Literal["children_sum"]
    column: Slug
    tolerance_pct: float = 0.0

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns compared."""
        return (self.column,)


class NeverFalls(Declaration):
    """A figure cumulative within the year: no period is below an earlier one of the same key."""

    kind: Literal["never_falls"]
    column: Slug
    along: Slug

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns compared."""
        return (self.column, self.along)


CrossCheck = Annotated[PartsTotal | NotAbove | ChildrenSum | NeverFalls, PydanticField(discriminator="kind")]


class Dataset(Declaration):
    """A table one agency owes: its columns, its rhythm, the file it lies in, the sums that must agree."""

    id: Slug
    title: Text
    owner: str | None = None
    cadence: Cadence
    file: str | None = None
    is_sample: bool = False
    methods: dict[Slug, Text] = PydanticField(default_factory=dict)
    table: TableSchema
    layout: Layout = Layout()
    checks: tuple[CrossCheck, ...] = ()

    @model_validator(mode="after")
    def _sample_is_no_method_of_anybody(self) -> Self:
        if SAMPLE_METHOD in self.methods:
            raise ValueError(f"{SAMPLE_METHOD!r} is the method of sample data and cannot be declared")
        return self

    @model_validator(mode="after")
    def _layout_and_checks_name_fields(self) -> Self:
        names = {field.name for field in self.table.fields}
        for used in (*self.layout.fields, *(name for check in self.checks for name in check.fields)):
            if used not in names:
                raise ValueError(f"{used!r}, named under layout or checks, is not one of the fields")
        return self

    @property
    def is_awaited(self) -> bool:
        """True while nobody has supplied the dataset."""
        return self.file is None
