"""Frictionless declarations compiled to pandera schemas, which find every failure and not the first.

Two schemas: one for the text as it came, one for the typed values. Neither coerces or fills anything.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from command_center.catalog import Dataset, Field
from command_center.contracts.cells import ALWAYS_READ, reads_as
from command_center.errors import CatalogError
from command_center.locale import LocaleError, parse_period

METHOD_COLUMN = "method"
PERIOD_COLUMN = "period"
_NUMERIC = ("integer", "number")
# pandera's own names for what it checks by itself.
PANDERA_NAMES = {
    "not_nullable": "required",
    "column_in_dataframe": "missing_column",
    "column_in_schema": "unknown_column",
}


def text_schema(dataset: Dataset, codes: Mapping[str, frozenset[str]]) -> Any:
    """Return the pandera schema of the table as text.

    It checks columns, required, type, enum, pattern, foreign keys, and the columns method and period.
    `codes` holds the allowed codes of each resource a foreign key may lead to.
    """
    pa = _pandera()
    columns = {
        field.name: pa.Column(
            None, checks=_text_checks(field, dataset, codes), nullable=not field.constraints.required
        )
        for field in dataset.table.fields
    }
    return pa.DataFrameSchema(columns, strict=True)


def typed_schema(dataset: Dataset) -> Any:
    """Return the pandera schema of the typed table: minimum, maximum, unique."""
    pa = _pandera()
    checks = {field.name: _typed_checks(field, dataset) for field in dataset.table.fields}
    return pa.DataFrameSchema(
        {name: pa.Column(None, checks=own, nullable=True) for name, own in checks.items() if own}
    )


def failures(schema: Any, table: pd.DataFrame) -> list[tuple[str, str, Any]]:
    """Return (check, column, index label or None) of every failure of `table`, unordered."""
    errors = _pandera().errors
    try:
        schema.validate(table, lazy=True)
    except errors.SchemaErrors as found:
        return [_failure(case) for case in found.failure_cases.to_dict("records")]
    return []


def duplicates_of(table: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Return, for each row that repeats an earlier one in `columns`, the label of the first such row.

    A missing cell counts as a value; rows missing every column of the key are left out.
    """
    keyed = table[columns].dropna(how="all")
    labels = pd.Series(keyed.index, index=keyed.index)
    repeated = keyed.duplicated(columns, keep="first")
    if not repeated.any():
        return labels[repeated]
    return labels.groupby([keyed[name] for name in columns], dropna=False).transform("first")[repeated]


def _failure(case: dict[Any, Any]) -> tuple[str, str, Any]:
    check = PANDERA_NAMES.get(case["check"], case["check"])
    if check in ("missing_column", "unknown_column"):
        return check, str(case["failure_case"]), None
    return check, str(case["column"]), case["index"]


def _text_checks(field: Field, dataset: Dataset, codes: Mapping[str, frozenset[str]]) -> list[Any]:
    check = _pandera().Check
    rules = field.constraints
    checks = []
    if field.type not in ALWAYS_READ:
        checks.append(check(lambda cells: reads_as(cells, field.type), error="type"))
    if rules.enum is not None:
        checks.append(check(_is_in(frozenset(rules.enum)), error="enum"))
    if rules.pattern is not None:
        pattern = rules.pattern
        checks.append(check(lambda cells: cells.str.fullmatch(pattern), error="pattern"))
    checks += [
        check(_is_in(codes[key.reference.resource]), error="foreign_key")
        for key in dataset.table.foreignKeys
        if key.fields == field.name
    ]
    if field.name == METHOD_COLUMN and dataset.methods:
        checks.append(check(_is_in(frozenset(dataset.methods)), error="method"))
    if field.name == PERIOD_COLUMN:
        checks.append(check(lambda cells: cells.map(is_period), error="period"))
    return checks


def _typed_checks(field: Field, dataset: Dataset) -> list[Any]:
    check = _pandera().Check
    rules = field.constraints
    if field.type not in _NUMERIC and (rules.minimum is not None or rules.maximum is not None):
        raise CatalogError(
            f"Dataset {dataset.id!r}: {field.name} is a {field.type}, a minimum or maximum needs a number",
            where="sector.yml",
            who="the analyst who changed the declaration",
            next_step="declare the field as integer or number, or take the constraint away",
        )
    checks = []
    if rules.minimum is not None:
        checks.append(check.ge(rules.minimum, error="minimum"))
    if rules.maximum is not None:
        checks.append(check.le(rules.maximum, error="maximum"))
    if rules.unique:
        checks.append(check(lambda values: ~values.duplicated(keep="first"), error="unique"))
    return checks


def _is_in(allowed: frozenset[str]) -> Any:
    return lambda cells: cells.isin(allowed)


def is_period(text: str) -> bool:
    """Return whether the text is one of the five spellings of a period."""
    try:
        parse_period(text)
    except LocaleError:
        return False
    return True


def _pandera() -> Any:
    # Imported at the first check: pandera takes about 0.6 s beyond pandas, and pages check no table.
    import pandera.pandas

    return pandera.pandas
