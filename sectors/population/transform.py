"""Columns the population item computes from what the civil registry supplies.

Pure: a table in, the same table with more columns out. Missing stays missing, nothing is filled.
"""

import pandas as pd


def age_structure(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `dependent_persons`: residents aged 0-14 and 65 and over.

    Missing where either group is missing.
    """
    dependent = table[["age_0_14_persons", "age_65_up_persons"]].sum(axis=1, min_count=2)
    return table.assign(dependent_persons=dependent)
