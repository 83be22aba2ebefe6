"""Columns the licensing item computes from permit tables.

Pure: a table in, the same table with more columns out. Missing stays missing, nothing is filled.
"""

import pandas as pd


def business_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `issued_nib`: numbers issued over the four scales; missing where one is missing."""
    scales = ["micro_nib", "small_nib", "medium_nib", "large_nib"]
    return table.assign(issued_nib=table[scales].sum(axis=1, min_count=len(scales)))


def building_permits(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `due_permits`: issued plus open past the limit; missing where one is missing."""
    parts = ["issued_permits", "overdue_open_permits"]
    return table.assign(due_permits=table[parts].sum(axis=1, min_count=2))


def overdue_applications(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `overdue_applications`, whoever is waited for; missing where one part is missing."""
    parts = ["waiting_agency_applications", "waiting_applicant_applications"]
    return table.assign(overdue_applications=table[parts].sum(axis=1, min_count=2))
