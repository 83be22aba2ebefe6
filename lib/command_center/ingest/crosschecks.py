"""The sums a declaration says must agree, row by row and between rows, on values already read.

A cell that could not be read is told once, where it stands; no sum over it is judged.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.catalog.datasets import ChildrenSum, NeverFalls, NotAbove, PartsTotal
from command_center.cleaning.columns import Mask
from command_center.ingest.references import region_fields
from command_center.ingest.sheetwork import SheetWork

# Figures are printed rounded; a difference below this is none.
_ROUNDING = 1e-6


def check_sums(work: SheetWork) -> None:
    """Name every cell that breaks one of the dataset's cross-checks."""
    for check in work.dataset.checks:
        if not all(name in work.values for name in check.fields):
            continue
        if isinstance(check, PartsTotal):
            _parts_total(work, check)
        elif isinstance(check, NotAbove):
            _not_above(work, check)
        elif isinstance(check, ChildrenSum):
            _children_sum(work, check)
        else:
            _never_falls(work, check)


def _parts_total(work: SheetWork, check: PartsTotal) -> None:
    parts = np.column_stack([_numbers(work, name) for name in check.parts])
    total = _numbers(work, check.total)
    known = ~np.isnan(total) & ~np.isnan(parts).all(axis=1) & ~_open(work, check.fields)
    apart = np.abs(np.nansum(parts, axis=1) - total) > _allowed(total, check.tolerance_pct)
    work.note("parts_total", check.total, known & apart)


def _not_above(work: SheetWork, check: NotAbove) -> None:
    one, limit = _numbers(work, check.column), _numbers(work, check.limit)
    known = ~np.isnan(one) & ~np.isnan(limit) & ~_open(work, check.fields)
    work.note("not_above", check.column, known & (one > limit + _ROUNDING))


def _children_sum(work: SheetWork, check: ChildrenSum) -> None:
    """Compare each region with the sum of its children, where all of them report under the same key."""
    names = [name for name in region_fields(work.dataset) if name in work.values]
    if not names:
        return
    tree = work.context.regions
    regions = pd.Series(work.values[names[0]], dtype="object")
    frame = pd.DataFrame({"region": regions, "value": _numbers(work, check.column)})
    frame["group"] = _groups(work, [name for name in work.dataset.table.primaryKey if name != names[0]])
    # Which of two rows that disagree under one key counts is not known yet.
    frame["open"] = _open(work, check.fields) | work.log.rows_of("primary_key")[work.rows]
    frame["row"] = np.arange(len(frame))
    known = frame[frame["region"].notna() & ~work.log.rows_of("repeated_rows")[work.rows]]
    broken = np.zeros(len(frame), dtype=np.bool_)
    codes = set(known["region"])
    parents = {code: [child.code for child in tree.children(code)] for code in codes if code in tree}
    for code, children in parents.items():
        if children and codes.issuperset(children):
            _compare(known, (code, children), check.tolerance_pct, broken)
    work.note("children_sum", check.column, broken)


def _compare(known: pd.DataFrame, family: tuple[str, list[str]], tolerance: float, broken: Mask) -> None:
    code, children = family
    below = known[known["region"].isin(children)]
    grouped = below.assign(empty=below["value"].isna()).groupby("group")
    sums = grouped.agg(
        total=("value", "sum"), regions=("region", "nunique"), open=("open", "any"), empty=("empty", "any")
    )
    for group, value, is_open, row in known.loc[
        known["region"] == code, ["group", "value", "open", "row"]
    ].itertuples(index=False):
        if np.isnan(value) or is_open or group not in sums.index:
            continue
        found = sums.loc[group]
        if found["regions"] < len(children) or found["open"] or found["empty"]:
            continue
        broken[row] = abs(found["total"] - value) > _allowed(np.array([value]), tolerance)[0]


def _never_falls(work: SheetWork, check: NeverFalls) -> None:
    along = pd.Series(work.values[check.along], dtype="object")
    text = along.astype("str")
    is_period = bool(text[along.notna()].str.match(r"^\d{4}").all())
    keys = [name for name in work.dataset.table.primaryKey if name != check.along]
    frame = pd.DataFrame(
        {"value": _numbers(work, check.column), "along": along, "group": _groups(work, keys)}
    )
    frame["year"] = text.str[:4] if is_period else ""
    frame["order"] = text if is_period else pd.to_numeric(along, errors="coerce")
    usable = frame[along.notna() & frame["value"].notna() & ~_open(work, (*check.fields, *keys))].sort_values(
        ["group", "year", "order"], kind="stable"
    )
    before = usable.groupby(["group", "year"])["value"].transform(lambda values: values.cummax().shift())
    falls = usable["value"] < before - _ROUNDING
    broken = np.zeros(len(frame), dtype=np.bool_)
    broken[falls[falls].index.to_numpy(dtype=np.intp)] = True
    work.note("never_falls", check.column, broken)


def _numbers(work: SheetWork, name: str) -> npt.NDArray[np.float64]:
    return np.asarray(work.values[name], dtype=np.float64)


def _open(work: SheetWork, names: Sequence[str]) -> Mask:
    """Rows in which one of the columns holds something that was not accepted."""
    open_ = work.log.rows_of("shifted_cells", "ragged_row")[work.rows]
    for name in names:
        open_ |= work.log.cells_of(name, "quarantined")[work.rows]
    return open_


def _allowed(total: npt.NDArray[np.float64], tolerance_pct: float) -> npt.NDArray[np.float64]:
    return np.maximum(np.abs(total) * tolerance_pct / 100, _ROUNDING)


def _groups(work: SheetWork, keys: Sequence[str]) -> npt.NDArray[Any]:
    """A number for each row, the same where all the keys are the same."""
    present = [
        pd.Series(work.values[name], dtype="object").fillna("") for name in keys if name in work.values
    ]
    if not present:
        return np.zeros(len(work.rows), dtype=np.intp)
    groups: npt.NDArray[Any] = (
        pd.DataFrame(dict(enumerate(present)))
        .groupby(list(range(len(present))), sort=False)
        .ngroup()
        .to_numpy()
    )
    return groups
