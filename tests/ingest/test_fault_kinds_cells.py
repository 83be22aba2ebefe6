"""Every kind of fault within a cell is found where it was planted, in ten datasets and every format, and nothing else.

Each prints its seeds, precision and recall: `pytest -rP` shows them. `make bench` runs the same over many seeds and
prints one table (tests/bench/test_fault_kinds.py).
"""

import pytest

from tests.ingest.broken import kinds_dates, kinds_numbers, kinds_words
from tests.ingest.broken.scores import kinds_of, score, table

SEEDS = (1,)


@pytest.mark.parametrize(
    "kind", kinds_of(kinds_numbers, kinds_dates, kinds_words), ids=lambda kind: kind.name
)
def test_a_fault_in_a_cell_is_found_and_nothing_else(kind):
    result = score(kind, SEEDS)
    print(table({kind.name: result}, SEEDS))
    assert result.files
    assert result.wrong == []
    assert result.precision >= 0.99
    assert result.recall >= 0.99
