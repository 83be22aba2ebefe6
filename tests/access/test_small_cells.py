"""Small cells over HTTP: canaries that are too small for the public, in every kind of page and download.

The house is that of the canaries, all of it public; one village of one indicator lies below the number, and its
neighbour is hidden with it. What is hidden is written out by hand.
"""

import csv
import gzip
import io
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import ipywidgets
import openpyxl
import pandas as pd
import pytest

from command_center.access import PUBLIK
from command_center.editions import Edition, list_editions
from command_center.identity import AuditLog
from command_center.pages.blocks import Block
from command_center.pages.home import open_home
from command_center.pages.indicator import open_indicator
from command_center.pages.panel import Panel
from command_center.pages.problem import open_problem
from command_center.pages.region import open_region
from command_center.pages.sector import open_sector
from command_center.refresh import refresh
from command_center.serving.downloads import measures_csv
from command_center.settings import Settings
from tests.access.canaries import PERSONAS, Canary, Finder, Persona, build_canaries, canaries
from tests.access.conftest import open_sessions
from tests.conftest import DAY
from tests.house.builder import CODES
from tests.serving.conftest import Answer, Site, start, stop, wait

BELOW = 9_300_000
HIDDEN_PLACES = ("33.16.15.2001", "33.16.15.2007")
WORDS = "isembunyikan, jumlah kecil"
DOWNLOADS = ("csv", "xlsx", "ipynb")

PAGES = (
    "/",
    "/en/",
    f"/briefing/{DAY}/",
    "/bidang/water/33.16/",
    "/bidang/water/33.16.15/",
    "/bidang/water/33.16.15.2001/",
    "/wilayah/33.16.15/",
    "/wilayah/33.16.15.2001/",
    "/indikator/WAT1/33.16/",
    "/indikator/WAT1/33.16.15/",
    "/indikator/WAT1/33.16.15.2001/",
    "/en/indikator/WAT1/33.16.15.2007/",
    "/masalah/many-WAT1-33.16/",
    "/masalah/many-WAT1-33.16.15/",
    "/cari/?q=WAT1",
    "/cari/?q=2001",
    "/unduh/WAT1/33.16.csv",
    "/unduh/WAT1/33.16.15.csv",
    "/unduh/WAT1/33.16.15.2001.csv",
    "/unduh/WAT2/33.16.15.2001.ipynb",
)

# Every figure of the indicator is an alarm: whatever may be told of alarms is told of all of them.
RULES = """
rules:
  - id: many
    number: 90
    name: {id: Banyak, en: Many}
    provenance: proposal
    source: {id: uji, en: test}
    levels: [kab, kec, desa]
    watches:
      - {indicators: [WAT1], condition: {kind: limit, above: 1.0}, periods: 1}
    owner: 1.03.01
    evidence: {id: uji, en: test}
    rivals: [{id: lain, en: other}]
    options: [{id: periksa, en: look}]
    consequence: {people: 3, rupiah: 0, law: 0}
"""

everybody = pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)


def is_small(canary: Canary) -> bool:
    return canary.indicator == "WAT1" and canary.region in HIDDEN_PLACES


def has_mandate(persona: Persona, canary: Canary) -> bool:
    """The table by hand: officials, the assistant of the sector, the agency that answers, the region's own head."""
    match persona.role:
        case "pimpinan" | "walidata" | "analis":
            return True
        case "asisten":
            return "water" in persona.scope
        case "opd":
            return persona.scope == ("1.03.01",)
        case "camat" | "kepala_desa":
            return f"{canary.region}.".startswith(f"{persona.scope[0]}.")
    return False


@dataclass(frozen=True)
class SmallHouse:
    """The server, its edition, every canary, and the cookie of every persona."""

    site: Site
    edition: Edition
    known: list[Canary]
    cookies: dict[Persona, str]

    def get(self, persona: Persona, path: str) -> Answer:
        cookie = self.cookies[persona]
        return self.site.get(path, **({"Cookie": cookie} if cookie else {}))

    def small_in(self, text: str) -> set[Canary]:
        """The hidden canaries in a text."""
        return {one for one in Finder(self.known).find(text) if is_small(one)}


def declare(settings: Settings) -> None:
    for slug in ("water", "power"):
        path = settings.sectors_dir / slug / "sector.yml"
        text = re.sub(r"access: (internal|dikecualikan)", "access: publik", path.read_text(encoding="utf-8"))
        if slug == "water":
            text = text.replace(
                "access: publik\n", f"access: publik\n    small_cells: {{below: {BELOW}}}\n", 1
            )
        path.write_text(text, encoding="utf-8")
    (settings.sectors_dir / "water" / "rules.yml").write_text(RULES, encoding="utf-8")


@pytest.fixture(scope="session")
def small_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    """The house of small cells, served."""
    folder = tmp_path_factory.mktemp("small")
    settings = build_canaries(folder / "house")
    declare(settings)
    result = refresh(settings, DAY)
    assert (result.failures, result.failed_pages) == ((), ())
    (edition,) = list_editions(settings)
    cookies = open_sessions(settings)
    site = start(settings, folder / "serve.log")
    try:
        wait(site)
        yield SmallHouse(site, edition, canaries(edition), cookies)
    finally:
        stop(site)


