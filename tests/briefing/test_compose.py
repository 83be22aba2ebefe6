"""The briefing says what the edition says: five parts in order, a number in every main thing, no silence about gaps."""

import re
from datetime import date
from importlib import import_module

import pytest

from command_center.briefing import compose
from command_center.briefing.compose import Briefing
from command_center.editions import Edition, open_edition
from command_center.locale import Language
from command_center.pages.addresses import briefing_page
from command_center.pages.context import PageContext
from command_center.pages.house import open_house
from command_center.refresh import refresh
from command_center.settings import Settings
from tests.house.builder import write_figures

DAY = date(2026, 11, 24)


def briefing(settings: Settings, language: Language = "id", edition: Edition | None = None) -> Briefing:
    opened = edition or open_edition(settings)
    address = briefing_page(date.fromisoformat(opened.as_of)).in_language(language)
    return compose(PageContext(open_house(settings, opened.catalog), opened, address))


def part(settings: Settings, number: int, language: Language = "en") -> list[str]:
    return [sentence.text for sentence in briefing(settings, language).parts[number].sentences]


def test_a_briefing_has_five_parts_in_the_order_of_the_domain(published_house: Settings) -> None:
    assert [item.heading for item in briefing(published_house, "en").parts] == [
        "State of the data",
        "Three main things",
        "Data to be asked for first",
        "The items, one line each",
        "Notes on data quality",
    ]


def test_every_main_thing_has_a_number_a_threshold_a_period_and_who_answers(
    published_house: Settings,
) -> None:
    for text in part(published_house, 1):
        assert re.search(r"\d", text)
        assert "Period: " in text
        assert "Responsible: DPUPR" in text


def test_fewer_than_three_main_things_are_not_called_three(
    published_house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The package's `compose` is the function of that name.
    module = import_module("command_center.briefing.compose")
    real = module.problem_cards
    monkeypatch.setattr(module, "problem_cards", lambda context: real(context)[:2])
    (main,) = [item for item in briefing(published_house, "en").parts if "ain things" in item.heading]
    assert (main.heading, len(main.sentences)) == ("Main things", 2)


def test_there_are_at_most_three_main_things(published_house: Settings) -> None:
    assert len(part(published_house, 1)) == 3


def test_what_the_briefing_says_is_what_the_edition_says(published_house: Settings) -> None:
    (water,) = [text for text in part(published_house, 3) if text.startswith("Water")]
    assert "60.0%" in water
    assert "(2024)" in water
    assert "10.0" in water  # the change on 2023, which had 50


def test_every_sentence_about_a_figure_leads_to_its_evidence(published_house: Settings) -> None:
    for number in (1, 3):
        for sentence in briefing(published_house).parts[number].sentences:
            assert sentence.link.startswith("../../")


@pytest.mark.usefixtures("no_pages")
def test_without_problems_the_briefing_says_so(fresh_house: Settings) -> None:
    for slug in ("water", "power"):
        write_figures(fresh_house.sectors_dir / slug, {"2024": (95, 100)})
    refresh(fresh_house, DAY)
    assert part(fresh_house, 1) == ["No figure is on the wrong side of its threshold."]
    assert part(fresh_house, 2) == ["No implausible figure awaits an answer."]


@pytest.mark.usefixtures("no_pages")
def test_a_sector_without_figures_is_named_with_who_is_to_supply_them(fresh_house: Settings) -> None:
    path = fresh_house.sectors_dir / "water" / "sector.yml"
    path.write_text(path.read_text().replace("    file: ./supply.csv\n", ""))
    refresh(fresh_house, DAY)
    assert "1 of 2 datasets supplied" in part(fresh_house, 0)[0]
    (line,) = [text for text in part(fresh_house, 3) if text.startswith("Water")]
    assert "no data yet" in line
    assert "DPUPR" in line


@pytest.mark.usefixtures("no_pages")
@pytest.mark.parametrize("damage", ["nonsense\n", ""])
def test_a_sector_that_failed_is_named_also_where_it_never_had_figures(
    fresh_house: Settings, damage: str
) -> None:
    (fresh_house.sectors_dir / "water" / "sector.yml").write_text(damage)
    refresh(fresh_house, DAY)
    assert any("Sector water could not be refreshed" in text for text in part(fresh_house, 4))


def test_plain_text_has_every_sentence_and_no_markup(published_house: Settings) -> None:
    whole = briefing(published_house)
    text = whole.plain_text
    assert text.startswith(whole.title + "\n\n")
    for item in whole.parts:
        assert item.heading.upper() in text
        assert all(sentence.text in text for sentence in item.sentences)
    assert "<" not in text
    assert "None" not in text
    assert "nan" not in text.split()


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_briefing_of_this_house_is_read_in_three_minutes(
    real_house: Settings, language: Language
) -> None:
    words = len(briefing(real_house, language).plain_text.split())
    assert 100 < words < 700  # some 200 words a minute
    assert len(briefing(real_house, language).parts[3].sentences) == len(
        open_edition(real_house).catalog.sectors
    )
