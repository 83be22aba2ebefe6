"""Every verb says what it did, or what went wrong, where, who must act and what to do next; never a traceback."""

import json
import os
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from command_center.cli.console import complain
from command_center.editions import list_editions, open_edition, write_editions
from command_center.errors import (
    CatalogError,
    CommandCenterError,
    EditionError,
    PublishedDataError,
    PublishingError,
    ReferenceDataError,
    SettingsError,
    UnknownRegionError,
)
from command_center.settings import Settings
from tests.cli.conftest import Command
from tests.house.builder import write_figures


def told(errors: str) -> bool:
    return "■" in errors and "next: " in errors and "Traceback" not in errors


# --- refresh and editions ------------------------------------------------------------------------


@pytest.mark.usefixtures("no_pages")
def test_refresh_says_what_it_made_and_that_it_exists_already(
    fresh_house: Settings, command: Command
) -> None:
    first = command(fresh_house, "refresh", "--as-of", "2026-11-24")
    edition = open_edition(fresh_house)
    assert first.code == 0
    assert f"Edition {edition.id} published: 28 figures" in first.output
    again = command(fresh_house, "refresh", "--as-of", "2026-11-24")
    assert again.code == 0
    assert f"Edition {edition.id} exists already" in again.output


@pytest.mark.usefixtures("no_pages")
def test_refresh_ends_with_two_when_a_sector_failed_also_the_second_time(
    own_house: Settings, command: Command
) -> None:
    (own_house.sectors_dir / "water" / "supply.csv").write_text("nonsense [bold]\n")
    for _ in range(2):
        ended = command(own_house, "refresh", "--as-of", "2026-11-25")
        assert ended.code == 2
        assert "■ water: " in ended.errors
        assert "where: sectors/water/supply.csv" in ended.errors
        assert "who acts: agency 1.03.01" in ended.errors
        assert "next: correct the file, then: command-center check water" in ended.errors


@pytest.mark.usefixtures("no_pages")
def test_the_whole_life_of_a_draft(own_house: Settings, command: Command) -> None:
    published = open_edition(own_house).id
    write_figures(own_house.sectors_dir / "water", {"2024": (70, 100)})
    assert "draft: " in command(own_house, "refresh", "--as-of", "2026-11-24", "--draft").output
    (draft,) = [edition.id for edition in list_editions(own_house) if edition.is_draft]
    listed = command(own_house, "editions", "list").output
    assert all(edition in listed for edition in (published, draft))
    assert open_edition(own_house).id == published
    shown = json.loads(command(own_house, "editions", "show", draft).output)
    assert (shown["edition"], shown["as_of"]) == (draft, "2026-11-24")
    assert f"Edition {draft} is the latest now." in command(own_house, "editions", "promote", draft).output
    assert open_edition(own_house).id == draft
    assert command(own_house, "editions", "promote", published).code == 0
    assert json.loads(command(own_house, "editions", "show").output)["edition"] == published


def test_the_list_of_editions_marks_the_latest(published_house: Settings, command: Command) -> None:
    listed = command(published_house, "editions", "list")
    assert listed.code == 0
    assert listed.output.count(open_edition(published_house).id) == 1
    assert listed.output.count("latest") == 1


# --- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("refresh", "--sector", "watter"), "did you mean 'water'?"),
        (("editions", "show", "2020-01-01-000000000000"), "There is no edition"),
        (("editions", "promote", "nothing"), "There is no edition"),
        (("brief", "--edition", "nothing"), "There is no edition"),
        (("check", "watter"), "did you mean 'water'?"),
        (("new-sector", "water"), "exists already"),
        (("boundaries", "install", "/nowhere/borders.geojson"), "borders.geojson"),
    ],
)
def test_a_verb_that_cannot_do_it_ends_with_one_and_says_why(
    own_house: Settings, command: Command, words: tuple[str, ...], said: str
) -> None:
    ended = command(own_house, *words)
    assert ended.code == 1
    assert said in ended.output + ended.errors
    assert "next: " in ended.output + ended.errors
    assert "Traceback" not in ended.output + ended.errors


@pytest.mark.parametrize(
    "words",
    [
        ("refresh", "--as-of", "yesterday"),
        ("measures",),
        ("measures", "--indicator", "WAT1", "--format", "xml"),
        ("fly",),
    ],
)
def test_a_command_that_is_not_understood_ends_with_two(
    published_house: Settings, command: Command, words: tuple[str, ...]
) -> None:
    ended = command(published_house, *words)
    assert ended.code == 2
    assert "Traceback" not in ended.errors


@pytest.mark.parametrize("words", [("serve",), ("doctor",), ("brief",), ("measures", "--indicator", "WAT1")])
def test_before_the_first_edition_every_reader_is_told_to_refresh(
    fresh_house: Settings, command: Command, words: tuple[str, ...]
) -> None:
    ended = command(fresh_house, *words)
    assert ended.code == 1
    assert "There is no published edition yet" in ended.errors
    assert "next: command-center refresh" in ended.errors


def test_a_house_that_is_not_there_is_named(command: Command, tmp_path: Path) -> None:
    ended = command(Settings(tmp_path / "nowhere"), "editions", "list")
    assert ended.code == 1
    assert str(tmp_path / "nowhere") in ended.errors
    assert "COMMAND_CENTER_ROOT" in ended.errors


def test_a_writer_in_the_way_is_named(own_house: Settings, command: Command) -> None:
    with write_editions(own_house):
        ended = command(own_house, "refresh", "--as-of", "2026-11-26")
    assert ended.code == 1
    assert told(ended.errors)
    assert "who acts: process " in ended.errors


