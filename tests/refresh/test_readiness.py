"""The state of the data in an edition: told when a file is held, and no figure changes by it (Must show 4 and 5)."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from selectolax.lexbor import LexborHTMLParser

from command_center.editions import Edition, open_edition
from command_center.ingest.refusals import IngestError
from command_center.ingest.submissions import Delivery, Door, open_intake
from command_center.pages.addresses import PageAddress, readiness_page
from command_center.pages.context import PageContext
from command_center.pages.house import open_house
from command_center.pages.readiness import ReadinessPage
from command_center.pages.readiness_agency import AgencyReadiness
from command_center.pages.readings import read
from command_center.quality import load_readiness_rules
from command_center.refresh import refresh
from command_center.refresh.readiness import unfit_places
from command_center.settings import Settings

DAY, NEXT_DAY = date(2026, 11, 24), date(2026, 11, 25)
AGENCY = "1.03.01"
pytestmark = pytest.mark.usefixtures("no_pages")
HEADER = "region_code,period,method,served_households,all_households,as_of,source"
FIGURES = ("measures", "sources", "coverage")


def row(region: str, served: str = "70", households: str = "100", source: str = "Survei") -> str:
    return f"{region},2025,survey,{served},{households},2025-12-31,{source}"


SOUND = tuple(row(code) for code in ("33.16.15.2001", "33.16.15.2007", "33.16.16.2007", "33.16.16.2011"))


def send(settings: Settings, content: bytes, day: date = DAY, sector: str = "water") -> str:
    """The state of the file after the door, or the code under which it was refused."""
    moment = datetime.combine(day, datetime.min.time().replace(hour=8), tzinfo=ZoneInfo("Asia/Jakarta"))
    door = Door(open_intake(settings), lambda: moment)
    sent = Delivery(content, "supply.csv", sector=sector, dataset="supply", agency=AGENCY, channel="command")
    try:
        return door.receive(sent).submission.state
    except IngestError as error:
        return error.code


def table(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


def context(settings: Settings, edition: Edition, address: PageAddress) -> PageContext:
    return PageContext(open_house(settings, edition.catalog), edition, address)


def counts_on(html: str) -> Counter[str]:
    """The counts of the page's table of faults in real files, by check."""
    rows = LexborHTMLParser(html).css("table[data-faults=real] tr[data-check]")
    return Counter({one.attributes["data-check"]: int(one.css("td")[1].text()) for one in rows})


BROKEN: dict[str, tuple[bytes, str]] = {
    "a negative figure": (table(*SOUND[:3], row("33.16.16.2011", "-5")), "checked"),
    "no table at all": (b"satu,dua\n1,2\n", "no_header"),
    "a file that is none": (b"%PDF-1.7,a\n1,2\n", "unknown_format"),
    "an empty file": (b"\n \n", "empty_file"),
}


