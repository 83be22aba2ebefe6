"""`command-center notebook` writes the notebook of the figure asked for."""

from pathlib import Path

import nbformat

from command_center.settings import Settings
from tests.cli.conftest import Command


def test_it_writes_the_notebook_of_a_figure(
    published_house: Settings, command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "w.ipynb"
    ended = command(
        published_house, "notebook", "WAT1", "--region", "3316080", "--period", "2023", "--output", str(path)
    )
    assert ended.code == 0, ended.errors
    assert "WAT1 of 33.16.15, 2023, survey" in ended.output.replace("\n", " ")
    notebook = nbformat.read(path, as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert "REGION = '33.16.15'" in code
    assert "EDITION_VALUE = 50.0" in code


def test_it_speaks_english_where_asked_and_takes_the_latest_of_the_whole(
    published_house: Settings, command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "w.ipynb"
    ended = command(published_house, "notebook", "WAT1", "--language", "en", "--output", str(path))
    assert ended.code == 0, ended.errors
    text = path.read_text(encoding="utf-8")
    assert "Recomputing" in text
    assert "EDITION_VALUE = 60.0" in text


def test_a_figure_or_a_place_that_is_not_there_is_told_with_the_next_step(
    published_house: Settings, command: Command, tmp_path: Path
) -> None:
    ended = command(published_house, "notebook", "WAT1", "--period", "1999")
    assert ended.code == 1
    assert "command-center measures --indicator WAT1" in ended.errors.replace("\n", " ")
    ended = command(published_house, "notebook", "WAT1", "--output", str(tmp_path / "none" / "w.ipynb"))
    assert ended.code == 1
    assert "cannot be written" in ended.errors
