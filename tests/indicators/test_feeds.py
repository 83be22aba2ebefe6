"""One indicator from several datasets: each figure once, each way of counting apart."""

import pandas as pd
import pytest
from pydantic import ValidationError

from command_center.catalog import SAMPLE_METHOD, Sector
from command_center.contracts import ROW_INDEX, SourceFile, SourceTable
from command_center.indicators import measure_sector
from tests.indicators.conftest import make_indicator, make_sector

FEED = {"dataset": "own", "formula": {"numerator": "mine", "denominator": "all", "scale": 100}}


def fed_sector(**feed: object) -> Sector:
    single = make_sector(make_indicator())
    own = single.datasets[0].model_copy(update={"id": "own", "file": None})
    indicator = make_indicator(feeds=[FEED | feed], main_method="routine")
    return Sector.model_validate(
        single.model_dump() | {"datasets": [*single.model_dump()["datasets"], own.model_dump()],
                               "indicators": [indicator.model_dump()]}
    )  # fmt: skip


def table_of(
    sector: Sector, name: str, rows: list[dict[str, object]], *, is_sample: bool = False
) -> SourceTable:
    frame = pd.DataFrame(rows)
    frame.index = pd.RangeIndex(1, len(frame) + 1, name=ROW_INDEX)
    file = SourceFile(f"{name}.csv", name * 8, len(frame), is_sample=is_sample)
    return SourceTable(sector.dataset(name), (file,), frame)


@pytest.fixture
def measured(make):
    def run(facts, own, *, is_sample=False):
        sector = fed_sector()
        tables = {
            "facts": table_of(sector, "facts", facts),
            "own": table_of(sector, "own", own, is_sample=is_sample),
        }
        return measure_sector(sector, tables, {}, make.tree([2, 1]), make.day, make.limits(None))

    return run


FACT = {"region_code": "99.01", "period": "2024", "method": "routine", "part": 1.0, "whole": 4.0}
OWN = {"region_code": "99.01", "period": "2025", "method": "routine", "mine": 2.0, "all": 4.0}


def test_both_datasets_carry_one_series(measured) -> None:
    found = measured([FACT], [OWN])
    assert found.measures[["period", "value"]].values.tolist() == [["2024", 25.0], ["2025", 50.0]]
    assert found.faults == ()


def test_a_figure_that_both_give_stands_once_and_is_told(measured) -> None:
    found = measured([FACT], [OWN | {"period": "2024"}])
    assert found.measures["value"].tolist() == [25.0]
    assert [fault.check for fault in found.faults] == ["two_datasets_one_figure"]


def test_invented_rows_are_a_series_of_their_own_whatever_method_they_claim(measured) -> None:
    found = measured([FACT], [OWN | {"period": "2024"}], is_sample=True)
    assert sorted(found.measures["method"]) == ["routine", SAMPLE_METHOD]
    assert found.faults == ()
    assert found.sources.set_index("source_submission")["is_sample"].tolist() == [False, True]


def test_invented_and_published_rows_never_make_one_sum(measured) -> None:
    village = {"region_code": "99.01.01.2001", "period": "2024", "method": "routine"}
    other = {"region_code": "99.01.01.2002", "period": "2024", "method": "routine"}
    found = measured(
        [village | {"part": 1.0, "whole": 4.0}], [other | {"mine": 1.0, "all": 2.0}], is_sample=True
    )
    assert "99.01.01" not in set(found.measures["region_code"])


@pytest.mark.parametrize(
    "feed",
    [
        {"formula": {"numerator": "mine", "denominator": "all", "scale": 1000}},
        {"formula": {"numerator": "mine", "scale": 100}},
        {"dataset": "facts"},
        {"dataset": "unknown"},
    ],
)
def test_a_feed_that_measures_something_else_is_refused(feed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        fed_sector(**feed)
