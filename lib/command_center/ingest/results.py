"""The two tables a checked sheet leaves: accepted rows as typed values, the others as masked text with reasons."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from command_center.catalog import Field
from command_center.cleaning.columns import Distinct, Mask, strings
from command_center.cleaning.private import mask_name
from command_center.ingest.checks import CHECKS
from command_center.ingest.knownnames import masked_names
from command_center.ingest.report import REASON, SOURCE_ROW
from command_center.ingest.sheetwork import SheetWork


def accepted_table(work: SheetWork, accepted: Mask) -> pd.DataFrame:
    """Return the accepted rows, every declared column typed, indexed by `source_row`.

    string, any: str (missing NaN) · integer: Int64 · number: float64 · date: datetime64[ns] · boolean: boolean.
    A column the sheet lacks is all missing. The values are taken out of the work column by column: of a large
    table there are never two.
    """
    index = pd.Index(work.rows[accepted] + 1, name=SOURCE_ROW)
    columns: dict[str, pd.Series[Any]] = {}
    for name, field in work.fields.items():
        columns[name] = _typed(work, field, accepted, index)
        if name in work.values:
            del work.values[name]
    return pd.DataFrame(columns, index=index, copy=False)


def quarantine_table(work: SheetWork, apart: Mask) -> pd.DataFrame:
    """Return the other rows as text, personal numbers masked or coded, with a column `reason`: the checks' names.

    In a row whose cells slipped, a column beside a personal one may hold a name: it is masked too, and so is
    every name that the sheet's own columns of names declare.
    """
    index = pd.Index(work.rows[apart] + 1, name=SOURCE_ROW)
    columns: dict[str, Any] = {}
    slipped = work.log.rows_of("shifted_cells", "ragged_row")[work.rows][apart]
    beside = work.beside_personal() if slipped.any() else frozenset()
    for name, field in work.fields.items():
        if field.personal is not None and name in work.values:
            columns[name] = pd.array(list(work.values[name][apart]), dtype="str")
        elif name in work.texts:
            texts = work.texts[name][apart]
            texts = strings(texts).where(texts.notna(), None)
            if name in beside:
                texts = texts.where(~slipped, texts.map(mask_name, na_action="ignore"))
            if work.names:
                texts = texts.map(lambda text: masked_names(text, work.names) or text, na_action="ignore")
            columns[name] = pd.array(texts.tolist(), dtype="str")
    columns[REASON] = _reasons(work, apart)
    return pd.DataFrame(columns, index=index)


def _reasons(work: SheetWork, apart: Mask) -> npt.NDArray[np.object_]:
    rows = work.rows[apart]
    reasons = np.full(len(rows), "", dtype=object)
    for check in work.log.checks():
        if CHECKS[check].action == "fixed":
            continue
        flags = work.log.rows_of(check)[rows]
        reasons[flags] = [f"{said}, {check}" if said else check for said in reasons[flags]]
    return reasons


def _typed(work: SheetWork, field: Field, accepted: Mask, index: "pd.Index[Any]") -> "pd.Series[Any]":
    if field.type in ("string", "any") and field.name in work.values:
        return _texts(work.values.texts(field.name), accepted, index)
    values = work.values.get(field.name)
    if values is None:
        values = (
            np.full(len(accepted), np.nan)
            if field.type in ("integer", "number")
            else np.full(len(accepted), None)
        )
    chosen = values[accepted]
    if field.type == "integer":
        return pd.Series(pd.array(chosen, dtype="Int64"), index=index)
    if field.type == "number":
        return pd.Series(chosen.astype(np.float64), index=index)
    if field.type == "date":
        return pd.Series(pd.to_datetime(chosen).astype("datetime64[ns]"), index=index)
    if field.type == "boolean":
        return pd.Series(chosen, index=index, dtype="boolean")
    return pd.Series(chosen, index=index, dtype="str")


def _texts(column: Distinct, accepted: Mask, index: "pd.Index[Any]") -> "pd.Series[Any]":
    indices = pa.array(column.codes[accepted], mask=column.empty[accepted])
    texts = column.texts.cast(pa.large_string()).take(indices)
    return pd.Series(pd.array(texts, dtype="str"), index=index)
