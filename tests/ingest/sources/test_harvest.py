"""A portal written by the test: what it may do wrong, and what the harvest makes of it."""

import csv
import io
import json
import time
from dataclasses import replace

import pytest

from command_center.ingest.sources import CkanSource, harvest
from command_center.ingest.sources.failures import (
    AccessDeniedError,
    MissingAtSourceError,
    OversizeError,
    SourceUnavailableError,
    UnexpectedAnswerError,
)
from command_center.ingest.sources.ledger import open_ledger
from command_center.ingest.sources.web import Limits
from tests.ingest.sources.portals import API, answer, refuse


@pytest.fixture
def declare(site):
    def declared(**told):
        asked = {"organisations": ["dinas-a"]} if not told.keys() & {"organisations", "datasets"} else {}
        base = {"kind": "ckan", "name": "portal", "url": site.url, "keeper": "9.99.01"}
        return CkanSource.model_validate(base | asked | told)

    return declared


@pytest.fixture
def run(declare, paths, waits):
    def go(source=None, **told):
        return harvest(source or declare(), paths, environment={}, sleep=waits.append, **told)

    return go


def counts(report):
    assert report.error is None, report.error
    return {outcome: count for outcome, count in report.counts.items() if count}


def only(report, outcome):
    (item,) = report.items_with(outcome)
    return item


# --- listing -----------------------------------------------------------------------------------


def test_a_search_that_ignores_its_query_still_yields_only_what_is_asked_for_each_once(portal, run):
    for number in range(250):
        portal.add(f"data-{number:03}", "dinas-a" if number % 5 == 0 else "dinas-b")
    report = run()
    assert counts(report) == {"read": 50}
    assert report.dataset_count == 50
    assert portal.site.asked(API + "package_search") == 3


def test_a_dataset_is_asked_for_by_name_without_any_search(portal, run, declare):
    portal.add("penduduk", "dinas-b")
    portal.add("jalan", "dinas-b")
    report = run(declare(datasets=[{"name": "penduduk", "into": "population.population"}]))
    assert counts(report) == {"read": 1}
    assert report.items[0].file.startswith("population/penduduk--berkas--")
    assert portal.site.asked(API + "package_search") == 0


def test_a_name_that_the_portal_never_had_is_told_and_stops_nothing(portal, run, declare):
    portal.add("jalan")
    report = run(declare(organisations=["dinas-a"], datasets=[{"name": "penduduk"}]))
    assert counts(report) == {"read": 1, "failed": 1}
    assert isinstance(only(report, "failed").error, MissingAtSourceError)
    assert not report.is_complete


def test_a_portal_that_lists_less_than_it_announces_is_refused(portal, run):
    portal.add("jalan")
    portal.site.routes[API + "package_search"] = lambda ask: answer(ask, {"count": 7, "results": []})
    assert "announced 7 datasets" in run().error.what


def test_what_only_a_stale_search_index_still_lists_is_not_read(portal, run):
    portal.add("jalan")
    portal.ghosts.append(portal.add("lama"))
    del portal.datasets["lama"]
    assert counts(run()) == {"read": 1}


def test_nothing_of_a_person_is_kept(portal, run, paths):
    portal.add("jalan", table=2)
    run()
    written = b"".join(path.read_bytes() for path in paths.inbox.parent.rglob("*") if path.is_file())
    assert b"Data jalan" in written
    for personal in (b"Orang", b"contoh.example"):
        assert personal not in written


def test_the_sidecar_says_where_a_file_is_from(portal, run, paths):
    portal.add("jalan", size=None, table=3)
    item = only(run(), "read")
    sidecar = json.loads((paths.inbox / f"{item.file}.meta.json").read_text())
    assert sidecar["dataset"] == {
        "id": "id-jalan",
        "name": "jalan",
        "title": "Data jalan",
        "organisation": {"name": "dinas-a", "title": "Dinas-A"},
        "license_id": None,
        "license_title": "CC BY",
        "tags": ["contoh"],
        "metadata_modified": "2026-01-01T00:00:00",
    }
    assert sidecar["fields"] == [{"name": "isi", "type": "text", "label": "Isi"}]
    assert (sidecar["form"], sidecar["row_count"], sidecar["into"]) == ("datastore", 3, None)


# --- which resources ---------------------------------------------------------------------------


def test_a_rule_chooses_the_resource_and_the_form(portal, run, declare):
    both = portal.add("jalan", table=2)["resources"]
    both[0]["datastore_active"] = True
    portal.tables["jalan-file"] = [(1, "satu")]
    rule = {"name": "jalan", "resource": "Berkas", "form": "datastore"}
    item = only(run(declare(datasets=[rule])), "read")
    assert (item.resource, item.form, item.row_count) == ("Berkas", "datastore", 1)


