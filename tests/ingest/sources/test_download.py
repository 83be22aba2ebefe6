"""One declared file: fetched when it changed, landed whole beside its sidecar, noted last."""

import json
import sqlite3
from dataclasses import replace

import pytest

from command_center.ingest.sources import HttpSource, download
from command_center.ingest.sources.failures import (
    LandingError,
    OversizeError,
    SourceBusyError,
    SourceDeclarationError,
    SourceUnavailableError,
    UnexpectedAnswerError,
)
from command_center.ingest.sources.landing import Landing, safe_name
from command_center.ingest.sources.ledger import open_ledger

ONE, TWO = b"code,n\n99.01,1\n", b"code,n\n99.01,2\n"


@pytest.fixture
def served(site):
    """What the site serves as /t.csv, with its ETag; a test changes it."""
    state = {"content": ONE, "etag": '"1"'}

    def answer(ask):
        if ask.headers["If-None-Match"] == state["etag"]:
            ask.say(status=304)
        else:
            ask.say(state["content"], ETag=state["etag"])

    site.routes["/t.csv"] = answer
    return state


@pytest.fixture
def source(site):
    declared = {"kind": "http", "name": "table", "url": f"{site.url}/t.csv?key=secret-in-query"}
    return HttpSource.model_validate(
        declared | {"keeper": "9.99.01", "into": "things.facts", "format": "csv", "max_megabytes": 1}
    )


@pytest.fixture
def run(source, paths, waits):
    def go(declared=source, **told):
        return download(declared, paths, environment={}, sleep=waits.append, **told)

    return go


def outcomes(report):
    assert report.error is None, report.error
    return [item.outcome for item in report.items]


def test_the_first_time_the_file_lands_in_its_sector_with_a_sidecar(served, run, paths, landed):
    report = run()
    assert outcomes(report) == ["read"]
    (file,) = landed()
    assert file == report.items[0].file
    assert file.startswith("things/table-")
    assert (paths.inbox / file).read_bytes() == ONE
    sidecar = json.loads((paths.inbox / f"{file}.meta.json").read_text())
    assert sidecar["into"] == "things.facts"
    assert sidecar["size_bytes"] == len(ONE)
    assert sidecar["url"].endswith("/t.csv")


def test_the_second_time_nothing_is_sent_and_nothing_lands(served, run, landed, site):
    run()
    before = landed()
    assert outcomes(run()) == ["unchanged"]
    assert landed() == before
    assert [headers.get("If-None-Match") for _, headers in site.seen] == [None, '"1"']


def test_a_changed_file_lands_beside_the_earlier_one(served, run, landed):
    run()
    served.update(content=TWO, etag='"2"')
    assert outcomes(run()) == ["read"]
    assert len(landed()) == 2


def test_the_same_content_under_a_new_mark_does_not_land_twice(served, run, landed):
    run()
    served.update(etag='"2"')
    assert outcomes(run()) == ["identical"]
    assert outcomes(run()) == ["unchanged"]
    assert len(landed()) == 1


def test_asked_to_read_again_it_lands_what_the_door_has_taken_away(served, run, paths, landed):
    run()
    (file,) = landed()
    (paths.inbox / file).unlink()
    assert outcomes(run()) == ["unchanged"]
    assert outcomes(run(again=True)) == ["read"]
    assert landed() == [file]


def test_the_mark_of_another_address_is_not_sent(served, run, source, site):
    run()
    site.routes["/other.csv"] = site.routes["/t.csv"]
    moved = source.model_copy(update={"url": f"{site.url}/other.csv"})
    assert outcomes(run(moved)) == ["identical"]
    assert site.seen[-1][1].get("If-None-Match") is None


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda ask: ask.say(status=503), SourceUnavailableError),
        (lambda ask: ask.say(TWO, Content_Length=900), SourceUnavailableError),
        (lambda ask: ask.say(b"<html>log in"), UnexpectedAnswerError),
        (lambda ask: ask.say(b"x" * 1_000_001), OversizeError),
    ],
)
def test_whatever_goes_wrong_nothing_changes(served, run, paths, site, landed, answer, kind):
    run()
    before, noted = landed(), ledger_rows(paths)
    good = site.routes["/t.csv"]
    site.routes["/t.csv"] = answer
    report = run()
    assert type(report.error) is kind
    assert not report.is_complete
    assert (landed(), ledger_rows(paths)) == (before, noted)
    site.routes["/t.csv"] = good
    assert outcomes(run()) == ["unchanged"]


