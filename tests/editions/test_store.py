"""Editions on disk: whole or not there, never changed, the latest one link away, drafts out of sight."""

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from command_center.editions import (
    Edition,
    build_edition,
    keep_page,
    latest_id,
    list_editions,
    open_edition,
    promote_edition,
    write_editions,
)
from command_center.editions.store import BUILDING_VARIABLE
from command_center.errors import EditionError
from command_center.refresh import refresh
from command_center.settings import Settings

DAY, NEXT_DAY = date(2026, 11, 24), date(2026, 11, 25)

pytestmark = pytest.mark.usefixtures("no_pages")


@pytest.fixture
def house(fresh_house: Settings) -> Iterator[Settings]:
    """The small house with one edition without pages."""
    refresh(fresh_house, DAY)
    return fresh_house


def manifest(
    edition_id: str, as_of: str = "2026-11-24", made_at: str = "2026-11-24T01:00:00"
) -> dict[str, object]:
    return {"edition": edition_id, "as_of": as_of, "made_at": made_at}


def bytes_of(edition: Edition) -> dict[str, bytes]:
    return {
        str(path.relative_to(edition.path)): path.read_bytes()
        for path in sorted(edition.path.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


# --- reading -----------------------------------------------------------------------------------


def test_a_table_reads_back_as_it_was_measured(house: Settings) -> None:
    edition = open_edition(house)
    assert edition.measures["as_of"].dtype == "datetime64[s]"
    assert edition.sources["source_date"].dtype == "datetime64[s]"
    assert len(edition.coverage)
    assert set(edition.measures["status"]) == {"good", "watch", "critical"}
    assert [sector.slug for sector in edition.catalog.sectors] == ["water", "power"]


def test_an_edition_keeps_the_declarations_it_was_made_from(house: Settings) -> None:
    path = house.sectors_dir / "water" / "sector.yml"
    path.write_text(path.read_text().replace("en: Water", "en: Rain"))
    assert open_edition(house).catalog.sector("water").name.en == "Water"


def test_before_the_first_edition_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(EditionError) as caught:
        open_edition(Settings(tmp_path))
    assert caught.value.next_step == "command-center refresh"


def test_an_unknown_edition_is_answered_with_the_newest(house: Settings) -> None:
    with pytest.raises(EditionError, match=open_edition(house).id):
        open_edition(house, "2020-01-01-000000000000")


@pytest.mark.parametrize("name", ["", ".", "..", "../reference", "a/b", "a\\b", ".lock", "drafts/x"])
def test_an_edition_cannot_be_named_by_a_path(house: Settings, name: str) -> None:
    with pytest.raises(EditionError):
        open_edition(house, name)


@pytest.mark.parametrize("name", ["drafts", "building"])
def test_the_house_keeping_folders_are_no_editions(house: Settings, name: str) -> None:
    (house.editions_dir / name).mkdir(exist_ok=True)
    with pytest.raises(EditionError):
        open_edition(house, name)


def test_an_unfinished_edition_is_opened_only_by_the_kernels_of_its_own_refresh(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with build_edition(house, "2026-11-25-aaaaaaaaaaaa") as builder:
        with pytest.raises(EditionError):
            open_edition(house, builder.edition_id)
        monkeypatch.setenv(BUILDING_VARIABLE, "2026-11-25-bbbbbbbbbbbb")
        with pytest.raises(EditionError):
            open_edition(house, builder.edition_id)
        monkeypatch.setenv(BUILDING_VARIABLE, builder.edition_id)
        assert open_edition(house, builder.edition_id).path == builder.path


# --- writing -----------------------------------------------------------------------------------


def test_an_edition_without_a_manifest_is_never_published(house: Settings) -> None:
    before = open_edition(house).id
    with (
        build_edition(house, "2026-11-25-aaaaaaaaaaaa") as builder,
        pytest.raises(EditionError, match="no manifest"),
    ):
        builder.publish(draft=False)
    assert open_edition(house).id == before
    assert not (house.editions_dir / "building").exists()


def build_and_fail(house: Settings) -> None:
    with build_edition(house, "2026-11-25-aaaaaaaaaaaa") as builder:
        builder.write_manifest(manifest(builder.edition_id))
        raise ZeroDivisionError


def test_a_build_that_fails_leaves_nothing_and_changes_nothing(house: Settings) -> None:
    before = open_edition(house).id
    with pytest.raises(ZeroDivisionError):
        build_and_fail(house)
    assert [edition.id for edition in list_editions(house)] == [before]
    assert not (house.editions_dir / "building").exists()


def test_the_same_frame_gives_the_same_bytes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["x", "y"], "b": [1.5, None]})
    written = []
    for name in ("one", "two"):
        with build_edition(Settings(tmp_path / name), "2026-11-25-aaaaaaaaaaaa") as builder:
            builder.write_table("measures", frame.copy())
            written.append((builder.path / "measures.parquet").read_bytes())
    assert written[0] == written[1]


def test_what_a_killed_refresh_left_behind_is_cleared_by_the_next(house: Settings) -> None:
    left = house.editions_dir / "building" / "2026-11-20-aaaaaaaaaaaa"
    left.mkdir(parents=True)
    (left / "manifest.json").write_text("{}")
    refresh(house, NEXT_DAY)
    assert not (house.editions_dir / "building").exists()


# --- the lock ----------------------------------------------------------------------------------


def test_a_second_writer_is_told_which_process_writes(house: Settings) -> None:
    with write_editions(house):
        for write in (
            lambda: refresh(house, NEXT_DAY),
            lambda: promote_edition(house, open_edition(house).id),
            lambda: refresh(house, NEXT_DAY),  # being refused must not wipe the holder's name
        ):
            with pytest.raises(EditionError) as caught:
                write()
            assert f"process {os.getpid()}" in caught.value.who
            assert caught.value.next_step
    assert refresh(house, NEXT_DAY).is_new


def test_a_lock_file_that_nobody_holds_stops_nobody(house: Settings) -> None:
    (house.editions_dir / ".lock").write_text("process 1, which began long ago")
    assert refresh(house, NEXT_DAY).is_new
    with (house.editions_dir / ".lock").open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_reading_needs_no_lock(house: Settings) -> None:
    with write_editions(house):
        assert open_edition(house).measures.shape[0]
        assert list_editions(house)


# --- drafts, older editions --------------------------------------------------------------------


def test_a_draft_is_not_the_latest_and_opens_by_its_id(house: Settings) -> None:
    published = open_edition(house).id
    draft = refresh(house, NEXT_DAY, draft=True).edition
    assert draft.is_draft
    assert open_edition(house).id == latest_id(house) == published
    assert open_edition(house, draft.id).is_draft
    assert [edition.id for edition in list_editions(house, drafts=False)] == [published]
    assert [edition.id for edition in list_editions(house)] == [draft.id, published]


def test_promoting_a_draft_publishes_the_very_same_files(house: Settings) -> None:
    draft = refresh(house, NEXT_DAY, draft=True).edition
    before = bytes_of(draft)
    promoted = promote_edition(house, draft.id)
    assert (promoted.id, promoted.is_draft) == (draft.id, False)
    assert open_edition(house).id == draft.id
    assert bytes_of(open_edition(house)) == before
    assert [edition.is_draft for edition in list_editions(house)] == [False, False]


def test_a_refresh_with_the_inputs_of_a_draft_publishes_that_draft(house: Settings) -> None:
    draft = refresh(house, NEXT_DAY, draft=True).edition
    result = refresh(house, NEXT_DAY)
    assert (result.is_new, result.edition.id, result.edition.is_draft) == (False, draft.id, False)
    assert open_edition(house).id == draft.id


def test_promoting_an_older_edition_makes_it_the_latest_again(house: Settings) -> None:
    older = open_edition(house)
    newer = refresh(house, NEXT_DAY).edition
    assert open_edition(house).id == newer.id
    promote_edition(house, older.id)
    assert open_edition(house).id == older.id
    assert {edition.id for edition in list_editions(house)} == {older.id, newer.id}


def test_an_unknown_edition_cannot_be_promoted(house: Settings) -> None:
    before = latest_id(house)
    with pytest.raises(EditionError):
        promote_edition(house, "2026-01-01-000000000000")
    assert latest_id(house) == before


def test_the_list_names_each_edition_once_newest_first(house: Settings) -> None:
    first = open_edition(house).id
    second = refresh(house, NEXT_DAY).edition.id
    assert [edition.id for edition in list_editions(house)] == [second, first]


# --- pages kept later --------------------------------------------------------------------------


def test_a_page_kept_later_is_added_once_and_whole(house: Settings) -> None:
    edition, page = open_edition(house), Path("id/home.html.gz")
    assert edition.page(page) is None
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: keep_page(edition, page, bytes([number]) * 100_000), range(8)))
    kept = edition.page(page)
    assert kept is not None
    assert len(set(kept)) == 1
    keep_page(edition, page, b"something else")
    assert edition.page(page) == kept
    assert [path.name for path in (edition.path / "pages" / "id").iterdir()] == ["home.html.gz"]
