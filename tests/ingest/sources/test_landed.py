"""What the door will be told of files from afar: which dataset, from whom, since when."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from command_center.ingest.sources import CkanSource, HttpSource, download, harvest, landed_files
from command_center.ingest.sources.failures import LandingError

CONTENT = b"code,n\n99.01,1\n"


@pytest.fixture
def fetch(site, paths, waits):
    """Fetch one file over http into a dataset."""
    site.routes["/t.csv"] = lambda ask: ask.say(CONTENT)
    told = {"kind": "http", "name": "table", "url": f"{site.url}/t.csv", "keeper": "9.99.01"}
    source = HttpSource.model_validate(told | {"into": "things.facts", "format": "csv"})

    def go():
        report = download(source, paths, environment={}, sleep=waits.append, again=True)
        assert report.error is None, report.error
        return paths.inbox / report.items[0].file

    return go


def test_where_there_is_no_inbox_nothing_has_landed(paths):
    assert landed_files(paths.inbox) == []


def test_a_downloaded_file_is_told_with_dataset_sender_time_and_hash(fetch, paths):
    path = fetch()
    (landed,) = landed_files(paths.inbox)
    assert (landed.path, landed.dataset, landed.source) == (path, "things.facts", "table")
    assert (landed.sender, landed.keeper) == ("9.99.01", "9.99.01")
    assert timedelta(0) <= datetime.now(UTC) - landed.read_at < timedelta(minutes=5)
    assert (landed.size_bytes, landed.row_count) == (len(CONTENT), None)
    assert landed.metadata["sha256"] == landed.sha256
    assert landed.metadata["url"].endswith("/t.csv")


def test_harvested_files_are_sent_by_their_organisation_whether_or_not_they_are_for_a_dataset(
    portal, paths, waits
):
    portal.add("jalan", "dinas-a", table=2)
    portal.add("air", "dinas-b")
    told = {"kind": "ckan", "name": "portal", "url": portal.site.url, "keeper": "9.99.02"}
    rule = {"name": "jalan", "resource": "Tabel", "into": "things.facts"}
    source = CkanSource.model_validate(told | {"organisations": ["dinas-a", "dinas-b"], "datasets": [rule]})
    assert harvest(source, paths, environment={}, sleep=waits.append).is_complete
    found = {landed.metadata["dataset"]["name"]: landed for landed in landed_files(paths.inbox)}
    assert {name: (one.dataset, one.sender, one.keeper, one.row_count) for name, one in found.items()} == {
        "jalan": ("things.facts", "dinas-a", "9.99.02", 2),
        "air": (None, "dinas-b", "9.99.02", None),
    }
    assert found["jalan"].metadata["dataset"]["license_title"] == "CC BY"
    assert [column["name"] for column in found["jalan"].metadata["fields"]] == ["isi"]


def test_a_file_that_the_door_took_or_a_person_laid_there_is_not_told(fetch, paths):
    path = fetch()
    (path.parent / "laid-by-hand.csv").write_bytes(CONTENT)
    assert [landed.path for landed in landed_files(paths.inbox)] == [path]
    path.unlink()
    assert landed_files(paths.inbox) == []


def test_what_is_still_arriving_is_not_told(fetch, paths):
    path = fetch()
    unfinished = paths.inbox / ".arriving"
    (unfinished / "0123").write_bytes(b"half")
    (unfinished / "0123.meta.json").write_bytes((path.parent / f"{path.name}.meta.json").read_bytes())
    assert [landed.path for landed in landed_files(paths.inbox)] == [path]


def test_the_earliest_comes_first(fetch, paths):
    path = fetch()
    sidecar = json.loads((path.parent / f"{path.name}.meta.json").read_text())
    early = path.parent / "z.csv"
    early.write_bytes(CONTENT)
    sidecar["read_at"] = "2026-01-01T07:00:00+07:00"
    (path.parent / "z.csv.meta.json").write_text(json.dumps(sidecar))
    assert [landed.path for landed in landed_files(paths.inbox)] == [early, path]


@pytest.mark.parametrize("change", [{"read_at": "2026-01-01T00:00:00"}, {"sha256": None}, {"keeper": 3}])
def test_a_description_that_cannot_be_read_is_told_not_passed_over(fetch, paths, change):
    path = fetch()
    sidecar = path.parent / f"{path.name}.meta.json"
    sidecar.write_text(json.dumps(json.loads(sidecar.read_text()) | change))
    with pytest.raises(LandingError, match="description") as caught:
        landed_files(paths.inbox)
    assert caught.value.where == str(sidecar)
    assert "--again" in caught.value.next_step
