"""Among all datasets of this house no table is taken for another's, and another's table is told."""

import pytest

from command_center.catalog import load_catalog
from command_center.ingest.otherdataset import other_dataset
from command_center.ingest.readers.grid import text_sheet
from tests.ingest.broken.tables import SETTINGS

DATASETS = {dataset.id: dataset for sector in load_catalog(SETTINGS).sectors for dataset in sector.datasets}
NAMES = list(DATASETS)


def sheet(dataset, written):
    header = [written(field) for field in dataset.table.fields]
    return text_sheet(dataset.id, [header, ["1"] * len(header)], len(header))


def by_name(field):
    return field.name


def by_title(field):
    return field.title.id if field.title else field.name


def columns(name):
    return {field.name for field in DATASETS[name].table.fields}


@pytest.mark.parametrize("written", [by_name, by_title])
def test_no_dataset_is_taken_for_another_by_its_own_table(written):
    taken = {
        name: found.id
        for name, dataset in DATASETS.items()
        if (found := other_dataset(sheet(dataset, written), dataset, DATASETS)) is not None
    }
    assert taken == {}


def test_the_table_of_another_dataset_is_told_where_each_has_a_column_of_its_own():
    pairs = [(name, NAMES[(at + 7) % len(NAMES)]) for at, name in enumerate(NAMES)]
    telling = [
        (one, other)
        for one, other in pairs
        if columns(one) - columns(other) and columns(other) - columns(one)
    ]
    untold = [
        (sent, asked)
        for sent, asked in telling
        if other_dataset(sheet(DATASETS[sent], by_name), DATASETS[asked], DATASETS) is None
    ]
    assert len(telling) > 0.9 * len(pairs)
    assert untold == []