def test_an_uploaded_file_is_read_as_it_is_even_where_the_portal_made_a_table_of_it(portal, run):
    portal.add("jalan")["resources"][0]["datastore_active"] = True
    assert only(run(), "read").form == "file"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": "PDF", "url": "/files/x.pdf"}, "format PDF is not one"),
        ({"format": "", "url": "/files/x"}, "format unknown"),
        ({"url": "http://elsewhere.example/t.csv", "url_type": None}, "another host, elsewhere.example"),
        ({"url": "file:///etc/hostname", "format": "CSV", "url_type": None}, "another host"),
        ({"url": "", "format": "CSV"}, "another host"),
    ],
)
def test_what_cannot_or_may_not_be_read_is_skipped_with_its_reason(portal, run, change, reason):
    portal.add("jalan")["resources"][0].update(change)
    report = run()
    assert counts(report) == {"skipped": 1}
    assert reason in only(report, "skipped").reason
    assert report.is_complete


def test_a_table_whose_file_lies_out_of_reach_is_read_from_the_portal(portal, run):
    portal.add("jalan", table=2)["resources"][1].update(url="http://elsewhere.example/t.csv", url_type=None)
    assert {item.form for item in run().items_with("read")} == {"file", "datastore"}


def test_a_linked_file_is_asked_for_every_time_since_the_portal_cannot_know(portal, run):
    portal.add("jalan")["resources"][0]["url_type"] = None
    assert counts(run()) == {"read": 1}
    assert counts(run()) == {"identical": 1}
    portal.files["jalan-file"] = b"n\n9\n"
    assert counts(run()) == {"read": 1}


# --- only what changed -------------------------------------------------------------------------


def test_the_second_harvest_reads_nothing_and_the_third_only_what_changed(portal, run):
    for number in range(5):
        portal.add(f"data-{number}", table=2)
    assert counts(run()) == {"read": 10}
    assert counts(run()) == {"unchanged": 10}
    assert portal.reads() == 5
    portal.files["data-3-file"] = b"n\n7\n"
    portal.touch("data-3", "data-3-file", "2026-02-02T00:00:00")
    report = run()
    assert counts(report) == {"read": 1, "unchanged": 9}
    assert (only(report, "read").dataset, only(report, "read").form) == ("data-3", "file")


def test_a_new_date_on_the_same_content_lands_nothing(portal, run, landed):
    portal.add("jalan")
    run()
    portal.touch("jalan", "jalan-file", "2026-02-02T00:00:00")
    assert counts(run()) == {"identical": 1}
    assert counts(run()) == {"unchanged": 1}
    assert len(landed()) == 1


def test_an_older_portal_that_dates_only_datasets_has_all_their_resources_looked_at(portal, run):
    for one in portal.add("jalan", table=2)["resources"]:
        del one["metadata_modified"]
    run()
    portal.datasets["jalan"]["metadata_modified"] = "2026-02-02T00:00:00"
    assert counts(run()) == {"identical": 2}


def test_rows_added_to_a_table_are_seen_though_no_date_changes(portal, run):
    portal.add("jalan", size=None, table=2)
    run()
    portal.tables["jalan-table"].append((3, "baru"))
    assert counts(run()) == {"read": 1}


def test_a_row_edited_in_place_is_seen_only_by_a_source_that_always_rereads(portal, run, declare):
    portal.add("jalan", size=None, table=2)
    run()
    portal.tables["jalan-table"][0] = (1, "diubah")
    assert counts(run()) == {"unchanged": 1}
    always = declare(reread="always")
    assert counts(run(always)) == {"read": 1}
    assert counts(run(always)) == {"identical": 1}


def test_asked_to_read_again_everything_lands_again(portal, run, landed):
    portal.add("jalan", table=2)
    run()
    before = landed()
    assert counts(run(again=True)) == {"read": 2}
    assert landed() == before


# --- what vanishes -----------------------------------------------------------------------------


def test_a_deleted_dataset_is_told_once_marked_and_its_files_stay(portal, run, paths, landed):
    portal.add("jalan", table=2)
    portal.add("air")
    run()
    before = landed()
    del portal.datasets["jalan"]
    report = run()
    assert counts(report) == {"unchanged": 1, "deleted": 1}
    assert only(report, "deleted").dataset == "jalan"
    assert landed() == before
    with open_ledger(paths.ledger, "portal") as ledger:
        assert {row.name: row.state for row in ledger.datasets().values()} == {
            "jalan": "deleted",
            "air": "active",
        }
        assert sorted(row.state for row in ledger.resources().values()) == ["active", "deleted", "deleted"]
    assert counts(run()) == {"unchanged": 1}


