"""The pages of a workflow: from the sample's report, in both languages, and without any log; the map of a process."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from command_center.catalog import load_sector
from command_center.editions import open_edition
from command_center.eventlog.keeping import keep_log, log_path
from command_center.locale import Language, Locale
from command_center.pages import open_ageing, open_home, open_steps, open_trial, open_workflow
from command_center.pages.panel import Panel
from command_center.pages.process_map import LEVELS, map_levels
from command_center.refresh import refresh
from command_center.samples.verbs import load_log_maker
from command_center.samples.world import open_world
from command_center.settings import EDITIONS_VARIABLE, ROOT_VARIABLE, Settings
from tests.conftest import DAY, REPOSITORY

PILOT = "33.16.09"


def built(root: Path, *, with_log: bool) -> Settings:
    for name in ("sectors", "notebooks", "data/reference", "data/published"):
        shutil.copytree(REPOSITORY / name, root / name)
    settings = Settings(root)
    if with_log:
        maker = load_log_maker(settings, load_sector(settings, "letters"))
        assert maker is not None
        keep_log(maker(settings, open_world(settings, DAY)), log_path(settings, "letters", samples=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("command_center.refresh.run.pages_of_edition", lambda *_: [])
        assert refresh(settings, DAY).failures == ()
    return settings


@pytest.fixture(scope="module")
def with_log(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return built(tmp_path_factory.mktemp("letters") / "house", with_log=True)


@pytest.fixture
def in_house(with_log: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv(ROOT_VARIABLE, str(with_log.root))
    monkeypatch.setenv(EDITIONS_VARIABLE, str(with_log.editions_dir))
    return with_log


def sound(markup: str) -> None:
    assert "DATA CONTOH" in markup or "SAMPLE DATA" in markup
    words = re.sub(r"<[^>]+>", " ", markup).split()
    assert not {"nan", "None", "NaT"} & set(words)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_says_what_it_found(in_house: Settings, language: Language) -> None:
    first = open_workflow("letters", language=language)
    panel = first.summary()
    assert isinstance(panel, Panel)
    summary = str(panel.still().html)
    for markup in (
        summary,
        str(first.units().html),
        str(first.urgencies().html),
        str(first.checks().html),
    ):
        sound(markup)
    assert "<svg" in summary
    unit = open_workflow("letters", PILOT, language=language)
    sound(str(unit.summary().html))  # type: ignore[union-attr]
    assert "2028/" in str(unit.units().html)
    assert '<td class="cc-number">&lt; 5</td>' in str(unit.units().html)
    assert not re.search(r"<td class=\"cc-number\">[1-4]</td>", str(unit.units().html))
    steps = open_steps("letters", language=language)
    assert "didisposisi" in str(steps.bottlenecks().html)
    sound(str(steps.steps().html))
    maps = str(steps.maps().html)
    sound(maps)
    assert maps.count('type="radio"') == maps.count("<svg") == 2 * len(LEVELS)
    ageing = open_ageing("letters", language=language)
    sound(str(ageing.classes().html))
    sound(str(ageing.oldest().html))
    trial = str(open_trial("letters", language=language).units().html)
    sound(trial)
    assert ("belum dapat dikatakan" if language == "id" else "cannot be said") in trial
    home = str(open_home(language=language).tiles().html)
    assert ("Menunggu Bupati" if language == "id" else "Waiting for the regent") in home
    assert home.count("data-sector=") == 9


def test_the_control_chooses_a_unit_and_refuses_what_is_none(in_house: Settings) -> None:
    panel = open_workflow("letters", unit="1.03.01").summary()
    assert isinstance(panel, Panel)
    chosen = str(panel.still().html)
    assert "DPUPR" in chosen
    panel.choose("unit", "")
    assert str(panel.still().html) != chosen
    strange = open_workflow("letters", unit="<script>").summary()
    assert isinstance(strange, Panel)
    assert strange.filters == {"unit": ""}


def test_the_report_names_no_actor_and_stays_small(in_house: Settings) -> None:
    tables = open_edition(in_house).reports("letters")
    wanted = {"facts", "units", "months", "steps", "ages", "oldest", "follows", "effect", "verdict"}
    assert set(tables) >= wanted
    for name, table in tables.items():
        assert "resource" not in table.columns, name
    assert sum(len(table) for table in tables.values()) < 40_000


def test_an_edition_without_a_log_says_who_is_to_supply_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = built(tmp_path / "house", with_log=False)
    monkeypatch.setenv(ROOT_VARIABLE, str(settings.root))
    monkeypatch.setenv(EDITIONS_VARIABLE, str(settings.editions_dir))
    first = open_workflow("letters").summary()
    assert not isinstance(first, Panel)
    for block in (
        first,
        open_steps("letters").bottlenecks(),
        open_ageing("letters").classes(),
        open_trial("letters").units(),
    ):
        assert "Setda Umum" in str(block.html)
    assert str(open_workflow("letters").units().html) == ""
    assert "Setda Umum" in str(open_home().tiles().html)


def test_more_detail_shows_more_and_names_are_escaped() -> None:
    pairs = [("satu", "dua", 100), ("dua", "<script>", 80), ("<script>", "empat", 20), ("empat", "dua", 8),
             ("satu", "lima", 3), ("lima", "lima", 1)]  # fmt: skip
    follows = pd.DataFrame(pairs, columns=["source", "target", "count"]).assign(median_s=60.0)
    names = ["satu", "dua", "<script>", "empat", "lima"]
    activities = pd.DataFrame({"activity": names, "place": range(5), "events": [103, 108, 80, 20, 4]})
    levels = map_levels(follows, activities, Locale("id"), "Jalur")
    assert [level.shown for level in levels] == [2, 3, 4, 6]
    for level in levels:
        assert level.svg.count("marker-end") == level.shown
        assert "<script" not in level.svg
    assert map_levels(follows.head(0), activities, Locale("id"), "Jalur") == ()
