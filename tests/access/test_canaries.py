"""Every role before every route, region, agency and edition: exactly what the table says, and no canary that it forbids."""

import csv
import gzip
import io

import openpyxl
import pytest

from tests.access.canaries import PERSONAS, Persona
from tests.access.conftest import Guardhouse
from tests.house.builder import CODES

everybody = pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
INDICATORS = ("WAT1", "WAT2", "WAT3", "PWR1", "PWR2", "PWR3")
EDITIONS = ("latest", "older", "draft")


def place(guardhouse: Guardhouse, edition: str) -> str:
    return "" if edition == "latest" else f"/edisi/{guardhouse.editions[edition].id}"


def within(region: str) -> set[str]:
    return {code for code in CODES if code == region or code.startswith(f"{region}.")}


# --- downloads: indicator × region × edition, each in full -----------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
@everybody
def test_a_download_holds_exactly_what_may_be_seen(
    guardhouse: Guardhouse, persona: Persona, edition: str
) -> None:
    for indicator in INDICATORS:
        for region in CODES:
            path = f"{place(guardhouse, edition)}/unduh/{indicator}/{region}.csv"
            answer = guardhouse.get(persona, path)
            assert guardhouse.leaks(persona, answer) == set(), path
            wanted = {
                canary.number
                for canary in guardhouse.canaries[edition]
                if canary.indicator == indicator
                and canary.region in within(region)
                and persona.may_see(canary)
            }
            if edition == "draft" and not persona.opens_drafts:
                assert answer.status == 404, path
            elif not wanted:
                assert answer.status == 403, path
            else:
                assert answer.status == 200, path
                rows = csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""))
                assert {round(float(row["value"])) for row in rows} == wanted, path


@everybody
def test_a_workbook_holds_exactly_what_may_be_seen(guardhouse: Guardhouse, persona: Persona) -> None:
    for indicator in INDICATORS:
        for region in CODES:
            answer = guardhouse.get(persona, f"/unduh/{indicator}/{region}.xlsx")
            wanted = {
                canary.number
                for canary in guardhouse.canaries["latest"]
                if canary.indicator == indicator
                and canary.region in within(region)
                and persona.may_see(canary)
            }
            assert answer.status == (200 if wanted else 403), (indicator, region)
            if wanted:
                rows = (
                    openpyxl.load_workbook(io.BytesIO(answer.body))
                    .worksheets[0]
                    .iter_rows(min_row=6, values_only=True)
                )
                assert {round(row[8]) for row in rows} == wanted, (indicator, region)


@everybody
def test_a_notebook_is_given_of_exactly_the_figures_that_may_be_seen(
    guardhouse: Guardhouse, persona: Persona
) -> None:
    for indicator in INDICATORS:
        for region in CODES:
            for language in ("", "/en"):
                path = f"{language}/unduh/{indicator}/{region}.ipynb?periode=2024&metode=survey"
                answer = guardhouse.get(persona, path)
                assert guardhouse.leaks(persona, answer) == set(), path
                wanted = {
                    canary.number
                    for canary in guardhouse.canaries["latest"]
                    if (canary.indicator, canary.region, canary.period) == (indicator, region, "2024")
                    and persona.may_see(canary)
                }
                assert answer.status == (200 if wanted else 403), path
                if wanted:
                    assert f"EDITION_VALUE = {wanted.pop()}.0" in answer.body.decode("utf-8"), path


# --- pages ----------------------------------------------------------------------------------------------

PAGES = (
    "/",
    "/briefing/2026-11-24/",
    "/bidang/water/33.16/",
    "/bidang/water/33.16.15/",
    "/bidang/power/33.16/",
    "/wilayah/33.16/",
    "/wilayah/33.16.15/",
    "/wilayah/33.16.15.2001/",
    "/indikator/WAT1/33.16/",
    "/indikator/WAT2/33.16.15/",
    "/indikator/WAT3/33.16/",
    "/en/indikator/PWR2/33.16.16.2011/",
)


def newest_headlines(guardhouse: Guardhouse, edition: str, sector: str, region: str) -> list[object]:
    """The figures that the cards of a sector's page show: the latest of each indicator in the region."""
    return [
        canary
        for canary in guardhouse.canaries[edition]
        if (canary.sector, canary.region, canary.period) == (sector, region, "2024")
    ]


@pytest.mark.slow
@everybody
def test_no_page_holds_a_figure_that_may_not_be_seen(guardhouse: Guardhouse, persona: Persona) -> None:
    for path in PAGES:
        answer = guardhouse.get(persona, path)
        assert answer.status == 200, path
        assert guardhouse.leaks(persona, answer) == set(), path
        compressed = guardhouse.get(persona, path, Accept_Encoding="gzip")
        assert gzip.decompress(compressed.body) == answer.body, path
        parts = path.strip("/").split("/")
        if parts[0] == "bidang":
            found = guardhouse.finder.find(answer.text)
            for canary in newest_headlines(guardhouse, "latest", parts[1], parts[2]):
                assert (canary in found) == persona.may_see(canary), (path, canary)


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["older", "draft"])
@everybody
def test_no_page_of_another_edition_does_either(
    guardhouse: Guardhouse, persona: Persona, edition: str
) -> None:
    answer = guardhouse.get(persona, f"{place(guardhouse, edition)}/bidang/water/33.16.15/")
    assert guardhouse.leaks(persona, answer) == set()
    if edition == "draft" and not persona.opens_drafts:
        assert answer.status == 404
        return
    assert answer.status == 200
    found = guardhouse.finder.find(answer.text)
    for canary in newest_headlines(guardhouse, edition, "water", "33.16.15"):
        assert (canary in found) == persona.may_see(canary), canary


