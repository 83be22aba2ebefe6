"""Columns the social media item computes from monitoring tables.

Pure: a table in, the same table with more columns out. Missing stays missing, nothing is filled.
"""

import pandas as pd


def mention_sentiment(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `net_mentions`: positive minus negative; missing where either is missing."""
    return table.assign(net_mentions=table["positive_mentions"] - table["negative_mentions"])