def ledger_rows(paths):
    with open_ledger(paths.ledger, "table") as ledger:
        return ledger.resources()


def test_no_byte_written_holds_the_query_or_the_token(served, source, site, paths, waits, tmp_path):
    secret = source.model_copy(update={"token_variable": "TABLE_TOKEN"})
    report = download(secret, paths, environment={"TABLE_TOKEN": "opaque-token-value"}, sleep=waits.append)
    assert outcomes(report) == ["read"]
    assert site.seen[0][1]["Authorization"] == "opaque-token-value"
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert ONE in written
    for text in (b"secret-in-query", b"opaque-token-value"):
        assert text not in written
    assert "secret-in-query" not in json.dumps(report.as_json())


@pytest.mark.parametrize("value", [None, "", "  ", "two\nlines", "zig\tzag", "é-token"])
def test_a_token_that_cannot_be_sent_is_told_without_its_value(source, paths, site, value):
    secret = source.model_copy(update={"token_variable": "TABLE_TOKEN"})
    report = download(secret, paths, environment={} if value is None else {"TABLE_TOKEN": value})
    assert isinstance(report.error, SourceDeclarationError)
    assert "TABLE_TOKEN" in report.error.what
    for part in (value or "").split():
        assert part not in str(report.error)
    assert site.seen == []


# --- the ledger and the landing folder ---------------------------------------------------------


def test_two_runs_at_once_do_not_mix(served, run, paths):
    with open_ledger(paths.ledger, "another"):
        report = run()
    assert isinstance(report.error, SourceBusyError)
    assert outcomes(run()) == ["read"]


def test_a_ledger_that_is_none_is_told_and_left_alone(served, run, paths):
    paths.ledger.parent.mkdir(parents=True)
    paths.ledger.write_bytes(b"this is no database, but somebody's file" * 100)
    before = paths.ledger.read_bytes()
    report = run()
    assert isinstance(report.error, LandingError)
    assert "reads everything again" in report.error.next_step
    assert paths.ledger.read_bytes() == before


def test_what_a_killed_run_left_unfinished_is_swept_and_counts_for_nothing(served, run, paths, landed):
    unfinished = paths.inbox / ".arriving" / "0123"
    unfinished.parent.mkdir(parents=True)
    unfinished.write_bytes(b"half")
    assert outcomes(run()) == ["read"]
    assert not unfinished.exists()
    assert len(landed()) == 1


def test_a_run_killed_between_landing_and_noting_lands_the_same_file_again(served, run, paths, landed):
    run()
    with sqlite3.connect(paths.ledger) as connection:
        connection.execute("delete from resources")
    connection.close()
    before = landed()
    assert outcomes(run()) == ["read"]
    assert landed() == before


def test_a_full_disk_is_told_and_leaves_no_piece(served, run, paths, landed, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("command_center.ingest.sources.landing._sync", full)
        report = run()
    assert isinstance(report.error, LandingError)
    assert "No space left" in report.error.what
    assert landed() == []
    assert outcomes(run()) == ["read"]


def test_a_sector_folder_that_leads_out_of_the_inbox_is_refused(served, run, paths, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    paths.inbox.mkdir(parents=True)
    (paths.inbox / "things").symlink_to(outside)
    report = run()
    assert isinstance(report.error, LandingError)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("Jumlah Penduduk (2024) — S1", "jumlah-penduduk-2024-s1"),
        ("C:\\temp\\x\0y", "c-temp-x-y"),
        ("...", "unnamed"),
        ("٣", "unnamed"),
        ("Kécamatan", "kecamatan"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_remote_name_becomes_a_harmless_file_name(text, name):
    assert safe_name(text) == name


def test_a_delivered_file_cannot_be_given_a_way_out_by_its_extension(tmp_path):
    landing = Landing(tmp_path / "inbox")
    with landing.part() as part:
        part.write_bytes(ONE)
        file = landing.deliver(part, None, "../up", "stem", "../../csv", {"sha256": "0" * 64})
    assert file == "_harvest/up/stem-000000000000.csv"


def test_what_vanished_is_marked_and_everything_known_of_it_stays(served, run, paths):
    run()
    before = ledger_rows(paths)["file"]
    with open_ledger(paths.ledger, "table") as ledger:
        ledger.mark_resource("file", "deleted")
        after = ledger.resources()["file"]
    assert after.state == "deleted"
    assert after.state_since is not None
    assert replace(after, state="active", state_since=None) == before
