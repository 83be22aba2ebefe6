"""`harvest` and `download` as a person and as a schedule meet them: counts, errors, exit codes."""

import json

import pytest
from typer.testing import CliRunner

from command_center.cli.app import app


@pytest.fixture
def house(tmp_path, monkeypatch):
    (tmp_path / "sectors").mkdir()
    (tmp_path / "data" / "reference").mkdir(parents=True)
    monkeypatch.setenv("COMMAND_CENTER_ROOT", str(tmp_path))
    monkeypatch.setattr("time.sleep", lambda _seconds: None)

    def declare(*sources):
        (tmp_path / "data" / "reference" / "sources.yml").write_text(json.dumps({"sources": sources}))
        return tmp_path

    return declare


@pytest.fixture
def ckan(site):
    return {
        "kind": "ckan",
        "name": "portal",
        "url": site.url,
        "keeper": "9.99.01",
        "organisations": ["dinas-a"],
    }


def command(*arguments):
    return CliRunner().invoke(app, arguments)


def test_without_a_declared_source_there_is_nothing_to_do(house):
    house()
    for verb in ("harvest", "download"):
        result = command(verb)
        assert result.exit_code == 0
        assert "is declared in data/reference/sources.yml" in result.stdout


def test_a_harvest_tells_its_counts(house, ckan, portal):
    root = house(ckan)
    portal.add("jalan", table=2)
    portal.add("air")["resources"][0].update(format="PDF", url="/x.pdf")
    result = command("harvest")
    assert result.exit_code == 0, result.output
    assert "portal: 2 datasets of 1 organisation in" in result.stdout
    assert "2 read and landed, 1 skipped." in result.stdout
    assert "skipped: air / Berkas (format PDF is not one that can be read)" in result.stdout
    assert len(list((root / "data" / "inbox" / "_harvest" / "portal").glob("*.csv"))) == 2
    assert "2 unchanged, not read" in command("harvest").stdout


def test_a_portal_that_is_down_does_not_stop_the_next_one(house, ckan, portal, make_site):
    gone = make_site()
    house(ckan | {"name": "down", "url": gone.url}, ckan)
    portal.add("jalan")
    result = command("harvest", "--json")
    assert result.exit_code == 2
    down, up = json.loads(result.stdout)["sources"]
    assert down["error"]["kind"] == "UnexpectedAnswerError"
    assert down["counts"]["read"] == 0
    assert (up["error"], up["counts"]["read"]) == (None, 1)
    assert result.stderr.count("■") == 1
    for label in ("where: ", "who acts: agency 9.99.01", "next: "):
        assert label in result.stderr


def test_a_file_that_fails_is_named_with_its_portal_and_ends_with_a_code(house, ckan, portal):
    house(ckan)
    portal.add("jalan")
    portal.site.routes["/files/jalan.csv"] = lambda ask: ask.say(status=403)
    result = command("harvest")
    assert result.exit_code == 2
    assert "portal / jalan / Berkas: The source refuses access (403)" in result.stderr


def test_only_the_named_source_is_read(house, ckan, portal, make_site):
    house(ckan | {"name": "down", "url": make_site().url}, ckan)
    portal.add("jalan")
    assert command("harvest", "--source", "portal").exit_code == 0


def test_a_name_that_is_not_declared_is_refused(house, ckan):
    house(ckan)
    result = command("harvest", "--source", "portl")
    assert result.exit_code == 1
    assert "There is no ckan source portl" in str(result.exception)


def test_a_target_that_no_sector_declares_is_refused_before_anything_is_read(house, ckan, site):
    house(ckan | {"datasets": [{"name": "jalan", "into": "things.facts"}]})
    result = command("harvest")
    assert result.exit_code == 1
    assert "No sector declares the dataset things.facts" in str(result.exception)
    assert site.seen == []