def test_broken_reference_data_is_named(own_house: Settings, command: Command) -> None:
    path = own_house.reference_dir / "regency.yml"
    path.write_text(path.read_text().replace("timezone:", "time:"))
    ended = command(own_house, "refresh", "--as-of", "2026-11-26")
    assert ended.code == 1
    assert told(ended.errors)
    assert "timezone" in ended.errors


@pytest.mark.parametrize(
    "kind",
    [
        CommandCenterError,
        SettingsError,
        ReferenceDataError,
        UnknownRegionError,
        CatalogError,
        PublishedDataError,
        EditionError,
        PublishingError,
    ],
)
def test_an_error_of_any_kind_is_told_in_four_parts(
    own_house: Settings, command: Command, monkeypatch: pytest.MonkeyPatch, kind: type[CommandCenterError]
) -> None:
    def fail(*_: object) -> None:
        raise kind(
            "What [/happened]", where="in [this] file", who="the [bold]analyst", next_step="do [it] again"
        )

    monkeypatch.setattr("command_center.pages.house.open_house", fail)
    ended = command(own_house, "refresh")
    assert ended.code == 1
    assert ended.errors.splitlines() == [
        "■ What [/happened]",
        "  where: in [this] file",
        "  who acts: the [bold]analyst",
        "  next: do [it] again",
    ]


def test_a_long_message_is_not_broken_where_a_terminal_would_end(capsys: pytest.CaptureFixture[str]) -> None:
    path = "/".join(["folder"] * 40)
    complain("x" * 200, where=path)
    assert f"  where: {path}\n" in capsys.readouterr().err


def test_the_commands_of_a_broken_sector_stop_no_other_command(own_house: Settings, command: Command) -> None:
    (own_house.sectors_dir / "water" / "commands.py").write_text("import nowhere_to_be_found\n")
    ended = command(own_house, "editions", "list")
    assert ended.code == 0
    assert "water" in ended.errors
    assert "nowhere_to_be_found" in ended.errors


def test_a_sector_may_bring_its_own_commands(own_house: Settings, command: Command) -> None:
    (own_house.sectors_dir / "water" / "commands.py").write_text(
        "import typer\n\napp = typer.Typer()\n\n\n@app.callback()\ndef group() -> None:\n    '''Of the fixture.'''\n\n\n"
        "@app.command()\ndef pump() -> None:\n    print('pumping')\n"
    )
    ended = command(own_house, "water", "pump")
    assert (ended.code, ended.output) == (0, "pumping\n")


# --- brief and boundaries --------------------------------------------------------------------------


def test_brief_prints_the_briefing_or_writes_it_to_a_file(
    published_house: Settings, command: Command, tmp_path: Path
) -> None:
    printed = command(published_house, "brief")
    assert printed.code == 0
    assert "24 November 2026" in printed.output
    assert "Cakupan Air" in printed.output
    english = command(published_house, "brief", "--language", "en", "--output", str(tmp_path / "brief.txt"))
    assert (english.code, english.output) == (0, "")
    assert "Coverage of Water" in (tmp_path / "brief.txt").read_text(encoding="utf-8")


def test_the_briefing_names_a_sector_that_could_not_be_refreshed(
    own_house: Settings, command: Command, no_pages: None
) -> None:
    (own_house.sectors_dir / "water" / "sector.yml").write_text("slug: [\n")
    assert command(own_house, "refresh", "--as-of", "2026-11-26").code == 2
    ended = command(own_house, "brief", "--language", "en")
    assert (
        "Sector Water could not be refreshed and shows its last good figures; the analyst is to act."
        in ended.output
    )


def test_an_unknown_language_is_refused(published_house: Settings, command: Command) -> None:
    assert command(published_house, "brief", "--language", "fr").code == 2


def test_boundaries_are_installed_and_what_did_not_match_is_told(
    own_house: Settings, command: Command, tmp_path: Path
) -> None:
    shapes = open_edition(own_house).shapes["kec"].to_crs(4326)
    path = tmp_path / "kecamatan.geojson"
    shapes[["code", "geometry"]].rename(columns={"code": "kode_kec"}).to_file(path, driver="GeoJSON")
    before = open_edition(own_house).manifest["approximate_levels"]
    ended = command(own_house, "boundaries", "install", str(path))
    assert ended.code == 0, ended.errors
    assert "Installed 2 kec of 2 rows from kecamatan.geojson, codes by kode_kec" in ended.output
    assert "not matched: none" in ended.output
    assert before == ["desa", "kab", "kec"]
    assert command(own_house, "editions", "list").code == 0


@pytest.mark.usefixtures("no_pages")
def test_a_refresh_after_an_installation_draws_the_new_borders(
    own_house: Settings, command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "kecamatan.geojson"
    shapes = open_edition(own_house).shapes["kec"].to_crs(4326)
    shapes[["code", "geometry"]].to_file(path, driver="GeoJSON")
    assert command(own_house, "boundaries", "install", str(path)).code == 0
    before = open_edition(own_house).id
    assert command(own_house, "refresh", "--as-of", date(2026, 11, 24).isoformat()).code == 0
    edition = open_edition(own_house)
    assert edition.id != before
    assert edition.manifest["approximate_levels"] == ["desa"]


def test_help_works_as_a_program() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "command_center.cli", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0
    for verb in (
        "refresh",
        "measures",
        "brief",
        "serve",
        "doctor",
        "check",
        "new-sector",
        "editions",
        "boundaries",
    ):
        assert verb in run.stdout


def test_a_port_that_is_taken_is_told_without_a_traceback(published_house: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        run = subprocess.run(
            [sys.executable, "-m", "command_center.cli", "serve", "--port", port],
            env={**os.environ, **published_house.environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert run.returncode == 1
    assert port in run.stderr
    assert "Traceback" not in run.stderr
    assert told(run.stderr)
    assert "Open http" not in run.stdout
