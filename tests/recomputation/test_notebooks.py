"""A figure's notebook recomputes it to the last digit, says so in words, and stops where a file is not the same."""

import ast
import os
import random
import subprocess
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from command_center.access import PUBLIK
from command_center.catalog import SAMPLE_METHOD
from command_center.editions import Edition, open_edition
from command_center.indicators.series import Measure
from command_center.locale import Language
from command_center.recomputation import (
    RecomputationError,
    figure_notebook,
    find_figure,
    notebook_bytes,
)
from command_center.recomputation.words import plain, table
from command_center.settings import Settings
from tests.conftest import DAY, REPOSITORY
from tests.recomputation.running import run

THIRTY = 30


def seed() -> str:
    """The day and the commit: another draw with every commit, the same one when it is run again."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    return os.environ.get("RECOMPUTATION_SEED") or f"{DAY.isoformat()} {commit.stdout.strip()}"


def drawn(measures: pd.DataFrame, chance: random.Random) -> list[Measure]:
    """Thirty figures: of every item a published one where there is any and a sample one, the others from all."""
    known = measures[measures["value"].notna()]
    is_sample = known["method"].eq(SAMPLE_METHOD)
    picks = {
        chance.choice(list(rows.index)) for _, rows in known.groupby([known["sector"], is_sample], sort=True)
    }
    while len(picks) < THIRTY:
        picks.add(chance.choice(list(known.index)))
    return [Measure.of(known.loc[row]) for row in sorted(picks)]


def test_thirty_figures_drawn_at_random_come_out_as_the_edition_has_them(
    sampled_house: Settings, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = drawn(edition.measures, random.Random(seed()))  # noqa: S311 - draws figures, keeps no secret
    print(f"seed: {seed()}")
    assert len(chosen) == THIRTY
    assert len({figure.sector for figure in chosen}) == 9
    assert {figure.method == SAMPLE_METHOD for figure in chosen} == {True, False}
    for figure in chosen:
        names = run(figure_notebook(sampled_house, edition, figure), sampled_house, monkeypatch)
        print(
            figure.indicator,
            figure.region_code,
            figure.agency_code,
            figure.period,
            figure.method,
            figure.value,
        )
        assert names["value"] == figure.value
        assert names["EDITION_VALUE"] == figure.value


def test_every_indicator_by_every_method_at_every_level_can_be_recomputed(
    sampled_house: Settings, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = edition.measures[edition.measures["value"].notna()]
    kinds = [known["indicator"], known["method"], known["region_code"].str.len(), known["agency_code"].ne("")]
    latest = known.groupby(kinds, sort=True).tail(1)
    for _, row in latest.iterrows():
        figure = Measure.of(row)
        names = run(figure_notebook(sampled_house, edition, figure), sampled_house, monkeypatch)
        assert names["value"] == figure.value, figure
    print(f"{len(latest)} kinds of figures")
    assert len(latest) > 200


def test_a_real_kernel_runs_it_where_an_analyst_opens_it(
    sampled_house: Settings, edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMMAND_CENTER_ROOT", raising=False)
    _, indicator = edition.catalog.indicator("HLT1")
    figure = find_figure(edition, indicator, "33.16", method=SAMPLE_METHOD)
    notebook = nbformat.reads(
        notebook_bytes(figure_notebook(sampled_house, edition, figure)).decode(), as_version=4
    )
    folder = sampled_house.root / "notebooks"
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    last = notebook.cells[-1]
    assert "recomputed" in last.outputs[0]["data"]["text/plain"]


def test_it_holds_no_outputs_and_is_the_same_every_time(sampled_house: Settings, edition: Edition) -> None:
    _, indicator = edition.catalog.indicator("SOS1")
    figure = find_figure(edition, indicator, "33.16")
    first, again = (notebook_bytes(figure_notebook(sampled_house, edition, figure)) for _ in range(2))
    assert first == again
    notebook = nbformat.reads(first.decode(), as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert len(notebook.cells) < 30


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ("# Menghitung ulang", "Pembilang", "Penyebut", "DATA CONTOH", "Dari wilayah di bawahnya")),
        ("en", ("# Recomputing", "Numerator", "Denominator", "SAMPLE DATA", "From the regions below")),
    ],
)
def test_it_says_what_it_does_in_the_readers_language(
    sampled_house: Settings, edition: Edition, language: Language, words: tuple[str, ...]
) -> None:
    _, indicator = edition.catalog.indicator("HLT1")
    figure = find_figure(edition, indicator, "33.16", method=SAMPLE_METHOD)
    notebook = figure_notebook(sampled_house, edition, figure, language)
    said = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for word in words:
        assert word in said
    other = "Numerator" if language == "id" else "Pembilang"
    assert other not in said
    assert all(
        sha256 in said for sha256 in {one.split("'")[1] for one in said.split("SHA-256'") if "'" in one}
    )


def test_the_files_are_named_with_receipt_day_and_hash(sampled_house: Settings, edition: Edition) -> None:
    _, indicator = edition.catalog.indicator("HLT1")
    figure = find_figure(edition, indicator, "33.16", method=SAMPLE_METHOD)
    notebook = figure_notebook(sampled_house, edition, figure)
    said = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    sources = edition.sources
    behind = sources[sources["source_submission"].eq(figure.source_submission)].iloc[0]
    for sha256 in behind["sha256"].split("; "):
        assert sha256 in said
    assert "gizi\\_desa\\_2026.csv" in said
    assert "24 November 2026" in said


def test_a_file_that_is_not_the_same_any_more_stops_it(
    own_house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = open_edition(own_house)
    _, indicator = edition.catalog.indicator("WAT1")
    notebook = figure_notebook(own_house, edition, find_figure(edition, indicator, "33.16"))
    assert run(notebook, own_house, monkeypatch)["value"] == 60
    path = own_house.sectors_dir / "water" / "supply.csv"
    path.write_text(path.read_text().replace("2024,survey,60", "2024,survey,61"))
    with pytest.raises(AssertionError, match=r"supply\.csv has changed"):
        run(notebook, own_house, monkeypatch)


def test_a_rule_that_is_not_the_same_any_more_stops_it(
    own_house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = open_edition(own_house)
    _, indicator = edition.catalog.indicator("WAT1")
    notebook = figure_notebook(own_house, edition, find_figure(edition, indicator, "33.16"))
    path = own_house.sectors_dir / "water" / "transform.py"
    path.write_text(path.read_text().replace("checked=True", "served_households=1"))
    with pytest.raises(AssertionError, match="the edition says 60"):
        run(notebook, own_house, monkeypatch)


def test_a_figure_that_is_not_there_is_told(own_house: Settings) -> None:
    edition = open_edition(own_house)
    _, indicator = edition.catalog.indicator("WAT1")
    for asked in ({"period": "1999"}, {"method": "guess"}, {"agency": "1.02.01"}):
        with pytest.raises(RecomputationError, match="command-center measures --indicator WAT1"):
            find_figure(edition, indicator, "33.16", **asked)


def test_text_of_an_agency_is_shown_and_never_run(
    own_house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = "<script>alert(1)</script> [x](http://y) $a$ `b` | c\n# d"
    edition = open_edition(own_house)
    changed = Edition(edition.path)
    vars(changed).update(sources=edition.sources.assign(source=evil))
    _, indicator = edition.catalog.indicator("WAT1")
    notebook = figure_notebook(own_house, changed, find_figure(changed, indicator, "33.16"))
    said = notebook.cells[0].source
    assert "<script" not in said.replace("\\<", "")
    assert "\n# d" not in said
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert "alert" not in code
    ast.parse(code)
    assert run(notebook, own_house, monkeypatch)["value"] == 60


def test_markdown_of_others_is_plain_text() -> None:
    assert plain("a|b*c_d<e>\nf") == "a\\|b\\*c\\_d\\<e\\> f"
    assert table(["A", "B"], [["x|y", "z"]]).splitlines() == ["| A | B |", "| --- | --- |", "| x\\|y | z |"]


def test_a_view_without_a_mandate_is_given_none_whose_rows_count_few(edition: Edition) -> None:
    public = edition.seen_by(PUBLIK)
    guarded = [one for _, one in edition.catalog.indicators if one.small_cells and one.grain != "kab"]
    assert len(guarded) > 10
    for indicator in guarded:
        figures = public.measures[public.measures["indicator"].eq(indicator.id)]
        for region in sorted(set(figures["region_code"]))[:3]:
            with pytest.raises(RecomputationError, match="not open to this view"):
                find_figure(public, indicator, region)
    # Below the regency nothing of it is told, so nothing can be read from its rows.
    _, of_the_regency = edition.catalog.indicator("SOS1")
    assert of_the_regency.grain == "kab"
    assert find_figure(public, of_the_regency, "33.16").value is not None
