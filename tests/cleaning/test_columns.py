"""Columns of distinct texts: nothing is lost on the way there and back, and no shortcut tells another thing."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_center.cleaning import numbers, private
from command_center.cleaning.columns import Distinct, distinct, matches, rewritten, strings, text_column
from command_center.ingest import cellvalues, layout, shifts

TEXTS = st.lists(st.none() | st.text(alphabet="ab1 é", max_size=3), max_size=12)
FILLED = r"[^\s\x{a0}\x{202f}]"


def column(texts):
    return distinct(pd.Series(texts, dtype="str"))


@given(TEXTS)
def test_a_text_column_holds_what_was_put_into_it(texts):
    held = text_column(column(texts))
    assert strings(held).tolist() == [text or "" for text in texts]
    again = distinct(held)
    assert again.empty.tolist() == [not text for text in texts]
    assert len(set(again.values)) == len(again.values)


@given(TEXTS, st.data())
def test_a_part_of_a_text_column_holds_the_texts_of_its_rows(texts, data):
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=6)) if texts else []
    assert strings(text_column(column(texts)).iloc[rows]).tolist() == [texts[at] or "" for at in rows]


@given(TEXTS)
def test_a_rewritten_column_has_each_text_replaced_and_the_gone_ones_missing(texts):
    known = column(texts)
    upper = pa.array([text.upper() for text in known.values], type=pa.string())
    gone = np.array([text.startswith("a") for text in known.values], dtype=np.bool_)
    meant = ["" if not text or text.startswith("a") else text.upper() for text in texts]
    assert strings(rewritten(known, upper, gone)).tolist() == meant


@pytest.mark.parametrize(
    ("pattern", "digits"),
    [
        (FILLED, True),
        (layout._TOTAL, False),
        (layout._NOTE, False),
        (shifts._NUMBER, True),
        (numbers._PLAIN, True),
        (cellvalues._PLAIN_NUMBER, True),
        (cellvalues._ERROR_SIGN, False),
        (cellvalues._FORMULA, False),
        (r"\*", False),
    ],
)
@given(st.lists(st.text(alphabet="0123456789", min_size=1, max_size=60) | st.text(max_size=6), max_size=20))
def test_what_a_pattern_is_said_to_say_of_digits_it_says(pattern, digits, texts):
    known = Distinct(pa.array(texts, type=pa.string()), np.arange(len(texts), dtype=np.int32))
    np.testing.assert_array_equal(
        known.matches(pattern, digits=digits), matches(pa.array(texts, type=pa.string()), pattern)
    )


@given(st.text(alphabet="0628319 .-+()\u00a0,ab", min_size=8, max_size=30))
def test_the_sieve_lets_through_whatever_the_exact_patterns_find(text):
    found = any(one.search(text) for one in (private._SIXTEEN, private._MOBILE, private._FIXED_LINE))
    assert private._suspects(column([text])).size or not found
