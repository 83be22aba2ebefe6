"""How old is too old, by cadence, and that the limits are complete and marked as proposals."""

from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from command_center.catalog.words import Cadence
from command_center.errors import ReferenceDataError
from command_center.quality import load_freshness_limits
from command_center.settings import Settings

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def limits():
    return load_freshness_limits(Settings(ROOT))


def test_every_cadence_has_a_limit_that_is_shown_as_a_proposal_with_its_reason(limits):
    assert set(limits.limits) == set(get_args(Cadence))
    for limit in limits.limits.values():
        assert limit.provenance == "proposal"
        assert limit.reason.id != limit.reason.en


def test_more_frequent_data_grow_stale_sooner(limits):
    days = [
        limits.limits[cadence].days
        for cadence in ("daily", "weekly", "monthly", "quarterly", "semester", "yearly")
    ]
    assert days == sorted(days)
    assert len(set(days)) == len(days)


@pytest.mark.parametrize(("age", "is_stale"), [(-1, False), (0, False), (75, False), (76, True)])
def test_a_figure_is_stale_from_the_day_after_its_limit(limits, age, is_stale):
    found = limits.freshness(TODAY - timedelta(days=age), "monthly", TODAY)
    assert (found.age_days, found.is_stale, found.limit_days) == (age, is_stale, 75)


def test_a_figure_without_schedule_never_grows_stale(limits):
    assert limits.freshness(date(1990, 1, 1), "irregular", TODAY).is_stale is False
    assert limits.freshness(None, "irregular", TODAY).is_stale is False


def test_a_figure_of_unknown_date_cannot_pass_as_fresh(limits):
    found = limits.freshness(None, "yearly", TODAY)
    assert (found.age_days, found.is_stale) == (None, True)


@given(
    ages=st.lists(st.none() | st.integers(-400, 4000), min_size=1), cadence=st.sampled_from(get_args(Cadence))
)
def test_a_column_is_judged_like_each_of_its_dates(limits, ages, cadence):
    days = [None if age is None else TODAY - timedelta(days=age) for age in ages]
    column = pd.Series(pd.to_datetime(pd.Series(days, dtype="object"))).astype("datetime64[s]")
    assert limits.stale(column, cadence, TODAY).tolist() == [
        limits.freshness(day, cadence, TODAY).is_stale for day in days
    ]


def write(folder, content):
    reference = folder / "data" / "reference"
    reference.mkdir(parents=True)
    (reference / "freshness.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return Settings(folder)


def test_a_missing_limit_is_named(tmp_path):
    content = yaml.safe_load((ROOT / "data/reference/freshness.yml").read_text(encoding="utf-8"))
    del content["limits"]["weekly"]
    with pytest.raises(ReferenceDataError, match="no freshness limit for weekly"):
        load_freshness_limits(write(tmp_path, content))


def test_a_limit_without_its_reason_is_refused(tmp_path):
    content = yaml.safe_load((ROOT / "data/reference/freshness.yml").read_text(encoding="utf-8"))
    del content["limits"]["weekly"]["reason"]
    with pytest.raises(ReferenceDataError, match=r"limits\.weekly\.reason"):
        load_freshness_limits(write(tmp_path, content))
