"""The inbox: each file finds its dataset, is taken in once and leaves; what cannot be placed is kept aside and named."""

import json
from datetime import date
from pathlib import Path

from command_center.ingest.submissions import Door
from command_center.ingest.submissions.inbox import take_in_all, waiting_files
from command_center.ingest.workbook import blank_workbook, prepare_order
from tests.ingest.submissions.conftest import ROWS, table


def put(door: Door, name: str, content: bytes, sector: str = "water") -> Path:
    path = door.intake.files.inbox / sector / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_file_is_placed_by_its_name_or_by_its_header(door: Door) -> None:
    put(door, "supply-2025.csv", table(*ROWS))
    put(door, "laporan tahunan.csv", table(*ROWS), "power")
    assert [(one.dataset, one.agency, one.channel) for one in waiting_files(door)] == [
        ("water.supply", "1.03.01", "inbox"),
        ("power.supply", "1.03.01", "inbox"),
    ]


def test_taken_files_leave_and_count(door: Door) -> None:
    path = put(door, "supply.csv", table(*ROWS))
    (taken,) = take_in_all(door)
    assert taken.outcome is not None
    assert taken.outcome.submission.state == "accepted"
    assert not path.exists()
    assert take_in_all(door) == []


def test_a_refused_file_leaves_too_since_its_original_is_kept(door: Door) -> None:
    path = put(door, "supply.csv", b"PK\x03\x04 no workbook")
    (taken,) = take_in_all(door)
    assert taken.error is not None
    (submission,) = door.intake.register.all()
    assert submission.state == "returned"
    assert door.intake.files.original(submission.sha256).exists()
    assert not path.exists()


def test_a_file_nobody_can_place_is_kept_aside_and_named(door: Door) -> None:
    path = put(door, "misteri.csv", b"a,b\n1,2\n")
    (taken,) = take_in_all(door)
    assert taken.error is not None
    assert "misteri.csv" in taken.error.where
    assert "--dataset" in taken.error.next_step
    assert not path.exists()
    assert (door.intake.files.unplaced("water") / "misteri.csv").read_bytes() == b"a,b\n1,2\n"
    assert door.intake.register.all() == []


def test_one_broken_file_does_not_keep_the_others_out(door: Door) -> None:
    put(door, "supply-a.csv", b"")
    put(door, "supply-b.csv", table(*ROWS))
    assert [one.outcome is not None for one in take_in_all(door)] == [False, True]


def from_afar(door: Door, name: str, content: bytes, **said: object) -> Path:
    path = put(door, name, content)
    sidecar = {
        "source": "portal", "kind": "ckan", "keeper": "2.16.01", "sender": "dinas-air", "form": "file",
        "into": "water.supply", "read_at": "2026-11-24T03:00:00+07:00", "sha256": "0" * 64, "size_bytes": len(content),
        "row_count": None, "dataset": {"title": "Layanan air", "license": "CC-BY"},
    }  # fmt: skip
    path.with_name(f"{name}.meta.json").write_text(json.dumps(sidecar | said))
    return path


def test_a_harvested_file_keeps_its_description_and_names_the_keeper_of_the_source(door: Door) -> None:
    path = from_afar(door, "3f2a-layanan.csv", table(*ROWS))
    (taken,) = take_in_all(door)
    assert taken.outcome is not None
    submission = taken.outcome.submission
    assert (submission.channel, submission.agency, submission.state) == ("harvest", "2.16.01", "accepted")
    assert submission.metadata["dataset"] == {"title": "Layanan air", "license": "CC-BY"}
    assert list(path.parent.iterdir()) == []


def test_a_sender_that_is_an_agency_is_named_itself(door: Door) -> None:
    from_afar(door, "a.csv", table(*ROWS), kind="http", sender="1.03.01")
    (file,) = waiting_files(door)
    assert (file.channel, file.agency) == ("download", "1.03.01")


def test_a_file_from_afar_without_a_dataset_is_kept_aside_with_the_place_to_name_one(door: Door) -> None:
    from_afar(door, "a.csv", table(*ROWS), into=None)
    (taken,) = take_in_all(door)
    assert taken.error is not None
    assert "sources.yml" in taken.error.what
    kept = [path.name for path in door.intake.files.unplaced("water").iterdir()]
    assert sorted(kept) == ["a.csv", "a.csv.meta.json"]
    assert waiting_files(door) == []


def test_an_official_workbook_finds_its_dataset_under_any_name(door: Door) -> None:
    order = prepare_order(door.intake.settings, "water.supply", date(2026, 11, 24))
    put(door, "tanpa nama.xlsx", blank_workbook(order))
    (file,) = waiting_files(door)
    assert file.dataset == "water.supply"
