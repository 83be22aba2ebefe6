"""Sending a file over the web: the same door, a receipt, plain refusals, nothing left in temporary folders."""

import http.client
import io
import json
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import openpyxl
import pytest

from tests.ingest.submissions.conftest import AGENCY, ROWS, table
from tests.serving.conftest import Site


@pytest.fixture
def sent_in(site: Site) -> Iterator[Path]:
    """The temporary folder of the server, which must be as it was in the end."""
    folder = Path(tempfile.gettempdir())
    before = set(folder.glob("command-center-upload-*"))
    yield folder
    deadline = time.monotonic() + 10  # the server lets go after it has answered
    while set(folder.glob("command-center-upload-*")) - before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert set(folder.glob("command-center-upload-*")) <= before


def token(site: Site) -> tuple[str, str]:
    """The token of the form and the cookie that goes with it."""
    answer = site.get("/kirim/")
    assert answer.status == 200
    found = re.search(r'data-xsrf="([^"]+)"', answer.text)
    assert found is not None
    return found.group(1), answer.headers["set-cookie"].split(";")[0]


def send(
    site: Site, content: bytes, name: str, *, with_token: bool = True, **query: str
) -> tuple[int, dict[str, str]]:
    """POST a file as the page does; the status and the JSON."""
    xsrf, cookie = token(site)
    arguments = urlencode({"dataset": "water.supply", "agency": AGENCY, "period": "", **query})
    headers = {"X-File-Name": quote(name), "Cookie": cookie, "Content-Type": "application/octet-stream"}
    if with_token:
        headers["X-XSRFToken"] = xsrf
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    try:
        connection.request("POST", f"/kirim/?{arguments}", content, headers)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    return answer.status, json.loads(body) if answer.headers["Content-Type"].startswith(
        "application/json"
    ) else {}


def test_the_form_names_every_dataset_and_agency_in_both_languages(site: Site) -> None:
    indonesian, english = site.get("/kirim/").text, site.get("/en/kirim/").text
    for page in (indonesian, english):
        assert 'value="water.supply"' in page
        assert 'value="power.supply"' in page
        assert f'value="{AGENCY}"' in page
    assert "Kirim data" in indonesian
    assert "Send data" in english


@pytest.mark.usefixtures("sent_in")
def test_a_clean_file_is_accepted_and_its_receipt_says_so(site: Site) -> None:
    status, said = send(site, table(*ROWS), "layanan 2025.csv")
    assert status == 200
    page = site.get(said["link"])
    assert page.status == 200
    assert "Disetujui" in page.text
    assert "layanan 2025.csv" in page.text
    listed = site.get("/kirim/daftar/").text
    assert "Disetujui" in listed
    again, refused = send(site, table(*ROWS), "lagi.csv")
    assert again == 422
    assert "sudah pernah diterima" in refused["error"]


@pytest.mark.usefixtures("sent_in")
def test_a_faulty_file_waits_and_its_receipt_shows_the_places_masked_and_escaped(site: Site) -> None:
    note = "<script>alert(1)</script>"
    rows = (*ROWS[:3], f"33.16.16.2011,2025,survey,{note},100,2025-12-31,NIK 9999999999999999")
    status, said = send(site, table(*rows), "layanan.csv", dataset="power.supply")
    assert status == 200
    page = site.get(said["link"]).text
    assert "Menunggu keputusan" in page
    assert "D5" in page
    assert note not in page
    assert "&lt;script&gt;" in page
    assert "9999999999999999" not in page
    link = re.search(r'href="(/kirim/[\w-]+\.xlsx)"', page)
    assert link is not None
    marked = site.get(link.group(1))
    assert marked.status == 200
    sheet = openpyxl.load_workbook(io.BytesIO(marked.body))["layanan"]
    assert sheet["D5"].comment is not None
    assert "9999999999999999" not in str(sheet["G5"].value)


@pytest.mark.usefixtures("sent_in")
def test_what_cannot_be_taken_in_gets_a_receipt_that_says_why_and_what_to_do(site: Site) -> None:
    status, said = send(site, b"PK\x03\x04 no workbook", "../../rusak.xlsx")
    assert status == 200
    page = site.get(said["link"]).text
    assert "Berkas rusak" in page
    assert "simpan ulang sebagai XLSX" in page
    assert ">rusak.xlsx<" in page


@pytest.mark.usefixtures("sent_in")
def test_without_the_forms_token_nothing_is_taken(site: Site) -> None:
    before = site.get("/kirim/daftar/").text.count("<tr>")
    status, _ = send(site, table(ROWS[0]), "palsu.csv", with_token=False)
    assert status == 403
    assert site.get("/kirim/daftar/").text.count("<tr>") == before


@pytest.mark.usefixtures("sent_in")
def test_an_unknown_dataset_or_agency_is_told(site: Site) -> None:
    assert send(site, table(ROWS[0]), "a.csv", dataset="water.nothing")[0] == 422
    assert send(site, table(ROWS[0]), "a.csv", agency="9.99.99")[0] == 422


@pytest.mark.usefixtures("sent_in")
def test_a_file_above_the_limit_is_cut_off(site: Site) -> None:
    with pytest.raises((OSError, http.client.HTTPException)):
        send(site, b"x" * 51_000_000, "besar.csv")
    assert site.get("/kirim/").status == 200


def test_an_unknown_receipt_is_not_found(site: Site) -> None:
    assert site.get("/kirim/20260101-0001-AAAA/").status == 404
    assert site.get("/kirim/20260101-0001-AAAA.xlsx").status == 404


def test_the_official_workbook_of_a_dataset_is_one_click_away(site: Site) -> None:
    link = re.search(r'value="water\.supply"[^>]*data-blank="([^"]+)"', site.get("/kirim/").text)
    assert link is not None
    answer = site.get(link.group(1))
    assert answer.status == 200
    assert len(openpyxl.load_workbook(io.BytesIO(answer.body)).sheetnames) > 1
    assert site.get("/kirim/blanko/water.nothing.xlsx").status == 404
