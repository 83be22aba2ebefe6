"""The door: what is clean passes, what is not waits, what cannot be taken in is told and changes no figure."""

import hashlib
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from command_center.errors import CatalogError
from command_center.ingest.refusals import IngestError
from command_center.ingest.submissions import Delivery, Door, SubmissionError, read_current
from command_center.settings import Settings
from tests.ingest.submissions.conftest import ROWS, delivery, table

FAULTY = table(*ROWS[:3], "33.16.16.2011,2025,survey,abc,100,2025-12-31,Survei")


def current(door: Door) -> pd.DataFrame:
    intake = door.intake
    dataset = intake.declared("water.supply")[1]
    found = read_current(intake.settings, "water", dataset, intake.regions, frozenset(intake.agencies.codes))
    assert found is not None
    return found.frame


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_clean_file_passes_by_itself_and_its_rows_count(door: Door) -> None:
    before = len(current(door))
    outcome = door.receive(delivery(table(*ROWS)))
    assert outcome.submission.state == "accepted"
    rows = current(door)
    assert len(rows) == before + len(ROWS)
    assert rows[rows["period"] == "2025"]["served_households"].tolist() == [70, 71, 72, 73]


def test_the_original_is_kept_as_it_came_and_only_its_owner_may_open_it(door: Door) -> None:
    content = table(*ROWS)
    submission = door.receive(delivery(content)).submission
    path = door.intake.files.original(submission.sha256)
    assert path.read_bytes() == content
    assert submission.sha256 == hashlib.sha256(content).hexdigest()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_a_faulty_file_waits_and_changes_no_figure(door: Door) -> None:
    before = current(door)
    outcome = door.receive(delivery(FAULTY))
    assert outcome.submission.state == "checked"
    assert outcome.submission.counts["quarantined"] == 1
    pd.testing.assert_frame_equal(current(door), before)


def test_the_walidata_accepts_and_the_faulty_row_stays_in_quarantine(door: Door) -> None:
    receipt = door.receive(delivery(FAULTY)).submission.receipt
    accepted = door.accept(receipt, "walidata").submission
    assert accepted.state == "accepted"
    assert accepted.counts["read"] == 4
    assert accepted.counts["read"] == accepted.counts["accepted"] + accepted.counts["quarantined"]
    apart = pd.read_parquet(door.intake.files.quarantine(accepted))
    assert apart["reason"].tolist() == ["number_unreadable"]
    assert apart["source_row"].tolist() == [5]
    assert set(current(door)["region_code"]) >= {"33.16.15.2001"}
    assert len(current(door).query("period == '2025'")) == 3


def test_the_walidata_returns_with_a_reason_in_the_register(door: Door) -> None:
    receipt = door.receive(delivery(FAULTY)).submission.receipt
    returned = door.send_back(receipt, "walidata", "isi kolom rumah tangga")
    assert (returned.state, returned.reason) == ("returned", "isi kolom rumah tangga")
    events = door.intake.register.events(receipt)
    assert [event.state for event in events] == ["received", "received", "checked", "returned"]
    with pytest.raises(SubmissionError, match="cannot become accepted"):
        door.accept(receipt, "walidata")


def test_a_file_with_no_sound_row_cannot_be_accepted(door: Door) -> None:
    receipt = door.receive(
        delivery(table("33.16.16.2011,2025,survey,abc,100,2025-12-31,Survei"))
    ).submission.receipt
    with pytest.raises(SubmissionError, match="nothing to accept"):
        door.accept(receipt, "walidata")


def test_a_newer_file_of_the_same_periods_supersedes_the_older(door: Door) -> None:
    first = door.receive(delivery(table(*ROWS))).submission
    second = door.receive(delivery(table(*(row.replace(",7", ",8", 1) for row in ROWS)))).submission
    assert door.intake.register.get(first.receipt).state == "superseded"
    assert door.intake.register.get(first.receipt).superseded_by == second.receipt
    assert current(door).query("period == '2025'")["served_households"].tolist() == [80, 81, 82, 83]


def test_another_period_and_another_agency_stand_beside(door: Door) -> None:
    first = door.receive(delivery(table(*ROWS))).submission
    door.receive(
        delivery(table(*(row.replace("2025", "2026").replace("2026-12-31", "2026-10-31") for row in ROWS)))
    )
    door.receive(delivery(table(*(row.replace(",7", ",6", 1) for row in ROWS[:2])), agency="1.02.01"))
    assert door.intake.register.get(first.receipt).state == "accepted"
    # Row by row the latest counts.
    assert sorted(current(door).query("period == '2025'")["served_households"]) == [60, 61, 72, 73]


