"""Columns the social item computes from aid tables.

Pure: a table in, the same table with more columns out. Missing stays missing, nothing is filled.
"""

import pandas as pd


def pbi_followup(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `unresolved_persons`: deactivated minus reactivated and confirmed ineligible.

    Missing where one of the three is missing: an unreported reactivation is not a zero.
    """
    unresolved = table["deactivated_persons"] - table["reactivated_persons"] - table["ineligible_persons"]
    return table.assign(unresolved_persons=unresolved)
