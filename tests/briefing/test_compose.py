"""The briefing says what the edition says: ten parts in order, a link at every sentence, no silence about gaps."""

import re
from datetime import date
from pathlib import Path

import pytest

from command_center.briefing import Briefing, compose
from command_center.briefing.model import BriefingPart, Sentence, fitted
from command_center.editions import Edition, open_edition
from command_center.errors import ReferenceDataError
from command_center.locale import Language
from command_center.pages.addresses import briefing_page
from command_center.pages.context import PageContext
from command_center.pages.house import open_house
from command_center.refresh import refresh
from command_center.settings import Settings

DAY = date(2026, 11, 24)
PARTS = [
    "State of the data", "Three main things", "Needs a decision today", "Alarms new and ended",
    "The items, one line each", "Letters", "Complaints and media", "Promises due", "Notes on data quality",
]  # fmt: skip


def briefing(settings: Settings, language: Language = "id", edition: Edition | None = None) -> Briefing:
    opened = edition or open_edition(settings)
    address = briefing_page(date.fromisoformat(opened.as_of)).in_language(language)
    return compose(PageContext(open_house(settings, opened.catalog), opened, address))


def part(settings: Settings, number: int, language: Language = "en") -> list[str]:
    return [sentence.text for sentence in briefing(settings, language).parts[number - 1].sentences]


def test_a_briefing_has_ten_parts_in_the_order_of_the_domain(published_house: Settings) -> None:
    headings = [item.heading for item in briefing(published_house, "en").parts]
    assert headings[:9] == PARTS
    assert headings[9].startswith("Agenda (")


def test_the_main_things_have_numbers_a_threshold_a_period_and_who_answers(real_house: Settings) -> None:
    texts = part(real_house, 2)
    assert len(texts) == 3
    for text in texts:
        assert re.search(r"\d", text)
        assert "Responsible: " in text
    assert "below the curve" in texts[0].lower()


def test_a_decision_has_letters_for_its_options(real_house: Settings) -> None:
    assert "(A) Speed up claims; (B)" in part(real_house, 3)[0]
    assert len(part(real_house, 3)) <= 3


def test_what_the_briefing_says_is_what_the_edition_says(published_house: Settings) -> None:
    (water,) = [text for text in part(published_house, 5) if text.startswith("Water")]
    assert "60.0%" in water
    assert "(2024)" in water
    assert "↑ up 10.0 points from 2023" in water


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_sentence_leads_to_its_evidence(real_house: Settings, language: Language) -> None:
    for item in briefing(real_house, language).parts:
        assert item.sentences, item.heading
        for sentence in item.sentences:
            assert sentence.link.startswith("../../"), sentence.text


def test_without_alarms_the_briefing_says_so(published_house: Settings) -> None:
    assert part(published_house, 2) == ["No alarm has been raised by the figures of this edition."]
    assert part(published_house, 3) == ["No decision is asked for today."]


def test_gaps_are_named_with_who_is_to_fill_them(published_house: Settings) -> None:
    assert part(published_house, 6) == ["No data yet; Setda Umum is to supply it."]
    assert part(published_house, 10) == ["Agenda of 24 November 2026: no data yet."]
    assert "no data yet" in part(published_house, 8)[0]


