"""How a cell of text is read as the type its field declares, by the Frictionless default formats.

One spelling per type: no thousands separators, no local dates, no spaces. What does not read is missing
in the typed column, and `reads_as` says so: whoever types must also check.
"""

import pandas as pd

from command_center.catalog import Field

# 18 digits always fit 64 bits; years outside nanosecond time would overflow, and none of ours is older.
_PATTERNS = {
    "integer": r"-?\d{1,18}",
    "number": r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?",
    "date": r"(?:1[89]|2[01])\d\d-\d\d-\d\d",
}
# Types as which any text can be read.
ALWAYS_READ = frozenset({"string", "any"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "1": True}
_BOOLEANS |= {"false": False, "False": False, "FALSE": False, "0": False}
_ISO_DATE = "%Y-%m-%d"


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as columns of `str`, with empty and blank cells missing (NaN); index as it was."""
    columns = {name: [_filled(cell) for cell in table[name].astype("str")] for name in table.columns}
    return pd.DataFrame(columns, index=table.index, columns=table.columns, dtype="str")


def _filled(cell: object) -> object:
    return cell if isinstance(cell, str) and cell.strip() else None


def reads_as(cells: pd.Series, kind: str) -> pd.Series:
    """Return True for every cell that is missing or can be read as `kind`."""
    if kind in ALWAYS_READ:
        return pd.Series(True, index=cells.index)
    return typed(cells, kind).notna() | cells.isna()


def typed(cells: pd.Series, kind: str) -> pd.Series:
    """Return a column of text as its type; missing where empty and where it does not read.

    string, any: str (missing is NaN) · integer: Int64 · number: float64 · date: datetime64[ns] ·
    boolean: boolean.
    """
    if kind == "boolean":
        return cells.map(_BOOLEANS).astype("boolean")
    if kind not in _PATTERNS:
        return cells
    sound = cells.where(cells.str.fullmatch(_PATTERNS[kind]).eq(True))
    if kind == "date":
        return pd.to_datetime(sound, format=_ISO_DATE, errors="coerce").astype("datetime64[ns]")
    if kind == "integer":
        return sound.astype("Int64")
    return sound.astype("float64")


def typed_table(text: pd.DataFrame, fields: tuple[Field, ...]) -> pd.DataFrame:
    """Return the declared columns in their order, typed; a column the table lacks is all missing."""
    absent = pd.Series(float("nan"), index=text.index, dtype="str")
    columns = {field.name: typed(text.get(field.name, absent), field.type) for field in fields}
    return pd.DataFrame(columns, index=text.index)
