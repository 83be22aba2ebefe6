"""The briefing of ten different days as it is kept: the PDF's own text has ten parts, the length, the edition's numbers."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from pypdf import PdfReader

from command_center.access import PUBLIK
from command_center.briefing import compose
from command_center.briefing.export import briefing_context, briefing_html, briefing_pdf, keep_briefing
from command_center.editions import Edition, open_edition
from command_center.indicators.changes import changes
from command_center.locale import Locale
from command_center.pages.alarms import alarms
from command_center.pages.house import open_house
from command_center.pages.readings import read
from command_center.refresh import refresh
from command_center.settings import Settings
from tests.conftest import REPOSITORY

DAYS = [date(2025, 10, 10), date(2025, 12, 1), date(2026, 1, 5), date(2026, 2, 27), date(2026, 3, 31),
        date(2026, 5, 4), date(2026, 6, 15), date(2026, 8, 17), date(2026, 9, 30), date(2026, 11, 24)]  # fmt: skip
HEADINGS = ["Keadaan data", "Tiga hal utama", "Perlu keputusan hari ini", "Peringatan baru dan selesai",
            "Bidang, satu baris masing-masing", "Surat", "Aduan dan media", "Janji yang jatuh tempo",
            "Catatan mutu data", "Agenda"]  # fmt: skip


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[date, tuple[Settings, Edition]]:
    """An edition of this house for each of the ten days, from what was known then."""
    settings = Settings(REPOSITORY, editions_override=tmp_path_factory.mktemp("ten"))
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("command_center.refresh.run.pages_of_edition", lambda *_: [])
        for day in DAYS:
            made[day] = (settings, refresh(settings, day).edition)
    return made


def pdf_text(content: bytes, path: Path) -> str:
    path.write_bytes(content)
    reader = PdfReader(path)
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "id"
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
    return re.sub(r"\s+", " ", reader.pages[0].extract_text())


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS)
def test_the_pdf_of_a_day_says_ten_parts_at_the_length_with_the_numbers_of_its_edition(
    editions: dict[date, tuple[Settings, Edition]], day: date, tmp_path: Path
) -> None:
    settings, edition = editions[day]
    context = briefing_context(open_house(settings), edition, day, "id", PUBLIK)
    briefing = compose(context, day)
    text = pdf_text(briefing_pdf(context, briefing), tmp_path / "b.pdf")
    places = [text.index(heading) for heading in HEADINGS]
    assert all(before < after for before, after in pairwise(places))
    assert 250 <= len(briefing.plain_text.split("\n", 1)[1].split()) <= 350
    said = re.sub(r"\s", "", text)
    for part in briefing.parts:
        for sentence in part.sentences:
            assert re.sub(r"\s", "", sentence.text) in said, sentence.text
    strip = text[places[4] : places[5]]
    for sector in context.house.catalog.sectors:
        reading = read(
            context, sector, sector.indicator(sector.page.headline), context.house.regions.root.code
        )
        if reading.has_value:
            assert re.sub(r"\s", "", reading.text) in re.sub(r"\s", "", strip), sector.slug
    for alarm in alarms(context)[:3]:
        value = Locale("id").number(float(str(alarm.row["value"])), 2)
        assert value.rstrip("0").rstrip(",") in text or value.split(",")[0] in text


def test_every_number_of_the_strip_is_one_of_the_measures(
    editions: dict[date, tuple[Settings, Edition]],
) -> None:
    settings, edition = editions[DAYS[-1]]
    context = briefing_context(open_house(settings), edition, DAYS[-1], "id", PUBLIK)
    locale, root = Locale("id"), context.house.regions.root.code
    lines = compose(context).parts[4].sentences
    for sector in context.house.catalog.sectors:
        indicator = sector.indicator(sector.page.headline)
        reading = read(context, sector, indicator, root)
        if not reading.has_value:
            continue
        (line,) = [one.text for one in lines if f"{reading.name} {reading.text}" in one.text]
        rows = edition.measures
        row = rows[
            rows["indicator"].eq(indicator.id)
            & rows["region_code"].eq(root)
            & rows["agency_code"].eq("")
            & rows["method"].eq(reading.method)
            & rows["period"].eq(reading.period_code)
        ]
        assert row["value"].tolist() == [reading.number]
        change = changes(edition.measures, indicator, root, reading.period_code, method=reading.method)
        before = change.on_previous or change.on_last_year
        if "↑" in line or "↓" in line:
            assert before is not None
            assert before.difference is not None
            assert ("↑" in line) == (before.difference > 0)
            assert locale.period(before.base_period) in line


@pytest.mark.slow
def test_all_four_files_are_kept_per_date_and_say_the_same(
    editions: dict[date, tuple[Settings, Edition]], tmp_path: Path
) -> None:
    settings, edition = editions[DAYS[-1]]
    house = open_house(settings)
    files = keep_briefing(house, edition, DAYS[-1], view=PUBLIK, root=tmp_path)
    assert files.folder == tmp_path / "2026-11-24"
    assert sorted(path.suffix for path in files.folder.iterdir()) == [".html", ".ipynb", ".pdf", ".txt"]
    text, html = files.text.read_text(), files.html.read_text()
    notebook = nbformat.read(files.notebook, as_version=4)
    shown = "".join(
        output["data"].get("text/html", "") for cell in notebook.cells for output in cell.get("outputs", ())
    )
    context = briefing_context(house, edition, DAYS[-1], "id", PUBLIK)
    for part in compose(context).parts:
        for sentence in part.sentences:
            escaped = sentence.text.replace("&", "&amp;")
            assert sentence.text in text
            assert escaped in html
            assert escaped in shown
    english = keep_briefing(house, edition, DAYS[-1], language="en", view=PUBLIK, root=tmp_path)
    assert "Three main things".upper() in english.text.read_text()


def test_the_html_asks_for_nothing_outside_itself_and_escapes_what_agencies_wrote(
    published_house: Settings,
) -> None:
    edition = open_edition(published_house)
    context = briefing_context(open_house(published_house), edition, DAYS[-1], "id", PUBLIK)
    briefing = compose(context, trouble=("<script>alert(1)</script> #panic() `x` $1$",))
    html = briefing_html(context, briefing)
    assert not re.search(r"<(script|img|link|iframe)\b|url\(|@import", html)
    assert "&lt;script&gt;" in html
    assert briefing_pdf(context, briefing).startswith(b"%PDF")
