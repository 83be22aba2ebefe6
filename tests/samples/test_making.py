"""Samples: the same every time, through the door, every fault told; replaced by real data, gone when switched off."""

import json
from collections import Counter

import pandas as pd
import pytest

from command_center.catalog import SAMPLE_METHOD, load_catalog
from command_center.indicators.series import by_region, latest
from command_center.ingest.submissions import Delivery, Door, Register, SubmissionFiles, open_intake
from command_center.ingest.submissions.current import read_current
from command_center.pages.house import open_house
from command_center.refresh.measuring import measure_house
from command_center.regions import load_agencies, load_regions
from command_center.samples import SampleRun, clear_samples, make_samples
from command_center.samples.verbs import load_makers
from command_center.settings import Settings
from tests.samples.conftest import AS_OF, bare_copy


def rows_of(settings: Settings, sector: str, dataset: str):
    declared = load_catalog(settings).sector(sector).dataset(dataset)
    regions, agencies = load_regions(settings), load_agencies(settings)
    return read_current(settings, sector, declared, regions, frozenset(agencies.codes))


def sent_by_agency(settings: Settings) -> str:
    """The receipt of a file of one row, sent and accepted."""
    content = (
        "region_code,period,target_children,weighed_children,measured_children,stunted_children\n"
        "33.16.09.2028,2026-10,200,190,188,12\n"
    )
    delivery = Delivery(
        content.encode(),
        "gizi.csv",
        sector="health",
        dataset="gizi_desa",
        agency="1.02.01",
        channel="command",
    )
    return Door(open_intake(settings)).receive(delivery).submission.receipt


def originals(settings: Settings) -> set[str]:
    return {path.name for path in (settings.samples_dir / "raw").glob("*/*")}


def test_every_maker_gives_a_file_and_nearly_every_row_is_taken(sampled: tuple[Settings, SampleRun]) -> None:
    settings, run = sampled
    made = {
        f"{sector.slug}.{name}"
        for sector in load_catalog(settings).sectors
        for name in load_makers(settings, sector)
    }
    register = Register(SubmissionFiles(settings, samples=True).register)
    sent = register.all()
    assert {one.dataset_id for one in sent} == made != set()
    assert {(one.channel, one.state) for one in sent} == {("sample", "accepted")}
    assert run.accepted / run.read > 0.98
    assert len(sent) == run.files


def test_the_same_day_gives_the_same_files(sampled: tuple[Settings, SampleRun], tmp_path) -> None:
    again = bare_copy(tmp_path / "house")
    make_samples(again, AS_OF)
    assert originals(again) == originals(sampled[0])


def test_what_is_there_is_not_made_again(sampled: tuple[Settings, SampleRun]) -> None:
    settings, run = sampled
    again = make_samples(settings, AS_OF)
    assert (run.is_new, again.is_new) == (True, False)
    assert again.seeded == run.seeded


def test_every_seeded_fault_is_told_as_often_as_it_was_seeded(sampled: tuple[Settings, SampleRun]) -> None:
    settings, run = sampled
    files = SubmissionFiles(settings, samples=True)
    register = Register(files.register)
    seeded_checks = {check for told in run.seeded.values() for check in told}
    assert seeded_checks
    for receipt, told in run.seeded.items():
        report = json.loads(files.report(register.get(receipt)).read_text(encoding="utf-8"))
        found = Counter(
            fault["check"]
            for sheet in report["sheets"]
            for fault in sheet["faults"]
            if fault["check"] in seeded_checks
        )
        assert found == Counter(told), receipt


def test_sample_figures_are_a_series_of_their_own_beside_the_published_ones(
    sampled: tuple[Settings, SampleRun],
) -> None:
    settings, _ = sampled
    house = open_house(settings)
    found = measure_house(house, AS_OF, sectors=["health"])
    _, indicator = found.catalog.indicator("HLT1")
    root = house.regions.root.code
    published = latest(found.measures, indicator, root)
    assert published is not None
    assert published.method == "eppgbm"
    sample = latest(found.measures, indicator, root, method=SAMPLE_METHOD)
    assert sample is not None
    rows = found.sources.set_index("source_submission")["is_sample"]
    assert rows[sample.source_submission]
    assert not rows[published.source_submission]
    villages = by_region(
        found.measures, indicator, sample.period, "desa", house.regions, method=SAMPLE_METHOD
    )
    assert len(villages) == 295
    assert villages["numerator"].sum() == sample.numerator
    assert villages["denominator"].sum() == sample.denominator


def test_a_real_file_takes_the_place_of_the_sample_of_its_dataset(own_sampled: Settings) -> None:
    settings = own_sampled
    assert rows_of(settings, "health", "gizi_desa").sample_rows.all()
    content = (
        "region_code,period,target_children,weighed_children,measured_children,stunted_children\n"
        "33.16.09.2028,2026-10,200,190,188,12\n"
    )
    delivery = Delivery(
        content.encode(),
        "gizi.csv",
        sector="health",
        dataset="gizi_desa",
        agency="1.02.01",
        channel="command",
    )
    Door(open_intake(settings)).receive(delivery)
    table = rows_of(settings, "health", "gizi_desa")
    assert len(table.frame) == 1
    assert not table.sample_rows.any()


def test_switched_off_nothing_invented_is_left(own_sampled: Settings) -> None:
    settings = own_sampled
    profile = settings.reference_dir / "regency.yml"
    profile.write_text(
        profile.read_text(encoding="utf-8").replace("samples: on", "samples: off"), encoding="utf-8"
    )
    found = measure_house(open_house(settings), AS_OF)
    assert not found.measures["method"].eq(SAMPLE_METHOD).any()
    assert not found.sources["is_sample"].any()
    assert rows_of(settings, "health", "gizi_desa") is None


def test_cleared_samples_leave_what_agencies_sent(own_sampled: Settings) -> None:
    sent = sent_by_agency(own_sampled)
    clear_samples(own_sampled)
    assert not own_sampled.samples_dir.exists()
    assert Register(SubmissionFiles(own_sampled).register).get(sent).state == "accepted"


def test_a_month_of_sample_rows_adds_up_to_the_last_digit(sampled: tuple[Settings, SampleRun]) -> None:
    settings, _ = sampled
    frame = rows_of(settings, "health", "gizi_desa").frame
    month = frame[frame["period"].eq("2026-10")]
    assert (month["stunted_children"] <= month["measured_children"]).all()
    assert (month["measured_children"] <= month["weighed_children"]).all()
    assert (
        pd.api.types.is_integer_dtype(month["stunted_children"].dtype)
        or month["stunted_children"].notna().all()
    )


@pytest.mark.parametrize("count", [1, 12, 20])
def test_months_end_before_the_day(sampled: tuple[Settings, SampleRun], count: int) -> None:
    from command_center.samples import open_world

    months = open_world(sampled[0], AS_OF).months(count)
    assert len(months) == count
    assert months[-1] == "2026-10"
