"""`command-center measures` gives the figures of the region asked for, in whichever code system it is named.

The two systems list the kecamatan in different orders: 33.16.08 is Jepon, and BPS calls Bogorejo 3316080.
"""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from command_center.catalog import SAMPLE_METHOD
from command_center.cli.console import console
from command_center.regions import load_regions
from command_center.settings import Settings
from tests.cli.conftest import Command

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "data" / "published" / "population_population.csv"
BOGOREJO, JEPON = "33.16.15", "33.16.08"


def published() -> dict[str, dict[tuple[str, str], float]]:
    """Persons by region, then period and method, as the published table has them; desa summed where a kecamatan has none."""
    own: dict[str, dict[tuple[str, str], float]] = {}
    below: dict[str, dict[tuple[str, str], float]] = {}
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["persons"]:
                continue
            key, persons = (row["period"], row["method"]), float(row["persons"])
            own.setdefault(row["region_code"], {})[key] = persons
            if len(row["region_code"]) == 13:
                sums = below.setdefault(row["region_code"][:8], {})
                sums[key] = sums.get(key, 0) + persons
    return {code: {**below.get(code, {}), **own.get(code, {})} for code in {*own, *below}}


def districts() -> list[tuple[str, str]]:
    with (ROOT / "data/reference/regions.csv").open(encoding="utf-8", newline="") as file:
        return [(row["code"], row["bps_code"]) for row in csv.DictReader(file) if row["level"] == "kec"]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(("code", "bps_code"), districts())
def test_every_spelling_of_a_code_gives_the_figures_of_that_kecamatan(
    real_house: Settings, command: Command, code: str, bps_code: str
) -> None:
    expected = published()[code]
    for spelling in (code, code.replace(".", ""), bps_code):
        ended = command(
            real_house, "measures", "--indicator", "POP1", "--region", spelling, "--format", "csv"
        )
        assert ended.code == 0, ended.errors
        # Where samples were made they stand beside the published figures, as a series of their own.
        rows = [row for row in rows_of(ended.output) if row["method"] != SAMPLE_METHOD]
        assert rows
        assert {row["region_code"] for row in rows} == {code}, spelling
        assert {(row["period"], row["method"]): float(row["value"]) for row in rows} == expected, spelling


def test_bogorejo_never_gets_the_figures_of_jepon(real_house: Settings, command: Command) -> None:
    figures = {}
    for name, spellings in {
        BOGOREJO: ("33.16.15", "331615", "3316080"),
        JEPON: ("33.16.08", "331608", "3316090"),
    }.items():
        for spelling in spellings:
            ended = command(
                real_house, "measures", "--indicator", "POP1", "--region", spelling, "--format", "json"
            )
            found: dict[str, Any] = json.loads(ended.output)
            assert {row["region_name"] for row in found["measures"]} == {
                "Bogorejo" if name == BOGOREJO else "Jepon"
            }
            figures[spelling] = {row["value"] for row in found["measures"]}
    assert figures["33.16.15"] == figures["331615"] == figures["3316080"]
    assert figures["33.16.08"] == figures["331608"] == figures["3316090"]
    assert not figures["33.16.15"] & figures["33.16.08"]


def test_json_names_indicator_sector_and_dates_as_dates(real_house: Settings, command: Command) -> None:
    ended = command(real_house, "measures", "--indicator", "POP1", "--region", BOGOREJO, "--format", "json")
    found = json.loads(ended.output)
    assert (found["indicator"], found["sector"]) == ("POP1", "population")
    assert all(len(row["as_of"]) == 10 for row in found["measures"])
    assert all(row["target"] is None for row in found["measures"])


def test_csv_and_json_say_the_same(real_house: Settings, command: Command) -> None:
    arguments = ("measures", "--indicator", "POP1", "--region", BOGOREJO, "--format")
    rows = rows_of(command(real_house, *arguments, "csv").output)
    found = json.loads(command(real_house, *arguments, "json").output)["measures"]
    assert [(row["period"], row["method"], float(row["value"]), row["as_of"]) for row in rows] == [
        (row["period"], row["method"], row["value"], row["as_of"]) for row in found
    ]


def test_the_table_shows_a_person_every_figure(
    real_house: Settings, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("command_center.cli.console.console.width", 200, raising=False)
    ended = command(real_house, "measures", "--indicator", "POP1", "--region", BOGOREJO)
    assert ended.code == 0
    for value in published()[BOGOREJO].values():
        assert f"{value:,.0f}" in ended.output


def test_an_indicator_without_figures_gives_no_rows_and_no_error(
    real_house: Settings, command: Command
) -> None:
    measures = command(real_house, "measures", "--indicator", "POP1", "--format", "csv")
    assert len(rows_of(measures.output)) > 300
    # News is counted by agency, so that no sub-district has any, with samples or without.
    ended = command(real_house, "measures", "--indicator", "MED1", "--region", BOGOREJO, "--format", "csv")
    assert (ended.code, rows_of(ended.output)) == (0, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--indicator", "POP99"), "There is no indicator 'POP99'"),
        (("--indicator", "POP1", "--region", "33.16.99"), "No region has the code '33.16.99'"),
        (("--indicator", "POP1", "--edition", "2020-01-01-000000000000"), "There is no edition"),
        (("--indicator", "POP1", "--edition", "../x"), "An edition is named by its id"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_to_do(
    real_house: Settings, command: Command, words: tuple[str, ...], said: str
) -> None:
    ended = command(real_house, "measures", *words)
    assert ended.code == 1
    assert ended.output == ""
    assert said in ended.errors
    assert "next: " in ended.errors
    assert "Traceback" not in ended.errors


def test_the_whole_tree_keeps_the_figures_of_its_own_region(real_house: Settings, command: Command) -> None:
    rows = rows_of(command(real_house, "measures", "--indicator", "POP1", "--format", "csv").output)
    regions = load_regions(real_house)
    expected = published()
    for row in rows:
        assert row["region_name"] == regions.get(row["region_code"]).name
        known = expected.get(row["region_code"], {})
        if (row["period"], row["method"]) in known:
            assert float(row["value"]) == known[row["period"], row["method"]], row


def test_a_table_is_whole_where_the_terminal_is_narrow(
    real_house: Settings, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "_width", 80)
    ended = command(real_house, "measures", "--indicator", "POP1", "--region", BOGOREJO)
    assert "…" not in ended.output
    line = next(line for line in ended.output.splitlines() if "33.16.15" in line)
    assert "population.population@" in line
    assert "2010-05-15" in line
    listed = command(real_house, "editions", "list").output
    assert "…" not in listed


# DOMAIN.md section 1, typed; some of these ids name several series.
ITEMS = {"SOS": 6, "FIN": 7, "EDU": 7, "POP": 8, "INF": 7, "SVC": 6, "HLT": 9, "LIC": 6, "MED": 5}
SECTION_1 = [f"{item}{number}" for item, count in ITEMS.items() for number in range(1, count + 1)]


@pytest.mark.parametrize("item", ITEMS)
def test_every_indicator_of_the_domain_answers_by_its_own_id_or_with_its_series(
    real_house: Settings, command: Command, item: str
) -> None:
    for indicator in [one for one in [*SECTION_1, "HLT1s"] if one.startswith(item)]:
        ended = command(real_house, "measures", "--indicator", indicator, "--format", "json")
        assert ended.code == 0, (indicator, ended.errors)
        told = {row["indicator"] for row in json.loads(ended.output)["measures"]}
        assert all(one == indicator or one.startswith(f"{indicator}.") for one in told), (indicator, told)
