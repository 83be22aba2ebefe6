"""The page of a signal says what the edition says, on one screen, and asks where it does not know."""

import pytest

from command_center.editions import open_edition
from command_center.pages.addresses import HOME, PageAddress, problem_page
from command_center.pages.alarms import alarms, find_alarm
from command_center.pages.context import PageContext
from command_center.pages.house import open_house
from command_center.pages.problem import ProblemPage
from command_center.pages.problems import problem_cards
from command_center.settings import Settings

DPUPR = "absorption-FIN1-33.16-1.03.01"
IKM = "jump-SVC1-33.16.09"


def context(settings: Settings, address: PageAddress = HOME) -> PageContext:
    edition = open_edition(settings)
    return PageContext(open_house(settings, edition.catalog), edition, address)


def page(settings: Settings, signal: str) -> str:
    opened = context(settings, problem_page(signal))
    alarm = find_alarm(opened, signal)
    assert alarm is not None
    return str(ProblemPage(opened, alarm).body().html)


def test_the_absorption_case_is_on_home_and_leads_to_its_page(real_house: Settings) -> None:
    cards = problem_cards(context(real_house))
    links = [card.link for card in cards[:7]]
    assert f"masalah/{DPUPR}/" in links
    assert "masalah/absorption-FIN1-33.16/" in links
    assert f"masalah/{IKM}/" in links


def test_its_page_has_figures_of_the_edition_comparison_options_and_what_is_not_known(
    real_house: Settings,
) -> None:
    html = page(real_house, DPUPR)
    for words in (
        "10,97%",
        "30%",
        "usulan",
        "DPUPR",
        "Kemajuan fisik",
        "Penjelasan lain",
        "Pilihan tindakan",
    ):
        assert words in html, words
    assert "A. Percepat pengajuan tagihan" in html
    assert "Tidak bertindak dahulu" in html


def test_a_jump_is_put_as_a_question_about_the_data(real_house: Settings) -> None:
    html = page(real_house, IKM)
    assert "81,47 → 98,1 → 99 → 84,6" in html
    assert "Minta data dan penjelasan lebih dahulu" in html
    assert "Kritis" not in html


def test_every_alarm_has_a_page(real_house: Settings) -> None:
    opened = context(real_house)
    raised = alarms(opened)
    assert raised
    for one in raised:
        assert one.sentence in page(real_house, one.id).replace("&#39;", "'")


def test_addresses_of_signals_are_read_back_and_others_refused() -> None:
    from command_center.pages.addresses import UnknownAddressError

    for signal in (DPUPR, IKM, "absorption-FIN1.physical-33.16"):
        assert PageAddress.parse(f"/masalah/{signal}/", root_region="33.16") == problem_page(signal)
    for wrong in ("x", "absorption-FIN1", "../etc", "Absorption-FIN1-33.16"):
        with pytest.raises(UnknownAddressError):
            PageAddress.parse(f"/masalah/{wrong}/", root_region="33.16")
