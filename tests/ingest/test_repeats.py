"""Repeated rows are those pandas finds, whatever the columns and the order in which they are looked at."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from command_center.ingest.repeats import repeated

ROWS = st.lists(
    st.tuples(st.integers(-1, 9), st.integers(-1, 2), st.integers(-1, 1), st.booleans()), min_size=1
)


@given(ROWS)
def test_the_same_rows_are_repeated_as_pandas_finds(rows):
    table = pd.DataFrame([row[:3] for row in rows])
    among = np.array([row[3] for row in rows])
    columns = [table[at].to_numpy(dtype=np.int32) for at in table]

    np.testing.assert_array_equal(repeated(columns).later(), table.duplicated(keep="first"))
    shared = table[among].duplicated(keep=False)
    assert repeated(columns, among).rows.tolist() == shared[shared].index.tolist()