def test_the_small_village_and_its_neighbour_are_hidden_and_nothing_else(small_house: SmallHouse) -> None:
    figures = small_house.edition.figures
    hidden = figures[figures["suppressed"]]
    assert set(hidden["indicator"]) == {"WAT1"}
    assert set(hidden["region_code"]) == set(HIDDEN_PLACES)
    assert hidden["numerator"].lt(BELOW).any()
    assert hidden["numerator"].ge(BELOW).any()


@pytest.mark.slow
@everybody
def test_no_answer_holds_a_small_cell_without_a_mandate(small_house: SmallHouse, persona: Persona) -> None:
    for path in PAGES:
        answer = small_house.get(persona, path)
        assert answer.status == 200, path
        found = small_house.small_in(f"{answer.headers}\n{answer.text}")
        assert {one for one in found if not has_mandate(persona, one)} == set(), path


def test_a_village_with_a_small_cell_has_no_signal_and_its_neighbours_have(small_house: SmallHouse) -> None:
    """Neither the tables on disk nor a page know of it: not even that there is something to tell."""
    edition = small_house.edition
    raised = set(edition.signals.loc[edition.signals["rule"].eq("many"), "region_code"])
    shown = {one.region for one in small_house.known if one.indicator == "WAT1" and not is_small(one)}
    assert raised == shown - set(HIDDEN_PLACES)
    assert not set(edition.variation.loc[edition.variation["indicator"].eq("WAT1"), "region_code"]) & set(
        HIDDEN_PLACES
    )
    for place in HIDDEN_PLACES:
        assert small_house.get(PERSONAS[0], f"/masalah/many-WAT1-{place}/").status == 404