def test_what_is_hidden_is_said_to_be_hidden_and_not_to_be_missing(guardhouse: Guardhouse) -> None:
    public, head = PERSONAS[0], PERSONAS[1]
    page = guardhouse.get(public, "/bidang/water/33.16/").text
    assert "Untuk keperluan dinas" in page
    assert "Dikecualikan menurut UU 14/2008" in page
    assert "tidak terbuka untuk umum" in guardhouse.get(public, "/").text
    assert "tidak terbuka untuk umum" in guardhouse.get(public, "/briefing/2026-11-24/").text
    assert "Untuk keperluan dinas" not in guardhouse.get(head, "/bidang/water/33.16/").text


# --- everything else that answers ----------------------------------------------------------------------

OTHERS = (
    "/cari/?q=WAT3",
    "/cari/?q=air",
    "/en/cari/?q=water",
    "/edisi/",
    "/kirim/",
    "/kirim/daftar/",
    "/akun/",
    "/masuk/",
    "/api/kernels",
    "/nowhere/",
    "/unduh/WAT9/33.16.csv",
)


@everybody
def test_no_other_route_holds_a_forbidden_figure(guardhouse: Guardhouse, persona: Persona) -> None:
    for path in OTHERS:
        for method in ("GET", "HEAD"):
            answer = guardhouse.get(persona, path, method=method)
            assert guardhouse.leaks(persona, answer) == set(), path
            assert answer.status < 500, path


@everybody
def test_a_draft_is_listed_and_opened_for_those_who_make_editions_only(
    guardhouse: Guardhouse, persona: Persona
) -> None:
    draft = guardhouse.editions["draft"].id
    assert (draft in guardhouse.get(persona, "/edisi/").text) == persona.opens_drafts
    for path in ("cari/?q=air", "unduh/WAT1/33.16.csv"):
        status = guardhouse.get(persona, f"/edisi/{draft}/{path}").status
        assert status == (200 if persona.opens_drafts else 404), path


# --- which bytes, and how long they may be kept -----------------------------------------------------------


def test_the_publics_pages_are_those_of_publishing_and_others_share_them_where_they_see_no_more(
    guardhouse: Guardhouse,
) -> None:
    edition = guardhouse.editions["latest"]
    kept = gzip.decompress((edition.path / "pages/id/sector/water/33.16.html.gz").read_bytes())
    for persona in PERSONAS:
        body = guardhouse.get(persona, "/bidang/water/33.16/").body
        beyond = [
            one for one in guardhouse.canaries["latest"] if one.sector == "water" and one.access != "publik"
        ]
        if not any(persona.may_see(one) for one in beyond):
            assert body == kept, persona
        elif any(persona.may_see(one) for one in beyond if one.region == "33.16"):
            assert body != kept, persona


def test_the_two_common_views_are_made_at_publish(guardhouse: Guardhouse) -> None:
    files = guardhouse.editions["latest"].manifest["pages"]["files"]
    for view in ("internal", "semua"):
        made = {
            name.removeprefix(f"views/{view}/pages/") for name in files if name.startswith(f"views/{view}/")
        }
        # The state of the data holds no figure and is the same for every reader.
        with_figures = {name for name in files if not name.startswith(("views/", "id/readiness"))}
        assert made == with_figures


def test_views_of_one_kind_never_share_a_file(guardhouse: Guardhouse) -> None:
    path = "/bidang/water/33.16.15/"
    one, two = (guardhouse.get(persona, path) for persona in PERSONAS if persona.role == "camat")
    assert one.headers["etag"] != two.headers["etag"]


def test_what_is_not_for_everybody_stays_in_the_readers_own_browser(guardhouse: Guardhouse) -> None:
    public, head = PERSONAS[0], PERSONAS[1]
    older = f"{place(guardhouse, 'older')}/bidang/water/33.16.15/"
    for path in ("/bidang/water/33.16/", "/unduh/WAT1/33.16.csv", older):
        assert guardhouse.get(head, path).headers["cache-control"] == "private, no-cache", path
    assert guardhouse.get(public, "/bidang/water/33.16/").headers["cache-control"] == "no-cache"
    kept = guardhouse.get(public, older)
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "Cookie" in kept.headers["vary"]


def test_a_page_is_not_sent_again_and_not_to_somebody_else(guardhouse: Guardhouse) -> None:
    head, public = PERSONAS[1], PERSONAS[0]
    etag = guardhouse.get(head, "/").headers["etag"]
    assert not etag.startswith("W/")
    assert guardhouse.get(head, "/", If_None_Match=etag).status == 304
    assert guardhouse.get(public, "/", If_None_Match=etag).status == 200
