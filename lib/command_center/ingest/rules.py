"""The contract of a dataset on values already read: required, limits, allowed values, keys, repeated rows.

The rules are the declaration's, checked by the same pandera schemas as published tables, on distinct values.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.catalog import Dataset, Field
from command_center.catalog.datasets import TableSchema
from command_center.cleaning.columns import Mask, positions, strings
from command_center.contracts.schema import failures, text_schema, typed_schema
from command_center.ingest.cellvalues import NUMERIC
from command_center.ingest.repeats import repeated
from command_center.ingest.sheetwork import SheetWork

_CHECKED_ELSEWHERE = frozenset({"required", "type", "period"})


def check_rules(work: SheetWork) -> None:
    """Name every cell that breaks a rule of its field."""
    for name, field in work.fields.items():
        if name not in work.values:
            continue
        if field.type in NUMERIC:
            _check_limits(work, field)
        elif field.type in ("string", "any") and field.personal is None:
            _check_texts(work, field)
        if field.constraints.unique:
            _check_unique(work, name)
        if field.constraints.required:
            _check_required(work, name)


def check_repeats(work: SheetWork) -> None:
    """Name rows that repeat an earlier row whole, then rows that share a key and disagree."""
    again = repeated(_whole_rows(work))
    same = again.later()
    keys = [name for name in work.dataset.table.primaryKey if name in work.values]
    if len(keys) == len(work.dataset.table.primaryKey) > 0:
        complete = np.logical_and.reduce([_is_filled(work, name) for name in keys]) & ~_open(work, keys)
        shared = repeated([_numbered(work, name) for name in keys], complete).rows
        if shared.size:
            # One and the same record under another running number is a repeat too.
            records = pd.DataFrame({name: pd.Series(values[shared]) for name, values in work.values.items()})
            same[shared] |= records.duplicated(keep="first").to_numpy()
            open_ = ~same[shared]
            disagreeing = np.zeros(len(same), dtype=np.bool_)
            disagreeing[shared[open_]] = records.loc[open_, keys].duplicated(keep=False)
            work.note_rows("primary_key", disagreeing, _joined(work, keys, disagreeing))
    work.note_rows("repeated_rows", same, _joined(work, keys or list(work.values)[:3], same))


def _open(work: SheetWork, names: list[str]) -> Mask:
    """Rows in which one of the columns holds something that is told as a fault already."""
    open_: Mask = np.logical_or.reduce([work.log.cells_of(name, "quarantined")[work.rows] for name in names])
    return open_


def _check_limits(work: SheetWork, field: Field) -> None:
    rules = field.constraints
    if rules.minimum is None and rules.maximum is None:
        return
    values = work.values[field.name]
    schema = typed_schema(_alone(work.dataset, field))
    # Where the smallest and the largest value keep the limits, all do.
    if values.size == 0 or not failures(schema, pd.DataFrame({field.name: _extremes(values)})):
        return
    unique, at_row = np.unique(values, return_inverse=True)
    broken: dict[str, Mask] = {}
    for check, _, at in failures(schema, pd.DataFrame({field.name: unique})):
        name = _limit_check(check, float(unique[at]), field)
        broken.setdefault(name, np.zeros(len(unique), dtype=np.bool_))[at] = True
    for name, flags in broken.items():
        work.note(name, field.name, flags[at_row])


def _extremes(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The smallest and the largest value; missing ones only where there is no other."""
    return np.array([np.fmin.reduce(values), np.fmax.reduce(values)])


def _limit_check(check: str, value: float, field: Field) -> str:
    minimum = field.constraints.minimum
    if check == "minimum":
        if value < 0 and minimum is not None and minimum >= 0:
            return "negative"
        return "zero_for_missing" if value == 0 else "below_minimum"
    return "above_100" if field.unit == "percent" and field.constraints.maximum == 100 else "above_maximum"


def _check_texts(work: SheetWork, field: Field) -> None:
    column = work.values.texts(field.name)
    codes: Mapping[str, frozenset[str]] = {"regions": frozenset(), "agencies": frozenset()}
    schema = text_schema(_alone(work.dataset, field), codes)
    if not schema.columns[field.name].checks:
        return
    found = failures(schema, pd.DataFrame({field.name: column.values}))
    for check in sorted({check for check, _, _ in found} - _CHECKED_ELSEWHERE):
        flags = np.zeros(len(column.values), dtype=np.bool_)
        flags[[at for name, _, at in found if name == check]] = True
        work.note(check, field.name, column.spread(flags, False))


def _alone(dataset: Dataset, field: Field) -> Dataset:
    """The dataset with this field only: codes are settled before, rows are looked at after."""
    rules = field.constraints.model_copy(update={"unique": False, "required": False})
    alone = TableSchema(fields=(field.model_copy(update={"constraints": rules}),))
    return dataset.model_copy(update={"table": alone})


def _check_unique(work: SheetWork, name: str) -> None:
    values = pd.Series(work.values[name])
    work.note("unique", name, (values.duplicated(keep=False) & values.notna()).to_numpy())


def _check_required(work: SheetWork, name: str) -> None:
    """Empty cells, but not those that hold something that could not be read, which has its own fault."""
    missing = ~_is_filled(work, name)
    if not missing.any():
        return
    told = work.log.cells_of(name, "quarantined")[work.rows]
    source = work.dataset.layout.region_from
    if source is not None and source.field == name:
        told |= work.log.cells_of(source.name, "quarantined")[work.rows]
    work.note("required", name, missing & ~told)


def _whole_rows(work: SheetWork) -> list[npt.NDArray[np.int32]]:
    """For every column of the sheet, those that are no field included, a number for each data row's text."""
    fields = {column.position: column.field for column in work.layout.columns}
    cells = [work.texts.get(fields.get(at) or "") for at in range(work.sheet.cells.shape[1])]
    return [positions(work.column(at) if own is None else own) for at, own in enumerate(cells)]


def _is_filled(work: SheetWork, name: str) -> Mask:
    if _is_of_texts(work, name):
        return ~work.values.texts(name).empty
    filled: Mask = pd.notna(work.values[name])
    return filled


def _is_of_texts(work: SheetWork, name: str) -> bool:
    return work.values.holds_texts(name) and work.fields[name].type != "boolean"


def _numbered(work: SheetWork, name: str) -> npt.NDArray[np.int32]:
    """A number for each row, the same for the same value."""
    if _is_of_texts(work, name):
        return work.values.texts(name).codes
    codes: npt.NDArray[np.int32] = pd.factorize(work.values[name])[0].astype(np.int32)
    return codes


def _joined(work: SheetWork, names: list[str], rows: Mask) -> "pd.Series[str]":
    """The texts of some columns side by side, for showing."""
    shown = [name for name in names if name in work.texts] or list(work.texts)[-3:]
    columns = [strings(work.texts[name][rows]) for name in shown]
    joined = (
        [" · ".join(cells) for cells in zip(*columns, strict=True)] if columns else [""] * int(rows.sum())
    )
    return pd.Series(joined, dtype="str")
