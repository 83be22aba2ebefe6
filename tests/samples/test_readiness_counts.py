"""Every fault seeded into the samples stands on the readiness pages, as often as it was seeded (Must show 4)."""

from collections import Counter
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from command_center.editions import Edition
from command_center.ingest.submissions import Register, SubmissionFiles
from command_center.pages.addresses import readiness_page
from command_center.pages.context import PageContext
from command_center.pages.house import open_house
from command_center.pages.readiness import ReadinessPage
from command_center.pages.readiness_agency import AgencyReadiness
from command_center.refresh import refresh
from command_center.samples import SampleRun
from command_center.settings import Settings
from tests.samples.conftest import AS_OF


@pytest.fixture(scope="module")
def edition(sampled: tuple[Settings, SampleRun], tmp_path_factory: pytest.TempPathFactory) -> Edition:
    settings = sampled[0]
    (settings.root / "notebooks").mkdir(exist_ok=True)
    (settings.root / "voila_templates").mkdir(exist_ok=True)
    aside = Settings(settings.root, editions_override=Path(tmp_path_factory.mktemp("editions")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("command_center.refresh.run.pages_of_edition", lambda *_: [])
        return refresh(aside, AS_OF).edition


def shown(html: str, seeded: set[str]) -> Counter[str]:
    rows = LexborHTMLParser(html).css("table[data-faults=sample] tr[data-check]")
    counts = {one.attributes["data-check"]: int(one.css("td")[1].text().replace(".", "")) for one in rows}
    return Counter({check: count for check, count in counts.items() if check in seeded})


def test_the_page_of_all_agencies_counts_every_seeded_fault(
    sampled: tuple[Settings, SampleRun], edition: Edition
) -> None:
    settings, run = sampled
    seeded: Counter[str] = Counter()
    for told in run.seeded.values():
        seeded.update(told)
    house = open_house(settings, edition.catalog)
    html = str(ReadinessPage(PageContext(house, edition, readiness_page())).faults().html)
    assert shown(html, set(seeded)) == seeded
    assert "DATA CONTOH" in html


def test_the_page_of_each_agency_counts_its_own(
    sampled: tuple[Settings, SampleRun], edition: Edition
) -> None:
    settings, run = sampled
    kinds = {check for told in run.seeded.values() for check in told}
    by_agency: dict[str, Counter[str]] = {}
    register = Register(SubmissionFiles(settings, samples=True).register)
    for receipt, told in run.seeded.items():
        by_agency.setdefault(register.get(receipt).agency, Counter()).update(told)
    house = open_house(settings, edition.catalog)
    assert len(by_agency) > 5
    for agency, seeded in by_agency.items():
        page = AgencyReadiness(PageContext(house, edition, readiness_page(agency)), agency)
        assert shown(str(page.faults().html), kinds) == seeded, agency
