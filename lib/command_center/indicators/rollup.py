"""Figures of a kecamatan from its desa and kelurahan, and of the regency from its kecamatan.

Sums numerators and denominators, never averages ratios; makes a parent only when every part is there, and
never replaces a figure the parent published itself. An indicator that is only published is never summed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from command_center.catalog import Indicator, Sector
from command_center.contracts import joined_submissions
from command_center.indicators.faults import PLACE as GROUP
from command_center.indicators.faults import MeasureFault, fault_at
from command_center.indicators.measure import is_complete, ratio
from command_center.indicators.rounding import rounding_tolerance, shown_number, sum_tolerance
from command_center.indicators.schema import COVERAGE_COLUMNS
from command_center.regions import RegionTree

# Units in which a number without a denominator can be summed; days, indices and rates cannot.
ADDITIVE_UNITS = frozenset(
    {"persons", "children", "households", "villages", "km", "idr", "count", "cases", "deaths"}
)
_PARENT_LEVELS = ("kec", "kab")
_PARTS = ("numerator", "denominator")
# What a figure passes on to its parent: its own parts, or the sums of its children where it printed none.
_CARRIED = ("carried_numerator", "carried_denominator")


@dataclass(frozen=True, eq=False)
class RolledUp:
    """All figures, measured and made (columns of Measured), every attempt at a parent, and the conflicts.

    `coverage` has COVERAGE_COLUMNS; its outcome is "made", "partial" (parts are missing, nothing made) or
    "published" (the parent's own figure stands).
    """

    rows: pd.DataFrame
    coverage: pd.DataFrame
    faults: tuple[MeasureFault, ...]


def can_roll_up(indicator: Indicator) -> bool:
    """Return whether the parts of this indicator may be summed into their parent."""
    if not indicator.formula.is_additive:
        return False
    return indicator.formula.denominator is not None or indicator.unit in ADDITIVE_UNITS


def roll_up(sector: Sector, indicator: Indicator, rows: pd.DataFrame, regions: RegionTree) -> RolledUp:
    """Return the figures with those of their parents, per agency, period and method.

    `rows` has the columns of Measured. A parent's `as_of` is its oldest part, its `n` the sum (missing when
    one is), and it is comparable only when every part is. Expected parts are all regions one level below.
    """
    columns = list(rows.columns)
    if rows.empty or not can_roll_up(indicator):
        return RolledUp(rows, pd.DataFrame(columns=list(COVERAGE_COLUMNS)), ())
    complete = is_complete(rows["numerator"], rows["denominator"], indicator)
    carried = rows.assign(
        **{name: rows[part].where(complete) for name, part in zip(_CARRIED, _PARTS, strict=True)}
    )
    coverage: list[pd.DataFrame] = []
    faults: list[MeasureFault] = []
    for level in _PARENT_LEVELS:
        step = _Step(sector, indicator, regions, level)
        carried = step.apply(carried)
        coverage.append(step.coverage)
        faults += step.faults
    tried = pd.concat(coverage, ignore_index=True)
    return RolledUp(carried[columns], tried, tuple(faults))


class _Step:
    """One level of parents, made from the level below."""

    def __init__(self, sector: Sector, indicator: Indicator, regions: RegionTree, level: str) -> None:
        self._sector = sector
        self._indicator = indicator
        parents = [region for region in regions if region.level == level]
        self._children = {
            parent.code: [child.code for child in regions.children(parent.code)] for parent in parents
        }
        self._parent_of = {child: parent for parent, codes in self._children.items() for child in codes}
        self._child_level = "kec" if level == "kab" else "desa"
        self.coverage = pd.DataFrame(columns=list(COVERAGE_COLUMNS))
        self.faults: list[MeasureFault] = []

    def apply(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows with the parents that could be made."""
        children = rows.assign(parent=rows["region_code"].map(self._parent_of)).dropna(subset=["parent"])
        if children.empty:
            return rows
        sums = self._sums(children)
        merged = sums.merge(rows, on=list(GROUP), how="left", suffixes=("", "_own"), indicator="found")
        merged["is_made"] = merged["have"].eq(merged["expected"])
        merged["is_own"] = merged["found"].eq("both") & self._states(merged)
        self.coverage = self._covered(merged, children)
        self.faults = self._conflicts(merged[merged["is_made"] & merged["is_own"]])
        return self._joined(rows, merged)

    def _sums(self, children: pd.DataFrame) -> pd.DataFrame:
        ordered = children.sort_values([*GROUP], kind="stable")
        known = is_complete(ordered[_CARRIED[0]], ordered[_CARRIED[1]], self._indicator)
        ordered = ordered.assign(known=known, n_known=ordered["n"].notna())
        groups = ordered.groupby(["parent", *GROUP[1:]], sort=True)
        sums = groups.agg(
            numerator=(_CARRIED[0], "sum"),
            denominator=(_CARRIED[1], "sum"),
            n=("n", "sum"),
            n_known=("n_known", "all"),
            as_of=("as_of", "min"),
            comparable=("comparable", "all"),
            source_submission=("source_submission", joined_submissions),
            have=("known", "sum"),
        ).reset_index(names=["region_code", *GROUP[1:]])
        sums["expected"] = sums["region_code"].map({code: len(kids) for code, kids in self._children.items()})
        sums["n"] = sums["n"].where(sums["n_known"])
        if self._indicator.formula.denominator is None:
            sums["denominator"] = np.nan
        sums["value"] = ratio(sums["numerator"], sums["denominator"], self._indicator)
        # A sum rests on many rows: their files are named, no row of them.
        sums["source_submission"] = sums["source_submission"].astype("str")
        return sums

    def _states(self, merged: pd.DataFrame) -> pd.Series:
        """Where the parent says something itself: a value, or the parts of a ratio with denominator 0."""
        parts = is_complete(merged["numerator_own"], merged["denominator_own"], self._indicator)
        return merged["value_own"].notna() | parts

    def _covered(self, merged: pd.DataFrame, children: pd.DataFrame) -> pd.DataFrame:
        known = is_complete(children[_CARRIED[0]], children[_CARRIED[1]], self._indicator)
        present = children[known].groupby(["parent", *GROUP[1:]])["region_code"].agg(set).to_dict()
        outcome = np.select([merged["is_own"], merged["is_made"]], ["published", "made"], "partial")
        missing = [
            ",".join(code for code in self._children[key[0]] if code not in present.get(key, set()))
            for key in merged[list(GROUP)].itertuples(index=False, name=None)
        ]
        covered = merged[[*GROUP, "have", "expected"]].assign(
            sector=self._sector.slug,
            indicator=self._indicator.id,
            level=self._child_level,
            outcome=outcome,
            missing=missing,
        )
        return covered[list(COVERAGE_COLUMNS)]

    def _conflicts(self, both: pd.DataFrame) -> list[MeasureFault]:
        by_parts = is_complete(both["numerator_own"], both["denominator_own"], self._indicator)
        off = (both["value"] - both["value_own"]).abs().gt(rounding_tolerance(both["value_own"]))
        differs = off & ~by_parts
        for part in _PARTS:
            own = both[f"{part}_own"]
            differs |= (both[part] - own).abs().gt(sum_tolerance(own, both["expected"])) & by_parts
        return [
            fault_at(
                self._sector.slug,
                self._indicator.id,
                "children_differ_from_parent",
                row,
                value=_worded(row, "", row["by_parts"]),
                expected=_worded(row, "_own", row["by_parts"]),
            )
            for row in both.assign(by_parts=by_parts)[differs].to_dict("records")
        ]

    def _joined(self, rows: pd.DataFrame, merged: pd.DataFrame) -> pd.DataFrame:
        made = merged[merged["is_made"]]
        # Taken from `made` itself: a longer column would lengthen an empty frame.
        made = made.assign(**{name: made[part] for name, part in zip(_CARRIED, _PARTS, strict=True)})
        new = made.loc[~made["is_own"], list(rows.columns)]
        # A parent that printed only its value still passes its parts' sums upwards.
        lent = made.loc[made["is_own"], [*GROUP, *_CARRIED]].rename(
            columns=lambda name: name.replace("carried", "lent")
        )
        replaced = rows.merge(new[list(GROUP)], on=list(GROUP), how="left", indicator="found")["found"].eq(
            "both"
        )
        kept = rows[~replaced.to_numpy()].merge(lent, on=list(GROUP), how="left")
        lacks = ~is_complete(kept[_CARRIED[0]], kept[_CARRIED[1]], self._indicator)
        for part in _PARTS:
            kept[f"carried_{part}"] = kept[f"carried_{part}"].where(~lacks, kept[f"lent_{part}"])
        return pd.concat([kept[list(rows.columns)], new], ignore_index=True)


def _worded(row: Mapping[Any, Any], suffix: str, by_parts: bool) -> str:
    """Return the parts of the ratio where those were compared, else the value."""
    names = _PARTS if by_parts else ("value",)
    numbers = [row[f"{name}{suffix}"] for name in names]
    return " / ".join(shown_number(round(number, 6)) for number in numbers if pd.notna(number))
