"""What a blank workbook is made from: a declared dataset, the reference tables, a period, last time's figures.

Reads declarations, reference data and published tables; writes nothing and never looks at the clock.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from command_center.catalog import Dataset, Sector, load_catalog
from command_center.catalog.words import Cadence
from command_center.errors import CatalogError, CommandCenterError
from command_center.ingest.published import read_published
from command_center.locale import parse_period
from command_center.quality import load_freshness_limits
from command_center.regions import (
    VILLAGE_LEVELS,
    AgencyBook,
    RegencyProfile,
    Region,
    RegionTree,
    load_agencies,
    load_profile,
    load_regions,
)
from command_center.settings import Settings

PERIOD_FIELD, METHOD_FIELD = "period", "method"
_LEVELS_OF_GRAIN = {"desa": VILLAGE_LEVELS, "kec": ("kec",), "kab": ("kab",)}
_PARTS: dict[Cadence, tuple[str, ...]] = {
    "quarterly": tuple(f"-Q{part}" for part in range(1, 5)),
    "semester": ("-S1", "-S2"),
    "monthly": tuple(f"-{part:02d}" for part in range(1, 13)),
    "yearly": ("",),
}


class WorkbookOrderError(CommandCenterError):
    """A workbook that cannot be made as asked for."""


@dataclass(frozen=True, eq=False)
class References:
    """The tables that codes lead to, and who this house serves."""

    profile: RegencyProfile
    regions: RegionTree
    agencies: AgencyBook


@dataclass(frozen=True, eq=False)
class WorkbookOrder:
    """One blank workbook to make.

    `period` is "" where the officer chooses it from `periods`. `last` holds last period's rows under the
    declared columns (typed, missing is NaN), None where there are none. `stale_from` is the first day on
    which figures of `period` count as stale, None without a period or limit.
    """

    sector: Sector
    dataset: Dataset
    references: References
    period: str = ""
    periods: tuple[str, ...] = ()
    last: pd.DataFrame | None = None
    stale_from: date | None = None

    @property
    def owner_code(self) -> str:
        """The agency that owes the dataset."""
        return self.dataset.owner or self.sector.owner

    @property
    def region_field(self) -> str | None:
        """The column of region codes, None where the dataset has none."""
        return field_to(self.dataset, "regions")

    @property
    def expected_regions(self) -> tuple[Region, ...]:
        """The regions that must each have a row: those of the finest level any indicator needs.

        Empty where the key holds more than region, period and method: how many rows there are is then the
        sender's to say.
        """
        key = set(self.dataset.table.primaryKey)
        if self.region_field not in key or not key <= {self.region_field, PERIOD_FIELD, METHOD_FIELD}:
            return ()
        levels = self._levels
        tree = self.references.regions
        root = (tree.root,) if tree.root.level in levels else ()
        return (*root, *tree.descendants(tree.root.code, level=levels))

    @property
    def last_period(self) -> str:
        """The period of `last`, "" where there is none."""
        if self.last is None or self.last.empty or PERIOD_FIELD not in self.last:
            return ""
        return str(self.last[PERIOD_FIELD].iloc[0])

    @property
    def _levels(self) -> tuple[str, ...]:
        if self.dataset.layout.region_levels:
            return tuple(self.dataset.layout.region_levels)
        grains = {item.grain for item in self.sector.indicators if item.dataset == self.dataset.id}
        return next((levels for grain, levels in _LEVELS_OF_GRAIN.items() if grain in grains), ("kab",))


def field_to(dataset: Dataset, resource: str) -> str | None:
    """Return the column whose codes lead to "regions" or "agencies", None where there is none."""
    keys = dataset.table.foreignKeys
    return next((key.fields for key in keys if key.reference.resource == resource), None)


def load_references(settings: Settings) -> References:
    """Return the reference tables of the house."""
    return References(load_profile(settings), load_regions(settings), load_agencies(settings))


def prepare_order(settings: Settings, target: str, day: date, period: str = "") -> WorkbookOrder:
    """Return the order for `target`, written `sector.dataset`, with the published figures as last period.

    `day` decides which periods are offered where none is given. Raises CatalogError for an unknown target,
    WorkbookOrderError for a period that is not one of the five spellings.
    """
    sector, dataset = find_dataset(settings, target)
    references = load_references(settings)
    if period:
        _refuse_unknown_period(period)
    last = None
    if dataset.file is not None:
        agency_codes = frozenset(references.agencies.codes)
        table = read_published(settings, sector.slug, dataset, references.regions, agency_codes)
        last = rows_of_last_period(table.frame, period)
    return WorkbookOrder(
        sector=sector,
        dataset=dataset,
        references=references,
        period=period,
        periods=(period,) if period else offered_periods(dataset.cadence, day),
        last=last,
        stale_from=_stale_from(settings, dataset, period),
    )


def find_dataset(settings: Settings, target: str) -> tuple[Sector, Dataset]:
    """Return a declared dataset and its sector; CatalogError naming those of the sector otherwise."""
    slug, _, dataset_id = target.partition(".")
    sector = load_catalog(settings).sector(slug)
    try:
        return sector, sector.dataset(dataset_id)
    except KeyError as error:
        known = ", ".join(f"{slug}.{dataset.id}" for dataset in sector.datasets)
        raise CatalogError(
            f"There is no dataset {target!r}",
            where=f"sectors/{slug}/sector.yml",
            who="the person who started the command",
            next_step=f"choose one of: {known}",
        ) from error


def rows_of_last_period(table: pd.DataFrame, before: str = "") -> pd.DataFrame | None:
    """Return the rows of the latest period, or of the latest one of the same kind that ends before `before`.

    None where there is no such period.
    """
    if PERIOD_FIELD not in table:
        return None
    parsed = {text: parse_period(text) for text in table[PERIOD_FIELD].dropna().unique()}
    if before:
        wanted = parse_period(before)
        parsed = {
            text: one for text, one in parsed.items() if one.grain == wanted.grain and one.end < wanted.end
        }
    if not parsed:
        return None
    latest = max(parsed, key=lambda text: (parsed[text].end, text))
    rows: pd.DataFrame = table[table[PERIOD_FIELD] == latest]
    return rows


def offered_periods(cadence: Cadence, day: date) -> tuple[str, ...]:
    """Return the periods of this and the last year whose last month has begun by `day`, latest first.

    Empty for a rhythm that names no periods of its own: the officer writes the day.
    """
    periods = [f"{year}{part}" for year in (day.year - 1, day.year) for part in _PARTS.get(cadence, ())]
    begun = [text for text in periods if parse_period(text).end.replace(day=1) <= day]
    return tuple(reversed(begun))


def _stale_from(settings: Settings, dataset: Dataset, period: str) -> date | None:
    limit = load_freshness_limits(settings).limits[dataset.cadence].days
    if not period or limit is None:
        return None
    return parse_period(period).end + timedelta(days=limit + 1)


def _refuse_unknown_period(period: str) -> None:
    try:
        parse_period(period)
    except CommandCenterError as error:
        raise WorkbookOrderError(
            f"'{period}' is not a period",
            who="the person who asked for the workbook",
            next_step="write 2024, 2024-S1, 2024-Q3, 2024-08 or 2025-09-30",
        ) from error