@pytest.mark.parametrize(("content", "state"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_changes_no_byte_of_any_figure_and_is_told(
    fresh_house: Settings, content: bytes, state: str
) -> None:
    before = refresh(fresh_house, DAY).edition
    assert send(fresh_house, content) == state
    after = refresh(fresh_house, DAY).edition
    assert after.id != before.id, "an edition that tells of the file is another edition"
    for name in FIGURES:
        assert (after.path / f"{name}.parquet").read_bytes() == (
            before.path / f"{name}.parquet"
        ).read_bytes(), name
    told = after.submission_faults
    assert len(told) > 0 == len(before.submission_faults)
    assert set(told["state"]) == {"checked" if state == "checked" else "returned"}


def test_the_card_of_a_broken_file_keeps_its_last_good_figure_with_age_and_owner(
    fresh_house: Settings,
) -> None:
    before = refresh(fresh_house, DAY).edition
    send(fresh_house, BROKEN["a negative figure"][0])
    after = refresh(fresh_house, DAY).edition
    readings = []
    for edition in (before, after):
        shown = context(fresh_house, edition, PageAddress())
        sector, indicator = shown.house.catalog.indicator("WAT1")
        readings.append(read(shown, sector, indicator, "33.16"))
    old, new = readings
    assert (new.value, new.as_of, new.owner) == (old.value, old.as_of, "DPUPR")
    assert new.value == "60,0"
    assert "berkas terbaru" in new.held_note
    assert not old.held_note
    assert new.age_note or new.as_of


def test_a_broken_published_table_changes_no_other_sectors_bytes(fresh_house: Settings) -> None:
    before = refresh(fresh_house, DAY).edition
    (fresh_house.sectors_dir / "water" / "supply.csv").write_bytes(b"\xff\xfe\x00broken")
    after = refresh(fresh_house, DAY).edition
    for name in (*FIGURES, "readiness"):
        old, new = (getattr(edition, name) for edition in (before, after))
        assert old[old["sector"].eq("power")].to_csv() == new[new["sector"].eq("power")].to_csv(), name
    water = [edition.measures[edition.measures["sector"].eq("water")] for edition in (before, after)]
    assert water[0].drop(columns="status").to_csv() == water[1].drop(columns="status").to_csv()
    assert set(water[1]["status"]) == {"stale"}


def test_a_late_file_is_told_and_changes_no_figure(fresh_house: Settings) -> None:
    """Nothing came for 2025, which was due in March 2026: the figures of 2024 stand as they are."""
    early, late = (refresh(fresh_house, day).edition for day in (date(2026, 2, 1), date(2026, 11, 24)))
    due = [edition.readiness.query("sector == 'water' and is_due") for edition in (early, late)]
    assert [one["period"].max() for one in due] == ["2024", "2025"]
    newest = due[1].set_index("period").loc["2025"]
    assert (newest["rows"], newest["grade"], newest["missing_regions"].count(",") + 1) == (0, "red", 4)
    assert newest["late_days"] > 100
    figures = [edition.measures.drop(columns="status").to_csv() for edition in (early, late)]
    assert figures[0] == figures[1]


def test_a_file_that_did_not_come_changes_no_other_byte(fresh_house: Settings, tmp_path: Path) -> None:
    """Two houses, the same but for one agency's file: all else is the same, its card keeps the last good figure."""
    assert send(fresh_house, table(*SOUND), sector="power") == "accepted"
    other = Settings(tmp_path / "other")
    shutil.copytree(fresh_house.root, other.root)
    assert send(other, table(*SOUND)) == "accepted"
    late, complete = (refresh(house, DAY).edition for house in (fresh_house, other))
    for name in FIGURES:
        tables = [getattr(edition, name) for edition in (late, complete)]
        power = [one[one["sector"].eq("power")].to_csv(index=False) for one in tables]
        assert power[0] == power[1], name
    history = [
        edition.measures.query("sector == 'water' and period < '2025'").drop(columns="status").to_csv(index=False)
        for edition in (late, complete)
    ]  # fmt: skip
    assert history[0] == history[1]
    assert len(complete.measures) > len(late.measures)
    shown = context(fresh_house, late, PageAddress())
    sector, indicator = shown.house.catalog.indicator("WAT1")
    card = read(shown, sector, indicator, "33.16")
    assert (card.value, card.period, card.as_of, card.owner) == ("60,0", "2024", "2024", "DPUPR")


def test_a_file_that_comes_pays_the_debt_from_the_day_it_came(fresh_house: Settings) -> None:
    assert send(fresh_house, table(*SOUND)) == "accepted"
    edition = refresh(fresh_house, DAY).edition
    rows = edition.readiness.set_index(["sector", "period"])
    sent, missing = rows.loc[("water", "2025")], rows.loc[("power", "2025")]
    assert (sent["rows"], sent["supplied_on"].date(), sent["completeness"]) == (4, DAY, 100)
    assert (missing["rows"], missing["completeness"]) == (0, 0)
    assert sent["timeliness"] == 0, "due in March"


def test_rows_that_are_accepted_in_part_lower_the_score_and_print_grey(fresh_house: Settings) -> None:
    content = table(
        row("33.16.15.2001"), row("33.16.15.2001"), row("33.16.15.2007", "-5"), row("33.16.16.2007", "-6")
    )
    send(fresh_house, content)
    door = Door(open_intake(fresh_house))
    (waiting,) = door.intake.register.all(state="checked")
    door.accept(waiting.receipt, "walidata")
    edition = refresh(fresh_house, DAY).edition
    scores = edition.readiness.set_index(["sector", "period"]).loc[("water", "2025")]
    assert (scores["rows"], scores["apart_rows"], scores["repeated_rows"]) == (1, 3, 1)
    assert (scores["validity"], scores["uniqueness"], scores["grade"]) == (25, 75, "red")
    measures = edition.measures
    village = measures[measures["sector"].eq("water") & measures["region_code"].eq("33.16.15.2001")]
    assert village.set_index("period")["status"].to_dict() == {
        "2023": "critical",
        "2024": "watch",
        "2025": "stale",
    }
    shown = context(fresh_house, edition, PageAddress())
    sector, indicator = shown.house.catalog.indicator("WAT1")
    reading = read(shown, sector, indicator, "33.16.15.2001")
    assert reading.status == "stale"
    assert reading.score_note.startswith("skor data")
    assert "3 dari 4 wilayah belum ada" in reading.score_note


def test_each_kind_of_fault_is_counted_exactly_on_the_pages(fresh_house: Settings) -> None:
    content = table(
        row("33.16.15.2001", "-5"), row("33.16.15.2007", " 71 "), row("33.16.16.2007", "-6"),
        row("33.16.16.2007", "-6"), row("33.16.16.2011", "-"),
    )  # fmt: skip
    send(fresh_house, content)
    send(fresh_house, b"%PDF-1.7,a\n1,2\n", sector="power")
    edition = refresh(fresh_house, DAY).edition
    planted = {"negative": 3, "stray_space": 1, "missing_dash": 1, "unknown_format": 1}
    pages = (
        ReadinessPage(context(fresh_house, edition, readiness_page())).faults(),
        AgencyReadiness(context(fresh_house, edition, readiness_page(AGENCY)), AGENCY).faults(),
    )
    for page in pages:
        counted = counts_on(str(page.html))
        assert {check: counted[check] for check in planted} == planted


def test_a_trend_is_kept_over_the_editions(fresh_house: Settings) -> None:
    first = refresh(fresh_house, DAY).edition
    assert first.readiness_history["as_of"].nunique() == 1
    second = refresh(fresh_house, NEXT_DAY).edition
    assert second.readiness_history["as_of"].dt.date.unique().tolist() == [DAY, NEXT_DAY]
    pd.testing.assert_frame_equal(
        second.readiness_history[second.readiness_history["as_of"].dt.date.eq(DAY)].reset_index(drop=True),
        first.readiness_history,
    )


def test_an_edition_of_before_has_no_scores_and_still_opens(fresh_house: Settings) -> None:
    edition = refresh(fresh_house, DAY).edition
    for name in ("readiness", "submission_faults", "readiness_history"):
        (edition.path / f"{name}.parquet").unlink()
    old = Edition(edition.path)
    assert (len(old.readiness), len(old.submission_faults), len(old.readiness_history)) == (0, 0, 0)
    page = ReadinessPage(context(fresh_house, old, readiness_page()))
    for block in (page.top, page.overview, page.gaps, page.faults, page.bottom):
        block()


def test_the_same_pages_hold_no_receipt_and_escape_what_agencies_wrote(
    fresh_house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(fresh_house, table(row("<script>alert(1)</script>"), *SOUND))
    edition = refresh(fresh_house, DAY).edition
    (submission,) = open_intake(fresh_house).register.all()
    page = AgencyReadiness(context(fresh_house, edition, readiness_page(AGENCY)), AGENCY)
    blocks: list[Callable[[], object]] = [page.top, page.overview, page.gaps, page.faults, page.bottom]
    html = "".join(str(block().html) for block in blocks)  # type: ignore[attr-defined]
    assert submission.receipt not in html
    assert "alert(1)" not in html


def test_figures_whose_latest_data_score_too_low_are_named_by_indicator_and_region(
    fresh_house: Settings,
) -> None:
    """Signals of such a line ask about the data first."""
    refresh(fresh_house, DAY)
    edition = open_edition(fresh_house)
    rules = load_readiness_rules(fresh_house)

    def places(scores: pd.DataFrame) -> frozenset[tuple[str, str]]:
        sectors = edition.catalog.sectors
        return unfit_places(edition.measures, edition.sources, scores, sectors, rules)

    scores = edition.readiness
    sound = scores.assign(total=100.0)
    assert places(sound) == frozenset()
    newest = sound["dataset"].eq("supply") & sound["period"].eq(
        sound.loc[sound["dataset"].eq("supply") & sound["rows"].gt(0), "period"].max()
    )
    poor = places(sound.assign(total=sound["total"].mask(newest, 10.0)))
    of_dataset = {
        one.id for sector in edition.catalog.sectors for one in sector.indicators if "supply" in one.datasets
    }
    assert poor
    assert {indicator for indicator, _ in poor} <= of_dataset
    older = sound["dataset"].eq("supply") & ~newest
    assert places(sound.assign(total=sound["total"].mask(older, 10.0))) & poor == frozenset()
