"""What somebody may see, as one frozen value, and the rows of a table that are left for it.

A figure that may not be seen is taken out, not masked: what is not in the table is in no page, map, download
or kernel. The classes are those of UU 14/2008; an indicator the catalog does not know is seen by nobody
below "semua".
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Self

import pandas as pd

from command_center.catalog import Catalog, Indicator, Sector
from command_center.errors import AccessError

VIEW_VARIABLE = "COMMAND_CENTER_VIEW"
CLASSES = ("publik", "internal", "dikecualikan")
_RANK = {name: rank for rank, name in enumerate(CLASSES)}
_UNKNOWN = len(CLASSES)

Kind = Literal["publik", "internal", "semua", "sektor", "opd", "wilayah"]
# How far a view goes everywhere, and how far within its own scope.
_REACH: Mapping[str, tuple[int, int]] = {
    "publik": (0, 0),
    "internal": (1, 1),
    "semua": (_UNKNOWN, _UNKNOWN),
    "sektor": (0, 2),
    "opd": (0, 2),
    "wilayah": (0, 1),
}
_OFFICIALS = frozenset({"internal", "semua"})
# Everything a small cell could be read from; its target is that of its indicator and stays.
_NUMBERS = ("numerator", "denominator", "value", "n")
WITHHELD = "suppressed"
_SCOPED = frozenset({"sektor", "opd", "wilayah"})


@dataclass(frozen=True)
class View:
    """What may be seen: a kind, its scope (slugs, one agency or one region), and indicators closed since.

    `closed` holds indicators whose class was raised after an edition was made, with the class that holds now.
    """

    kind: Kind = "publik"
    scope: tuple[str, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in _REACH or (self.kind in _SCOPED) != bool(self.scope):
            raise AccessError(f"There is no view {self.kind!r} of {self.scope}", who="the caller")

    @property
    def key(self) -> str:
        """The view as text: "publik", "sektor:a,b", "opd:1.02.01", with "~" before what was closed since."""
        base = f"{self.kind}:{','.join(self.scope)}" if self.scope else self.kind
        return "~".join([base, *(f"{indicator}={access}" for indicator, access in self.closed)])

    @property
    def folder(self) -> str:
        """A name for the view's own folder, the same for the same key, safe on every disk."""
        if self in (INTERNAL, EVERYTHING):
            return self.kind
        return f"{self.kind}-{hashlib.sha256(self.key.encode()).hexdigest()[:16]}"

    @classmethod
    def parse(cls, key: str) -> Self:
        """Return the view of a key; AccessError where it is none."""
        base, *closed = key.split("~")
        kind, _, scope = base.partition(":")
        pairs = tuple((one.partition("=")[0], one.partition("=")[2]) for one in closed)
        if any(access not in _RANK for _, access in pairs):
            raise AccessError(f"There is no view {key!r}", who="the caller")
        return cls(kind, tuple(part for part in scope.split(",") if part), pairs)  # type: ignore[arg-type]

    def closing(self, made_from: Catalog, now: Catalog) -> Self:
        """Return this view for an edition made from other declarations: a class that was raised since holds at once."""
        if self.kind == "semua":
            return self
        then = _declared(made_from)
        raised = {
            name: access
            for name, access in _declared(now).items()
            if _RANK[access] > _RANK[then.get(name, access)]
        }
        return replace(self, closed=tuple(sorted(raised.items())))

    def sees(self, sector: Sector, indicator: Indicator, region: str = "", agency: str = "") -> bool:
        """Return whether a figure of an indicator may be seen, in a region and of an agency ("" is of none)."""
        rank = _RANK[dict(self.closed).get(indicator.id, indicator.access)]
        everywhere, within = _REACH[self.kind]
        if rank <= everywhere:
            return True
        return rank <= within and self._is_own(sector.slug, sector.owner_of(indicator), region, agency)

    def sees_rows(self, sector: Sector, indicator: Indicator, region: str = "", agency: str = "") -> bool:
        """Return whether the rows that a figure was made from may be named, as a notebook does that recomputes it.

        Where an indicator counts few persons below the regency its rows are for those with a mandate only, whatever
        figure is asked for.
        """
        if not self.sees(sector, indicator, region, agency):
            return False
        if indicator.small_cells is None or indicator.grain == "kab" or self.kind in _OFFICIALS:
            return True
        return self.kind in _SCOPED and self._is_own(sector.slug, sector.owner_of(indicator), region, agency)

    def visible(self, table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
        """Return the rows that may be seen, index from 0; the table has sector, indicator, region_code, agency_code.

        A table of which everything may be seen comes back as it is.
        """
        mask = self.mask(table, catalog)
        return table if mask.all() else table[mask].reset_index(drop=True)

    def mask(self, table: pd.DataFrame, catalog: Catalog) -> "pd.Series[bool]":
        """Return for each row whether it may be seen."""
        everywhere, within = _REACH[self.kind]
        ranks = _declared_ranks(catalog) | {name: _RANK[access] for name, access in self.closed}
        rank = table["indicator"].map(ranks).fillna(_UNKNOWN).astype("int64")
        if within == everywhere:
            return rank.le(everywhere)
        return rank.le(everywhere) | (rank.le(within) & self._own_rows(table, catalog))

    def mandate(self, table: pd.DataFrame, catalog: Catalog) -> "pd.Series[bool]":
        """Return for each row whether a small cell may be seen: by officials, and within one's own scope.

        DOMAIN.md section 5: roles with a mandate see counts. The table has the columns `visible` needs.
        """
        if self.kind in _SCOPED:
            return self._own_rows(table, catalog)
        return pd.Series(self.kind in _OFFICIALS, index=table.index)

    def withheld(self, measures: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
        """Return the measures without the numbers of small cells that this view has no mandate for.

        Such a row keeps its place, has no number at all, and the status "suppressed"; `suppressed` is then True
        for exactly the rows whose numbers were taken out. A table without small cells comes back as it is.
        """
        pattern = measures["suppressed"]
        if not pattern.any():
            return measures
        hidden = pattern & ~self.mandate(measures, catalog)
        numbers = {name: measures[name].mask(hidden) for name in _NUMBERS}
        return measures.assign(
            **numbers, status=measures["status"].mask(hidden, WITHHELD).astype("str"), suppressed=hidden
        )

    def _is_own(self, sector: str, owner: str, region: str, agency: str) -> bool:
        if self.kind == "sektor":
            return sector in self.scope
        if self.kind == "opd":
            return self.scope[0] in (owner, agency)
        return region == self.scope[0] or region.startswith(f"{self.scope[0]}.")

    def _own_rows(self, table: pd.DataFrame, catalog: Catalog) -> "pd.Series[bool]":
        if self.kind == "sektor":
            return table["sector"].isin(self.scope)
        if self.kind == "opd":
            owned = {
                indicator.id
                for sector, indicator in catalog.indicators
                if sector.owner_of(indicator) == self.scope[0]
            }
            return table["indicator"].isin(owned) | table["agency_code"].eq(self.scope[0])
        return table["region_code"].eq(self.scope[0]) | table["region_code"].str.startswith(
            f"{self.scope[0]}."
        )


PUBLIK = View()
INTERNAL = View("internal")
EVERYTHING = View("semua")


def view_in_environment() -> View | None:
    """Return the view this process was given; None where it was given none."""
    key = os.environ.get(VIEW_VARIABLE, "")
    return View.parse(key) if key else None


def _declared(catalog: Catalog) -> dict[str, str]:
    return {indicator.id: indicator.access for _, indicator in catalog.indicators}


def _declared_ranks(catalog: Catalog) -> dict[str, int]:
    return {name: _RANK[access] for name, access in _declared(catalog).items()}
