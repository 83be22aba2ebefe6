"""Precision and recall of every kind of fault over many seeds, printed as a table."""

import pytest

from tests.ingest.broken.registry import KINDS
from tests.ingest.broken.scores import score, table

pytestmark = pytest.mark.bench

SEEDS = range(1, 6)


def test_precision_and_recall_of_every_kind_are_at_least_99_per_cent():
    scores = {kind.name: score(kind, SEEDS) for kind in KINDS.values()}
    print("\n" + table(scores, SEEDS))
    wrong = [told for one in scores.values() for told in one.wrong]
    print("\n".join(wrong))
    assert {name: (one.precision, one.recall) for name, one in scores.items()
            if min(one.precision, one.recall) < 0.99} == {}  # fmt: skip
    assert not [told for told in wrong if "balance" in told or "read" in told]
