"""Columns the infrastructure item computes from road and contract tables.

Pure: a table in, the same table with more columns out. Missing stays missing, nothing is filled.
"""

import pandas as pd


def road_condition(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `steady_km`: length in good and fair condition, in km.

    Missing where either class is missing: a road not surveyed is never counted as steady.
    """
    return table.assign(steady_km=table[["good_km", "fair_km"]].sum(axis=1, min_count=2))


def road_treatment_need(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `needed_idr`: rupiah over the four treatments; missing where one is missing."""
    treatments = ["routine_idr", "periodic_idr", "rehabilitation_idr", "reconstruction_idr"]
    return table.assign(needed_idr=table[treatments].sum(axis=1, min_count=len(treatments)))


def contract_progress(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `behind_value_idr`: planned minus completed value; negative when ahead of plan."""
    return table.assign(behind_value_idr=table["planned_value_idr"] - table["completed_value_idr"])
