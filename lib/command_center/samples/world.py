"""The small world that samples are drawn from: regions with their people, periods, and chance that repeats itself.

The same house on the same day gives the same world, number for number.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.catalog import load_sound_catalog
from command_center.errors import CommandCenterError
from command_center.ingest.published import read_published
from command_center.regions import AgencyBook, RegionTree, load_agencies, load_regions
from command_center.settings import Settings

PEOPLE = ("population", "population")
_PERSONS = "persons"

Chance = np.random.Generator
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class World:
    """What a sample may rest on.

    `persons` is indexed by village code in code order: the last count of every village, scaled to the latest
    total of the whole, so that the sum is exactly that total.
    """

    regions: RegionTree
    agencies: AgencyBook
    as_of: date
    persons: pd.Series

    @property
    def villages(self) -> list[str]:
        """The codes of all villages, in order."""
        return [str(code) for code in self.persons.index]

    @property
    def districts(self) -> list[str]:
        """The codes of all sub-districts, in order."""
        return [region.code for region in self.regions.districts]

    @property
    def persons_by_district(self) -> pd.Series:
        """Persons by sub-district code, in code order."""
        parent = pd.Series({code: self.regions.get(code).parent for code in self.villages})
        return self.persons.groupby(parent).sum().reindex(self.districts)

    def chance(self, name: str) -> Chance:
        """Return a source of chance of its own for each name, the same at every run."""
        seed = hashlib.sha256(f"{name}|{self.regions.root.code}".encode()).digest()[:8]
        return np.random.default_rng(int.from_bytes(seed, "big"))

    def months(self, count: int) -> list[str]:
        """Return the last whole months before the day, the earliest first, as YYYY-MM."""
        last = pd.Period(self.as_of, freq="M") - 1
        return [str(last - back) for back in reversed(range(count))]

    def quarters(self, count: int) -> list[str]:
        """Return the last whole quarters before the day, the earliest first, as YYYY-Qn."""
        last = pd.Period(self.as_of, freq="Q") - 1
        return [str(last - back).replace("Q", "-Q") for back in reversed(range(count))]

    def semesters(self, count: int) -> list[str]:
        """Return the last whole semesters before the day, the earliest first, as YYYY-Sn."""
        current = 2 * self.as_of.year + (self.as_of.month > 6)
        return [f"{at // 2}-S{at % 2 + 1}" for at in range(current - count, current)]

    def years(self, count: int) -> list[str]:
        """Return the last whole years before the day, the earliest first."""
        return [str(self.as_of.year - back) for back in range(count, 0, -1)]

    @staticmethod
    def month_end(month: str) -> str:
        """Return the last day of a month, as YYYY-MM-DD."""
        return str(pd.Period(month, freq="M").end_time.date())


def share_out(
    total: int,
    weights: Sequence[float] | npt.NDArray[np.float64],
    chance: Chance | None = None,
    spread: float = 0.0,
) -> Counts:
    """Return whole numbers that add up to `total`, in proportion to the weights (largest remainder).

    `spread` is the standard deviation of the logarithm by which chance moves each weight first.
    """
    base = np.asarray(weights, dtype="float64")
    if chance is not None and spread > 0:
        base = base * np.exp(chance.normal(0.0, spread, len(base)))
    exact = base / base.sum() * total
    counts: Counts = np.floor(exact).astype("int64")
    short = total - int(counts.sum())
    counts[np.argsort(-(exact - counts), kind="stable")[:short]] += 1
    return counts


def share_rows(totals: Counts, weights: npt.NDArray[np.float64]) -> Counts:
    """Return for each row whole numbers that add up to its total, in proportion to the row's weights."""
    exact = weights / weights.sum(axis=1, keepdims=True) * np.asarray(totals)[:, np.newaxis]
    counts: Counts = np.floor(exact).astype("int64")
    short = np.asarray(totals) - counts.sum(axis=1)
    rank = np.argsort(np.argsort(counts - exact, axis=1, kind="stable"), axis=1, kind="stable")
    counts += rank < short[:, np.newaxis]
    return counts


def part_of(
    whole: npt.NDArray[np.int64] | pd.Series, share: float | npt.NDArray[np.float64], chance: Chance
) -> Counts:
    """Return how many of each whole have a property that each one has with this probability."""
    counts: Counts = chance.binomial(np.asarray(whole, dtype="int64"), np.clip(share, 0.0, 1.0)).astype(
        "int64"
    )
    return counts


def open_world(settings: Settings, as_of: date) -> World:
    """Return the world of a house; CommandCenterError where it has no published count of its villages."""
    regions, agencies = load_regions(settings), load_agencies(settings)
    sector = load_sound_catalog(settings).sector(PEOPLE[0])
    table = read_published(settings, PEOPLE[0], sector.dataset(PEOPLE[1]), regions, frozenset(agencies.codes))
    villages = [region.code for region in regions.villages]
    counts = table.frame[table.frame["region_code"].isin(villages)].sort_values("period")
    known = counts.groupby("region_code")[_PERSONS].last().reindex(sorted(villages))
    whole = (
        table.frame[table.frame["region_code"].eq(regions.root.code)].sort_values("period")[_PERSONS].dropna()
    )
    if known.isna().any() or whole.empty:
        raise CommandCenterError(
            "There is no count of persons for every village, so nothing can be shared out among them",
            where=".".join(PEOPLE),
            who="the analyst of the population item",
            next_step="publish a count of every village",
        )
    people = share_out(int(whole.iloc[-1]), known.to_numpy(dtype="float64"))
    return World(regions, agencies, as_of, pd.Series(people, index=known.index, name=_PERSONS))