def test_a_deleted_dataset_that_comes_back_is_active_again(portal, run, paths):
    kept = portal.add("jalan")
    run()
    del portal.datasets["jalan"]
    run()
    portal.datasets["jalan"] = kept
    assert counts(run()) == {"unchanged": 1}
    with open_ledger(paths.ledger, "portal") as ledger:
        assert [row.state for row in ledger.datasets().values()] == ["active"]
        assert [row.state for row in ledger.resources().values()] == ["active"]


def test_a_deleted_dataset_declared_by_name_is_told_as_deleted_not_as_a_failure(portal, run, declare):
    portal.add("jalan")
    source = declare(datasets=[{"name": "jalan"}])
    run(source)
    del portal.datasets["jalan"]
    assert counts(run(source)) == {"deleted": 1}
    assert counts(run(source)) == {}


def test_a_deleted_resource_is_told_once(portal, run):
    portal.add("jalan", table=2)
    run()
    del portal.datasets["jalan"]["resources"][1]
    report = run()
    assert counts(report) == {"unchanged": 1, "deleted": 1}
    assert only(report, "deleted").resource == "Tabel"
    assert counts(run()) == {"unchanged": 1}


def test_a_dataset_made_private_is_told_as_no_longer_public(portal, run):
    portal.add("jalan")
    run()
    portal.private.add("jalan")
    assert counts(run()) == {"withdrawn": 1}


def test_a_dataset_that_moved_to_another_organisation_is_told_as_left(portal, run):
    portal.add("jalan")
    run()
    portal.datasets["jalan"]["organization"] = {"name": "dinas-b"}
    assert counts(run()) == {"left": 1}


def test_a_portal_that_cannot_be_listed_makes_nothing_vanish(portal, run, paths):
    portal.add("jalan")
    run()
    portal.site.routes[API + "package_list"] = lambda ask: ask.say(status=500)
    assert isinstance(run().error, SourceUnavailableError)
    with open_ledger(paths.ledger, "portal") as ledger:
        assert [row.state for row in ledger.datasets().values()] == ["active"]


# --- when it goes wrong ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (lambda ask: ask.say(b"<html>maintenance"), UnexpectedAnswerError, "page came instead of JSON"),
        (lambda ask: ask.say(b"<html>no", status=403), AccessDeniedError, "refuses access"),
        (lambda ask: ask.say(b"<html>no", status=404), UnexpectedAnswerError, "status 404"),
        (lambda ask: ask.say(b"<html>bad gateway", status=502), SourceUnavailableError, "answered 502"),
        (lambda ask: ask.say(b'{"success": tr'), UnexpectedAnswerError, "as CKAN does"),
        (lambda ask: ask.say(["a list"]), UnexpectedAnswerError, "instead of JSON"),
        (
            lambda ask: ask.say({"success": True, "result": {"x": 1}}),
            UnexpectedAnswerError,
            "lacks or misstates",
        ),
        (lambda ask: ask.say(b"{}", Content_Length=99), SourceUnavailableError, "broke off"),
        (lambda ask: ask.say(b"{" + b" " * 2_000_000), OversizeError, "larger than"),
        (lambda ask: refuse(ask, 403, "Authorization Error"), AccessDeniedError, "refuses access"),
        (lambda ask: refuse(ask, 409, "Validation Error"), UnexpectedAnswerError, "as CKAN does"),
        (lambda ask: time.sleep(0.5), SourceUnavailableError, "in time"),
    ],
)
def test_a_portal_that_answers_wrongly_is_one_error_with_who_and_next(
    portal, run, landed, reply, kind, words
):
    portal.add("jalan")
    portal.site.routes[API + "package_search"] = reply
    report = run(limits=Limits(reply_bytes=1_000_000, silence_seconds=0.1, attempts=2))
    assert type(report.error) is kind
    assert words in report.error.what
    assert "words of the server" not in str(report.error)
    assert report.error.who == "agency 9.99.01, keeper of the portal"
    assert (
        "command-center harvest --source portal" in report.error.next_step
        or kind is not SourceUnavailableError
    )
    assert (report.items, landed()) == ((), [])


@pytest.mark.parametrize(
    "reply",
    [
        lambda ask: ask.say(b"<!doctype html>"),
        lambda ask: ask.say(status=404),
        lambda ask: ask.say(status=503),
        lambda ask: ask.say(b"1\n", Content_Length=50),
        lambda ask: ask.say(b"1\n" * 600_000),
    ],
)
def test_one_file_that_fails_stops_nothing_else_and_is_tried_next_time(portal, run, declare, landed, reply):
    for name in ("air", "jalan", "sanitasi"):
        portal.add(name)
    good = portal.site.routes["/files/jalan.csv"]
    portal.site.routes["/files/jalan.csv"] = reply
    source = declare(max_megabytes=1)
    report = run(source)
    assert counts(report) == {"read": 2, "failed": 1}
    assert only(report, "failed").dataset == "jalan"
    assert not report.is_complete
    assert len(landed()) == 2
    portal.site.routes["/files/jalan.csv"] = good
    assert counts(run(source)) == {"read": 1, "unchanged": 2}


