"""A million rows of CSV and a hundred thousand of a workbook, beside plain pandas and pandera on the same files."""

import pytest

from tests.bench.ingest_children import compare
from tests.bench.large_files import write_csv, write_xlsx

pytestmark = pytest.mark.bench
SLOWER_AT_MOST, LARGER_AT_MOST = 1.5, 1.0


def test_a_million_rows_of_csv(tmp_path):
    path = tmp_path / "million.csv"
    write_csv(path, 1_000_000)
    time, memory = compare(path, "pandas", times=2)
    assert time <= SLOWER_AT_MOST
    assert memory <= LARGER_AT_MOST


def test_a_hundred_thousand_rows_of_a_workbook(tmp_path):
    path = tmp_path / "hundred_thousand.xlsx"
    write_xlsx(path, 100_000)
    compare(path, "pandas_calamine")
    time, memory = compare(path, "pandas")
    assert time <= SLOWER_AT_MOST
    assert memory <= LARGER_AT_MOST
