"""The notebook that leads from a file to a new figure on a page runs whole, and nothing of the real house changes."""

import json
from pathlib import Path
from typing import Any

import pytest

from command_center.cli.practice import Practice, PracticeError
from command_center.kernels.execution import execute_notebook
from command_center.settings import Settings
from tests.conftest import REPOSITORY

SOURCE = REPOSITORY / "notebooks" / "start_here.ipynb"


def cells() -> list[dict[str, Any]]:
    return json.loads(SOURCE.read_text(encoding="utf-8"))["cells"]


def test_it_is_short_computes_nothing_and_stores_no_output() -> None:
    code = ["".join(cell["source"]) for cell in cells() if cell["cell_type"] == "code"]
    assert len(cells()) < 30
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in cells() if "outputs" in cell
    )
    for word in ("pandas", "def ", "lambda", "for ", " + ", " * ", " / ", "subprocess"):
        assert not [cell for cell in code if word in cell], word


@pytest.mark.slow
def test_it_leads_from_a_file_to_a_figure_on_a_page(tmp_path: Path) -> None:
    before = {path.name for path in (REPOSITORY / "sectors").iterdir()}
    ran = execute_notebook(
        SOURCE, tmp_path / "out.ipynb", {}, SOURCE.parent, 300, Settings(REPOSITORY).environment
    )
    texts = [
        output.get("text", "") + "".join(output.get("data", {}).get("text/html", ""))
        for cell in ran.cells
        for output in cell.get("outputs", [])
    ]
    said = "\n".join(texts)
    assert "3 rows read = 2 accepted (2 fixed) + 1 quarantined" in " ".join(said.split())
    assert "Kec. Entah" in said
    assert "published: " in said
    pages = "\n".join(text for text in texts if "cc-" in text)
    assert "1.234" in pages  # the figure of the file, as the page writes it
    assert "laporan.csv" in pages  # and where it comes from
    assert "Made TRE1.ipynb" in said
    assert {path.name for path in (REPOSITORY / "sectors").iterdir()} == before


def test_what_fails_in_the_house_of_practice_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings(REPOSITORY).environment:
        monkeypatch.setenv(name, "")  # put back afterwards: a practice moves this process
    practice = Practice(Settings(REPOSITORY))
    assert list(practice.settings.sectors_dir.iterdir()) == []
    with pytest.raises(PracticeError, match="command-center check ended with"):
        practice.command("check", "nothing")
    with pytest.raises(PracticeError, match="Nothing has been sent yet"):
        _ = practice.receipt
    with pytest.raises(PracticeError, match="outside the house of practice"):
        practice.write("../elsewhere.csv", "x")
