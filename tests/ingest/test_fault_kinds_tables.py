"""Every kind of fault of rows, columns, places and sums is found where it was planted, and nothing else.

Each prints its seeds, precision and recall: `pytest -rP` shows them.
"""

import pytest

from tests.ingest.broken import kinds_contract, kinds_layout, kinds_places
from tests.ingest.broken.drafts import NotApplicable, new_draft
from tests.ingest.broken.registry import KINDS
from tests.ingest.broken.scores import kinds_of, score, table
from tests.ingest.broken.tables import DATASETS

SEEDS = (1,)


@pytest.mark.parametrize(
    "kind", kinds_of(kinds_layout, kinds_places, kinds_contract), ids=lambda kind: kind.name
)
def test_a_fault_of_the_table_is_found_and_nothing_else(kind):
    result = score(kind, SEEDS)
    print(table({kind.name: result}, SEEDS))
    assert result.files
    assert result.wrong == []
    assert result.precision >= 0.99
    assert result.recall >= 0.99


def test_sixty_kinds_and_more_are_planted_in_every_one_of_the_ten_datasets():
    everywhere = [kind.name for kind in KINDS.values() if all(_applies(kind, name) for name in DATASETS)]
    assert len(DATASETS) == 10
    assert len(everywhere) >= 60


def _applies(kind, name):
    try:
        kind.plant(new_draft(name, kind.formats[0], 1))
    except NotApplicable:
        return False
    return True
