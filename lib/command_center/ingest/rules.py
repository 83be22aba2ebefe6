"""The contract of a dataset on values already read: required, limits, allowed values, keys, repeated rows.

The rules are the declaration's, checked by the same pandera schemas as published tables, on distinct values.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from command_center.catalog import Dataset, Field
from command_center.catalog.datasets import TableSchema
from command_center.cleaning.columns import Mask, distinct
from command_center.contracts.schema import failures, text_schema, typed_schema
from command_center.ingest.cellvalues import NUMERIC
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
    same = _whole_rows(work).duplicated(keep="first").to_numpy()
    keys = [name for name in work.dataset.table.primaryKey if name in work.values]
    if len(keys) == len(work.dataset.table.primaryKey) > 0:
        frame = pd.DataFrame({name: pd.Series(values) for name, values in work.values.items()})
        complete = frame[keys].notna().all(axis=1).to_numpy() & ~_open(work, keys)
        shared = np.zeros(len(frame), dtype=np.bool_)
        shared[complete] = frame.loc[complete, keys].duplicated(keep=False)
        if shared.any():
            # One and the same record under another running number is a repeat too.
            again = np.zeros(len(frame), dtype=np.bool_)
            again[shared] = frame[shared].duplicated(keep="first")
            same = same | again
            open_ = shared & ~same
            disagreeing = np.zeros(len(frame), dtype=np.bool_)
            disagreeing[open_] = frame.loc[open_, keys].duplicated(keep=False)
            shown = _joined(work, keys, disagreeing)
            work.note_rows("primary_key", disagreeing, shown)
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
    unique, positions = np.unique(values, return_inverse=True)
    alone = _alone(work.dataset, field)
    found = failures(typed_schema(alone), pd.DataFrame({field.name: unique}))
    broken: dict[str, Mask] = {}
    for check, _, at in found:
        name = _limit_check(check, float(unique[at]), field)
        broken.setdefault(name, np.zeros(len(unique), dtype=np.bool_))[at] = True
    for name, flags in broken.items():
        work.note(name, field.name, flags[positions])


def _limit_check(check: str, value: float, field: Field) -> str:
    minimum = field.constraints.minimum
    if check == "minimum":
        if value < 0 and minimum is not None and minimum >= 0:
            return "negative"
        return "zero_for_missing" if value == 0 else "below_minimum"
    return "above_100" if field.unit == "percent" and field.constraints.maximum == 100 else "above_maximum"


def _check_texts(work: SheetWork, field: Field) -> None:
    column = distinct(pd.Series(work.values[field.name], dtype="str"))
    codes: Mapping[str, frozenset[str]] = {"regions": frozenset(), "agencies": frozenset()}
    found = failures(
        text_schema(_alone(work.dataset, field), codes), pd.DataFrame({field.name: column.values})
    )
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
    missing = pd.isna(pd.Series(work.values[name])).to_numpy()
    told = work.log.cells_of(name, "quarantined")[work.rows]
    source = work.dataset.layout.region_from
    if source is not None and source.field == name:
        told |= work.log.cells_of(source.name, "quarantined")[work.rows]
    work.note("required", name, missing & ~told)


def _whole_rows(work: SheetWork) -> pd.DataFrame:
    """Every data row as codes of its texts, columns of the sheet that are no field included."""
    fields = {column.position: column.field for column in work.layout.columns}
    codes: dict[int, npt.NDArray[Any]] = {}
    for at in range(work.sheet.cells.shape[1]):
        name = fields.get(at)
        cells = work.texts[name] if name is not None else work.sheet.cells[at].iloc[work.rows]
        codes[at] = cells.cat.codes.to_numpy()
    return pd.DataFrame(codes)


def _joined(work: SheetWork, names: list[str], rows: Mask) -> "pd.Series[str]":
    """The texts of some columns side by side, for showing."""
    shown = [name for name in names if name in work.texts] or list(work.texts)[-3:]
    columns = [work.texts[name][rows].astype("object").fillna("") for name in shown]
    joined = (
        [" · ".join(cells) for cells in zip(*columns, strict=True)] if columns else [""] * int(rows.sum())
    )
    return pd.Series(joined, dtype="str")
