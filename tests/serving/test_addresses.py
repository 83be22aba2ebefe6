"""One address, one page; an address that names nothing is a 404 in the reader's words, and nothing else is served."""

import gzip
import re
import shutil
from datetime import date

import pytest

from command_center.editions import list_editions, open_edition
from command_center.pages.addresses import PageAddress
from command_center.refresh import refresh
from command_center.serving.responses import other_language
from tests.house.builder import add_sector
from tests.serving.conftest import Site

INSIDE = re.compile(r"Traceback|site-packages|\w\.py\b|command_center\.|\w+Error\b|File &")


def inside(text: str, site: Site) -> list[str]:
    """What a page tells of the inside: paths, tracebacks, modules; an empty list where it is plain."""
    shown = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    return INSIDE.findall(shown) + [path for path in (str(site.settings.root),) if path in shown]


# --- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "Pusat Kendali"),
        ("/bidang/water/33.16/", "Air"),
        ("/bidang/water/33.16.15/", "Kecamatan Bogorejo"),
        ("/wilayah/33.16.15/", "Kecamatan Bogorejo"),
        ("/indikator/WAT1/33.16/", "Cakupan Air"),
        ("/briefing/2026-11-24/", "24 November 2026"),
    ],
)
def test_a_finished_page_is_sent_with_its_bytes(site: Site, path: str, title: str) -> None:
    kept = open_edition(site.settings).page(PageAddress.parse(path, root_region="33.16").file)
    assert kept is not None
    compressed = site.get(path, Accept_Encoding="gzip")
    assert compressed.status == 200
    assert compressed.headers["content-encoding"] == "gzip"
    assert compressed.body == kept
    plain = site.get(path)
    assert "content-encoding" not in plain.headers
    assert plain.body == gzip.decompress(kept)
    assert title in plain.text
    assert plain.headers["content-type"] == "text/html; charset=utf-8"
    assert plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/bidang/water/33.16/", "/edisi/", "/cari/?q=air", "/unduh/WAT1/33.16.csv"])
def test_head_answers_as_get_without_a_body(site: Site, path: str) -> None:
    got, head = site.get(path), site.get(path, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.body))
    assert head.headers["content-type"] == got.headers["content-type"]


def test_head_of_a_live_page_starts_no_kernel(site: Site) -> None:
    assert site.get("/bidang/water/33.16/?live=1", method="HEAD", timeout=3).status == 200


def test_a_page_the_reader_has_already_is_not_sent_again(site: Site) -> None:
    first = site.get("/")
    again = site.get("/", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert site.get("/", If_None_Match='"something else"').status == 200


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ("/bidang/water", "/bidang/water/33.16/"),
        ("/bidang/water/", "/bidang/water/33.16/"),
        ("/wilayah/", "/wilayah/33.16/"),
        ("/indikator/WAT1/", "/indikator/WAT1/33.16/"),
        ("/bidang/water/33.16?period=2024", "/bidang/water/33.16/?period=2024"),
    ],
)
def test_a_shorter_address_leads_to_the_whole_one(site: Site, path: str, whole: str) -> None:
    answer = site.get(path)
    assert answer.status in (301, 302)
    assert answer.headers["location"] == whole


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "//evil.example/bidang/water", "/\\evil.example/", "/bidang/water//evil.example"],
)
def test_no_redirect_leads_to_another_host(site: Site, path: str) -> None:
    location = site.get(path).headers.get("location", "")
    assert location.startswith("/") or location == ""
    assert not location.startswith(("//", "/\\"))


# --- what is not there -----------------------------------------------------------------------------

