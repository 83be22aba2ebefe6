"""Every sector's analysis.ipynb runs whole on an edition of sample data, in Indonesian, stamped, with figures."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from command_center.catalog import sector_slugs
from command_center.kernels.execution import execute_notebook
from command_center.kernels.owner import WarmTemplate
from command_center.refresh import refresh
from command_center.samples import make_samples
from command_center.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 11, 24)
SLUGS = sector_slugs(Settings(REPOSITORY))


@pytest.fixture(scope="module")
def sampled_edition(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the house with its samples and an edition without pages."""
    root = tmp_path_factory.mktemp("analysis") / "house"
    for name in ("sectors", "notebooks", "data/reference", "data/published"):
        shutil.copytree(REPOSITORY / name, root / name)
    settings = Settings(root)
    make_samples(settings, AS_OF)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("command_center.refresh.run.pages_of_edition", lambda *_: [])
        assert refresh(settings, AS_OF).failures == ()
    return settings


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmTemplate]:
    with WarmTemplate() as template:
        yield template


@pytest.mark.parametrize("slug", SLUGS)
def test_an_analysis_is_short_and_computes_nothing_itself(slug: str) -> None:
    cells = json.loads((REPOSITORY / "sectors" / slug / "analysis.ipynb").read_text(encoding="utf-8"))[
        "cells"
    ]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert 8 <= len(cells) <= 20
    # A sector with a report of its own opens that.
    opened = "open_workflow" if (REPOSITORY / "sectors" / slug / "report.py").is_file() else "open_study"
    assert f'{opened}("{slug}"' in code
    assert not [
        word for word in ("import pandas", "def ", "lambda", "for ", " + ", " * ", " / ") if word in code
    ]
    readme = (REPOSITORY / "sectors" / slug / "README.md").read_text(encoding="utf-8")
    assert "`analysis.ipynb` asks: " in readme


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_an_analysis_runs_whole_and_is_stamped(
    slug: str,
    sampled_edition: Settings,
    warm: WarmTemplate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in warm.variables.items():
        monkeypatch.setenv(name, value)
    source = sampled_edition.sectors_dir / slug / "analysis.ipynb"
    ran = execute_notebook(source, tmp_path / "out.ipynb", {}, source.parent, 60, sampled_edition.environment)
    html = [
        output["data"]["text/html"]
        for cell in ran.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    figures = [text for text in html if "<figure" in text]
    assert len(figures) >= 3
    for text in figures:
        assert "<svg" in text
        assert "<table" in text
        assert "DATA CONTOH" in text
        assert not {"nan", "None", "NaT"} & set(text.replace("<", " <").replace(">", "> ").split())
