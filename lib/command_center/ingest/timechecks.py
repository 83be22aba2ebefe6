"""A table beside the period that is due and beside the last accepted one: last year's file, changed scales.

Says what changed; a file of another period is kept out, a change of scale waits for a yes.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.catalog import Field
from command_center.cleaning.columns import Mask
from command_center.cleaning.periods import period_of
from command_center.contracts.schema import PERIOD_COLUMN
from command_center.ingest.cellvalues import NUMERIC
from command_center.ingest.layout import Role
from command_center.ingest.references import region_fields
from command_center.ingest.sheetwork import SheetWork
from command_center.ingest.titleperiods import periods_named

_FEWEST_COMPARED = 5
# A thousandfold, whichever way the year went: between these a figure may have changed by itself.
_THOUSANDFOLD = (300.0, 3000.0)
_COLUMN_SHARE = 0.8
_LARGEST_SPREAD = 100.0
_NO_SCALE = frozenset({"percent", "index", "years", "ratio", "points"})


def check_period(work: SheetWork) -> None:
    """Name rows, or the whole sheet, of another period than the one due; nothing where any may come."""
    due = work.context.expected_period
    if not due:
        return
    if not work.has(PERIOD_COLUMN):
        _check_titles(work, due)
        return
    periods = pd.Series(work.values[PERIOD_COLUMN], dtype="object")
    other = (periods.notna() & (periods != due)).to_numpy()
    if other.any() and bool((other | periods.isna()).all()):
        work.log.sheet(
            "wrong_period", str(periods[other].iloc[0]), work.place(PERIOD_COLUMN), touches=work.rows
        )
    else:
        work.note("period_unexpected", PERIOD_COLUMN, other)


def check_against_last(work: SheetWork) -> None:
    """Compare with the last accepted table: the same figures again, a column or a cell a thousandfold."""
    last = work.context.last
    keys = _keys(work)
    if last is None or last.empty or not keys or not set(keys) <= set(last.columns):
        for field in _scaled_fields(work):
            _check_within_column(work, field)
        return
    current = pd.DataFrame(
        {name: work.values[name] for name in (*keys, PERIOD_COLUMN) if name in work.values}, dtype="object"
    )
    before = last.set_index(_records(last, keys))
    at = before.index.get_indexer(_records(current, keys))
    if _check_same(work, before, at):
        return
    for field in _scaled_fields(work):
        if field.name in before.columns:
            _check_scale(work, field, _earlier(before[field.name], at))


def _keys(work: SheetWork) -> list[str]:
    """What names a record beside its period."""
    names = [name for name in work.dataset.table.primaryKey if name != PERIOD_COLUMN] or region_fields(
        work.dataset
    )
    return names if names and all(name in work.values for name in names) else []


def _records(table: pd.DataFrame, keys: list[str]) -> pd.MultiIndex:
    """The key of each row; of several periods under one key the first meets the first, the second the second."""
    ordered = table.sort_values(PERIOD_COLUMN, kind="stable") if PERIOD_COLUMN in table else table
    turn = ordered.groupby(keys, dropna=False).cumcount().reindex(table.index)
    return pd.MultiIndex.from_arrays([*(table[name].astype("object") for name in keys), turn])


def _scaled_fields(work: SheetWork) -> list[Field]:
    return [
        field
        for name, field in work.fields.items()
        if name in work.values and field.type in NUMERIC and field.unit not in (None, *_NO_SCALE)
    ]


def _earlier(values: "pd.Series[float]", at: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    known = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(at >= 0, known[np.maximum(at, 0)], np.nan)


def _check_same(work: SheetWork, before: pd.DataFrame, at: npt.NDArray[np.intp]) -> bool:
    """Whether every figure is that of the last period; said only where the period differs or is not told."""
    compared = 0
    for name, field in work.fields.items():
        if field.type not in NUMERIC or name not in work.values or name not in before.columns:
            continue
        earlier = _earlier(before[name], at)
        now = work.values[name]
        both = ~np.isnan(earlier) & ~np.isnan(now)
        if not np.array_equal(np.isnan(earlier), np.isnan(now)) or not np.array_equal(
            earlier[both], now[both]
        ):
            return False
        compared += int(both.sum())
    if compared < _FEWEST_COMPARED or not _is_later(work, before):
        return False
    work.log.sheet("same_as_last", "", touches=work.rows)
    return True


def _is_later(work: SheetWork, before: pd.DataFrame) -> bool:
    if PERIOD_COLUMN not in work.values or PERIOD_COLUMN not in before.columns:
        return True
    return not set(pd.Series(work.values[PERIOD_COLUMN], dtype="object").dropna()) <= set(
        before[PERIOD_COLUMN]
    )


def _check_scale(work: SheetWork, field: Field, earlier: npt.NDArray[np.float64]) -> None:
    if field.name in work.context.confirmed_changes:
        return
    now = work.values[field.name]
    both = (earlier > 0) & (now > 0)
    if both.sum() < _FEWEST_COMPARED:
        _check_within_column(work, field)
        return
    ratio = np.divide(now, earlier, out=np.ones_like(now), where=both)
    off = both & _is_thousandfold(ratio)
    if off.sum() >= _COLUMN_SHARE * both.sum():
        work.log.sheet(
            "column_rescaled",
            f"× {np.median(ratio[both]):.3g}",
            work.place(field.name),
            touches=work.rows[~np.isnan(now)],
        )
    else:
        work.note("unit_switch", field.name, off & ~_told(work, field.name))


def _check_within_column(work: SheetWork, field: Field) -> None:
    """Without a last table: cells a thousandfold away from all others of a column that is otherwise narrow."""
    now = np.asarray(work.values[field.name], dtype=np.float64)
    usable = (now > 0) & ~_told(work, field.name)
    if usable.sum() < 2 * _FEWEST_COMPARED:
        return
    known = now[usable]
    middle = np.median(known)
    low = _THOUSANDFOLD[0]
    # Mostly no figure is that far from the middle.
    if known.max() / middle < low and known.min() / middle > 1 / low:
        return
    off = usable & _is_thousandfold(np.where(usable, now, 1.0) / middle)
    rest = now[usable & ~off]
    if not off.any() or off.sum() > usable.sum() / 4 or rest.max() / rest.min() > _LARGEST_SPREAD:
        return
    low, high = rest.min() / 2, rest.max() * 2
    ups, downs = now / 1000, now * 1000
    back = ((ups >= low) & (ups <= high) & (now > high)) | ((downs >= low) & (downs <= high) & (now < low))
    work.note("unit_switch", field.name, off & back)


def _is_thousandfold(ratio: npt.NDArray[np.float64]) -> Mask:
    low, high = _THOUSANDFOLD
    fits: Mask = ((ratio >= low) & (ratio <= high)) | ((ratio >= 1 / high) & (ratio <= 1 / low))
    return fits


def _told(work: SheetWork, name: str) -> Mask:
    return work.log.cells_of(name, "quarantined")[work.rows] | work.log.rows_of("unit_converted")[work.rows]


def _check_titles(work: SheetWork, due: str) -> None:
    """Without a period column the titles may still say which period the table is of."""
    titles = np.flatnonzero(work.layout.roles == Role.TITLE)
    lines = [" ".join(row) for row in work.sheet.top(int(titles.max()) + 1)] if titles.size else []
    named = {period for line in lines for period in periods_named(line)}
    whole = {period for period in named if period_of(period)}
    if whole and due not in whole and due[:4] not in whole and not any(one.startswith(due) for one in whole):
        work.log.sheet("wrong_period", sorted(whole)[0], touches=work.rows)