NOWHERE = [
    "/nowhere/",
    "/bidang/",
    "/bidang/watter/33.16/",
    "/bidang/water/33.16.99/",
    "/bidang/water/99.99/",
    "/bidang/water/3316/",
    "/bidang/water/33.16/more/",
    "/wilayah/33.16.15.9999/",
    "/indikator/WAT9/33.16/",
    "/indikator/wat1/33.16/",
    "/briefing/yesterday/",
    "/briefing/2026-02-31/",
    "/briefing/2026-11-20/",
    "/edisi/2020-01-01-000000000000/",
    "/edisi/latest/",
    "/edisi/building/",
    "/edisi/drafts/",
    "/unduh/WAT9/33.16.csv",
    "/unduh/WAT1/33.99.csv",
    "/unduh/WAT1/33.16.xlsx",
    "/edisi/2020-01-01-000000000000/unduh/WAT1/33.16.csv",
    "/assets/nothing.ttf",
    "/assets/../../etc/passwd",
]


@pytest.mark.parametrize("path", NOWHERE)
def test_an_address_that_names_nothing_is_a_404_in_plain_words(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status == 404
    assert inside(answer.text, site) == []


def test_a_404_is_said_in_the_language_of_the_address(site: Site) -> None:
    assert "Halaman ini tidak ada" in site.get("/bidang/watter/33.16/").text
    assert "This page does not exist" in site.get("/en/bidang/watter/33.16/").text


TRAVERSAL = [
    "/../../etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/bidang/../../etc/passwd",
    "/bidang/water/../../../data/reference/regions.csv",
    "/edisi/../../reference/",
    "/edisi/..%2f..%2freference/",
    "/edisi/%2e%2e/",
    "/unduh/../../data/reference/regions.csv",
    "/unduh/WAT1/..%2f..%2fregions.csv",
    "/data/reference/regions.csv",
    "/data/editions/latest/measures.parquet",
    "/sectors/water/sector.yml",
    "/sectors/water/dashboard.ipynb",
    "/notebooks/home.ipynb",
    "/.git/config",
    "/voila/files/data/reference/regions.csv",
    "/voila/files/notebooks/home.ipynb",
    "/voila/files/../sectors/water/sector.yml",
    "/voila/render/notebooks/home.ipynb",
    "/voila/render/sectors/water/dashboard.ipynb",
    "/voila/tree",
    "/voila/tree/sectors",
    "/tree",
    "/lab",
    "/api/contents",
    "/api/contents/notebooks/home.ipynb",
    "/voila/api/contents",
    "/files/notebooks/home.ipynb",
    "/edit/sectors/water/sector.yml",
    "/terminals/1",
    "/voila/static/../../../etc/passwd",
    "/voila/templates/command_center/static/../../../../sectors/water/sector.yml",
    "/static/../../../etc/passwd",
]
SECRETS = (b"root:", b"bps_code", b"served_households", b'"cells"', b"page.top()", b"PAR1", b"[core]")


@pytest.mark.parametrize("path", TRAVERSAL)
def test_no_file_of_the_house_or_the_machine_is_served(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status >= 300, answer.text[:300]
    assert not any(secret in answer.body for secret in SECRETS)
    assert inside(answer.text, site) == []


@pytest.mark.parametrize(
    "path", ["/api/kernels", "/api/sessions", "/api/terminals", "/api/kernelspecs", "/api"]
)
def test_what_runs_in_the_server_is_not_listed(site: Site, path: str) -> None:
    assert site.get(path).status in (403, 404, 405)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(site: Site, method: str) -> None:
    for path in ("/", "/bidang/water/33.16/", "/api/contents/x", "/api/kernels", "/unduh/WAT1/33.16.csv"):
        answer = site.get(path, method=method)
        assert answer.status in (403, 404, 405), (path, answer.status)
        assert inside(answer.text, site) == [], path


@pytest.mark.parametrize("path", ["/favicon.ico", "/assets/" + "PlusJakartaSans[wght].ttf"])
def test_the_small_files_of_a_page_are_served_or_absent_without_a_fuss(site: Site, path: str) -> None:
    assert site.get(path).status in (200, 404)


def test_every_file_of_ours_that_a_page_names_is_served(site: Site) -> None:
    page = site.get("/").text
    named = set(re.findall(r"""(?:href|src)="([^"#?]+\.(?:js|css|svg|ico|png|ttf))""", page))
    named |= set(re.findall(r"""url\(["']?([^"')]+)""", page))
    assert named
    for path in named:
        if not path.startswith(("data:", "#")):
            assert site.get(path if path.startswith("/") else f"/{path}").status == 200, path


# --- editions --------------------------------------------------------------------------------------


def test_a_draft_is_invisible_at_every_address(site: Site) -> None:
    (draft,) = [edition.id for edition in list_editions(site.settings) if edition.is_draft]
    for path in (
        f"/edisi/{draft}/",
        f"/edisi/{draft}/bidang/water/33.16/",
        f"/edisi/{draft}/unduh/WAT1/33.16.csv",
        f"/edisi/{draft}/cari/?q=air",
        f"/edisi/drafts/{draft}/",
    ):
        assert site.get(path).status == 404, path
    assert draft not in site.get("/edisi/").text


def test_an_older_edition_is_read_at_its_own_address(site: Site) -> None:
    newest, oldest = [edition.id for edition in list_editions(site.settings, drafts=False)]
    listed = site.get("/edisi/").text
    assert listed.index(newest) < listed.index(oldest)
    page = site.get(f"/edisi/{oldest}/bidang/water/33.16/")
    assert page.status == 200
    assert oldest in page.text
    assert newest not in page.text


def test_the_csv_of_an_edition_names_that_edition(site: Site) -> None:
    oldest = list_editions(site.settings, drafts=False)[-1].id
    answer = site.get(f"/edisi/{oldest}/unduh/WAT1/33.16.15.csv")
    assert oldest in answer.headers["content-disposition"]
    assert all(line.startswith(oldest) for line in answer.body.decode("utf-8-sig").splitlines()[1:])


def test_a_new_edition_is_served_without_a_restart_new_sector_included(
    own_site: Site, no_pages: None
) -> None:
    assert own_site.get("/bidang/wind/33.16/").status == 404
    add_sector(own_site.settings.root, "wind", 3, "Angin", "Wind", "WND1")
    edition = refresh(own_site.settings, date(2026, 11, 25)).edition
    page = own_site.get("/bidang/wind/33.16/")
    assert page.status == 200
    assert edition.id in page.text
    assert "Angin" in own_site.get("/cari/?q=angin").text


def test_an_older_edition_keeps_its_own_sectors(own_site: Site, no_pages: None) -> None:
    old = open_edition(own_site.settings).id
    saved = own_site.settings.root.parent / "water"
    shutil.move(own_site.settings.sectors_dir / "water", saved)
    refresh(own_site.settings, date(2026, 11, 25))
    assert own_site.get("/bidang/water/33.16/").status == 404
    assert own_site.get(f"/edisi/{old}/bidang/water/33.16/").status == 200
    assert own_site.get(f"/edisi/{old}/unduh/WAT1/33.16.csv").status == 200


def test_before_the_first_edition_readers_are_told_so(own_site: Site) -> None:
    shutil.rmtree(own_site.settings.editions_dir)
    for path in ("/", "/bidang/water/33.16/", "/cari/?q=air", "/unduh/WAT1/33.16.csv"):
        answer = own_site.get(path)
        assert answer.status == 503, path
        assert inside(answer.text, own_site) == [], path
    assert own_site.get("/edisi/").status == 200


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/tidak/ada/", "/en/tidak/ada/"),
        ("/en/tidak/ada/", "/tidak/ada/"),
        ("/edisi/2026-11-24-0123456789ab/x/", "/edisi/2026-11-24-0123456789ab/en/x/"),
        ("//evil.example/", "/en/evil.example/"),
        ("/en//evil.example/", "/evil.example/"),
    ],
)
def test_the_other_language_is_one_click_away_and_on_this_server(path: str, other: str) -> None:
    there = other_language(path)
    assert there == other
    assert not there.startswith("//")


def test_a_page_that_does_not_exist_leads_to_itself_in_the_other_language(site: Site) -> None:
    assert 'href="/en/tidak/ada/"' in site.get("/tidak/ada/").text
