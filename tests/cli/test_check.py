"""`command-center check` finds each thing that can be wrong with a sector folder, says where and what to do."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from command_center.refresh.checks import Finding, check_sector
from command_center.settings import Settings
from tests.cli.conftest import Command

DAY = date(2026, 11, 24)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def table(old: str, new: str) -> Callable[[Path], None]:
    return lambda water: edit(water / "supply.csv", old, new)


def declaration(old: str, new: str) -> Callable[[Path], None]:
    return lambda water: edit(water / "sector.yml", old, new)


def dashboard(old: str, new: str) -> Callable[[Path], None]:
    return lambda water: edit(water / "dashboard.ipynb", old, new)


def transform(new: str) -> Callable[[Path], None]:
    return lambda water: edit(water / "transform.py", "return table.assign(checked=True)", new)


def lose(name: str) -> Callable[[Path], None]:
    return lambda water: (water / name).unlink()


def write(name: str, text: str) -> Callable[[Path], None]:
    return lambda water: (water / name).write_text(text, encoding="utf-8") and None


def claim_anothers_indicator(water: Path) -> None:
    # The later in the menu gives way; water is first, so it is moved behind.
    edit(water / "sector.yml", "order: 1", "order: 3")
    edit(water / "sector.yml", "WAT1", "PWR1")


def write_loosely(water: Path) -> None:
    # A question mark before a comma: one of the two YAML readers takes it, the other does not.
    edit(water / "sector.yml", '{id: "Berapa persen terlayani?"', "{id: Berapa persen terlayani?")
    edit(water / "sector.yml", "decimals: 1", "decimal: 1")


THICK = "page.cards()" + '\\n",\n    "'.join(f"x{number} = {number}" for number in range(60))

# What is broken, part of what is said, part of the step that mends it.
ERRORS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "an unknown key": (declaration("decimals: 1", "decimal: 1"), "did you mean 'decimals'", "check water"),
    "an unknown key in a loosely written file": (write_loosely, "sectors/water/sector.yml", ""),
    "no YAML": (write("sector.yml", "slug: ["), "not YAML", "mend the file"),
    "a slug that is not the folder's": (
        declaration("slug: water", "slug: rain"),
        "differs from its folder",
        "same name",
    ),
    "a place in the menu taken twice": (
        declaration("order: 1", "order: 2"),
        "order 2 is also the place of power",
        "another order",
    ),
    "an indicator taken twice": (
        claim_anothers_indicator,
        "PWR1 is claimed by both",
        "another indicator id",
    ),
    "an unknown owner": (
        declaration('owner: "1.03.01"\ndatasets', 'owner: "9.99.99"\ndatasets'),
        "owner 9.99.99 is no agency",
        "agencies.csv",
    ),
    "an unknown owner of a dataset": (
        declaration('    owner: "1.03.01"', '    owner: "9.99.98"'),
        "owner 9.99.98",
        "agencies.csv",
    ),
    "a missing __init__.py": (
        lose("__init__.py"),
        "__init__.py is missing",
        "create sectors/water/__init__.py",
    ),
    "a missing README": (lose("README.md"), "README.md is missing", "create sectors/water/README.md"),
    "a missing dashboard": (lose("dashboard.ipynb"), "dashboard.ipynb is missing", "create"),
    "a missing table": (lose("supply.csv"), "cannot be read", "correct the file"),
    "a cell that is no number": (
        table("survey,50,100", "survey,fifty,100"),
        "served_households",
        "correct the file",
    ),
    "an unknown region": (
        table("33.16.15.2007,2023", "33.16.99.2007,2023"),
        "33.16.99.2007",
        "correct the file",
    ),
    "a row twice": (
        lambda water: edit(water / "supply.csv", "33.16.15.2001,2023", "33.16.15.2001,2024"),
        "",
        "correct the file",
    ),
    "a transform that raises": (transform('return table[["nowhere"]]'), "KeyError", "check water"),
    "a transform that is no Python": (write("transform.py", "def supply(:"), "SyntaxError", "check water"),
    "a transform that returns nothing": (transform("return None"), "returns NoneType", "return a table"),
    "a transform without a dataset": (
        write("transform.py", "def suply(table):\n    return table\n"),
        "suply is the name of no dataset",
        "name the function like its dataset",
    ),
    "a transform that changes its input": (
        transform("table['checked'] = True\n    return table"),
        "changes its input",
        "work on a copy",
    ),
    "a transform that throws dice": (
        transform("import random\n    return table.assign(checked=random.random())"),
        "gives different tables",
        "remove what is random",
    ),
    "a notebook with outputs": (
        dashboard('"execution_count": null', '"execution_count": 3'),
        "stores outputs",
        "nbstripout sectors/water/dashboard.ipynb",
    ),
    "a notebook that is none": (write("dashboard.ipynb", "not a notebook"), "is no notebook", "JupyterLab"),
    "a notebook that computes": (dashboard("page.cards()", "def f(): return 1"), "uses def", "modules"),
    "a notebook that is thick": (
        dashboard("page.cards()", THICK),
        "lines of code",
        "move code into a module",
    ),
    "a notebook that fails": (dashboard("page.cards()", "page.carts()"), "no attribute 'carts'", ""),
}


def errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level == "error"]


@pytest.mark.parametrize(("broken", "said", "step"), ERRORS.values(), ids=ERRORS)
def test_each_fault_is_found_with_the_step_that_mends_it(
    fresh_house: Settings, broken: Callable[[Path], None], said: str, step: str
) -> None:
    broken(fresh_house.sectors_dir / "water")
    found = errors(check_sector(fresh_house, "water", DAY))
    assert found
    assert any(said in finding.text and step in finding.next_step for finding in found), found
    assert not any(str(fresh_house.root) in finding.text for finding in found)


def test_a_sound_sector_has_no_error_and_its_dashboard_runs(fresh_house: Settings) -> None:
    findings = check_sector(fresh_house, "water", DAY)
    assert errors(findings) == []
    texts = [finding.text for finding in findings]
    assert "transform supply is pure" in texts
    assert "14 figures" in texts
    assert texts[-1] == "dashboard.ipynb runs and every figure is drawn"


def test_every_fault_is_told_at_once(fresh_house: Settings) -> None:
    water = fresh_house.sectors_dir / "water"
    for name in (
        "an unknown owner",
        "a missing README",
        "a cell that is no number",
        "a notebook with outputs",
    ):
        ERRORS[name][0](water)
    assert len(errors(check_sector(fresh_house, "water", DAY))) == 4


def test_an_awaited_dataset_is_a_note_with_what_to_do(fresh_house: Settings) -> None:
    edit(fresh_house.sectors_dir / "water" / "sector.yml", "    file: ./supply.csv\n", "")
    findings = check_sector(fresh_house, "water", DAY)
    assert errors(findings) == []
    (note,) = [finding for finding in findings if "no file yet" in finding.text]
    assert (note.level, "command-center ingest" in note.next_step) == ("note", True)


def test_a_check_changes_no_file_and_publishes_nothing(fresh_house: Settings) -> None:
    before = {path: path.read_bytes() for path in fresh_house.root.rglob("*") if path.is_file()}
    check_sector(fresh_house, "water", DAY)
    after = {path: path.read_bytes() for path in fresh_house.root.rglob("*") if path.is_file()}
    assert {path for path in after.keys() ^ before.keys() if "__pycache__" not in path.parts} == set()
    assert all(after[path] == content for path, content in before.items())


def test_the_command_ends_with_one_where_a_sector_is_broken_and_checks_the_others_too(
    fresh_house: Settings, command: Command
) -> None:
    ERRORS["an unknown key"][0](fresh_house.sectors_dir / "water")
    ended = command(fresh_house, "check")
    assert ended.code == 1
    assert "did you mean 'decimals'" in ended.output
    assert "    next: command-center check water" in ended.output
    assert "dashboard.ipynb runs" in ended.output  # of the other sector
    assert command(fresh_house, "check", "power").code == 0
