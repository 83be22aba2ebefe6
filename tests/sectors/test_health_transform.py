"""Where too few children were weighed, routine stunting is not held against other places or times."""

import pandas as pd
import pytest

from command_center.editions import Edition, open_edition
from command_center.settings import Settings
from sectors.health.transform import FEWEST_WEIGHED_PCT, comparability


def figures(*rows: tuple[str, str, str, str, float | None]) -> pd.DataFrame:
    names = ["indicator", "region_code", "period", "method", "value"]
    return pd.DataFrame(rows, columns=names).assign(agency_code="")


def test_stunting_is_comparable_only_where_enough_children_were_weighed() -> None:
    table = figures(
        ("HLT1", "99.01", "2026-01", "m", 5.0),
        ("HLT2", "99.01", "2026-01", "m", 79.9),
        ("HLT1", "99.01", "2026-02", "m", 5.0),
        ("HLT2", "99.01", "2026-02", "m", 80.0),
        ("HLT1", "99.02", "2026-01", "m", 5.0),
        ("HLT1", "99.01", "2026-01", "other", 5.0),
        ("HLT3", "99.01", "2026-01", "m", 1.0),
    )
    assert comparability(table).tolist() == [False, True, True, True, True, True, True]


def test_an_attendance_that_is_not_known_forbids_nothing() -> None:
    table = figures(("HLT1", "99.01", "2026-01", "m", 5.0), ("HLT2", "99.01", "2026-01", "m", None))
    assert comparability(table).all()


@pytest.fixture(scope="module")
def edition(real_house: Settings) -> Edition:
    return open_edition(real_house)


def test_the_edition_marks_exactly_those(edition: Edition) -> None:
    place = ["region_code", "period", "method"]
    rows = edition.measures[edition.measures["value"].notna()]
    attended = rows[rows["indicator"].eq("HLT2")].set_index(place)["value"]
    stunting = rows[rows["indicator"].eq("HLT1")]
    for row in stunting.itertuples():
        known = attended.get((row.region_code, row.period, row.method))
        is_low = known is not None and known < FEWEST_WEIGHED_PCT
        assert (row.status == "not_comparable") is is_low, row
    others = rows[rows["sector"].eq("health") & rows["indicator"].ne("HLT1")]
    assert not others["status"].eq("not_comparable").any()