def test_the_same_file_again_is_refused_without_a_new_receipt(door: Door) -> None:
    receipt = door.receive(delivery(table(*ROWS))).submission.receipt
    with pytest.raises(IngestError, match=receipt) as refused:
        door.receive(delivery(table(*ROWS), "renamed.csv"))
    assert refused.value.code == "resubmitted_file"
    assert len(door.intake.register.all()) == 1


def test_a_returned_file_may_come_again(door: Door) -> None:
    receipt = door.receive(delivery(FAULTY)).submission.receipt
    door.send_back(receipt, "walidata", "coba lagi")
    assert door.receive(delivery(FAULTY)).submission.receipt != receipt


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "empty.csv", "empty_file"),
        (b"PK\x03\x04 and nothing more", "broken.xlsx", "corrupt_file"),
        (b"%PDF-1.4", "letter.xlsx", "unknown_format"),
        (table(), "no_rows.csv", "no_rows"),
        (b"a,b,c\n1,2,3\n", "stranger.csv", "no_header"),
    ],
)
def test_what_cannot_be_taken_in_is_kept_and_told_and_changes_no_figure(
    door: Door, content: bytes, name: str, code: str
) -> None:
    before = current(door)
    with pytest.raises(IngestError) as refused:
        door.receive(delivery(content, name))
    (submission,) = door.intake.register.all()
    assert (refused.value.code, submission.refusal, submission.state) == (code, code, "returned")
    assert submission.receipt in refused.value.where
    assert refused.value.who
    assert refused.value.next_step
    assert door.intake.files.original(submission.sha256).read_bytes() == content
    pd.testing.assert_frame_equal(current(door), before)


def test_a_try_out_keeps_nothing(door: Door) -> None:
    data = door.intake.settings.data_dir
    before = everything(data)
    report = door.try_out(delivery(FAULTY))
    assert report.sheets[0].quarantined == 1
    assert everything(data) == before


def test_an_unknown_dataset_names_the_known_ones_and_keeps_nothing(door: Door) -> None:
    before = everything(door.intake.settings.data_dir)
    with pytest.raises(CatalogError) as refused:
        door.receive(delivery(table(*ROWS), dataset="suply"))
    assert "water.supply" in refused.value.next_step
    assert everything(door.intake.settings.data_dir) == before


def test_the_report_is_kept_beside(door: Door) -> None:
    submission = door.receive(delivery(FAULTY)).submission
    report = json.loads(door.intake.files.report(submission).read_text())
    assert report["sheets"][0]["read"] == 4
    (fault,) = [fault for fault in report["sheets"][0]["faults"] if fault["action"] == "quarantined"]
    assert (fault["check"], fault["row"], fault["column"], fault["value"]) == (
        "number_unreadable", 5, "served_households", "abc",
    )  # fmt: skip


def test_what_was_received_and_never_checked_is_finished_later(
    door: Door, fresh_house: Settings, new_door: Callable[[Settings], Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCut

    monkeypatch.setattr(Door, "report_of", cut)
    with pytest.raises(PowerCut):
        door.receive(delivery(table(*ROWS)))
    monkeypatch.undo()
    later = new_door(fresh_house)
    assert [one.state for one in later.intake.register.all()] == ["received"]
    later.finish_received()
    assert [one.state for one in later.intake.register.all()] == ["accepted"]
    assert len(current(later).query("period == '2025'")) == 4


def test_a_file_that_ends_the_check_is_not_tried_for_ever(
    door: Door, fresh_house: Settings, new_door: Callable[[Settings], Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Abort(BaseException):
        pass

    def abort(*_: object) -> None:
        raise Abort

    monkeypatch.setattr(Door, "report_of", abort)
    with pytest.raises(Abort):
        door.receive(delivery(table(*ROWS)))
    with pytest.raises(Abort):
        new_door(fresh_house).finish_received()
    (refused,) = new_door(fresh_house).finish_received()
    assert isinstance(refused, IngestError)
    assert [one.state for one in door.intake.register.all()] == ["returned"]


def test_metadata_and_names_are_masked_before_they_are_kept(door: Door) -> None:
    sent = Delivery(
        table(*ROWS), "data 9999999999999999.csv", "water", "supply", "1.03.01", "harvest",
        metadata={"notes": "hubungi 0899-9999-9999, NIK 9999999999999999"},
    )  # fmt: skip
    submission = door.receive(sent).submission
    assert "9999999999999999" not in submission.name
    kept = b"".join(everything(door.intake.files.register.parent).values())
    assert b"9999999999999999" not in kept
    assert b"0899-9999-9999" not in kept
