"""What the letters item computes for its indicators: days of the agenda book made months.

Pure: a table in, another table out. Missing stays missing, nothing is filled.
"""

import pandas as pd

from command_center.indicators.tidying import PLACE, sums_by


def paper_register(table: pd.DataFrame) -> pd.DataFrame:
    """Return letters in and out by unit and month; a day without a number makes its month missing."""
    months = table.assign(period=table["period"].astype("str").str[:7])
    return sums_by(months, PLACE, ["letters_in", "letters_out"])