def test_a_portal_that_goes_down_in_mid_harvest_is_one_error_and_the_next_run_reads_the_rest(
    portal, run, landed
):
    for number in range(6):
        portal.add(f"data-{number}")
    routes = dict(portal.site.routes)

    def go_down(_source, done, _total):
        if done == 2:
            portal.site.routes.update(dict.fromkeys(routes, lambda ask: ask.say(status=503)))

    report = run(on_progress=go_down)
    assert isinstance(report.error, SourceUnavailableError)
    assert [item.outcome for item in report.items] == ["read", "read"]
    assert len(landed()) == 2
    portal.site.routes.update(routes)
    assert counts(run()) == {"read": 4, "unchanged": 2}
    assert len(landed()) == 6


def test_a_portal_that_turns_to_a_page_about_maintenance_is_one_error_not_one_for_every_file(
    portal, run, landed
):
    for number in range(6):
        portal.add(f"data-{number}", table=2)
    routes = dict(portal.site.routes)

    def go_down(_source, done, _total):
        if done == 3:
            portal.site.routes.update(dict.fromkeys(routes, lambda ask: ask.say(b"<!doctype html>later")))

    report = run(on_progress=go_down)
    assert isinstance(report.error, UnexpectedAnswerError)
    assert counts(replace(report, error=None)) == {"read": 3}
    portal.site.routes.update(routes)
    assert counts(run()) == {"read": 9, "unchanged": 3}
    assert len(landed()) == 12


def test_a_portal_that_dies_between_two_pages_of_a_table_leaves_nothing_half_taken(
    portal, run, landed, paths
):
    portal.add("air")
    portal.add("jalan", size=None, table=900)
    routes = dict(portal.site.routes)

    def die_after_the_first_page(ask):
        if int(ask.query["offset"]):
            portal.site.routes.update(dict.fromkeys(routes, lambda ask: ask.say(status=503)))
            ask.say(status=503)
        else:
            portal.datastore_search(ask)

    portal.site.routes[API + "datastore_search"] = die_after_the_first_page
    report = run()
    assert isinstance(report.error, SourceUnavailableError)
    assert [item.dataset for item in report.items] == ["air"]
    assert len(landed()) == 1
    assert list((paths.inbox / ".arriving").iterdir()) == []
    portal.site.routes.update(routes)
    assert counts(run()) == {"read": 1, "unchanged": 1}
    assert len((paths.inbox / landed()[1]).read_text(encoding="utf-8").splitlines()) == 901


def test_a_table_is_read_page_by_page_in_the_order_of_its_rows(portal, run, declare, paths):
    portal.add("jalan", size=None, table=1_001)
    item = only(run(declare(page_rows=1_000)), "read")
    # The portal gives at most 400 rows a page, whatever is asked for.
    rows = list(csv.reader(io.StringIO((paths.inbox / item.file).read_text(encoding="utf-8"), newline="")))
    assert rows == [["isi"], *([f"baris, {number}"] for number in range(1, 1_002))]
    assert item.row_count == 1_001


@pytest.mark.parametrize("fault", ["grows", "shrinks", "repeats", "ends early"])
def test_a_table_that_does_not_add_up_is_refused_whole(portal, run, landed, fault):
    portal.add("jalan", size=None, table=900)
    rows = portal.tables["jalan-table"]

    def search(ask):
        if int(ask.query["offset"]):
            if fault == "grows":
                rows.append((len(rows) + 1, "baru"))
            elif fault == "shrinks":
                rows.pop()
            elif fault == "repeats":
                ask.query["offset"] = "0"
            else:
                ask.query["offset"] = "9999"
        portal.datastore_search(ask)

    portal.site.routes[API + "datastore_search"] = search
    report = run()
    assert counts(report) == {"failed": 1}
    assert isinstance(only(report, "failed").error, UnexpectedAnswerError)
    assert landed() == []


def test_a_table_larger_than_the_limit_is_refused(portal, run, declare, landed):
    portal.add("jalan", size=None, table=3)
    portal.tables["jalan-table"] = [(number, "x" * 400_000) for number in range(1, 5)]
    report = run(declare(max_megabytes=1, page_rows=1))
    assert isinstance(only(report, "failed").error, OversizeError)
    assert landed() == []


def test_an_empty_table_is_a_header_and_no_rows(portal, run, paths):
    portal.add("jalan", size=None, table=1)
    portal.tables["jalan-table"] = []
    item = only(run(), "read")
    assert (paths.inbox / item.file).read_text() == "isi\n"
    assert item.row_count == 0