@everybody
def test_a_download_holds_the_small_cells_of_a_mandate_and_says_of_the_others_that_they_are_hidden(
    small_house: SmallHouse, persona: Persona
) -> None:
    answer = small_house.get(persona, "/unduh/WAT1/33.16.csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))
    for canary in small_house.known:
        if canary.indicator != "WAT1":
            continue
        (row,) = [r for r in rows if (r["region_code"], r["period"]) == (canary.region, canary.period)]
        if is_small(canary) and not has_mandate(persona, canary):
            assert [row[name] for name in ("numerator", "denominator", "value", "n")] == [""] * 4
            assert WORDS in row["remark"]
        else:
            assert round(float(row["value"])) == canary.number
            assert row["remark"] == ""


@everybody
def test_a_workbook_holds_the_small_cells_of_a_mandate_and_says_of_the_others_that_they_are_hidden(
    small_house: SmallHouse, persona: Persona
) -> None:
    answer = small_house.get(persona, "/unduh/WAT1/33.16.xlsx")
    sheets = openpyxl.load_workbook(io.BytesIO(answer.body)).worksheets
    everything = "\n".join(str(cell) for sheet in sheets for row in sheet.values for cell in row)
    assert {one for one in small_house.small_in(everything) if not has_mandate(persona, one)} == set()
    rows = {(row[1], row[4]): row for row in sheets[0].iter_rows(min_row=6, values_only=True)}
    for canary in small_house.known:
        if canary.indicator != "WAT1":
            continue
        row = rows[canary.region, canary.period]
        if is_small(canary) and not has_mandate(persona, canary):
            assert (row[6], row[7], row[8], row[10]) == (None,) * 4
            assert WORDS in row[12]
        else:
            assert round(row[8]) == canary.number


@everybody
def test_only_a_mandate_opens_a_notebook_whose_rows_count_few(
    small_house: SmallHouse, persona: Persona
) -> None:
    """Every figure of the indicator, not only the hidden ones: the rows behind it would tell those too."""
    some = next(one for one in small_house.known if one.indicator == "WAT1")
    for region in ("33.16", "33.16.15", "33.16.15.2001", "33.16.16.2011"):
        path = f"/unduh/WAT1/{region}.ipynb"
        answer, english = (small_house.get(persona, f"{prefix}{path}") for prefix in ("", "/en"))
        if has_mandate(persona, replace(some, region=region)):
            assert (answer.status, english.status) == (200, 200), path
            continue
        assert (answer.status, english.status) == (403, 403), path
        assert "tidak dibuka untuk umum" in answer.text
        assert "are not for the public" in english.text
        assert small_house.small_in(answer.text) == set()
    assert small_house.get(persona, "/unduh/WAT2/33.16.15.2001.ipynb").status == 200


def test_pages_of_the_public_lead_to_no_notebook_that_is_refused(small_house: SmallHouse) -> None:
    publik, walidata = (next(one for one in PERSONAS if one.role == role) for role in ("publik", "walidata"))
    for path in ("/bidang/water/33.16/", "/indikator/WAT1/33.16/", "/indikator/WAT1/33.16.15.2001/"):
        assert "unduh/WAT1/33.16" in small_house.get(publik, path).text
        assert not re.search(r"unduh/WAT1/[\d.]+\.ipynb", small_house.get(publik, path).text), path
        assert re.search(r"unduh/WAT1/[\d.]+\.ipynb", small_house.get(walidata, path).text), path
    assert re.search(r"unduh/WAT2/[\d.]+\.ipynb", small_house.get(publik, "/bidang/water/33.16/").text)


@pytest.mark.slow
@everybody
def test_a_card_shows_the_number_or_the_words_never_an_older_figure(
    small_house: SmallHouse, persona: Persona
) -> None:
    for region in HIDDEN_PLACES:
        latest = [one for one in small_house.known if is_small(one) and one.region == region]
        newest = max(latest, key=lambda one: one.period)
        text = small_house.get(persona, f"/bidang/water/{region}/").text
        assert (newest in small_house.small_in(text)) == has_mandate(persona, newest)
        assert (WORDS in text) == any(
            not has_mandate(persona, one) for one in small_house.known if is_small(one)
        )


def test_a_live_page_keeps_them_too(small_house: SmallHouse) -> None:
    answer = small_house.get(PERSONAS[0], "/indikator/WAT1/33.16.15.2001/?live=1")
    assert answer.status == 200
    assert WORDS in answer.text
    assert small_house.small_in(answer.text) == set()


def test_no_finished_page_of_the_public_holds_one(small_house: SmallHouse) -> None:
    pages = list((small_house.edition.path / "pages").rglob("*.gz"))
    assert pages
    for page in pages:
        assert small_house.small_in(gzip.decompress(page.read_bytes()).decode("utf-8")) == set(), page.name


def test_whoever_sees_small_cells_is_noted_and_nobody_else(small_house: SmallHouse) -> None:
    for persona in PERSONAS:
        for ending in DOWNLOADS:
            small_house.get(persona, f"/unduh/WAT1/33.16.15.{ending}")
    settings = small_house.site.settings
    log = AuditLog(settings.data_dir / "registers" / "audit.sqlite")
    objects = {f"/unduh/WAT1/33.16.15.{ending}" for ending in DOWNLOADS}
    roles = {
        persona.role
        for persona in PERSONAS
        if any(is_small(one) and has_mandate(persona, one) for one in small_house.known)
    }
    wanted = {(role, name) for role in roles for name in objects}
    # The head of a village has no mandate for the figure of the sub-district, so gets no notebook of it.
    wanted.discard(("kepala_desa", "/unduh/WAT1/33.16.15.ipynb"))
    deadline = time.monotonic() + 10
    noted: set[tuple[str, str]] = set()
    while noted != wanted and time.monotonic() < deadline:
        time.sleep(0.2)
        noted = {
            (one.role, one.object)
            for one in log.entries()
            if one.action == "small_cells" and one.object in objects
        }
    assert noted == wanted
    assert "publik" not in {role for role, _ in noted}


# --- no byte of it ------------------------------------------------------------------------------------


def public_html(settings: Settings, edition: str) -> list[str]:
    home, region = open_home(edition=edition), open_region("33.16.15.2001", edition=edition)
    parts: list[Block | Panel] = [home.attention(), home.tiles(), region.overview(), region.bottom()]
    parts += [
        open_problem(alarm, edition=edition).body() for alarm in ("many-WAT1-33.16", "many-WAT1-33.16.15")
    ]
    for place in ("33.16", "33.16.15", *HIDDEN_PLACES):
        sector = open_sector("water", place, edition=edition)
        indicator = open_indicator("WAT1", place, edition=edition)
        parts += [sector.cards(), sector.explorer(), sector.awaited(), sector.sources()]
        parts += [indicator.explorer(), indicator.table(), indicator.sources()]
    (edition_read,) = [one for one in list_editions(settings) if one.id == edition]
    download = measures_csv(edition_read.seen_by(PUBLIK), "WAT1", list(CODES))
    return [*(_html(part) for part in parts), download.decode("utf-8-sig")]


def _html(part: Block | Panel) -> str:
    if isinstance(part, Block):
        return str(part.html)
    (words,) = [child.value for child in part.children if isinstance(child, ipywidgets.HTML)]
    return str(words)


def test_other_numbers_in_the_small_cells_change_no_byte_of_a_public_page(
    small_house: SmallHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "house"
    shutil.copytree(small_house.site.settings.root, root, symlinks=True)
    settings = Settings(root)
    for name, value in settings.environment.items():
        monkeypatch.setenv(name, value)
    path = settings.editions_dir / small_house.edition.id / "measures.parquet"
    before = public_html(settings, small_house.edition.id)
    measures = pd.read_parquet(path)
    other = measures["suppressed"]
    for name in ("numerator", "value"):
        measures.loc[other, name] = measures.loc[other, name] / 3 - 17
    measures.loc[other, "status"] = "critical"
    measures.to_parquet(path, index=False)
    after = public_html(settings, small_house.edition.id)
    assert after == before
    assert any(WORDS in html for html in before)
    # The test can see a change: with a shown number it does.
    measures.loc[measures["indicator"].eq("WAT1") & ~other, "value"] += 1
    measures.to_parquet(path, index=False)
    assert public_html(settings, small_house.edition.id) != before
    assert Edition(path.parent, view=PUBLIK).measures["suppressed"].sum() == other.sum()