@pytest.mark.usefixtures("no_pages")
def test_the_agenda_of_the_day_is_told_in_order_of_time(fresh_house: Settings) -> None:
    refresh(fresh_house, DAY)
    path = fresh_house.reference_dir / "agenda.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0]
    rows = ["2026-11-24,13:00,Rapat,Pendapa,surat,,", "2026-11-24,08:00,Apel,Alun-alun,surat,,"]
    path.write_text("\n".join([header, *rows, "2026-11-25,08:00,Lain,X,surat,,"]) + "\n", encoding="utf-8")
    assert part(fresh_house, 10) == ["08:00 Apel, Alun-alun.", "13:00 Rapat, Pendapa."]
    path.write_text(f"{header}\n24/11/2026,08:00,Apel,X,surat,,\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="row 2"):
        briefing(fresh_house)


@pytest.mark.usefixtures("no_pages")
def test_a_sector_without_figures_is_named_with_who_is_to_supply_them(fresh_house: Settings) -> None:
    path = fresh_house.sectors_dir / "water" / "sector.yml"
    path.write_text(path.read_text().replace("    file: ./supply.csv\n", ""))
    refresh(fresh_house, DAY)
    datasets = open_edition(fresh_house).catalog.datasets
    agencies = {one.owner or sector.owner for sector, one in datasets}
    there = sum(not one.is_awaited for _, one in datasets)
    assert there == len(datasets) - 1
    said = part(fresh_house, 1)[0]
    assert f"of {len(agencies)} agencies have sent all the datasets they owe" in said
    assert f"{there} of {len(datasets)} datasets are there" in said
    (line,) = [text for text in part(fresh_house, 5) if text.startswith("Water")]
    assert "no data yet" in line
    assert "DPUPR" in line


@pytest.mark.usefixtures("no_pages")
@pytest.mark.parametrize("damage", ["nonsense\n", ""])
def test_a_sector_that_failed_is_named_also_where_it_never_had_figures(
    fresh_house: Settings, damage: str
) -> None:
    (fresh_house.sectors_dir / "water" / "sector.yml").write_text(damage)
    refresh(fresh_house, DAY)
    assert any("Sector water could not be refreshed" in text for text in part(fresh_house, 9))


@pytest.mark.usefixtures("no_pages")
def test_a_sector_that_failed_later_is_named_with_its_owner(fresh_house: Settings) -> None:
    refresh(fresh_house, DAY)
    (fresh_house.sectors_dir / "water" / "supply.csv").write_text("nonsense\n")
    refresh(fresh_house, DAY)
    (text,) = [text for text in part(fresh_house, 9) if "could not be refreshed" in text]
    assert "DPUPR is to act" in text


def test_plain_text_has_every_sentence_and_no_markup(real_house: Settings) -> None:
    whole = briefing(real_house)
    text = whole.plain_text
    assert text.startswith(whole.title + "\n\n")
    for item in whole.parts:
        assert item.heading.upper() in text
        assert all(sentence.text in text for sentence in item.sentences)
    assert "<" not in text
    assert "None" not in text
    assert "nan" not in text.split()


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_briefing_of_this_house_fills_one_page(real_house: Settings, language: Language) -> None:
    whole = briefing(real_house, language)
    body = whole.plain_text.split("\n", 1)[1]
    assert 250 <= len(body.split()) <= 350
    assert len(body.split()) == whole.words


def test_further_sentences_come_in_by_order_while_there_is_room() -> None:
    def said(word: str, count: int, order: int) -> Sentence:
        return Sentence(" ".join([word] * count), "../../", order)

    always = said("a", 200, 0)
    page = Briefing(
        "t", "en", (BriefingPart("h", (always, said("c", 60, 2), said("b", 80, 1), said("d", 90, 3))),)
    )
    assert [sentence.text[0] for sentence in fitted(page).parts[0].sentences] == ["a", "c", "b"]
    long = Briefing("t", "en", (BriefingPart("h", (said("a", 290, 0), said("b", 100, 1))),))
    assert len(fitted(long).parts[0].sentences) == 1


def test_nothing_rises_or_falls_without_its_base(real_house: Settings) -> None:
    for sentence in (s for item in briefing(real_house, "id").parts for s in item.sentences):
        if re.search(r"\b(naik|turun)\b", sentence.text) and ":" in sentence.text:
            assert re.search(r"\bdari\b|\d", sentence.text)


def test_the_settings_of_the_briefing_name_a_wrong_key(fresh_house: Settings, tmp_path: Path) -> None:
    from command_center.briefing.declared import load_plan

    (fresh_house.reference_dir / "briefing.yml").write_text("adress: x\n")
    with pytest.raises(ReferenceDataError) as caught:
        load_plan(fresh_house)
    assert caught.value.where == "data/reference/briefing.yml"
