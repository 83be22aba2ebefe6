"""Columns the finance item computes from cash tables.

Pure: a table in, the same table with more columns out. Missing stays missing, nothing is filled.
"""

import pandas as pd


def cash_plan(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `deviation_idr`: absolute rupiah between realised and planned cash, per agency.

    Missing where either is missing.
    """
    return table.assign(deviation_idr=(table["realised_idr"] - table["planned_idr"]).abs())
